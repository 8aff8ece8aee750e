package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// FamilyDayPage is the story of a child's day: what was ordered, who said what
// and when, with which receipt, what it cost and why. Page name "family/day".
type FamilyDayPage struct {
	render.Page
	Name        string
	Place       string
	Day         canteen.Date
	Meal        render.Meal
	State       render.Message // where the day stands
	Why         render.Message // why there is no meal
	Ordered     render.Message // what was ordered, or will be
	Dishes      []canteen.Dish
	Deadline    render.Message
	Left        *render.Countdown
	Said        *DaySaid
	Charge      *DayCharge
	Others      []AccountRow // what else moved on the account for this day
	Acts        []CardAct
	PreviousURL string
	NextURL     string
	MonthURL    string
}

// DaySaid is the communication that stands.
type DaySaid struct {
	What       render.Message
	Date       canteen.Date
	Time       string // to the second
	Channel    render.Message
	By         render.Message
	Receipt    string
	ReceiptURL string
}

// DayCharge is what the meal cost and where the price comes from.
type DayCharge struct {
	Amount  canteen.Cents
	Balance canteen.Cents
	Price   PriceWords
	Exempt  bool
}

// familyDay tells the story of a day.
func (s *Server) familyDay(w http.ResponseWriter, r *http.Request) error {
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	f, err := kids.with(routeVar(r, "pupil"))
	if err != nil {
		return err
	}
	day, err := canteen.ParseDate(routeVar(r, "day"))
	if err != nil {
		return canteen.Refuse(canteen.KindNotFound, "error.notFound")
	}
	days, err := s.store.PupilCalendar(act(r), f.Pupil.PAN, day, day)
	if err != nil {
		return err
	}
	p := FamilyDayPage{Page: s.newPage(r, "family.day.title", render.Crumb{Label: "family.nav.children", URL: s.to("family.home")},
		render.Crumb{Label: "family.calendar.title", URL: s.to("family.calendar") + "?alunno=" + f.Pupil.Handle},
		render.Crumb{Label: "family.day.title"}), Name: kids.name(f), Place: childPlace(f)}
	if err := s.fillDay(r, &p, f, &days[0]); err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "family/day", p)
}

func (s *Server) fillDay(r *http.Request, p *FamilyDayPage, f *store.FamilyPupil, d *store.PupilDayView) error {
	handle := f.Pupil.Handle
	p.Day, p.Meal = d.Day, mealState(d.Meal)
	if d.Class != "" {
		p.Place = d.School.Name + ", " + d.Class
	}
	p.PreviousURL, p.NextURL = s.to("family.day", handle, d.Day.AddDays(-1).String()), s.to("family.day", handle, d.Day.AddDays(1).String())
	p.MonthURL = s.to("family.calendar") + "?alunno=" + handle + "&mese=" + d.Day.String()[:7]
	if err := s.fillSaid(r, p, f, d); err != nil {
		return err
	}
	if d.State == canteen.DayVoid {
		p.Meal, p.State, p.Why = render.MealClosed, render.Msg("family.day.void"), closureReason(d.Closure)
		return s.fillMoney(r, p, f, d)
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	p.State, p.Ordered = familyDayState(d.State), orderedWord(d, town.Diets)
	if d.Meal != canteen.MealAbsent {
		p.Dishes = d.Dishes
	}
	p.Deadline = render.Msg("family.day.deadlineAt", d.Cutoff.At)
	if d.Cutoff.Extended() {
		p.Deadline = render.Msg("family.day.deadlineMoved", d.Cutoff.At, d.Cutoff.Planned)
	}
	if d.Change && f.May(canteen.RightCancel) {
		p.Acts = s.actsOn(handle, d, labelsThisDay)
		if d.Day == s.today() {
			left := s.countdown(d.Cutoff.At)
			p.Left = &left
		}
	}
	return s.fillMoney(r, p, f, d)
}

var labelsThisDay = actLabels{"family.do.absence.this", "family.do.white.this", "family.do.back.this", "family.do.unwhite.this"}

func familyDayState(state canteen.DayState) render.Message {
	switch state {
	case canteen.DayClosed:
		return render.Msg("family.day.closed")
	case canteen.DayClosing:
		return render.Msg("family.day.closing")
	case canteen.DayUnattended:
		return render.Msg("family.day.unattended")
	}
	return render.Msg("family.day.open")
}

// orderedWord says what the kitchen cooks for the child.
func orderedWord(d *store.PupilDayView, diets []canteen.Diet) render.Message {
	switch d.Meal {
	case canteen.MealAbsent:
		return render.Msg("family.day.nothing")
	case canteen.MealDiet:
		return render.Msg("family.day.diet", dietName(diets, d.Diet))
	case canteen.MealWhite:
		if d.Diet != "" {
			return render.Msg("family.day.whiteDiet", dietName(diets, d.Diet))
		}
		return render.Msg("family.day.white")
	}
	return render.Msg("family.day.standard")
}

// fillSaid adds the communication that stands, with what its receipt says.
func (s *Server) fillSaid(r *http.Request, p *FamilyDayPage, f *store.FamilyPupil, d *store.PupilDayView) error {
	if d.Current == nil {
		return nil
	}
	rec, err := s.store.Receipt(act(r), d.Current.Receipt)
	if err != nil {
		return err
	}
	said := DaySaid{What: render.Msg("family.day.saidAbsence"), Date: canteen.DateOf(rec.Received), Time: clockSeconds(rec.Received),
		Channel: channelWord(rec.Channel), By: s.byWhom(r, f, rec.Actor), Receipt: rec.Number.String(), ReceiptURL: s.receiptURL(f.Pupil.Handle, rec.Number)}
	if d.Current.Kind == canteen.White {
		said.What = render.Msg("family.day.saidWhite")
	}
	p.Said = &said
	return nil
}

// fillMoney adds the charge of the day and whatever else moved for it.
func (s *Server) fillMoney(r *http.Request, p *FamilyDayPage, f *store.FamilyPupil, d *store.PupilDayView) error {
	if !f.May(canteen.RightPay) {
		return nil
	}
	account, err := s.store.Account(act(r), f.Pupil.PAN, d.Day, d.Day)
	if err != nil {
		return err
	}
	for _, l := range account.Lines {
		if l.Kind == canteen.EntryCharge {
			p.Charge = &DayCharge{Amount: l.Amount, Balance: l.Balance, Price: priceWords(&l.Price)}
			continue
		}
		p.Others = append(p.Others, s.accountRow(f.Pupil.Handle, &l))
	}
	if p.Charge == nil && d.State == canteen.DayClosed && d.Meal.Ordered() {
		p.Charge = &DayCharge{Exempt: true}
	}
	return nil
}
