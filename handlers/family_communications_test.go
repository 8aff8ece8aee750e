package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

const (
	previewPath     = "/famiglia/comunicazioni/anteprima"
	communicatePath = "/famiglia/comunicazioni"
)

// tapCancel is the two taps of a cancellation: the button on the home page, the
// confirmation.
func tapCancel(b *browser) *page {
	b.s.t.Helper()
	return b.submit(b.click(b.ok("/famiglia"), "Disdici oggi"), communicatePath, nil)
}

func TestFamily_cancelsInTwoTapsAndUndoes(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testUgo)
	confirm := b.click(b.ok("/famiglia"), "Disdici oggi")
	confirm.want("Confermi la disdetta?", "Sara", "oggi, mercoledì 14 ottobre", "Non mangia a scuola", "Non paghi 1 pasto: 2,70 €.", "oggi fino alle 9:30", "ancora 45 minuti")
	receipt := b.submit(confirm, communicatePath, nil)
	receipt.want("Disdetta registrata", "Ricevuta 2026/000001", "Sara Conti", "mercoledì 14 ottobre 2026",
		"mercoledì 14 ottobre (14/10/2026) alle 8:45:00", "dal sito", "Ugo C. (tu)")
	home := b.ok("/famiglia").want("Oggi assente", "Disdetto alle 8:45, ricevuta 2026/000001")
	if again := b.click(home, "ricevuta 2026/000001"); !strings.Contains(again.text(), "Disdetta registrata") {
		t.Errorf("the receipt, asked for again: got %s", again.text())
	}
	paper := b.ok("/famiglia/figli/" + s.handle("Sara") + "/ricevute/2026-000001/stampa")
	paper.want("Comune di Borgoluce", "Ricevuta 2026/000001")
	if len(paper.all("header", "")) > 0 {
		t.Error("the paper has the header of the site")
	}

	s.at(testDay, "09:29:59")
	undo := b.submit(b.click(b.ok("/famiglia"), "Annulla la disdetta").want("Si paga 1 pasto: 2,70 €."), communicatePath, nil)
	undo.want("torna il pasto normale", "Ricevuta 2026/000002")
	b.ok("/famiglia").want("Oggi mangia a scuola")
	b.ok("/famiglia/figli/" + s.handle("Sara") + "/ricevute/2026-000001").want("1 giorno di questa ricevuta è stato cambiato")
}

func TestFamily_asksInBianco(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testUgo)
	b.submit(b.click(b.ok("/famiglia"), "In bianco").want("Confermi il pasto in bianco?", "Il prezzo non cambia: 2,70 € a pasto."), communicatePath, nil).
		want("Pasto in bianco registrato")
	b.submit(b.click(b.ok("/famiglia").want("Oggi in bianco"), "Torna al pasto normale"), communicatePath, nil).want("Ricevuta 2026/000002")
	b.ok("/famiglia").want("Oggi mangia a scuola")
}

// TestStory07 holds that a cancellation is one record, which the family's pages
// and the kitchen's numbers are views of, and that the meal is not charged.
func TestStory07_cancelledMealReachesKitchenAndIsNotCharged(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testUgo)
	before := s.dayCounts()
	tapCancel(b).want("Ricevuta 2026/000001")
	if got := s.dayCounts(); got.Absent != before.Absent+1 || got.Total != before.Total-1 {
		t.Errorf("the kitchen's numbers after the cancellation: got %+v, before %+v", got, before)
	}
	s.at(testDay, "09:30:01")
	s.closeDue()
	day := b.ok("/famiglia/calendario/" + s.handle("Sara") + "/2026-10-14")
	day.want("Assente: nessun pasto", "14/10/2026 alle 8:45:00", "Ricevuta 2026/000001").wantNo("Addebito")
	b.ok("/famiglia/conto").want("−9,40 €").wantNo("mercoledì 14 ottobre")
}

func (s *testServer) dayCounts() canteen.Counts {
	s.t.Helper()
	day, err := s.store.Day(store.Console(), testDay)
	if err != nil {
		s.t.Fatal(err)
	}
	return day.Counts
}

// TestStory10 holds that one child and day gives one meal and one charge,
// whatever is clicked and however often the day is closed.
func TestStory10_oneMealAndOneChargeADay(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testUgo)
	tapCancel(b)
	b.submit(b.click(b.ok("/famiglia"), "Annulla la disdetta"), communicatePath, nil)
	s.at(testDay, "09:31:00")
	s.closeDue()
	s.closeDue()
	p := b.ok("/famiglia/conto?dal=2026-10-14&al=2026-10-14")
	if got := p.texts("li", "movement"); len(got) != 2 { // the charge and the opening balance
		t.Errorf("movements of the day: got %q, want one charge", got)
	}
	p.want("−2,70 €", "saldo −12,10 €")
}

