package canteen

import (
	"strings"
	"time"
)

// Weekdays is a set of days of the week: Monday is bit 0, Sunday bit 6.
type Weekdays uint8

// MonToFri is the week of a class that eats at school every day.
const MonToFri Weekdays = 0b0011111

// weekdayNames are the words for each day, Monday first; the first is the one
// String writes.
var weekdayNames = [7][]string{
	{"LUN", "lunedì", "lunedi", "mon", "monday"},
	{"MAR", "martedì", "martedi", "tue", "tuesday"},
	{"MER", "mercoledì", "mercoledi", "wed", "wednesday"},
	{"GIO", "giovedì", "giovedi", "thu", "thursday"},
	{"VEN", "venerdì", "venerdi", "fri", "friday"},
	{"SAB", "sabato", "sat", "saturday"},
	{"DOM", "domenica", "sun", "sunday"},
}

// ParseWeekdays reads a list of days in Italian or English, short or whole,
// parted by "-", ",", ";", "/" or spaces: "LUN-MER-VEN", "martedì, giovedì".
//
// "LUN-VEN" is two days, Monday and Friday, because that is how schools' lists
// write two days. A range is written "LUN..VEN" or "da LUN a VEN" ("dal … al …").
// The error key is "error.weekdays".
func ParseWeekdays(s string) (Weekdays, error) {
	words := strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(s), "..", " .. "), partsWeekdays)
	var set Weekdays
	for len(words) > 0 {
		days, used := cutWeekdays(words)
		if days == 0 {
			return 0, Invalid("", "error.weekdays", s)
		}
		set |= days
		words = words[used:]
	}
	if set == 0 {
		return 0, Invalid("", "error.weekdays", s)
	}
	return set, nil
}

func partsWeekdays(r rune) bool { return strings.ContainsRune("-,;/ \t\u00a0", r) }

// cutWeekdays reads one day or one range at the head of words; there are no days
// when it cannot be read.
func cutWeekdays(words []string) (days Weekdays, used int) {
	if len(words) >= 3 && words[1] == ".." {
		return weekdayRange(words[0], words[2]), 3
	}
	if len(words) >= 4 && (words[0] == "da" || words[0] == "dal") && (words[2] == "a" || words[2] == "al") {
		return weekdayRange(words[1], words[3]), 4
	}
	if i := weekdayIndex(words[0]); i >= 0 {
		return 1 << i, 1
	}
	return 0, 0
}

// weekdayRange returns the days from one to the other, none when either is not a
// day or they run backwards.
func weekdayRange(from, to string) Weekdays {
	var set Weekdays
	i, last := weekdayIndex(from), weekdayIndex(to)
	for ; i >= 0 && i <= last; i++ {
		set |= 1 << i
	}
	return set
}

func weekdayIndex(word string) int {
	for i, names := range weekdayNames {
		for _, name := range names {
			if strings.EqualFold(word, name) {
				return i
			}
		}
	}
	return -1
}

// Has tells whether a day of the week is in the set.
func (w Weekdays) Has(day time.Weekday) bool {
	return w>>(uint(day+6)%7)&1 == 1
}

// String writes the set as schools' lists do, "LUN-MAR-MER-GIO-VEN"; the empty
// set is "".
func (w Weekdays) String() string {
	b := make([]byte, 0, len("LUN-MAR-MER-GIO-VEN-SAB-DOM"))
	for i, names := range weekdayNames {
		if w>>i&1 == 1 {
			if len(b) > 0 {
				b = append(b, '-')
			}
			b = append(b, names[0]...)
		}
	}
	return string(b)
}

// MarshalText writes String.
func (w Weekdays) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what ParseWeekdays reads; empty text is the empty set.
func (w *Weekdays) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*w = 0
		return nil
	}
	*w, err = ParseWeekdays(string(text))
	return err
}
