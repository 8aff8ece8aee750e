package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// newChildForm is what a family writes of a child the service does not know.
func newChildForm(t testing.TB) url.Values {
	t.Helper()
	cf, err := canteen.ComputeCodiceFiscale("Solitario", "Matilde", 'F', canteen.NewDate(2019, 4, 5), "D643")
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"name": {"Matilde"}, "surname": {"Solitario"}, "cf": {strings.ToLower(string(cf))}, "born": {"2019-04-05"}, "sex": {"F"}}
}

// startNew begins an application for a new child and returns its folder.
func startNew(t testing.TB, b *browser) string {
	t.Helper()
	list := b.ok("/famiglia/iscrizioni")
	_, form := list.form("/famiglia/iscrizioni")
	form.Del("alunno")
	form.Set("anno", "2026/27")
	form.Set("id", "new-child")
	answer := b.post("/famiglia/iscrizioni", form).wantStatus(http.StatusSeeOther)
	return strings.TrimSuffix(answer.header.Get("Location"), "/privacy")
}

// walkSteps fills in every step of a new application and returns its summary.
func walkSteps(t testing.TB, b *browser, folder string, diet string) *page {
	t.Helper()
	b.submit(b.ok(folder+"/privacy"), folder+"/privacy", url.Values{"privacy": {"1"}})
	b.submit(b.ok(folder+"/alunno"), folder+"/alunno", newChildForm(t))
	b.submit(b.ok(folder+"/scuola"), folder+"/scuola", url.Values{"school": {testRodari}, "grade": {"2"}, "section": {"A"}})
	b.submit(b.ok(folder+"/giorni"), folder+"/giorni", url.Values{"day-4": nil})
	b.submit(b.ok(folder+"/dieta"), folder+"/dieta", url.Values{"diet": {diet}})
	return b.submit(b.ok(folder+"/agevolazione"), folder+"/agevolazione", url.Values{"band": {"none"}})
}

func TestEnrol_fromTheListToTheReceipt(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testInes)
	folder := startNew(t, b)
	summary := walkSteps(t, b, folder, "health")
	summary.want("Controlla la domanda", "Matilde Solitario", "Primaria Rodari", "2A", "lunedì, martedì, mercoledì, giovedì", "Dieta per motivi di salute", "Nessuna riduzione", "Ines Solitario")
	receipt := b.submit(summary, folder+"/riepilogo", nil)
	receipt.want("Ricevuta 2026/", "mercoledì 14 ottobre", "Risposta entro", "Completa la richiesta di dieta", "Quanto è stato facile usare questo servizio?")
	if to := receipt.link("Completa la richiesta di dieta"); !strings.HasPrefix(to, "/famiglia/diete/") {
		t.Errorf("the diet goes on at %q", to)
	}
	again := b.post(folder+"/riepilogo", url.Values{}).wantStatus(http.StatusSeeOther)
	if to := again.header.Get("Location"); to != folder+"/conferma" {
		t.Errorf("sent again it goes to %q, want the same receipt", to)
	}
	b.ok(folder).want("Inviata", "Domanda inviata", "Ritira la domanda")
	pdf := b.get(folder + "/ricevuta.pdf").wantStatus(http.StatusOK)
	if !strings.HasPrefix(pdf.body, "%PDF") || pdf.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the receipt is %q: %.20s", pdf.header.Get("Content-Type"), pdf.body)
	}
	b.ok("/famiglia/iscrizioni").want("Matilde", "Inviata").wantNo("Continua")
	b.get(folder + "/scuola").wantStatus(http.StatusSeeOther)
}

