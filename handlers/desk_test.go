package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestDeskSearch(t *testing.T) {
	s := newTestServer(t)
	desk := s.desk(testDesk)
	home := desk.ok("/sportello").want("Chi hai davanti?", "Prima registrazione")
	desk.submit(home, "/sportello", url.Values{"query": {"rinaldi"}}).want("2 persone trovate", "Rinaldi Elena", "(anno 1985)", "Rinaldi Paolo", "Giulia Rinaldi", "anno 2018", "2A, Primaria Rodari")
	desk.submit(home, "/sportello", url.Values{"query": {"Solitario"}}).want("1 persona trovata", "Nessun figlio iscritto")
	desk.submit(home, "/sportello", url.Values{"query": {"Qualcuno Altro"}}).want("Non abbiamo trovato nessuno", "Prima registrazione")
	desk.post("/sportello", url.Values{"query": {""}}).wantStatus(http.StatusUnprocessableEntity)
	// A barcode reader: the PAN of a child with one guardian opens the family.
	desk.submit(home, "/sportello", url.Values{"query": {testPupils["Sara"]}}).want("Stai operando per Ugo Conti", "Sara")
	if log := s.log.String(); strings.Contains(log, "inaldi") || strings.Contains(log, "Conti") {
		t.Errorf("the log names somebody: %s", log)
	}
}

func TestDeskSearch_isThrottled(t *testing.T) {
	s := newTestServer(t)
	desk := s.desk(testDesk)
	for range deskSearchBurst {
		desk.post("/sportello", url.Values{"query": {"rinaldi"}}).wantStatus(http.StatusOK)
	}
	desk.post("/sportello", url.Values{"query": {"rinaldi"}}).wantStatus(http.StatusTooManyRequests).want("Troppe ricerche")
	s.desk("sportello2").post("/sportello", url.Values{"query": {"rinaldi"}}).wantStatus(http.StatusOK)
}

// TestStory38_registeredAtTheCounter registers a family from its papers, with a
// doubt about its name, and prints what it takes home.
func TestStory38_registeredAtTheCounter(t *testing.T) {
	s := newTestServer(t)
	desk := s.desk(testDesk)
	form := desk.ok("/sportello/nuova")
	papers := url.Values{"cf": {"rssmra85t10a562s"}, "surname": {"Bianchi"}, "name": {"Mario"}, "address": {"Via dei Mille 3"}, "postcode": {"71121"},
		"city": {"Borgoluce"}, "document": {"1"}, "privacy": {"1"}}
	wrong := url.Values{}
	for k, v := range papers {
		wrong[k] = v
	}
	wrong.Set("cf", "RSSMRA85T10A562X")
	wrong.Del("document")
	desk.submit(form, "/sportello/nuova", wrong).wantStatus(http.StatusUnprocessableEntity)
	doubt := desk.submit(form, "/sportello/nuova", papers).wantStatus(http.StatusUnprocessableEntity).
		want("Nome e codice fiscale non sembrano della stessa persona", "Ho controllato")
	papers.Set("odd", "1")
	slip := desk.submit(doubt, "/sportello/nuova", papers).want("Stai operando per Mario Bianchi", "Registrazione allo sportello", "Ricevuta 2026/000001",
		"Che cosa fare adesso", "Dora sportello", "Firma della persona")
	desk.click(slip, "Vai ai figli").want("Stai operando per Mario Bianchi")
	desk.ok(slip.link("Versione semplice"))
	again := desk.ok("/sportello/nuova")
	desk.submit(again, "/sportello/nuova", papers).wantStatus(http.StatusUnprocessableEntity).want("già registrata")
}

func TestAppointments_family(t *testing.T) {
	s := newTestServer(t)
	elena, desk := s.browser(testElena), s.desk(testDesk)
	page := elena.ok("/famiglia/appuntamenti").want("Prenota", "9:00")
	elena.submit(page, "/famiglia/appuntamenti", nil).wantStatus(http.StatusUnprocessableEntity)
	ask := url.Values{"at": {"09:00"}, "about": {"enrolment"}}
	mine := elena.submit(page, "/famiglia/appuntamenti", ask).want("Appuntamento prenotato", "mercoledì 14 ottobre, ore 9:00", "Iscrizione alla mensa")
	desk.ok("/sportello/coda").want("1 persona in attesa", "Elena Rinaldi")
	desk.submit(desk.ok("/sportello/coda"), "/sportello/coda/prossimo", nil).want("allo sportello")
	elena.ok("/famiglia/appuntamenti").wantNo("Disdici l’appuntamento")
	desk.click(desk.ok("/sportello/coda"), "Elena Rinaldi").want("Stai operando per Elena Rinaldi")
	for _, f := range mine.all("form", "") {
		if to := attribute(f, "action"); strings.HasSuffix(to, "/disdici") {
			s.browser(testUgo).post(to, url.Values{}).wantStatus(http.StatusNotFound)
			elena.post(to, url.Values{}).wantStatus(http.StatusConflict) // it is being served
		}
	}
	inside := desk.opened(testPupils["Sara"])
	desk.submit(desk.ok(inside+"/famiglia/appuntamenti"), inside+"/famiglia/appuntamenti", url.Values{"at": {"09:15"}, "about": {"diet"}}).
		want("Stai operando per Ugo Conti", "Appuntamento prenotato")
}

