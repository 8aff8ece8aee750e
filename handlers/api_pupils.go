package handlers

import (
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"refettorio/canteen"
	"refettorio/store"
)

// apiPupilCard is what a gateway needs to know of a pupil: no name, only its
// initials, so that a parent hears that the right child is meant.
type apiPupilCard struct {
	PAN      canteen.PAN   `json:"pan"`
	Name     string        `json:"name"`
	Class    string        `json:"class"`
	School   string        `json:"school"`
	Kitchen  string        `json:"kitchen"`
	Weekdays string        `json:"weekdays"` // "LUN-MER-VEN", as in the town's files
	Balance  canteen.Cents `json:"balance_cents"`
	Price    canteen.Cents `json:"price_cents"`
	Meals    *int          `json:"meals"` // null when a meal costs nothing
}

// apiPupil shows a pupil, its place and its balance.
func (s *Server) apiPupil(w http.ResponseWriter, r *http.Request) error {
	pan, err := panVar(r)
	if err != nil {
		return err
	}
	seat, err := s.store.PupilSeat(act(r), pan)
	if err != nil {
		return err
	}
	p := &seat.Account.Pupil
	card := apiPupilCard{PAN: pan, Name: initials(p.Name, p.Surname), Class: seat.Class, School: seat.School.Code,
		Kitchen: seat.Kitchen, Weekdays: seat.Weekdays.String(), Balance: seat.Account.Balance, Price: seat.Account.Price}
	if n, ok := seat.Account.Meals(); ok {
		card.Meals = &n
	}
	return s.json(w, http.StatusOK, card)
}

// initials shortens names: "G. R.".
func initials(names ...string) string {
	text := ""
	for _, name := range names {
		first, size := utf8.DecodeRuneInString(name)
		if size == 0 {
			continue
		}
		if text != "" {
			text += " "
		}
		text += string(first) + "."
	}
	return text
}

type apiAccountView struct {
	PAN     canteen.PAN   `json:"pan"`
	Balance canteen.Cents `json:"balance_cents"`
	Entries []apiEntry    `json:"entries"`
}

type apiEntry struct {
	ID      string            `json:"id"`
	Day     canteen.Date      `json:"day"`
	Kind    canteen.EntryKind `json:"kind"`
	Amount  canteen.Cents     `json:"amount_cents"`
	Balance canteen.Cents     `json:"balance_cents"`
}

// longestAccount bounds a range of movements: a whole schooling.
const longestAccount = 20 * 366

// apiAccount returns a pupil's movements, oldest first, by default those of the
// school year.
func (s *Server) apiAccount(w http.ResponseWriter, r *http.Request) error {
	pan, err := panVar(r)
	if err != nil {
		return err
	}
	year, err := canteen.ParseYear(canteen.YearOf(s.today()))
	if err != nil {
		return err
	}
	from, to, err := dayRange(r.URL.Query(), year.From, year.To, longestAccount)
	if err != nil {
		return err
	}
	account, err := s.store.Account(act(r), pan, from, to)
	if err != nil {
		return err
	}
	view := apiAccountView{PAN: pan, Balance: account.Balance, Entries: make([]apiEntry, 0, len(account.Lines))}
	for _, line := range slices.Backward(account.Lines) {
		view.Entries = append(view.Entries, apiEntry{line.ID, line.Day, line.Kind, line.Amount, line.Balance})
	}
	return s.json(w, http.StatusOK, view)
}

type apiPupilDays struct {
	PAN  canteen.PAN   `json:"pan"`
	Days []apiPupilDay `json:"days"`
}

// apiPupilDay is one day of a pupil's meal calendar. Service means that this
// pupil has a meal that day unless it was cancelled.
type apiPupilDay struct {
	Day       canteen.Date     `json:"day"`
	State     canteen.DayState `json:"state"`
	Service   bool             `json:"service"`
	Meal      *string          `json:"meal"`        // null without service
	Diet      *string          `json:"diet"`        // null for none
	Price     *canteen.Cents   `json:"price_cents"` // null until the day is closed
	Closure   *canteen.Closure `json:"closure"`     // null with service
	Cutoff    *time.Time       `json:"cutoff"`      // null without service
	CanChange bool             `json:"can_change"`
	Receipt   *apiReceipt      `json:"receipt"` // of what stands, null for a plain meal
}

// The range of the meal calendar.
const (
	calendarDays    = 31
	longestCalendar = 366
)

// apiCalendar returns the meal calendar of a pupil.
func (s *Server) apiCalendar(w http.ResponseWriter, r *http.Request) error {
	pan, err := panVar(r)
	if err != nil {
		return err
	}
	from, to, err := dayRange(r.URL.Query(), s.today(), s.today().AddDays(calendarDays-1), longestCalendar)
	if err != nil {
		return err
	}
	days, err := s.store.PupilCalendar(act(r), pan, from, to)
	if err != nil {
		return err
	}
	answer := apiPupilDays{PAN: pan, Days: make([]apiPupilDay, 0, len(days))}
	for i := range days {
		answer.Days = append(answer.Days, pupilDayOf(&days[i]))
	}
	return s.json(w, http.StatusOK, answer)
}

func pupilDayOf(v *store.PupilDayView) apiPupilDay {
	day := apiPupilDay{Day: v.Day, State: v.State, Service: v.Enrolled && v.Service, Meal: orNull(v.Meal.String()),
		Diet: orNull(v.Diet), CanChange: v.Change}
	if day.Service {
		day.Cutoff = instant(v.Cutoff.At)
	} else {
		day.Closure = &v.Closure
	}
	if v.State == canteen.DayClosed {
		day.Price = &v.Price
	}
	if v.Current != nil {
		day.Receipt = apiReceiptOf(v.Current.Receipt, v.Current.Received)
	}
	return day
}
