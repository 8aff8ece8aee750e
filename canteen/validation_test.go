package canteen

import "testing"

func TestStartDay(t *testing.T) {
	year := SchoolYear{From: 20260901, To: 20270831}
	for _, test := range []struct {
		name         string
		asked, today Date
		free         bool
		want         Date
	}{
		{"long before the year", 0, 20260615, false, 20260901},
		{"the eve, after the cut-off", 0, 20260831, false, 20260901},
		{"the first day, in time", 0, 20260901, true, 20260901},
		{"the first day, too late", 0, 20260901, false, 20260902},
		{"in the year, in time", 0, 20261012, true, 20261012},
		{"in the year, too late", 0, 20261012, false, 20261013},
		{"asked ahead", 20261102, 20261012, false, 20261102},
		{"asked in the past", 20260910, 20261012, true, 20261012},
		{"asked today, too late", 20261012, 20261012, false, 20261013},
		{"asked outside the year", 20280101, 20261012, true, 20261012},
		{"the last day, in time", 0, 20270831, true, 20270831},
		{"the last day, too late", 0, 20270831, false, 0},
		{"after the year", 0, 20271001, true, 0},
	} {
		if got := StartDay(year, test.asked, test.today, test.free); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestCompareClasses(t *testing.T) {
	class := func(school SchoolID, grade, section string) *Class {
		return &Class{School: school, Grade: grade, Section: section}
	}
	for _, test := range []struct {
		name        string
		last, asked *Class
		want        PlaceChange
	}{
		{"not in the service last year", nil, class(1, "1", "A"), PlaceNew},
		{"goes up with its section", class(1, "1", "A"), class(1, "2", "A"), PlaceSame},
		{"repeats the year", class(1, "2", "A"), class(1, "2", "A"), PlaceSame},
		{"another section", class(1, "1", "A"), class(1, "2", "B"), PlaceClass},
		{"down a grade", class(1, "3", "A"), class(1, "2", "A"), PlaceClass},
		{"another school", class(1, "1", "A"), class(2, "2", "A"), PlaceSchool},
		{"no class asked", class(1, "1", "A"), nil, PlaceClass},
	} {
		if got := CompareClasses(test.last, test.asked); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestPreviousYear(t *testing.T) {
	for year, want := range map[string]string{"2026/27": "2025/26", "2000/01": "1999/00", "nessuno": ""} {
		if got := PreviousYear(year); got != want {
			t.Errorf("before %q: got %q, want %q", year, got, want)
		}
	}
}
