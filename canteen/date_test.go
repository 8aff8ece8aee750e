package canteen

import (
	"encoding/json"
	"testing"
	"time"
)

func TestDate_arithmeticAgreesWithTheStandardLibrary(t *testing.T) {
	start := time.Date(1899, 12, 25, 0, 0, 0, 0, time.UTC)
	first := NewDate(1899, 12, 25)
	d := first
	for n := range 366 * 302 { // beyond 2199
		std := start.AddDate(0, 0, n)
		if d.Year() != std.Year() || d.Month() != std.Month() || d.Day() != std.Day() || d.Weekday() != std.Weekday() {
			t.Fatalf("day %d after %s is %s, a %s; want %s", n, first, d, d.Weekday(), std.Format("2006-01-02 Monday"))
		}
		if got := first.DaysUntil(d); got != n {
			t.Fatalf("%s.DaysUntil(%s) = %d; want %d", first, d, got, n)
		}
		if got := first.AddDays(n); got != d {
			t.Fatalf("%s.AddDays(%d) = %s; want %s", first, n, got, d)
		}
		if got := d.AddDays(-n); got != first {
			t.Fatalf("%s.AddDays(%d) = %s; want %s", d, -n, got, first)
		}
		d = d.AddDays(1)
	}
}

func TestDate_endsOfTheCalendar(t *testing.T) {
	first, last := NewDate(1, 1, 1), NewDate(9999, 12, 31)
	if got := first.AddDays(first.DaysUntil(last)); got != last {
		t.Errorf("walked from the first day to %s; want %s", got, last)
	}
	wantPanic(t, func() { last.AddDays(1) })
	wantPanic(t, func() { first.AddDays(-1) })
}

func TestDate_impossibleOnesPanic(t *testing.T) {
	for _, c := range [][3]int{{2026, 2, 29}, {2100, 2, 29}, {2026, 4, 31}, {2026, 0, 1}, {2026, 13, 1}, {2026, 1, 0}, {2026, 1, 32}, {0, 1, 1}, {10000, 1, 1}} {
		wantPanic(t, func() { NewDate(c[0], c[1], c[2]) })
	}
	var none Date
	wantPanic(t, func() { none.Weekday() })
	wantPanic(t, func() { none.AddDays(0) })
	wantPanic(t, func() { none.DaysUntil(20261014) })
	wantPanic(t, func() { none.At(0) })
	wantPanic(t, func() { Date(20261014).At(24 * 60) })
	wantPanic(t, func() { Date(20261014).At(-1) })
}