// TestStory35 holds that both guardians see and do the same, and see of each
// other neither name nor contact.
func TestStory35_bothGuardiansHaveEqualRights(t *testing.T) {
	s := newTestServer(t)
	elena, paolo := s.browser(testElena), s.browser(testPaolo)
	giulia := s.handle("Giulia")
	ask := familyRequest{handles: []string{giulia}, verb: verbAbsence, from: testDay, to: testDay}
	paolo.submit(paolo.ok(previewPath+"?"+ask.query()), communicatePath, nil).want("Paolo R. (tu)")
	elena.ok("/famiglia").want("Oggi assente")
	elena.ok("/famiglia/calendario/"+giulia+"/2026-10-14").want("un altro genitore o tutore, dal sito").wantNo(testPaolo, "Paolo R.")
	elena.ok("/famiglia/figli/"+giulia+"/ricevute/2026-000001").want("un altro genitore o tutore").wantNo(testPaolo, "Paolo R.", "(tu)")
	ask.verb = verbBack
	elena.submit(elena.ok(previewPath+"?"+ask.query()), communicatePath, nil).want("Ricevuta 2026/000002")
}

func TestFamily_cutoffToTheInstant(t *testing.T) {
	for _, c := range []struct {
		at       string
		accepted bool
		says     string // the hour the refusal names
	}{
		{"09:29:59", true, ""},
		{"09:30:00", true, ""},
		{"09:30:00.400", false, "9:30:00,400"},
		{"09:30:01", false, "9:30:01"},
	} {
		t.Run(c.at, func(t *testing.T) {
			s := newTestServer(t)
			b := s.browser(testUgo)
			confirm := b.click(b.ok("/famiglia"), "Disdici oggi")
			s.at(testDay, c.at)
			answer := b.submit(confirm, communicatePath, nil)
			if c.accepted {
				answer.wantStatus(http.StatusOK).want("Ricevuta 2026/000001", strings.TrimPrefix(c.at, "0"))
				return
			}
			answer.wantStatus(http.StatusConflict).want("È troppo tardi", "Niente è stato registrato.", "troppo tardi", "il termine era alle 9:30",
				"La richiesta è arrivata alle "+c.says+" di mercoledì 14 ottobre.", "Il primo giorno che puoi ancora cambiare è giovedì 15 ottobre.")
			answer.wantNo("Conferma la disdetta")
			b.click(answer, "Chiedilo per giovedì 15 ottobre").want("Conferma la disdetta", "giovedì 15 ottobre")
			b.ok("/famiglia").want("Oggi mangia a scuola")
		})
	}
}

func TestFamily_doubleSubmitGivesTheSameReceipt(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testUgo)
	_, form := b.click(b.ok("/famiglia"), "Disdici oggi").form(communicatePath)
	places := make([]string, 8)
	var wait sync.WaitGroup
	for i := range places {
		wait.Go(func() {
			other := *b // the same cookies, another connection
			places[i] = other.post(communicatePath, form).wantStatus(http.StatusSeeOther).header.Get("Location")
		})
	}
	wait.Wait()
	for _, place := range places {
		if place != places[0] {
			t.Errorf("a double submit leads to %s, want %s", place, places[0])
		}
	}
	b.ok(places[0]).want("Ricevuta 2026/000001")
	b.get("/famiglia/figli/" + s.handle("Sara") + "/ricevute/2026-000002").wantStatus(http.StatusNotFound)

	s.at(testDay, "09:45:00")
	s.closeDue()
	late := b.post(communicatePath, form) // the answer got lost and the browser asks again
	if got := late.wantStatus(http.StatusSeeOther).header.Get("Location"); got != places[0] {
		t.Errorf("the same form after the close leads to %s, want %s", got, places[0])
	}
	form.Set("dal", "2026-10-15")
	form.Set("al", "2026-10-15")
	b.post(communicatePath, form).wantStatus(http.StatusConflict) // the same id for something else
}

