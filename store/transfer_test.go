package store

import (
	"testing"

	"refettorio/canteen"
)

// placeOn is the class and the last day of what a pupil has on a day.
func placeOn(t testing.TB, s *Store, pan canteen.PAN, day canteen.Date) (e canteen.Enrolment, ok bool) {
	t.Helper()
	all, err := s.Enrolments(Console(), pan)
	if err != nil {
		t.Fatal(err)
	}
	if found := enrolmentOn(all, day); found != nil {
		return *found, true
	}
	return e, false
}

func TestTransfer_pastDaysKeepTheirClassAndWordsMoveAlong(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(monday, "10:00")
	closeDue(t, s)
	c.at(monday.AddDays(1), "08:00")
	pan, from := town.of["primaria 1A"][3], monday.AddDays(3)
	if got := town.say(t, pan, canteen.Absence, from.AddDays(4)); got.Outcome != canteen.Accepted {
		t.Fatalf("the absence was not accepted: %+v", got)
	}
	before, lines := town.balance(t, pan)
	to := town.class["infanzia 2A"]
	if err := s.TransferPupil(office(), pan, to, from); err != nil {
		t.Fatal(err)
	}
	if e, _ := placeOn(t, s, pan, from.AddDays(-1)); e.Class != town.class["primaria 1A"] {
		t.Errorf("the day before it is in class %d, want its old one", e.Class)
	}
	if e, _ := placeOn(t, s, pan, from); e.Class != to {
		t.Errorf("from %s it is in class %d, want %d", from, e.Class, to)
	}
	if after, n := town.balance(t, pan); after != before || n != lines {
		t.Errorf("the account went from %v (%d lines) to %v (%d)", before, lines, after, n)
	}
	closeDays(t, s, c, monday.AddDays(1), from.AddDays(4))
	if o, ok := town.order(t, from.AddDays(4), "infanzia 2A", pan); !ok || o.Meal != canteen.MealAbsent {
		t.Errorf("on the day it had cancelled the new class has %+v (%t), want it absent", o, ok)
	}
	if _, ok := town.order(t, monday, "primaria 1A", pan); !ok {
		t.Error("the old class lost the day that was eaten")
	}
}

func TestTransfer_whoMayAndWhen(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	for login, codes := range map[string][]string{"girasole": {codeInfanzia}, "montessori": {"FGMM00003C"}, "comprensivo": {codeInfanzia, codePrimaria}} {
		if err := s.AddUser(Console(), User{Login: login, Role: canteen.RoleSchool, Schools: codes}, ""); err != nil {
			t.Fatal(err)
		}
	}
	pan, to, from := town.of["primaria 1A"][3], town.class["infanzia 2A"], monday.AddDays(1)
	asSchool := func(login string) Act {
		return Act{Actor: canteen.Actor{Login: login, Role: canteen.RoleSchool}, Channel: canteen.ChannelWeb}
	}
	wantKind(t, s.TransferPupil(town.family(pan), pan, to, from), canteen.KindForbidden, "error.forbidden")
	wantKind(t, s.TransferPupil(asSchool("montessori"), pan, to, from), canteen.KindNotFound, "error.pupil.notFound")
	wantKind(t, s.TransferPupil(office(), pan, to, monday.AddDays(-1)), canteen.KindInvalid, "error.transfer.past")
	wantKind(t, s.TransferPupil(office(), pan, town.class["primaria 1A"], from), canteen.KindInvalid, "error.transfer.same")
	wantKind(t, s.TransferPupil(office(), pan, 999, from), canteen.KindInvalid, "error.application.class")
	wantKind(t, s.TransferPupil(asSchool("girasole"), pan, to, from), canteen.KindNotFound, "error.pupil.notFound")
	if err := s.TransferPupil(asSchool("comprensivo"), pan, to, from); err != nil {
		t.Errorf("the school of both classes: %v", err)
	}
	c.at(monday, "10:00")
	closeDue(t, s)
	wantKind(t, s.TransferPupil(office(), town.elder, to, monday), canteen.KindInvalid, "error.transfer.closed")
}

func TestTransfer_doneTwiceWithOneIDIsDoneOnce(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	act, pan := office(), town.of["primaria 1A"][3]
	act.Once = "a form's id"
	for range 2 {
		if err := s.TransferPupil(act, pan, town.class["infanzia 2A"], monday.AddDays(1)); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := s.Enrolments(Console(), pan); err != nil || len(all) != 2 {
		t.Errorf("%d enrolments (%v), want 2", len(all), err)
	}
}

func TestTransfer_bandDietAndRankStay(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	pan, from := town.of["primaria 1A"][4], canteen.NewDate(2026, 10, 20) // band F1 until November
	if err := s.TransferPupil(office(), pan, town.class["primaria 3B"], from); err != nil {
		t.Fatal(err)
	}
	e, _ := placeOn(t, s, pan, from)
	if got := canteen.InForce(e.Bands, from); got != "F1" {
		t.Errorf("band %q, want F1", got)
	}
	if got := canteen.InForce(e.Bands, canteen.NewDate(2026, 11, 2)); got != "" {
		t.Errorf("in November band %q, want none as it was decided", got)
	}
	if err := s.TransferPupil(office(), town.coeliac, town.class["primaria 3B"], from); err != nil {
		t.Fatal(err)
	}
	if e, _ := placeOn(t, s, town.coeliac, from); canteen.InForce(e.Diets, from) != "SG" {
		t.Errorf("diets %+v, want SG from %s", e.Diets, from)
	}
}

func TestChangeWeekdays_fromADay(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan, from := town.elder, monday.AddDays(2)
	act := town.family(pan)
	if err := s.ChangeWeekdays(act, pan, tueThu, from); err != nil {
		t.Fatal(err)
	}
	wantKind(t, s.ChangeWeekdays(act, pan, tueThu, from.AddDays(1)), canteen.KindInvalid, "error.transfer.sameDays")
	wantKind(t, s.ChangeWeekdays(act, pan, 1<<6, from), canteen.KindInvalid, "error.application.weekdays")
	wantKind(t, s.ChangeWeekdays(town.family(town.coeliac), pan, 0, from), canteen.KindNotFound, "error.pupil.notFound")
	closeDays(t, s, c, monday, monday.AddDays(3))
	for day, eats := range map[canteen.Date]bool{monday: true, monday.AddDays(1): true, monday.AddDays(2): false, monday.AddDays(3): true} {
		if _, ok := town.order(t, day, "primaria 1A", pan); ok != eats {
			t.Errorf("on %s it has a line: %t, want %t", day, ok, eats)
		}
	}
}

func TestLeaveService_fromADay(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan, last := town.elder, monday.AddDays(1)
	wantKind(t, s.LeaveService(town.family(town.coeliac), pan, last), canteen.KindNotFound, "error.pupil.notFound")
	if err := s.LeaveService(town.family(pan), pan, last); err != nil {
		t.Fatal(err)
	}
	closeDays(t, s, c, monday, monday.AddDays(2))
	for day, eats := range map[canteen.Date]bool{monday: true, last: true, last.AddDays(1): false} {
		if _, ok := town.order(t, day, "primaria 1A", pan); ok != eats {
			t.Errorf("on %s it has a line: %t, want %t", day, ok, eats)
		}
	}
	if n := messagesOf(t, s, "enrolment.left"); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	wantKind(t, s.LeaveService(town.family(pan), pan, monday.AddDays(9)), canteen.KindInvalid, "error.transfer.noPlace")
}
