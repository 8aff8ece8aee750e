package store

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"refettorio/canteen"
)

// someone is a registration with papers in order.
func someone(cf canteen.CodiceFiscale, surname, name string) DeskRegistration {
	return DeskRegistration{CodiceFiscale: cf, Surname: surname, Name: name, Address: "Via Roma 1", PostCode: "71121", City: "Borgoluce", DocumentSeen: true, Privacy: 1}
}

// TestStory38_aFamilyWithoutEmail is registered at the counter from its papers,
// gets a numbered receipt with both names, and the desk can act for it at once.
func TestStory38_aFamilyWithoutEmail(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	c.at(monday, "10:00")
	act := desk(0)
	act.Once = "the form's id"
	n := someone("CNTGUO80C03D643X", "Conti", "Ugo")
	done, err := s.RegisterAtDesk(act, n)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.RegisterAtDesk(act, n); err != nil || again != done {
		t.Errorf("the second click: %+v, %v; want %+v", again, err, done)
	}
	other := desk(0)
	other.Once = "another form"
	if _, err := s.RegisterAtDesk(other, n); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("the same codice fiscale again: %v, want a conflict", err)
	}
	g, err := s.DeskPerson(desk(0), done.Handle, true)
	if err != nil || g.Surname != "Conti" || g.Email != "" {
		t.Fatalf("the person: %+v, %v", g, err)
	}
	a, err := s.DeskReceipt(desk(g.ID), done.Receipt)
	if err != nil || a.Person != "Ugo Conti" || a.Operator != "sportello" || a.Handle != done.Handle || a.Receipt.Kind != ReceiptRegistration {
		t.Errorf("the receipt: %+v, %v", a, err)
	}
	day, err := s.DeskDay(desk(0), monday)
	if err != nil || len(day) != 1 || day[0].Receipt.Number != a.Receipt.Number {
		t.Errorf("today at the counter: %+v, %v", day, err)
	}
	if log, err := s.Log(office(), 1); err != nil || len(log) != 1 || log[0].What != "person.add" || log[0].Actor != "sportello" || log[0].OnBehalf != "Ugo Conti" {
		t.Errorf("the log of changes: %+v, %v", log, err)
	}
	err = s.view(Job(), func(tx *tx) error {
		if p := tx.profile(g.ID); len(p.Privacy) != 1 || p.Privacy[0].Version != 1 || !p.Privacy[0].At.Equal(c.now().UTC()) {
			t.Errorf("the privacy notice: %+v", p.Privacy)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRegisterAtDesk_refusals(t *testing.T) {
	s, _ := open(t)
	fill(t, s)
	for field, change := range map[string]func(*DeskRegistration){
		"cf": func(n *DeskRegistration) { n.CodiceFiscale = "" }, "surname": func(n *DeskRegistration) { n.Surname = "" },
		"city": func(n *DeskRegistration) { n.City = "" }, "document": func(n *DeskRegistration) { n.DocumentSeen = false },
		"privacy": func(n *DeskRegistration) { n.Privacy = 0 },
	} {
		n := someone("CNTGUO80C03D643X", "Conti", "Ugo")
		change(&n)
		_, err := s.RegisterAtDesk(desk(0), n)
		if refusal, ok := errors.AsType[*canteen.Error](err); !ok || refusal.Kind != canteen.KindInvalid || refusal.Field != field {
			t.Errorf("without %s: %v", field, err)
		}
	}
	if _, err := s.RegisterAtDesk(office(), someone("CNTGUO80C03D643X", "Conti", "Ugo")); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("by the office: %v, want forbidden", err)
	}
}

// TestDesk_neverWithoutAPerson: the counter cannot cancel a meal in nobody's name,
// nor a child's who is not the person's.
func TestDesk_neverWithoutAPerson(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	req := CommunicationRequest{Pupils: []canteen.PAN{town.coeliac}, Kind: canteen.Absence, From: monday.AddDays(2), To: monday.AddDays(2)}
	if _, err := s.Communicate(desk(0), req); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("for nobody: %v, want forbidden", err)
	}
	stranger := town.parent[town.monOnly]
	if _, err := s.Communicate(desk(stranger), req); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("for another family: %v, want not found", err)
	}
	out, err := s.Communicate(desk(town.parent[town.coeliac]), req)
	if err != nil || out[0].Days[0].Outcome != canteen.Accepted {
		t.Fatalf("for the child's parent: %+v, %v", out, err)
	}
	r, err := s.Receipt(desk(town.parent[town.coeliac]), out[0].Days[0].Receipt)
	if err != nil || r.Actor != "sportello" || r.OnBehalf != "Persona di prova" || r.Person != town.parent[town.coeliac] {
		t.Errorf("the receipt: %+v, %v", r, err)
	}
	if _, err := s.DeskReceipt(desk(stranger), r.Number); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("the receipt for another family: %v, want not found", err)
	}
}

