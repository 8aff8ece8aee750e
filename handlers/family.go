package handlers

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// children are the pupils of the family at hand, eldest first.
type children []store.FamilyPupil

// childrenOf reads the children of whoever asks, with their next days.
func (s *Server) childrenOf(r *http.Request, days int) (children, error) {
	all, err := s.store.Family(act(r), days)
	return all, err
}

// with returns the child behind a handle. A handle that is nobody's and one
// that is another family's are the same: not found (story 34).
func (c children) with(handle string) (*store.FamilyPupil, error) {
	for i := range c {
		if c[i].Pupil.Handle == handle {
			return &c[i], nil
		}
	}
	return nil, canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
}

// chosen is the child a page is about: the one asked for, else the first. It is
// nil for a family without children.
func (c children) chosen(handle string) (*store.FamilyPupil, error) {
	if handle == "" {
		if len(c) == 0 {
			return nil, nil
		}
		return &c[0], nil
	}
	return c.with(handle)
}

// that keeps the children on which whoever asks has a right: a delegate may see
// a child and not cancel for it.
func (c children) that(right canteen.Right) (kept children) {
	for i := range c {
		if c[i].May(right) {
			kept = append(kept, c[i])
		}
	}
	return kept
}

func (c children) byPAN(pan canteen.PAN) *store.FamilyPupil {
	i := slices.IndexFunc(c, func(f store.FamilyPupil) bool { return f.Pupil.PAN == pan })
	if i < 0 {
		return nil
	}
	return &c[i]
}

// name is what a page calls a child: the first name, with the surname where two
// children share it.
func (c children) name(f *store.FamilyPupil) string {
	for i := range c {
		if c[i].Pupil.PAN != f.Pupil.PAN && strings.EqualFold(c[i].Pupil.Name, f.Pupil.Name) {
			return childFullName(&f.Pupil)
		}
	}
	return f.Pupil.Name
}

func childFullName(p *canteen.Pupil) string { return strings.TrimSpace(p.Name + " " + p.Surname) }

// childPlace is where a child eats, "Primaria Rodari, 2A"; empty without a class.
func childPlace(f *store.FamilyPupil) string {
	if f.Class == "" {
		return ""
	}
	return f.School.Name + ", " + f.Class
}

// ChildLink is one entry of the switch between the children of a family.
type ChildLink struct {
	Name   string
	URL    string
	Active bool
}

// links makes the switch of a page; a family with one child has none.
func (c children) links(active *store.FamilyPupil, address func(handle string) string) []ChildLink {
	if len(c) < 2 {
		return nil
	}
	all := make([]ChildLink, len(c))
	for i := range c {
		all[i] = ChildLink{c.name(&c[i]), address(c[i].Pupil.Handle), c[i].Pupil.PAN == active.Pupil.PAN}
	}
	return all
}

// mealState is the state of a pupil's day as people see it.
func mealState(m canteen.Meal) render.Meal {
	switch m {
	case canteen.MealAbsent:
		return render.MealAbsent
	case canteen.MealStandard:
		return render.MealEats
	case canteen.MealWhite:
		return render.MealWhite
	case canteen.MealDiet:
		return render.MealDiet
	}
	return render.MealClosed
}

// closureReason says in words why there is no meal on a day.
func closureReason(c canteen.Closure) render.Message {
	switch {
	case c.Kind == canteen.OutOfService:
		return render.Msg("family.closure.outOfService")
	case c.Kind == canteen.OffWeekday:
		return render.Msg("family.closure.weekday")
	case c.Kind == canteen.OnHoliday:
		return render.Msg("family.closure.holiday", c.Reason)
	case c.Reason != "":
		return render.Msg("family.closure.reason", c.Reason)
	}
	return render.Msg("family.closure.closed")
}

// exceptional tells a closure worth a notice: one that is not there every week
// or outside the year.
func exceptional(c canteen.Closure) bool {
	return c.Kind != canteen.NotClosed && c.Kind != canteen.OffWeekday && c.Kind != canteen.OutOfService
}

// clockSeconds writes the hour of an instant in Rome to the second, as receipts
// do: "8:12:03".
func clockSeconds(t time.Time) string {
	return strings.TrimPrefix(t.In(canteen.Rome()).Format("15:04:05"), "0")
}

// clockAgainst writes an instant so that it can be told from a deadline: to the
// second, and to the millisecond where the second is the deadline's own.
func clockAgainst(t, deadline time.Time) string {
	if t.Truncate(time.Second).Equal(deadline.Truncate(time.Second)) {
		return strings.TrimPrefix(t.In(canteen.Rome()).Format("15:04:05,000"), "0")
	}
	return clockSeconds(t)
}

// dietName is the name of a diet, or its code where it has none.
func dietName(diets []canteen.Diet, code string) string {
	for _, d := range diets {
		if d.Code == code && d.Name != "" {
			return d.Name
		}
	}
	return code
}

// dishLine writes a meal in one line: "Pasta al pomodoro, platessa".
func dishLine(dishes []canteen.Dish) string {
	names := make([]string, len(dishes))
	for i, d := range dishes {
		names[i] = d.Name
	}
	return strings.Join(names, ", ")
}

// DayRange is a run of days shown as one, both ends included.
type DayRange struct{ From, To canteen.Date }

// Single tells whether it is one day.
func (d DayRange) Single() bool { return d.From == d.To }

// dayRanges joins days that follow each other; days are in order.
func dayRanges(days []canteen.Date) []DayRange {
	var all []DayRange
	for _, d := range days {
		if n := len(all); n > 0 && all[n-1].To.AddDays(1) == d {
			all[n-1].To = d
		} else {
			all = append(all, DayRange{d, d})
		}
	}
	return all
}
