package handlers

import (
	"net/url"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

func TestFamilyHome_saysTodayInWords(t *testing.T) {
	s := newTestServer(t)
	p := s.browser(testElena).ok("/famiglia")
	p.want("mercoledì 14 ottobre, ore 8:45", "Giulia", "Primaria Rodari, 2A", "Oggi mangia a scuola",
		"Pasta al pomodoro, Platessa al forno, Carote e mela", "Puoi cambiare fino alle 9:30: ancora 45 minuti",
		"Conto mensa 24,30 €, 9 pasti", "Nicolò", "Conto mensa 5,40 €, 3 pasti")
	p.wantNo("Sara", "credito basso")
	if got := p.texts("a", "day")[:5]; strings.Join(got, "; ") != "gio 15 mangia; ven 16 mangia; lun 19 mangia; mar 20 mangia; mer 21 mangia" {
		t.Errorf("Giulia's next days: got %q", got)
	}
	if got := p.texts("a", "day")[5:]; strings.Join(got, "; ") != "lun 19 mangia; mer 21 mangia; lun 26 mangia; mer 28 mangia; lun 2 mangia" {
		t.Errorf("Nicolò's next days, Mondays and Wednesdays: got %q", got)
	}
}

func TestFamilyHome_followsTheDay(t *testing.T) {
	for _, c := range []struct {
		name  string
		at    string
		close bool
		say   canteen.CommunicationKind
		want  []string
		no    []string
	}{
		{"before the cut-off", "09:29:59", false, 0, []string{"Oggi mangia a scuola", "Disdici oggi", "In bianco", "meno di un minuto"}, []string{"domani"}},
		{"at the cut-off", "09:30:00", false, 0, []string{"Disdici oggi", "tempo scaduto"}, nil},
		{"a second later", "09:30:01", false, 0, []string{"Oggi mangia a scuola", "Per oggi il termine era alle 9:30", "Disdici domani"}, []string{"Disdici oggi"}},
		{"closed", "09:31:00", true, 0, []string{"Oggi mangia a scuola", "Per oggi il termine era alle 9:30", "Disdici domani", "In bianco domani"}, []string{"Disdici oggi"}},
		{"absent", "09:00:00", false, canteen.Absence, []string{"Oggi assente", "Disdetto alle 8:45, ricevuta 2026/000001", "Annulla la disdetta"}, []string{"Disdici oggi"}},
		{"absent and closed", "09:31:00", true, canteen.Absence, []string{"Oggi assente", "ricevuta 2026/000001", "Disdici domani"}, []string{"Annulla la disdetta"}},
		{"in bianco", "09:00:00", false, canteen.White, []string{"Oggi in bianco", "Chiesto alle 8:45, ricevuta 2026/000001", "Disdici oggi", "Torna al pasto normale"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newTestServer(t)
			if c.say != 0 {
				s.say("Sara", c.say, testDay, testDay)
			}
			s.at(testDay, c.at)
			if c.close {
				s.closeDue()
			}
			s.browser(testUgo).ok("/famiglia").want(c.want...).wantNo(c.no...)
		})
	}
}

// say records what a family told, through the counter.
func (s *testServer) say(name string, kind canteen.CommunicationKind, from, to canteen.Date) {
	s.t.Helper()
	act := store.Act{Actor: canteen.Actor{Login: testOffice, Role: canteen.RoleOffice}, Channel: canteen.ChannelDesk}
	out, err := s.store.Communicate(act, store.CommunicationRequest{Pupils: []canteen.PAN{s.pan(name)}, Kind: kind, From: from, To: to})
	if err != nil || out[0].Count(canteen.Accepted) == 0 {
		s.t.Fatalf("%s for %s: %v %+v", kind, name, err, out)
	}
}

func TestFamilyHome_balanceInWordsToo(t *testing.T) {
	s := newTestServer(t)
	s.browser(testUgo).ok("/famiglia").want("−9,40 €", "saldo negativo")
	p := s.browser(testAda).ok("/famiglia")
	p.want("Maria Antonietta", "0,00 €, esente", "Oggi mangia a scuola: Senza glutine")
	p.want("Massimiliano", "−5,40 €, 0 pasti (saldo negativo)", "Zoe", "0,00 €, 0 pasti (credito finito)")
}

func TestFamilyHome_noticesOfWhatIsComing(t *testing.T) {
	s := newTestServer(t)
	office := store.Act{Actor: canteen.Actor{Login: testOffice, Role: canteen.RoleOffice}}
	for _, r := range []canteen.DayRule{
		{Layer: canteen.Town, From: testDay.AddDays(1), To: testDay.AddDays(1), Reason: "Disinfestazione"},
		{Layer: canteen.SchoolLayer, Scope: testRodari, From: testDay.AddDays(5), To: testDay.AddDays(6), Reason: "Elezioni"},
	} {
		if err := s.store.AddDayRule(office, r); err != nil {
			t.Fatal(err)
		}
	}
	p := s.browser(testElena).ok("/famiglia")
	p.want("Domani, giovedì 15 ottobre, la mensa è chiusa. Disinfestazione. Non devi disdire nulla.",
		"La mensa è chiusa da lunedì 19 ottobre a martedì 20 ottobre. Elezioni. Vale per: Giulia. Non devi disdire nulla.")
	if err := s.store.DeclareOutage(office, testDay.At(8*60+30), testDay.At(8*60+40), "linea guasta"); err != nil {
		t.Fatal(err)
	}
	s.browser(testElena).ok("/famiglia").wantNo("invece che fino alle") // not in the last half hour
	s.at(testDay, "09:12:00")
	if err := s.store.DeclareOutage(office, testDay.At(9*60), testDay.At(9*60+10), "linea guasta"); err != nil {
		t.Fatal(err)
	}
	s.browser(testElena).ok("/famiglia").want("Oggi puoi cambiare fino alle 9:40 invece che fino alle 9:30.", "ancora 28 minuti")
}

func TestFamilyHome_emptyAndCrowded(t *testing.T) {
	s := newTestServer(t)
	for _, address := range []string{"/famiglia", "/famiglia/comunicazioni", "/famiglia/calendario", "/famiglia/conto"} {
		s.browser(testInes).ok(address).want("Al tuo profilo non è ancora collegato nessun bambino.")
	}
	p := s.browser(testAda).ok("/famiglia")
	if got := len(p.all("article", "child-card")); got != 4 {
		t.Errorf("cards: got %d, want 4", got)
	}
	p.want("Bobby", "Oggi niente mensa", "Non ha ancora una classe")
}

func TestFamilyPages_speakEnglish(t *testing.T) {
	s := newTestServer(t)
	s.say("Giulia", canteen.Absence, testDay.AddDays(1), testDay.AddDays(2))
	b := s.browser(testElena)
	b.lang = "en"
	b.ok("/famiglia").want("Eats at school today", "Cancel today", "You can change until 9:30: 45 minutes left", "€24.30, 9 meals")
	for _, address := range s.everyFamilyPage("Giulia") {
		p := b.ok(address)
		if got := p.header.Get("Content-Language"); got != "en" {
			t.Errorf("%s: language %q, want en", address, got)
		}
	}
}

// everyFamilyPage lists an address of every page about a child.
func (s *testServer) everyFamilyPage(name string) []string {
	h := s.handle(name)
	return []string{"/famiglia", "/famiglia/comunicazioni", "/famiglia/comunicazioni/anteprima?alunno=" + h + "&tipo=absence&dal=2026-10-14",
		"/famiglia/figli/" + h + "/ricevute/2026-000001", "/famiglia/figli/" + h + "/ricevute/2026-000001/stampa",
		"/famiglia/calendario?alunno=" + h, "/famiglia/calendario?vista=elenco&alunno=" + h, "/famiglia/calendario/" + h + "/2026-10-13",
		"/famiglia/calendario/" + h + "/2026-10-15", "/famiglia/calendario/" + h + "/2026-10-18", "/famiglia/conto?alunno=" + h}
}

func TestFamilyPages_neverWriteOnGet(t *testing.T) {
	s := newTestServer(t)
	s.say("Giulia", canteen.White, testDay.AddDays(1), testDay.AddDays(2))
	b := s.browser(testElena)
	before := s.contents()
	for _, address := range s.everyFamilyPage("Giulia") {
		b.ok(address)
		if s.contents() != before {
			t.Fatalf("GET %s wrote", address)
		}
	}
	h := s.handle("Giulia")
	for _, file := range []string{"csv", "pdf"} {
		b.ok("/famiglia/conto/" + h + "/estratto." + file)
	}
	if s.contents() != before {
		t.Error("a download wrote")
	}
}

func TestStory34_anotherFamilysChildIsNotFound(t *testing.T) {
	s := newTestServer(t)
	s.say("Sara", canteen.Absence, testDay.AddDays(1), testDay.AddDays(1))
	s.say("Giulia", canteen.Absence, testDay.AddDays(1), testDay.AddDays(1))
	s.say("Nicolò", canteen.Absence, testDay, testDay)
	sara, giulia, b := s.handle("Sara"), s.handle("Giulia"), s.browser(testElena)
	for _, address := range s.everyFamilyPage("Sara") {
		if strings.Contains(address, sara) {
			b.get(address).wantStatus(404).wantNo("Sara", "Conti")
		}
	}
	for _, address := range []string{"/famiglia/conto/" + sara + "/estratto.csv", "/famiglia/conto/" + sara + "/estratto.pdf",
		"/famiglia/figli/" + giulia + "/ricevute/2026-000001", // Sara's number under one's own child
		"/famiglia/figli/" + giulia + "/ricevute/2026-000003", // a brother's
		"/famiglia/figli/" + giulia + "/ricevute/2026-999999", "/famiglia/figli/" + giulia + "/ricevute/x",
		"/famiglia/calendario/0042/2026-10-14", "/famiglia/calendario/" + giulia + "/domani", "/famiglia/comunicazioni/esito/AAAAAAAAAAAAAAAAAAAA"} {
		b.get(address).wantStatus(404)
	}
	before := s.contents()
	b.post("/famiglia/comunicazioni", url.Values{"alunno": {giulia, sara}, "tipo": {"absence"}, "dal": {"2026-10-16"}, "id": {"AAAAAAAAAAAAAAAAAAAA"}}).wantStatus(404)
	if s.contents() != before {
		t.Error("a request with another family's child wrote something")
	}
	s.stranger().get("/famiglia").wantStatus(303)
	s.browser(testKitchen).get("/famiglia").wantStatus(403)
	s.browser(testOffice).get("/famiglia").wantStatus(403)
}

func TestFamilyPages_escapeWhatPeopleTyped(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testAda)
	for _, address := range []string{"/famiglia", "/famiglia/calendario/" + s.handle("Bobby") + "/2026-10-14", "/famiglia/conto?alunno=" + s.handle("Bobby")} {
		if p := b.ok(address); strings.Contains(p.body, "<script>alert") {
			t.Errorf("%s: a name became markup", address)
		}
	}
	evil := `"><script>alert(2)</script>`
	for _, field := range []string{"alunno", "tipo", "dal", "al"} {
		q := url.Values{"alunno": {s.handle("Zoe")}, "tipo": {"absence"}, "dal": {"2026-10-14"}, "al": {"2026-10-14"}}
		q.Set(field, evil)
		for _, p := range []*page{b.get("/famiglia/comunicazioni/anteprima?" + q.Encode()), b.get("/famiglia/comunicazioni?" + q.Encode()), b.get("/famiglia/conto?" + q.Encode()),
			b.get("/famiglia/calendario?mese=" + url.QueryEscape(evil))} {
			if strings.Contains(p.body, evil) || strings.Contains(p.body, "<script>alert") {
				t.Errorf("%s: what was typed became markup", p.target)
			}
		}
	}
}
