package store

import (
	"testing"

	"refettorio/canteen"
)

func TestApplication_theDietItAsksFor(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	act := town.family(town.elder)
	handle := apply(t, s, act, newChild(t, 1))
	save := func(kind canteen.DietKind) {
		t.Helper()
		if _, err := s.SaveApplication(act, handle, canteen.StepDiet, canteen.Application{Diet: kind}); err != nil {
			t.Fatal(err)
		}
	}
	save(canteen.DietHealth)
	a, err := s.SubmitApplication(act, handle)
	if err != nil {
		t.Fatal(err)
	}
	state := func(diet string) (r canteen.DietRequest) {
		t.Helper()
		if err := s.view(Console(), func(tx *tx) error { r, _ = tx.dietRequest(diet); return nil }); err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := state(a.DietAsked); r.State != canteen.DietIncomplete || r.Kind != canteen.DietHealth || r.Application != handle {
		t.Errorf("got %+v, want an incomplete health diet of this application", r)
	}
	if err := s.WithdrawApplication(act, handle); err != nil {
		t.Fatal(err)
	}
	if r := state(a.DietAsked); r.State != canteen.DietRevoked {
		t.Errorf("after the withdrawal the request is %q, want it revoked", r.State)
	}
}

func TestApplication_whatTheServiceKnowsIsNotAskedAgain(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	window(t, s, "2027/28", 20270301, 20270430)
	c.at(canteen.NewDate(2027, 3, 2), "08:00")
	act := town.family(town.elder)
	handle, err := s.StartApplication(act, "2027/28", town.elder)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.SaveApplication(act, handle, canteen.StepChild, canteen.Application{Child: canteen.Child{Surname: "Altri", Name: "Altro"}})
	if err != nil || a.Child.Surname == "Altri" || a.Child.Name != "Aria" {
		t.Errorf("got %+v, %v; want the child as the record has it", a.Child, err)
	}
}

func TestApplication_draftsGoAfterNinetyDays(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	act := town.family(town.elder)
	draft, sent := apply(t, s, act, newChild(t, 1)), apply(t, s, act, newChild(t, 2))
	if _, err := s.SubmitApplication(act, sent); err != nil {
		t.Fatal(err)
	}
	c.at(monday.AddDays(canteen.DraftDays), "23:59")
	if n, err := s.Retain(Job()); err != nil || n != 0 {
		t.Errorf("on the last day %d went (%v), want none", n, err)
	}
	c.at(monday.AddDays(canteen.DraftDays+1), "00:01")
	if n, err := s.Retain(Job()); err != nil || n != 1 {
		t.Errorf("the day after %d went (%v), want 1", n, err)
	}
	if _, err := s.Application(act, draft); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("the draft: %v, want not found", err)
	}
	if _, err := s.Application(act, sent); err != nil {
		t.Errorf("what was sent: %v", err)
	}
}

// TestStory38_theCounterEnrolsForAFamilyWithoutComputer: an operator acts for the
// person at the desk; both names are in the history and on the receipt.
func TestStory38_theCounterEnrolsForAFamilyWithoutComputer(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	act := Act{Actor: canteen.Actor{Login: "sportello", Role: canteen.RoleDesk, Guardian: town.parent[town.elder]},
		Channel: canteen.ChannelDesk, OnBehalf: "Sole Verdi"}
	handle := apply(t, s, act, newChild(t, 1))
	a, err := s.SubmitApplication(act, handle)
	if err != nil {
		t.Fatal(err)
	}
	if a.Applicant != town.parent[town.elder] {
		t.Errorf("the applicant is %d, want the family", a.Applicant)
	}
	last := a.History[len(a.History)-1]
	if last.Actor != "sportello" || last.OnBehalf != "Sole Verdi" {
		t.Errorf("the history says %+v, want both names", last)
	}
	var r Receipt
	if err := s.view(Console(), func(tx *tx) error { tx.getJSON(receipts, keyReceipt(a.Receipt), &r); return nil }); err != nil {
		t.Fatal(err)
	}
	if r.Actor != "sportello" || r.OnBehalf != "Sole Verdi" || r.Channel != canteen.ChannelDesk {
		t.Errorf("the receipt says %+v, want both names", r)
	}
	if list, err := s.Applications(town.family(town.elder)); err != nil || len(list) != 1 {
		t.Errorf("online the family sees %d applications (%v), want the counter's one", len(list), err)
	}
}

func TestRating_keepsNoPersonAndCountsOnce(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	act := town.family(town.elder)
	act.Once = "rating of an application"
	for range 2 {
		if err := s.Rate(act, canteen.Rating{Service: canteen.RatingEnrolment, Stars: 2, Reason: 3, Text: "Non capivo"}); err != nil {
			t.Fatal(err)
		}
	}
	sum, err := s.Ratings(office(), canteen.RatingEnrolment, 0)
	if err != nil || sum.Count != 1 || sum.Stars[1] != 1 || sum.Average != 2 {
		t.Errorf("got %+v, %v; want one rating of two stars", sum, err)
	}
	wantKind(t, s.Rate(act, canteen.Rating{Service: canteen.RatingEnrolment, Stars: 6}), canteen.KindInvalid, "error.rating.stars")
	if _, err := s.Ratings(act, canteen.RatingEnrolment, 0); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("a family reads the ratings: %v", err)
	}
}

// TestStory42_theServiceRunsBeforeTheFamilies: a town that has only lists orders
// from day one; a family that comes later finds its child and its next year.
func TestStory42_theServiceRunsBeforeTheFamilies(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(monday, "10:00")
	closeDue(t, s)
	if _, ok := town.order(t, monday, "primaria 1A", town.elder); !ok {
		t.Fatal("without any family online the child is not in the register")
	}
	springOf(t, s, c, false)
	if _, err := s.RenewEnrolments(office(), "2026/27"); err != nil {
		t.Fatal(err)
	}
	guardian := town.parent[town.coeliac]
	if err := s.updateAlone(Console(), func(tx *tx) error {
		tx.putUser(User{Login: "famiglia", Role: canteen.RoleGuardian, Guardian: guardian})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	u, err := s.User("famiglia")
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.Applications(Act{Actor: u.Actor(), Channel: canteen.ChannelWeb})
	if err != nil || len(list) != 1 || list[0].Pupil != town.coeliac {
		t.Errorf("got %d applications, %v; want the one prepared for its child", len(list), err)
	}
}

func TestApplication_followsThePersonItsApplicantBecomes(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	handle := apply(t, s, town.family(town.elder), newChild(t, 1))
	if err := s.updateAlone(Console(), func(tx *tx) error {
		a, _ := tx.application(handle)
		a.Applicant = town.parent[town.coeliac]
		tx.putApplication(&a)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if list, err := s.Applications(town.family(town.coeliac)); err != nil || len(list) != 1 {
		t.Errorf("%d applications, %v; want the one that moved", len(list), err)
	}
	if list, err := s.Applications(town.family(town.elder)); err != nil || len(list) != 0 {
		t.Errorf("%d applications, %v; want none left behind", len(list), err)
	}
}

func TestApplication_draftsAreBounded(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	act := town.family(town.elder)
	for range maxDrafts {
		if _, err := s.StartApplication(act, "2026/27", 0); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.StartApplication(act, "2026/27", 0)
	wantKind(t, err, canteen.KindConflict, "error.application.many")
}
