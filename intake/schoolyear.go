package intake

import "refettorio/canteen"

// yearLines is a school year put together from the lines of a calendar, and the
// lines its two halves stand on, 0 for none.
type yearLines struct {
	year           *canteen.SchoolYear
	lessons, meals int
}

// year reads one of the two lines of a school year. The second completes the row
// of the first.
func (s *calendarSeen) year(r *row, from, to canteen.Date) canteen.CalendarRow {
	meals := word(r, calendarType, services, "error.import.yearType")
	named := code(r, canteen.ParseYear)
	if r.problem == nil && (from < named.From || to > named.To) {
		r.invalid(calendarFrom, "error.import.yearLimits", named.Name, named.From.String(), named.To.String())
	}
	if r.problem != nil {
		return canteen.CalendarRow{}
	}
	lines := s.years[named.Name]
	if lines == nil {
		lines = &yearLines{year: &named}
		s.years[named.Name] = lines
	} else {
		r.again = true
	}
	lines.limit(r, meals, from, to)
	return canteen.CalendarRow{Line: r.line, Year: lines.year}
}

// limit sets the limits a line gives. A half may be said once, and the canteen
// cannot serve outside the lessons.
func (l *yearLines) limit(r *row, meals bool, from, to canteen.Date) {
	half, limited := &l.lessons, *l.year
	if meals {
		half = &l.meals
		limited.ServiceFrom, limited.ServiceTo = from, to
	} else {
		limited.From, limited.To = from, to
	}
	switch {
	case *half != 0:
		r.invalid(calendarCode, "error.import.duplicate", *half)
	case limited.ServiceFrom != 0 && (limited.ServiceFrom < limited.From || limited.ServiceTo > limited.To):
		r.invalid(calendarFrom, "error.import.service", limited.From.String(), limited.To.String())
	default:
		*half, *l.year = r.line, limited
	}
}
