package store

import (
	"testing"

	"refettorio/canteen"
)

// springOf sets the clock to the spring after, with next year's window open.
func springOf(t testing.TB, s *Store, c *clock, renews bool) {
	t.Helper()
	c.at(canteen.NewDate(2027, 3, 2), "08:00")
	w := canteen.EnrolmentWindow{Year: "2027/28", Opens: 20270301, Closes: 20270430, Renews: renews}
	if err := s.SetEnrolmentWindow(office(), w, "Carla Ufficio", 30); err != nil {
		t.Fatal(err)
	}
}

func TestPromotion_createsNextYearOnce(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	springOf(t, s, c, false)
	preview, err := s.PreviewPromotion(office(), "2026/27")
	if err != nil {
		t.Fatal(err)
	}
	count := func() (n int) {
		view, err := s.Town(office())
		if err != nil {
			t.Fatal(err)
		}
		for _, class := range view.Classes {
			if class.Year == "2027/28" {
				n++
			}
		}
		return n
	}
	if n := count(); n != 0 {
		t.Fatalf("the preview made %d classes", n)
	}
	plan, err := s.PromoteClasses(office(), "2026/27")
	if err != nil || len(plan) != len(preview) {
		t.Fatalf("%d lines (%v), the preview had %d", len(plan), err, len(preview))
	}
	// infanzia 1A gives 1A and 2A, 2A gives 3A; primaria 1A gives 1A and 2A, 3B
	// gives 4B, 5A ends; secondaria 1C gives 1C and 2C, 2C gives 3C
	if n := count(); n != 9 {
		t.Errorf("%d classes, want 9", n)
	}
	if _, err := s.PromoteClasses(office(), "2026/27"); err != nil || count() != 9 {
		t.Errorf("again: %d classes (%v), want the same 9", count(), err)
	}
	view, _ := s.Town(office())
	if len(view.Years) != 2 || view.Years[1].Name != "2027/28" {
		t.Errorf("the calendar has %+v, want next year too", view.Years)
	}
	wantKind(t, errOf(s.PromoteClasses(office(), "2030/31")), canteen.KindInvalid, "error.promotion.noClasses")
	wantKind(t, errOf(s.PromoteClasses(Act{Actor: canteen.Actor{Login: "x", Role: canteen.RoleSchool}}, "2026/27")), canteen.KindForbidden, "error.forbidden")
}

func errOf[T any](_ T, err error) error { return err }

// TestStory37_nobodyStartsFromNothingInSeptember: every child with a place gets a
// proposal for the year after, in the class above, with its days and band; the
// family only confirms.
func TestStory37_nobodyStartsFromNothingInSeptember(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	springOf(t, s, c, false)
	if _, err := s.PromoteClasses(office(), "2026/27"); err != nil {
		t.Fatal(err)
	}
	preview, err := s.PreviewRenewal(office(), "2026/27")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := s.RenewEnrolments(office(), "2026/27")
	if err != nil {
		t.Fatal(err)
	}
	same, choose, out, written := 0, 0, 0, 0
	for i, school := range plan.Schools {
		same, choose, out, written = same+school.Same, choose+school.Choose, out+school.Out, written+school.Written
		if p := preview.Schools[i]; p.Same != school.Same || p.Choose != school.Choose || p.Written != 0 {
			t.Errorf("%s: the preview said %+v, the run %+v", school.School.Name, p, school)
		}
	}
	if same != 54 || choose != 9 || out != 0 || written != 63 {
		t.Errorf("same %d, choose %d, out %d, written %d; want 54, 9 (primaria 5A), 0, 63", same, choose, out, written)
	}
	act := town.family(town.monOnly)
	list, err := s.Applications(act)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d proposals (%v), want 1", len(list), err)
	}
	if v := list[0]; v.State != canteen.Draft || !v.Renewal || v.ClassName != "3A" || v.Weekdays != 1 || v.Missing != canteen.StepPrivacy {
		t.Errorf("got %+v, want a draft for 3A on Mondays that lacks the privacy notice only", v)
	}
	if _, err := s.SaveApplication(act, list[0].Handle, canteen.StepPrivacy, canteen.Application{Privacy: canteen.PrivacyNotice}); err != nil {
		t.Fatal(err)
	}
	if a, err := s.SubmitApplication(act, list[0].Handle); err != nil || a.State != canteen.Submitted {
		t.Errorf("confirmed: %v, %v", a.State, err)
	}
	again, err := s.RenewEnrolments(office(), "2026/27")
	if err != nil {
		t.Fatal(err)
	}
	for _, school := range again.Schools {
		if school.Written != 0 {
			t.Errorf("run again it wrote %d more in %s", school.Written, school.School.Name)
		}
	}
}

