package store

import (
	"reflect"
	"testing"

	"refettorio/canteen"
)

// TestStory49_notedOnPaper: while the service was away the counter notes on paper
// what families telephone. Entered before the cut-off it is an ordinary absence;
// entered after it the closed sheet stays, and the office has a request with the
// true time, which it answers by another record.
func TestStory49_notedOnPaper(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	early, late := town.of["infanzia 1A"][2], town.of["infanzia 1A"][3]
	act := func(pan canteen.PAN) Act {
		a := desk(town.parent[pan])
		a.Once = "form " + pan.String()
		return a
	}
	note := func(pan canteen.PAN) PaperNote {
		return PaperNote{Pupil: pan, Kind: canteen.Absence, Day: monday, Heard: 9*60 + 10, Reason: "Servizio fermo dalle 9:00"}
	}
	c.at(monday, "09:20")
	done, err := s.NotePaper(act(early), note(early))
	if err != nil || done.Request {
		t.Fatalf("entered in time: %+v, %v", done, err)
	}
	r, err := s.Receipt(act(early), done.Receipt)
	if err != nil || r.Kind != ReceiptCommunication || !r.Heard.Equal(instant(monday, "09:10")) || r.Why == "" || !r.Received.Equal(c.now()) {
		t.Errorf("the receipt of the one in time: %+v, %v", r, err)
	}
	c.at(monday, "09:31")
	if _, err := s.CloseDue(t.Context(), Job()); err != nil {
		t.Fatal(err)
	}
	before, err := s.SheetVersions(office(), monday, kitchenOne)
	if err != nil || len(before) == 0 {
		t.Fatalf("the sheet: %v, %v", before, err)
	}
	c.at(monday, "11:00")
	first, err := s.NotePaper(act(late), note(late))
	if err != nil || !first.Request {
		t.Fatalf("entered after the close: %+v, %v", first, err)
	}
	if again, err := s.NotePaper(act(late), note(late)); err != nil || again != first {
		t.Errorf("the second click: %+v, %v", again, err)
	}
	if after, err := s.SheetVersions(office(), monday, kitchenOne); err != nil || !reflect.DeepEqual(after, before) {
		t.Errorf("the sheet changed: %+v, %v", after, err)
	}
	tooLate := note(late)
	tooLate.Heard = 9*60 + 40
	if _, err := s.NotePaper(desk(town.parent[late]), tooLate); canteen.KindOf(err) != canteen.KindTooLate {
		t.Errorf("a call after the cut-off: %v, want too late", err)
	}
	all, err := s.PaperRequests(office())
	if err != nil || len(all) != 1 || all[0].Answer != nil || all[0].Receipt.Number != first.Receipt || all[0].Person == "" {
		t.Fatalf("the office's list: %+v, %v", all, err)
	}
	if err := s.AnswerPaper(desk(0), first.Receipt, PaperAccepted, "ha ragione"); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("the counter answers: %v, want forbidden", err)
	}
	if err := s.AnswerPaper(office(), done.Receipt, PaperAccepted, "non era una richiesta"); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("an answer to no request: %v, want not found", err)
	}
	if err := s.AnswerPaper(office(), first.Receipt, PaperAccepted, "La telefonata è delle 9:10"); err != nil {
		t.Fatal(err)
	}
	if err := s.AnswerPaper(office(), first.Receipt, PaperRefused, "ripensamento"); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("a second answer: %v, want a conflict", err)
	}
	if all, err = s.PaperRequests(office()); err != nil || len(all) != 1 || all[0].Answer == nil || all[0].Answer.What != PaperAccepted {
		t.Errorf("the list afterwards: %+v, %v", all, err)
	}
}

// TestReceiptsSince finds the first receipt of a day among those of several, over
// the turn of the year.
func TestReceiptsSince(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	person := town.parent[town.coeliac]
	days := []canteen.Date{20261230, 20261231, 20270101, 20270104}
	for _, day := range days {
		c.at(day, "10:00")
		for n := range 3 {
			if err := s.update(desk(person), func(tx *tx) error { tx.issue(Receipt{Kind: ReceiptRegistration}); return nil }); err != nil {
				t.Fatal(day, n, err)
			}
		}
	}
	for day, want := range map[canteen.Date]int{20261230: 3, 20261231: 3, 20270101: 3, 20270102: 0, 20270104: 3, 20270105: 0, 20261201: 0} {
		acts, err := s.DeskDay(desk(0), day)
		if err != nil || len(acts) != want {
			t.Errorf("%s: %d acts, %v; want %d", day, len(acts), err, want)
		}
	}
}
