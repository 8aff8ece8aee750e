package signin

import (
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

// TestProvider_downAtStart: a provider that is down costs a clear word, not the
// service, and is found when it is back.
func TestProvider_downAtStart(t *testing.T) {
	f := newFake(t)
	f.Down = true
	p := newProvider(t, f.Settings("spid", ""))
	now := time.Now()
	p.now = func() time.Time { return now }
	if _, _, err := p.Begin(t.Context(), callback); canteen.KindOf(err) != canteen.KindUnavailable {
		t.Fatalf("Begin with the provider down: %v, want KindUnavailable", err)
	}
	f.Down = false
	if _, _, err := p.Begin(t.Context(), callback); canteen.KindOf(err) != canteen.KindUnavailable {
		t.Errorf("asked again at once: %v, want to be left alone for %s", err, retryAfter)
	}
	now = now.Add(retryAfter)
	if _, _, err := p.Begin(t.Context(), callback); err != nil {
		t.Errorf("back after %s: %v", retryAfter, err)
	}
	f.Down, now = true, now.Add(discoverAgain)
	if _, _, err := p.Begin(t.Context(), callback); err != nil {
		t.Errorf("down again later: %v, want the old answer to serve on", err)
	}
}

func TestProvider_logout(t *testing.T) {
	f := newFake(t)
	p := newProvider(t, f.Settings("spid", ""))
	if got := p.LogoutURL("https://servizi.example.it/"); got != "" {
		t.Errorf("logout before anybody came in: %q, want none", got)
	}
	if _, err := login(t, p); err != nil {
		t.Fatal(err)
	}
	if got := p.LogoutURL("https://servizi.example.it/"); got != "" || p.LogoutOrigin() != "" {
		t.Errorf("logout at a provider without one: %q, want none", got)
	}
	f.Logout = true
	p = newProvider(t, f.Settings("spid", ""))
	if _, err := login(t, p); err != nil {
		t.Fatal(err)
	}
	want := f.Server.URL + "/logout?client_id=refettorio&post_logout_redirect_uri=https%3A%2F%2Fservizi.example.it%2F"
	if got := p.LogoutURL("https://servizi.example.it/"); got != want || p.LogoutOrigin() != f.Server.URL {
		t.Errorf("logout: got %q from %q, want %q", got, p.LogoutOrigin(), want)
	}
}

// TestNew_refusesIncompleteSettings names each thing that is wrong.
func TestNew_refusesIncompleteSettings(t *testing.T) {
	whole := Settings{Name: "spid", Label: "Entra con SPID", Issuer: "https://gateway.example", ClientID: "c", Secret: "s"}
	if _, err := New(whole, Options{}); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Settings){
		"name":          func(s *Settings) { s.Name = "Spid!" },
		"issuer":        func(s *Settings) { s.Issuer = "http://gateway.example" },
		"client_id":     func(s *Settings) { s.ClientID = "" },
		"label":         func(s *Settings) { s.Label = "" },
		"client_secret": func(s *Settings) { s.Secret = "" },
		"client_key":    func(s *Settings) { s.Auth, s.Key = "private_key_jwt", "not a key" },
		"auth":          func(s *Settings) { s.Auth = "none" },
		"preset":        func(s *Settings) { s.Preset = "another" },
		"scope":         func(s *Settings) { s.Scope = "profile" },
	} {
		s := whole
		spoil(&s)
		if _, err := New(s, Options{}); err == nil || !strings.Contains(err.Error(), want+":") {
			t.Errorf("New with a wrong %s: %v, want its name", want, err)
		}
	}
}
