package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// testMissed is a service day of the small town that nobody closed.
var testMissed = canteen.NewDate(2026, 10, 7)

func dayPath(day canteen.Date, verb string) string { return "/ufficio/giorno/" + day.String() + verb }

func TestFamiliesAndStrangersSeeNoOfficePage(t *testing.T) {
	s := newTestServer(t)
	elena, nobody := s.browser(testElena), s.stranger()
	for _, row := range officeRoutes {
		elena.do(row.method, s.example(row), url.Values{}).wantStatus(http.StatusForbidden)
		nobody.do(row.method, s.example(row), url.Values{}).wantStatus(http.StatusSeeOther)
	}
}

func TestOfficeHomeSaysWhatNeedsAHand(t *testing.T) {
	s := newTestServer(t)
	if err := s.store.RecordRun(store.Job(), store.Run{Job: "backup", Period: "2026-10-14", Error: "disco pieno"}); err != nil {
		t.Fatal(err)
	}
	clerk := s.browser(testOffice)
	p := clerk.ok("/ufficio").want("6 alunni iscritti", "mercoledì 14 ottobre", "Le famiglie possono disdire fino alle 9:30",
		"giornate aspettano una decisione", "disco pieno", "Indica quando comincia la mensa", "diete senza gli alimenti da escludere").
		wantNo("Manca l’atto della tariffa", "Il servizio è pronto, ma vuoto")
	if got := p.number("pasti in tutto"); got != "7" {
		t.Errorf("meals today: got %s, want 7 (six pupils and a teacher)", got)
	}
	clerk.click(p, "Apri la giornata").want("Primaria Rodari", "Infanzia Arcobaleno")
	for _, target := range []string{"/ufficio", dayPath(testDay, "")} {
		clerk.lang = "en"
		clerk.ok(target).wantNo("giornata", "Scuole")
	}
}

func TestOfficeHomeOfANewService(t *testing.T) {
	s := newTestServer(t)
	fresh, err := store.Open(t.TempDir()+"/empty.db", store.Options{Now: s.store.Now, Vault: testVault{}})
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	u, err := s.store.User(testOffice)
	if err != nil {
		t.Fatal(err)
	}
	if err := fresh.AddUser(store.Console(), u, ""); err != nil {
		t.Fatal(err)
	}
	town := &testServer{t: t, store: fresh}
	if town.web, err = New(Options{Store: fresh, Log: s.web.log, Town: s.web.opt.Town, engine: theEngine.Load()}); err != nil {
		t.Fatal(err)
	}
	clerk := town.browser(testOffice)
	clerk.ok("/ufficio").want("Il servizio è pronto, ma vuoto", "Manca l’atto della tariffa", "Indica quando comincia la mensa")
	clerk.ok("/cucina").want("Nessun centro di cottura")
	clerk.ok("/ufficio/cucine").want("Nessuna dieta")
	clerk.ok("/ufficio/calendario").want("Nessuna chiusura")
	clerk.ok(dayPath(testDay, "")).want("niente mensa")
}

func TestDayIsClosedByHandOnlyAfterItsCutoff(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	before := s.balance("Giulia")
	clerk.ok(dayPath(testDay, "")).wantNo("Chiudi e addebita")
	p := clerk.post(dayPath(testDay, "/chiudi"), url.Values{"id": {"a"}, "confirm": {"1"}})
	p.wantStatus(http.StatusUnprocessableEntity).want("Il termine delle disdette è alle 9:30")
	s.at(testDay, "09:31:00")
	page := clerk.ok(dayPath(testDay, "")).want("da chiudere", "Chiudi e addebita")
	clerk.submit(page, dayPath(testDay, "/chiudi"), nil).wantStatus(http.StatusUnprocessableEntity).want("conferma di aver controllato")
	if got := s.balance("Giulia"); got != before {
		t.Fatalf("balance before the confirmation: got %s, want %s", got, before)
	}
	form := url.Values{"confirm": {"1"}}
	clerk.submit(page, dayPath(testDay, "/chiudi"), form).want("Giornata chiusa: pasti addebitati e foglio emesso.", "chiuso")
	clerk.submit(page, dayPath(testDay, "/chiudi"), form).want("chiuso")
	if got, want := s.balance("Giulia"), before-2_70; got != want {
		t.Errorf("balance after closing twice: got %s, want %s", got, want)
	}
	clerk.ok(dayPath(testDay, "")).want("Versione 1", "12,60 €")
}

