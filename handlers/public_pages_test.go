package handlers

import (
	"net/http"
	"testing"
)

func TestMenuShowsAWeekWithItsAllergens(t *testing.T) {
	s := newTestServer(t)
	anybody := s.stranger()
	p := anybody.ok("/menu").want("Settimana dal 12/10/2026 al 16/10/2026", "mercoledì 14 ottobre oggi", "Pasta al pomodoro Contiene: 1",
		"1 Cereali con glutine", "Nessun menu per questo giorno").wantNo("Crostacei")
	next := anybody.click(p, "Settimana dopo").want("Settimana dal 19/10/2026")
	anybody.click(next, "Infanzia").want("Settimana dal 19/10/2026", "Pasta al pomodoro")
	anybody.click(next, "Questa settimana").want("Settimana dal 12/10/2026")
	anybody.ok("/menu?settimana=2027-08-02").want("non è ancora pubblicato").wantNo("Allergeni")
	anybody.ok("/menu?ordine=liceo").want("Pasta al pomodoro")
	anybody.get("/menu?settimana=mai").wantStatus(http.StatusUnprocessableEntity)
	anybody.lang = "en"
	anybody.ok("/menu").want("Week from 12/10/2026 to 16/10/2026", "Contains: 1", "Cereals with gluten").wantNo("Settimana")
}

func TestLegalPages(t *testing.T) {
	s := newTestServer(t)
	anybody := s.stranger()
	for page, want := range map[string]string{"privacy": "Come Comune di Borgoluce tratta i dati", "note-legali": "L’ora che conta", "domande": "Come disdico un pasto?"} {
		anybody.ok("/informazioni/" + page).want(want)
	}
	anybody.get("/informazioni/altro").wantStatus(http.StatusNotFound)
	anybody.lang = "en"
	anybody.ok("/informazioni/domande").want("How do I cancel a meal?").wantNo("Come disdico")
}
