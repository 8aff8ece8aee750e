package store

import (
	"slices"

	"refettorio/canteen"
)

// RenewalPlan is what a renewal of a year's enrolments does, school by school.
type RenewalPlan struct {
	Year, Next string
	Renews     bool // the window says that a place is asked again by itself; else the family confirms
	Schools    []RenewalSchool
}

// RenewalSchool counts the children who eat in a school this year by what the
// next brings them.
type RenewalSchool struct {
	School  canteen.School
	Same    int // to the next class of the school
	Choose  int // the family chooses the next school
	Out     int // the child leaves the service
	Sent    int // already asked for next year, or already in a class
	Begun   int // a proposal or a draft waits for the family
	Nobody  int // no guardian in the record could be asked: the office calls
	Written int // applications this run has written
}

// PreviewRenewal tells what RenewEnrolments would do.
func (s *Store) PreviewRenewal(act Act, year string) (plan RenewalPlan, err error) {
	err = s.view(act, func(tx *tx) error {
		if plan, err = tx.renewalPlan(year); err != nil {
			return err
		}
		for i := range plan.Schools {
			tx.renewSchool(&plan, i, false)
		}
		return nil
	})
	return plan, err
}

// RenewEnrolments prepares next year's application of every child with a
// validated place at the end of a year: nobody starts from nothing in September
// (story 37). Where the window says so it is submitted at once, with its receipt;
// else, and where the family must choose a school, it waits as a draft and the
// guardians are told. Each school is one transaction; a run that was cut off, or
// is repeated, asks only for the children still missing. It may return Forbidden
// and Invalid.
func (s *Store) RenewEnrolments(act Act, year string) (plan RenewalPlan, err error) {
	err = s.view(act, func(tx *tx) error {
		plan, err = tx.renewalPlan(year)
		return err
	})
	if err != nil {
		return plan, err
	}
	for i := range plan.Schools {
		empty := plan.Schools[i]
		err := s.update(act, func(tx *tx) error {
			plan.Schools[i] = empty
			if err := mayKeep(act); err != nil {
				return err
			}
			tx.renewSchool(&plan, i, true)
			if n := plan.Schools[i].Written; n > 0 {
				tx.logChange("renewal", plan.Next, plan.Schools[i].School.Code)
			}
			return tx.err
		})
		if err != nil {
			return plan, err
		}
	}
	return plan, nil
}

func (tx *tx) renewalPlan(year string) (plan RenewalPlan, err error) {
	if err := mayKeep(tx.act); err != nil {
		return plan, err
	}
	settings := tx.enrolmentSettings()
	plan = RenewalPlan{Year: year, Next: canteen.NextYear(year)}
	if plan.Next == "" {
		return plan, canteen.Invalid("year", "error.schoolYear", year)
	}
	window := settings.Window(plan.Next)
	plan.Renews = window.Renews
	for _, school := range tx.townNow().schools {
		plan.Schools = append(plan.Schools, RenewalSchool{School: school})
	}
	return plan, nil
}

// renewSchool counts the children of a school, and writes their applications when
// told to.
func (tx *tx) renewSchool(plan *RenewalPlan, i int, write bool) {
	town, sum := tx.townNow(), &plan.Schools[i]
	var next []canteen.Class
	for _, c := range town.ofSchool[sum.School.ID] {
		if c.Year == plan.Next {
			next = append(next, *c)
		}
	}
	seated := tx.classLists()
	for _, class := range town.ofSchool[sum.School.ID] {
		if class.Year != plan.Year {
			continue
		}
		list := seated(class.ID)
		for j := range list {
			if e := &list[j]; e.State == canteen.Validated && e.Until == 0 {
				tx.renewOne(plan, sum, e, class, next, write)
			}
		}
	}
}

// renewOne decides for one child who is in its class until the end of the year.
func (tx *tx) renewOne(plan *RenewalPlan, sum *RenewalSchool, e *canteen.Enrolment, class *canteen.Class, next []canteen.Class, write bool) {
	p, ok := tx.pupil(e.Pupil)
	if !ok {
		return
	}
	a, kind := canteen.Renewal(&p, e, class, &sum.School, next, canteen.DateOf(tx.now))
	switch {
	case kind == canteen.RenewOut:
		sum.Out++
		return
	case len(p.Guardians) == 0:
		sum.Nobody++
		return
	case tx.enrolledIn(p.PAN, plan.Next):
		sum.Sent++
		return
	}
	if there := tx.applicationsFor(&a); len(there) > 0 {
		if slices.ContainsFunc(there, func(b canteen.Application) bool { return b.State == canteen.Draft }) {
			sum.Begun++
		} else {
			sum.Sent++ // also one that was withdrawn: the family has said no
		}
		return
	}
	if kind == canteen.RenewSame {
		sum.Same++
	} else {
		sum.Choose++
	}
	if write {
		tx.propose(&a, &p, plan.Renews && kind == canteen.RenewSame)
		sum.Written++
	}
}

// propose writes a proposal and tells the guardians.
func (tx *tx) propose(a *canteen.Application, p *canteen.Pupil, submit bool) {
	a.Handle, a.Applicant, a.Started = tx.newHandle(), p.Guardians[0], tx.now
	a.Step = int(canteen.LastStep)
	kind := "application.renewal"
	if submit {
		tx.submit(a, "renewed")
		kind = "application.renewed"
	} else {
		a.History = []canteen.StepTaken{tx.step("proposed", "")}
		tx.putApplication(a)
	}
	for _, g := range p.Guardians {
		tx.tell(g, kind, Fact{Text: p.Name}, Fact{Text: a.Year})
	}
}
