package canteen

import (
	"testing"
	"time"
)

func TestMealOf(t *testing.T) {
	for _, c := range []struct {
		diet string
		said CommunicationKind
		want Meal
	}{
		{"", 0, MealStandard}, {"G1", 0, MealDiet}, {"", White, MealWhite}, {"G1", White, MealWhite},
		{"", Absence, MealAbsent}, {"G1", Absence, MealAbsent},
	} {
		if got := MealOf(Seat{Diet: c.diet}, c.said); got != c.want {
			t.Errorf("diet %q, said %q: %s, want %s", c.diet, c.said, got, c.want)
		}
	}
}

// TestCounts_addUp counts a class: total = standard + white + diets + staff, and
// the white meal of a child with a diet keeps its diet (story 44).
func TestCounts_addUp(t *testing.T) {
	r := Register{Staff: 2, Orders: []Order{{Meal: MealStandard}, {Meal: MealStandard}, {Meal: MealWhite}, {Meal: MealWhite, Diet: "G1"},
		{Meal: MealDiet, Diet: "G1"}, {Meal: MealDiet, Diet: "L1"}, {Meal: MealAbsent}}}
	c := r.Count()
	if c.Enrolled != 7 || c.Absent != 1 || c.Standard != 2 || c.White != 2 || c.Diets["G1"] != 1 || c.Diets["L1"] != 1 ||
		c.WhiteDiets["G1"] != 1 || c.Staff != 2 || c.Total != 8 || c.Ordered() != 6 {
		t.Errorf("counted %+v", c)
	}
	var sum Counts
	sum.Add(c)
	sum.Add(c)
	if sum.Total != 16 || sum.Diets["G1"] != 2 || sum.WhiteDiets["G1"] != 2 || sum.Enrolled != 14 {
		t.Errorf("twice: %+v", sum)
	}
	nobody := Register{Staff: 2, Orders: []Order{{Meal: MealAbsent}}}
	if c := nobody.Count(); c.Staff != 0 || c.Total != 0 {
		t.Errorf("a class where nobody eats: %+v, want no meals for its staff", c)
	}
}

func TestStateOf(t *testing.T) {
	day := NewDate(2026, 10, 14)
	cutoff := CutoffOn(day, DefaultCutoff, DefaultLimit, nil)
	for _, c := range []struct {
		name            string
		now             time.Time
		service, closed bool
		want            DayState
	}{
		{"the day before", day.AddDays(-1).At(20 * 60), true, false, DayPlanned},
		{"this morning", day.At(8 * 60), true, false, DayOpen},
		{"at the cut-off", cutoff.At, true, false, DayOpen},
		{"just behind it", cutoff.At.Add(1), true, false, DayClosing},
		{"closed", cutoff.At.Add(1), true, true, DayClosed},
		{"the day after, not closed", day.AddDays(1).At(1), true, false, DayUnattended},
		{"no service", day.At(8 * 60), false, false, DayVoid},
		{"closed, and the calendar changed since", day.AddDays(1).At(1), false, true, DayClosed},
	} {
		if got := StateOf(day, c.service, c.closed, cutoff, c.now); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
