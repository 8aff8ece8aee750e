package canteen

import (
	"errors"
	"testing"
)

func testOffer() *Offer {
	return &Offer{Year: "2026/27", Today: 20261012, Bands: []string{"ESENTE", "F1"},
		Schools: []School{{ID: 1, Code: "FGAA00001A", Stage: StageInfanzia}, {ID: 2, Code: "FGEE00002B", Stage: StagePrimaria}},
		Classes: []Class{
			{ID: 1, School: 1, Year: "2026/27", Grade: "2", Section: "A", Weekdays: MonToFri},
			{ID: 2, School: 2, Year: "2026/27", Grade: "1", Section: "A", Weekdays: 0b00101},
			{ID: 3, School: 2, Year: "2026/27", Grade: "1", Section: "B", Weekdays: 0b01010},
			{ID: 4, School: 2, Year: "2026/27", Grade: "U", Section: "M", Weekdays: MonToFri}}}
}

func testApplication(t testing.TB) Application {
	t.Helper()
	born := NewDate(2020, 3, 4)
	cf, err := ComputeCodiceFiscale("Nuovi", "Luce", 'F', born, "D643")
	if err != nil {
		t.Fatal(err)
	}
	return Application{State: Draft, Year: "2026/27", Privacy: PrivacyNotice, School: 2, Grade: "1", Class: 2, Weekdays: 0b00100,
		Child: Child{CodiceFiscale: cf, Surname: "Nuovi", Name: "Luce", Born: born, Sex: "F"}, Band: "F1", Diet: DietEthical}
}

func TestApplication_everyStateAndStep(t *testing.T) {
	want := map[EnrolmentState]map[EnrolmentStep]EnrolmentState{
		Draft:     {Submit: Submitted, Withdraw: Withdrawn},
		Submitted: {Validate: Validated, Return: Returned, Withdraw: Withdrawn},
		Returned:  {Submit: Submitted, Withdraw: Withdrawn},
		Validated: {Withdraw: Withdrawn},
		Withdrawn: {},
	}
	editable, live := map[EnrolmentState]bool{Draft: true, Returned: true}, map[EnrolmentState]bool{Submitted: true, Returned: true, Validated: true}
	for state := Draft; state <= Withdrawn; state++ {
		for step := Submit; step <= Withdraw; step++ {
			to, legal := want[state][step]
			got, err := state.Next(step)
			if legal != (err == nil) || legal && got != to || !legal && (got != state || KindOf(err) != KindConflict) {
				t.Errorf("%s and step %d: got %s, %v; want %s, legal %t", state, step, got, err, to, legal)
			}
		}
		a := Application{State: state}
		if a.Editable() != editable[state] || a.Live() != live[state] {
			t.Errorf("%s: editable %t, live %t", state, a.Editable(), a.Live())
		}
	}
}

func TestApplication_aWholeOneIsComplete(t *testing.T) {
	a := testApplication(t)
	if step, err := a.Complete(testOffer()); step != 0 || err != nil {
		t.Errorf("step %q lacks something: %v", step, err)
	}
}

func TestApplication_whatEachStepMustHold(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(*Application)
		step  ApplicationStep
		field string
	}{
		{"notice not accepted", func(a *Application) { a.Privacy = 0 }, StepPrivacy, "privacy"},
		{"an older notice", func(a *Application) { a.Privacy = PrivacyNotice - 1 }, StepPrivacy, "privacy"},
		{"no surname", func(a *Application) { a.Child.Surname = "  " }, StepChild, "surname"},
		{"no name", func(a *Application) { a.Child.Name = "" }, StepChild, "name"},
		{"no birth", func(a *Application) { a.Child.Born = 0 }, StepChild, "born"},
		{"born tomorrow", func(a *Application) { a.Child.Born = 20261013 }, StepChild, "born"},
		{"born too long ago", func(a *Application) { a.Child.Born = 20081231 }, StepChild, "born"},
		{"no codice fiscale", func(a *Application) { a.Child.CodiceFiscale = "" }, StepChild, "cf"},
		{"a codice fiscale with a slip", func(a *Application) { a.Child.CodiceFiscale = "NVULCU20C44D643A" }, StepChild, "cf"},
		{"a sex of neither letter", func(a *Application) { a.Child.Sex = "X" }, StepChild, "sex"},
		{"no school", func(a *Application) { a.School = 0 }, StepSchool, "school"},
		{"a school that is gone", func(a *Application) { a.School = 9 }, StepSchool, "school"},
		{"a grade of another stage", func(a *Application) { a.School, a.Class, a.Grade = 1, 0, "4" }, StepSchool, "grade"},
		{"a class of another school", func(a *Application) { a.Class = 1 }, StepSchool, "section"},
		{"a class that is gone", func(a *Application) { a.Class = 99 }, StepSchool, "section"},
		{"a day the class does not eat", func(a *Application) { a.Weekdays = 0b00010 }, StepDays, "weekdays"},
		{"a first day of another year", func(a *Application) { a.From = 20270901 }, StepDays, "from"},
		{"a diet of no kind", func(a *Application) { a.Diet = "taste" }, StepDiet, "diet"},
		{"a band nobody resolved", func(a *Application) { a.Band = "F9" }, StepRelief, "band"},
	} {
		a := testApplication(t)
		tt.spoil(&a)
		step, err := a.Complete(testOffer())
		refusal, ok := errors.AsType[*Error](err)
		if step != tt.step || !ok || refusal.Kind != KindInvalid || refusal.Field != tt.field {
			t.Errorf("%s: step %q with %v, want step %q about %q", tt.name, step, err, tt.step, tt.field)
		}
	}
}

