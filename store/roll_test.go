package store

import (
	"slices"
	"testing"

	"refettorio/canteen"
)

func TestClassRoll_onlyOfTheSchool(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	roll, err := s.ClassRoll(secretary(t, s, codePrimaria), town.class["primaria 1A"])
	if err != nil || len(roll.Lines) != 9 || roll.Class.Name() != "1A" {
		t.Fatalf("got %d lines %v, want the 9 of 1A", len(roll.Lines), err)
	}
	special := 0
	for _, l := range roll.Lines {
		if l.Special {
			special++
		}
	}
	if special != 2 {
		t.Errorf("%d lines have the mark of a special diet, want 2", special)
	}
	for _, act := range []Act{secretary(t, s, codeInfanzia), {Actor: canteen.Actor{Login: "famiglia", Role: canteen.RoleGuardian, Guardian: 1}}} {
		if _, err := s.ClassRoll(act, town.class["primaria 1A"]); err == nil {
			t.Errorf("%s reads the roll of another school's class", act.Actor.Login)
		}
	}
	own, err := s.ClassRoll(secretary(t, s, codeInfanzia), town.class["infanzia 2A"])
	if err != nil || !slices.ContainsFunc(own.Lines, func(l RollLine) bool { return l.Pupil.PAN == town.monOnly && l.Own && l.Weekdays == 1 }) {
		t.Errorf("the roll forgets the pupil that eats on Mondays only: %v", err)
	}
}

func TestEndPlace(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	school := secretary(t, s, codePrimaria)
	pan := town.coeliac
	handle := mustPupil(t, s, pan).Handle
	c.at(monday, "10:00")
	for _, test := range []struct {
		act    Act
		last   canteen.Date
		reason string
		want   canteen.Kind
	}{
		{school, monday.AddDays(-1), "trasferito", canteen.KindInvalid}, // today is ordered already
		{school, 20270915, "trasferito", canteen.KindInvalid},
		{school, monday.AddDays(2), "", canteen.KindInvalid},
		{secretary(t, s, codeInfanzia), monday.AddDays(2), "trasferito", canteen.KindNotFound},
		{office(), monday.AddDays(2), "trasferito", canteen.KindForbidden},
	} {
		if err := s.EndPlace(test.act, handle, test.last, test.reason); canteen.KindOf(err) != test.want {
			t.Errorf("%s on %s %q: got %v", test.act.Actor.Login, test.last, test.reason, err)
		}
	}
	if err := s.EndPlace(school, handle, monday.AddDays(2), "trasferito in un’altra città"); err != nil {
		t.Fatal(err)
	}
	if got := told(t, s, town.parent[pan]); !slices.Contains(got, "enrolment.ended") {
		t.Errorf("the family was told %q", got)
	}
	closeDays(t, s, c, monday.AddDays(1), monday.AddDays(3))
	if _, ok := town.order(t, monday.AddDays(2), "primaria 1A", pan); !ok {
		t.Error("the pupil has no order on its last day")
	}
	if _, ok := town.order(t, monday.AddDays(3), "primaria 1A", pan); ok {
		t.Error("the pupil has an order after its last day")
	}
	if err := s.EndPlace(school, handle, monday.AddDays(5), "ancora"); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("ended twice: %v", err)
	}
}

func TestEndPlace_beforeItBegins(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	school := secretary(t, s, codePrimaria)
	a := town.candidate(t, 1, func(a *canteen.Application) { a.From = 20261102 })
	v := validated(t, s, school, a, canteen.ValidationDone)
	if err := s.EndPlace(school, mustPupil(t, s, v.Pupil).Handle, monday, "la famiglia ci ripensa"); err != nil {
		t.Fatal(err)
	}
	if list, err := s.Enrolments(office(), v.Pupil); err != nil || len(list) != 0 {
		t.Errorf("the place is still there: %+v %v", list, err)
	}
	if now := applicationNow(t, s, a.Handle); now.State != canteen.Withdrawn {
		t.Errorf("the application is %s, want withdrawn", now.State)
	}
}

func TestAssignBand(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	a := town.candidate(t, 1, func(a *canteen.Application) { a.Band = "F1" })
	assign := BandAssignment{Application: a.Handle, Band: "F1", From: monday, Document: "ISEE 2026 prot. 9"}
	if err := s.AssignBand(office(), assign); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("before the school has validated: %v", err)
	}
	v := validated(t, s, secretary(t, s, codePrimaria), a, canteen.ValidationDone)
	closeDays(t, s, c, monday, monday)
	if err := s.AssignBand(office(), assign); canteen.KindOf(err) != canteen.KindInvalid {
		t.Errorf("over a charged day: %v", err)
	}
	assign.From = monday.AddDays(1)
	if err := s.AssignBand(secretary(t, s, codePrimaria), assign); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("a school assigns it: %v", err)
	}
	assign.Band = "INVENTATA"
	if err := s.AssignBand(office(), assign); canteen.KindOf(err) != canteen.KindInvalid {
		t.Errorf("a band no tariff has: %v", err)
	}
	assign.Band = "F1"
	if err := s.AssignBand(office(), assign); err != nil {
		t.Fatal(err)
	}
	closeDays(t, s, c, monday.AddDays(1), monday.AddDays(1))
	for day, want := range map[canteen.Date]canteen.Cents{monday: 2_70, monday.AddDays(1): 1_50} {
		if o, _ := town.order(t, day, "primaria 1A", v.Pupil); o.Price != want {
			t.Errorf("on %s the meal cost %s, want %s", day, o.Price, want)
		}
	}
	if list, err := s.BandRequests(office()); err != nil || len(list) != 1 || !list[0].Decided || list[0].Current != "F1" {
		t.Errorf("the list is %+v %v", list, err)
	}
}
