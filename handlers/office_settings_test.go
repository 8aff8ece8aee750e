package handlers

import (
	"net/http"
	"net/url"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

func ruleForm(more url.Values) url.Values {
	form := url.Values{"id": {"form-1"}, "kind": {"close"}, "scope": {"town"}, "from": {"2026-10-19"}, "to": {"2026-10-21"}, "reason": {"sciopero"}}
	for key, values := range more {
		form[key] = values
	}
	return form
}

func TestCalendarRuleShowsItsEffectBeforeItHolds(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	before := s.contents()
	// Four pupils at Rodari every day, two at Arcobaleno on Monday and Wednesday.
	p := clerk.post("/ufficio/calendario/nuova", ruleForm(nil)).wantStatus(http.StatusOK)
	p.want("16 pasti in meno in 3 giorni, 6 alunni", "lunedì 19 ottobre 2 −6", "martedì 20 ottobre 1 −4")
	clerk.post("/ufficio/calendario/nuova", ruleForm(url.Values{"scope": {"school " + testArcobaleno}})).
		want("4 pasti in meno in 2 giorni, 2 alunni", "Infanzia Arcobaleno")
	clerk.post("/ufficio/calendario/nuova", ruleForm(url.Values{"scope": {"class " + testRodari + " 2A"}, "to": {""}})).
		want("4 pasti in meno in 1 giorni, 4 alunni", "Primaria Rodari, 2A")
	clerk.post("/ufficio/calendario/nuova", ruleForm(url.Values{"kind": {"open"}})).want("Non cambia niente")
	if s.contents() != before {
		t.Fatal("the previews wrote into the record")
	}
	clerk.submit(p, "/ufficio/calendario/nuova", url.Values{"do": {doConfirm}}).want("Calendario aggiornato.", "sciopero")
	clerk.post("/ufficio/calendario/nuova", ruleForm(url.Values{"do": {doConfirm}})).wantStatus(http.StatusSeeOther)
	town, err := s.store.Town(store.Console())
	if err != nil || len(town.Rules) != 1 {
		t.Errorf("rules after a double click: got %v (%v), want one", town.Rules, err)
	}
	s.browser(testKitchen).ok("/cucina?giorno=2026-10-20").want("Niente da cucinare", "Chiusura in tutto il comune: sciopero")
}

func TestCalendarRuleCountsPupilsWhoAreAwayAnywayAsNoMeal(t *testing.T) {
	s := newTestServer(t)
	req := store.CommunicationRequest{Pupils: []canteen.PAN{s.pan("Giulia")}, Kind: canteen.Absence, From: canteen.NewDate(2026, 10, 19), To: canteen.NewDate(2026, 10, 19)}
	if _, err := s.store.Communicate(store.Console(), req); err != nil {
		t.Fatal(err)
	}
	s.browser(testOffice).post("/ufficio/calendario/nuova", ruleForm(nil)).want("15 pasti in meno in 3 giorni, 6 alunni")
}

func TestCalendarRuleIsRefusedWithItsReason(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	for name, c := range map[string]struct {
		form url.Values
		want string
	}{
		"closed day":     {url.Values{"from": {"2026-10-12"}}, "è già chiuso per Infanzia Arcobaleno"},
		"no reason":      {url.Values{"reason": {""}}, "È un dato che serve"},
		"backwards":      {url.Values{"to": {"2026-10-18"}}, "finisce prima di cominciare"},
		"no date":        {url.Values{"from": {"31/02/2027"}}, "«31/02/2027» non è una data"},
		"unknown school": {url.Values{"scope": {"school FGEE00000X"}}, "non è una scuola o una classe del comune"},
		"no place":       {url.Values{"scope": {""}}, "Scegli dove vale"},
		"too long":       {url.Values{"to": {"2028-10-18"}}, "troppo lungo"},
	} {
		for _, do := range []string{"preview", doConfirm} {
			if name == "too long" && do == doConfirm {
				continue // only the rehearsal is bounded
			}
			c.form["do"] = []string{do}
			p := clerk.post("/ufficio/calendario/nuova", ruleForm(c.form)).wantStatus(http.StatusUnprocessableEntity).want(c.want)
			if _, values := p.form("/ufficio/calendario/nuova"); name != "no reason" && values.Get("reason") != "sciopero" {
				t.Errorf("%s: the form came back without its reason: %v", name, values)
			}
		}
	}
}

func TestSchoolYearSaysWhenTheCanteenBegins(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	page := clerk.ok("/ufficio/calendario/anno")
	clerk.submit(page, "/ufficio/calendario/anno", url.Values{"serviceFrom": {"2026-08-01"}}).
		wantStatus(http.StatusUnprocessableEntity).want("La mensa deve stare dentro l’anno scolastico")
	clerk.submit(page, "/ufficio/calendario/anno", url.Values{"year": {"2026/29"}}).
		wantStatus(http.StatusUnprocessableEntity).want("«2026/29» non è un anno scolastico")
	clerk.submit(page, "/ufficio/calendario/anno", url.Values{"serviceFrom": {"2026-10-12"}}).want("Anno scolastico salvato.", "12/10/2026")
	clerk.ok("/ufficio").wantNo("Indica quando comincia la mensa", "giornate aspettano una decisione")
}

func TestStory20_ATariffShowsItsEffectBySchoolBeforeItHolds(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	before := s.contents()
	from := canteen.NewDate(2026, 11, 2)
	p := clerk.post("/ufficio/tariffe/nuova", rateForm(from, nil)).wantStatus(http.StatusOK)
	// Before: one exempt, one of band B at 1,80, four at 2,70. After: one exempt,
	// two at the infant school at 3,00, three at 2,50.
	p.want("6 alunni: un pasto per tutti passa da 12,60 € a 13,50 €.", "0,00 € 0,00 € uguale 1", "1,80 € 3,00 € 1", "2,70 € 2,50 € 3", "2,70 € 3,00 € 1",
		"Infanzia Arcobaleno 2 4,50 € 6,00 €", "Primaria Rodari 4 8,10 € 7,50 €")
	if s.contents() != before {
		t.Fatal("the preview wrote into the record")
	}
	clerk.submit(p, "/ufficio/tariffe/nuova", url.Values{"do": {doConfirm}}).want("Tariffa aggiunta.", "Delibera 77/2026", "futura", "in vigore")
	clerk.post("/ufficio/tariffe/nuova", rateForm(from, url.Values{"do": {doConfirm}})).wantStatus(http.StatusSeeOther)
	town, err := s.store.Town(store.Console())
	if err != nil || len(town.Tariffs) != 3 {
		t.Errorf("tariffs after a double click: got %d (%v), want 3", len(town.Tariffs), err)
	}
}

func TestTariffIsRefusedWithItsReason(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	from := canteen.NewDate(2026, 11, 2)
	for name, c := range map[string]struct {
		form url.Values
		want string
	}{
		"no act":             {url.Values{"act": {""}}, "È un dato che serve"},
		"closed day":         {url.Values{"from": {"2026-10-13"}}, "la tariffa può partire solo da dopo"},
		"price":              {url.Values{"price-2": {"3,0x"}}, "«3,0x» non è un importo"},
		"negative":           {url.Values{"price-2": {"-1"}}, "deve stare fra 0 e 100 euro"},
		"band":               {url.Values{"band-1": {"FASCIA UNO"}}, "«FASCIA UNO» non va bene come codice"},
		"nothing for others": {url.Values{"stage-3": {"primaria"}}, "L’ultima riga deve valere per tutti"},
		"no lines":           {url.Values{"band-1": {""}, "stage-2": {""}, "price-1": {""}, "price-2": {""}, "price-3": {""}}, "almeno una riga"},
		"line without price": {url.Values{"price-2": {""}}, "È un dato che serve"},
		"invented residence": {url.Values{"residence-2": {"mars"}}, "Il modulo inviato non si legge"},
		"invented rank":      {url.Values{"rank-2": {"99"}}, "Il modulo inviato non si legge"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, do := range []string{"preview", doConfirm} {
				c.form["do"] = []string{do}
				p := clerk.post("/ufficio/tariffe/nuova", rateForm(from, c.form)).wantStatus(http.StatusUnprocessableEntity).want(c.want)
				if _, values := p.form("/ufficio/tariffe/nuova"); name != "price" && name != "no lines" && values.Get("price-3") != "2,50" {
					t.Errorf("the form came back without its prices: %v", values)
				}
			}
		})
	}
	p := clerk.post("/ufficio/tariffe/nuova", rateForm(from, url.Values{"do": {doMore}})).wantStatus(http.StatusOK)
	if _, values := p.form("/ufficio/tariffe/nuova"); !values.Has("price-6") || values.Has("price-7") || values.Get("price-2") != "3,00" {
		t.Errorf("more lines: got %v, want three empty ones behind the three", values)
	}
}

