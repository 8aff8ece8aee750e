package canteen

import (
	"testing"
	"time"
)

// TestMenu_rotates follows a menu of two weeks over the turn of the year: week 1
// is the one its first day falls in, whatever weekday that is.
func TestMenu_rotates(t *testing.T) {
	dish := func(name string) []Dish { return []Dish{{Course: CourseFirst, Name: name}} }
	m := Menu{Name: "inverno", From: NewDate(2026, 12, 2), To: NewDate(2027, 1, 29), Days: []MenuDay{
		{Week: 1, Weekday: time.Wednesday, Dishes: dish("pasta")},
		{Week: 1, Weekday: time.Wednesday, Stage: StageInfanzia, Dishes: dish("pastina")},
		{Week: 2, Weekday: time.Wednesday, Dishes: dish("riso")},
		{Week: 2, Weekday: time.Monday, Dishes: dish("minestra")},
	}}
	for _, c := range []struct {
		day   Date
		stage Stage
		want  string
	}{
		{NewDate(2026, 12, 2), StagePrimaria, "pasta"},
		{NewDate(2026, 12, 2), StageInfanzia, "pastina"},
		{NewDate(2026, 12, 7), StagePrimaria, "minestra"},
		{NewDate(2026, 12, 9), StageInfanzia, "riso"},
		{NewDate(2026, 12, 16), StagePrimaria, "pasta"},
		{NewDate(2027, 1, 6), StagePrimaria, "riso"},
		{NewDate(2026, 12, 3), StagePrimaria, ""},
		{NewDate(2026, 12, 1), StagePrimaria, ""},
		{NewDate(2027, 2, 3), StagePrimaria, ""},
	} {
		got := ""
		if dishes := m.On(c.day, c.stage); len(dishes) > 0 {
			got = dishes[0].Name
		}
		if got != c.want {
			t.Errorf("%s %s: %q, want %q", c.day, c.stage, got, c.want)
		}
	}
	newer := Menu{Name: "gennaio", From: NewDate(2027, 1, 4), To: NewDate(2027, 1, 8), Days: []MenuDay{{Week: 1, Weekday: time.Wednesday, Dishes: dish("gnocchi")}}}
	if got := MenuOn([]Menu{newer, m}, NewDate(2027, 1, 6), StagePrimaria); len(got) != 1 || got[0].Name != "gnocchi" {
		t.Errorf("the menu that starts last wins: %v", got)
	}
	if got := (&Menu{}).On(NewDate(2027, 1, 6), StagePrimaria); got != nil {
		t.Errorf("an empty menu serves %v", got)
	}
}
