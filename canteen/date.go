package canteen

import (
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the binary must know Europe/Rome on a machine that does not
)

// Date is a civil day, not an instant, written in decimal as yyyymmdd: 14
// October 2026 is 20261014. Dates compare as integers. The zero Date is "no
// date"; asking it for a weekday or for another day is a programming error and
// panics.
type Date uint32

// NewDate makes a date, and panics when the calendar has no such day.
func NewDate(y, m, d int) Date {
	if !validDay(y, m, d) {
		panic("canteen: there is no day " + strconv.Itoa(y) + "-" + strconv.Itoa(m) + "-" + strconv.Itoa(d))
	}
	return packDate(y, m, d)
}

func packDate(y, m, d int) Date { return Date(y*10000 + m*100 + d) }

func validDay(y, m, d int) bool {
	return y >= 1 && y <= 9999 && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m)
}

// Years outside these are typing errors, not days of anybody's school. The
// margin before the end of the calendar lets code step on from a typed date.
const (
	firstYearTyped = 1900
	lastYearTyped  = 2199
)

// ParseDate reads "2026-10-14", and the Italian "14/10/2026" also with dashes or
// dots and with one-digit days and months. Years have four digits, from 1900 to
// 2199: two-digit years are refused because nobody can tell a grandmother from a
// grandchild by them. The error key is "error.date".
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	y, m, d, ok := isoDate(s)
	if !ok {
		y, m, d, ok = italianDate(s)
	}
	if !ok || y < firstYearTyped || y > lastYearTyped || !validDay(y, m, d) {
		return 0, Invalid("", "error.date", s)
	}
	return packDate(y, m, d), nil
}

func isoDate(s string) (y, m, d int, ok bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, 0, 0, false
	}
	y, okY := digits(s[:4])
	m, okM := digits(s[5:7])
	d, okD := digits(s[8:])
	return y, m, d, okY && okM && okD
}

func italianDate(s string) (y, m, d int, ok bool) {
	i := strings.IndexAny(s, "/-.")
	if i < 1 || i > 2 {
		return 0, 0, 0, false
	}
	month, year, found := strings.Cut(s[i+1:], s[i:i+1])
	if !found || len(month) > 2 || len(year) != 4 {
		return 0, 0, 0, false
	}
	d, okD := digits(s[:i])
	m, okM := digits(month)
	y, okY := digits(year)
	return y, m, d, okD && okM && okY
}

// digits reads a short run of ASCII digits, and nothing else.
func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int(c)
	}
	return n, s != ""
}

// Year returns the year, 0 for no date.
func (d Date) Year() int { return int(d / 10000) }

// Month returns the month, 0 for no date.
func (d Date) Month() time.Month { return time.Month(d / 100 % 100) }

// Day returns the day of the month, 0 for no date.
func (d Date) Day() int { return int(d % 100) }

// IsZero reports whether d is "no date".
func (d Date) IsZero() bool { return d == 0 }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Weekday((d.serial() + dayZeroWeekday) % 7)
}

// AddDays returns the day n days later, or earlier when n is negative. It panics
// when the result leaves the years 1 to 9999.
func (d Date) AddDays(n int) Date {
	if day := d.Day() + n; d != 0 && day >= 1 && day <= 28 {
		return d - Date(d.Day()) + Date(day)
	}
	return dateOfSerial(d.serial() + n)
}

// DaysUntil returns how many days o lies after d; negative when before.
func (d Date) DaysUntil(o Date) int { return o.serial() - d.serial() }

// String writes the date as "2026-10-14", and no date as "".
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	b := []byte("0000-00-00")
	for n, i := uint32(d), len(b)-1; i >= 0; i-- {
		if b[i] == '0' {
			b[i] += byte(n % 10)
			n /= 10
		}
	}
	return string(b)
}

// MarshalText writes String, so that JSON carries "2026-10-14" or "".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads; empty text is no date.
func (d *Date) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	*d, err = ParseDate(string(text))
	return err
}

