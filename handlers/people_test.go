package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const peoplePath = "/ufficio/persone"

// TestPeople_areFoundAndOpened by what an operator has at hand.
func TestPeople_areFoundAndOpened(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	clerk.ok(peoplePath).want("Persone", "Nessun cambiamento registrato")
	for query, want := range map[string]string{"rin": "2 persone trovate", "Rinaldi Paolo": "1 persona trovata", "paolo@example.org": "Rinaldi Paolo", "Bianchi": "Nessuna persona corrisponde"} {
		clerk.post(peoplePath, url.Values{"query": {query}}).wantStatus(http.StatusOK).want(want)
	}
	clerk.post(peoplePath, url.Values{"query": {" "}}).wantStatus(http.StatusUnprocessableEntity).want("È un dato che serve")
	p := clerk.click(clerk.post(peoplePath, url.Values{"query": {"Rinaldi Elena"}}), "Rinaldi Elena")
	p.want("elena@example.org", "(non verificato)", "Rinaldi Giulia", "Rinaldi Nicolò", testElena, "genitore")
	clerk.click(p, "Rinaldi Giulia").want("Fratelli e sorelle Rinaldi Nicolò", "senza codice fiscale")
}

// TestPeople_createdLinkedUnlinked: a person the office makes, its link with a
// reason, and the last guardian, who stays.
func TestPeople_createdLinkedUnlinked(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	add := peoplePath + "/nuova"
	form := url.Values{"surname": {"Bianchi"}, "name": {"Rosa"}, "cf": {"rssmra80a01h501u"}, "phone": {"333 4445556"}, "email": {"boh"}}
	clerk.submit(clerk.ok(add), add, form).wantStatus(http.StatusUnprocessableEntity).want("L’indirizzo e-mail non è scritto bene")
	form.Set("email", "rosa@example.org")
	p := clerk.submit(clerk.ok(add), add, form).want("Persona creata", "Bianchi Rosa", "RSSMRA80A01H501U", "+393334445556", "Nessun alunno è collegato")
	clerk.submit(clerk.ok(add), add, form).wantStatus(http.StatusUnprocessableEntity).want("C’è già una persona con questo codice fiscale")

	person := peoplePath + "/" + s.personHandle("Bianchi")
	link := person + "/collega"
	clerk.submit(clerk.click(p, "Collega a un alunno"), link, url.Values{"pan": {testPupils["Sara"]}}).
		wantStatus(http.StatusUnprocessableEntity).want("È un dato che serve")
	clerk.submit(clerk.ok(link), link, url.Values{"pan": {"100200999"}, "reason": {"stato civile"}}).wantStatus(http.StatusUnprocessableEntity)
	p = clerk.submit(clerk.ok(link), link, url.Values{"pan": {testPupils["Sara"]}, "reason": {"stato civile"}})
	p.want("Collegamento registrato", "Conti Sara", "collegato come genitore dall’ufficio", "stato civile")

	unlink := person + "/scollega/" + s.handle("Sara")
	form = url.Values{"reason": {"decreto del tribunale"}}
	page := clerk.ok(unlink).want("Scollega Bianchi Rosa da Conti Sara")
	clerk.submit(page, unlink, form).want("Collegamento tolto", "Nessun alunno è collegato")
	clerk.submit(page, unlink, form).want("Bianchi Rosa") // the same form again
	ugo := peoplePath + "/" + s.personHandle("Conti")
	clerk.ok(ugo).want("unico genitore collegato")
	clerk.submit(clerk.ok(ugo+"/scollega/"+s.handle("Sara")), ugo+"/scollega/"+s.handle("Sara"), form).
		wantStatus(http.StatusUnprocessableEntity).want("qualcuno deve restare")
}

// TestPeople_mergedAfterAPreview: search, preview, reason, and the old address
// leads to the person that stays.
func TestPeople_mergedAfterAPreview(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	from := s.personHandle("Rinaldi Paolo")
	into := s.personHandle("Conti")
	path := peoplePath + "/" + from + "/unisci"
	clerk.submit(clerk.click(clerk.ok(peoplePath+"/"+from), "Unisci a un’altra scheda"), path, url.Values{"query": {"Conti"}}).want("Conti Ugo")
	p := clerk.post(path, url.Values{"id": {"passo-2"}, "into": {into}}).wantStatus(http.StatusOK).
		want("Le due schede hanno nomi diversi", "Rinaldi Giulia passa alla scheda che resta", "L’accesso paolo@example.org", "I conti mensa degli alunni non cambiano")
	if s.balance("Giulia") == 0 || !strings.Contains(p.body, `name="confirm"`) {
		t.Error("the preview has no confirmation")
	}
	form := url.Values{"id": {"passo-3"}, "into": {into}, "confirm": {"1"}}
	clerk.post(path, form).wantStatus(http.StatusUnprocessableEntity).want("È un dato che serve")
	form.Set("reason", "doppione")
	for range 2 {
		clerk.post(path, form).wantStatus(http.StatusSeeOther)
	}
	if got := clerk.get(peoplePath + "/" + from).header.Get("Location"); got != peoplePath+"/"+into {
		t.Errorf("the old address leads to %q", got)
	}
	clerk.ok(peoplePath+"/"+into).want("Rinaldi Giulia", "Conti Sara", "un’altra scheda è stata unita a questa", "doppione")
	s.browser(testPaolo).ok("/famiglia").want("Sara", "Giulia")
	clerk.post(path, url.Values{"id": {"passo-4"}, "into": {into}}).wantStatus(http.StatusUnprocessableEntity).want("sono la stessa persona")
}

// TestPupilCode_keepsThePAN and warns where the code does not fit.
func TestPupilCode_keepsThePAN(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	path := "/ufficio/alunni/" + s.handle("Sara") + "/codice"
	clerk.ok(peoplePath).want("Senza codice fiscale definitivo", "Conti Sara")
	form := url.Values{"cf": {"CNTSRA18L48D643T"}, "reason": {"tessera sanitaria"}}
	clerk.submit(clerk.ok(path), path, form).wantStatus(http.StatusUnprocessableEntity).want("Il codice fiscale non torna")
	form.Set("cf", "RSSMRA80A01H501U")
	clerk.submit(clerk.ok(path), path, form).want("RSSMRA80A01H501U", testPupils["Sara"])
	form.Set("cf", "CNTSRA18L48D643S")
	clerk.submit(clerk.ok(path), path, form).want("CNTSRA18L48D643S", testPupils["Sara"])
	clerk.ok(peoplePath).wantNo("Conti Sara")
}

// TestPeople_wordsOfTheLogAreInTheCatalogue covers the keys that are put together
// in Go.
func TestPeople_wordsOfTheLogAreInTheCatalogue(t *testing.T) {
	s := newTestServer(t)
	for _, what := range []string{"household.link.invitation", "household.link.pairing", "household.link.office", "household.unlink", "household.delegate",
		"household.revoke", "person.add", "person.merge", "correction.cf", "correction.surname", "correction.name", "correction.phone", "correction.email",
		"correction.address", "correction.postcode", "correction.city"} {
		if !s.web.catalog.Has("people.log." + what) {
			t.Errorf("the log's %q has no words", what)
		}
	}
	for _, kind := range []string{"joined", "left", "removed", "delegated", "revoked"} {
		for _, part := range []string{".subject", ".text"} {
			if key := "message.household." + kind + part; !s.web.catalog.Has(key) {
				t.Errorf("%q is in no catalogue", key)
			}
		}
	}
}
