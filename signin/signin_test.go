package signin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"refettorio/canteen"
)

const (
	elena    = "RNLLNE85A41D643O"
	callback = "https://servizi.example.it/accedi/spid/ritorno"
)

func newFake(t *testing.T) *Fake {
	t.Helper()
	f, err := NewFake()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Server.Close)
	f.Person = map[string]any{"fiscal_number": "TINIT-" + elena, "given_name": "Elena", "family_name": "Rinaldi"}
	return f
}

func newProvider(t *testing.T, s Settings) *Provider {
	t.Helper()
	p, err := New(s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// visit goes to the provider as a browser does and returns the query with which
// it comes back.
func visit(t *testing.T, p *Provider) (Ticket, url.Values) {
	t.Helper()
	ticket, to, err := p.Begin(t.Context(), callback)
	if err != nil {
		t.Fatal(err)
	}
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := browser.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	back, err := res.Location()
	if err != nil {
		t.Fatalf("the provider answers %s: %v", res.Status, err)
	}
	if !strings.HasPrefix(back.String(), callback+"?") {
		t.Fatalf("the provider sends the browser to %s", back)
	}
	return ticket, back.Query()
}

func login(t *testing.T, p *Provider) (Identity, error) {
	t.Helper()
	ticket, query := visit(t, p)
	return p.Finish(t.Context(), ticket, query)
}

// TestFinish_theFourGateways logs the same person in through providers that
// behave as the rows of rules §1 (R1.1, R1.3, R1.4).
func TestFinish_theFourGateways(t *testing.T) {
	for name, gateway := range map[string]struct {
		preset string
		shape  func(*Fake)
		scope  string
	}{
		"iam-proxy-italia: claims in the userinfo only": {"iam-proxy-italia", func(f *Fake) { f.InToken = false }, "openid profile email"},
		"oneidentity: claims in an ID token of 60 s, userinfo a signed JWT": {"oneidentity", func(f *Fake) {
			f.Scope, f.Signed, f.InInfo, f.Life = "openid", true, false, time.Minute
			f.Person = map[string]any{"fiscalNumber": "tinit-" + strings.ToLower(elena), "name": "Elena", "familyName": "Rinaldi"}
		}, "openid"},
		"keycloak: attributes as lists, in both": {"keycloak", func(f *Fake) {
			f.Logout = true
			f.Person = map[string]any{"fiscalNumber": []string{elena}, "given_name": "Elena", "family_name": "Rinaldi"}
		}, "openid profile email"},
		"SPID names passed through, in a signed userinfo": {"generic", func(f *Fake) {
			f.InToken, f.Signed = false, true
			f.Person = map[string]any{"https://attributes.eid.gov.it/fiscal_number": "TINIT-" + elena, "given_name": "Elena", "family_name": "Rinaldi"}
		}, "openid profile email"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			gateway.shape(f)
			p := newProvider(t, f.Settings("spid", gateway.preset))
			who, err := login(t, p)
			if err != nil || who.CodiceFiscale != elena || who.Foreign != "" || who.Surname != "Rinaldi" || who.Name != "Elena" {
				t.Errorf("got %+v, %v; want Elena Rinaldi, %s", who, err, elena)
			}
			q := f.Asked()
			if len(q.Get("state")) < 32 || len(q.Get("nonce")) < 32 || q.Get("code_challenge_method") != "S256" || q.Get("scope") != gateway.scope {
				t.Errorf("the request was %v", q)
			}
			if again, err := login(t, p); err != nil || again.CodiceFiscale != who.CodiceFiscale || again.Message == who.Message {
				t.Errorf("a second login under another sub: %+v, %v; want the same person", again, err)
			}
		})
	}
}

// TestFinish_misbehavingProviders: what cannot be believed lets nobody in.
func TestFinish_misbehavingProviders(t *testing.T) {
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for name, c := range map[string]struct {
		spoil func(f *Fake, token, info map[string]any)
		jwt   func(f *Fake) func(map[string]any) (string, error)
		want  string // in the reason
	}{
		"wrong nonce":      {spoil: func(_ *Fake, token, _ map[string]any) { token["nonce"] = "another" }, want: "nonce"},
		"no nonce":         {spoil: func(_ *Fake, token, _ map[string]any) { delete(token, "nonce") }, want: "nonce"},
		"another audience": {spoil: func(_ *Fake, token, _ map[string]any) { token["aud"] = "somebody" }, want: "audience"},
		"for another of its clients": {spoil: func(_ *Fake, token, _ map[string]any) {
			token["aud"], token["azp"] = []string{FakeClient, "other"}, "other"
		}, want: "other"},
		"another issuer":            {spoil: func(_ *Fake, token, _ map[string]any) { token["iss"] = "https://evil.example" }, want: "different provider"},
		"userinfo of another":       {spoil: func(_ *Fake, _, info map[string]any) { info["sub"] = "another" }, want: "another person"},
		"expired beyond the skew":   {spoil: func(_ *Fake, token, _ map[string]any) { token["exp"] = now.Add(-2 * Skew).Unix() }, want: "expired"},
		"of the future":             {spoil: func(_ *Fake, token, _ map[string]any) { token["iat"] = now.Add(3 * Skew).Unix() }, want: "future"},
		"a provisional code":        {spoil: func(_ *Fake, token, info map[string]any) { info["fiscal_number"] = "TINIT-00743110157" }, want: "fiscal code"},
		"a code with a wrong check": {spoil: func(_ *Fake, token, info map[string]any) { info["fiscal_number"] = "TINIT-RNLLNE85A41D643A" }, want: "fiscal code"},
		"no code at all": {spoil: func(_ *Fake, token, info map[string]any) {
			delete(token, "fiscal_number")
			delete(info, "fiscal_number")
		}, want: "no fiscal code"},
		"alg none": {jwt: func(*Fake) func(map[string]any) (string, error) { return unsigned }, want: "ID token"},
		"signed with the secret": {jwt: func(f *Fake) func(map[string]any) (string, error) {
			return func(c map[string]any) (string, error) {
				return FakeSign(jose.HS256, []byte(strings.Repeat(f.Secret, 8)), c)
			}
		}, want: "ID token"},
		"a stranger's key": {jwt: func(f *Fake) func(map[string]any) (string, error) {
			return func(c map[string]any) (string, error) {
				return FakeSign(jose.RS256, jose.JSONWebKey{Key: stranger, KeyID: f.kid}, c)
			}
		}, want: "ID token"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			if c.spoil != nil {
				f.Spoil = func(token, info map[string]any) { c.spoil(f, token, info) }
			}
			if c.jwt != nil {
				f.SpoilJWT = c.jwt(f)
			}
			who, err := login(t, newProvider(t, f.Settings("spid", "generic")))
			wantRefusal(t, who, err, canteen.KindUnauthenticated, c.want)
		})
	}
}

