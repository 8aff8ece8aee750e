package demo

import (
	"cmp"
	"slices"
	"strconv"

	"refettorio/canteen"
	"refettorio/store"
)

// cast hands out the people and the places of the scenes: ordinary families, each
// once, and children who are not in the service yet.
type cast struct {
	b        *builder
	luck     stream
	registry *registry
	families []*family // ordinary ones, in order
	schools  map[string]canteen.SchoolID
	classes  []canteen.Class // of the present school year
}

func newCast(b *builder, view store.Town) *cast {
	c := &cast{b: b, luck: streamOf(b.opt.Seed, "cast"), registry: newRegistry(b.opt.Seed), schools: map[string]canteen.SchoolID{}}
	c.registry.draw = streamOf(b.opt.Seed, "newcomers")
	for _, f := range b.census.families {
		for _, one := range f.guardians {
			c.registry.taken[one.cf] = true
		}
		for _, one := range f.children {
			c.registry.taken[one.cf] = true
		}
	}
	for _, s := range view.Schools {
		c.schools[s.Code] = s.ID
	}
	year := schoolYear(b.present).Name
	for _, one := range view.Classes {
		if one.Year == year {
			c.classes = append(c.classes, one)
		}
	}
	for _, f := range b.census.families[len(showcases):] {
		if c.fits(f) {
			c.families = append(c.families, f)
		}
	}
	return c
}

// fits tells whether a family of the first institute may have a younger child
// that comes to school this year, and no debt.
func (c *cast) fits(f *family) bool {
	youngest := slices.MaxFunc(f.children, func(a, b *child) int { return cmp.Compare(a.born, b.born) })
	for _, one := range f.children {
		if one.purse.mood == owing {
			return false // the school could not go on
		}
	}
	return f.from == &italy && !f.outside && youngest.path[0].school.institute == 0 &&
		youngest.born.Year() <= c.b.present-5 && youngest.guardians[0].id != 0
}

// family returns the next ordinary family; false when the town has no other.
func (c *cast) family() (f *family, ok bool) {
	if len(c.families) == 0 {
		return nil, false
	}
	f, c.families = c.families[0], c.families[1:]
	return f, true
}

// entry is the place of a child that comes to the service.
type entry struct {
	school canteen.SchoolID
	class  canteen.Class
	age    int // as class.cohort
}

// entry returns a class of the first institute's infanzia, the youngest there is.
func (c *cast) entry() (e entry, ok bool) {
	for _, k := range c.b.places.classes {
		if k.school.stage != canteen.StageInfanzia || k.school.institute != 0 || ok && e.age <= k.cohort() {
			continue
		}
		id := c.schools[k.school.code]
		for _, one := range c.classes {
			if one.School == id && one.Grade == strconv.Itoa(k.grade) && one.Section == k.section {
				e, ok = entry{id, one, k.cohort()}, true
			}
		}
	}
	return e, ok
}

// newborn invents a younger child of a family, old enough for a place.
func (c *cast) newborn(surname string, f *family, e entry) canteen.Child {
	names := f.from.boys
	one := person{surname: surname, sex: 'M'}
	if c.luck.chance(50) {
		one.sex, names = 'F', f.from.girls
	}
	for taken := true; taken; {
		one.name = c.luck.one(names)
		taken = slices.ContainsFunc(f.children, func(other *child) bool { return other.name == one.name })
	}
	c.registry.born(&one, c.b.present-3-e.age, birthTowns[0])
	return canteen.Child{CodiceFiscale: one.cf, Surname: one.surname, Name: one.name, Born: one.born, Sex: string(one.sex),
		Birthplace: one.birthplace.name}
}