func TestAppointments_withoutALogin(t *testing.T) {
	s := newTestServer(t)
	b := s.stranger()
	page := b.click(b.ok("/"), "Vieni allo sportello").want("Non ti chiediamo il nome")
	ask := url.Values{"at": {"09:00"}, "about": {"other"}}
	mine := b.submit(page, "/appuntamenti", ask).want("Il tuo appuntamento", "ore 9:00", "in attesa")
	s.desk(testDesk).ok("/sportello/coda").want("senza nome")
	var cancel string
	for _, f := range mine.all("form", "") {
		if to := attribute(f, "action"); strings.HasSuffix(to, "/disdici") {
			cancel = to
		}
	}
	b.submit(mine, cancel, nil).want("Appuntamento disdetto", "disdetto")
	for range bookingBurst {
		b.post("/appuntamenti", url.Values{"giorno": {testDay.String()}, "at": {"10:00"}, "about": {"other"}})
	}
	b.post("/appuntamenti", url.Values{"giorno": {testDay.String()}, "at": {"10:00"}, "about": {"other"}}).wantStatus(http.StatusTooManyRequests)
}

func TestDeskHours(t *testing.T) {
	s := newTestServer(t)
	office := s.browser(testOffice)
	form := office.ok("/ufficio/sportello")
	office.submit(form, "/ufficio/sportello", url.Values{"day-1": {"9:00"}}).wantStatus(http.StatusUnprocessableEntity).want("non è un’apertura")
	office.submit(form, "/ufficio/sportello", url.Values{"day-1": {"9:00-12:00, 11:00-13:00"}}).wantStatus(http.StatusUnprocessableEntity).want("si sovrappone")
	office.submit(form, "/ufficio/sportello", url.Values{"day-3": {"14:00-16:00"}, "places": {"2"}, "closed": {"15/10/2026\n16/10/2026"}}).want("Orari salvati")
	s.stranger().ok("/appuntamenti").want("14:00", "15:45").wantNo("9:00", "gio 15", "ven 16")
}

// TestStory49_aTelephoneCall is entered after the cut-off at the counter and
// answered by the office.
func TestStory49_aTelephoneCall(t *testing.T) {
	s := newTestServer(t)
	desk, office := s.desk(testDesk), s.browser(testOffice)
	inside := desk.opened(testPupils["Sara"])
	s.at(testDay, "09:31:00")
	s.closeDue()
	s.at(testDay, "10:00:00")
	form := desk.click(desk.ok(inside+"/famiglia"), "Annota una telefonata").want("decide l’ufficio")
	ask := url.Values{"pupil": {s.handle("Sara")}, "kind": {"absence"}, "heard": {"9:10"}}
	desk.submit(form, inside+"/carta", ask).wantStatus(http.StatusUnprocessableEntity)
	ask.Set("reason", "Servizio fermo dalle 9:00")
	ask.Set("heard", "9:40")
	desk.submit(form, inside+"/carta", ask).wantStatus(http.StatusUnprocessableEntity).want("dopo il termine")
	ask.Set("heard", "9:10")
	desk.submit(form, inside+"/carta", ask).want("Richiesta da una telefonata", "alle 9:10", "Servizio fermo dalle 9:00", "decide l’ufficio mensa", "Ugo Conti")
	desk.ok(inside + "/ricevute/2026-000001/ricevuta.pdf")
	s.browser(testUgo).ok("/famiglia/calendario/" + s.handle("Sara") + "/" + testDay.String()).wantNo("Assenza registrata")
	office.ok("/ufficio/sportello").want("Richieste annotate allo sportello")
	list := office.ok("/ufficio/sportello/richieste").want("Sara Conti", "alle 9:10, annotata da Dora sportello")
	answer := "/ufficio/sportello/richieste/2026-000001"
	office.submit(list, answer, url.Values{"decision": {"accepted"}, "reason": {" "}}).wantStatus(http.StatusUnprocessableEntity).want("Scrivi il motivo")
	office.submit(list, answer, url.Values{"decision": {"accepted"}, "reason": {"La telefonata è in elenco"}}).want("Risposta registrata", "accolta", "La telefonata è in elenco")
	desk.post(answer, url.Values{}).wantStatus(http.StatusForbidden)
}
