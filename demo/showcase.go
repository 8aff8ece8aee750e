package demo

import (
	"fmt"

	"refettorio/canteen"
)

// showcase is a family people log in as. All else about it is invented like
// everybody's.
type showcase struct {
	surname   string // of the children
	guardians []showGuardian
	children  []showChild
	from      *origin
	band      string
	apart     bool // the guardians live at two addresses
	mood      mood
}

type showGuardian struct {
	surname, name string
	sex           byte
	login         string // empty: no login
}

type showChild struct {
	name  string
	sex   byte
	stage canteen.Stage
	grade int
	diet  string
}

// showcases are the families of the leaflet: one child and parents apart; three
// children in three schools; a debt; an exemption; a coeliac child; a family
// from abroad with a long name.
var showcases = []showcase{
	{surname: "Rizzi", from: &italy, band: "F4", apart: true, mood: easy,
		guardians: []showGuardian{{"Rossi", "Elena", 'F', "elena.rossi"}, {"Rizzi", "Andrea", 'M', "andrea.rizzi"}},
		children:  []showChild{{"Tommaso", 'M', canteen.StagePrimaria, 3, ""}}},
	{surname: "Colucci", from: &italy, band: "F2", mood: easy,
		guardians: []showGuardian{{"Marino", "Francesca", 'F', "francesca.marino"}, {"Colucci", "Davide", 'M', ""}},
		children: []showChild{{"Ginevra", 'F', canteen.StageSecondaria, 2, ""}, {"Pietro", 'M', canteen.StagePrimaria, 4, ""},
			{"Azzurra", 'F', canteen.StageInfanzia, 2, ""}}},
	{surname: "Petrone", from: &italy, band: "F3", mood: indebted,
		guardians: []showGuardian{{"Petrone", "Giuseppe", 'M', "giuseppe.petrone"}, {"Grasso", "Daniela", 'F', ""}},
		children:  []showChild{{"Michele", 'M', canteen.StagePrimaria, 5, ""}}},
	{surname: "Ferrante", from: &italy, band: canteen.BandExempt, mood: easy,
		guardians: []showGuardian{{"Ferrante", "Rosa", 'F', "rosa.ferrante"}},
		children:  []showChild{{"Noemi", 'F', canteen.StageInfanzia, 3, ""}}},
	{surname: "De Santis", from: &italy, band: "F4", mood: easy,
		guardians: []showGuardian{{"Lombardi", "Chiara", 'F', "chiara.lombardi"}, {"De Santis", "Marco", 'M', ""}},
		children:  []showChild{{"Beatrice", 'F', canteen.StagePrimaria, 2, "G1"}}},
	{surname: "El Mansouri Benabdellah", from: &morocco, band: "F1", mood: thin,
		guardians: []showGuardian{{"El Mansouri Benabdellah", "Khadija", 'F', "khadija.elmansouri"}, {"Benabdellah", "Abdelkader", 'M', ""}},
		children: []showChild{{"Yasmine Nour", 'F', canteen.StagePrimaria, 1, "R1"},
			{"Ibrahim", 'M', canteen.StageInfanzia, 1, "R1"}}},
}

// showcase puts a family of the leaflet into the town.
func (m *matchmaker) showcase(as *showcase, c *census) *family {
	f := &family{from: as.from, band: as.band}
	eldest := m.present
	for _, one := range as.children {
		eldest = min(eldest, m.birthYear(stages[one.stage].cohort+one.grade-1))
	}
	for _, one := range as.guardians {
		g := m.parent(as.from, one.sex, one.surname, eldest)
		delete(m.taken, g.cf)
		g.name = one.name
		m.born(&g.person, g.born.Year(), g.birthplace)
		m.contacts(g)
		if one.login != "" {
			g.login = one.login
			m.reachable(g)
			g.byCode = as.apart && len(f.guardians) > 0
			c.showcase = append(c.showcase, g)
		}
		if as.apart {
			m.home(false, g)
		}
		f.guardians = append(f.guardians, g)
	}
	if !as.apart {
		m.home(false, f.guardians...)
	}
	for _, one := range as.children {
		f.children = append(f.children, m.showChild(as, one, f))
	}
	return f
}

// reachable sees to it that somebody of the leaflet has an e-mail and a telephone.
func (m *matchmaker) reachable(g *guardian) {
	g.email = g.login + "@example.org"
	if g.phone == "" {
		g.phone = fmt.Sprintf("+39300%07d", m.count)
	}
}

// showChild seats a child of the leaflet where the class eats most often.
func (m *matchmaker) showChild(as *showcase, is showChild, f *family) *child {
	seat := m.free.takeWhere(func(c *class) bool {
		return c.school.stage == is.stage && c.grade == is.grade &&
			(c.weekdays == canteen.MonToFri || is.stage == canteen.StageSecondaria)
	})
	one := &child{person: person{surname: as.surname, name: is.name, sex: is.sex}, path: seat.path,
		diet: is.diet, guardians: f.guardians}
	m.born(&one.person, m.birthYear(seat.path[0].cohort()), birthTowns[0])
	one.purse.mood = as.mood
	return one
}
