package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"refettorio/store"
)

func TestChain_order(t *testing.T) {
	s := newTestServer(t)
	var names []string
	for _, l := range s.web.layers() {
		names = append(names, l.name)
	}
	want := "gate log recover headers bounds session cross-origin"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("layers are %q, outermost first; want %q", got, want)
	}
}

// TestChain_coversWhatTheRouterRefuses asks for what is not there: the headers
// and a page of ours come all the same.
func TestChain_coversWhatTheRouterRefuses(t *testing.T) {
	s := newTestServer(t)
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/nowhere", http.StatusNotFound, ""},
		{"DELETE", "/accedi", http.StatusMethodNotAllowed, "GET, HEAD, POST"},
		{"GET", "/api/v1/nowhere", http.StatusNotFound, ""},
		{"POST", "/api/v1/menu", http.StatusMethodNotAllowed, "GET, HEAD"},
		{"HEAD", "/", http.StatusOK, ""},
	} {
		p := s.stranger().do(c.method, c.path, nil)
		if p.status != c.status || p.header.Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, Allow %q; want %d, %q", c.method, c.path, p.status, p.header.Get("Allow"), c.status, c.allow)
		}
		if !strings.Contains(p.header.Get("Content-Security-Policy"), "default-src 'self'") || p.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: without security headers: %v", c.method, c.path, p.header)
		}
		if strings.HasPrefix(c.path, "/api/") && p.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: a program was answered with %s", c.method, c.path, p.header.Get("Content-Type"))
		}
	}
}

// TestChain_crossSitePostIsRefused posts as another site's page would.
func TestChain_crossSitePostIsRefused(t *testing.T) {
	s := newTestServer(t)
	for _, h := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://altrove.example.org"},
	} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://borgoluce.test/accedi",
			strings.NewReader(url.Values{"login": {testElena}, "password": {testPassword}}.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for k, v := range h {
			req.Header.Set(k, v)
		}
		rec := httptest.NewRecorder()
		s.web.ServeHTTP(rec, req)
		if rec.Code != http.StatusForbidden || len(rec.Result().Cookies()) > 0 {
			t.Errorf("post with %v: %d and %d cookies, want 403 and none", h, rec.Code, len(rec.Result().Cookies()))
		}
	}
}

func TestChain_panicIsAPageWithAReference(t *testing.T) {
	s := newTestServer(t)
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	rec := httptest.NewRecorder()
	st := &state{received: s.store.Now()}
	h := s.web.logRequest(s.web.recover(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("something private") })))
	h.ServeHTTP(rec, withState(req, st))
	if rec.Code != http.StatusInternalServerError || !strings.Contains(rec.Body.String(), st.reference()) {
		t.Errorf("a panic: %d, want 500 and the reference %q in the page", rec.Code, st.ref)
	}
	if strings.Contains(rec.Body.String(), "something private") {
		t.Error("the page tells what the panic said")
	}
	if !strings.Contains(s.log.String(), st.reference()) || !strings.Contains(s.log.String(), "something private") {
		t.Errorf("the log does not tell the panic under its reference: %s", s.log.String())
	}
}

// TestGate_stampsBeforeAnythingWaits holds a ticket while a request is answered
// and gives it back afterwards.
func TestGate_stampsBeforeAnythingWaits(t *testing.T) {
	s := newTestServer(t)
	var inside *store.Ticket
	h := s.web.gate(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { inside = stateOf(r).ticket }))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil))
	if inside == nil || !inside.Received.Equal(s.store.Now()) {
		t.Fatalf("a post went in with the ticket %+v, want one stamped %s", inside, s.store.Now())
	}
	s.store.Gate().Drain(t.Context(), s.store.Now(), 0)
	inside = nil
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if inside != nil {
		t.Error("a get took a ticket: a slow reader could hold the close")
	}
}