func TestEnrol_eachStepSaysWhatIsMissing(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testInes)
	folder := startNew(t, b)
	good := newChildForm(t)
	for _, tt := range []struct {
		step string
		form url.Values
		says string
		at   string
	}{
		{"privacy", url.Values{}, "Per andare avanti conferma", "privacy"},
		{"alunno", url.Values{"surname": good["surname"], "cf": good["cf"], "born": good["born"]}, "", "name"},
		{"alunno", url.Values{"name": {"M"}, "surname": {"S"}, "cf": {"ABC"}, "born": {"2019-04-05"}}, "", "cf"},
		{"alunno", url.Values{"name": {"M"}, "surname": {"S"}, "cf": good["cf"], "born": {"1979-04-05"}}, "Controlla la data di nascita", "born"},
		{"scuola", url.Values{"grade": {"2"}}, "", "school"},
		{"scuola", url.Values{"school": {testRodari}, "grade": {"2"}, "section": {"Z"}}, "In questa scuola la 2Z non c’è. Ci sono: 2A.", "section"},
		{"scuola", url.Values{"school": {testArcobaleno}, "grade": {"5"}}, "Questa scuola non ha questa classe", "grade"},
		{"giorni", url.Values{}, "Scegli almeno un giorno.", "day-0"},
		{"giorni", url.Values{"day-0": {"1"}, "from": {"2027-10-01"}}, "Il primo giorno deve essere nell’anno scolastico 2026/27.", "from"},
		{"dieta", url.Values{}, "", "diet-none"},
		{"agevolazione", url.Values{"band": {"F9"}}, "La riduzione F9 non c’è più", "band-none"},
	} {
		p := b.post(folder+"/"+tt.step, tt.form).wantStatus(http.StatusUnprocessableEntity)
		p.want(tt.says)
		found := false
		for _, a := range p.all("a", "") {
			found = found || attribute(a, "href") == "#"+tt.at
		}
		if !found {
			t.Errorf("%s %v: no link of the errors leads to #%s", tt.step, tt.form, tt.at)
		}
	}
	b.ok(folder+"/riepilogo").want("Manca ancora qualcosa.", "Completa la domanda").wantNo("Invia la domanda")
}

func TestEnrol_aDraftIsKeptAndGoesOn(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testInes)
	folder := startNew(t, b)
	later := b.submit(b.ok(folder+"/privacy"), folder+"/privacy", url.Values{"privacy": {"1"}, "do": {"later"}})
	later.want("Bozza salvata", "Da completare", "La bozza resta salvata")
	if to := later.link("Continua"); to != folder+"/alunno" {
		t.Errorf("it goes on at %q, want the first step that is missing", to)
	}
	b.submit(b.ok(folder), folder+"/ritira", nil).want("La domanda è ritirata.", "Ritirata")
}

func TestEnrol_anotherFamilySeesNothing(t *testing.T) {
	s := newTestServer(t)
	folder := startNew(t, s.browser(testInes))
	stranger := s.browser(testUgo)
	for _, path := range []string{"", "/privacy", "/riepilogo", "/conferma", "/ricevuta.pdf", "/valuta"} {
		stranger.get(folder + path).wantStatus(http.StatusNotFound)
	}
	for _, path := range []string{"/privacy", "/riepilogo", "/ritira", "/valuta"} {
		stranger.post(folder+path, url.Values{"privacy": {"1"}, "stelle": {"5"}}).wantStatus(http.StatusNotFound)
	}
	stranger.post("/famiglia/iscrizioni", url.Values{"anno": {"2026/27"}, "alunno": {s.handle("Giulia")}}).wantStatus(http.StatusNotFound)
	stranger.get("/famiglia/iscrizioni/alunni/" + s.handle("Giulia")).wantStatus(http.StatusNotFound)
}

func TestEnrol_ratingHasTheTextsOfTheLaw(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testInes)
	folder := startNew(t, b)
	b.submit(walkSteps(t, b, folder, "none"), folder+"/riepilogo", nil)
	for stars, want := range map[string][]string{
		"2": {"Dove hai incontrato le maggiori difficoltà?", "A volte le indicazioni non erano chiare", "A volte le indicazioni non erano complete",
			"A volte non capivo se stavo procedendo correttamente", "Ho avuto problemi tecnici", "Altro"},
		"4": {"Quali sono stati gli aspetti che hai preferito?", "Le indicazioni erano chiare", "Le indicazioni erano complete",
			"Capivo sempre che stavo procedendo correttamente", "Non ho avuto problemi tecnici", "Altro"},
	} {
		b.ok(folder + "/valuta?stelle=" + stars).want(want...)
	}
	p := b.ok(folder + "/valuta?stelle=4")
	for range 2 {
		b.submit(p, folder+"/valuta", url.Values{"reason": {"3"}, "text": {"Bravi"}}).want("Grazie")
	}
	s.browser(testOffice).ok("/ufficio/iscrizioni").want("Media 4.0 su 5, da 1 risposte", "Bravi")
	b.get("/famiglia/iscrizioni/aaaaaaaaaaaaaaaa/valuta").wantStatus(http.StatusNotFound)
}

