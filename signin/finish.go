package signin

import (
	"context"
	"crypto/rsa"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"

	"refettorio/canteen"
)

// Identity is the person a provider vouches for. Either CodiceFiscale or
// Foreign is set: a person of another country has no Italian code, and only the
// office can say who that is here (rules R1.4). The rest is as the provider
// gives it and may be empty.
type Identity struct {
	Provider      string
	CodiceFiscale canteen.CodiceFiscale
	Foreign       string // "ES/IT/…"
	Surname, Name string
	Email, Phone  string
	ACR           string
	Message       string // the provider's own number of the login (jti, else sub), for the register
}

// refused is every reason for which we do not believe a provider: the person
// reads one sentence, the log the reason.
func refused(format string, args ...any) error {
	return &canteen.Error{Kind: canteen.KindUnauthenticated, Key: "error.signin.refused", Err: fmt.Errorf(format, args...)}
}

// Finish ends a login: ticket is the browser's own, query what it came back
// with. It may return KindUnauthenticated (the answer cannot be believed, or the
// person gave up), KindForbidden (the level is too low) or KindUnavailable.
func (p *Provider) Finish(ctx context.Context, t Ticket, query url.Values) (Identity, error) {
	if t.State == "" || subtle.ConstantTimeCompare([]byte(t.State), []byte(query.Get("state"))) != 1 {
		return Identity{}, refused("the state is not this browser's")
	}
	if err := p.spend(t); err != nil {
		return Identity{}, refused("%w", err)
	}
	if code := query.Get("error"); code == "access_denied" {
		return Identity{}, canteen.Refuse(canteen.KindUnauthenticated, "error.signin.cancelled")
	} else if code != "" {
		return Identity{}, refused("the provider says %q", code)
	}
	if iss := query.Get("iss"); iss != "" && iss != p.set.Issuer {
		return Identity{}, refused("the answer is another provider's: %q (RFC 9207)", iss)
	}
	d, err := p.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.client), 2*callTimeout)
	defer cancel()
	token, err := p.redeem(ctx, d, t, query.Get("code"))
	if err != nil {
		return Identity{}, err
	}
	claims, err := p.claims(ctx, d, t, token)
	if err != nil {
		return Identity{}, err
	}
	return p.identity(claims)
}

// redeem exchanges the code for tokens.
func (p *Provider) redeem(ctx context.Context, d *discovery, t Ticket, code string) (*oauth2.Token, error) {
	if code == "" {
		return nil, refused("the answer has no code")
	}
	options := []oauth2.AuthCodeOption{oauth2.VerifierOption(t.Verifier)}
	if p.set.Auth == authKey {
		assertion, err := p.assertion(d.oidc.Endpoint().TokenURL)
		if err != nil {
			return nil, err
		}
		options = append(options, oauth2.SetAuthURLParam("client_assertion", assertion),
			oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"))
	}
	token, err := p.config(d, t.Back).Exchange(ctx, code, options...)
	if no, ok := errors.AsType[*oauth2.RetrieveError](err); ok && no.Response.StatusCode < 500 {
		return nil, refused("the code was not redeemed: %d %q", no.Response.StatusCode, no.ErrorCode)
	}
	if err != nil {
		return nil, &canteen.Error{Kind: canteen.KindUnavailable, Key: "error.signin.down", Err: err}
	}
	return token, nil
}

// assertion proves who we are with our key (RFC 7523).
func (p *Provider) assertion(audience string) (string, error) {
	key, err := parseKey(p.set.Key)
	if err != nil {
		return "", err
	}
	algorithm := jose.ES256
	if _, ok := key.(*rsa.PrivateKey); ok {
		algorithm = jose.RS256
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: key, KeyID: p.set.KeyID}}, nil)
	if err != nil {
		return "", err
	}
	now := p.now()
	return jwt.Signed(signer).Claims(jwt.Claims{Issuer: p.set.ClientID, Subject: p.set.ClientID, Audience: jwt.Audience{audience},
		ID: word(), IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Minute))}).Serialize()
}

// claims verifies the ID token and merges what userinfo adds (rules R1.3).
func (p *Provider) claims(ctx context.Context, d *discovery, t Ticket, token *oauth2.Token) (map[string]any, error) {
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, refused("the answer has no ID token")
	}
	verifier := d.oidc.Verifier(&oidc.Config{ClientID: p.set.ClientID, SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256},
		Now: func() time.Time { return p.now().Add(-Skew) }}) // its keys are cached, and asked for again when one is unknown
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, refused("the ID token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(t.Nonce)) != 1 {
		return nil, refused("the nonce is not this login's")
	}
	if id.IssuedAt.After(p.now().Add(Skew)) {
		return nil, refused("the ID token is of the future")
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return nil, refused("the ID token: %w", err)
	}
	if azp := textOf(claims["azp"]); azp != "" && azp != p.set.ClientID {
		return nil, refused("the ID token is for %q", azp)
	}
	return claims, p.addUserInfo(ctx, d, id, token, claims)
}