// TestStory37_aPlaceIsAskedAgainByItself where the office has decided so.
func TestStory37_aPlaceIsAskedAgainByItself(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	springOf(t, s, c, true)
	if _, err := s.PromoteClasses(office(), "2026/27"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RenewEnrolments(office(), "2026/27"); err != nil {
		t.Fatal(err)
	}
	list, err := s.Applications(town.family(town.coeliac))
	if err != nil || len(list) != 1 || list[0].State != canteen.Submitted || list[0].Receipt.IsZero() || list[0].ClassName != "2A" {
		t.Errorf("got %+v, %v; want it submitted for 2A with a receipt", list, err)
	}
	fifth, err := s.Applications(town.family(town.of["primaria 5A"][3]))
	if err != nil || len(fifth) != 1 || fifth[0].State != canteen.Draft || fifth[0].Missing != canteen.StepPrivacy || fifth[0].School != 0 {
		t.Errorf("got %+v, %v; want a draft whose family chooses the school", fifth, err)
	}
	if n := messagesOf(t, s, "application.renewed"); n != 54 {
		t.Errorf("%d families told that it renewed by itself, want 54", n)
	}
	if n := messagesOf(t, s, "application.renewal"); n != 9 {
		t.Errorf("%d families asked to choose, want 9", n)
	}
}

// TestPromotion_infanziaToPrimaria: at the end of a stage the family chooses.
func TestPromotion_infanziaToPrimaria(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(monday, "08:00")
	last := town.class["infanzia 2A"]
	if err := s.updateAlone(Console(), func(tx *tx) error {
		class := *tx.townNow().byClass[last]
		class.Grade = "3"
		tx.putClass(class)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	springOf(t, s, c, true)
	if _, err := s.PromoteClasses(office(), "2026/27"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RenewEnrolments(office(), "2026/27"); err != nil {
		t.Fatal(err)
	}
	act := town.family(town.monOnly)
	list, err := s.Applications(act)
	if err != nil || len(list) != 1 || list[0].School != 0 || list[0].Weekdays != 0 {
		t.Fatalf("got %+v, %v; want one without a school and without the old days", list, err)
	}
	view, err := s.Town(office())
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range view.Classes {
		if class.Year == "2027/28" && class.School == primaria && class.Name() == "1A" {
			a := answers(canteen.Child{})
			a.Class = class.ID
			fillIn(t, s, act, list[0].Handle, a)
		}
	}
	if a, err := s.SubmitApplication(act, list[0].Handle); err != nil || a.School != primaria || a.Grade != "1" {
		t.Errorf("got %+v, %v; want it submitted for the first grade of primaria", a, err)
	}
}

func TestRenewal_aChildWithoutGuardiansIsForTheOffice(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	springOf(t, s, c, false)
	if err := s.updateAlone(Console(), func(tx *tx) error {
		p, _ := tx.pupil(town.coeliac)
		p.Guardians = nil
		tx.putPupil(p)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	plan, err := s.RenewEnrolments(office(), "2026/27")
	if err != nil || plan.Schools[1].Nobody != 1 {
		t.Errorf("got %+v, %v; want one child whose family the office must call", plan.Schools[1], err)
	}
}
