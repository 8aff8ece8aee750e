package demo

import (
	"time"

	"refettorio/canteen"
)

// morning is when DefaultNow begins: the minutes before the cut-off, when a
// canteen's day is at its busiest.
const morning = canteen.ClockTime(8*60 + 45)

// DefaultNow is the instant at which a demo begins unless told otherwise: 08:45
// of today where today is a service day of the invented calendar, else of the
// next one.
func DefaultNow(clock time.Time) time.Time {
	day := canteen.DateOf(clock)
	for !isServiceDay(day) {
		day = day.AddDays(1)
	}
	return day.At(morning)
}

// isServiceDay tells whether the town's canteens are open for a class that eats
// from Monday to Friday.
func isServiceDay(day canteen.Date) bool {
	calendar := calendarOf(firstYearOf(day))
	open, _ := calendar.Service(day, "", "", canteen.MonToFri)
	return open
}

// serviceDays returns the last n service days before a day, oldest first.
func serviceDays(before canteen.Date, n int) []canteen.Date {
	days := make([]canteen.Date, n)
	day := before
	for i := n - 1; i >= 0; i-- {
		for day = day.AddDays(-1); !isServiceDay(day); {
			day = day.AddDays(-1)
		}
		days[i] = day
	}
	return days
}

// calendarOf returns the calendar of one school year.
func calendarOf(first int) canteen.Calendar {
	return canteen.Calendar{Years: []canteen.SchoolYear{schoolYear(first)}, Rules: closures(first)}
}

// firstYearOf returns the calendar year in which a day's school year begins.
func firstYearOf(day canteen.Date) int {
	if day.Month() < time.September {
		return day.Year() - 1
	}
	return day.Year()
}

// schoolYear returns the school year that begins in a calendar year: lessons
// from the middle of September to the end of June, meals from about two weeks
// later to the first days of June (story: service days are not school days).
func schoolYear(first int) canteen.SchoolYear {
	return canteen.SchoolYear{
		Name:        canteen.YearOf(canteen.NewDate(first, 9, 1)),
		From:        firstWorkday(canteen.NewDate(first, 9, 16)),
		To:          canteen.NewDate(first+1, 6, 30),
		ServiceFrom: onOrAfter(canteen.NewDate(first, 9, 28), time.Monday),
		ServiceTo:   onOrAfter(canteen.NewDate(first+1, 6, 3), time.Friday),
	}
}

// closures returns the holidays of a school year beyond those of the nation.
func closures(first int) []canteen.DayRule {
	easter := canteen.Easter(first + 1)
	return []canteen.DayRule{
		{Layer: canteen.Region, From: canteen.NewDate(first, 11, 2), To: canteen.NewDate(first, 11, 2), Reason: "Commemorazione dei defunti"},
		{Layer: canteen.Region, From: canteen.NewDate(first, 12, 23), To: canteen.NewDate(first+1, 1, 6), Reason: "Vacanze di Natale"},
		{Layer: canteen.Region, From: easter.AddDays(-3), To: easter.AddDays(2), Reason: "Vacanze di Pasqua"},
		{Layer: canteen.Town, From: canteen.NewDate(first, 11, 6), To: canteen.NewDate(first, 11, 6), Reason: "San Leonardo, patrono di Borgoluce"},
	}
}

func onOrAfter(day canteen.Date, weekday time.Weekday) canteen.Date {
	for day.Weekday() != weekday {
		day = day.AddDays(1)
	}
	return day
}

func firstWorkday(day canteen.Date) canteen.Date {
	for !canteen.MonToFri.Has(day.Weekday()) {
		day = day.AddDays(1)
	}
	return day
}

func lastWorkday(day canteen.Date) canteen.Date {
	for !canteen.MonToFri.Has(day.Weekday()) {
		day = day.AddDays(-1)
	}
	return day
}
