package canteen

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

func TestNationalHoliday_listsOfWholeYears(t *testing.T) {
	fixed := []string{"01-01", "01-06", "04-25", "05-01", "06-02", "08-15", "11-01", "12-08", "12-25", "12-26"}
	for _, c := range []struct {
		year   int
		others []string // Easter, its Monday, and 4 October when it counts
	}{
		{2024, []string{"03-31", "04-01"}},
		{2025, []string{"04-20", "04-21"}},
		{2026, []string{"04-05", "04-06", "10-04"}},
		{2027, []string{"03-28", "03-29", "10-04"}},
		{2028, []string{"04-16", "04-17", "10-04"}},
		{2029, []string{"04-01", "04-02", "10-04"}},
		{2030, []string{"04-21", "04-22", "10-04"}},
		{2038, []string{"04-26", "10-04"}}, // Easter is the day of Liberazione, counted once
	} {
		want := map[string]bool{}
		for _, day := range append(c.others, fixed...) {
			want[day] = true
		}
		for d := NewDate(c.year, 1, 1); d.Year() == c.year; d = d.AddDays(1) {
			name, ok := NationalHoliday(d)
			if ok != want[d.String()[5:]] || ok != (name != "") {
				t.Errorf("NationalHoliday(%s) = %q, %v; want %v", d, name, ok, !ok)
			}
		}
	}
}

// The vectors collected for the project are checked where they are at hand; the
// tables of this file stand alone.
func TestNationalHoliday_agreesWithTheCollectedVectors(t *testing.T) {
	text, err := os.ReadFile("../../shared/data/calendario.json")
	if err != nil {
		t.Skip("the collected vectors are not beside the checkout: ", err)
	}
	var vectors struct {
		ByYear map[string][]struct{ Date, Name, Weekday string } `json:"by_year"`
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for year, days := range vectors.ByYear {
		want := map[Date]bool{}
		for _, v := range days {
			d, err := ParseDate(v.Date)
			if err != nil {
				t.Fatal(err)
			}
			want[d] = true
			name, ok := NationalHoliday(d)
			if wantName := strings.TrimSuffix(v.Name, " (dal 2026)"); !ok || name != wantName {
				t.Errorf("NationalHoliday(%s) = %q, %v; want %q", d, name, ok, wantName)
			}
			if got := d.Weekday().String()[:3]; got != v.Weekday {
				t.Errorf("%s is a %s; want %s", d, got, v.Weekday)
			}
			seen++
		}
		first, err := ParseDate(year + "-01-01")
		if err != nil {
			t.Fatal(err)
		}
		for d := first; d.Year() == first.Year(); d = d.AddDays(1) {
			if name, ok := NationalHoliday(d); ok && !want[d] {
				t.Errorf("NationalHoliday(%s) = %q; want none", d, name)
			}
		}
	}
	if seen == 0 {
		t.Error("the vectors hold no holiday")
	}
}

func TestEaster_knownYears(t *testing.T) {
	for _, want := range []Date{
		15830410, 18180322, 19000415, 19430425, 19540418, 19810419, 20000423, 20080323, 20110424, 20240331, 20260405,
		20380425, 21000328,
	} {
		if got := Easter(want.Year()); got != want {
			t.Errorf("Easter(%d) = %s; want %s", want.Year(), got, want)
		}
	}
	for year := 1583; year < 2200; year++ {
		d := Easter(year)
		if md := d % 10000; d.Weekday() != time.Sunday || md < 322 || md > 425 {
			t.Errorf("Easter(%d) = %s, a %s; want a Sunday from 22 March to 25 April", year, d, d.Weekday())
		}
	}
}
