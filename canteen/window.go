package canteen

// EnrolmentWindow is when families may ask for a place in a school year, as the
// office set it. All days are included; a zero day is not set.
type EnrolmentWindow struct {
	Year     string `json:"year"` // "2026/27"
	Opens    Date   `json:"opens,omitempty"`
	Closes   Date   `json:"closes,omitempty"`
	LateFrom Date   `json:"late_from,omitempty"` // late enrolments are taken from this day to the end of the school year
	Renews   bool   `json:"renews,omitempty"`    // a child validated this year is enrolled again by itself; else the family confirms
}

// WindowState is what a family may do about a school year on a day.
type WindowState string

// The states of a window.
const (
	WindowAhead  WindowState = "ahead"  // opens later, or no day is set
	WindowOpen   WindowState = "open"   // the ordinary period
	WindowLate   WindowState = "late"   // late enrolments, while the year runs
	WindowClosed WindowState = "closed" // drafts are kept, nothing is submitted
)

// DefaultWindow is the window of a year the office has not set: late enrolments
// all the year long, so that a service without settings takes children at once,
// and no advance enrolment.
func DefaultWindow(year string) EnrolmentWindow {
	w := EnrolmentWindow{Year: year}
	if y, err := ParseYear(year); err == nil {
		w.LateFrom = y.From
	}
	return w
}

// Validate refuses a window that could never open or belongs to another year.
func (w *EnrolmentWindow) Validate() error {
	year, err := ParseYear(w.Year)
	switch {
	case err != nil:
		return Invalid("year", "error.schoolYear", w.Year)
	case (w.Opens == 0) != (w.Closes == 0):
		return Invalid("closes", "error.window.pair")
	case w.Closes < w.Opens:
		return Invalid("closes", "error.window.order")
	case w.Closes > year.To:
		return Invalid("closes", "error.window.after", year.To)
	case w.LateFrom != 0 && (w.LateFrom < year.From || w.LateFrom > year.To):
		return Invalid("late", "error.window.late", year.From, year.To)
	}
	return nil
}

// On tells what the window allows on a day.
func (w *EnrolmentWindow) On(day Date) WindowState {
	year, err := ParseYear(w.Year)
	switch {
	case err != nil || day > year.To:
		return WindowClosed
	case w.Opens != 0 && day >= w.Opens && day <= w.Closes:
		return WindowOpen
	case w.LateFrom != 0 && day >= w.LateFrom:
		return WindowLate
	case w.Next(day) != 0:
		return WindowAhead
	case w.Opens == 0 && w.LateFrom == 0:
		return WindowAhead
	}
	return WindowClosed
}

// Takes tells whether an application can be started and submitted on a day.
func (w *EnrolmentWindow) Takes(day Date) bool {
	state := w.On(day)
	return state == WindowOpen || state == WindowLate
}

// Next is the next day from which applications are taken; 0 when none is set.
func (w *EnrolmentWindow) Next(day Date) Date {
	switch {
	case w.Opens > day:
		return w.Opens
	case w.LateFrom > day:
		return w.LateFrom
	}
	return 0
}

// MayStart refuses an application outside the window, saying when it opens.
func (w *EnrolmentWindow) MayStart(day Date) error {
	if w.Takes(day) {
		return nil
	}
	if next := w.Next(day); next != 0 {
		return Refuse(KindTooLate, "error.window.ahead", w.Year, next)
	}
	if w.Closes != 0 {
		return Refuse(KindTooLate, "error.window.closed", w.Year, w.Closes)
	}
	return Refuse(KindTooLate, "error.window.unset", w.Year)
}

// FirstMeal is the first day on which a child admitted today can eat in a class:
// a service day behind today, because today's kitchen may know its numbers
// already, not before the service of the year begins nor before the day the
// family asked for (0: as soon as can be). It is false when the year has no such
// day. Service starts later than school: the calendar knows.
func FirstMeal(c *Calendar, year string, today, asked Date, school, class string, days Weekdays) (Date, bool) {
	limits, err := ParseYear(year)
	if err != nil {
		return 0, false
	}
	after := max(today, limits.From.AddDays(-1))
	if asked != 0 {
		after = max(after, asked.AddDays(-1))
	}
	first, ok := c.NextService(after, school, class, days)
	return first, ok && first <= limits.To
}
