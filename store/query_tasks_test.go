package store

import (
	"testing"

	"refettorio/canteen"
)

// What waits is counted once, under the page on which it is done.
func TestOfficeTasks_countWhatWaits(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	tasks := func() OfficeTasks {
		t.Helper()
		got, err := s.OfficeTasks(office())
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	before := tasks()
	debtor := town.of["primaria 5A"][0]
	town.owes(t, debtor, -12_00)
	town.candidate(t, 1, town.byParentOf(debtor))
	relief := town.candidate(t, 2, func(a *canteen.Application) { a.Band = "A" })
	town.candidate(t, 3, func(a *canteen.Application) { a.State, a.Renewal = canteen.Draft, true })
	sentDiet(t, town, town.of["primaria 1A"][2])
	want := before
	want.Stopped, want.Bands, want.Proposals = 1, before.Bands+1, before.Proposals+1
	if got := tasks(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	c.at(monday.AddDays(90), "11:00")
	got := tasks()
	if got.Overdue != 1 || got.Stopped != 1 || got.Year != relief.Year {
		t.Errorf("long after the term: got %+v, want one overdue of %s and one stopped", got, relief.Year)
	}
	if _, err := s.OfficeTasks(town.family(debtor)); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("a family counts the office's tasks: %v", err)
	}
}

func TestOfficeTasks_paperAndExpiredDiets(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.of["primaria 1A"][2]
	handle := sentDiet(t, town, pan)
	if err := s.DecideDiet(officer(), handle, DietDecision{Step: canteen.DietApprove, Code: "SG", Category: canteen.DietCoeliac,
		Until: monday.AddDays(20)}); err != nil {
		t.Fatal(err)
	}
	c.at(monday, "09:31")
	closeDue(t, s)
	c.at(monday, "11:00")
	act := desk(town.parent[pan])
	act.Once = "form"
	done, err := s.NotePaper(act, PaperNote{Pupil: pan, Kind: canteen.Absence, Day: monday, Heard: 9*60 + 10, Reason: "Servizio fermo"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.OfficeTasks(office()); err != nil || got.Paper != 1 || got.Expired != 0 {
		t.Errorf("noted: got %+v (%v), want one request and no expired diet", got, err)
	}
	answer := office()
	answer.Once = "answer"
	if err := s.AnswerPaper(answer, done.Receipt, PaperAccepted, "era in tempo"); err != nil {
		t.Fatal(err)
	}
	c.at(monday.AddDays(21), "08:00")
	if got, err := s.OfficeTasks(office()); err != nil || got.Paper != 0 || got.Expired != 1 {
		t.Errorf("answered, and the diet over: got %+v (%v), want no request and one diet", got, err)
	}
}

// Codes are nobody's task, and a message that arrived is none either.
func TestLostMessages_failedAndUnknown(t *testing.T) {
	s, c := open(t)
	id := profiled(t, s, nil)
	for _, kind := range []string{"event", "event", "event", "code-email"} {
		queued(t, s, Message{Kind: kind, Person: id})
	}
	for n, state := range []string{MessageFailed, MessageUnknown, MessageSent, MessageFailed} {
		if err := s.RecordDeliveries(Job(), uint64(n+1), []Delivery{{Person: id, Channel: canteen.ChannelEmail, State: state}}); err != nil {
			t.Fatal(err)
		}
	}
	list, n, err := s.LostMessages(office(), 1)
	if err != nil || n != 2 || len(list) != 1 || list[0].State != MessageUnknown || len(list[0].Persons) != 1 || list[0].Persons[0].ID != id {
		t.Errorf("got %+v of %d (%v), want the unknown one of two, with its person", list, n, err)
	}
	if _, _, err := s.LostMessages(officer(), 1); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("the diets officer reads the messages: %v", err)
	}
	c.advance(messageLook * 2)
	if _, n, err := s.LostMessages(office(), 1); err != nil || n != 0 {
		t.Errorf("two months later: %d (%v), want none", n, err)
	}
}
