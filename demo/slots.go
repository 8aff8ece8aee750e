package demo

import "refettorio/canteen"

// slot is a seat in the present school year with the classes that led to it.
type slot struct{ path []*class }

// slots are the free seats by institute and year of age.
type slots struct {
	free [][cohorts][]slot
	left int
}

// moversShare is how many children of a hundred came to the town after their
// first school year.
const moversShare = 4

// newSlots lays out a slot for every seat, in drawn order, with a past of years
// school years before the present one.
func newSlots(s stream, p *places, years int) *slots {
	all := &slots{free: make([][cohorts][]slot, len(p.institutes))}
	for _, c := range p.classes {
		pool := &all.free[c.school.institute][c.cohort()]
		for range c.seats {
			*pool = append(*pool, slot{p.path(s, c, years)})
			all.left++
		}
	}
	for i := range all.free {
		for age := range all.free[i] {
			pool := all.free[i][age]
			s.Shuffle(len(pool), func(a, b int) { pool[a], pool[b] = pool[b], pool[a] })
		}
	}
	return all
}

// path walks back from a class: a grade a year, and from the first grade to the
// last of the stage before, in the same institute where it has one.
func (p *places) path(s stream, c *class, years int) []*class {
	path := make([]*class, years+1)
	path[0] = c
	for back := 1; back <= years; back++ {
		if c = p.before(s, c); c == nil || s.chance(moversShare) {
			break
		}
		path[back] = c
	}
	return path
}

// before returns the class a child was in a year earlier, nil before school.
func (p *places) before(s stream, c *class) *class {
	if c.grade > 1 {
		return p.class(c.school, c.grade-1, c.section)
	}
	earlier := map[canteen.Stage]canteen.Stage{
		canteen.StagePrimaria:   canteen.StageInfanzia,
		canteen.StageSecondaria: canteen.StagePrimaria,
	}[c.school.stage]
	if earlier == "" {
		return nil
	}
	var near, all []*school
	for _, one := range p.schools {
		if one.stage == earlier {
			all = append(all, one)
			if one.institute == c.school.institute {
				near = append(near, one)
			}
		}
	}
	if len(near) == 0 {
		near = all
	}
	from := near[s.IntN(len(near))]
	return p.class(from, stages[earlier].grades, string(rune('A'+s.IntN(from.sections))))
}

// take takes a seat of an institute and year of age; false when there is none.
func (s *slots) take(institute, age int) (slot, bool) {
	pool := s.free[institute][age]
	if len(pool) == 0 {
		return slot{}, false
	}
	s.free[institute][age] = pool[:len(pool)-1]
	s.left--
	return pool[len(pool)-1], true
}

// takeWhere takes the first seat a test accepts, from the first institute on;
// when none is accepted, any seat.
func (s *slots) takeWhere(want func(*class) bool) slot {
	for institute := range s.free {
		for age := range s.free[institute] {
			pool := s.free[institute][age]
			for i := range pool {
				if want(pool[i].path[0]) {
					pool[i], pool[len(pool)-1] = pool[len(pool)-1], pool[i]
					one, _ := s.take(institute, age)
					return one
				}
			}
		}
	}
	for institute := range s.free {
		for age := range s.free[institute] {
			if one, ok := s.take(institute, age); ok {
				return one
			}
		}
	}
	panic("demo: the town has no seat left")
}

// age draws a year of age among the free seats of an institute, those with many
// more often; false when it has none.
func (s *slots) age(draw stream, institute int) (int, bool) {
	var weights [cohorts]int
	sum := 0
	for age := range cohorts {
		weights[age] = len(s.free[institute][age])
		sum += weights[age]
	}
	if sum == 0 {
		return 0, false
	}
	return draw.weighted(weights[:]), true
}
