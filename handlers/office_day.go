package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// OfficeDayPage is a day, school by school, with what the office may decide
// about it. Page name "office/day".
type OfficeDayPage struct {
	render.Page
	Day       store.DayStatus
	Left      render.Countdown
	Schools   []OfficeSchoolDay
	Week      []OfficeWeekDay
	Previous  string // the week before
	Following string
	Sheets    []OfficeSheet
	Outages   []canteen.Outage
	Special   int
	Uncharged bool // closed with meals and without a charge (story 22)
	FormID    string
	Close     *CloseForm  // nil when there is nothing to close
	Void      *VoidForm   // nil unless the day is unattended
	Outage    *OutageForm // nil unless a cut-off of today can still move
}

// OfficeSchoolDay is a school's day; Why is set when there is no service.
type OfficeSchoolDay struct {
	store.SchoolDay
	Why     render.Message
	Special int
}

// OfficeWeekDay is a day of the week at the top of the page.
type OfficeWeekDay struct {
	Day    canteen.Date
	State  canteen.DayState
	URL    string
	Active bool
}

// OfficeSheet leads to a kitchen's sheet of the day; version 0 is a forecast.
type OfficeSheet struct {
	Name    string
	Version int
	Meals   int
	URL     string
	PDF     string
}

// CloseForm closes a day by hand.
type CloseForm struct {
	Confirm render.Field
	URL     string
}

// VoidForm declares a day without service.
type VoidForm struct {
	Reason render.Field
	URL    string
}

// OutageForm declares that the service could not be reached.
type OutageForm struct {
	From, To, Reason render.Field
	URL              string
}

const typeTime render.FieldType = "time"

func newCloseForm(url string) *CloseForm {
	return &CloseForm{URL: url, Confirm: render.Field{Name: "confirm", Type: render.TypeCheckbox, Label: "office.day.close.confirm"}}
}

func newVoidForm(url string) *VoidForm {
	return &VoidForm{URL: url, Reason: render.Field{Name: "reason", Label: "office.day.void.reason", Hint: "office.day.void.reasonHint", MaxLength: 200}}
}

func newOutageForm(url string) *OutageForm {
	return &OutageForm{URL: url,
		From:   render.Field{Name: "from", Type: typeTime, Label: "office.day.outage.from", Short: true},
		To:     render.Field{Name: "to", Type: typeTime, Label: "office.day.outage.to", Short: true},
		Reason: render.Field{Name: "reason", Label: "office.day.outage.reason", Hint: "office.day.outage.reasonHint", MaxLength: 200}}
}

func (f *OutageForm) fields() officeForm { return officeForm{&f.From, &f.To, &f.Reason} }

func (s *Server) officeDay(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeDayPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "office/day", p)
}

// officeDayPage gathers a day with the forms that apply to it.
func (s *Server) officeDayPage(r *http.Request) (*OfficeDayPage, error) {
	date, err := canteen.ParseDate(routeVar(r, "day"))
	if err != nil {
		return nil, canteen.Refuse(canteen.KindNotFound, "error.notFound")
	}
	p := &OfficeDayPage{Page: s.newPage(r, "office.day.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "office.day.title"}), FormID: newFormID()}
	if p.Day, err = s.store.Day(act(r), date); err != nil {
		return nil, err
	}
	p.Left, p.Special = s.countdown(p.Day.Cutoff.At), specialMeals(p.Day.Counts)
	for _, one := range p.Day.Schools {
		line := OfficeSchoolDay{SchoolDay: one, Special: specialMeals(one.Counts)}
		if one.State == canteen.DayVoid {
			line.Why = closureMessage(one.Closure)
		}
		p.Schools = append(p.Schools, line)
	}
	p.Uncharged = p.Day.State == canteen.DayClosed && p.Day.Counts.Ordered() > 0 && p.Day.Charged == 0
	if p.Outages, err = s.store.Outages(act(r), date); err != nil {
		return nil, err
	}
	if err := s.officeWeek(r, p); err != nil {
		return nil, err
	}
	if err := s.officeSheets(r, p); err != nil {
		return nil, err
	}
	s.officeDecisions(p)
	return p, nil
}

// officeWeek fills the days of the week around the page's, weekends only when
// somebody eats then.
func (s *Server) officeWeek(r *http.Request, p *OfficeDayPage) error {
	date := p.Day.Date
	monday := date.AddDays(-(int(date.Weekday()+6) % 7))
	for n := range 7 {
		day := OfficeWeekDay{Day: monday.AddDays(n), URL: s.to("office.day", monday.AddDays(n).String())}
		status, err := s.store.Day(act(r), day.Day)
		if err != nil {
			return err
		}
		day.State, day.Active = status.State, day.Day == date
		if n < 5 || day.State != canteen.DayVoid || day.Active {
			p.Week = append(p.Week, day)
		}
	}
	p.Previous, p.Following = s.to("office.day", date.AddDays(-7).String()), s.to("office.day", date.AddDays(7).String())
	return nil
}

func (s *Server) officeSheets(r *http.Request, p *OfficeDayPage) error {
	sheets, err := s.store.Sheets(act(r), p.Day.Date, "", 0, true)
	if err != nil {
		return err
	}
	for i := range sheets {
		sheet, k := &sheets[i], canteen.Kitchen{Code: sheets[i].Kitchen}
		if len(sheet.Rows) == 0 {
			continue
		}
		p.Sheets = append(p.Sheets, OfficeSheet{Name: sheet.Name, Version: sheet.Version, Meals: sheet.Totals.Total,
			URL: kitchenAddress(s.to("kitchen.home"), k, p.Day.Date, 0),
			PDF: kitchenAddress(s.to("kitchen.download", "pdf"), k, p.Day.Date, sheet.Version)})
	}
	return nil
}

// officeDecisions offers what may be decided about the day as it stands.
func (s *Server) officeDecisions(p *OfficeDayPage) {
	date := p.Day.Date.String()
	for _, school := range p.Day.Schools {
		switch school.State {
		case canteen.DayUnattended:
			p.Void = newVoidForm(s.to("office.day.void", date))
			p.Close = newCloseForm(s.to("office.day.close", date))
		case canteen.DayClosing:
			p.Close = newCloseForm(s.to("office.day.close", date))
			p.Outage = newOutageForm(s.to("office.day.outage", date))
		case canteen.DayOpen:
			p.Outage = newOutageForm(s.to("office.day.outage", date))
		}
	}
}
