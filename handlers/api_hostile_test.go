package handlers

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// text writes a decoded value, to compare two.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestAPI_everyAudienceIsHeld(t *testing.T) {
	k := newAPIKit(t)
	for _, row := range apiRoutes {
		path := strings.NewReplacer("{date}", "2026-10-14", "{pan}", apiGiulia).Replace(row.path)
		for token, status := range map[string]int{"": 401, "wrong": 401, "expired": 401, "family": 403, "kitchen": 403} {
			if row.audience.everybody || token != "" && row.audience.admits(tokenActor(k, token)) {
				continue
			}
			a := k.do(apiCall{method: row.method, path: path, token: token, body: map[bool]string{true: apiToday}[row.method == "POST"]})
			if a.status != status {
				t.Errorf("%s %s with token %q: got %d, want %d", row.method, path, token, a.status, status)
			}
			if got := a.header.Get("WWW-Authenticate"); (got == "Bearer") != (status == 401) {
				t.Errorf("%s %s with token %q: WWW-Authenticate is %q", row.method, path, token, got)
			}
		}
	}
	if day := k.get("/api/v1/days/2026-10-14"); day.json["absent"] != 0.0 {
		t.Errorf("a refused request left %s behind", day.body)
	}
}

func TestAPI_aRevokedTokenIsWorthNothing(t *testing.T) {
	k := newAPIKit(t)
	k.get("/api/v1/pupils/"+apiGiulia).want(t, 200, "")
	tokens, err := k.store.Tokens(consoleAct())
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range tokens {
		if token.Name == "voce" {
			if err := k.store.RevokeToken(consoleAct(), token.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	k.get("/api/v1/pupils/"+apiGiulia).want(t, 401, "error.token")
}

// Whoever guesses codes learns nothing from the way a guess is refused.
func TestAPI_anUnknownAndAnImpossiblePupilAreTheSame(t *testing.T) {
	k := newAPIKit(t)
	for _, pan := range []string{"7777", "042", "abc", "12345678901234567", "%20100200307", "-1", "100200307%00"} {
		for _, tail := range []string{"", "/account", "/calendar"} {
			k.get("/api/v1/pupils/"+pan+tail).want(t, 404, "error.pupil.notFound")
		}
		k.say(pan, apiToday).want(t, 404, "error.pupil.notFound")
	}
}

func TestAPI_wrongAddressesAndMethodsAreProblems(t *testing.T) {
	k := newAPIKit(t)
	for _, path := range []string{"/api/v1/", "/api/v2/days/2026-10-14", "/api/v1/days/2026-10-14/", "/api/v1/pupils"} {
		k.get(path).want(t, 404, "error.notFound")
	}
	for _, c := range []struct{ method, path, allow string }{
		{"POST", "/api/v1/days/2026-10-14", "GET, HEAD"},
		{"GET", "/api/v1/pupils/1/communications", "POST"},
		{"PUT", "/api/v1/pupils/1/communications/2026-10-14", "DELETE"},
	} {
		a := k.do(apiCall{method: c.method, path: c.path, token: "family"}).want(t, 405, "error.method")
		if got := a.header.Get("Allow"); got != c.allow {
			t.Errorf("%s %s: Allow is %q, want %q", c.method, c.path, got, c.allow)
		}
	}
}

func TestAPI_headIsGetWithoutABody(t *testing.T) {
	k := newAPIKit(t)
	for _, path := range []string{"/api/v1/days/2026-10-14", "/api/v1/menu", "/api/v1/openapi.yaml", "/api/v1/pupils/" + apiGiulia, "/api/v1/pupils/7777"} {
		get, head := k.get(path), k.do(apiCall{method: "HEAD", path: path, token: "family"})
		if head.status != get.status || head.header.Get("Content-Type") != get.header.Get("Content-Type") {
			t.Errorf("HEAD %s: got %d %q, want %d %q", path, head.status, head.header.Get("Content-Type"), get.status, get.header.Get("Content-Type"))
		}
	}
}

// encoding/json would take most of these, and cancel or not cancel a meal by
// accident.
func TestAPICommunicate_hostileJSONIsRefusedAndWritesNothing(t *testing.T) {
	k := newAPIKit(t)
	for _, c := range []struct{ body, code, field string }{
		{`{`, "error.api.json", ""},
		{`[]`, "error.api.json", ""},
		{`null`, "error.api.json", ""},
		{`"absence"`, "error.api.json", ""},
		{"\ufeff" + apiToday, "error.api.json", ""},
		{apiToday + `{}`, "error.api.json", ""},
		{apiToday + `x`, "error.api.json", ""},
		{`{"kind":"absence","from":"2026-10-14",}`, "error.api.json", ""},
		{`{"kind" "absence"}`, "error.api.json", ""},
		{`{kind:"absence"}`, "error.api.json", ""},
		{`{}`, "error.required", "kind"},
		{` { } `, "error.required", "kind"},
		{"", "error.api.json", ""},
		{" ", "error.api.json", ""},
		{`{"kind":"absence","from":"2026-10-14","\u0066rom":"2026-10-15"}`, "error.api.twice", "from"},
		{`{"kind":"absence","from":"2026-10-14\u0000"}`, "error.api.date", "from"},
		{`{"kind":"absence\"","from":"2026-10-14"}`, "error.communication.kind", "kind"},
		{`{"kind":"absence"}`, "error.required", "from"},
		{`{"kind":"","from":"2026-10-14"}`, "error.required", "kind"},
		{`{"kind":"absence","from":"2026-10-14","to":""}`, "error.required", "to"},
		{`{"kind":"white","from":"2026-10-14","kind":"absence"}`, "error.api.twice", "kind"},
		{`{"kind":"absence","from":"2026-10-14","pan":"1"}`, "error.api.field", "pan"},
		{`{"Kind":"absence","from":"2026-10-14"}`, "error.api.field", "Kind"},
		{`{"kind":"absence","FROM":"2026-10-14"}`, "error.api.field", "FROM"},
		{`{"kind":"Absence","from":"2026-10-14"}`, "error.communication.kind", "kind"},
		{`{"kind":1,"from":"2026-10-14"}`, "error.api.text", "kind"},
		{`{"kind":["absence"],"from":"2026-10-14"}`, "error.api.text", "kind"},
		{`{"kind":"absence","from":{"day":"2026-10-14"}}`, "error.api.text", "from"},
		{`{"kind":"absence","from":"2026-10-14","to":null}`, "error.api.text", "to"},
		{`{"kind":"absence","from":"14/10/2026"}`, "error.api.date", "from"},
		{`{"kind":"absence","from":" 2026-10-14"}`, "error.api.date", "from"},
		{`{"kind":"absence","from":"2026-02-30"}`, "error.api.date", "from"},
		{`{"kind":"absence","from":"2026-10-14T00:00:00Z"}`, "error.api.date", "from"},
		{`{"kind":"absence","from":"2026-10-15","to":"2026-10-14"}`, "error.communication.range", "to"},
		{`{"kind":"absence","from":"2026-10-14","to":"2028-10-14"}`, "error.communication.long", "to"},
	} {
		a := k.say(apiGiulia, c.body)
		if field, _ := a.json["field"].(string); a.status != 422 || a.json["code"] != c.code || field != c.field {
			t.Errorf("%s: got %d %v field %q, want 422 %s field %q", c.body, a.status, a.json["code"], field, c.code, c.field)
		}
	}
	if day := k.get("/api/v1/days/2026-10-14"); day.json["absent"] != 0.0 || day.json["white"] != 0.0 {
		t.Errorf("a refused body left %s behind", day.body)
	}
}

func TestAPICommunicate_bodiesAreBoundedAndJSON(t *testing.T) {
	k := newAPIKit(t)
	pad := func(n int) string { return apiToday + strings.Repeat(" ", n-len(apiToday)) }
	k.say(apiGiulia, pad(64<<10+1)).want(t, 413, "error.api.tooLarge")
	k.say(apiGiulia, `{"x":"`+strings.Repeat("x", 100<<10)+`"}`).want(t, 413, "error.api.tooLarge")
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", ";"} {
		k.say(apiGiulia, apiToday, "Content-Type", kind).want(t, 415, "error.api.contentType")
	}
	k.say(apiGiulia, pad(64<<10)).want(t, 201, "")
	k.say(apiGiulia, apiToday, "Content-Type", "application/json; charset=utf-8").want(t, 200, "")
}

func TestAPIReads_badQueriesNameTheParameter(t *testing.T) {
	k := newAPIKit(t)
	for path, field := range map[string]string{
		"/api/v1/days/oggi":       "date",
		"/api/v1/days/14-10-2026": "date",
		"/api/v1/pupils/" + apiGiulia + "/account?from=2026-13-01":                "from",
		"/api/v1/pupils/" + apiGiulia + "/account?to=1999-01-01":                  "to",
		"/api/v1/pupils/" + apiGiulia + "/calendar?from=":                         "from",
		"/api/v1/pupils/" + apiGiulia + "/calendar?from=2026-09-01&to=2027-09-02": "to",
		"/api/v1/menu?stage=liceo":                                                "stage",
		"/api/v1/menu?from=2199-12-31":                                            "",
		"/api/v1/menu?to=2027-10-14":                                              "to",
		"/api/v1/sheets/ieri":                                                     "date",
		"/api/v1/sheets/2026-10-14?version=0":                                     "version",
		"/api/v1/sheets/2026-10-14?version=-1":                                    "version",
		"/api/v1/sheets/2026-10-14?version=99999":                                 "version",
		"/api/v1/sheets/2026-10-14?forecast=si":                                   "forecast",
	} {
		token := "family"
		if strings.Contains(path, "/sheets/") {
			token = "kitchen"
		}
		a := k.do(apiCall{method: "GET", path: path, token: token})
		if field == "" {
			a.want(t, http.StatusOK, "")
		} else if a.want(t, http.StatusUnprocessableEntity, ""); a.json["field"] != field {
			t.Errorf("%s: got field %v, want %s", path, a.json["field"], field)
		}
	}
}

// Every refusal has its sentence: a key nobody wrote down would be shown to a
// parent as it is.
func TestErrorKeys_haveASentence(t *testing.T) {
	k := newAPIKit(t)
	key := regexp.MustCompile(`"((?:error|warning)\.[A-Za-z]+(?:\.[A-Za-z]+)*)"`)
	seen := map[string]bool{}
	for _, folder := range []string{"canteen", "store", "intake", "handlers"} {
		err := fs.WalkDir(os.DirFS("../"+folder), ".", func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := fs.ReadFile(os.DirFS("../"+folder), path)
			for _, found := range key.FindAllStringSubmatch(string(source), -1) {
				seen[found[1]] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var missing []string
	for found := range seen {
		if !k.server.catalog.Has(found) {
			missing = append(missing, found)
		}
	}
	slices.Sort(missing)
	if len(seen) < 50 || len(missing) > 0 {
		t.Errorf("of %d keys these have no sentence: %s", len(seen), strings.Join(missing, " "))
	}
}

// Whatever is accepted means the same to encoding/json, and nothing panics.
func FuzzReadFields(f *testing.F) {
	for _, body := range []string{apiToday, ` { "kind" : "wh\u0069te" , "to":"" } `, `{}`, `{"from":"\\\""}`, `{"kind":"a","kind":"b"}`, `{"a":1}`, "\x00", `{"to":"\ud800"}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		fields, err := readFields(httptest.NewRecorder(), r, "kind", "from", "to")
		if err != nil {
			return
		}
		var want map[string]string
		if err := json.Unmarshal([]byte(body), &want); err != nil {
			t.Fatalf("%q was accepted: %v", body, err)
		}
		for name, value := range fields {
			if utf8.ValidString(value) && value != want[name] { // encoding/json mends bad UTF-8, which no value of ours has
				t.Errorf("%q: got %q for %s, want %q", body, value, name, want[name])
			}
		}
		if len(fields) != len(want) {
			t.Errorf("%q: got %v, want %v", body, fields, want)
		}
	})
}