func unsigned(claims map[string]any) (string, error) {
	body, err := json.Marshal(claims)
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"none"}`)) + "." + part(body) + ".", err
}

func wantRefusal(t *testing.T, who Identity, err error, kind canteen.Kind, reason string) {
	t.Helper()
	refusal, ok := errors.AsType[*canteen.Error](err)
	if !ok || refusal.Kind != kind || who != (Identity{}) {
		t.Fatalf("got %+v, %v; want a refusal of kind %v", who, err, kind)
	}
	if refusal.Err == nil && reason != "" || refusal.Err != nil && !strings.Contains(refusal.Err.Error(), reason) {
		t.Errorf("refused with %v, want a reason with %q", refusal.Err, reason)
	}
}

func TestFinish_expiredWithinTheSkew(t *testing.T) {
	f := newFake(t)
	f.Spoil = func(token, _ map[string]any) { token["exp"] = time.Now().Add(-Skew / 2).Unix() }
	if who, err := login(t, newProvider(t, f.Settings("spid", ""))); err != nil {
		t.Errorf("got %+v, %v; want the person: our clocks may differ by %s", who, err, Skew)
	}
}

// TestFinish_replays: state, code and ticket are good once and for one browser.
func TestFinish_replays(t *testing.T) {
	f := newFake(t)
	p := newProvider(t, f.Settings("spid", ""))
	ticket, query := visit(t, p)
	if _, err := p.Finish(t.Context(), ticket, query); err != nil {
		t.Fatal(err)
	}
	who, err := p.Finish(t.Context(), ticket, query)
	wantRefusal(t, who, err, canteen.KindUnauthenticated, "used before")

	other, fresh := visit(t, p)
	stolen := url.Values{"state": fresh["state"], "code": query["code"]}
	who, err = p.Finish(t.Context(), other, stolen)
	wantRefusal(t, who, err, canteen.KindUnauthenticated, "not redeemed")

	_, theirs := visit(t, p)
	mine, _ := visit(t, p)
	who, err = p.Finish(t.Context(), mine, theirs)
	wantRefusal(t, who, err, canteen.KindUnauthenticated, "browser")
	who, err = p.Finish(t.Context(), Ticket{}, url.Values{})
	wantRefusal(t, who, err, canteen.KindUnauthenticated, "browser")

	late, query := visit(t, p)
	p.now = func() time.Time { return time.Now().Add(TicketLife + time.Second) }
	who, err = p.Finish(t.Context(), late, query)
	wantRefusal(t, who, err, canteen.KindUnauthenticated, "too long")
}

func TestFinish_anotherProvidersAnswer(t *testing.T) {
	f := newFake(t)
	p := newProvider(t, f.Settings("spid", ""))
	ticket, query := visit(t, p)
	query.Set("iss", "https://evil.example")
	who, err := p.Finish(t.Context(), ticket, query)
	wantRefusal(t, who, err, canteen.KindUnauthenticated, "another provider")
}

func TestFinish_givenUpAtTheProvider(t *testing.T) {
	f := newFake(t)
	p := newProvider(t, f.Settings("spid", ""))
	ticket, query := visit(t, p)
	query.Del("code")
	query.Set("error", "access_denied")
	_, err := p.Finish(t.Context(), ticket, query)
	if refusal, ok := errors.AsType[*canteen.Error](err); !ok || refusal.Key != "error.signin.cancelled" {
		t.Errorf("got %v, want error.signin.cancelled", err)
	}
}

func TestFinish_level(t *testing.T) {
	f := newFake(t)
	f.Person["acr"] = "https://www.spid.gov.it/SpidL1"
	set := f.Settings("spid", "")
	set.ACR = []string{"https://www.spid.gov.it/SpidL2", "https://www.spid.gov.it/SpidL3"}
	set.Params = map[string]string{"acr_values": "https://www.spid.gov.it/SpidL2"}
	p := newProvider(t, set)
	who, err := login(t, p)
	wantRefusal(t, who, err, canteen.KindForbidden, "SpidL1")
	if got := f.Asked().Get("acr_values"); got != "https://www.spid.gov.it/SpidL2" {
		t.Errorf("asked for the level %q", got)
	}
	f.Person["acr"] = "https://www.spid.gov.it/SpidL3"
	if who, err := login(t, p); err != nil || who.ACR != "https://www.spid.gov.it/SpidL3" {
		t.Errorf("with a level of the list: %+v, %v", who, err)
	}
}

// TestFinish_userinfoCannotRaiseTheLevel: what the ID token says of itself is
// its own.
func TestFinish_userinfoCannotRaiseTheLevel(t *testing.T) {
	f := newFake(t)
	f.Spoil = func(token, info map[string]any) { token["acr"], info["acr"] = "low", "high" }
	set := f.Settings("spid", "")
	set.ACR = []string{"high"}
	who, err := login(t, newProvider(t, set))
	wantRefusal(t, who, err, canteen.KindForbidden, "low")
}

func TestFinish_failingUserinfo(t *testing.T) {
	f := newFake(t)
	f.NoInfo = true
	p := newProvider(t, f.Settings("spid", ""))
	if who, err := login(t, p); err != nil || who.CodiceFiscale != elena {
		t.Errorf("with the code in the ID token: %+v, %v; want the person", who, err)
	}
	f.InToken = false
	who, err := login(t, p)
	wantRefusal(t, who, err, canteen.KindUnauthenticated, "500")
}

func TestFinish_foreignPerson(t *testing.T) {
	f := newFake(t)
	f.Person["fiscal_number"] = "ES/IT/12345678X"
	who, err := login(t, newProvider(t, f.Settings("eidas", "")))
	if err != nil || who.CodiceFiscale != "" || who.Foreign != "ES/IT/12345678X" {
		t.Errorf("got %+v, %v; want the foreign identifier alone (R1.4)", who, err)
	}
}

func TestFinish_keyTurned(t *testing.T) {
	f := newFake(t)
	p := newProvider(t, f.Settings("spid", ""))
	if _, err := login(t, p); err != nil {
		t.Fatal(err)
	}
	if err := f.TurnKey(); err != nil {
		t.Fatal(err)
	}
	if _, err := login(t, p); err != nil {
		t.Errorf("after the provider turned its key: %v, want the keys to be asked for again", err)
	}
}

func TestFinish_clientAuthentication(t *testing.T) {
	f := newFake(t)
	set := f.Settings("spid", "")
	f.Post, set.Auth = true, "client_secret_post"
	if _, err := login(t, newProvider(t, set)); err != nil {
		t.Errorf("client_secret_post: %v", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	set.Auth, set.Secret, set.KeyID = "private_key_jwt", "", "k1"
	set.Key = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	p := newProvider(t, set)
	if _, err := login(t, p); err != nil {
		t.Errorf("private_key_jwt: %v", err)
	}
	raw, err := p.assertion("https://gateway.example/token")
	if err != nil {
		t.Fatal(err)
	}
	signed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	body, err := signed.Verify(key.Public())
	var claims struct{ Iss, Sub, Aud, Jti string }
	if err := errors.Join(err, json.Unmarshal(body, &claims)); err != nil || claims.Iss != FakeClient || claims.Sub != FakeClient ||
		claims.Aud != "https://gateway.example/token" || len(claims.Jti) < 32 || signed.Signatures[0].Header.KeyID != "k1" {
		t.Errorf("the assertion says %s, %v", body, err)
	}
}
