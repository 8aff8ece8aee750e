package handlers

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

func TestFamilyCalendar_monthAndDayTellTheStory(t *testing.T) {
	s := newTestServer(t)
	s.say("Giulia", canteen.White, testDay, testDay)
	s.say("Giulia", canteen.Absence, testDay.AddDays(1), testDay.AddDays(1))
	b := s.browser(testElena)
	grid := b.ok("/famiglia/calendario")
	grid.want("ottobre 2026", "2 pasti ordinati e chiusi in questo mese: 5,40 €.")
	days := strings.Join(grid.texts("a", "month-day"), "; ")
	for _, want := range []string{"12 pasto 2,70 €", "13 pasto 2,70 €", "14 in bianco", "15 assente", "16 mangia"} {
		if !strings.Contains(days, want) {
			t.Errorf("the month: want %q in %q", want, days)
		}
	}
	list := b.click(grid, "Come elenco")
	list.want("lunedì 12 ottobre", "pasto 2,70 €", "mercoledì 14 ottobre oggi in bianco")
	past := b.click(list, "martedì 13 ottobre")
	past.want("Pasto standard", "Giorno chiuso", "nessuna: senza avviso il bambino mangia", "−2,70 €",
		"tariffa intera; "+testAct+", in vigore dal 01/09/2026", "Saldo dopo 24,30 €", "Si paga il pasto ordinato")
	b.ok("/famiglia/calendario/"+s.handle("Giulia")+"/2026-10-15").want("Assente: nessun pasto", "allo sportello", "l’ufficio mensa", "Annulla la disdetta")
	b.click(grid, "Mese prima").want("settembre 2026")
	b.click(grid, "Mese dopo").want("novembre 2026")
	b.click(grid, "Nicolò").want("Infanzia Arcobaleno, 3A")
}

func TestFamilyCalendar_daysWithoutCanteen(t *testing.T) {
	s := newTestServer(t)
	if err := s.store.AddDayRule(store.Act{Actor: canteen.Actor{Login: testOffice, Role: canteen.RoleOffice}},
		canteen.DayRule{Layer: canteen.Town, From: testDay.AddDays(1), To: testDay.AddDays(1), Reason: "Neve"}); err != nil {
		t.Fatal(err)
	}
	b, h := s.browser(testElena), s.handle("Giulia")
	b.ok("/famiglia/calendario/"+h+"/2026-10-15").want("chiuso: Neve", "Niente mensa.").wantNo("Disdici")
	b.ok("/famiglia/calendario/" + h + "/2026-10-17").want("non è un giorno di mensa")
	b.ok("/famiglia/calendario?vista=elenco&alunno=" + h).want("giovedì 15 ottobre niente mensa chiuso: Neve")
	b.ok("/famiglia/calendario?mese=2026-08&vista=elenco&alunno=" + h).want("In questo mese non c’è mensa.")
	b.ok("/famiglia/calendario?mese=2026-08&alunno=" + h)
	b.ok("/famiglia/calendario?mese=9999-99&alunno=" + h).want("ottobre 2026")
	s.at(testDay.AddDays(2), "08:00:00") // Wednesday was never closed
	b.ok("/famiglia/calendario/"+h+"/2026-10-14").want("Questo giorno non è stato chiuso", "Finora non è stato addebitato nulla")
	b.ok("/famiglia/calendario?alunno=" + h).want("da decidere")
}

func TestFamilyAccount_movementsAddUp(t *testing.T) {
	s := newTestServer(t)
	office := store.Act{Actor: canteen.Actor{Login: testOffice, Role: canteen.RoleOffice}}
	// Entered today, paid before the meals of Monday and Tuesday.
	if err := s.store.RecordOutsidePayment(office, store.OutsidePayment{Pupil: s.pan("Giulia"), Amount: 10_00, Day: canteen.NewDate(2026, 10, 5), Reference: "CRO 7", Means: "bonifico"}); err != nil {
		t.Fatal(err)
	}
	b, h := s.browser(testElena), s.handle("Giulia")
	p := b.ok("/famiglia/conto")
	p.want("34,30 €", "12 pasti, aggiornato alle 8:45", "Un pasto costa 2,70 €: perché", testAct, "Pagamento registrato dall’ufficio", "bonifico", "Saldo portato dal vecchio sistema")
	got := strings.Join(p.texts("p", "movement-after"), "; ")
	if want := "saldo 34,30 €; saldo 37,00 €; saldo 39,70 €; saldo 29,70 €"; got != want {
		t.Errorf("balances, newest first: got %q, want %q", got, want)
	}
	b.ok("/famiglia/conto?alunno="+h+"&dal=13/10/2026&al=2026-10-13").want("Saldo all’inizio del periodo 37,00 €", "saldo 34,30 €")
	b.ok("/famiglia/conto?alunno=" + h + "&dal=2026-01-01&al=2026-01-31").want("Nessun movimento in questo periodo.")
	b.get("/famiglia/conto?alunno=" + h + "&dal=ieri").wantStatus(http.StatusUnprocessableEntity).want("«ieri» non è una data")
	b.get("/famiglia/conto?alunno=" + h + "&dal=2026-10-14&al=2026-10-13").wantStatus(http.StatusUnprocessableEntity)
}

func TestFamilyAccount_downloads(t *testing.T) {
	s := newTestServer(t)
	b, h := s.browser(testElena), s.handle("Giulia")
	page := b.ok("/famiglia/conto?alunno=" + h + "&dal=2026-10-13&al=2026-10-14")
	csv := b.click(page, "Scarica per il foglio di calcolo (CSV)")
	for _, want := range []string{"Giulia Rinaldi", "27,00", "Pasto standard", "-2,70", "24,30"} {
		if !strings.Contains(csv.body, want) {
			t.Errorf("CSV: want %q in %q", want, csv.body)
		}
	}
	if got := csv.header.Get("Content-Disposition"); got != `attachment; filename="estratto-conto-2026-10-13-2026-10-14.csv"` {
		t.Errorf("CSV: name %q", got)
	}
	if s.web.fonts.Regular == nil {
		t.Skip("the assets are not built: no fonts for a PDF")
	}
	pdf := b.click(page, "Scarica in PDF")
	if !bytes.HasPrefix([]byte(pdf.body), []byte("%PDF-")) || pdf.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("PDF: got %s %.20q", pdf.header.Get("Content-Type"), pdf.body)
	}
	b.get("/famiglia/conto/" + h + "/estratto.csv?dal=2026-10-14&al=2020-01-01").wantStatus(http.StatusUnprocessableEntity)
}

func TestStory33_exemptionIsSaidToTheFamilyAlone(t *testing.T) {
	s := newTestServer(t)
	h := s.handle("Maria Antonietta")
	b := s.browser(testAda)
	b.ok("/famiglia/conto?alunno="+h).want("esente", "I pasti non si pagano: perché", "fascia ESENTE")
	b.ok("/famiglia/calendario/" + h + "/2026-10-13").want("Addebito nessuno: esente")
}
