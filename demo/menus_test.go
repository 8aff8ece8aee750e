package demo

import (
	"slices"
	"strings"
	"testing"

	"refettorio/canteen"
)

// inside says which allergens a word in the name of a dish betrays.
var inside = map[string][]int{
	"pasta": {gluten}, "pane di": {gluten}, "pane integrale": {gluten}, "crostini": {gluten}, "gnocchi": {gluten},
	"orecchiette": {gluten}, "cavatelli": {gluten}, "troccoli": {gluten}, "farro": {gluten}, "orz": {gluten},
	"cotoletta": {gluten}, "hamburger": {gluten}, "polpett": {gluten}, "lasagne": {gluten, egg, milk},
	"frittata": {egg}, "uova": {egg}, "merluzzo": {fish}, "platessa": {fish}, "tonno": {fish}, "pesce": {fish},
	"mozzarella": {milk}, "fiordilatte": {milk}, "ricotta": {milk}, "caciotta": {milk}, "cacioricotta": {milk},
	"yogurt": {milk}, "budino": {milk}, "purè": {milk}, "risotto": {milk}, "crema di zucchine": {milk},
	"gratinati": {milk}, "pesto": {milk, nuts},
}

func TestPlates_haveTheAllergensOfTheirNames(t *testing.T) {
	for name, p := range plates {
		if p.allergens == nil {
			t.Errorf("%s: nobody says which allergens it has", name)
		}
		for word, allergens := range inside {
			for _, a := range allergens {
				if strings.Contains(strings.ToLower(name), word) && !slices.Contains(p.allergens, a) {
					t.Errorf("%s: got allergens %v, want %d among them", name, p.allergens, a)
				}
			}
		}
		for _, a := range append(slices.Clone(p.allergens), p.traces...) {
			if a < 1 || a > 14 {
				t.Errorf("%s: there is no allergen %d", name, a)
			}
		}
		for _, a := range p.traces {
			if slices.Contains(p.allergens, a) {
				t.Errorf("%s: %d is both in it and a trace", name, a)
			}
		}
	}
}

func TestMenus_haveAWholeMealForEveryDayAndStage(t *testing.T) {
	served := map[string]bool{}
	for season, weeks := range map[string]*rotation{"winter": &winter, "summer": &summer} {
		rows := menuRows(season, canteen.NewDate(2026, 9, 16), canteen.NewDate(2027, 3, 31), weeks)
		courses := map[[3]any][]canteen.Course{}
		for _, r := range rows {
			key := [3]any{r.Week, r.Weekday, r.Stage}
			courses[key] = append(courses[key], r.Dish.Course)
			served[r.Dish.Name] = true
		}
		common, infanzia := 0, 0
		for day, got := range courses {
			if !slices.Equal(got, canteen.Courses[:]) {
				t.Errorf("%s %v: got courses %v, want %v", season, day, got, canteen.Courses)
			}
			if day[2] == canteen.StageInfanzia {
				infanzia++
			} else {
				common++
			}
		}
		if common != 20 || infanzia < 4 {
			t.Errorf("%s: got %d days and %d of the infanzia's own, want 20 and some", season, common, infanzia)
		}
	}
	for name := range plates {
		if !served[name] {
			t.Errorf("%s is never served", name)
		}
	}
}

func TestMenus_giveTheSmallestNothingHard(t *testing.T) {
	for _, r := range menuRows("winter", canteen.NewDate(2026, 9, 16), canteen.NewDate(2027, 3, 31), &winter) {
		if _, hard := softer[r.Dish.Name]; hard && r.Stage == canteen.StageInfanzia {
			t.Errorf("week %d, %s: the infanzia gets %s", r.Week, r.Weekday, r.Dish.Name)
		}
	}
}

func TestTariff_pricesAreThoseOfTheAct(t *testing.T) {
	now := tariffOf(2026, 2026)
	if err := now.Validate(); err != nil {
		t.Fatal(err)
	}
	if want := "Delibera di Giunta n. 112"; now.Act != want {
		t.Errorf("act: got %q, want %q", now.Act, want)
	}
	for _, c := range []struct {
		seat canteen.Seat
		want canteen.Cents
	}{
		{canteen.Seat{Band: "F4", Rank: 1}, 270},
		{canteen.Seat{Band: "", Rank: 1}, 270},
		{canteen.Seat{Band: "F3", Rank: 2}, 220},
		{canteen.Seat{Band: "F2", Rank: 1}, 180},
		{canteen.Seat{Band: "F1", Rank: 1}, 120},
		{canteen.Seat{Band: "F4", Rank: 3}, 150},
		{canteen.Seat{Band: "F1", Rank: 3}, 120}, // the sibling rate never costs more
		{canteen.Seat{Band: "F1", Rank: 1, Outside: true}, 270},
		{canteen.Seat{Band: canteen.BandExempt, Rank: 1}, 0},
	} {
		if got, _ := now.Price(canteen.StagePrimaria, c.seat); got != c.want {
			t.Errorf("price of %+v: got %s, want %s", c.seat, got, c.want)
		}
	}
	before := tariffOf(2025, 2026)
	if got, _ := before.Price(canteen.StagePrimaria, canteen.Seat{Band: "F4", Rank: 1}); got != 260 {
		t.Errorf("last year's price: got %s, want 2,60", got)
	}
}
