package demo

import (
	"errors"
	"fmt"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// planApplications are the enrolments of these weeks: new children of this year,
// who come late, and those of the next, for whom the window is open.
func (b *builder) planApplications(c *cast) {
	b.planNextYear(c)
	if e, ok := c.entry(); ok && b.eatsThisYear(e) {
		b.planLatecomers(c, e)
	}
	b.planDebtor(c)
	b.planOpinions(c)
}

// eatsThisYear tells whether a place has a meal left in the school year.
func (b *builder) eatsThisYear(e entry) bool {
	for _, k := range b.places.classes {
		if k.school.institute == 0 && k.school.stage == canteen.StageInfanzia {
			day, ok := b.life.calendar.NextService(b.today.AddDays(1), k.school.code, k.scope(), k.weekdays)
			return ok && firstYearOf(day) == b.present
		}
	}
	return false
}

// planNextYear are two families of the leaflet: one has confirmed its child for
// the next school year, one has begun to.
func (b *builder) planNextYear(c *cast) {
	if mother := b.guardian("elena.rossi"); mother != nil {
		b.planAsk(b.workday(6, 21*60+15), mother, func() (string, error) {
			return b.apply(mother.act(), b.nextYear(c, b.firstChildOf(mother)), canteen.LastStep)
		})
	}
	if mother := b.guardian("francesca.marino"); mother != nil {
		youngest := b.lastChildOf(mother)
		b.plan(b.workday(2, 22*60+4), "draft of "+mother.login, func() error {
			_, err := b.apply(mother.act(), b.nextYear(c, youngest), canteen.StepSchool)
			return err
		})
	}
}

// lastChildOf is a guardian's youngest.
func (b *builder) lastChildOf(g *guardian) *child {
	youngest := b.firstChildOf(g)
	for _, one := range youngest.family.children {
		for _, parent := range one.guardians {
			if parent == g {
				youngest = one
			}
		}
	}
	return youngest
}

// asked is an application as a family fills it in.
type asked struct {
	year    string
	pan     canteen.PAN // 0: a child the service does not know
	answers canteen.Application
}

// nextYear asks for the next school year of a child's school, or for the stage
// after it in the same institute.
func (b *builder) nextYear(c *cast, one *child) asked {
	at, grade := one.path[0].school, one.path[0].grade+1
	if grade > stages[at.stage].grades {
		after := map[canteen.Stage]canteen.Stage{canteen.StageInfanzia: canteen.StagePrimaria, canteen.StagePrimaria: canteen.StageSecondaria}[at.stage]
		for _, s := range b.places.schools {
			if s.stage == after && s.institute == at.institute {
				at, grade = s, 1
				break
			}
		}
	}
	return asked{year: schoolYear(b.present + 1).Name, pan: one.pan, answers: canteen.Application{Privacy: privacyNotice,
		School: c.schools[at.code], Grade: fmt.Sprint(grade), Band: bandAsked(one.family)}}
}

// bandAsked is the reduction a family asks for: the full price is asked by nobody.
func bandAsked(f *family) string {
	if f.band == bandFull {
		return ""
	}
	return f.band
}

// newChild asks for a place of this school year for a child of a family that the
// service does not know.
func (b *builder) newChild(c *cast, f *family, e entry) asked {
	return asked{year: e.class.Year, answers: canteen.Application{Privacy: privacyNotice, Child: c.newborn(f.surname(), f, e), School: e.school,
		Grade: e.class.Grade, Class: e.class.ID, Band: bandAsked(f)}}
}

// apply fills an application in up to a step.
func (b *builder) apply(act store.Act, a asked, last canteen.ApplicationStep) (handle string, err error) {
	if handle, err = b.store.StartApplication(act, a.year, a.pan); err != nil {
		return "", err
	}
	for step := canteen.StepPrivacy; step <= last; step++ {
		if _, err := b.store.SaveApplication(act, handle, step, a.answers); err != nil {
			return "", fmt.Errorf("step %s: %w", step, err)
		}
	}
	return handle, nil
}

// planAsk plans that a guardian fills an application in and sends it a few
// minutes later.
func (b *builder) planAsk(at time.Time, by *guardian, fill func() (string, error)) (handle *string) {
	handle = new(string)
	b.plan(at, "application of "+by.login, func() (err error) {
		if *handle, err = fill(); err != nil {
			return err
		}
		b.clock.set(b.notAfterNow(b.clock.now().Add(7 * time.Minute)))
		_, err = b.store.SubmitApplication(by.act(), *handle)
		return err
	})
	return handle
}

// planLatecomers are the children who come during the year: one has waited
// longer than it should, one was sent back, two were accepted today, one is the
// little brother of a child of the leaflet.
func (b *builder) planLatecomers(c *cast, e entry) {
	ask := func(f *family, at time.Time) *string {
		a := b.newChild(c, f, e)
		by := f.guardians[0]
		return b.planAsk(at, by, func() (string, error) { return b.apply(by.act(), a, canteen.LastStep) })
	}
	if f, ok := c.family(); ok {
		b.planForgotten(f, b.newChild(c, f, e))
	}
	if f, ok := c.family(); ok {
		ask(f, b.workday(8, 20*60+31))
	}
	if f, ok := c.family(); ok {
		back := ask(f, b.workday(5, 13*60+47))
		b.plan(b.workday(4, 11*60+5), "return", func() error {
			return b.store.Return(secretary, *back, "La sezione che hai indicato è al completo: scegline un'altra della stessa scuola e rimanda la domanda.")
		})
	}
	if mother := b.guardian("chiara.lombardi"); mother != nil {
		ask(b.firstChildOf(mother).family, b.workday(1, 20*60+15))
	}
	if !b.atWork() {
		return
	}
	for i := range 2 {
		f, ok := c.family()
		if !ok {
			return
		}
		sent := ask(f, b.workday(3-i, 19*60+22))
		b.plan(b.opt.Now.Add(time.Duration(i-12)*time.Minute), "validation", func() error { return b.validate(*sent) })
	}
}

// planForgotten is a draft nobody came back to: the job of retention takes it away
// in a town that is old enough.
func (b *builder) planForgotten(f *family, a asked) {
	by := f.guardians[0]
	b.plan(b.workday(58, 22*60+40), "draft of "+by.login, func() error {
		_, err := b.apply(by.act(), a, canteen.StepChild)
		return err
	})
}

// planOpinions is what two families thought of it.
func (b *builder) planOpinions(c *cast) {
	for i, r := range []canteen.Rating{
		{Service: canteen.RatingEnrolment, Stars: 5, Reason: 1, Text: "Fatto dal telefono in cinque minuti."},
		{Service: canteen.RatingEnrolment, Stars: 3, Reason: 2, Text: "Non sapevo la sezione, l'ho dovuta chiedere a scuola."},
	} {
		if f, ok := c.family(); ok {
			b.plan(b.workday(6-i, 21*60+30), "opinion", func() error { return b.store.Rate(f.guardians[0].act(), r) })
		}
	}
}

// validate has the school accept an application.
func (b *builder) validate(handle string) error {
	out, err := b.store.Validate(secretary, []store.ValidationRequest{{Handle: handle}})
	if err != nil {
		return err
	}
	switch out[0].Outcome {
	case canteen.ValidationDone:
		b.newPupils = append(b.newPupils, out[0].Pupil)
	case canteen.ValidationStopped: // the family has run into debt, and waits
	default:
		return errors.New("the school answered " + string(out[0].Outcome))
	}
	return nil
}

// oldDebt is the debt with which somebody comes to the scene of the stopped
// application: well above the threshold of the rule.
const oldDebt canteen.Cents = -15_00

// planDebtor is a family in debt that asks for the next school year: the school
// cannot go on with it. It is looked for when the scene is played, among the
// accounts as they are then; the one of the leaflet is looked at first.
func (b *builder) planDebtor(c *cast) {
	b.plan(b.workday(1, 18*60+50), "application of a family in debt", func() error {
		for _, one := range b.census.children {
			by := one.guardians[0]
			if one.purse.balance > oldDebt || one.path[0].school.institute != 0 || by.id == 0 || one.path[0].cohort() == cohorts-1 {
				continue
			}
			handle, err := b.apply(by.act(), b.nextYear(c, one), canteen.LastStep)
			if err != nil {
				return err
			}
			_, err = b.store.SubmitApplication(by.act(), handle)
			return err
		}
		return nil
	})
}

// surname is that of the family's children, of its guardian while it has none.
func (f *family) surname() string {
	if len(f.children) == 0 {
		return f.guardians[0].surname
	}
	return f.children[0].surname
}
