package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

const householdPath = "/famiglia/nucleo"

// invited makes an invitation on the pages and returns its code.
func (b *browser) invited(path string, form url.Values) string {
	b.s.t.Helper()
	p := b.submit(b.ok(path), path, form)
	p.want("Codice creato", "Inviti aperti")
	words := p.texts("p", "household-code-word")
	if len(words) == 0 || !regexp.MustCompile(`^[A-Z2-9]{4}-[A-Z2-9]{4}$`).MatchString(words[len(words)-1]) {
		b.s.t.Fatalf("the codes on the page: %q", words)
	}
	return words[len(words)-1]
}

// TestStory35_theSecondParentJoinsByACode and can then do what the first can.
func TestStory35_theSecondParentJoinsByACode(t *testing.T) {
	s := newTestServer(t)
	ugo, ines := s.browser(testUgo), s.browser(testInes)
	ines.ok(householdPath).want("Non segui ancora nessun bambino")
	code := ugo.invited(householdPath+"/genitore", nil)
	link := "/famiglia/invito?codice=" + code
	ines.submit(ines.ok(link), "/famiglia/invito", nil).want("ora il bambino è fra quelli che segui", "Sara Conti", "Ugo Conti", "(tu)")
	tapCancel(ines).want("Ricevuta 2026/000001")
	ugo.ok("/famiglia").want("Oggi assente")
	ugo.ok(householdPath).want("Ines Solitario", "dal 14/10/2026").wantNo("Inviti aperti")

	ines.submit(ines.ok("/famiglia/invito"), "/famiglia/invito", url.Values{"code": {code}}).
		wantStatus(http.StatusUnprocessableEntity).want("Hai già usato questo codice")
	ada := s.browser(testAda)
	ada.submit(ada.ok("/famiglia/invito"), "/famiglia/invito", url.Values{"code": {strings.ToLower(code)}}).
		wantStatus(http.StatusUnprocessableEntity).want("Questo codice è già stato usato")
}

// TestDelegate_seesTheCalendarAndNoMoney walks a delegate's pages.
func TestDelegate_seesTheCalendarAndNoMoney(t *testing.T) {
	s := newTestServer(t)
	elena := s.browser(testElena)
	code := elena.invited(householdPath+"/delegato", url.Values{"pupils": {s.handle("Giulia")}, "rights": {"see", "cancel"}, "until": {testDay.AddDays(9).String()}})
	u, err := s.store.User(testOffice)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.AddUser(store.Console(), store.User{Login: "nonna", Name: "Ines S.", Role: canteen.RoleDelegate, Hash: u.Hash}, "SLTNSI84E45D643X"); err != nil {
		t.Fatal(err)
	}
	nonna := s.browser("nonna")
	nonna.submit(nonna.ok("/famiglia/invito"), "/famiglia/invito", url.Values{"code": {code}}).
		want("Giulia Rinaldi", "Persona delegata", "fino al 23/10/2026", "disdice i pasti").wantNo("Elena", "Paolo")
	giulia := s.handle("Giulia")
	home := nonna.ok("/famiglia").want("Giulia", "Oggi mangia a scuola", "Disdici oggi").wantNo("Nicolò")
	for _, p := range []*page{home, nonna.click(home, "Disdici oggi"), nonna.ok("/famiglia/calendario"), nonna.ok("/famiglia/calendario/" + giulia + "/2026-10-13")} {
		if main := p.texts("main", ""); strings.Contains(strings.Join(main, " "), "€") {
			t.Errorf("%s shows money to a delegate who may only cancel: %s", p.target, main)
		}
	}
	nonna.ok("/famiglia/conto").want("non è fra i permessi").wantNo("24,30")
	for _, path := range []string{"/famiglia/conto?alunno=" + giulia, "/famiglia/conto/" + giulia + "/estratto.csv", "/famiglia/conto/" + giulia + "/estratto.pdf",
		householdPath + "/" + giulia + "/lascia", "/famiglia/calendario/" + s.handle("Nicolò") + "/2026-10-14"} {
		nonna.get(path).wantStatus(http.StatusNotFound)
	}
	tapCancel(nonna).want("Ricevuta 2026/000001")
	elena.ok("/famiglia/calendario/"+giulia+"/2026-10-14").want("una persona delegata").wantNo("Ines", "nonna")

	page := elena.click(elena.ok(householdPath), "Cambia Ines Solitario")
	save := householdPath + "/" + giulia + "/delegati/" + s.personHandle("Solitario")
	elena.post(save, url.Values{"id": {"f1"}, "until": {""}}).wantStatus(http.StatusUnprocessableEntity).want("Scegli almeno una cosa")
	elena.submit(page, save, url.Values{"rights": {"see"}}).want("vale da subito")
	nonna.ok("/famiglia").wantNo("Disdici domani", "Disdici oggi", "Annulla la disdetta")
	nonna.get(previewPath + "?" + (familyRequest{handles: []string{giulia}, verb: verbBack, from: testDay, to: testDay}).query()).wantStatus(http.StatusNotFound)
	elena.submit(elena.ok(save), save+"/revoca", nil).want("Delega tolta").wantNo("Ines")
	nonna.get("/famiglia/calendario?alunno=" + giulia).wantStatus(http.StatusNotFound)
}