func TestKitchenCutoffIsChangedFromNowOn(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	page := clerk.ok("/ufficio/cucine/nord").want("Nord")
	clerk.submit(page, "/ufficio/cucine/nord", url.Values{"limit": {"09:00"}}).wantStatus(http.StatusUnprocessableEntity).
		want("Il limite della proroga viene prima del termine")
	clerk.submit(page, "/ufficio/cucine/nord", url.Values{"at": {"presto"}}).wantStatus(http.StatusUnprocessableEntity).want("«presto» non è un orario")
	clerk.submit(page, "/ufficio/cucine/nord", url.Values{"at": {"09:15"}}).want("Termine salvato.", "Termine delle disdette alle 9:15")
	s.browser(testKitchen).ok("/cucina").want("fino alle 9:15")
	clerk.get("/ufficio/cucine/est").wantStatus(http.StatusNotFound)
}

func TestDietSaysWhatToLeaveOut(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	page := clerk.ok("/ufficio/cucine/diete/G1").want("Dieta G1", "Cereali con glutine")
	clerk.submit(page, "/ufficio/cucine/diete/G1", nil).wantStatus(http.StatusUnprocessableEntity).want("È un dato che serve")
	clerk.submit(page, "/ufficio/cucine/diete/G1", url.Values{"name": {"Senza glutine"}, "excludes": {"grano"}, "allergen-1": {"1"}, "code": {"X9"}}).
		want("Dieta salvata.", "grano").wantNo("X9")
	added := clerk.ok("/ufficio/cucine/diete/nuova")
	form := url.Values{"code": {"v1"}, "name": {"Vegetariana"}, "excludes": {"carne, pesce"}, "allergen-4": {"1"}}
	clerk.submit(added, "/ufficio/cucine/diete/nuova", form).want("V1", "Vegetariana")
	clerk.submit(added, "/ufficio/cucine/diete/nuova", form).want("Dieta salvata.")
	form.Set("name", "Vegana")
	clerk.submit(added, "/ufficio/cucine/diete/nuova", form).wantStatus(http.StatusUnprocessableEntity).want("Il codice V1 è già di un’altra dieta")
	town, err := s.store.Town(store.Console())
	if err != nil {
		t.Fatal(err)
	}
	if d, _ := dietOf(town, "G1"); d.Excludes != "grano" || len(d.Allergens) != 1 {
		t.Errorf("G1: got %+v", d)
	}
	clerk.get("/ufficio/cucine/diete/Z9").wantStatus(http.StatusNotFound)
}
