package signin

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Fake is an OpenID provider for tests. It asks nobody who they are: whoever
// comes is Person. It behaves as one of the gateways of rules §1, and misbehaves
// where a test tells it to.
type Fake struct {
	Server   *httptest.Server
	Person   map[string]any // the claims about the person
	InToken  bool           // the claims are in the ID token …
	InInfo   bool           // … or in the userinfo
	Signed   bool           // the userinfo is a signed JWT
	Life     time.Duration  // of the ID token
	Logout   bool           // it has an end_session_endpoint
	Down     bool           // it answers nothing
	NoInfo   bool           // its userinfo fails
	Scope    string         // the only scope it accepts; empty: any
	Secret   string         // of the client; with Post it comes in the form
	Post     bool
	Spoil    func(token, info map[string]any)            // changes the claims before they are signed
	SpoilJWT func(claims map[string]any) (string, error) // signs the ID token in another way

	mu    sync.Mutex
	key   *rsa.PrivateKey
	kid   string
	codes map[string]url.Values // the requests behind codes not yet redeemed
	infos map[string]map[string]any
	seen  url.Values // the last authorization request
}

// FakeClient is the client every Fake knows.
const FakeClient = "refettorio"

// NewFake starts a provider that behaves; Close its Server when done.
func NewFake() (*Fake, error) {
	f := &Fake{InToken: true, InInfo: true, Life: time.Minute, Secret: "a secret", codes: map[string]url.Values{}, infos: map[string]map[string]any{}}
	if err := f.TurnKey(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", f.configuration)
	mux.HandleFunc("GET /keys", f.keys)
	mux.HandleFunc("GET /authorize", f.authorize)
	mux.HandleFunc("POST /token", f.token)
	mux.HandleFunc("GET /userinfo", f.userinfo)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.Down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	return f, nil
}

// TurnKey makes the provider sign with a new key, as gateways do now and then.
func (f *Fake) TurnKey() (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.key, err = rsa.GenerateKey(rand.Reader, 2048)
	f.kid = rand.Text()
	return err
}

// Settings are those by which a client knows this provider.
func (f *Fake) Settings(name, preset string) Settings {
	return Settings{Name: name, Label: "Entra con SPID", Preset: preset, Issuer: f.Server.URL, ClientID: FakeClient, Secret: f.Secret}
}

// Asked is the last authorization request.
func (f *Fake) Asked() url.Values {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen
}

func (f *Fake) configuration(w http.ResponseWriter, _ *http.Request) {
	base := f.Server.URL
	answer := map[string]any{"issuer": base, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token",
		"jwks_uri": base + "/keys", "userinfo_endpoint": base + "/userinfo", "id_token_signing_alg_values_supported": []string{"RS256"}}
	if f.Logout {
		answer["end_session_endpoint"] = base + "/logout"
	}
	fakeJSON(w, answer)
}

func (f *Fake) keys(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fakeJSON(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: f.key.Public(), KeyID: f.kid, Algorithm: "RS256", Use: "sig"}}})
}

// authorize sends the browser back at once, with a code.
func (f *Fake) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = q
	back := url.Values{"state": {q.Get("state")}}
	if q.Get("code_challenge_method") != "S256" || f.Scope != "" && q.Get("scope") != f.Scope {
		back.Set("error", "invalid_request")
	} else {
		code := rand.Text()
		f.codes[code] = q
		back.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (f *Fake) token(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	code := r.PostFormValue("code")
	asked, ok := f.codes[code]
	delete(f.codes, code)
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || !f.client(r) || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		fakeJSON(w, map[string]string{"error": "invalid_grant"})
		return
	}
	now := time.Now()
	sub := rand.Text() // another at every login: nobody may count on it
	token := map[string]any{"iss": f.Server.URL, "sub": sub, "aud": FakeClient, "nonce": asked.Get("nonce"), "iat": now.Unix(), "exp": now.Add(f.Life).Unix()}
	info := map[string]any{"sub": sub}
	for name, value := range f.Person {
		if f.InToken || name == "acr" {
			token[name] = value
		}
		if f.InInfo {
			info[name] = value
		}
	}
	if f.Spoil != nil {
		f.Spoil(token, info)
	}
	sign := f.sign
	if f.SpoilJWT != nil {
		sign = f.SpoilJWT
	}
	raw, err := sign(token)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	access := rand.Text()
	f.infos[access] = info
	w.Header().Set("Content-Type", "application/json")
	fakeJSON(w, map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": raw})
}

// client tells whether the client has proved itself.
func (f *Fake) client(r *http.Request) bool {
	if r.PostFormValue("client_assertion") != "" {
		return true // whose key it is, the tests look at
	}
	id, secret, _ := r.BasicAuth()
	secret, _ = url.QueryUnescape(secret)
	if f.Post {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	return id == FakeClient && secret == f.Secret
}

func (f *Fake) userinfo(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	access := r.Header.Get("Authorization")
	info, ok := f.infos[access[min(len(access), len("Bearer ")):]]
	if f.NoInfo || !ok {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if !f.Signed {
		w.Header().Set("Content-Type", "application/json")
		fakeJSON(w, info)
		return
	}
	raw, err := f.sign(info)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/jwt")
	_, _ = w.Write([]byte(raw)) // a client that hung up has no answer to lose
}

// sign signs claims with the provider's key.
func (f *Fake) sign(claims map[string]any) (string, error) {
	return FakeSign(jose.RS256, jose.JSONWebKey{Key: f.key, KeyID: f.kid}, claims)
}

// FakeSign signs claims with any key, for tokens that must not be believed.
func FakeSign(algorithm jose.SignatureAlgorithm, key any, claims map[string]any) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, nil)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(body)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

func fakeJSON(w http.ResponseWriter, v any) {
	_ = json.NewEncoder(w).Encode(v) // a client that hung up has no answer to lose
}
