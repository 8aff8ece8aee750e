package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// waiting sends Ines's application for a new child and returns its handle.
func (s *testServer) waiting() string {
	s.t.Helper()
	b := s.browser(testInes)
	folder := startNew(s.t, b)
	b.submit(walkSteps(s.t, b, folder, "none"), folder+"/riepilogo", nil).wantStatus(http.StatusOK)
	return folder[strings.LastIndex(folder, "/")+1:]
}

// TestSchool_validatesWhatAFamilyHasSent goes from a family's application to the
// child on the roll: a second click does nothing more, another school sees
// nothing of it.
func TestSchool_validatesWhatAFamilyHasSent(t *testing.T) {
	s := newTestServer(t)
	handle := s.waiting()
	other := s.secretary(testArcobaleno)
	other.ok("/scuola/iscrizioni").wantNo("Matilde")
	other.get("/scuola/iscrizioni/" + handle).wantStatus(http.StatusNotFound)

	b := s.secretary(testRodari)
	list := b.ok("/scuola/iscrizioni").want("Solitario Matilde", "nuovo in mensa").wantNo("€")
	_, form := list.form("/scuola/iscrizioni/convalida")
	form.Set("domanda", handle)
	first := b.post("/scuola/iscrizioni/convalida", form).wantStatus(http.StatusSeeOther)
	second := b.post("/scuola/iscrizioni/convalida", form).wantStatus(http.StatusSeeOther)
	if first.header.Get("Location") != second.header.Get("Location") {
		t.Errorf("the second click goes to %s, the first to %s", second.header.Get("Location"), first.header.Get("Location"))
	}
	outcome := b.ok(first.header.Get("Location")).want("1 iscrizione convalidata", "Solitario Matilde", "mercoledì 14 ottobre")
	b.click(outcome, "Tesserino PAN Solitario Matilde").want("Solitario Matilde")
	b.ok("/scuola/classi/" + testRodari + "-2A").want("Solitario Matilde")
	s.browser(testInes).ok("/famiglia").want("Matilde")
}

func TestSchool_returnsWithAReason(t *testing.T) {
	s := newTestServer(t)
	address := "/scuola/iscrizioni/" + s.waiting()
	b := s.secretary(testRodari)
	form := b.ok(address).want("Solitario Ines", "L’anno scorso il bambino non era in mensa")
	b.submit(form, address+"/rimanda", url.Values{"motivo": {"other"}}).wantStatus(http.StatusUnprocessableEntity).want("Scrivi alla famiglia")
	b.submit(form, address+"/rimanda", url.Values{"motivo": {"class"}, "reason": {"È in 2B."}}).
		want("Iscrizione rimandata", "La classe indicata non è quella del bambino. È in 2B.")
}

// TestSchool_debtIsBetweenTheFamilyAndTheOffice: the school reads that the
// application waits, not why; the family reads what and how much; the office
// lets it through.
func TestSchool_debtIsBetweenTheFamilyAndTheOffice(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testUgo) // Sara's account owes 4 euros
	rule := canteen.DebtRule{From: testDay, Act: "D.C.C. 18/2026", Threshold: 2_00, TermMonth: 9, TermDay: 30}
	if err := s.store.PutDebtRule(store.Act{Actor: canteen.Actor{Login: testOffice, Role: canteen.RoleOffice}}, rule); err != nil {
		t.Fatal(err)
	}
	folder := startNew(t, b)
	b.submit(walkSteps(t, b, folder, "none"), folder+"/riepilogo", nil).wantStatus(http.StatusOK)
	handle := folder[strings.LastIndex(folder, "/")+1:]

	school := s.secretary(testRodari)
	school.ok("/scuola/iscrizioni/"+handle).want("in attesa del Comune").wantNo("debit", "€", "4,00")
	b.ok("/famiglia/iscrizioni/"+handle+"/debito").want("4,00 €", "0042", "D.C.C. 18/2026")
	b.ok("/famiglia/iscrizioni/"+handle).want("4,00 €", "0042", "D.C.C. 18/2026") // where the application stands
	s.browser(testInes).get("/famiglia/iscrizioni/" + handle + "/debito").wantStatus(http.StatusNotFound)

	office := s.browser(testOffice)
	office.ok("/ufficio/iscrizioni/debiti").want("1 iscrizione ferma")
	address := "/ufficio/iscrizioni/debiti/" + handle
	office.submit(office.ok(address), address, url.Values{"what": {"social"}, "reason": {""}}).wantStatus(http.StatusUnprocessableEntity)
	office.submit(office.ok(address), address, url.Values{"what": {"social"}, "reason": {"Relazione prot. 44"}}).want("Decisione registrata")
	school.ok("/scuola/iscrizioni/"+handle).wantNo("in attesa del Comune", "Relazione")
}

// TestSchool_movesAPupilBetweenItsClasses: from a day on, once, and only to a
// class of a school it has.
func TestSchool_movesAPupilBetweenItsClasses(t *testing.T) {
	s := newTestServer(t)
	path, class := "/scuola/alunni/"+s.handle("Giulia"), testArcobaleno+" 3A"
	alone := s.secretary(testRodari)
	alone.ok(path).wantNo("Cambio di classe") // a school of one class
	b := s.secretary(testRodari, testArcobaleno)
	move := b.ok(path).want("Cambio di classe")
	form := func(class, from string) url.Values { return url.Values{"class": {class}, "from": {from}} }
	b.submit(move, path+"/classe", form("", "")).wantStatus(http.StatusUnprocessableEntity).want("È un dato che serve")
	b.submit(move, path+"/classe", form(class, "2026-10-01")).wantStatus(http.StatusUnprocessableEntity)
	alone.post(path+"/classe", url.Values{"id": {"altro"}, "class": {class}, "from": {"2026-10-20"}}).wantStatus(http.StatusUnprocessableEntity)
	for range 2 {
		b.submit(move, path+"/classe", form(class, "2026-10-20")).wantStatus(http.StatusOK).want("Il bambino è nella nuova classe")
	}
	b.ok("/scuola/classi/" + testArcobaleno + "-3A").want("Rinaldi Giulia")
}