func TestApplication_whatMayBeLeftOut(t *testing.T) {
	for name, change := range map[string]func(*Application, *Offer){
		"the class, before the school forms them": func(a *Application, _ *Offer) { a.Class = 0 },
		"own days":                                      func(a *Application, _ *Offer) { a.Weekdays = 0 },
		"a diet and a relief":                           func(a *Application, _ *Offer) { a.Diet, a.Band = "", "" },
		"a codice fiscale, at the office":               func(a *Application, o *Offer) { a.Child.CodiceFiscale, o.Office = "", true },
		"a birth that fits, for a child of the service": func(a *Application, _ *Offer) { a.Pupil, a.Child.Born = 1, 20081231 },
		"a mixed section's number":                      func(a *Application, _ *Offer) { a.Class, a.Grade, a.Weekdays = 4, "U", 0 },
	} {
		a, o := testApplication(t), testOffer()
		change(&a, o)
		if step, err := a.Complete(o); err != nil {
			t.Errorf("without %s step %q is refused: %v", name, step, err)
		}
	}
}

func TestApplication_daysToChooseFrom(t *testing.T) {
	o := testOffer()
	for _, tt := range []struct {
		class  ClassID
		school SchoolID
		grade  string
		want   Weekdays
	}{{2, 2, "1", 0b00101}, {0, 2, "1", 0b01111}, {0, 2, "5", MonToFri}} {
		a := Application{Class: tt.class, School: tt.school, Grade: tt.grade}
		if got := o.Days(&a); got != tt.want {
			t.Errorf("class %d, grade %s: %s, want %s", tt.class, tt.grade, got, tt.want)
		}
	}
}

func TestApplication_takesOnlyTheFieldsOfItsStep(t *testing.T) {
	all := testApplication(t)
	all.From = 20261020
	for step := StepPrivacy; step <= LastStep; step++ {
		var a, nothing Application
		a.Take(step, &all)
		if a.Step != int(step) {
			t.Errorf("step %s: the draft stands at %d", step, a.Step)
		}
		a.Step = 0
		for other := StepPrivacy; other <= LastStep; other++ {
			if other != step {
				a.Take(other, &nothing)
			}
		}
		a.Step = 0
		if changed := a.Privacy != 0 || a.Child != (Child{}) || a.School != 0 || a.Weekdays != 0 && step != StepDays || a.Diet != "" || a.Band != ""; changed != (step != StepDays) {
			t.Errorf("step %s took %+v", step, a)
		}
	}
	moved := all
	moved.Take(StepSchool, &Application{School: 1, Grade: "2", Class: 1})
	if moved.Weekdays != 0 {
		t.Errorf("in another class the days are still %s", moved.Weekdays)
	}
}

func TestApplication_expires(t *testing.T) {
	at := NewDate(2026, 10, 12).At(8 * 60)
	for _, tt := range []struct {
		name string
		a    Application
		want Date
	}{
		{"a draft", Application{State: Draft, Changed: at}, 20270110},
		{"a draft given up", Application{State: Withdrawn, Changed: at}, 20270110},
		{"what was sent", Application{State: Submitted, Changed: at, Submitted: at}, 0},
		{"what was sent and taken back", Application{State: Withdrawn, Changed: at, Submitted: at}, 0},
	} {
		if got := tt.a.Expires(); got != tt.want {
			t.Errorf("%s: expires on %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestRating_validate(t *testing.T) {
	for stars := -1; stars <= 7; stars++ {
		r := Rating{Service: RatingEnrolment, Stars: stars}
		if ok := r.Validate() == nil; ok != (stars >= 1 && stars <= 5) {
			t.Errorf("%d stars: accepted %t", stars, ok)
		}
		if r.Liked() != (stars >= 4) {
			t.Errorf("%d stars: liked %t", stars, r.Liked())
		}
	}
	for _, bad := range []Rating{{Service: "x", Stars: 3}, {Service: RatingEnrolment, Stars: 3, Reason: 6},
		{Service: RatingEnrolment, Stars: 3, Text: string(make([]byte, 201))}} {
		if bad.Validate() == nil {
			t.Errorf("accepted %.80v", bad)
		}
	}
}
