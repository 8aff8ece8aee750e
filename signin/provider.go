package signin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"refettorio/canteen"
)

// Skew is how far our clock and a provider's may lie apart (rules R1.5): an ID
// token of one gateway lives 60 seconds.
const Skew = time.Minute

// TicketLife is how long a person may take at the provider.
const TicketLife = 10 * time.Minute

const (
	callTimeout   = 8 * time.Second  // of one request to a provider
	retryAfter    = 10 * time.Second // a provider that did not answer is left alone for so long
	discoverAgain = 12 * time.Hour   // a provider may move its endpoints
	maxAnswer     = 1 << 20          // bytes of one answer of a provider
)

// Provider is one gateway. It is safe for concurrent use.
type Provider struct {
	set    Settings
	client *http.Client
	now    func() time.Time

	mu     sync.Mutex
	found  *discovery
	failed error
	asked  time.Time
	used   map[string]time.Time // states that have come back, until they would have expired anyway
}

// discovery is what a provider says of itself.
type discovery struct {
	oidc       *oidc.Provider
	at         time.Time
	endSession string
	userInfo   bool
}

// Options are what a Provider is made with besides its settings; both may be
// nil. Now is the clock providers live by, which is the machine's also where
// the service's is another.
type Options struct {
	Now       func() time.Time
	Transport http.RoundTripper
}

// New makes a provider of complete settings; it asks nothing of it yet.
func New(s Settings, o Options) (*Provider, error) {
	if err := s.complete(); err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	return &Provider{set: s, now: o.Now, used: map[string]time.Time{},
		client: &http.Client{Timeout: callTimeout, Transport: bounded{o.Transport}}}, nil
}

// Name is the provider's word in addresses; Label the text of its button.
func (p *Provider) Name() string { return p.set.Name }

// Label is the text of the provider's button.
func (p *Provider) Label() string { return p.set.Label }

// bounded keeps a provider from sending more than we want to read.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, maxAnswer), res.Body}
	}
	return res, err
}

// discover returns what the provider says of itself, asking when it must. A
// provider that does not answer is not asked again for a while; an old answer
// serves on.
func (p *Provider) discover(ctx context.Context) (*discovery, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	switch {
	case p.found != nil && now.Sub(p.found.at) < discoverAgain:
		return p.found, nil
	case now.Sub(p.asked) < retryAfter && p.found != nil:
		return p.found, nil
	case now.Sub(p.asked) < retryAfter:
		return nil, p.failed
	}
	p.asked = now
	found, err := p.ask(ctx, now)
	switch {
	case err == nil:
		p.found, p.failed = found, nil
	case p.found == nil:
		p.failed = &canteen.Error{Kind: canteen.KindUnavailable, Key: "error.signin.down", Err: fmt.Errorf("provider %s: %w", p.set.Name, err)}
		return nil, p.failed
	}
	return p.found, nil
}

// ask reads the provider's configuration. A browser that goes away must not
// leave the failure to those behind it, hence the context of our own.
func (p *Provider) ask(ctx context.Context, now time.Time) (*discovery, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.set.Issuer)
	if err != nil {
		return nil, err
	}
	var more struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, err
	}
	if u, err := url.Parse(more.EndSession); err != nil || u.Host == "" {
		more.EndSession = ""
	}
	return &discovery{oidc: provider, at: now, endSession: more.EndSession, userInfo: provider.UserInfoEndpoint() != ""}, nil
}

// Ticket is a login under way. It belongs to one browser and is good once.
type Ticket struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	Back     string    `json:"back"` // where the provider sends the browser
	Until    time.Time `json:"until"`
}

// Begin starts a login: the ticket, and the address to send the browser to.
// KindUnavailable when the provider does not answer.
func (p *Provider) Begin(ctx context.Context, back string) (Ticket, string, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return Ticket{}, "", err
	}
	t := Ticket{State: word(), Nonce: word(), Verifier: oauth2.GenerateVerifier(), Back: back, Until: p.now().Add(TicketLife)}
	options := []oauth2.AuthCodeOption{oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier)}
	for name, value := range p.set.Params {
		options = append(options, oauth2.SetAuthURLParam(name, value))
	}
	return t, p.config(d, back).AuthCodeURL(t.State, options...), nil
}

// word is a random text of 52 letters and digits: the rules ask for 32 at least.
func word() string { return rand.Text() + rand.Text() }

func (p *Provider) config(d *discovery, back string) *oauth2.Config {
	c := &oauth2.Config{ClientID: p.set.ClientID, ClientSecret: p.set.Secret, RedirectURL: back,
		Endpoint: d.oidc.Endpoint(), Scopes: strings.Fields(p.set.Scope)}
	c.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	switch p.set.Auth {
	case authBasic:
		c.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	case authKey:
		c.ClientSecret = ""
	}
	return c
}

// spend marks a ticket as used; a second time it is refused.
func (p *Provider) spend(t Ticket) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	for state, until := range p.used {
		if until.Before(now) {
			delete(p.used, state)
		}
	}
	switch _, seen := p.used[t.State]; {
	case seen:
		return errors.New("the state has been used before")
	case t.Until.Before(now):
		return errors.New("the login took too long")
	}
	p.used[t.State] = t.Until
	return nil
}

// LogoutURL is where a browser ends its session at the provider as well, and
// comes back; empty when the provider has no such place (rules R1.9). No ID
// token is sent: we keep none.
func (p *Provider) LogoutURL(back string) string {
	u := p.endSession()
	if u == nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", p.set.ClientID)
	q.Set("post_logout_redirect_uri", back)
	u.RawQuery = q.Encode()
	return u.String()
}

// LogoutOrigin is the origin of the place LogoutURL leads to, for the
// Content-Security-Policy of the page with the logout button; empty when there
// is none.
func (p *Provider) LogoutOrigin() string {
	u := p.endSession()
	if u == nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// endSession is where the provider ends sessions, as far as it has been asked;
// nil when it has no such place.
func (p *Provider) endSession() *url.URL {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil || p.found.endSession == "" {
		return nil
	}
	u, err := url.Parse(p.found.endSession)
	if err != nil {
		return nil
	}
	return u
}