func TestFindFamilies(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	n := someone("RSSLCU80A41D643X", "De Rossi", "Lucia Maria")
	n.Phone, n.Email = "+393331234567", "Lucia@example.org"
	if _, err := s.RegisterAtDesk(desk(0), n); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		"de rossi": 1, "De Rossi Lucia": 1, "lucia maria de rossi": 1, "Lucia De Rossi": 1, "rsslcu80a41d643x": 1, "333 123 4567": 1, "lucia@EXAMPLE.org": 1,
		town.coeliac.String(): 1, "nessuno con questo nome": 0, "999999999": 0, "   ": 0, "lucia@example.com": 0,
	} {
		out, err := s.FindFamilies(desk(0), query, 10)
		if err != nil || len(out.Found) != want {
			t.Errorf("%q: %d found, %v; want %d", query, len(out.Found), err, want)
		}
	}
	out, err := s.FindFamilies(desk(0), town.coeliac.String(), 10)
	if err != nil || !out.Exact || len(out.Found[0].Children) == 0 || out.Found[0].Person.ID != town.parent[town.coeliac] {
		t.Errorf("by PAN: %+v, %v", out, err)
	}
	if _, err := s.FindFamilies(office(), "de rossi", 10); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("by the office: %v, want forbidden", err)
	}
}

// TestFindFamilies_twentyThousand measures a search among 20,000 persons; the
// worst is a phone, for which each is read.
func TestFindFamilies_twentyThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a large record")
	}
	s, _ := openUnproved(t)
	err := s.updateAlone(Console(), func(tx *tx) error {
		for i := range 20_000 {
			tx.putGuardian(canteen.Guardian{ID: canteen.GuardianID(tx.next(guardians)), CodiceFiscale: canteen.CodiceFiscale(fmt.Sprintf("PRV%013d", i)),
				Surname: fmt.Sprintf("Prova%05d", i), Name: "Anna", Phone: fmt.Sprintf("+39333%07d", i), Email: fmt.Sprintf("p%d@example.org", i)})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"3330019999", "p19999@example.org", "prova19999", "anna prova19999", "PRV0000000019999"} {
		start := time.Now()
		out, err := s.FindFamilies(desk(0), query, 20)
		took := time.Since(start)
		t.Logf("%s: %s", query, took)
		if err != nil || len(out.Found) != 1 || took > time.Second {
			t.Errorf("%q: %d found in %s, %v; want 1 within a second", query, len(out.Found), took, err)
		}
	}
}

// TestBookAppointment_theLastPlace: of many who ask for the last place at once
// one gets it.
func TestBookAppointment_theLastPlace(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(monday, "08:00")
	req := AppointmentRequest{Day: monday, At: 9 * 60, About: "enrolment"}
	var wg sync.WaitGroup
	results := make([]error, 8)
	for i := range results {
		wg.Go(func() { _, results[i] = s.BookAppointment(town.family(town.pupils[i]), req) })
	}
	wg.Wait()
	got := 0
	for _, err := range results {
		switch {
		case err == nil:
			got++
		case canteen.KindOf(err) != canteen.KindConflict:
			t.Errorf("refused with %v", err)
		}
	}
	if got != 1 {
		t.Errorf("%d got the last place, want 1", got)
	}
	free, err := s.FreeTimes(Act{})
	if err != nil || free[0].Day != monday || free[0].Times[0] != 9*60+15 {
		t.Errorf("the free times begin with %+v, %v", free[0], err)
	}
}

// TestAppointments_aDay books, calls, finishes and misses.
func TestAppointments_aDay(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	family, other := town.family(town.coeliac), town.family(town.monOnly)
	book := func(act Act, at canteen.ClockTime) canteen.Appointment {
		t.Helper()
		a, err := s.BookAppointment(act, AppointmentRequest{Day: monday, At: at, About: "account"})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	second, first := book(family, 9*60+30), book(Act{}, 9*60)
	gone := book(other, 10*60)
	if err := s.CancelAppointment(family, gone.Handle); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("another family cancels: %v, want not found", err)
	}
	for range 2 { // a double click
		if err := s.CancelAppointment(other, gone.Handle); err != nil {
			t.Errorf("cancel: %v", err)
		}
	}
	book(family, 10*60) // the place is free again
	if _, err := s.Appointment(other, second.Handle); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("another family looks: %v, want not found", err)
	}
	book(family, 11*60)
	if _, err := s.BookAppointment(family, AppointmentRequest{Day: monday, At: 12 * 60, About: "diet"}); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("a fourth visit: %v, want a conflict", err)
	}
	c.at(monday, "09:05")
	once := desk(0)
	once.Once = "one click"
	for range 2 {
		if code, err := s.CallNext(once); err != nil || code != first.Code {
			t.Errorf("next: %q, %v; want %q", code, err, first.Code)
		}
	}
	if err := s.MoveAppointment(desk(0), first.Handle, canteen.AppointmentFinish); err != nil {
		t.Error(err)
	}
	if err := s.MoveAppointment(desk(0), first.Handle, canteen.AppointmentCall); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("calling who has been: %v, want a conflict", err)
	}
	if err := s.MoveAppointment(desk(0), second.Handle, canteen.AppointmentMiss); err != nil {
		t.Error(err)
	}
	queue, err := s.DeskQueue(desk(0), monday)
	if err != nil || len(queue) != 4 || queue[0].State != canteen.AppointmentDone || queue[0].Name != "" || queue[1].State != canteen.AppointmentMissed || queue[1].Family == "" {
		t.Errorf("the queue: %+v, %v", queue, err)
	}
	if _, err := s.DeskQueue(family, monday); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("a family reads the queue: %v, want forbidden", err)
	}
}

