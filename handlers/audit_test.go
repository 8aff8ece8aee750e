package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// staff gives the test town an auditor and an administrator.
func (s *testServer) staff() (auditor, admin *browser) {
	s.t.Helper()
	u, err := s.store.User(testOffice)
	if err != nil {
		s.t.Fatal(err)
	}
	for login, role := range map[string]canteen.Role{"revisore": canteen.RoleAuditor, "admin": canteen.RoleAdmin} {
		if err := s.store.AddUser(store.Console(), store.User{Login: login, Name: "P. " + login, Role: role, Hash: u.Hash}, ""); err != nil {
			s.t.Fatal(err)
		}
	}
	return s.browser("revisore"), s.browser("admin")
}

// TestAudit_registerShowsWhoLooked: the office opens a child's file, and the
// auditor reads who it was; a search by name narrows it down, and no address ever
// names anybody.
func TestAudit_registerShowsWhoLooked(t *testing.T) {
	s := newTestServer(t)
	auditor, _ := s.staff()
	s.browser(testOffice).ok("/ufficio/alunni/" + s.handle("Giulia"))
	p := auditor.ok("/revisione/accessi")
	p.want("Registro degli accessi", "dati di un alunno", "conto mensa", "genitori e contatti", "Rinaldi Giulia", "ufficio", "ingresso nel servizio")
	one := auditor.submit(p, "/revisione/accessi", url.Values{"q": {"Rinaldi Giulia"}})
	one.want("Solo le righe su Rinaldi Giulia.", "conto mensa").wantNo("ingresso nel servizio con local")
	several := auditor.submit(p, "/revisione/accessi", url.Values{"q": {"Rinaldi"}})
	several.want("Chi di questi?", "Rinaldi Nicolò, alunno nato il", "Rinaldi Elena, adulto")
	auditor.submit(p, "/revisione/accessi", url.Values{"q": {"Nessuno"}}).want("Non c’è nessuno che corrisponde.")
	auditor.submit(p, "/revisione/accessi", url.Values{"login": {"nessuno"}}).want("Nessuna riga con questi filtri.")
	bad := auditor.post("/revisione/accessi", url.Values{"from": {"2026-10-14"}, "to": {"2026-10-01"}})
	bad.wantStatus(http.StatusUnprocessableEntity)
	csv := auditor.post("/revisione/accessi/csv", url.Values{"what": {store.SawAccount}})
	csv.wantStatus(http.StatusOK)
	if !strings.Contains(csv.body, "ufficio;ufficio mensa;conto mensa;Rinaldi Giulia") || strings.Contains(csv.body, "ingresso") {
		t.Errorf("the CSV says %s", csv.body)
	}
}

func TestAudit_homeAndChanges(t *testing.T) {
	s := newTestServer(t)
	auditor, _ := s.staff()
	auditor.ok("/").link("Revisione")
	auditor.ok("/revisione").want("alunni con un conto", "Ultimo giorno chiuso", "Le prove della notte")
	p := auditor.ok("/revisione/modifiche")
	p.want("utente nuovo", "revisore", "importazione di alunni")
	auditor.submit(p, "/revisione/modifiche", url.Values{"login": {"nessuno"}}).want("Nessuna modifica con questi filtri.")
}

// TestAudit_theRefusedLoginIsThere: a wrong password is in the register, without
// what was typed in the place of a login nobody has.
func TestAudit_theRefusedLoginIsThere(t *testing.T) {
	s := newTestServer(t)
	auditor, _ := s.staff()
	s.stranger().post("/accedi", url.Values{"login": {testUgo}, "password": {"sbagliata"}})
	s.stranger().post("/accedi", url.Values{"login": {"la-mia-password"}, "password": {"x"}})
	auditor.ok("/revisione/accessi").want("rifiutato", testUgo, "nome utente sconosciuto").wantNo("la-mia-password")
}

// TestRetention_page: an administrator changes a period and holds a family; an
// auditor reads it and cannot.
func TestRetention_page(t *testing.T) {
	s := newTestServer(t)
	auditor, admin := s.staff()
	const page = "/amministrazione/conservazione"
	p := admin.ok(page).want("Che cosa farebbe adesso", "24 mesi", "Nessun vincolo.", "Ancora nessun verbale")
	bad := admin.submit(p, page+"/periodi", url.Values{"accesses": {"3"}})
	bad.wantStatus(http.StatusUnprocessableEntity).want("Scrivi un numero fra 6 e 120.")
	admin.submit(p, page+"/periodi", url.Values{"drafts": {"30"}}).want("I tempi di conservazione sono salvati.", "30 giorni")
	several := admin.submit(p, page+"/vincoli", url.Values{"q": {"Rinaldi"}, "reason": {"Ricorso 7/2026"}})
	several.wantStatus(http.StatusUnprocessableEntity).want("Ci sono più persone così", "Rinaldi Paolo")
	held := admin.submit(p, page+"/vincoli", url.Values{"q": {"Conti Sara"}, "reason": {"Ricorso 7/2026"}})
	held.want("Il vincolo è messo", "Conti Sara", "Ricorso 7/2026", "finché non viene tolto")
	read := auditor.ok(page).want("Conti Sara", "30 giorni").wantNo("Metti un vincolo")
	if strings.Contains(read.body, "<form method=\"post\" action=\""+page) {
		t.Error("the auditor gets a form")
	}
	admin.submit(held, page+"/vincoli/fine", nil).want("Il vincolo è tolto.", "Nessun vincolo.")
}

