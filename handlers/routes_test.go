package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"refettorio/canteen"
	"refettorio/store"
)

// everyRole gives the test town a login for each role it lacks.
func (s *testServer) everyRole() map[canteen.Role]*browser {
	s.t.Helper()
	u, err := s.store.User(testOffice)
	if err != nil {
		s.t.Fatal(err)
	}
	logins := map[canteen.Role]string{canteen.RoleGuardian: testUgo, canteen.RoleOffice: testOffice, canteen.RoleKitchen: testKitchen}
	for _, role := range canteen.Roles {
		if logins[role] != "" {
			continue
		}
		logins[role] = "prova-" + string(role)
		user := store.User{Login: logins[role], Name: "P. " + string(role), Role: role, Hash: u.Hash}
		if role == canteen.RoleSchool || role == canteen.RoleRefectory {
			user.Schools = []string{testArcobaleno}
		}
		person := canteen.CodiceFiscale("")
		if role == canteen.RoleDelegate {
			person = "SLTNSI84E45D643X" // Ines, whom nobody has granted anything yet
		}
		if err := s.store.AddUser(store.Console(), user, person); err != nil {
			s.t.Fatal(err)
		}
	}
	browsers := map[canteen.Role]*browser{}
	for role, login := range logins {
		browsers[role] = s.browser(login)
	}
	return browsers
}

// exampleVariables fills further variables of paths. Those that stand for
// somebody's object name one that nobody has; each area's tests walk its own.
var exampleVariables = map[string]string{
	"persona": "aaaaaaaaaaaaaaaa", "domanda": "aaaaaaaaaaaaaaaa", "dieta": "aaaaaaaaaaaaaaaa",
	"appuntamento": "aaaaaaaaaaaaaaaa", "invito": "aaaaaaaaaaaaaaaa", "sessione": "aaaaaaaaaaaaaaaa",
	"delegato": "aaaaaaaaaaaaaaaa", "login": "nessuno", "token": "00000000", "classe": "RODARI-2A", "fornitore": "spid",
	"passo": "alunno", "documento": "aaaaaaaaaaaaaaaa",
}

