package store

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"refettorio/canteen"
)

// secretary is the act of a school's login, created at need.
func secretary(t testing.TB, s *Store, school string) Act {
	t.Helper()
	login := "segreteria-" + strings.ToLower(school)
	err := s.AddUser(Console(), User{Login: login, Name: "S.", Role: canteen.RoleSchool, Schools: []string{school}}, "")
	if err != nil && canteen.KindOf(err) != canteen.KindConflict {
		t.Fatal(err)
	}
	return Act{Actor: canteen.Actor{Login: login, Role: canteen.RoleSchool}, Channel: canteen.ChannelWeb}
}

// The codes of the small town's schools.
const (
	codeInfanzia = "FGAA00001A"
	codePrimaria = "FGEE00002B"
)

// candidate makes a submitted application for a new child of primaria 1A, by a
// new person unless change names another; change adjusts what is asked.
func (town *smallTown) candidate(t testing.TB, n int, change func(*canteen.Application)) canteen.Application {
	t.Helper()
	a := canteen.Application{State: canteen.Submitted, Year: "2026/27", School: primaria, Class: town.class["primaria 1A"], Grade: "1",
		Child: canteen.Child{CodiceFiscale: canteen.CodiceFiscale(fmt.Sprintf("NEW%013d", n)), Surname: fmt.Sprintf("Neri%02d", n),
			Name: "Luce", Born: 20200105}}
	if change != nil {
		change(&a)
	}
	err := town.s.updateAlone(Console(), func(tx *tx) error {
		a.Handle, a.Started = tx.newHandle(), tx.now
		if a.Applicant == 0 {
			g := canteen.Guardian{ID: canteen.GuardianID(tx.next(guardians)), Surname: a.Child.Surname, Name: "Alba",
				CodiceFiscale: canteen.CodiceFiscale(fmt.Sprintf("ASK%013d", n))}
			tx.putGuardian(g)
			a.Applicant = g.ID
		}
		state := a.State
		tx.handIn(&a)
		a.State = state
		tx.putApplication(&a)
		return tx.err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// handIn writes an application as its family has sent it.
func (tx *tx) handIn(a *canteen.Application) {
	tx.submit(a, canteen.Submitted.String())
}

// putAway withdraws an application that names what cannot be.
func (town *smallTown) putAway(t testing.TB, a canteen.Application) {
	t.Helper()
	a.State, a.Class = canteen.Withdrawn, 0
	if err := town.s.updateAlone(Console(), func(tx *tx) error { tx.putApplication(&a); return tx.err }); err != nil {
		t.Fatal(err)
	}
}

// validated validates one application and wants an outcome.
func validated(t testing.TB, s *Store, act Act, a canteen.Application, want canteen.ValidationOutcome) Validation {
	t.Helper()
	out, err := s.Validate(act, []ValidationRequest{{Handle: a.Handle}})
	if err != nil {
		t.Fatalf("validate %s: %v", a.Child.Surname, err)
	}
	if out[0].Outcome != want {
		t.Fatalf("validate %s: got %q, want %q", a.Child.Surname, out[0].Outcome, want)
	}
	return out[0]
}

// applicationNow reads an application back.
func applicationNow(t testing.TB, s *Store, handle string) (a canteen.Application) {
	t.Helper()
	if err := s.view(Console(), func(tx *tx) error { a, _ = tx.application(handle); return nil }); err != nil {
		t.Fatal(err)
	}
	return a
}

// told returns the kinds of the messages queued for a person.
func told(t testing.TB, s *Store, g canteen.GuardianID) (kinds []string) {
	t.Helper()
	err := s.view(Console(), func(tx *tx) error {
		for _, m := range loadAll[Message](tx, messages) {
			if m.Person == g {
				kinds = append(kinds, m.Kind)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

func TestValidate_newChildEatsFromTomorrow(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	a := town.candidate(t, 1, func(a *canteen.Application) { a.Weekdays = monWed })
	c.at(monday, "10:00") // today's cut-off has passed
	v := validated(t, s, secretary(t, s, codePrimaria), a, canteen.ValidationDone)
	if v.Start != monday.AddDays(1) || v.First != monday.AddDays(2) {
		t.Errorf("got start %s, first meal %s: want Tuesday and Wednesday, the child's own day", v.Start, v.First)
	}
	now := applicationNow(t, s, a.Handle)
	if now.State != canteen.Validated || now.Pupil != v.Pupil || !v.Pupil.ValidCheck() {
		t.Errorf("the application is %s with pupil %s, want validated with %s", now.State, now.Pupil, v.Pupil)
	}
	if got := told(t, s, a.Applicant); !slices.Equal(got, []string{"enrolment.validated"}) {
		t.Errorf("the family was told %q", got)
	}
	pupils, err := s.Pupils(Act{Actor: canteen.Actor{Login: "alba", Role: canteen.RoleGuardian, Guardian: a.Applicant}})
	if err != nil || len(pupils) != 1 || pupils[0].PAN != v.Pupil {
		t.Fatalf("the applicant's pupils are %v %v", pupils, err)
	}
	closeDays(t, s, c, monday.AddDays(1), monday.AddDays(2))
	if _, ok := town.order(t, monday.AddDays(1), "primaria 1A", v.Pupil); ok {
		t.Error("the child has an order on Tuesday, which is not its day")
	}
	if o, ok := town.order(t, monday.AddDays(2), "primaria 1A", v.Pupil); !ok || o.Price == 0 {
		t.Errorf("the child's order on Wednesday is %+v %t", o, ok)
	}
}

func TestValidate_beforeTheCutoffStartsToday(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	if v := validated(t, s, secretary(t, s, codePrimaria), town.candidate(t, 1, nil), canteen.ValidationDone); v.Start != monday || v.First != monday {
		t.Errorf("got %s and %s, want today", v.Start, v.First)
	}
	asked := town.candidate(t, 2, func(a *canteen.Application) { a.From = 20261102 })
	if v := validated(t, s, secretary(t, s, codePrimaria), asked, canteen.ValidationDone); v.Start != 20261102 {
		t.Errorf("got %s, want the day asked", v.Start)
	}
}

func TestValidate_outcomes(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	school := secretary(t, s, codePrimaria)
	state := func(state canteen.EnrolmentState) func(*canteen.Application) {
		return func(a *canteen.Application) { a.State = state }
	}
	for _, test := range []struct {
		name   string
		change func(*canteen.Application)
		want   canteen.ValidationOutcome
	}{
		{"a draft is nobody's business", state(canteen.Draft), canteen.ValidationNotFound},
		{"returned", state(canteen.Returned), canteen.ValidationMoved},
		{"withdrawn", state(canteen.Withdrawn), canteen.ValidationMoved},
		{"another school's", func(a *canteen.Application) { a.School, a.Class = infanzia, town.class["infanzia 1A"] }, canteen.ValidationNotFound},
		{"no class", func(a *canteen.Application) { a.Class = 0 }, canteen.ValidationNoClass},
		{"a class of another school", func(a *canteen.Application) { a.Class = town.class["infanzia 1A"] }, canteen.ValidationNoClass},
		{"a class of another year", func(a *canteen.Application) { a.Year = "2027/28" }, canteen.ValidationNoClass},
		{"a class that is gone", func(a *canteen.Application) { a.Class = 999 }, canteen.ValidationNoClass},
		{"a child with a place", func(a *canteen.Application) { a.Child.CodiceFiscale = "ALN0000000000020" }, canteen.ValidationAlready},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := town.candidate(t, 1, test.change)
			before := applicationNow(t, s, a.Handle)
			v := validated(t, s, school, a, test.want)
			if after := applicationNow(t, s, a.Handle); v.Pupil != 0 || len(after.History) != len(before.History) || after.State != before.State {
				t.Errorf("a refused validation wrote: %+v", after)
			}
			town.putAway(t, a)
		})
	}
	if out, err := s.Validate(school, []ValidationRequest{{Handle: "aaaaaaaaaaaaaaaa"}}); err != nil || out[0].Outcome != canteen.ValidationNotFound {
		t.Errorf("an unknown handle: %v %v", out, err)
	}
}

func TestValidate_correctedClass(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	a := town.candidate(t, 1, func(a *canteen.Application) { a.Class = 999 }) // deleted or never there
	out, err := s.Validate(secretary(t, s, codePrimaria), []ValidationRequest{{Handle: a.Handle, Class: town.class["primaria 5A"]}})
	if err != nil || out[0].Outcome != canteen.ValidationDone {
		t.Fatalf("got %v %v", out, err)
	}
	if now := applicationNow(t, s, a.Handle); now.Class != town.class["primaria 5A"] {
		t.Errorf("the application keeps class %d", now.Class)
	}
}

func TestValidate_renamedClassMeanwhile(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	a := town.candidate(t, 1, nil)
	err := s.updateAlone(Console(), func(tx *tx) error {
		class := *tx.townNow().byClass[a.Class]
		class.Section = "Z"
		tx.putClass(class)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	v := validated(t, s, secretary(t, s, codePrimaria), a, canteen.ValidationDone)
	view, err := s.PupilByHandle(office(), mustPupil(t, s, v.Pupil).Handle)
	if err != nil || view.Class != a.Class {
		t.Errorf("the child is in class %d, want the renamed %d: %v", view.Class, a.Class, err)
	}
}

func mustPupil(t testing.TB, s *Store, pan canteen.PAN) canteen.Pupil {
	t.Helper()
	p, err := s.Pupil(Console(), pan)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestValidate_twiceDoubleClickAndTwoSecretaries(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	school := secretary(t, s, codePrimaria)
	a := town.candidate(t, 1, nil)
	first := school
	first.Once = "click"
	one, err := s.Validate(first, []ValidationRequest{{Handle: a.Handle}})
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Validate(first, []ValidationRequest{{Handle: a.Handle}})
	if err != nil || again[0] != one[0] {
		t.Errorf("the second click got %v %v, want the answer of the first, %v", again, err, one)
	}
	if v := validated(t, s, school, a, canteen.ValidationAlready); v.Pupil != one[0].Pupil {
		t.Errorf("validated again: pupil %s, want %s", v.Pupil, one[0].Pupil)
	}

	other := town.candidate(t, 2, nil)
	outcomes := make([]canteen.ValidationOutcome, 8)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() {
			if out, err := s.Validate(school, []ValidationRequest{{Handle: other.Handle}}); err == nil {
				outcomes[i] = out[0].Outcome
			}
		})
	}
	all.Wait()
	slices.Sort(outcomes)
	if outcomes[len(outcomes)-1] != canteen.ValidationDone || outcomes[len(outcomes)-2] != canteen.ValidationAlready {
		t.Errorf("secretaries at once: %q, want one validation", outcomes)
	}
}

func TestValidate_wholeClassInOneAct(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	var list []ValidationRequest
	for n := range 30 {
		list = append(list, ValidationRequest{Handle: town.candidate(t, n, nil).Handle})
	}
	out, err := s.Validate(secretary(t, s, codePrimaria), list)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[canteen.PAN]bool{}
	for _, v := range out {
		if v.Outcome != canteen.ValidationDone || seen[v.Pupil] {
			t.Errorf("got %+v: want each validated with a PAN of its own", v)
		}
		seen[v.Pupil] = true
	}
	roll, err := s.ClassRoll(secretary(t, s, codePrimaria), town.class["primaria 1A"])
	if err != nil || roll.Count(RollPresent) != 39 {
		t.Errorf("the roll has %d present, want 9 and 30: %v", roll.Count(RollPresent), err)
	}
}

func TestValidate_knownChildKeepsPANAndGuardians(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(20270615, "12:00")
	pan := town.coeliac
	child := mustPupil(t, s, pan)
	next := town.nextYear(t, "2A")
	a := town.candidate(t, 1, func(a *canteen.Application) {
		a.Year, a.Class, a.Child.CodiceFiscale, a.Applicant = "2027/28", next, child.CodiceFiscale, town.parent[pan]
	})
	v := validated(t, s, secretary(t, s, codePrimaria), a, canteen.ValidationDone)
	if v.Pupil != pan || v.Start != 20270901 {
		t.Errorf("got %+v, want PAN %s for life, from 1 September", v, pan)
	}
	now := mustPupil(t, s, pan)
	if !slices.Equal(now.Guardians, []canteen.GuardianID{town.parent[pan]}) {
		t.Errorf("guardians are %v, want the one it had", now.Guardians)
	}
	list, err := s.Enrolments(office(), pan)
	if err != nil || len(list) != 2 || canteen.InForce(list[1].Diets, 20270910) != "SG" {
		t.Errorf("the diet is lost with the year: %+v %v", list, err)
	}
}

// nextYear adds a class of primaria for 2027/28.
func (town *smallTown) nextYear(t testing.TB, name string) (id canteen.ClassID) {
	t.Helper()
	err := town.s.updateAlone(Console(), func(tx *tx) error {
		id = canteen.ClassID(tx.next(classes))
		tx.putClass(canteen.Class{ID: id, School: primaria, Year: "2027/28", Grade: name[:1], Section: name[1:], Weekdays: canteen.MonToFri})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestValidate_childWithTwoApplications(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	school := secretary(t, s, codePrimaria)
	a := town.candidate(t, 1, nil)
	b := town.candidate(t, 2, func(b *canteen.Application) { b.Child = a.Child })
	out, err := s.Validate(school, []ValidationRequest{{Handle: a.Handle}, {Handle: b.Handle}})
	if err != nil || out[0].Outcome != canteen.ValidationDone || out[1].Outcome != canteen.ValidationAlready {
		t.Fatalf("got %v %v, want one place for one child", out, err)
	}
	view, err := s.SchoolApplication(school, b.Handle)
	if err != nil || !view.Placed || !view.Stranger {
		t.Errorf("the second application shows %+v %v, want that the child has a place and other guardians", view, err)
	}
}

// TestStory34_anApplicationGivesNobodyAnotherFamilysChild: somebody who has found
// a child's codice fiscale, or its name and birthday, enrols it for the next
// year. Neither the school's validation nor anything before it makes this person
// a guardian, and what the person is told is what a family with a new child is.
func TestStory34_anApplicationGivesNobodyAnotherFamilysChild(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(20270615, "12:00")
	school, pan := secretary(t, s, codePrimaria), town.coeliac
	child, next := mustPupil(t, s, pan), town.nextYear(t, "2A")
	byCode := town.candidate(t, 1, func(a *canteen.Application) {
		a.Year, a.Class, a.Child.CodiceFiscale = "2027/28", next, child.CodiceFiscale
	})
	validated(t, s, school, byCode, canteen.ValidationStranger)
	if now := mustPupil(t, s, pan); !slices.Equal(now.Guardians, child.Guardians) || now.NonResident != child.NonResident {
		t.Errorf("the child is %+v, want it as it was", now)
	}
	if got := told(t, s, byCode.Applicant); len(got) != 0 {
		t.Errorf("the stranger was told %q", got)
	}
	stranger := Act{Actor: canteen.Actor{Login: "estraneo", Role: canteen.RoleGuardian, Guardian: byCode.Applicant}}
	if pupils, err := s.Pupils(stranger); err != nil || len(pupils) != 0 {
		t.Errorf("the stranger has %v %v", pupils, err)
	}
	view, err := s.SchoolApplication(school, byCode.Handle)
	if err != nil || !view.Stranger || view.Waits {
		t.Errorf("the school sees %+v %v, want that the two are to be linked", view, err)
	}
	if err := s.LinkGuardian(office(), LinkChange{Person: handleOf(t, s, byCode.Applicant), Pupil: pan, Reason: "documento visto"}); err != nil {
		t.Fatal(err)
	}
	validated(t, s, school, byCode, canteen.ValidationDone)
}
