package demo

import "refettorio/canteen"

// mood is how a family keeps its account.
type mood uint8

const (
	unknown  mood = iota
	easy          // in credit
	thin          // a few meals left, again and again
	owing         // in debt
	indebted      // in debt beyond what the rule on old debts lets pass
)

// How many of a hundred children have which account, and of those in credit
// how many have far too much of it.
const (
	thinShare  = 12
	owingShare = 8
	richShare  = 2
	deepShare  = 12 // of the debts
)

// purse is how a child's account is kept: topped up by lot meals when fewer
// than trigger are left, so that about target is left today.
type purse struct {
	mood     mood
	price    canteen.Cents // of a meal now
	balance  canteen.Cents // as the record has it
	left     int           // canteen days until today
	target   canteen.Cents
	trigger  canteen.Cents
	lot      int
	patience float64 // chance in a hundred to pay on a day when it should
}

// attendance is how many of a hundred meals are really ordered.
const attendance = 93

// settle draws the habits of a purse whose price and days are known.
func (p *purse) settle(s stream) {
	if p.mood == unknown {
		switch u := s.Float64() * 100; {
		case u < owingShare:
			p.mood = owing
		case u < owingShare+thinShare:
			p.mood = thin
		default:
			p.mood = easy
		}
	}
	switch p.mood {
	case easy:
		p.target, p.trigger = p.meals(s.between(5, 25)), p.meals(s.between(5, 9))
		p.lot, p.patience = []int{10, 15, 20, 20, 30, 40}[s.IntN(6)], 45
		if s.chance(richShare) {
			p.target, p.lot = p.meals(s.between(50, 90)), 100
		}
	case thin:
		p.target, p.trigger = p.price*canteen.Cents(s.between(9, 26))/10, p.meals(s.between(0, 2))
		p.lot, p.patience = []int{5, 10}[s.IntN(2)], 35
	case indebted:
		p.target, p.trigger, p.lot, p.patience = -p.meals(10), -p.meals(7), 5, 20
	case owing:
		p.target, p.trigger = -p.meals(s.between(2, 11)), -p.meals(s.between(0, 3))
		p.lot, p.patience = []int{5, 10}[s.IntN(2)], 20
		if s.chance(deepShare) {
			p.target = -p.meals(s.between(22, 42))
		}
	}
}

func (p *purse) meals(n int) canteen.Cents { return p.price.Times(n) }

// coming is what the meals until today will take, as far as one can tell.
func (p *purse) coming() canteen.Cents { return p.meals(p.left).Percent(attendance) }

// opening draws the balance a purse comes with, in whole meals and the odd
// cents an old system leaves.
func (p *purse) opening(s stream) canteen.Cents {
	opening := p.meals(s.between(4, 24)) + canteen.Cents(s.IntN(20)*5)
	if p.mood == easy {
		return max(opening, p.target)
	}
	return min(opening, p.target+p.coming())
}

// topUp draws how many meals a family pays for now; mostly none.
func (p *purse) topUp(s stream) int {
	expected := p.balance - p.coming()
	if p.price == 0 || p.balance >= p.trigger || expected >= p.target || !s.chance(p.patience) {
		return 0
	}
	missing := int((p.target - expected + p.price - 1) / p.price)
	if p.mood == easy {
		missing = max(missing, 5)
	}
	return min(p.lot, missing)
}

// price returns the price of a child's meal under a tariff, some school years
// back: the eldest of a household in the service has rank 1.
func (c *child) price(t *canteen.Tariff, back int) canteen.Cents {
	seat := canteen.Seat{Pupil: c.pan, Band: c.family.band, Outside: c.family.outside}
	for _, one := range c.family.children {
		if one.enrolled(back) {
			seat.Rank++
		}
		if one == c {
			break
		}
	}
	price, _ := t.Price(c.path[back].school.stage, seat)
	return price
}
