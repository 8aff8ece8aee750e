package store

import (
	"testing"

	"refettorio/canteen"
)

// TestRanks_anElderComesAndGoes: an elder sibling makes a child the second one
// from the next close on, and the first again after its own last day; prices of
// the days before stay proved, as the check at the end of the test shows.
func TestRanks_anElderComesAndGoes(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	school := secretary(t, s, codePrimaria)
	child := town.of["primaria 1A"][2]
	rank := func(want uint8, when string) {
		t.Helper()
		list, err := s.Enrolments(office(), child)
		if err != nil || list[0].Rank != want {
			t.Errorf("%s: the child has rank %d %v, want %d", when, list[0].Rank, err, want)
		}
	}
	closeDays(t, s, c, monday, monday)
	a := town.candidate(t, 1, func(a *canteen.Application) { a.Applicant, a.Child.Born = town.parent[child], 20160105 })
	elder := validated(t, s, school, a, canteen.ValidationDone).Pupil
	rank(2, "an elder sibling has come")
	closeDays(t, s, c, monday.AddDays(1), monday.AddDays(1))
	last := monday.AddDays(3)
	if err := s.EndPlace(school, mustPupil(t, s, elder).Handle, last, "trasferito"); err != nil {
		t.Fatal(err)
	}
	rank(2, "the elder sibling still eats")
	closeDays(t, s, c, monday.AddDays(2), last)
	for range 2 {
		c.at(last.AddDays(1), "04:10")
		if n, err := s.RankSiblings(Job()); err != nil || n != 1 {
			t.Errorf("%d places have ended %v, want 1", n, err)
		}
		rank(1, "the elder sibling has left")
	}
	closeDays(t, s, c, last.AddDays(1), last.AddDays(1))
}

// TestLeaveService_ofAnApplication: a family that leaves by itself may apply again:
// its application is withdrawn, as when the school ends the place.
func TestLeaveService_ofAnApplication(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	child := town.of["primaria 1A"][2]
	a := town.candidate(t, 1, func(a *canteen.Application) {
		a.Applicant, a.Child.Born, a.From = town.parent[child], 20160105, 20261102
	})
	elder := validated(t, s, secretary(t, s, codePrimaria), a, canteen.ValidationDone).Pupil
	if err := s.LeaveService(office(), elder, 20261102); err != nil {
		t.Fatal(err)
	}
	if now := applicationNow(t, s, a.Handle); now.State != canteen.Withdrawn {
		t.Errorf("the application is %s, want withdrawn", now.State)
	}
	if list, err := s.Enrolments(office(), elder); err != nil || len(list) != 1 || list[0].Until != 20261102 {
		t.Errorf("its places are %+v %v, want one day", list, err)
	}
}