// personHandle is the word that stands for a person in addresses.
func (s *testServer) personHandle(surname string) string {
	s.t.Helper()
	found, err := s.store.FindPersons(store.Console(), surname, 1)
	if err != nil || len(found) != 1 {
		s.t.Fatalf("person %q: %v %v", surname, found, err)
	}
	return found[0].Handle
}

// TestStory34_guessingAChildIsThrottled: one refusal whatever is wrong, and then
// none but to wait, also with the right data.
func TestStory34_guessingAChildIsThrottled(t *testing.T) {
	s := newTestServer(t)
	clerk, ines := s.browser(testOffice), s.browser(testInes)
	sara := "/ufficio/alunni/" + s.handle("Sara") + "/codice"
	clerk.submit(clerk.ok(sara), sara, url.Values{"cf": {"CNTSRA18L48D643S"}, "reason": {"tessera sanitaria"}})
	const path = "/famiglia/collega"
	said := map[string]bool{}
	for _, guess := range []url.Values{
		{"pan": {testPupils["Sara"]}, "cf": {"RSSMRA80A01H501U"}}, {"pan": {"100299999"}, "cf": {"CNTSRA18L48D643S"}}, {"pan": {"boh"}, "cf": {"mah"}},
		{"pan": {testPupils["Sara"]}, "cf": {testPupils["Sara"]}}, {"pan": {"1"}, "cf": {"CNTSRA18L48D643S"}},
	} {
		p := ines.submit(ines.ok(path), path, guess).wantStatus(http.StatusUnprocessableEntity).wantNo("Sara", "Conti")
		said[strings.Join(p.texts("div", "errors"), "")] = true
	}
	if len(said) != 1 {
		t.Errorf("the refusals differ: %v", said)
	}
	ines.submit(ines.ok(path), path, url.Values{"pan": {testPupils["Sara"]}, "cf": {"CNTSRA18L48D643S"}}).wantStatus(http.StatusTooManyRequests).want("troppi tentativi")
	s.at(testDay.AddDays(1), "09:00:00")
	ines.submit(ines.ok(path), path, url.Values{"pan": {testPupils["Sara"]}, "cf": {"cntsra18l48d643s"}}).want("ora il bambino è fra quelli che segui", "Sara Conti")
	clerk.ok("/ufficio/persone").want("Solitario Ines", "con PAN e codice fiscale")
}

// TestStory34_anotherFamilysHousehold: whatever address is tried, it is not found.
func TestStory34_anotherFamilysHousehold(t *testing.T) {
	s := newTestServer(t)
	elena, ugo := s.browser(testElena), s.browser(testUgo)
	elena.invited(householdPath+"/genitore", nil)
	h, err := s.store.Household(s.actOf(testElena))
	if err != nil {
		t.Fatal(err)
	}
	giulia, person := s.handle("Giulia"), s.personHandle("Rinaldi")
	for _, path := range []string{"/" + giulia + "/lascia", "/" + giulia + "/delegati/" + person} {
		ugo.get(householdPath + path).wantStatus(http.StatusNotFound)
		ugo.post(householdPath+path, url.Values{"id": {"f1"}, "rights": {"see"}}).wantStatus(http.StatusNotFound)
	}
	ugo.post(householdPath+"/"+giulia+"/delegati/"+person+"/revoca", url.Values{"id": {"f2"}}).wantStatus(http.StatusNotFound)
	ugo.post(householdPath+"/inviti/"+h.Invitations[0].Handle+"/ritira", url.Values{"id": {"f3"}}).wantStatus(http.StatusNotFound)
	ugo.post(householdPath+"/genitore", url.Values{"id": {"f4"}, "pupils": {giulia}}).wantStatus(http.StatusNotFound)
	elena.submit(elena.ok(householdPath), householdPath+"/inviti/"+h.Invitations[0].Handle+"/ritira", nil).want("Invito ritirato").wantNo("Inviti aperti")
}