// TestRetention_report: a report of the job can be printed and opened as a table.
func TestRetention_report(t *testing.T) {
	s := newTestServer(t)
	auditor, _ := s.staff()
	s.browser(testOffice).ok("/ufficio/alunni/" + s.handle("Giulia"))
	s.at(canteen.NewDate(2028, 11, 1), "04:10:00")
	if n, err := s.store.Retain(store.Job()); err != nil || n == 0 {
		t.Fatalf("retention removed %d, %v", n, err)
	}
	s.browser("revisore") // the clock of sessions is the machine's: the auditor is still in
	p := auditor.ok("/amministrazione/conservazione")
	csv := auditor.get(p.link("CSV del n. 1")).wantStatus(http.StatusOK)
	if !strings.Contains(csv.body, "Registro degli accessi;24 mesi;") {
		t.Errorf("the CSV says %s", csv.body)
	}
	pdf := auditor.get(p.link("PDF del n. 1")).wantStatus(http.StatusOK)
	if !strings.HasPrefix(pdf.body, "%PDF-") {
		t.Errorf("the PDF begins with %.20q", pdf.body)
	}
	auditor.get("/amministrazione/conservazione/verbali/2/verbale.pdf").wantStatus(http.StatusNotFound)
	auditor.get("/amministrazione/conservazione/verbali/uno/verbale.csv").wantStatus(http.StatusNotFound)
}

// TestRights_oneClick: a family gets its data as JSON with a dictionary of every
// part, and as PDF; the staff that looked is inside by role.
func TestRights_oneClick(t *testing.T) {
	s := newTestServer(t)
	elena := s.browser(testElena)
	s.browser(testOffice).ok("/ufficio/alunni/" + s.handle("Giulia"))
	elena.ok("/famiglia/dati").want("I miei dati", "Movimenti del conto mensa", "Chi ha guardato i tuoi dati")
	file := elena.get("/famiglia/dati/archivio.json").wantStatus(http.StatusOK)
	if file.header.Get("Cache-Control") != "no-store" || !strings.Contains(file.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the headers are %v", file.header)
	}
	var got struct {
		store.FamilyExport
		Dictionary map[string]string
	}
	var raw map[string]any
	if err := json.Unmarshal([]byte(file.body), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(file.body), &raw); err != nil {
		t.Fatal(err)
	}
	for key := range raw {
		if got.Dictionary[key] == "" || strings.HasPrefix(got.Dictionary[key], "rights.") {
			t.Errorf("the dictionary says %q of %q", got.Dictionary[key], key)
		}
	}
	if len(got.Children) != 2 || got.Person.Email != "elena@example.org" || strings.Contains(file.body, testPaolo) {
		t.Errorf("the export is %s", file.body)
	}
	if !slices.ContainsFunc(got.Accesses, func(a store.ExportAccess) bool { return a.By == canteen.RoleOffice && a.Child == "Giulia" }) {
		t.Errorf("the accesses are %+v", got.Accesses)
	}
	if pdf := elena.get("/famiglia/dati/archivio.pdf").wantStatus(http.StatusOK); !strings.HasPrefix(pdf.body, "%PDF-") {
		t.Errorf("the PDF begins with %.20q", pdf.body)
	}
	elena.ok("/famiglia/dati/correzioni").want("Nessuno ha corretto i tuoi dati.")
}

// TestAudit_everyLanguage: every page of the area has its words in English too,
// and says nothing by a key.
func TestAudit_everyLanguage(t *testing.T) {
	s := newTestServer(t)
	auditor, admin := s.staff()
	elena := s.browser(testElena)
	for _, lang := range []string{"it", "en"} {
		for b, paths := range map[*browser][]string{
			auditor: {"/revisione", "/revisione/accessi", "/revisione/modifiche", "/amministrazione/conservazione"},
			admin:   {"/amministrazione/conservazione"},
			elena:   {"/famiglia/dati", "/famiglia/dati/correzioni"},
		} {
			b.lang = lang
			for _, path := range paths {
				p := b.ok(path)
				for _, key := range []string{"audit.", "rights.", "office."} {
					for word := range strings.FieldsSeq(p.text()) {
						if strings.HasPrefix(word, key) && len(word) > len(key) {
							t.Errorf("%s in %s: the key %q instead of a sentence", path, lang, word)
						}
					}
				}
			}
		}
	}
}