func TestParseDate_acceptsTheFormsInUse(t *testing.T) {
	for in, want := range map[string]Date{
		"2026-10-14": 20261014, "14/10/2026": 20261014, "14-10-2026": 20261014, "14.10.2026": 20261014,
		" 14/10/2026 ": 20261014, "1/9/2026": 20260901, "01/9/2026": 20260901, "29/02/2028": 20280229,
		"1900-01-01": 19000101, "31/12/2199": 21991231,
	} {
		if got, err := ParseDate(in); err != nil || got != want {
			t.Errorf("ParseDate(%q) = %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestParseDate_refusesTheRest(t *testing.T) {
	for _, in := range []string{
		"", " ", "14/10/26", "26-10-14", "2026-1-2", "2026/10/14", "14/10-2026", "14 10 2026", "14102026", "20261014",
		"29/02/2026", "2100-02-29", "31/04/2026", "00/10/2026", "14/00/2026", "14/13/2026", "32/01/2026", "10/14/2026",
		"2026-10-14T00:00:00Z", "2026-10-1x", "+1/10/2026", "-1/10/2026", "1/+1/2026", "14/10/02026", "114/10/2026",
		"1899-12-31", "2200-01-01", "0000-00-00", "14/10/2026/", "١٤/١٠/٢٠٢٦",
	} {
		if got, err := ParseDate(in); err == nil {
			t.Errorf("ParseDate(%q) = %s; want an error", in, got)
		}
	}
}

func TestDate_textForms(t *testing.T) {
	type record struct {
		Day   Date      `json:"day"`
		Until Date      `json:"until"`
		At    ClockTime `json:"at"`
	}
	in := record{Day: 20261014, At: 9*60 + 5}
	text, err := json.Marshal(in)
	if want := `{"day":"2026-10-14","until":"","at":"09:05"}`; err != nil || string(text) != want {
		t.Errorf("Marshal = %s, %v; want %s", text, err, want)
	}
	out := record{Until: 20260101}
	if err := json.Unmarshal(text, &out); err != nil || out != in {
		t.Errorf("Unmarshal(%s) = %+v, %v; want %+v", text, out, err, in)
	}
	for _, bad := range []string{`{"day":"2026-02-30"}`, `{"at":""}`, `{"at":"24:00"}`} {
		if err := json.Unmarshal([]byte(bad), &out); err == nil {
			t.Errorf("Unmarshal(%s) = %+v; want an error", bad, out)
		}
	}
	if got := Date(0).String(); got != "" {
		t.Errorf("no date is written %q; want nothing", got)
	}
	if got := NewDate(33, 4, 3).String(); got != "0033-04-03" {
		t.Errorf("String() = %q; want %q", got, "0033-04-03")
	}
}

func TestDateOf_isTheCivilDayInRome(t *testing.T) {
	for in, want := range map[string]Date{
		"2026-10-13T21:59:59Z": 20261013, "2026-10-13T22:00:00Z": 20261014, // summer time
		"2026-12-31T22:59:59Z": 20261231, "2026-12-31T23:00:00Z": 20270101,
		"2026-03-29T00:59:59Z": 20260329, "2026-03-29T21:59:59Z": 20260329, "2026-03-29T22:00:00Z": 20260330,
	} {
		instant, err := time.Parse(time.RFC3339, in)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateOf(instant); got != want {
			t.Errorf("DateOf(%s) = %s; want %s", in, got, want)
		}
	}
}

func TestDateAt_onTheDaysTheClocksChange(t *testing.T) {
	for _, c := range []struct {
		day   Date
		clock string
		want  string
	}{
		{20261014, "09:30", "2026-10-14T09:30:00+02:00"},
		{20260114, "09:30", "2026-01-14T09:30:00+01:00"},
		{20260329, "00:00", "2026-03-29T00:00:00+01:00"},
		{20260329, "01:59", "2026-03-29T01:59:00+01:00"},
		{20260329, "02:00", "2026-03-29T03:00:00+02:00"}, // missing: forward
		{20260329, "02:30", "2026-03-29T03:30:00+02:00"},
		{20260329, "02:59", "2026-03-29T03:59:00+02:00"},
		{20260329, "03:00", "2026-03-29T03:00:00+02:00"},
		{20260329, "09:30", "2026-03-29T09:30:00+02:00"},
		{20260330, "00:30", "2026-03-30T00:30:00+02:00"},
		{20261025, "01:59", "2026-10-25T01:59:00+02:00"},
		{20261025, "02:00", "2026-10-25T02:00:00+02:00"}, // comes twice: the first
		{20261025, "02:59", "2026-10-25T02:59:00+02:00"},
		{20261025, "03:00", "2026-10-25T03:00:00+01:00"},
		{20261025, "09:30", "2026-10-25T09:30:00+01:00"},
		{20261026, "00:30", "2026-10-26T00:30:00+01:00"},
	} {
		clock, err := ParseClock(c.clock)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.day.At(clock).Format(time.RFC3339); got != c.want {
			t.Errorf("%s at %s = %s; want %s", c.day, c.clock, got, c.want)
		}
	}
}

func TestDateAt_andDateOfAgreeAllYear(t *testing.T) {
	for d := Date(20260101); d < 20270101; d = d.AddDays(1) {
		previous := d.At(0).Add(-time.Second)
		if got := DateOf(previous); got != d.AddDays(-1) {
			t.Errorf("a second before %s is %s", d, got)
		}
		for c := ClockTime(0); c < minutesPerDay; c += 15 {
			at := d.At(c)
			if DateOf(at) != d || !at.After(previous) {
				t.Fatalf("%s at %s = %s, after %s", d, c, at, previous)
			}
			if missing := d == 20260329 && c/60 == 2; !missing {
				previous = at
			}
		}
	}
}

func TestParseClock(t *testing.T) {
	for in, want := range map[string]ClockTime{
		"09:30": 570, "9:30": 570, "9.30": 570, "00:00": 0, "23:59": 1439, " 09:30 ": 570,
	} {
		if got, err := ParseClock(in); err != nil || got != want {
			t.Errorf("ParseClock(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "9", "0930", "24:00", "09:60", "9:3", "09:300", "009:30", ":30", "09:", "-9:30", "9:-1", "09:30:00", "9h30", "09;30"} {
		if got, err := ParseClock(in); err == nil {
			t.Errorf("ParseClock(%q) = %s; want an error", in, got)
		}
	}
}

func TestDate_costsNoAllocation(t *testing.T) {
	day, noon := Date(20261231), Date(20261014).At(12*60)
	sink := 0
	if n := testing.AllocsPerRun(100, func() {
		d := day.AddDays(1)
		sink += int(d.Weekday()) + day.DaysUntil(d) + int(DateOf(noon))
	}); n != 0 {
		t.Errorf("date arithmetic allocates %v times; want 0", n)
	}
	if sink == 0 {
		t.Error("date arithmetic gave nothing")
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-10-14", "14/10/2026", "1.9.2026", "29-02-2028", "14/10/26"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil {
			if d != 0 {
				t.Errorf("ParseDate(%q) = %s with error %v; want no date", s, d, err)
			}
			return
		}
		if back, err := ParseDate(d.String()); err != nil || back != d {
			t.Errorf("ParseDate(%q) = %s, read back as %s, %v", s, d, back, err)
		}
		if std, err := time.Parse(time.DateOnly, d.String()); err != nil || std.Weekday() != d.Weekday() {
			t.Errorf("ParseDate(%q) = %s, a %s; the standard library says %s, %v", s, d, d.Weekday(), std.Weekday(), err)
		}
	})
}

func FuzzParseClock(f *testing.F) {
	f.Add("09:30")
	f.Add("9.5")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseClock(s)
		if err != nil {
			return
		}
		if back, err := ParseClock(c.String()); err != nil || back != c || c < 0 || c >= minutesPerDay {
			t.Errorf("ParseClock(%q) = %d, written %s, read back as %d, %v", s, int(c), c, int(back), err)
		}
	})
}

func BenchmarkDateNext(b *testing.B) {
	for d := Date(20260901); b.Loop(); {
		if d = d.AddDays(1); d.Weekday() == time.Sunday && d > 20990101 {
			d = 20260901
		}
	}
}