func daysIn(y, m int) int {
	switch m {
	case 2:
		if isLeap(y) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func isLeap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

// Days are counted from 1 March of the year 0, so that the leap day is the last
// of its year and a month's start is a line: (153m+2)/5 days after 1 March, in
// eras of 400 years of 146,097 days. Day zero was a Wednesday.
const (
	daysPerEra     = 146097
	dayZeroWeekday = int(time.Wednesday)
	lastSerial     = 3652364 // 31 December 9999
	firstSerial    = 306     // 1 January of the year 1
)

func (d Date) serial() int {
	if d == 0 {
		panic("canteen: day arithmetic on no date")
	}
	y, m := d.Year(), int(d.Month())
	if m <= 2 {
		y--
		m += 12
	}
	return y*365 + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d.Day() - 1
}

func dateOfSerial(n int) Date {
	if n < firstSerial || n > lastSerial {
		panic("canteen: day arithmetic left the years 1 to 9999")
	}
	era, doe := n/daysPerEra, n%daysPerEra
	yoe := (doe - doe/1460 + doe/36524 - doe/(daysPerEra-1)) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	y, m, day := era*400+yoe, mp+3, doy-(153*mp+2)/5+1
	if m > 12 {
		y++
		m -= 12
	}
	return packDate(y, m, day)
}

var loadRome = sync.OnceValue(func() *time.Location {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic("canteen: the embedded time zones lack Europe/Rome: " + err.Error())
	}
	return rome
})

// Rome is the time zone of every clock time in the program.
func Rome() *time.Location { return loadRome() }

// DateOf returns the civil day of an instant in Rome.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Rome()).Date()
	return packDate(y, int(m), d)
}

// At returns the instant of a clock time of that day in Rome.
//
// On the last Sunday of March the clocks jump from 02:00 to 03:00: a time in the
// missing hour resolves forward by as much, 02:30 to 03:30. On the last Sunday
// of October the hour from 02:00 comes twice: the first pass is meant.
func (d Date) At(c ClockTime) time.Time {
	if d == 0 || c < 0 || c >= minutesPerDay {
		panic("canteen: no instant at minute " + strconv.Itoa(int(c)) + " of the day " + strconv.Quote(d.String()))
	}
	wall := time.Date(d.Year(), d.Month(), d.Day(), 0, int(c), 0, 0, time.UTC)
	// The offset of the day before is the one in force before a change of today.
	first := wall.Add(-offsetInRome(wall.AddDate(0, 0, -1)))
	if !onTheWall(first).Equal(wall) {
		if second := wall.Add(-offsetInRome(first)); onTheWall(second).Equal(wall) {
			return second.In(Rome())
		}
	}
	return first.In(Rome())
}

func offsetInRome(t time.Time) time.Duration {
	_, seconds := t.In(Rome()).Zone()
	return time.Duration(seconds) * time.Second
}

// onTheWall returns the instant whose reading in UTC is t's reading in Rome.
func onTheWall(t time.Time) time.Time { return t.Add(offsetInRome(t)) }

const minutesPerDay = 24 * 60

// ClockTime is a time of day in Rome, in minutes after midnight.
type ClockTime int16

// ParseClock reads "09:30", also "9:30" and the Italian "9.30". The error key is
// "error.clock".
func ParseClock(s string) (ClockTime, error) {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, ":."); i == 1 || i == 2 {
		h, okH := digits(s[:i])
		m, okM := digits(s[i+1:])
		if okH && okM && len(s) == i+3 && h < 24 && m < 60 {
			return ClockTime(h*60 + m), nil
		}
	}
	return 0, Invalid("", "error.clock", s)
}

// String writes the time as "09:30".
func (c ClockTime) String() string {
	h, m := byte(c/60), byte(c%60)
	return string([]byte{'0' + h/10, '0' + h%10, ':', '0' + m/10, '0' + m%10})
}

// MarshalText writes String.
func (c ClockTime) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what ParseClock reads. Empty text is an error: there is no
// "no time", and it must not become midnight.
func (c *ClockTime) UnmarshalText(text []byte) (err error) {
	*c, err = ParseClock(string(text))
	return err
}

// addMonths is the same day of a later month, or that month's last.
func addMonths(d Date, n int) Date {
	m := int(d.Month()) - 1 + n
	y, month := d.Year()+m/12, m%12+1
	return NewDate(y, month, min(d.Day(), daysIn(y, month)))
}