func TestUnattendedDayIsClosedOrDeclaredWithoutService(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	before := s.balance("Giulia")
	page := clerk.ok(dayPath(testMissed, "")).want("da decidere", "Dichiara senza servizio", "Chiudi la giornata")
	action := dayPath(testMissed, "/senza-servizio")
	clerk.submit(page, action, nil).wantStatus(http.StatusUnprocessableEntity).want("È un dato che serve")
	clerk.ok(dayPath(testMissed, "")).want("da decidere")
	clerk.submit(page, action, url.Values{"reason": {"neve, ordinanza 12"}}).
		want("dichiarata senza servizio", "neve, ordinanza 12").wantNo("da decidere alle")
	if got := s.balance("Giulia"); got != before {
		t.Errorf("balance after a day without service: got %s, want %s", got, before)
	}
	clerk.submit(page, action, url.Values{"reason": {"un’altra ragione"}}).wantStatus(http.StatusConflict)
	clerk.post(dayPath(testDay, "/senza-servizio"), url.Values{"reason": {"oggi no"}}).wantStatus(http.StatusConflict).
		want("non è fra quelli rimasti senza chiusura")
	other := testMissed.AddDays(1)
	clerk.submit(clerk.ok(dayPath(other, "")), dayPath(other, "/chiudi"), url.Values{"confirm": {"1"}}).want("chiuso")
	if got, want := s.balance("Giulia"), before-2_70; got != want {
		t.Errorf("balance after closing an unattended day: got %s, want %s", got, want)
	}
}

func TestDeclaredOutageMovesTheCutoff(t *testing.T) {
	s := newTestServer(t)
	s.at(testDay, "09:25:00")
	clerk := s.browser(testOffice)
	page, action := clerk.ok(dayPath(testDay, "")), dayPath(testDay, "/guasto")
	clerk.submit(page, action, url.Values{"from": {"9:20"}, "to": {"9,10"}}).wantStatus(http.StatusUnprocessableEntity).
		want("«9,10» non è un orario", "È un dato che serve")
	clerk.submit(page, action, url.Values{"from": {"09:20"}, "to": {"09:10"}, "reason": {"linea interrotta"}}).
		wantStatus(http.StatusUnprocessableEntity).want("Il guasto finisce prima di cominciare")
	clerk.submit(page, action, url.Values{"from": {"09:10"}, "to": {"09:20"}, "reason": {"linea interrotta"}}).
		want("Guasto dichiarato", "non era raggiungibile dalle 9:10 alle 9:20", "Il termine è stato spostato dalle 9:30 alle 9:40")
	s.browser(testKitchen).ok("/cucina").want("fino alle 9:40", "Il termine delle 9:30 è stato spostato")
	s.browser(testElena).ok("/famiglia").want("9:40")
	other := url.Values{"from": {"09:10"}, "to": {"09:20"}, "reason": {"ieri"}}
	clerk.post(dayPath(testDay.AddDays(-1), "/guasto"), other).wantStatus(http.StatusConflict).want("non si può più spostare")
}

func TestStory22_AClosedDayWithoutChargesIsSeenTheSameMorning(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	free := url.Values{"do": {doConfirm}, "price-2": {"0"}, "price-3": {"0"}}
	clerk.post("/ufficio/tariffe/nuova", rateForm(testDay, free)).wantStatus(http.StatusSeeOther)
	s.at(testDay, "09:31:00")
	s.closeDue()
	p := clerk.ok("/ufficio").want("mercoledì 14 ottobre: pasti ordinati e nessun addebito, controlla la tariffa")
	clerk.click(p, "mercoledì 14 ottobre: pasti ordinati e nessun addebito, controlla la tariffa").
		want("Questa giornata è chiusa senza nessun addebito.")
	clerk.ok(dayPath(testDay.AddDays(-1), "")).wantNo("senza nessun addebito")
}

func TestDayPageHoldsTogether(t *testing.T) {
	s := newTestServer(t)
	req := store.CommunicationRequest{Pupils: []canteen.PAN{s.pan("Giulia")}, Kind: canteen.Absence, From: testDay, To: testDay}
	if _, err := s.store.Communicate(store.Console(), req); err != nil {
		t.Fatal(err)
	}
	s.at(testDay, "09:31:00")
	s.closeDue()
	p := s.browser(testOffice).ok(dayPath(testDay, ""))
	for _, row := range p.texts("tr", "") {
		if strings.HasPrefix(row, "Primaria Rodari") && row != "Primaria Rodari chiuso 9:31 9:30 4 1 3 0 2 1 5,40 €" {
			t.Errorf("Story 45, enrolled less absent is ordered: got %q", row)
		}
	}
	s.browser(testOffice).get("/ufficio/giorno/ieri").wantStatus(http.StatusNotFound)
}
