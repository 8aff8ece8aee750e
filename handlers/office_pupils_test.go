package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestPupilsAreFoundByWhatOneKnows(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	for query, want := range map[string]string{
		"rin": "2 alunni trovati", "Rinaldi Giulia": "1 alunno trovato", "giulia rinaldi": "1 alunno trovato",
		"montefusco della": "3 alunni trovati", testPupils["Giulia"]: "1 alunno trovato", "Bianchi": "Nessun alunno corrisponde",
	} {
		p := clerk.post("/ufficio/alunni", url.Values{"query": {query}}).wantStatus(http.StatusOK).want(want)
		if got := p.header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%q: Cache-Control %q, want no-store", query, got)
		}
	}
	clerk.post("/ufficio/alunni", url.Values{"query": {" "}}).wantStatus(http.StatusUnprocessableEntity).want("È un dato che serve")
	p := clerk.post("/ufficio/alunni", url.Values{"query": {"rin"}})
	clerk.click(p, "Rinaldi Giulia").want("2A, Primaria Rodari", "Rinaldi Elena", "elena@example.org", "24,30 €", "9 pasti a 2,70 €")
}

func TestPupilPageShowsTheDayAndActBehindACharge(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	p := clerk.ok("/ufficio/alunni/"+s.handle("Giulia")).want("Saldo riportato dal vecchio sistema +29,70 €",
		"13/10/2026 Pasto standard tariffa "+testAct+", dal 01/09/2026 −2,70 € 24,30 €", "vidimata")
	if !strings.Contains(p.body, dayPath(testDay.AddDays(-1), "")) {
		t.Error("the charge does not open its day")
	}
	clerk.ok("/ufficio/alunni/" + s.handle("Giulia") + "?dal=2026-10-13&al=2026-10-13").want("Pasto standard").wantNo("Saldo riportato")
	clerk.ok("/ufficio/alunni/"+s.handle("Maria Antonietta")).want("esente", "G1")
	clerk.ok("/ufficio/alunni/" + s.handle("Bobby")).wantNo("alert(1) ")
	clerk.get("/ufficio/alunni/" + testPupils["Giulia"]).wantStatus(http.StatusNotFound)
	clerk.get("/ufficio/alunni/" + s.handle("Giulia") + "?dal=boh").wantStatus(http.StatusUnprocessableEntity)
}

func TestOutsidePaymentIsRecordedOnce(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	path := "/ufficio/alunni/" + s.handle("Sara")
	action := path + "/versamento"
	page := clerk.ok(path)
	form := url.Values{"amount": {"27,00"}, "day": {"2026-10-13"}, "reference": {"CRO 778899"}, "means": {"bank"}}
	before := s.balance("Sara")
	clerk.submit(page, action, form).want("Versamento registrato sul conto.", "Versamento fuori dal portale CRO 778899 +27,00 €")
	clerk.submit(page, action, form)
	if got, want := s.balance("Sara"), before+27_00; got != want {
		t.Errorf("balance after a double click: got %s, want %s", got, want)
	}
	form.Set("amount", "28,00")
	clerk.submit(page, action, form).wantStatus(http.StatusUnprocessableEntity).want("già registrato con altri dati")
	for field, values := range map[string][2]string{
		"amount": {"27.000", "«27.000» non è un importo"}, "day": {"2026-10-15", "non può essere nel futuro"}, "reference": {"", "È un dato che serve"},
	} {
		wrong := url.Values{"amount": {"5"}, "day": {"2026-10-13"}, "reference": {"CRO 1"}, "means": {"cash"}}
		wrong.Set(field, values[0])
		p := clerk.submit(page, action, wrong).wantStatus(http.StatusUnprocessableEntity).want(values[1])
		if _, back := p.form(action); field != "amount" && back.Get("amount") != "5" {
			t.Errorf("%s: the form came back without its amount: %v", field, back)
		}
	}
	if got, want := s.balance("Sara"), before+27_00; got != want {
		t.Errorf("balance after the refusals: got %s, want %s", got, want)
	}
}
