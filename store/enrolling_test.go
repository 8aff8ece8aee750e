package store

import (
	"errors"
	"sync"
	"testing"
	"time"

	"refettorio/canteen"
)

// wantKind fails the test unless an error is a refusal of a kind with a key.
func wantKind(t testing.TB, err error, kind canteen.Kind, key string) {
	t.Helper()
	refusal, ok := errors.AsType[*canteen.Error](err)
	if !ok || refusal.Kind != kind || refusal.Key != key {
		t.Errorf("got %v (kind %d), want kind %d with %s", err, canteen.KindOf(err), kind, key)
	}
}

// messagesOf counts the messages of a kind in the outbox.
func messagesOf(t testing.TB, s *Store, kind string) (n int) {
	t.Helper()
	if err := s.view(Console(), func(tx *tx) error {
		for _, m := range loadAll[Message](tx, messages) {
			if m.Kind == kind {
				n++
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// receiptsOf counts the receipts of a kind.
func receiptsOf(t testing.TB, s *Store, kind string) (n int) {
	t.Helper()
	if err := s.view(Console(), func(tx *tx) error {
		for _, r := range loadAll[Receipt](tx, receipts) {
			if r.Kind == kind {
				n++
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestApplication_fromDraftToReceipt(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	act := town.family(town.elder)
	handle := apply(t, s, act, newChild(t, 1))
	act.Received = c.now().Add(-time.Second)
	a, err := s.SubmitApplication(act, handle)
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.Application(act, handle)
	if err != nil {
		t.Fatal(err)
	}
	if a.State != canteen.Submitted || a.Receipt.IsZero() || !v.Submitted.Equal(act.Received) {
		t.Errorf("got %+v, want it submitted at %s with a receipt", v.Application, act.Received)
	}
	if want := monday.AddDays(canteen.TermDays); v.Due != want || v.ClassName != "1A" || !v.Own {
		t.Errorf("due %s in class %q, own %t; want %s in 1A, own", v.Due, v.ClassName, v.Own, want)
	}
	if n := messagesOf(t, s, "application.received"); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}

func TestApplication_submittedTwiceIsOne(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	act := town.family(town.elder)
	handle := apply(t, s, act, newChild(t, 1))
	var tabs sync.WaitGroup
	numbers := make([]canteen.ReceiptNumber, 8)
	for i := range numbers {
		tabs.Go(func() {
			a, err := s.SubmitApplication(act, handle)
			if err != nil {
				t.Error(err)
			}
			numbers[i] = a.Receipt
		})
	}
	tabs.Wait()
	for _, n := range numbers {
		if n != numbers[0] || n.IsZero() {
			t.Errorf("receipts %v, want the same one for every tab", numbers)
			break
		}
	}
	if n := receiptsOf(t, s, ReceiptApplication); n != 1 {
		t.Errorf("%d receipts, want 1", n)
	}
}

func TestApplication_twoTabsWithTwoDraftsForOneChild(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	act := town.family(town.elder)
	first, second := apply(t, s, act, newChild(t, 1)), apply(t, s, act, newChild(t, 1))
	if _, err := s.SubmitApplication(act, first); err != nil {
		t.Fatal(err)
	}
	_, err := s.SubmitApplication(act, second)
	wantKind(t, err, canteen.KindConflict, "error.application.duplicate")
	if err := s.WithdrawApplication(act, first); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SubmitApplication(act, second); err != nil {
		t.Errorf("after the first was withdrawn: %v", err)
	}
}

func TestApplication_startedTwiceForAPupilIsOne(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	window(t, s, "2027/28", 20270301, 20270430)
	c.at(canteen.NewDate(2027, 3, 2), "08:00")
	act := town.family(town.elder)
	first, err := s.StartApplication(act, "2027/28", town.elder)
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.StartApplication(act, "2027/28", town.elder)
	if err != nil || second != first {
		t.Errorf("got %q, %v; want the draft that is there, %q", second, err, first)
	}
}

func TestApplication_aFormSentTwiceStartsOneDraft(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	act := town.family(town.elder)
	act.Once = "a form's id"
	first, err := s.StartApplication(act, "2026/27", 0)
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.StartApplication(act, "2026/27", 0)
	if err != nil || first != second {
		t.Errorf("got %q, %v; want %q again", second, err, first)
	}
}

func TestApplication_aChildAlreadyEnrolled(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	_, err := s.StartApplication(town.family(town.elder), "2026/27", town.elder)
	wantKind(t, err, canteen.KindConflict, "error.application.enrolled")
}

func TestApplication_ofAnotherFamilyIsNotFound(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	act, stranger := town.family(town.elder), town.family(town.coeliac)
	handle := apply(t, s, act, newChild(t, 1))
	before := receiptsOf(t, s, ReceiptApplication)
	if _, err := s.Application(stranger, handle); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("read: %v, want not found", err)
	}
	if _, err := s.SaveApplication(stranger, handle, canteen.StepDiet, canteen.Application{Diet: canteen.DietHealth}); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("save: %v, want not found", err)
	}
	if _, err := s.SubmitApplication(stranger, handle); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("submit: %v, want not found", err)
	}
	if err := s.WithdrawApplication(stranger, handle); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("withdraw: %v, want not found", err)
	}
	if _, err := s.StartApplication(stranger, "2026/27", town.elder); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("start for another's pupil: %v, want not found", err)
	}
	if list, err := s.Applications(stranger); err != nil || len(list) != 0 {
		t.Errorf("list: %d, %v; want none", len(list), err)
	}
	if n := receiptsOf(t, s, ReceiptApplication); n != before {
		t.Errorf("the stranger caused %d receipts", n-before)
	}
}

// window sets the window of a year.
func window(t testing.TB, s *Store, year string, opens, closes canteen.Date) {
	t.Helper()
	if err := s.SetEnrolmentWindow(office(), canteen.EnrolmentWindow{Year: year, Opens: opens, Closes: closes}, "Carla Ufficio", 30); err != nil {
		t.Fatal(err)
	}
}

func TestApplication_windowClosedWithTheDraftKept(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	window(t, s, "2027/28", 20270301, 20270430)
	act := town.family(town.elder)
	_, err := s.StartApplication(act, "2027/28", 0)
	wantKind(t, err, canteen.KindTooLate, "error.window.ahead")
	c.at(canteen.NewDate(2027, 4, 30), "23:00")
	handle, err := s.StartApplication(act, "2027/28", 0)
	if err != nil {
		t.Fatal(err)
	}
	a := answers(newChild(t, 1))
	a.Class = 0
	fillIn(t, s, act, handle, a)
	act.Received = c.now()
	c.at(canteen.NewDate(2027, 5, 1), "00:00:01")
	late := act
	late.Received = c.now()
	_, err = s.SubmitApplication(late, handle)
	wantKind(t, err, canteen.KindTooLate, "error.window.closed")
	if v, err := s.Application(act, handle); err != nil || v.State != canteen.Draft || v.Child.Name != "Luce" {
		t.Errorf("got %+v, %v; want the draft kept", v.Application, err)
	}
	if _, err := s.SubmitApplication(act, handle); err != nil {
		t.Errorf("what reached the server in time was refused: %v", err)
	}
}

func TestApplication_aClassThatClosesWhileADraftLies(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(tx *tx)
		step   canteen.ApplicationStep
		key    string
	}{
		{"removed", func(tx *tx) { tx.del(classes, key32(3)); tx.changed() }, canteen.StepSchool, "error.application.class"},
		{"another grade", func(tx *tx) { c := *tx.townNow().byClass[3]; c.Grade = "2"; tx.putClass(c) }, canteen.StepSchool, "error.application.class"},
		{"days taken away", func(tx *tx) { c := *tx.townNow().byClass[3]; c.Weekdays = tueThu; tx.putClass(c) }, canteen.StepDays, "error.application.weekdays"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := openUnproved(t) // a class that has children is never taken away by an action
			town := fill(t, s)
			act := town.family(town.elder)
			handle, err := s.StartApplication(act, "2026/27", 0)
			if err != nil {
				t.Fatal(err)
			}
			a := answers(newChild(t, 1))
			a.Weekdays = monWedFri
			fillIn(t, s, act, handle, a)
			if err := s.updateAlone(Console(), func(tx *tx) error { tt.change(tx); return tx.err }); err != nil {
				t.Fatal(err)
			}
			v, err := s.Application(act, handle)
			if err != nil || v.Missing != tt.step {
				t.Errorf("the family is led to step %q (%v), want %q", v.Missing, err, tt.step)
			}
			_, err = s.SubmitApplication(act, handle)
			wantKind(t, err, canteen.KindInvalid, tt.key)
			again := a
			again.Class, again.Weekdays = 0, 0
			fillIn(t, s, act, handle, again)
			if _, err := s.SubmitApplication(act, handle); err != nil {
				t.Errorf("after the family chose again: %v", err)
			}
		})
	}
}