// example fills the variables of a route's path with objects that exist, those
// of a pupil with somebody else's child than Ugo's.
func (s *testServer) example(row route) string {
	s.t.Helper()
	path := row.path
	for name, value := range exampleVariables {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	for name, value := range map[string]string{
		"pupil": s.handle("Giulia"), "handle": s.handle("Giulia"), "pan": testPupils["Giulia"],
		"day": testDay.String(), "date": testDay.String(), "lang": "it", "page": "privacy",
		"year": "2026", "number": "1", "kitchen": "nord", "code": "G1", "format": "csv", "month": "2026-10", "receipt": "2026-000001", "once": "abcdefgh",
	} {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
		if before, rest, found := strings.Cut(path, "{"+name+":"); found {
			_, after, _ := strings.Cut(rest, "}")
			path = before + value + after
		}
	}
	if strings.Contains(path, "{") {
		s.t.Fatalf("route %s: no example for a variable of %s", row.name, row.path)
	}
	return path
}

// TestRoutes_everyRoleEverywhere walks every route with every role: who is not
// in its audience gets 403 (or the login page), and who is in it but is not the
// child's guardian gets nothing of the child.
func TestRoutes_everyRoleEverywhere(t *testing.T) {
	s := newTestServer(t)
	browsers := s.everyRole()
	s.web.HangUp() // live pages would not end by themselves
	for _, row := range Routes() {
		if row.name == "logout" || row.name == "login.submit" {
			continue // they end or begin the session the walk needs; session_test.go has them
		}
		path := s.example(row)
		if row.audience.forAPI() {
			continue // TestRoutes_tokens
		}
		for role, b := range browsers {
			p := b.do(row.method, path, url.Values{})
			admitted := row.audience.everybody || slices.Contains(row.audience.roles, role)
			if refused := p.status == http.StatusForbidden; refused == admitted {
				t.Errorf("%s %s as %s: status %d, admitted %t", row.method, path, role, p.status, admitted)
			}
			if p.status >= http.StatusInternalServerError {
				t.Errorf("%s %s as %s: status %d", row.method, path, role, p.status)
			}
			if role == canteen.RoleGuardian && strings.Contains(p.body, "Giulia") {
				t.Errorf("%s %s: another family reads of Giulia", row.method, path)
			}
		}
		p := s.stranger().do(row.method, path, url.Values{})
		if toLogin := p.status == http.StatusSeeOther && strings.HasPrefix(p.header.Get("Location"), "/accedi"); toLogin == row.audience.everybody {
			t.Errorf("%s %s as nobody: status %d to %q, public %t", row.method, path, p.status, p.header.Get("Location"), row.audience.everybody)
		}
	}
}

// TestRoutes_tokens walks the API with no token, with each scope and with a
// session instead of a token.
func TestRoutes_tokens(t *testing.T) {
	s := newTestServer(t)
	secrets := map[string]string{}
	for _, scope := range store.Scopes {
		secret, err := s.store.AddToken(store.Console(), store.Token{Name: scope, Scopes: []string{scope}})
		if err != nil {
			t.Fatal(err)
		}
		secrets[scope] = secret
	}
	elena := s.browser(testElena)
	ask := func(row route, secret string) int {
		req := httptest.NewRequestWithContext(t.Context(), row.method, s.example(row), strings.NewReader(""))
		if secret != "" {
			req.Header.Set("Authorization", "Bearer "+secret)
		}
		rec := httptest.NewRecorder()
		s.web.ServeHTTP(rec, req)
		return rec.Code
	}
	for _, row := range apiRoutes {
		if row.audience.everybody {
			continue
		}
		if got := ask(row, ""); got != http.StatusUnauthorized {
			t.Errorf("%s without a token: %d, want 401", row.name, got)
		}
		if got := ask(row, "rft_invented"); got != http.StatusUnauthorized {
			t.Errorf("%s with an invented token: %d, want 401", row.name, got)
		}
		if got := elena.do(row.method, s.example(row), nil).status; got != http.StatusUnauthorized {
			t.Errorf("%s with a session: %d, want 401", row.name, got)
		}
		for scope, secret := range secrets {
			got, admitted := ask(row, secret), row.audience.scope == "" || row.audience.scope == scope
			if refused := got == http.StatusForbidden; refused == admitted {
				t.Errorf("%s with scope %s: %d, admitted %t", row.name, scope, got, admitted)
			}
		}
	}
}

// TestRoutes_noneIsOutsideTheTable holds the router's own list against the
// table: nothing is registered beside it.
func TestRoutes_noneIsOutsideTheTable(t *testing.T) {
	s := newTestServer(t)
	known := map[string]bool{"static": true}
	for _, row := range Routes() {
		known[row.name] = true
	}
	for _, router := range []*mux.Router{s.web.router, s.web.programs} {
		err := router.Walk(func(r *mux.Route, _ *mux.Router, _ []*mux.Route) error {
			if !known[r.GetName()] {
				path, _ := r.GetPathTemplate()
				t.Errorf("%s (%s) is not in the table of routes", path, r.GetName())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestRoutes_variablesAreNamedOnce: of two variables with one name the router
// gives the last, so that a desk user would act for another person than the one
// in the address.
func TestRoutes_variablesAreNamedOnce(t *testing.T) {
	for _, row := range Routes() {
		seen := map[string]bool{}
		for _, part := range strings.Split(row.path, "{")[1:] {
			name, _, _ := strings.Cut(strings.TrimSuffix(part, "}"), "}")
			name, _, _ = strings.Cut(name, ":")
			if seen[name] {
				t.Errorf("%s: {%s} is in %s twice", row.name, name, row.path)
			}
			seen[name] = true
		}
	}
}

func TestRoutes_withoutAudienceStopTheStart(t *testing.T) {
	s := newTestServer(t)
	kept := publicRoutes
	defer func() { publicRoutes = kept }()
	publicRoutes = append(slices.Clone(kept), route{method: "GET", path: "/forgotten", name: "forgotten", do: (*Server).home})
	if _, err := New(Options{Store: s.store, Log: s.web.log}); err == nil || !strings.Contains(err.Error(), "/forgotten") {
		t.Errorf("New with a route for nobody: %v, want its path", err)
	}
}
