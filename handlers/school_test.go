package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// secretary is a browser of the login of one or more schools.
func (s *testServer) secretary(schools ...string) *browser {
	s.t.Helper()
	u, err := s.store.User(testOffice)
	if err != nil {
		s.t.Fatal(err)
	}
	login := "segreteria-" + strings.ToLower(strings.Join(schools, "-"))
	err = s.store.AddUser(store.Console(), store.User{Login: login, Name: "M. S.", Role: canteen.RoleSchool, Schools: schools, Hash: u.Hash}, "")
	if err != nil && canteen.KindOf(err) != canteen.KindConflict {
		s.t.Fatal(err)
	}
	return s.browser(login)
}

func TestSchool_rollShowsNoMoneyAndNoDiet(t *testing.T) {
	s := newTestServer(t)
	b := s.secretary(testRodari)
	home := b.ok("/scuola").want("Primaria Rodari", "2A").wantNo("Arcobaleno")
	roll := b.click(home, "2A").want("Montefusco Della Rovere Maria Antonietta", "dieta speciale", "Rinaldi Giulia")
	pupil := b.ok("/scuola/alunni/" + s.handle("Giulia")).want("Ultimo giorno di mensa")
	slip := b.ok("/tesserini/"+s.handle("Giulia")).want("Rinaldi Giulia", testPupils["Giulia"][:3])
	for _, p := range []*page{home, roll, pupil, slip} {
		p.wantNo("€", "euro", "glutine", "latte", "G1", "L1", "ESENTE", "saldo", "debito")
	}
	for _, path := range []string{"/scuola/classi/" + testRodari + "-9Z", "/scuola/classi/" + testArcobaleno + "-3A",
		"/scuola/alunni/" + s.handle("Zoe"), "/tesserini/" + s.handle("Zoe")} {
		b.get(path).wantStatus(http.StatusNotFound)
	}
}

func TestSchool_files(t *testing.T) {
	s := newTestServer(t)
	b := s.secretary(testRodari)
	csv := b.ok("/scuola/classi/" + testRodari + "-2A/elenco.csv")
	for _, want := range []string{"Rinaldi Giulia", "Montefusco Della Rovere Massimiliano", ";sì"} {
		if !strings.Contains(csv.body, want) {
			t.Errorf("the roll lacks %q:\n%s", want, csv.body)
		}
	}
	if strings.Contains(csv.body, "L1") || strings.Contains(csv.body, "€") {
		t.Errorf("the roll says too much:\n%s", csv.body)
	}
	if len(s.web.fonts.Regular) == 0 {
		t.Skip("the fonts are not built")
	}
	for _, path := range []string{"/scuola/classi/" + testRodari + "-2A/elenco.pdf", "/scuola/classi/" + testRodari + "-2A/tesserini.pdf",
		"/tesserini/" + s.handle("Giulia") + "/tesserino.pdf"} {
		if p := b.ok(path); !strings.HasPrefix(p.body, "%PDF") || p.header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%s is no PDF", path)
		}
	}
}

func TestSchool_withdrawal(t *testing.T) {
	s := newTestServer(t)
	b := s.secretary(testRodari)
	address := "/scuola/alunni/" + s.handle("Giulia")
	end := address + "/ritiro"
	form := b.ok(address)
	b.submit(form, end, url.Values{"last": {"2026-10-01"}, "reason": {"trasferita"}}).wantStatus(http.StatusUnprocessableEntity).want("già ordinati")
	b.submit(form, end, url.Values{"last": {"2026-10-16"}, "reason": {""}}).wantStatus(http.StatusUnprocessableEntity).want("È un dato che serve")
	b.submit(form, end, url.Values{"last": {"2026-10-16"}, "reason": {"trasferita"}}).want("Ritiro registrato", "16/10/2026")
}

func TestSchool_nothingToLookAt(t *testing.T) {
	s := newTestServer(t)
	b := s.secretary(testRodari)
	b.ok("/scuola/iscrizioni").want("Nessuna iscrizione da guardare")
	b.post("/scuola/iscrizioni/convalida", url.Values{}).wantStatus(http.StatusUnprocessableEntity).want("Scegli almeno un’iscrizione")
	b.get("/scuola/iscrizioni/aaaaaaaaaaaaaaaa").wantStatus(http.StatusNotFound)
}

// TestSchool_handleNobodyHas: who ticks what is not there reads so, and nothing
// of another school.
func TestSchool_handleNobodyHas(t *testing.T) {
	s := newTestServer(t)
	b := s.secretary(testRodari)
	p := b.post("/scuola/iscrizioni/convalida", url.Values{"id": {"un-modulo"}, "domanda": {"aaaaaaaaaaaaaaaa"}}).wantStatus(http.StatusSeeOther)
	b.ok(p.header.Get("Location")).want("non è di questa scuola")
}

func TestOfficeDebtRule(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testOffice)
	p := b.ok("/ufficio/iscrizioni/debiti").want("10,00 €", "30/09/2026", "Manca l’atto", "Nessuna iscrizione è ferma")
	bad := url.Values{"act": {"D.C.C. 18/2026"}, "threshold": {"dieci"}, "term": {"31/02"}}
	b.submit(p, "/ufficio/iscrizioni/debiti", bad).wantStatus(http.StatusUnprocessableEntity).want("«dieci» non è un importo", "Scrivi giorno e mese")
	good := url.Values{"act": {"D.C.C. 18/2026"}, "threshold": {"25,00"}, "term": {"31/10"}}
	b.submit(p, "/ufficio/iscrizioni/debiti", good).want("Regola salvata", "25,00 €", "31/10/2026", "D.C.C. 18/2026").wantNo("Manca l’atto")
}
