package demo

import (
	"cmp"
	"slices"

	"refettorio/canteen"
)

// census is everybody in the service in the present school year. Who has left
// since is not in the record: a town has as many pupils as it was asked for.
type census struct {
	families []*family
	children []*child // in order of PAN
	showcase []*guardian
}

// How families are made, in a hundred.
const (
	outsideShare = 3   // live outside the town
	singleShare  = 14  // have one guardian
	apartShare   = 11  // have two, at two addresses
	blendedShare = 8   // of those with siblings: the youngest has another father
	doubleShare  = 4   // the children have the surnames of both
	twinShare    = 1.5 // of the siblings
)

// childrenWeights is how many families have one child in the service, two…
var childrenWeights = []int{60, 32, 7, 1}

// populate fills every seat of the town with a child of a family. present is
// the calendar year in which the present school year began.
func populate(seed uint64, p *places, present, years int) *census {
	c := &census{}
	free := newSlots(streamOf(seed, "seats"), p, years)
	r := newRegistry(seed)
	m := &matchmaker{registry: r, luck: streamOf(seed, "families"), free: free, present: present}
	for i := range showcases {
		c.add(m.showcase(&showcases[i], c))
	}
	for institute := range p.institutes {
		for {
			age, ok := free.age(m.luck, institute)
			if !ok {
				break
			}
			c.add(m.family(institute, age))
		}
	}
	c.number(streamOf(seed, "pan"))
	return c
}

func (c *census) add(f *family) {
	slices.SortStableFunc(f.children, func(a, b *child) int { return cmp.Compare(a.born, b.born) })
	for _, one := range f.children {
		one.family = f
	}
	c.families = append(c.families, f)
}

// number gives every child its PAN, in the order of the families.
func (c *census) number(s stream) {
	n := uint64(s.between(20_000_000, 40_000_000))
	for _, f := range c.families {
		for _, one := range f.children {
			n += uint64(s.between(1, 40))
			one.pan = canteen.NewPAN(n)
			c.children = append(c.children, one)
		}
	}
}

// matchmaker makes families and puts their children into seats.
type matchmaker struct {
	*registry
	luck    stream
	free    *slots
	present int
}

// family makes a family whose children go to the schools of one institute; the
// first of them takes a seat of an age.
func (m *matchmaker) family(institute, age int) *family {
	f := &family{from: &italy, outside: m.luck.chance(outsideShare), band: bands[m.luck.weighted(bandWeights)]}
	if m.luck.chance(foreignShare) {
		f.from = origins[m.luck.weighted(originWeights)]
	}
	ages, seats := m.seats(institute, age)
	eldest := m.birthYear(slices.Max(ages))
	surname := m.parents(f, eldest)
	for i, age := range ages {
		one := m.kid(f.from, surname, m.birthYear(age))
		one.path, one.diet, one.guardians = seats[i].path, dietOf(m.luck, f.from), f.guardians
		f.children = append(f.children, one)
	}
	if len(f.children) > 1 && len(f.guardians) == 2 && m.luck.chance(blendedShare) {
		m.blend(f, eldest)
	}
	return f
}

// birthYear is the year in which children of a year of age were born.
func (m *matchmaker) birthYear(age int) int { return m.present - 3 - age }

// seats takes a seat for a child of an age and for its siblings: up to six
// years apart, rarely twins.
func (m *matchmaker) seats(institute, age int) (ages []int, seats []slot) {
	first, _ := m.free.take(institute, age)
	ages, seats = []int{age}, []slot{first}
	siblings := m.luck.weighted(childrenWeights)
	for range 4 * siblings {
		age, ok := m.free.age(m.luck, institute)
		if !ok || len(ages) > siblings {
			break
		}
		if m.fits(ages, age) {
			one, _ := m.free.take(institute, age)
			ages, seats = append(ages, age), append(seats, one)
		}
	}
	return ages, seats
}

func (m *matchmaker) fits(ages []int, age int) bool {
	for _, other := range ages {
		if age == other && !m.luck.chance(twinShare) || max(age, other)-min(age, other) > 6 {
			return false
		}
	}
	return true
}

// parents gives a family its guardians and returns the children's surname.
func (m *matchmaker) parents(f *family, eldest int) (surname string) {
	surname = m.luck.one(f.from.surnames)
	hers := surname
	if f.from.ownNames {
		hers = m.luck.one(f.from.surnames)
	}
	mother := m.parent(f.from, 'F', hers, eldest)
	f.guardians = []*guardian{mother}
	if m.luck.chance(singleShare) {
		if m.luck.chance(70) {
			surname = mother.surname
		}
		m.home(f.outside, mother)
		return surname
	}
	father := m.parent(f.from, 'M', surname, eldest)
	f.guardians = append(f.guardians, father)
	if m.luck.chance(apartShare) {
		m.home(f.outside, mother)
		m.home(m.luck.chance(outsideShare), father)
	} else {
		m.home(f.outside, mother, father)
	}
	if f.from == &italy && m.luck.chance(doubleShare) && hers != surname {
		surname += " " + hers
	}
	return surname
}

// blend gives the youngest child another father, who is its guardian beside
// the mother: siblings are declared links, not equal surnames (story 43).
func (m *matchmaker) blend(f *family, eldest int) {
	youngest := slices.MaxFunc(f.children, func(a, b *child) int { return cmp.Compare(a.born, b.born) })
	father := m.parent(f.from, 'M', m.luck.one(f.from.surnames), eldest)
	m.home(false, father)
	youngest.guardians = []*guardian{f.guardians[0], father}
	f.guardians = append(f.guardians, father)
	delete(m.taken, youngest.cf)
	youngest.surname = father.surname
	m.born(&youngest.person, youngest.born.Year(), youngest.birthplace)
}