// actOf is the act of a login.
func (s *testServer) actOf(login string) store.Act {
	s.t.Helper()
	u, err := s.store.User(login)
	if err != nil {
		s.t.Fatal(err)
	}
	return store.Act{Actor: u.Actor(), Channel: canteen.ChannelWeb}
}

// TestSeparatedParents_seeTheChildAndNothingOfEachOther opens every family page
// with both, after each has acted.
func TestSeparatedParents_seeTheChildAndNothingOfEachOther(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	for _, surname := range []string{"Rinaldi Elena", "Rinaldi Paolo"} {
		path := "/ufficio/persone/" + s.personHandle(surname) + "/dati"
		name := strings.Fields(surname)[1]
		clerk.submit(clerk.ok(path), path, url.Values{"phone": {map[string]string{"Elena": "333 1110001", "Paolo": "333 2220002"}[name]}, "address": {"Via " + name + " Segreta 7"}}).want("Dati corretti")
	}
	payment := "/ufficio/alunni/" + s.handle("Giulia")
	clerk.submit(clerk.ok(payment), payment+"/versamento", url.Values{"amount": {"20,00"}, "day": {"2026-10-13"}, "reference": {"CRO PAOLO 42"}, "means": {"bank"}})
	browsers := map[string]*browser{"Elena": s.browser(testElena), "Paolo": s.browser(testPaolo)}
	giulia := s.handle("Giulia")
	for i, name := range []string{"Elena", "Paolo"} {
		ask := familyRequest{handles: []string{giulia}, verb: verbAbsence, from: testDay.AddDays(1 + i), to: testDay.AddDays(1 + i)}
		browsers[name].submit(browsers[name].ok(previewPath+"?"+ask.query()), communicatePath, nil)
	}
	for name, b := range browsers {
		secret := map[string][]string{
			"Elena": {"Paolo R.", testPaolo, "2220002", "Via Paolo", "CRO PAOLO"},
			"Paolo": {"Elena R.", "elena@example.org", "1110001", "Via Elena", "CRO PAOLO"},
		}[name]
		for _, path := range []string{"/famiglia", "/famiglia/comunicazioni", "/famiglia/calendario", "/famiglia/calendario/" + giulia + "/2026-10-15",
			"/famiglia/calendario/" + giulia + "/2026-10-16", "/famiglia/figli/" + giulia + "/ricevute/2026-000001", "/famiglia/figli/" + giulia + "/ricevute/2026-000002",
			"/famiglia/figli/" + giulia + "/ricevute/2026-000001/stampa", "/famiglia/figli/" + giulia + "/ricevute/2026-000002/stampa",
			"/famiglia/conto?dal=2026-10-01&al=2026-10-14", "/famiglia/conto/" + giulia + "/estratto.csv?dal=2026-10-01&al=2026-10-14", householdPath} {
			p := b.ok(path)
			for _, word := range secret {
				if strings.Contains(p.body, word) {
					t.Errorf("%s as %s shows %q", path, name, word)
				}
			}
		}
	}
}

func TestLeave_askedAndConfirmed(t *testing.T) {
	s := newTestServer(t)
	paolo, ugo := s.browser(testPaolo), s.browser(testUgo)
	path := householdPath + "/" + s.handle("Giulia") + "/lascia"
	paolo.submit(paolo.click(paolo.ok(householdPath), "Non seguire più Giulia Rinaldi").want("Vuoi smettere di seguire Giulia?"), path, nil).
		want("Non segui più il bambino").wantNo("Giulia")
	ugo.ok(householdPath).wantNo("Non seguire più")
	path = householdPath + "/" + s.handle("Sara") + "/lascia"
	ugo.submit(ugo.ok(path), path, nil).wantStatus(http.StatusUnprocessableEntity).want("qualcuno deve restare")
}
