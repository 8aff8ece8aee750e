package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"refettorio/handlers/render"
	"refettorio/store"
)

// sessionCookie is the value of a browser's session, empty when it has none.
func (b *browser) sessionCookie() string {
	for _, c := range b.jar.Cookies(&url.URL{Scheme: "http", Host: "borgoluce.test", Path: "/"}) {
		if c.Name == "session" {
			return c.Value
		}
	}
	return ""
}

// in tells whether a browser is logged in as a family.
func (b *browser) in() bool {
	b.s.t.Helper()
	return b.get("/famiglia").status == http.StatusOK
}

// TestSession_endsWhenItMust is the table of reliability.md R9.
func TestSession_endsWhenItMust(t *testing.T) {
	for name, end := range map[string]func(*testServer, *browser){
		"logout":          func(_ *testServer, b *browser) { b.post("/esci", nil) },
		"disabled":        func(s *testServer, _ *browser) { s.change("disable", func(u *store.User) { u.Disabled = true }) },
		"password change": func(s *testServer, _ *browser) { s.change("reset", func(u *store.User) { u.Hash += "x" }) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestServer(t)
			b := s.browser(testElena)
			if !b.in() {
				t.Fatal("not in after the login")
			}
			value := b.sessionCookie()
			end(s, b)
			old := s.stranger()
			old.jar.SetCookies(&url.URL{Scheme: "http", Host: "borgoluce.test", Path: "/"}, []*http.Cookie{{Name: "session", Value: value, Path: "/"}})
			if b.in() || old.in() {
				t.Errorf("still in after %s (browser %t, kept cookie %t)", name, b.in(), old.in())
			}
		})
	}
}

func (s *testServer) change(what string, change func(*store.User)) {
	s.t.Helper()
	if err := s.store.ChangeUser(store.Console(), testElena, what, change); err != nil {
		s.t.Fatal(err)
	}
}

func TestSession_otherBrowserStays(t *testing.T) {
	s := newTestServer(t)
	phone, library := s.browser(testElena), s.browser(testElena)
	library.post("/esci", nil)
	if !phone.in() || library.in() {
		t.Errorf("after leaving at the library: phone in %t, library in %t; want true, false", phone.in(), library.in())
	}
}

// TestSession_plantedTokenIsWorthNothing lets an attacker plant a session before
// the login: the login begins another.
func TestSession_plantedTokenIsWorthNothing(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testElena)
	planted := b.sessionCookie()
	b.post("/accedi", url.Values{"login": {testPaolo}, "password": {testPassword}})
	if b.sessionCookie() == planted || b.sessionCookie() == "" {
		t.Errorf("the session is still %q after a new login", planted)
	}
	thief := s.stranger()
	thief.jar.SetCookies(&url.URL{Scheme: "http", Host: "borgoluce.test", Path: "/"}, []*http.Cookie{{Name: "session", Value: planted, Path: "/"}})
	if thief.in() {
		t.Error("the planted session is logged in")
	}
}

func TestSession_cookieFlags(t *testing.T) {
	s := newTestServer(t)
	web, err := New(Options{Store: s.store, Log: s.web.log, Secure: true, Town: render.Town{Name: "Prova"}})
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://borgoluce.test/accedi",
		strings.NewReader(url.Values{"login": {testElena}, "password": {testPassword}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	web.ServeHTTP(rec, req)
	cookies := rec.Result().Cookies()
	names := map[string]bool{}
	for _, c := range cookies {
		names[c.Name] = true
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("a cookie of the login is %+v", c)
		}
	}
	if len(names) != 2 || !names["__Host-session"] || !names["__Host-device"] {
		t.Errorf("the cookies after a login are %v, want those of the session and of the browser", names)
	}
	if rec.Header().Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security over TLS")
	}
}

// TestLogin_refusals: a wrong password and an unknown login are answered alike,
// many tries are slowed down, and the way back leads only into our own pages.
func TestLogin_refusals(t *testing.T) {
	s := newTestServer(t)
	try := func(login, password, next string) *page {
		return s.stranger().post("/accedi", url.Values{"login": {login}, "password": {password}, "next": {next}})
	}
	wrong, unknown := try(testElena, "sbagliata", ""), try("nessuno", "sbagliata", "")
	if wrong.status != http.StatusUnprocessableEntity || unknown.status != http.StatusUnprocessableEntity {
		t.Errorf("wrong password %d, unknown login %d; want 422 both", wrong.status, unknown.status)
	}
	if strings.ReplaceAll(wrong.text(), testElena, "") != strings.ReplaceAll(unknown.text(), "nessuno", "") {
		t.Error("the page tells which logins exist")
	}
	for _, next := range []string{"//altrove.example.org/", "https://altrove.example.org/", `/\altrove.example.org`, "javascript:alert(1)",
		"/\t/altrove.example.org", "/famiglia\r\nSet-Cookie: session=x", "/\x00/altrove.example.org"} {
		if to := try(testElena, testPassword, next).header.Get("Location"); to != "/famiglia" {
			t.Errorf("login with next=%q leads to %q, want /famiglia", next, to)
		}
	}
	for range loginBurst {
		try(testUgo, "sbagliata", "")
	}
	if got := try(testUgo, testPassword, "").status; got != http.StatusTooManyRequests {
		t.Errorf("the right password after %d wrong ones: %d, want 429", loginBurst, got)
	}
	if got := try(testPaolo, testPassword, "").status; got != http.StatusSeeOther {
		t.Errorf("another login meanwhile: %d, want 303", got)
	}
}
