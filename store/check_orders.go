package store

import (
	"maps"
	"slices"

	"refettorio/canteen"
)

// order examines one order: the meal that follows from what the family said, the
// price that follows from the tariff, the line that follows from the account.
func (c *checker) order(d *checkedDay, m *checkedMark, r *checkedRoll, s *checkedSeat, o canteen.Order) {
	p := &c.pupils[s.pupil]
	wrong := func(format string, args ...any) {
		c.wrong(registers, r.key, "pupil %s of %s on %s: "+format, append([]any{o.Pupil, c.town.label(r.class), d.day}, args...)...)
	}
	if p.day == d.day {
		wrong("a second order of the same day")
	}
	p.day = d.day
	word := d.said[o.Pupil]
	if word.kind != 0 && word.school != m.school {
		wrong("the family said %s for another school, %s, and it was not heard", word.kind, c.town.schools[word.school].Code)
		word.kind = 0
	}
	seat := canteen.Seat{Pupil: s.Pupil, Band: canteen.InForce(s.Bands, d.day), Diet: canteen.InForce(s.Diets, d.day),
		Rank: s.Rank, Outside: s.Outside}
	if meal := canteen.MealOf(seat, word.kind); o.Meal != meal {
		wrong("the meal is %s and should be %s", o.Meal, meal)
	}
	if !o.Meal.Ordered() {
		if (o != canteen.Order{Pupil: o.Pupil, Meal: o.Meal}) {
			wrong("nothing was ordered and there is a diet or a charge: %+v", o)
		}
		return
	}
	if o.Diet != seat.Diet {
		wrong("the diet is %q and should be %q", o.Diet, seat.Diet)
	}
	if !c.priced(d, m, seat, o) {
		price, rate := d.tariff.Price(c.town.schools[m.school].Stage, seat)
		wrong("the price is %s by rate %d and should be %s by rate %d", o.Price, o.Rate, price, rate)
	}
	switch {
	case o.Price > 0 && o.Line == 0:
		wrong("the meal costs %s and was not charged", o.Price)
	case o.Price == 0 && (o.Line != 0 || o.Balance != 0):
		wrong("the meal is free and has line %d", o.Line)
	case o.Line != 0:
		c.take(checkedLine{pupil: s.pupil, n: o.Line, day: d.day, amount: -o.Price, balance: o.Balance,
			price: o.Price, priced: true, lowers: true})
	}
}

// priced tells whether the tariff gives the order its price. Band and diet of an
// enrolment have their history; the stage of a school, the residence and the
// place among the siblings do not, and can be put right later: then a price of
// an earlier close may come from what stood there before, and what the band and
// the tariff leave possible is all that can be demanded.
func (c *checker) priced(d *checkedDay, m *checkedMark, seat canteen.Seat, o canteen.Order) bool {
	fits := func(stage canteen.Stage, seat canteen.Seat) bool {
		price, rate := d.tariff.Price(stage, seat)
		return price == o.Price && rate == int(o.Rate)
	}
	stages := []canteen.Stage{c.town.schools[m.school].Stage}
	if fits(stages[0], seat) {
		return true
	}
	if m.Generation != c.town.generation {
		stages = []canteen.Stage{canteen.StageInfanzia, canteen.StagePrimaria, canteen.StageSecondaria}
	}
	seats := []canteen.Seat{seat}
	if !m.At.After(c.ranked) {
		seats = seats[:0]
		for rank := range uint8(10) {
			seat.Rank = rank
			seat.Outside = false
			seats = append(seats, seat)
			seat.Outside = true
			seats = append(seats, seat)
		}
	}
	return slices.ContainsFunc(stages, func(stage canteen.Stage) bool {
		return slices.ContainsFunc(seats, func(s canteen.Seat) bool { return fits(stage, s) })
	})
}

// tally counts orders, by itself and not by the methods the writers use.
type tally struct {
	canteen.Counts
	charges int
	charged canteen.Cents
}

func (t *tally) order(o canteen.Order) {
	t.Enrolled++
	switch {
	case o.Meal == canteen.MealAbsent:
		t.Absent++
	case o.Meal == canteen.MealStandard:
		t.Standard++
	case o.Meal == canteen.MealWhite:
		t.White++
		if o.Diet != "" {
			t.WhiteDiets = more(t.WhiteDiets, o.Diet, 1)
		}
	case o.Meal == canteen.MealDiet:
		t.Diets = more(t.Diets, o.Diet, 1)
	}
	if o.Line != 0 {
		t.charges++
		t.charged += o.Price
	}
}

// staff adds the adults' meals, where a child eats, and ends the count.
func (t *tally) staff(n int) {
	if t.Enrolled > t.Absent {
		t.Staff = n
	}
	t.Total = t.Enrolled - t.Absent + t.Staff
}

func (t *tally) add(o tally) {
	t.Enrolled += o.Enrolled
	t.Absent += o.Absent
	t.Standard += o.Standard
	t.White += o.White
	t.Staff += o.Staff
	t.Total += o.Total
	for code, n := range o.Diets {
		t.Diets = more(t.Diets, code, n)
	}
	for code, n := range o.WhiteDiets {
		t.WhiteDiets = more(t.WhiteDiets, code, n)
	}
}

func more(m map[string]int, code string, n int) map[string]int {
	if m == nil {
		m = map[string]int{}
	}
	m[code] += n
	return m
}

func (t *tally) equals(c canteen.Counts) bool {
	return t.Enrolled == c.Enrolled && t.Absent == c.Absent && t.Standard == c.Standard && t.White == c.White &&
		t.Staff == c.Staff && t.Total == c.Total && maps.Equal(t.Diets, c.Diets) && maps.Equal(t.WhiteDiets, c.WhiteDiets)
}