func TestEnrol_changeOfDaysAndLeaving(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testElena)
	path := "/famiglia/iscrizioni/alunni/" + s.handle("Giulia")
	p := b.ok(path)
	p.want("Primaria Rodari, 2A", "Cambia i giorni di mensa").wantNo("Sposta")
	b.post(path, url.Values{"do": {"days"}, "days-from": {"2026-10-19"}}).wantStatus(http.StatusUnprocessableEntity).want("Scegli almeno un giorno.")
	b.post(path, url.Values{"do": {"days"}, "day-0": {"1"}, "days-from": {"2026-10-12"}}).wantStatus(http.StatusUnprocessableEntity).want("Scegli un giorno da")
	b.post(path, url.Values{"do": {"move"}, "class": {testArcobaleno + " 3A"}, "move-from": {"2026-10-19"}}).wantStatus(http.StatusUnprocessableEntity)
	answer := b.post(path, url.Values{"id": {"x"}, "do": {"days"}, "day-0": {"1"}, "day-2": {"1"}, "days-from": {"2026-10-19"}})
	answer.wantStatus(http.StatusSeeOther)
	b.ok(path).want("lunedì, mercoledì")
	b.post(path, url.Values{"id": {"y"}, "do": {"leave"}, "last": {"2026-10-30"}}).wantStatus(http.StatusSeeOther)
	b.ok(path).want("venerdì 30 ottobre")
}

func TestEnrol_theOfficeMovesAChild(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testOffice)
	path := "/ufficio/iscrizioni/alunni/" + s.handle("Sara")
	p := b.click(b.ok("/ufficio/alunni/"+s.handle("Sara")), "Cambia l’iscrizione")
	p.want("Sara Conti", "Cambio di classe o di scuola")
	b.post(path, url.Values{"do": {"move"}, "class": {""}, "move-from": {"2026-10-19"}}).wantStatus(http.StatusUnprocessableEntity)
	b.post(path, url.Values{"id": {"x"}, "do": {"move"}, "class": {testArcobaleno + " 3A"}, "move-from": {"2026-10-19"}}).wantStatus(http.StatusSeeOther)
	b.ok(path).want("Il cambio di classe è registrato.", "Infanzia Arcobaleno, 3A")
}

func TestEnrol_theOfficePreparesTheYear(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testOffice)
	b.ok("/ufficio/iscrizioni").want("Si accettano iscrizioni in corso d’anno.", "da indicare")
	form := url.Values{"anno": {"2027/28"}, "opens": {"2026-10-01"}, "closes": {"2026-09-01"}, "officer": {"Carla U."}, "term": {"20"}}
	b.post("/ufficio/iscrizioni/periodo", form).wantStatus(http.StatusUnprocessableEntity).want("L’ultimo giorno viene prima del primo.")
	form.Set("closes", "2027-04-30")
	b.post("/ufficio/iscrizioni/periodo", form).wantStatus(http.StatusSeeOther)
	b.ok("/ufficio/iscrizioni/rinnovo").want("Le classi del 2027/28 non ci sono ancora.")
	promotion := b.ok("/ufficio/iscrizioni/classi").want("passa alla classe dopo", "finisce: chi continua sceglie un’altra scuola", "Crea 1 classe")
	b.submit(promotion, "/ufficio/iscrizioni/classi", nil).want("Le classi del nuovo anno sono create.")
	renewal := b.ok("/ufficio/iscrizioni/rinnovo").want("Prepara le domande: 4 nella stessa scuola, 2 con la scuola da scegliere")
	b.submit(renewal, "/ufficio/iscrizioni/rinnovo", nil).want("Il rinnovo è fatto", "Iscrizioni 2027/28", "Le iscrizioni sono aperte.")
	b.ok("/ufficio/iscrizioni/rinnovo").want("Non c’è nessuno da rinnovare.")
	family := s.browser(testPaolo) // the other guardian has equal rights
	list := family.ok("/famiglia/iscrizioni").want("Giulia", "Nicolò", "controlla e conferma")
	if n := len(list.all("li", "application-card")); n != 2 {
		t.Errorf("%d proposals, want 2", n)
	}
}