// TestCheck_counter damages what the counter keeps.
func TestCheck_counter(t *testing.T) {
	for name, damage := range map[string]func(*tx, canteen.Appointment){
		"a place taken twice": func(tx *tx, a canteen.Appointment) { a.Handle = "bbbbbbbbbbbbbbbb"; tx.putAppointment(&a) },
		"an unknown person":   func(tx *tx, a canteen.Appointment) { a.Person = 999_999; tx.putAppointment(&a) },
		"another day": func(tx *tx, a canteen.Appointment) {
			key := keyAppointment(&a)
			a.Day++
			tx.putJSON(appointments, key, a)
		},
		"a state without a step": func(tx *tx, a canteen.Appointment) {
			a.State = canteen.AppointmentDone
			tx.putAppointment(&a)
		},
		"a receipt of nobody": func(tx *tx, _ canteen.Appointment) { tx.issue(Receipt{Kind: ReceiptRegistration}) },
	} {
		s, _ := openUnproved(t)
		town := fill(t, s)
		a, err := s.BookAppointment(town.family(town.coeliac), AppointmentRequest{Day: monday, At: 9 * 60, About: "diet"})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.updateAlone(Job(), func(tx *tx) error { damage(tx, a); return nil }); err != nil {
			t.Fatal(err)
		}
		if report, err := s.Check(Console(), nil); err != nil || report.OK {
			t.Errorf("%s: the check saw nothing (%v)", name, err)
		}
	}
}

// FuzzKeyAppointment holds the order of the keys against that of the visits.
func FuzzKeyAppointment(f *testing.F) {
	f.Add(uint16(0), uint16(540), uint16(3), uint16(555))
	f.Add(uint16(300), uint16(1319), uint16(301), uint16(360))
	f.Fuzz(func(t *testing.T, dayA, minuteA, dayB, minuteB uint16) {
		one := func(day, minute uint16) canteen.Appointment {
			return canteen.Appointment{Handle: "aaaaaaaaaaaaaaaa", Day: monday.AddDays(int(day)), At: canteen.ClockTime(minute % 1440)}
		}
		a, b := one(dayA, minuteA), one(dayB, minuteB)
		want := cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.At, b.At))
		if got := bytes.Compare(keyAppointment(&a), keyAppointment(&b)); got != want {
			t.Errorf("%s %s and %s %s: the keys compare as %d, want %d", a.Day, a.At, b.Day, b.At, got, want)
		}
		if len(keyAppointment(&a)) != 22 || !keyFits(appointments, keyAppointment(&a)) {
			t.Errorf("the key %x has not its form", keyAppointment(&a))
		}
	})
}
