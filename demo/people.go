package demo

import (
	"fmt"
	"strings"

	"refettorio/canteen"
)

// person is somebody of the town.
type person struct {
	surname, name string
	sex           byte // 'M' or 'F'
	born          canteen.Date
	birthplace    town
	cf            canteen.CodiceFiscale
}

// guardian is a person who acts for children.
type guardian struct {
	person
	id      canteen.GuardianID // known once it is in the record
	login   string
	phone   string
	email   string
	address string
	city    string
	code    string // of the city

	registered bool // at the counter, when the service began
	byCode     bool // proves its address on the portal instead
}

// fullName is how the counter writes for whom it acts.
func (g *guardian) fullName() string { return g.name + " " + g.surname }

// child is a pupil. path is its class in the present school year, in the one
// before, and so on; nil where it was not in the service.
type child struct {
	person
	pan       canteen.PAN
	path      []*class
	diet      string
	guardians []*guardian
	family    *family
	purse     purse
	sitsOn    canteen.Date // the last day on which a meal was planned for it
}

// enrolled tells whether the child was in the service some years back.
func (c *child) enrolled(back int) bool { return back < len(c.path) && c.path[back] != nil }

// family is a household: its guardians, its children from the eldest.
type family struct {
	from      *origin
	guardians []*guardian
	children  []*child
	band      string
	outside   bool
}

// registry invents people and sees to it that no two have the same codice
// fiscale.
type registry struct {
	draw  stream
	taken map[canteen.CodiceFiscale]bool
	count int
}

func newRegistry(seed uint64) *registry {
	return &registry{draw: streamOf(seed, "people"), taken: map[canteen.CodiceFiscale]bool{}}
}

// born gives a person a birth in a calendar year, and the code that follows.
func (r *registry) born(p *person, year int, place town) {
	for {
		p.born = canteen.NewDate(year, 1, 1).AddDays(r.draw.IntN(365))
		p.birthplace = place
		cf, err := canteen.ComputeCodiceFiscale(p.surname, p.name, p.sex, p.born, place.code)
		if err != nil {
			panic(fmt.Sprintf("demo: no codice fiscale for %s %s: %v", p.surname, p.name, err))
		}
		if !r.taken[cf] {
			r.taken[cf], p.cf = true, cf
			return
		}
	}
}

// placeOfBirth is abroad for a person of a foreign family with a chance of
// abroad in a hundred.
func (r *registry) placeOfBirth(from *origin, abroad float64) town {
	if from.country.code != "" && r.draw.chance(abroad) {
		return from.country
	}
	u := r.draw.Float64()
	return birthTowns[int(float64(len(birthTowns))*u*u)]
}

// parent invents a guardian of children of whom the eldest was born in a year.
func (r *registry) parent(from *origin, sex byte, surname string, eldest int) *guardian {
	names, age := from.men, r.draw.between(24, 44)
	if sex == 'F' {
		names, age = from.women, r.draw.between(22, 39)
	}
	g := &guardian{person: person{surname: surname, name: r.draw.one(names), sex: sex}}
	r.born(&g.person, eldest-age, r.placeOfBirth(from, 96))
	r.contacts(g)
	return g
}

// contacts gives a guardian a login, and mostly a telephone and an address.
func (r *registry) contacts(g *guardian) {
	r.count++
	g.login = loginOf(g.name, g.surname)
	if r.draw.chance(95) {
		g.phone = fmt.Sprintf("+39300%07d", r.draw.IntN(10_000_000))
	}
	if r.draw.chance(88) {
		g.email = fmt.Sprintf("%s%d@example.org", g.login, r.count)
	}
}

// loginOf is "elena.rossi" for Elena Rossi.
func loginOf(name, surname string) string {
	return word(name) + "." + word(surname)
}

func word(s string) string { return strings.ReplaceAll(canteen.Fold(s), " ", "") }

// home gives guardians an address.
func (r *registry) home(outside bool, at ...*guardian) {
	address := fmt.Sprintf("%s, %d", r.draw.one(streets), r.draw.between(1, 140))
	city, code := homeTown, homePostCode
	if outside {
		n := r.draw.IntN(len(villages))
		city, code = villages[n], fmt.Sprintf("7108%d", n)
	}
	for _, g := range at {
		g.address, g.city, g.code = address, city, code
	}
}

// kid invents a child for a place in a class.
func (r *registry) kid(from *origin, surname string, year int) *child {
	c := &child{person: person{surname: surname, sex: 'M'}}
	names := from.boys
	if r.draw.chance(49) {
		c.sex, names = 'F', from.girls
	}
	c.name = r.draw.one(names)
	r.born(&c.person, year, r.placeOfBirth(from, 25))
	return c
}
