package canteen

import (
	"testing"
	"time"
)

// gap is an outage of a day between two hours.
func gap(day Date, from, to string) Outage {
	at := func(s string) time.Time {
		c, err := ParseClock(s)
		if err != nil {
			panic(err)
		}
		return day.At(c)
	}
	return Outage{From: at(from), To: at(to)}
}

// TestCutoffOn moves the cut-off by what families lost of the half hour before
// it (design §3.4).
func TestCutoffOn(t *testing.T) {
	day := NewDate(2026, 10, 14)
	for _, c := range []struct {
		name string
		gaps []Outage
		want string
	}{
		{"no outage", nil, "09:30"},
		{"long before", []Outage{gap(day, "07:00", "08:59")}, "09:30"},
		{"until the window begins", []Outage{gap(day, "07:00", "09:00")}, "09:30"},
		{"into the window", []Outage{gap(day, "07:00", "09:05")}, "09:35"},
		{"inside the window", []Outage{gap(day, "09:10", "09:20")}, "09:40"},
		{"two inside", []Outage{gap(day, "09:05", "09:08"), gap(day, "09:20", "09:24")}, "09:37"},
		{"across the cut-off", []Outage{gap(day, "09:25", "09:50")}, "09:55"},
		{"across the cut-off and the limit", []Outage{gap(day, "09:25", "11:00")}, "10:00"},
		{"all morning", []Outage{gap(day, "06:00", "11:00")}, "10:00"},
		{"one in the time won", []Outage{gap(day, "09:10", "09:20"), gap(day, "09:35", "09:45")}, "09:50"},
		{"after the cut-off", []Outage{gap(day, "09:30", "09:50")}, "09:30"},
		{"yesterday's, still going on", []Outage{{From: day.AddDays(-1).At(18 * 60), To: day.At(9*60 + 12)}}, "09:42"},
	} {
		got := CutoffOn(day, DefaultCutoff, DefaultLimit, c.gaps)
		if at := got.At.In(Rome()).Format("15:04"); at != c.want {
			t.Errorf("%s: the cut-off is %s, want %s", c.name, at, c.want)
		}
		if !got.Planned.Equal(day.At(DefaultCutoff)) || got.Extended() != (c.want != "09:30") {
			t.Errorf("%s: planned %s, extended %t", c.name, got.Planned, got.Extended())
		}
	}
}

// TestCutoff_isTheLastInstantInTime: received at 9:30:00 is in time, the next
// nanosecond is not (mission 11), on the days when the clock changes too.
func TestCutoff_isTheLastInstantInTime(t *testing.T) {
	for _, day := range []Date{NewDate(2026, 10, 14), NewDate(2026, 3, 29), NewDate(2026, 10, 25)} {
		c := CutoffOn(day, DefaultCutoff, DefaultLimit, nil)
		if got := c.At.In(Rome()).Format("2006-01-02 15:04:05"); got != day.String()+" 09:30:00" {
			t.Errorf("%s: the cut-off is %s", day, got)
		}
		if c.Passed(c.At) || !c.Passed(c.At.Add(1)) || c.Passed(c.At.Add(-1)) {
			t.Errorf("%s: the cut-off itself must be the last instant in time", day)
		}
	}
}

// FuzzCutoffOn: never before the rule, never behind the limit, and a longer
// outage never makes it earlier.
func FuzzCutoffOn(f *testing.F) {
	f.Add(uint16(550), uint16(20), uint16(5))
	f.Fuzz(func(t *testing.T, from, length, more uint16) {
		day := NewDate(2026, 10, 14)
		start := day.At(0).Add(time.Duration(from%1440) * time.Minute)
		end := start.Add(time.Duration(length%600) * time.Minute)
		short := CutoffOn(day, DefaultCutoff, DefaultLimit, []Outage{{start, end}})
		long := CutoffOn(day, DefaultCutoff, DefaultLimit, []Outage{{start, end.Add(time.Duration(more%600) * time.Minute)}})
		if short.At.Before(short.Planned) || short.At.After(day.At(DefaultLimit)) {
			t.Errorf("outage %s–%s: cut-off %s outside rule and limit", start, end, short.At)
		}
		if long.At.Before(short.At) {
			t.Errorf("outage from %s: %d minutes more moved the cut-off from %s back to %s", start, more%600, short.At, long.At)
		}
	})
}
