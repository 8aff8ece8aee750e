package canteen

import (
	"encoding/json"
	"testing"
	"time"
)

func TestParseWeekdays_acceptsTheFormsInUse(t *testing.T) {
	const (
		mon Weekdays = 1 << iota
		tue
		wed
		thu
		fri
		sat
		sun
	)
	for in, want := range map[string]Weekdays{
		"LUN-MAR-MER-GIO-VEN":    MonToFri,
		"MAR-GIO":                tue | thu,
		"LUN-MER-VEN":            mon | wed | fri,
		"LUN-VEN":                mon | fri, // two days, not a range
		"LUN..VEN":               MonToFri,
		"lun .. ven":             MonToFri,
		"da LUN a VEN":           MonToFri,
		"dal lunedì al venerdì":  MonToFri,
		"da LUN a MER, VEN":      mon | tue | wed | fri,
		"LUN..MAR;GIO":           mon | tue | thu,
		"VEN..VEN":               fri,
		"lunedì, giovedi":        mon | thu,
		"LUNEDÌ/SABATO":          mon | sat,
		"Mon Wed Fri":            mon | wed | fri,
		"tuesday,Thursday":       tue | thu,
		"sab-dom":                sat | sun,
		"Sat/Sun":                sat | sun,
		"DOM - LUN":              sun | mon,
		" mer ":                  wed,
		"LUN-LUN":                mon,
		"martedì;mercoledì;sun ": tue | wed | sun,
	} {
		if got, err := ParseWeekdays(in); err != nil || got != want {
			t.Errorf("ParseWeekdays(%q) = %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestParseWeekdays_refusesTheRest(t *testing.T) {
	for _, in := range []string{
		"", " ", "-", "..", "L", "LU", "LUNE", "LUN-FOO", "LUN..", "..VEN", "VEN..LUN", "LUN-VEN..LUN", "LUN..FOO",
		"da LUN", "da LUN a", "LUN a VEN", "1-2-3", "LUN...VEN", "tutti",
	} {
		if got, err := ParseWeekdays(in); err == nil {
			t.Errorf("ParseWeekdays(%q) = %s; want an error", in, got)
		}
	}
}

func TestWeekdays_hasTheDaysItNames(t *testing.T) {
	all := Weekdays(0b1111111)
	if got, want := all.String(), "LUN-MAR-MER-GIO-VEN-SAB-DOM"; got != want {
		t.Errorf("String() = %q; want %q", got, want)
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if got, want := MonToFri.Has(day), day != time.Sunday && day != time.Saturday; got != want {
			t.Errorf("MonToFri.Has(%s) = %v; want %v", day, got, want)
		}
		if !all.Has(day) || Weekdays(0).Has(day) {
			t.Errorf("%s: in the full set %v, in the empty set %v; want true, false", day, all.Has(day), Weekdays(0).Has(day))
		}
		only, err := ParseWeekdays(day.String())
		if err != nil || !only.Has(day) || only.Has(day+1) {
			t.Errorf("ParseWeekdays(%q) = %s, %v; want that day alone", day, only, err)
		}
	}
}

func TestWeekdays_textForms(t *testing.T) {
	for set, want := range map[Weekdays]string{0: `""`, MonToFri: `"LUN-MAR-MER-GIO-VEN"`, 0b0001010: `"MAR-GIO"`} {
		text, err := json.Marshal(set)
		if err != nil || string(text) != want {
			t.Errorf("Marshal(%07b) = %s, %v; want %s", set, text, err, want)
		}
		back := Weekdays(0b1000000)
		if err := json.Unmarshal(text, &back); err != nil || back != set {
			t.Errorf("Unmarshal(%s) = %07b, %v; want %07b", text, back, err, set)
		}
	}
}

func FuzzParseWeekdays(f *testing.F) {
	for _, s := range []string{"LUN-MAR-MER-GIO-VEN", "LUN..VEN", "da lunedì a venerdì", "Mon/Tue", "dal mar al mar"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w, err := ParseWeekdays(s)
		if err != nil {
			return
		}
		if back, err := ParseWeekdays(w.String()); err != nil || back != w || w == 0 || w > 0b1111111 {
			t.Errorf("ParseWeekdays(%q) = %07b, written %q, read back as %07b, %v", s, w, w, back, err)
		}
	})
}
