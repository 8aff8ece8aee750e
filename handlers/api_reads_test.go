package handlers

import (
	"testing"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

func consoleAct() store.Act { return store.Console() }

// tokenActor is the actor of a token of the kit; nobody for one that is no good.
func tokenActor(k *apiKit, secret string) canteen.Actor {
	actor, err := k.store.TokenActor(secret)
	if err != nil {
		return canteen.Actor{}
	}
	return actor
}

func TestAPIDay_followsTheDay(t *testing.T) {
	k := newAPIKit(t)
	k.say(apiGiulia, apiToday).want(t, 201, "")
	k.say(apiSara, `{"kind":"white","from":"2026-10-14"}`).want(t, 201, "")
	state := func(date, want string) apiAnswer {
		t.Helper()
		a := k.get("/api/v1/days/"+date).want(t, 200, "")
		if a.json["state"] != want {
			t.Errorf("%s: got state %v, want %s", date, a.json["state"], want)
		}
		if (a.json["closed_at"] != nil) != (want == "closed") || (a.json["cutoff"] == nil) != (want == "void") {
			t.Errorf("%s, %s: got closed_at %v and cutoff %v", date, want, a.json["closed_at"], a.json["cutoff"])
		}
		return a
	}
	open := state("2026-10-14", "open")
	state("2026-10-15", "planned")
	state("2026-10-17", "void")
	k.at(apiWednesday.At(9*60 + 30).Add(time.Millisecond))
	state("2026-10-14", "closing")
	k.close(apiWednesday)
	closed := state("2026-10-14", "closed")
	for _, a := range []apiAnswer{open, closed} {
		if a.json["enrolled"] != 3.0 || a.json["absent"] != 1.0 || a.json["white"] != 1.0 || a.json["ordered"] != 2.0 {
			t.Errorf("got %s, want 3 enrolled, 1 absent, 1 white, 2 ordered", a.body)
		}
	}
	if closed.json["closed_at"] != "2026-10-14T09:31:00+02:00" {
		t.Errorf("got closed_at %v, want 9:31", closed.json["closed_at"])
	}
	rodari := closed.rows(t, "schools")[1]
	if rodari["code"] != apiRodari || rodari["enrolled"] != 2.0 || rodari["absent"] != 1.0 || rodari["ordered"] != 1.0 {
		t.Errorf("got %v, want Rodari with 2 enrolled, 1 absent", rodari)
	}
	k.at(apiWednesday.AddDays(2).At(8 * 60))
	state("2026-10-15", "unattended")
}

// In winter the offset is another, and the same clock time is meant.
func TestAPIDay_cutoffHasTheOffsetOfTheDay(t *testing.T) {
	k := newAPIKit(t)
	if a := k.get("/api/v1/days/2026-11-04"); a.json["cutoff"] != "2026-11-04T09:30:00+01:00" {
		t.Errorf("got %v, want 9:30 with the offset of winter", a.json["cutoff"])
	}
}

func TestAPISheets_areThoseIssued(t *testing.T) {
	k := newAPIKit(t)
	k.say(apiMarco, `{"kind":"white","from":"2026-10-14"}`).want(t, 201, "")
	get := func(query string) apiAnswer {
		return k.do(apiCall{method: "GET", path: "/api/v1/sheets/2026-10-14" + query, token: "kitchen"})
	}
	if sheets := get("").want(t, 200, "").rows(t, "sheets"); len(sheets) != 0 {
		t.Errorf("before the close: got %v, want none", sheets)
	}
	forecast := get("?kitchen=nord&forecast=true").want(t, 200, "").rows(t, "sheets")
	if len(forecast) != 1 || forecast[0]["version"] != 0.0 || forecast[0]["issued_at"] != nil {
		t.Errorf("got %v, want one forecast", forecast)
	}
	get("?kitchen=ovest").want(t, 404, "error.kitchen.notFound")
	k.close(apiWednesday)
	if sheets := get("").rows(t, "sheets"); len(sheets) != 2 {
		t.Errorf("got %d sheets, want one of each kitchen", len(sheets))
	}
	if sheets := get("?kitchen=nord&version=2&forecast=true").want(t, 200, "").rows(t, "sheets"); len(sheets) != 0 {
		t.Errorf("version 2: got %v, want none", sheets)
	}
	sheet := get("?kitchen=nord&version=1").rows(t, "sheets")[0]
	if sheet["kitchen"] != "nord" || sheet["version"] != 1.0 || sheet["issued_at"] != "2026-10-14T09:31:00+02:00" {
		t.Errorf("got %v, want version 1 of nord, issued at 9:31", sheet)
	}
	want := `{"absent":0,"class":"3B","diets":{},"enrolled":2,"school":"FGEE82001P","school_name":"Primaria Rodari","staff":1,"standard":1,"total":3,"white":1,"white_diets":{"G1":1}}`
	if rows := sheet["rows"].([]any); len(rows) != 1 || text(rows[0]) != want {
		t.Errorf("got %s, want %s", text(rows), want)
	}
}

func TestAPIPupil_saysPlaceAndBalanceAndNoName(t *testing.T) {
	k := newAPIKit(t)
	for pan, want := range map[string]string{
		apiGiulia: `{"balance_cents":2700,"class":"3B","kitchen":"nord","meals":10,"name":"G. R.","pan":"100200307","price_cents":270,"school":"FGEE82001P","weekdays":"LUN-MAR-MER-GIO-VEN"}`,
		apiMarco:  `{"balance_cents":0,"class":"3B","kitchen":"nord","meals":null,"name":"M. É.","pan":"100200315","price_cents":0,"school":"FGEE82001P","weekdays":"LUN-MAR-MER-GIO-VEN"}`,
		apiSara:   `{"balance_cents":0,"class":"1A","kitchen":"sud","meals":0,"name":"S. C.","pan":"0042","price_cents":270,"school":"FGAA82002Q","weekdays":"LUN-MER"}`,
	} {
		if a := k.get("/api/v1/pupils/"+pan).want(t, 200, ""); text(a.json) != want {
			t.Errorf("got %s, want %s", text(a.json), want)
		}
	}
}

// The charge of a close is in the account at once; whoever was away, and whoever
// is exempt, has none.
func TestAPIAccount_isTheLedgerAfterAClose(t *testing.T) {
	k := newAPIKit(t)
	k.close(apiWednesday)
	thursday := apiWednesday.AddDays(1)
	k.at(thursday.At(8 * 60))
	k.say(apiGiulia, `{"kind":"absence","from":"2026-10-15"}`).want(t, 201, "")
	k.close(thursday)
	k.close(thursday.AddDays(1))
	a := k.get("/api/v1/pupils/"+apiGiulia+"/account").want(t, 200, "")
	entries := a.rows(t, "entries")
	if a.json["balance_cents"] != 2160.0 || len(entries) != 3 {
		t.Fatalf("got %s, want 21,60 € after an opening and two charges", a.body)
	}
	balance := 0.0
	for _, e := range entries {
		if balance += e["amount_cents"].(float64); e["balance_cents"] != balance {
			t.Errorf("got %v, want a balance of %v after it", e, balance)
		}
	}
	want := `{"amount_cents":-270,"balance_cents":2430,"day":"2026-10-14","id":"close/2026-10-14/FGEE82001P/100200307","kind":"charge"}`
	if text(entries[1]) != want {
		t.Errorf("got %s, want %s", text(entries[1]), want)
	}
	if part := k.get("/api/v1/pupils/"+apiGiulia+"/account?from=2026-10-15&to=2026-10-16").rows(t, "entries"); len(part) != 1 || part[0]["day"] != "2026-10-16" {
		t.Errorf("15 to 16 October: got %v, want the charge of the 16th", part)
	}
	if exempt := k.get("/api/v1/pupils/" + apiMarco + "/account"); len(exempt.rows(t, "entries")) != 0 || exempt.json["balance_cents"] != 0.0 {
		t.Errorf("exempt: got %s, want no movement", exempt.body)
	}
}

func TestAPICalendar_saysWhatIsOrderedAndWhatCanChange(t *testing.T) {
	k := newAPIKit(t)
	k.say(apiMarco, `{"kind":"white","from":"2026-10-15"}`).want(t, 201, "")
	k.close(apiWednesday)
	days := k.get("/api/v1/pupils/"+apiMarco+"/calendar?from=2026-10-13&to=2026-10-17").want(t, 200, "").rows(t, "days")
	for i, want := range []string{
		`{"can_change":false,"closure":null,"cutoff":"2026-10-13T09:30:00+02:00","day":"2026-10-13","diet":"G1","meal":"diet","price_cents":null,"receipt":null,"service":true,"state":"unattended"}`,
		`{"can_change":false,"closure":null,"cutoff":"2026-10-14T09:30:00+02:00","day":"2026-10-14","diet":"G1","meal":"diet","price_cents":0,"receipt":null,"service":true,"state":"closed"}`,
		`{"can_change":true,"closure":null,"cutoff":"2026-10-15T09:30:00+02:00","day":"2026-10-15","diet":"G1","meal":"white","price_cents":null,"receipt":{"number":"2026/000001","received_at":"2026-10-14T08:00:00+02:00"},"service":true,"state":"planned"}`,
		`{"can_change":true,"closure":null,"cutoff":"2026-10-16T09:30:00+02:00","day":"2026-10-16","diet":"G1","meal":"diet","price_cents":null,"receipt":null,"service":true,"state":"planned"}`,
		`{"can_change":false,"closure":{"kind":"weekday"},"cutoff":null,"day":"2026-10-17","diet":null,"meal":null,"price_cents":null,"receipt":null,"service":false,"state":"void"}`,
	} {
		if got := text(days[i]); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if all := k.get("/api/v1/pupils/"+apiMarco+"/calendar").rows(t, "days"); len(all) != 31 || all[0]["day"] != "2026-10-14" {
		t.Errorf("without a range: got %d days from %v, want 31 from today", len(all), all[0]["day"])
	}
}

func TestAPIMenu_isForEverybody(t *testing.T) {
	k := newAPIKit(t)
	get := func(query string) []map[string]any {
		t.Helper()
		return k.do(apiCall{method: "GET", path: "/api/v1/menu" + query}).want(t, 200, "").rows(t, "days")
	}
	if days := get(""); len(days) != 3 {
		t.Errorf("got %d, want Wednesday for three orders of school", len(days))
	}
	want := `{"day":"2026-10-21","dishes":[{"allergens":[1,9],"course":"primo","frozen":false,"name":"Pasta al pomodoro","traces":[]}],"stage":"primaria"}`
	if days := get("?from=2026-10-20&to=2026-10-22&stage=primaria"); len(days) != 1 || text(days[0]) != want {
		t.Errorf("got %s, want %s", text(days), want)
	}
	if days := get("?from=2026-12-16"); len(days) != 0 {
		t.Errorf("after the menu's end: got %v, want none", days)
	}
}
