package handlers

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkFamilyHome is the page most people open (goal P8): "whole" through
// the chain, with session, record and template; "bare" is a server that does
// nothing but render the same page from a struct it has at hand.
func BenchmarkFamilyHome(b *testing.B) {
	s := newTestServer(b)
	ada := s.browser(testAda)
	request := func() *http.Request {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://borgoluce.test/famiglia", nil)
		r.Header.Set("Accept-Language", "it")
		for _, c := range ada.jar.Cookies(r.URL) {
			r.AddCookie(c)
		}
		return r
	}
	var page FamilyHomePage
	capture := s.web.gate(s.web.session(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var err error
		if page, err = s.web.familyHomePage(r); err != nil {
			b.Fatal(err)
		}
	})))
	capture.ServeHTTP(httptest.NewRecorder(), request())
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := s.web.engine.Render(w, "it", "family/home", page); err != nil {
			b.Error(err)
		}
	})
	for _, way := range []struct {
		name    string
		handler http.Handler
	}{{"whole", s.web}, {"bare", bare}} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rec := httptest.NewRecorder()
				way.handler.ServeHTTP(rec, request())
				if rec.Code != http.StatusOK {
					b.Fatalf("status %d", rec.Code)
				}
			}
		})
	}
}
