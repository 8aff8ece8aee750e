package handlers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// apiKit is a small town behind the whole server with the real store. Every
// answer it gets is held against the API's own description.
type apiKit struct {
	t      testing.TB
	clock  atomic.Pointer[time.Time]
	store  *store.Store
	server *Server
	http   *httptest.Server
	doc    *apiDocument
}

// The town: two kitchens, a school of each, three children.
const (
	apiRodari     = "FGEE82001P" // of the kitchen "nord"
	apiArcobaleno = "FGAA82002Q" // of the kitchen "sud", Mondays and Wednesdays
	apiGiulia     = "100200307"  // 3B Rodari, 27,00 €
	apiMarco      = "100200315"  // 3B Rodari, diet G1, exempt
	apiSara       = "0042"       // 1A Arcobaleno; a code of the old system
)

// apiWednesday is an ordinary service day; the town's clock stands at 8:00 of it.
var apiWednesday = canteen.NewDate(2026, 10, 14)

func newAPIKit(t testing.TB) *apiKit {
	t.Helper()
	k := &apiKit{t: t}
	k.at(apiWednesday.At(8 * 60))
	var err error
	k.store, err = store.Open(filepath.Join(t.TempDir(), "town.db"), store.Options{Now: func() time.Time { return *k.clock.Load() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		report, err := k.store.Check(store.Console(), nil)
		if err != nil || !report.OK {
			t.Errorf("check: %v %v", err, report.Problems)
		}
		if err := k.store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	k.fill()
	if k.server, err = New(Options{Store: k.store, Log: slog.New(slog.DiscardHandler), engine: theEngine.Load()}); err != nil {
		t.Fatal(err)
	}
	k.http = httptest.NewServer(k.server)
	t.Cleanup(k.http.Close)
	return k
}

func (k *apiKit) at(now time.Time) { k.clock.Store(&now) }

func (k *apiKit) fill() {
	k.t.Helper()
	act, opt := store.Console(), store.ImportOptions{}
	taken := func(report canteen.ImportReport, err error) {
		k.t.Helper()
		if err != nil || !report.Written {
			k.t.Fatalf("import: %v %+v", err, report.Rows)
		}
	}
	taken(k.store.ImportSchools(act, []canteen.SchoolRow{
		{Line: 2, Code: apiRodari, Name: "Primaria Rodari", Stage: canteen.StagePrimaria, Institute: "IC Pascoli", Kitchen: "Nord"},
		{Line: 3, Code: apiArcobaleno, Name: "Infanzia Arcobaleno", Stage: canteen.StageInfanzia, Institute: "IC Pascoli", Kitchen: "Sud"},
	}, opt))
	monWed, err := canteen.ParseWeekdays("LUN-MER")
	if err != nil {
		k.t.Fatal(err)
	}
	taken(k.store.ImportClasses(act, []canteen.ClassRow{
		{Line: 2, School: apiRodari, Grade: "3", Section: "B", Weekdays: canteen.MonToFri, Staff: 1},
		{Line: 3, School: apiArcobaleno, Grade: "1", Section: "A", Weekdays: monWed},
	}, opt))
	taken(k.store.ImportPupils(act, []canteen.PupilRow{
		{Line: 2, Pupil: canteen.Pupil{PAN: apiPAN(k.t, apiGiulia), Name: "Giulia", Surname: "Rinaldi", Born: canteen.NewDate(2018, 3, 4)}, School: apiRodari, Grade: "3", Section: "B"},
		{Line: 3, Pupil: canteen.Pupil{PAN: apiPAN(k.t, apiMarco), Name: "Marco", Surname: "Élia", Born: canteen.NewDate(2018, 5, 6)}, School: apiRodari, Grade: "3", Section: "B",
			Diet: canteen.Diet{Code: "G1", Name: "Senza glutine"}, Band: canteen.BandExempt},
		{Line: 4, Pupil: canteen.Pupil{PAN: apiPAN(k.t, apiSara), Name: "Sara", Surname: "Conti", Born: canteen.NewDate(2022, 7, 8)}, School: apiArcobaleno, Grade: "1", Section: "A"},
	}, opt))
	taken(k.store.ImportBalances(act, []canteen.BalanceRow{{Line: 2, PAN: apiPAN(k.t, apiGiulia), Balance: 27_00}}, opt))
	taken(k.store.ImportMenus(act, []canteen.MenuRow{
		{Line: 2, Season: "autunno", From: canteen.NewDate(2026, 10, 1), To: canteen.NewDate(2026, 11, 30), Week: 1, Weekday: time.Wednesday,
			Dish: canteen.Dish{Course: canteen.CourseFirst, Name: "Pasta al pomodoro", Allergens: []int{1, 9}}},
	}, opt))
	for secret, token := range map[string]store.Token{
		"family":  {Name: "voce", Scopes: []string{store.ScopeFamilyGateway}},
		"kitchen": {Name: "cucina", Scopes: []string{store.ScopeKitchen}},
		"expired": {Name: "vecchio", Scopes: store.Scopes, Expires: apiWednesday.At(7 * 60)},
	} {
		if _, err := k.store.AddTokenSecret(act, token, secret); err != nil {
			k.t.Fatal(err)
		}
	}
}

func apiPAN(t testing.TB, text string) canteen.PAN {
	t.Helper()
	pan, err := canteen.ParsePAN(text)
	if err != nil {
		t.Fatal(err)
	}
	return pan
}

// apiAnswer is an answer with its body as it came and as JSON.
type apiAnswer struct {
	status int
	header http.Header
	body   string
	json   map[string]any
}

// apiCall is a request; the zero token is none.
type apiCall struct {
	method, path, token, body string
	header                    map[string]string
}

// do sends a request and holds the answer against the description.
func (k *apiKit) do(c apiCall) apiAnswer {
	k.t.Helper()
	req, err := http.NewRequestWithContext(k.t.Context(), c.method, k.http.URL+c.path, bytes.NewBufferString(c.body))
	if err != nil {
		k.t.Fatal(err)
	}
	if c.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for name, value := range c.header {
		req.Header.Set(name, value)
	}
	res, err := k.http.Client().Do(req)
	if err != nil {
		k.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		k.t.Fatal(err)
	}
	a := apiAnswer{status: res.StatusCode, header: res.Header, body: string(body)}
	if c.method == http.MethodHead {
		if a.body != "" {
			k.t.Errorf("HEAD %s: got a body %q, want none", c.path, a.body)
		}
		return a
	}
	if isJSON(res.Header.Get("Content-Type")) {
		if err := json.Unmarshal(body, &a.json); err != nil {
			k.t.Fatalf("%s %s: the answer is not a JSON object: %v\n%s", c.method, c.path, err, body)
		}
	}
	if k.doc == nil {
		k.doc = readAPIDocument(k.t)
	}
	for _, problem := range k.doc.judge(c.method, req.URL.Path, a) {
		k.t.Errorf("%s %s: %d: %s\n%s", c.method, c.path, a.status, problem, a.body)
	}
	return a
}

// get, say and revoke are the commonest requests, with the right token.
func (k *apiKit) get(path string) apiAnswer {
	k.t.Helper()
	return k.do(apiCall{method: "GET", path: path, token: "family"})
}

func (k *apiKit) say(pan, body string, header ...string) apiAnswer {
	k.t.Helper()
	c := apiCall{method: "POST", path: "/api/v1/pupils/" + pan + "/communications", token: "family", body: body, header: map[string]string{}}
	for i := 0; i+1 < len(header); i += 2 {
		c.header[header[i]] = header[i+1]
	}
	return k.do(c)
}

func (k *apiKit) revoke(pan, date string) apiAnswer {
	k.t.Helper()
	return k.do(apiCall{method: "DELETE", path: "/api/v1/pupils/" + pan + "/communications/" + date, token: "family"})
}

// want stops the test unless the answer has a status and, when given, a code.
func (a apiAnswer) want(t testing.TB, status int, code string) apiAnswer {
	t.Helper()
	if got, _ := a.json["code"].(string); a.status != status || code != "" && got != code {
		t.Fatalf("got %d %q, want %d %q\n%s", a.status, got, status, code, a.body)
	}
	return a
}

// rows returns a list of objects in an answer.
func (a apiAnswer) rows(t testing.TB, name string) []map[string]any {
	t.Helper()
	list, ok := a.json[name].([]any)
	if !ok {
		t.Fatalf("no list %q in %s", name, a.body)
	}
	rows := make([]map[string]any, len(list))
	for i := range list {
		rows[i] = list[i].(map[string]any)
	}
	return rows
}

// close closes the day of the clock's date as the scheduler would, at 9:31.
func (k *apiKit) close(day canteen.Date) {
	k.t.Helper()
	k.at(day.At(9*60 + 31))
	if _, err := k.store.CloseDue(k.t.Context(), store.Job()); err != nil {
		k.t.Fatal(err)
	}
}
