package demo

import (
	"fmt"
	"strconv"
	"strings"

	"refettorio/canteen"
)

// kitchens are the cooking centres; schools are handed out to them in turn.
var kitchens = [...]string{"Centro di cottura Via Appulo", "Centro di cottura Zona Artigianale"}

// school is a building; class one of its classes, which keeps its days of
// service from year to year while the children move on.
type school struct {
	code, name string
	stage      canteen.Stage
	institute  int // its number, from 0
	kitchen    string
	sections   int
}

type class struct {
	school   *school
	grade    int
	section  string
	weekdays canteen.Weekdays
	staff    int
	seats    int // pupils in the present school year
}

func (c *class) name() string { return strconv.Itoa(c.grade) + c.section }

// scope is the class's key in the calendar.
func (c *class) scope() string { return c.school.code + " " + c.name() }

// cohort numbers the years of age a class takes: 0 for those who are three.
func (c *class) cohort() int { return stages[c.school.stage].cohort + c.grade - 1 }

// stagePlan says how the schools of a stage are made. Sections run through all
// grades; of 1,500 pupils, sections is how many there are.
type stagePlan struct {
	letters   string // of the school codes
	title     string
	names     []string
	grades    int
	cohort    int // of the first grade
	sections  int
	perSchool []int              // sections of a school, in turn
	weekdays  []canteen.Weekdays // of a section, in turn
	staff     int
}

const (
	tueThu    canteen.Weekdays = 0b0001010
	monWedFri canteen.Weekdays = 0b0010101
	thursday  canteen.Weekdays = 0b0001000
)

// cohorts are the years of age from infanzia to the end of secondaria.
const cohorts = 11

var stages = map[canteen.Stage]*stagePlan{
	canteen.StageInfanzia: {letters: "AA", title: "Scuola dell'infanzia", names: []string{
		"Arcobaleno", "Il Girasole", "Collodi", "La Rondine", "L'Aquilone", "Il Melograno", "Il Grillo Parlante", "La Coccinella"},
		grades: 3, cohort: 0, sections: 8, perSchool: []int{2, 1, 2, 1, 2},
		weekdays: []canteen.Weekdays{canteen.MonToFri}, staff: 2},
	canteen.StagePrimaria: {letters: "EE", title: "Scuola primaria", names: []string{
		"Gianni Rodari", "Maria Montessori", "Edmondo De Amicis", "Elsa Morante", "Italo Calvino", "Grazia Deledda", "Giovanni Pascoli"},
		grades: 5, cohort: 3, sections: 7, perSchool: []int{2},
		weekdays: []canteen.Weekdays{canteen.MonToFri, tueThu, canteen.MonToFri, monWedFri}, staff: 1},
	canteen.StageSecondaria: {letters: "MM", title: "Scuola secondaria di primo grado", names: []string{
		"Don Milani", "Dante Alighieri", "Rita Levi-Montalcini", "Alessandro Manzoni", "Giuseppe Di Vittorio"},
		grades: 3, cohort: 8, sections: 5, perSchool: []int{2, 2, 1},
		weekdays: []canteen.Weekdays{monWedFri}, staff: 1},
}

// stageOrder is the order in which stages are made.
var stageOrder = []canteen.Stage{canteen.StageInfanzia, canteen.StagePrimaria, canteen.StageSecondaria}

// unit is the number of pupils for which stagePlan.sections is given.
const unit = 1500

// places are the schools and classes of the town.
type places struct {
	institutes []string
	schools    []*school
	classes    []*class
	found      map[classKey]*class
}

type classKey struct {
	school  *school
	grade   int
	section string
}

func (p *places) class(s *school, grade int, section string) *class {
	return p.found[classKey{s, grade, section}]
}

// newPlaces makes as many schools as a number of pupils needs, and seats them.
func newPlaces(s stream, pupils int) *places {
	p := &places{found: map[classKey]*class{}}
	for i, stage := range stageOrder {
		p.addStage(stage, i, max(1, (stages[stage].sections*pupils+unit/2)/unit))
	}
	p.institutes = instituteNames(min(p.count(canteen.StageSecondaria), maxInstitutes))
	ordinals := map[string]int{}
	for _, one := range p.schools {
		one.institute %= len(p.institutes)
		key := fmt.Sprint(one.stage, one.institute)
		ordinals[key]++
		one.code = schoolCode(stages[one.stage].letters, one.institute, ordinals[key])
	}
	p.classes[len(p.classes)-1].weekdays = thursday // the one class with a single afternoon
	seat(s, p.classes, pupils)
	return p
}

// addStage adds the schools of a stage with their classes.
func (p *places) addStage(stage canteen.Stage, turn, sections int) {
	plan := stages[stage]
	for i, made := 0, 0; made < sections; i++ {
		one := &school{name: schoolName(plan, i), stage: stage, institute: i,
			kitchen: kitchens[(i+turn)%len(kitchens)], sections: min(plan.perSchool[i%len(plan.perSchool)], sections-made)}
		p.schools = append(p.schools, one)
		for n := range one.sections {
			p.addSection(plan, one, n, plan.weekdays[(made+n)%len(plan.weekdays)])
		}
		made += one.sections
	}
}

func (p *places) addSection(plan *stagePlan, of *school, n int, weekdays canteen.Weekdays) {
	for grade := 1; grade <= plan.grades; grade++ {
		c := &class{school: of, grade: grade, section: string(rune('A' + n)), weekdays: weekdays, staff: plan.staff}
		p.classes = append(p.classes, c)
		p.found[classKey{of, grade, c.section}] = c
	}
}

func (p *places) count(stage canteen.Stage) (n int) {
	for _, one := range p.schools {
		if one.stage == stage {
			n++
		}
	}
	return n
}

func schoolName(plan *stagePlan, i int) string {
	name := plan.title + " " + plan.names[i%len(plan.names)]
	if round := i / len(plan.names); round > 0 {
		name += " " + strconv.Itoa(round+1)
	}
	return name
}

// instituteNames invents n comprehensive institutes.
func instituteNames(n int) []string {
	names := []string{"I.C. Porta Sveva", "I.C. Terra Vecchia", "I.C. Federico di Svevia"}
	for len(names) < n {
		names = append(names, "I.C. Borgoluce "+strconv.Itoa(len(names)+1))
	}
	return names[:n]
}

// maxInstitutes is how many institutes two characters can number.
const maxInstitutes = 36 * 36

// schoolCode makes a codice meccanografico of the province of Foggia: the type,
// a 9 no institute there has, the institute, the school and a letter.
func schoolCode(letters string, institute, ordinal int) string {
	number := strings.ToUpper(strconv.FormatInt(int64(institute), 36))
	body := fmt.Sprintf("FG%s9%2s%02d", letters, number, ordinal)
	body = strings.ReplaceAll(body, " ", "0")
	sum := 0
	for i := range len(body) {
		sum += (i + 1) * int(body[i])
	}
	return body + string(rune('A'+sum%26))
}

// The size of a real class.
const minClass, maxClass = 16, 26

// seat spreads the pupils over the classes, unevenly as in life but within the
// size of a real class where their number allows it.
func seat(s stream, classes []*class, pupils int) {
	for i, c := range classes {
		c.seats = pupils / len(classes)
		if i < pupils%len(classes) {
			c.seats++
		}
	}
	for range 6 * len(classes) {
		from, to := classes[s.IntN(len(classes))], classes[s.IntN(len(classes))]
		if from.seats > minClass && to.seats < maxClass {
			from.seats--
			to.seats++
		}
	}
}
