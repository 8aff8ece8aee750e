package canteen

import "testing"

// lucera is a tariff with every condition, to be read from the top.
var lucera = Tariff{ID: 3, From: NewDate(2026, 9, 1), Act: "D.G.C. 41/2026", Rates: []Rate{
	{Band: BandExempt},
	{Residence: Outside, Price: 420},
	{Rank: 3, Price: 100},
	{Stage: StageInfanzia, Band: "F1", Price: 120},
	{Band: "F1", Price: 150},
	{Price: 270},
}}

// TestTariff_Price names price and line, so that each can be found with a finger.
func TestTariff_Price(t *testing.T) {
	for _, c := range []struct {
		name  string
		stage Stage
		seat  Seat
		price Cents
		line  int
	}{
		{"full", StagePrimaria, Seat{}, 270, 5},
		{"an unknown band pays in full", StagePrimaria, Seat{Band: "F9"}, 270, 5},
		{"band", StagePrimaria, Seat{Band: "F1"}, 150, 4},
		{"band by stage", StageInfanzia, Seat{Band: "F1"}, 120, 3},
		{"second child", StagePrimaria, Seat{Rank: 2}, 270, 5},
		{"third child", StagePrimaria, Seat{Rank: 3}, 100, 2},
		{"fifth child", StagePrimaria, Seat{Rank: 5}, 100, 2},
		{"not a resident, whatever the band", StagePrimaria, Seat{Outside: true, Band: "F1", Rank: 3}, 420, 1},
		{"exempt before all", StagePrimaria, Seat{Band: BandExempt, Outside: true}, 0, 0},
	} {
		if price, line := lucera.Price(c.stage, c.seat); price != c.price || line != c.line {
			t.Errorf("%s: %s by line %d, want %s by line %d", c.name, price, line, c.price, c.line)
		}
	}
}

func TestTariff_Validate(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Tariff)
		field  string
	}{
		"no start":                  {func(x *Tariff) { x.From = 0 }, "from"},
		"no act":                    {func(x *Tariff) { x.Act = "" }, "act"},
		"no rates":                  {func(x *Tariff) { x.Rates = nil }, "rates"},
		"a negative price":          {func(x *Tariff) { x.Rates = []Rate{{Price: -1}} }, "rates"},
		"a price nobody would set":  {func(x *Tariff) { x.Rates = []Rate{{Price: 100_01}} }, "rates"},
		"a last line that asks":     {func(x *Tariff) { x.Rates = []Rate{{Price: 270, Band: "F1"}} }, "rates"},
		"a last line for residents": {func(x *Tariff) { x.Rates = []Rate{{Price: 270, Residence: Inside}} }, "rates"},
	} {
		x := lucera
		c.change(&x)
		err, _ := x.Validate().(*Error)
		if err == nil || err.Kind != KindInvalid || err.Field != c.field {
			t.Errorf("%s: %v, want %s refused", name, err, c.field)
		}
	}
	if err := lucera.Validate(); err != nil {
		t.Errorf("a good tariff: %v", err)
	}
}

func TestTariffOn(t *testing.T) {
	first, second, corrected := Tariff{ID: 1, From: NewDate(2025, 9, 1)}, Tariff{ID: 2, From: NewDate(2026, 9, 1)}, Tariff{ID: 3, From: NewDate(2026, 9, 1)}
	list := []Tariff{second, first, corrected}
	for day, want := range map[Date]uint16{NewDate(2025, 9, 1): 1, NewDate(2026, 8, 31): 1, NewDate(2026, 9, 1): 3, NewDate(2027, 1, 1): 3} {
		if got, ok := TariffOn(list, day); !ok || got.ID != want {
			t.Errorf("%s: tariff %v, want %d", day, got, want)
		}
	}
	if got, ok := TariffOn(list, NewDate(2025, 8, 31)); ok {
		t.Errorf("before the first: %v, want none", got)
	}
}
