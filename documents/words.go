package documents

import (
	"fmt"
	"time"

	"refettorio/canteen"
)

// The keys of the names of days and months, in the order of time.Weekday and
// time.Month.
var (
	weekdayKeys = [...]string{
		"date.weekday.sunday", "date.weekday.monday", "date.weekday.tuesday", "date.weekday.wednesday",
		"date.weekday.thursday", "date.weekday.friday", "date.weekday.saturday",
	}
	monthKeys = [...]string{
		time.January: "date.month.january", time.February: "date.month.february", time.March: "date.month.march",
		time.April: "date.month.april", time.May: "date.month.may", time.June: "date.month.june",
		time.July: "date.month.july", time.August: "date.month.august", time.September: "date.month.september",
		time.October: "date.month.october", time.November: "date.month.november", time.December: "date.month.december",
	}
)

// longDate writes a day in words: "mercoledì 14 ottobre 2026".
func (t Translate) longDate(d canteen.Date) string {
	return t("date.long", t(weekdayKeys[d.Weekday()]), d.Day(), t(monthKeys[d.Month()]), d.Year())
}

// meals writes a number of meals: "1 pasto", "142 pasti".
func (t Translate) meals(n int) string {
	if n == 1 {
		return t("document.sheet.oneMeal")
	}
	return t("document.sheet.meals", n)
}

// shortDate writes a day as tables do, "14/10/2026", and no date as "".
func shortDate(d canteen.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Day(), d.Month(), d.Year())
}

// clock writes the time of day of an instant in Rome, "09:30", and no instant
// as "".
func clock(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(canteen.Rome()).Format("15:04")
}
