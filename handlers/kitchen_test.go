package handlers

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

func TestKitchenSeesAForecastThenVersion1(t *testing.T) {
	s := newTestServer(t)
	cook := s.browser(testKitchen)
	p := cook.ok("/cucina").want("Pasti di oggi", "Previsione", "fino alle 9:30", "ancora 45 minuti").wantNo("Versione 1")
	if got := p.number("pasti in tutto"); got != "5" {
		t.Errorf("forecast: %s meals, want 5 (four pupils and a teacher)", got)
	}
	s.at(testDay, "09:30:01")
	cook.ok("/cucina").want("Termine passato, il foglio sta per uscire").wantNo("Versione 1")
	s.closeDue()
	p = cook.ok("/cucina").want("Versione 1", "I numeri sono definitivi").wantNo("Previsione")
	for label, want := range map[string]string{"pasti in tutto": "5", "standard": "2", "in bianco": "0", "diete speciali": "2", "personale": "1"} {
		if got := p.number(label); got != want {
			t.Errorf("version 1: %s %s, want %s", got, label, want)
		}
	}
}

func TestKitchenCountsWhatFamiliesSay(t *testing.T) {
	s := newTestServer(t)
	for _, said := range []struct {
		name string
		kind canteen.CommunicationKind
	}{{"Giulia", canteen.Absence}, {"Maria Antonietta", canteen.White}} {
		req := store.CommunicationRequest{Pupils: []canteen.PAN{s.pan(said.name)}, Kind: said.kind, From: testDay, To: testDay}
		if _, err := s.store.Communicate(store.Console(), req); err != nil {
			t.Fatal(err)
		}
	}
	p := s.browser(testKitchen).ok("/cucina").want("di cui G1: 1", "G1 Senza glutine", "L1 Senza latte e derivati")
	for label, want := range map[string]string{"pasti in tutto": "4", "standard": "1", "in bianco": "1", "diete speciali": "1"} {
		if got := p.number(label); got != want {
			t.Errorf("%s %s, want %s", got, label, want)
		}
	}
}

func TestKitchenIsWarnedOfDishesADietLeavesOut(t *testing.T) {
	s := newTestServer(t)
	office := store.Act{Actor: canteen.Actor{Login: testOffice, Role: canteen.RoleOffice}}
	cook := s.browser(testKitchen)
	cook.ok("/cucina").want("chiedi all’ufficio prima di cucinare").wantNo("non per G1")
	if err := s.store.PutDiet(office, canteen.Diet{Code: "G1", Name: "Senza glutine", Excludes: "grano, orzo", Allergens: []int{1}}); err != nil {
		t.Fatal(err)
	}
	cook.ok("/cucina").want("Senza: grano, orzo", "Pasta al pomodoro non per G1").wantNo("non per L1")
}

func TestStory05_TheKitchenSeesNoMoneyAndNobody(t *testing.T) {
	s := newTestServer(t)
	s.at(testDay, "09:31:00")
	s.closeDue()
	cook := s.browser(testKitchen)
	for _, target := range []string{"/cucina", "/cucina?giorno=2026-10-12", "/cucina?giorno=2026-10-15", "/cucina?giorno=2026-10-18"} {
		p := cook.ok(target)
		wantNobody(t, target, []byte(p.body))
		wantNoMoney(t, p)
	}
}

func TestStory32_FilesOfTheSheetCarryCodesAndNoNames(t *testing.T) {
	s := newTestServer(t)
	s.at(testDay, "09:31:00")
	s.closeDue()
	cook := s.browser(testKitchen)
	page := cook.ok("/cucina")
	table := cook.ok(page.link("CSV"))
	if got, want := table.header.Get("Content-Disposition"), `attachment; filename="foglio-2026-10-14-v1-nord.csv"`; got != want {
		t.Errorf("file name: got %s, want %s", got, want)
	}
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.body, "\ufeff")))
	reader.Comma, reader.FieldsPerRecord = ';', -1
	rows, err := reader.ReadAll()
	if err != nil || len(rows) < 8 {
		t.Errorf("csv: %d rows, %v", len(rows), err)
	}
	if !strings.Contains(table.body, "G1") || !strings.Contains(table.body, "Primaria Rodari") {
		t.Errorf("csv: no diet or school in it: %s", table.body)
	}
	wantNobody(t, "csv", []byte(table.body))
	book := cook.ok(page.link("Excel"))
	archive, err := zip.NewReader(strings.NewReader(book.body), int64(len(book.body)))
	if err != nil {
		t.Fatalf("xlsx: %v", err)
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		if _, err := body.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		wantNobody(t, "xlsx, "+f.Name, body.Bytes())
	}
	if len(s.web.fonts.Regular) == 0 {
		cook.get(page.link("PDF")).wantStatus(http.StatusServiceUnavailable).want("mancano i caratteri")
		return
	}
	paper := cook.ok(page.link("PDF"))
	if !strings.HasPrefix(paper.body, "%PDF-") || !strings.Contains(paper.body[len(paper.body)-16:], "%%EOF") {
		t.Errorf("pdf: %d bytes that are no PDF", len(paper.body))
	}
}

func TestKitchenForecastIsNamedAsSuchInFiles(t *testing.T) {
	s := newTestServer(t)
	cook := s.browser(testKitchen)
	table := cook.ok(cook.ok("/cucina").link("CSV"))
	if got, want := table.header.Get("Content-Disposition"), `attachment; filename="foglio-2026-10-14-previsione-nord.csv"`; got != want {
		t.Errorf("file name: got %s, want %s", got, want)
	}
}

func TestKitchenHasOnlyItsOwnPages(t *testing.T) {
	s := newTestServer(t)
	north, south := s.browser(testKitchen), s.southKitchen()
	north.ok("/cucina").want("Primaria Rodari").wantNo("Arcobaleno")
	south.ok("/cucina").want("Infanzia Arcobaleno").wantNo("Rodari")
	for _, target := range []string{"/cucina?cucina=sud", "/cucina/foglio.csv?cucina=sud", "/cucina/eventi?cucina=sud"} {
		north.get(target).wantStatus(http.StatusForbidden)
	}
	for _, row := range officeRoutes {
		if row.method == "GET" {
			north.get(s.example(row)).wantStatus(http.StatusForbidden)
		} else {
			north.post(s.example(row), url.Values{}).wantStatus(http.StatusForbidden)
		}
	}
}

func TestOfficeLooksAtAnyKitchen(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	p := clerk.ok("/cucina?cucina=sud").want("Infanzia Arcobaleno").wantNo("Rodari")
	clerk.click(p, "Nord").want("Primaria Rodari")
	clerk.get("/cucina?cucina=est").wantStatus(http.StatusNotFound)
}

func TestKitchenDaysWithoutMeals(t *testing.T) {
	s := newTestServer(t)
	south := s.southKitchen()
	p := south.ok("/cucina?giorno=2026-10-15").want("Niente da cucinare", "Nessuna classe mangia a scuola")
	south.click(p, "Si torna a cucinare lunedì 19 ottobre").want("Pasti di lunedì 19 ottobre", "Previsione")
	south.ok("/cucina?giorno=2026-12-25").want("Niente da cucinare", "Festa nazionale")
	south.get("/cucina?giorno=domani").wantStatus(http.StatusUnprocessableEntity)
	south.get("/cucina?versione=3").wantStatus(http.StatusNotFound)
	south.ok("/cucina?giorno=2026-09-30").want("Giornata mai chiusa", "Decide l’ufficio mensa")
}
