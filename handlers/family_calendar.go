package handlers

import (
	"net/http"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// FamilyCalendarPage is Calendario pasti: a month as a grid or as a list. Page
// name "family/calendar".
type FamilyCalendarPage struct {
	render.Page
	Children    []ChildLink
	Name        string // of the child; empty for a family without children
	Place       string
	Month       canteen.Date // its first day
	List        bool
	Weeks       [][]MonthDay // Monday first; the days of other months are empty
	Weekdays    []WeekdayHead
	Days        []MonthDay // with a meal, or with a reason why there is none
	Ordered     int
	Charged     canteen.Cents
	PreviousURL string
	NextURL     string
	ThisURL     string // the current month, where another is shown
	GridURL     string
	ListURL     string
}

// WeekdayHead heads a column of the grid.
type WeekdayHead struct{ Short, Long string }

// MonthDay is one day of the month; the zero MonthDay is an empty cell.
type MonthDay struct {
	Day     canteen.Date
	URL     string
	Meal    render.Meal
	Past    bool // closed: ordered and charged
	Pending bool // past, and nobody has closed it
	Price   canteen.Cents
	Why     render.Message // why there is no meal
	Today   bool
}

// calendarYears is how far a calendar goes back: a pupil's years in the service.
const calendarYears = 10

// familyCalendar shows a month of a child's meals.
func (s *Server) familyCalendar(w http.ResponseWriter, r *http.Request) error {
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	f, err := kids.chosen(r.FormValue("alunno"))
	if err != nil {
		return err
	}
	p := FamilyCalendarPage{Page: s.newPage(r, "family.calendar.title", s.familyCrumbs("family.calendar.title")...),
		Month: s.askedMonth(r.FormValue("mese")), List: r.FormValue("vista") == viewList}
	if f == nil {
		return s.page(w, r, http.StatusOK, "family/calendar", p)
	}
	p.Name, p.Place = kids.name(f), childPlace(f)
	days, err := s.store.PupilCalendar(act(r), f.Pupil.PAN, p.Month, lastOfMonth(p.Month))
	if err != nil {
		return err
	}
	s.calendarLinks(&p, kids, f)
	for i := range days {
		one := s.monthDay(f.Pupil.Handle, &days[i])
		if one.Meal != render.MealClosed || one.Why.Key != "" {
			p.Days = append(p.Days, one)
		}
		if one.Past && days[i].Meal.Ordered() && f.May(canteen.RightPay) {
			p.Ordered++
			p.Charged += one.Price
		}
	}
	p.Weeks = s.weeks(f.Pupil.Handle, days)
	p.Weekdays = s.weekdayHeads(p.Lang, len(p.Weeks[0]))
	return s.page(w, r, http.StatusOK, "family/calendar", p)
}

const viewList = "elenco"

// askedMonth reads "2026-10"; what is no month of ours is the current one.
func (s *Server) askedMonth(text string) canteen.Date {
	today := s.today()
	d, err := canteen.ParseDate(text + "-01")
	if err != nil || d.Year() < today.Year()-calendarYears || d.Year() > today.Year()+1 {
		return today.AddDays(1 - today.Day())
	}
	return d
}

func lastOfMonth(first canteen.Date) canteen.Date {
	return nextMonth(first).AddDays(-1)
}

func nextMonth(first canteen.Date) canteen.Date {
	if first.Month() == time.December {
		return canteen.NewDate(first.Year()+1, 1, 1)
	}
	return canteen.NewDate(first.Year(), int(first.Month())+1, 1)
}

func previousMonth(first canteen.Date) canteen.Date {
	last := first.AddDays(-1)
	return last.AddDays(1 - last.Day())
}

// calendarLinks fills the ways from this month and child to others.
func (s *Server) calendarLinks(p *FamilyCalendarPage, kids children, f *store.FamilyPupil) {
	address := func(handle string, month canteen.Date, list bool) string {
		u := s.to("family.calendar") + "?alunno=" + handle + "&mese=" + month.String()[:7]
		if list {
			u += "&vista=" + viewList
		}
		return u
	}
	handle := f.Pupil.Handle
	p.Children = kids.links(f, func(h string) string { return address(h, p.Month, p.List) })
	p.PreviousURL, p.NextURL = address(handle, previousMonth(p.Month), p.List), address(handle, nextMonth(p.Month), p.List)
	p.GridURL, p.ListURL = address(handle, p.Month, false), address(handle, p.Month, true)
	if now := s.askedMonth(""); now != p.Month {
		p.ThisURL = address(handle, now, p.List)
	}
}

func (s *Server) monthDay(handle string, d *store.PupilDayView) MonthDay {
	one := MonthDay{Day: d.Day, Meal: mealState(d.Meal), Past: d.State == canteen.DayClosed, Price: d.Price, Today: d.Day == s.today()}
	switch {
	case d.State == canteen.DayVoid:
		one.Meal = render.MealClosed
		if exceptional(d.Closure) {
			one.Why = closureReason(d.Closure)
		}
		if d.Current == nil {
			return one
		}
	case d.State == canteen.DayUnattended:
		one.Pending = true
	}
	one.URL = s.to("family.day", handle, d.Day.String())
	return one
}

// weeks lays the days out week by week. Saturday and Sunday have a column only
// in a month in which there is something on them.
func (s *Server) weeks(handle string, days []store.PupilDayView) (weeks [][]MonthDay) {
	columns := 5
	for i := range days {
		if weekend(days[i].Day) && days[i].State != canteen.DayVoid {
			columns = 7
		}
	}
	var week []MonthDay
	for i := range days {
		column := int(days[i].Day.Weekday()+6) % 7
		if column == 0 || week == nil {
			week = make([]MonthDay, columns)
		}
		if column < columns {
			week[column] = s.monthDay(handle, &days[i])
		}
		if (column == 6 || i == len(days)-1) && !emptyWeek(week) {
			weeks = append(weeks, week)
		}
	}
	return weeks
}

// weekdayHeads are the names of the first columns of a week, Monday first.
func (s *Server) weekdayHeads(lang string, columns int) (heads []WeekdayHead) {
	short := strings.Split(s.catalog.T(lang, "format.weekdaysShort"), ",")
	long := strings.Split(s.catalog.T(lang, "format.weekdays"), ",")
	for i := range columns {
		heads = append(heads, WeekdayHead{short[(i+1)%7], long[(i+1)%7]})
	}
	return heads
}

func emptyWeek(week []MonthDay) bool {
	for _, d := range week {
		if !d.Day.IsZero() {
			return false
		}
	}
	return true
}