func TestFamily_twoTabs(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testUgo)
	one, two := b.click(b.ok("/famiglia"), "Disdici oggi"), b.click(b.ok("/famiglia"), "Disdici oggi")
	b.submit(one, communicatePath, nil).want("Ricevuta 2026/000001")
	b.submit(two, communicatePath, nil).want("Ricevuta 2026/000001").wantNo("2026/000002")
	undo, undoAgain := b.click(b.ok("/famiglia"), "Annulla la disdetta"), b.click(b.ok("/famiglia"), "Annulla la disdetta")
	b.submit(undo, communicatePath, nil).want("Ricevuta 2026/000002")
	b.submit(undoAgain, communicatePath, nil).wantStatus(http.StatusConflict).want("Niente è stato registrato.", "era già così")
}

func TestFamily_severalChildrenAndDays(t *testing.T) {
	s := newTestServer(t)
	s.at(testDay, "09:40:00")
	b := s.browser(testElena)
	form := b.ok("/famiglia/comunicazioni")
	preview := b.submit(form, previewPath, url.Values{"alunno": {s.handle("Giulia"), s.handle("Nicolò")}, "tipo": {"absence"}, "dal": {"14/10/2026"}, "al": {"2026-10-19"}})
	preview.want("da mercoledì 14 ottobre a lunedì 19 ottobre", "Non paghi 3 pasti: 8,10 €.", "Non paghi 1 pasto: 1,80 €.",
		"troppo tardi il termine era alle 9:30", "da sabato 17 ottobre a domenica 18 ottobre niente mensa non è un giorno di mensa",
		"Il primo giorno che puoi ancora cambiare è giovedì 15 ottobre.", "Il primo giorno che puoi ancora cambiare è lunedì 19 ottobre.")
	done := b.submit(preview, communicatePath, nil)
	done.want("Ricevuta 2026/000001", "Ricevuta 2026/000002", "Giorni (3)", "da giovedì 15 ottobre a venerdì 16 ottobre 2026",
		"Giulia: non accettato", "Nicolò: non accettato")
	day := b.ok("/famiglia/calendario/" + s.handle("Giulia") + "/2026-10-16")
	b.click(day, "Ricevuta 2026/000001").want("Giulia Rinaldi")
}

func TestFamilyForm_refusalsBringItBack(t *testing.T) {
	s := newTestServer(t)
	giulia := s.handle("Giulia")
	for _, c := range []struct {
		name string
		form url.Values
		want string
	}{
		{"nobody", url.Values{"tipo": {"absence"}, "dal": {"2026-10-15"}}, "Scegli almeno un bambino."},
		{"nothing", url.Values{"alunno": {giulia}, "dal": {"2026-10-15"}}, "Scegli che cosa vuoi comunicare."},
		{"unknown thing", url.Values{"alunno": {giulia}, "tipo": {"holiday"}, "dal": {"2026-10-15"}}, "Scegli che cosa vuoi comunicare."},
		{"no day", url.Values{"alunno": {giulia}, "tipo": {"white"}}, "un dato che serve"},
		{"no such day", url.Values{"alunno": {giulia}, "tipo": {"white"}, "dal": {"31/02/2027"}}, "«31/02/2027» non è una data"},
		{"backwards", url.Values{"alunno": {giulia}, "tipo": {"white"}, "dal": {"2026-10-15"}, "al": {"14/10/2026"}}, "L’ultimo giorno viene prima del primo."},
		{"too long", url.Values{"alunno": {giulia}, "tipo": {"white"}, "dal": {"2026-10-15"}, "al": {"2027-10-16"}}, "Il periodo è troppo lungo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := s.browser(testElena)
			for _, p := range []*page{b.get(previewPath + "?" + c.form.Encode()), b.post(communicatePath, c.form)} {
				p.wantStatus(http.StatusUnprocessableEntity).want(c.want)
				if got := p.texts("div", "errors"); len(got) != 1 || !strings.Contains(got[0], c.want) {
					t.Errorf("%s: the index of errors says %q, want %q", p.target, got, c.want)
				}
				_, filled := p.form(previewPath)
				if c.form.Has("alunno") && filled.Get("alunno") != giulia {
					t.Errorf("%s: the child chosen is lost: %v", p.target, filled)
				}
			}
		})
	}
}

func TestFamilyForm_oneChildIsChosenAlready(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testUgo)
	b.submit(b.ok("/famiglia/comunicazioni"), previewPath, url.Values{"tipo": {"white"}, "dal": {"2026-10-15"}}).
		want("Confermi il pasto in bianco?", "fino a giovedì 15 ottobre, ore 9:30")
}