func TestEnrol_theOfficeSeesWhatIsLate(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testInes)
	folder := startNew(t, b)
	b.submit(walkSteps(t, b, folder, "none"), folder+"/riepilogo", nil)
	o := s.browser(testOffice)
	list := o.ok("/ufficio/iscrizioni").want("In corso d’anno")
	o.click(list, "Solitario Matilde").want("Matilde", "Inviata").wantNo("Ritira la domanda")
	s.at(testDay.AddDays(canteen.TermDays+1), "08:00:00")
	s.browser(testOffice).ok("/ufficio/iscrizioni").want("Termine passato")
}

func TestEnrol_aClosedWindowKeepsTheDraft(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testInes)
	folder := startNew(t, b)
	summary := walkSteps(t, b, folder, "none")
	act := store.Act{Actor: canteen.Actor{Login: testOffice, Role: canteen.RoleOffice}}
	w := canteen.EnrolmentWindow{Year: "2026/27", Opens: canteen.NewDate(2026, 3, 1), Closes: canteen.NewDate(2026, 4, 30)}
	if err := s.store.SetEnrolmentWindow(act, w, "Carla U.", 30); err != nil {
		t.Fatal(err)
	}
	b.submit(summary, folder+"/riepilogo", nil).wantStatus(http.StatusUnprocessableEntity).want("si sono chiuse", "Matilde Solitario")
	b.ok(folder).want("Da completare")
	b.post("/famiglia/iscrizioni", url.Values{"anno": {"2026/27"}}).wantStatus(http.StatusUnprocessableEntity).want("si sono chiuse")
}

// TestStory40_aPlainPageMonthsAhead: plain forms without script or app, for a
// school year that begins in eleven months.
func TestStory40_aPlainPageMonthsAhead(t *testing.T) {
	s := newTestServer(t)
	act := store.Act{Actor: canteen.Actor{Login: testOffice, Role: canteen.RoleOffice}}
	w := canteen.EnrolmentWindow{Year: "2027/28", Opens: testDay, Closes: testDay.AddDays(90)}
	if err := s.store.SetEnrolmentWindow(act, w, "Carla U.", 30); err != nil {
		t.Fatal(err)
	}
	b := s.browser(testElena)
	answer := b.post("/famiglia/iscrizioni", url.Values{"id": {"x"}, "anno": {"2027/28"}, "alunno": {s.handle("Giulia")}}).wantStatus(http.StatusSeeOther)
	folder := strings.TrimSuffix(answer.header.Get("Location"), "/privacy")
	b.submit(b.ok(folder+"/privacy"), folder+"/privacy", url.Values{"privacy": {"1"}})
	b.ok(folder+"/alunno").want("Giulia Rinaldi", "Questi dati li abbiamo già")
	b.post(folder+"/alunno", url.Values{"name": {"Altra"}}).wantStatus(http.StatusSeeOther)
	b.submit(b.ok(folder+"/scuola"), folder+"/scuola", url.Values{"school": {testRodari}, "grade": {"3"}})
	b.submit(b.ok(folder+"/giorni"), folder+"/giorni", nil)
	b.submit(b.ok(folder+"/dieta"), folder+"/dieta", url.Values{"diet": {"none"}})
	summary := b.submit(b.ok(folder+"/agevolazione"), folder+"/agevolazione", url.Values{"band": {"B"}})
	summary.want("Giulia Rinaldi", "classe 3, sezione da definire", "Fascia B")
	b.submit(summary, folder+"/riepilogo", nil).want("Ricevuta 2026/", "2027/28")
	s.browser(testPaolo).ok(folder).want("Giulia", "Inviata").wantNo("elena@example.org")
}
