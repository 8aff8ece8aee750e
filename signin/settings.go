package signin

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Settings describe one provider (rules R1.2). Name is its word in addresses;
// what is left empty comes from the preset.
type Settings struct {
	Name     string            // "spid", "cie"
	Label    string            // of the button: "Entra con SPID"
	Preset   string            // "generic", "iam-proxy-italia", "oneidentity", "keycloak"
	Issuer   string            // as the provider writes it
	ClientID string            // as the provider gave it
	Secret   string            // of client_secret_basic and client_secret_post
	Key      string            // PEM of the private key of private_key_jwt: RSA, or EC on P-256
	KeyID    string            // its kid
	Auth     string            // "client_secret_basic" (the default), "client_secret_post", "private_key_jwt"
	Scope    string            // empty: the preset's
	Params   map[string]string // further parameters of the request: acr_values, claims, idp
	ACR      []string          // the levels accepted; empty when the gateway enforces them (R1.6)
	Claims   Claims            // empty lists: the preset's
}

// Claims are the names under which a provider gives what we need, to be tried
// in order. "a.b" is b inside a, where no claim is called "a.b".
type Claims struct {
	FiscalCode, GivenName, FamilyName, Email, Mobile, ACR []string
}

// The ways a client proves itself to the token endpoint.
const (
	authBasic = "client_secret_basic"
	authPost  = "client_secret_post"
	authKey   = "private_key_jwt"
)

// nameForm keeps a name fit for an address and for the name of a variable of
// the environment.
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9]{1,19}$`)

// complete fills what the preset knows and refuses what cannot work, naming
// every setting that is wrong.
func (s *Settings) complete() error {
	var problems []error
	wrong := func(key, why string) {
		problems = append(problems, fmt.Errorf("provider %q: %s: %s", s.Name, key, why))
	}
	if !nameForm.MatchString(s.Name) {
		wrong("name", "2 to 20 lower-case letters and digits")
	}
	if s.Preset == "" {
		s.Preset = presetGeneric
	}
	preset, known := presets[s.Preset]
	if !known {
		wrong("preset", "one of "+strings.Join(Presets(), ", "))
	}
	if u, err := url.Parse(s.Issuer); err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && ownMachine(u.Hostname())) {
		wrong("issuer", "not an https address")
	}
	if s.ClientID == "" {
		wrong("client_id", "missing")
	}
	if s.Label == "" {
		wrong("label", "the button needs a text")
	}
	s.take(preset)
	switch s.Auth {
	case authBasic, authPost:
		if s.Secret == "" {
			wrong("client_secret", "missing: name a file or set it in the environment")
		}
	case authKey:
		if _, err := parseKey(s.Key); err != nil {
			wrong("client_key", err.Error())
		}
	default:
		wrong("auth", "one of "+strings.Join([]string{authBasic, authPost, authKey}, ", "))
	}
	if !slices.Contains(strings.Fields(s.Scope), "openid") {
		wrong("scope", "openid is missing")
	}
	return errors.Join(problems...)
}

// ownMachine tells whether a host is this machine, where TLS protects nothing.
func ownMachine(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

func (s *Settings) take(p preset) {
	if s.Auth == "" {
		s.Auth = authBasic
	}
	if s.Scope == "" {
		s.Scope = p.scope
	}
	for _, pair := range []struct {
		to   *[]string
		from []string
	}{
		{&s.Claims.FiscalCode, p.claims.FiscalCode}, {&s.Claims.GivenName, p.claims.GivenName}, {&s.Claims.FamilyName, p.claims.FamilyName},
		{&s.Claims.Email, p.claims.Email}, {&s.Claims.Mobile, p.claims.Mobile}, {&s.Claims.ACR, p.claims.ACR},
	} {
		if len(*pair.to) == 0 {
			*pair.to = pair.from
		}
	}
}

// parseKey reads the private key of private_key_jwt.
func parseKey(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("not a private key in PEM")
	}
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	default:
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, errors.New("not a private key in PEM")
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		if key.Curve == elliptic.P256() {
			return key, nil
		}
	}
	return nil, errors.New("the key is neither RSA nor EC on P-256")
}