// ofToken are the claims that speak of the ID token and stay its own.
var ofToken = []string{"iss", "sub", "aud", "azp", "exp", "iat", "nbf", "nonce", "jti", "acr", "amr", "auth_time"}

// addUserInfo merges the userinfo into the claims of the ID token. A userinfo
// that fails matters only if the fiscal code is still missing; one of another
// person is an attack (OpenID Connect Core 5.3.2).
func (p *Provider) addUserInfo(ctx context.Context, d *discovery, id *oidc.IDToken, token *oauth2.Token, claims map[string]any) error {
	failed := errors.New("the provider has no userinfo")
	if d.userInfo {
		var info *oidc.UserInfo
		if info, failed = d.oidc.UserInfo(ctx, oauth2.StaticTokenSource(token)); failed == nil {
			if info.Subject != "" && info.Subject != id.Subject {
				return refused("the userinfo is of another person")
			}
			more := map[string]any{}
			if failed = info.Claims(&more); failed == nil {
				for name, value := range more {
					if !slices.Contains(ofToken, name) || claims[name] == nil {
						claims[name] = value
					}
				}
			}
		}
	}
	if first(claims, p.set.Claims.FiscalCode) == "" {
		return refused("no fiscal code in ID token and userinfo: %v", failed)
	}
	return nil
}

// identity reads the person out of the claims.
func (p *Provider) identity(claims map[string]any) (Identity, error) {
	paths := &p.set.Claims
	who := Identity{Provider: p.set.Name, Surname: first(claims, paths.FamilyName), Name: first(claims, paths.GivenName),
		Email: first(claims, paths.Email), Phone: first(claims, paths.Mobile), ACR: first(claims, paths.ACR)}
	if who.Message = textOf(claims["jti"]); who.Message == "" {
		who.Message = textOf(claims["sub"])
	}
	if len(p.set.ACR) > 0 && !slices.Contains(p.set.ACR, who.ACR) {
		return Identity{}, &canteen.Error{Kind: canteen.KindForbidden, Key: "error.signin.level", Err: fmt.Errorf("acr %q", who.ACR)}
	}
	var err error
	if who.CodiceFiscale, who.Foreign, err = fiscalCode(first(claims, paths.FiscalCode)); err != nil {
		return Identity{}, err
	}
	return who, nil
}

const italian = "TINIT-"

// maxForeign bounds a foreign identifier: eIDAS allows two prefixes of three
// characters and 256 behind them.
const maxForeign = 262

// fiscalCode reads the value of a fiscal number: TINIT-CODE is Italian, another
// prefix or form a foreign identifier (eIDAS: "ES/IT/…"). A provisional code is
// no identity: SPID and CIE give it to nobody.
func fiscalCode(value string) (cf canteen.CodiceFiscale, foreign string, err error) {
	plain := value
	if len(plain) >= len(italian) && strings.EqualFold(plain[:len(italian)], italian) {
		plain = plain[len(italian):]
	} else if strings.ContainsAny(plain, "/-") && len(plain) <= maxForeign {
		return "", value, nil
	}
	if cf, err = canteen.ParseCodiceFiscale(plain); err != nil || cf.Provisional() {
		return "", "", refused("the fiscal code is not one of a person: %v", err)
	}
	return cf, "", nil
}

// first is the first claim of a list of paths that says something.
func first(claims map[string]any, paths []string) string {
	for _, path := range paths {
		if text := at(claims, path); text != "" {
			return text
		}
	}
	return ""
}

// at finds a claim by its name, else by its path through nested objects.
func at(claims map[string]any, path string) string {
	if value, ok := claims[path]; ok {
		return textOf(value)
	}
	outer, inner, nested := strings.Cut(path, ".")
	if object, ok := claims[outer].(map[string]any); ok && nested {
		return at(object, inner)
	}
	return ""
}

// textOf is a claim as text: gateways give attributes as lists of one, too.
func textOf(value any) string {
	switch value := value.(type) {
	case string:
		return strings.TrimSpace(value)
	case json.Number:
		return value.String()
	case []any:
		if len(value) > 0 {
			return textOf(value[0])
		}
	}
	return ""
}
