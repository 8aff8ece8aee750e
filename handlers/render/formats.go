package render

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"refettorio/canteen"
)

// Formats writes days, instants and amounts in one language, with the words and
// patterns of its catalogue ("format.…").
type Formats struct {
	weekdays, weekdaysShort [7]string
	months                  [12]string
	day, dayShort, month    string
	euro                    string
	decimal, thousands      string
}

func newFormats(messages map[string]*i18n.Message) (*Formats, error) {
	var problems []error
	text := func(key string) string {
		m := messages[key]
		if m == nil || m.Other == "" {
			problems = append(problems, fmt.Errorf("%q is missing", key))
			return ""
		}
		return m.Other
	}
	list := func(into []string, key string) {
		words := strings.Split(text(key), ",")
		if len(words) != len(into) {
			problems = append(problems, fmt.Errorf("%q has %d words, want %d", key, len(words), len(into)))
			return
		}
		copy(into, words)
	}
	f := &Formats{
		day:       text("format.day"),
		dayShort:  text("format.dayShort"),
		month:     text("format.month"),
		euro:      text("format.euro"),
		decimal:   text("format.decimal"),
		thousands: text("format.thousands"),
	}
	list(f.weekdays[:], "format.weekdays")
	list(f.weekdaysShort[:], "format.weekdaysShort")
	list(f.months[:], "format.months")
	return f, errors.Join(problems...)
}

// Euro writes an amount: "2,70 €", "€2.70"; a negative one with the minus sign.
func (f *Formats) Euro(c canteen.Cents) string {
	sign, n := "", uint64(c)
	if c < 0 {
		sign, n = "−", -n
	}
	return sign + strings.Replace(f.euro, "{0}", f.group(n/100)+f.decimal+twoDigits(int(n%100)), 1)
}

// SignedEuro is Euro with a plus sign before a credit: the form of a movement.
func (f *Formats) SignedEuro(c canteen.Cents) string {
	if c > 0 {
		return "+" + f.Euro(c)
	}
	return f.Euro(c)
}

func (f *Formats) group(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + f.thousands + digits[i:]
	}
	return digits
}

// Day writes a day in words, without the year: "mercoledì 14 ottobre".
func (f *Formats) Day(d canteen.Date) string {
	if d.IsZero() {
		return ""
	}
	return fill(f.day, f.weekdays[d.Weekday()], strconv.Itoa(d.Day()), f.months[d.Month()-1])
}

// DayShort writes a day in the least room: "mer 14".
func (f *Formats) DayShort(d canteen.Date) string {
	if d.IsZero() {
		return ""
	}
	return fill(f.dayShort, f.weekdaysShort[d.Weekday()], strconv.Itoa(d.Day()))
}

// Month writes the month of a day: "ottobre 2026".
func (f *Formats) Month(d canteen.Date) string {
	if d.IsZero() {
		return ""
	}
	return fill(f.month, f.months[d.Month()-1], strconv.Itoa(d.Year()))
}

// Date writes a day in figures, the same in every language: "14/10/2026".
func (f *Formats) Date(d canteen.Date) string {
	if d.IsZero() {
		return ""
	}
	return twoDigits(d.Day()) + "/" + twoDigits(int(d.Month())) + "/" + strconv.Itoa(d.Year())
}

// Time writes the hour of an instant in Rome: "9:30".
func (f *Formats) Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	local := t.In(canteen.Rome())
	return strconv.Itoa(local.Hour()) + ":" + twoDigits(local.Minute())
}

func fill(pattern string, words ...string) string {
	text, _ := positionalText(pattern).Execute(words)
	return text
}

func twoDigits(n int) string {
	return string([]byte{'0' + byte(n/10%10), '0' + byte(n%10)})
}

// words writes the arguments of a message.
func (f *Formats) words(args []any) []string {
	words := make([]string, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case string:
			words[i] = a
		case int:
			words[i] = strconv.Itoa(a)
		case canteen.Cents:
			words[i] = f.Euro(a)
		case canteen.Date:
			words[i] = f.Day(a)
		case canteen.ClockTime:
			words[i] = strings.TrimPrefix(a.String(), "0")
		case time.Time:
			words[i] = f.Time(a)
		default:
			words[i] = fmt.Sprint(a)
		}
	}
	return words
}
