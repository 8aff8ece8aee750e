package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gorilla/mux"

	"refettorio/assets"
	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/handlers/render"
	"refettorio/signin"
	"refettorio/store"
)

// Options are what a Server is made of.
type Options struct {
	Store   *store.Store
	Log     *slog.Logger
	Town    render.Town
	Secure  bool     // cookies only over TLS: always, except on a developer's own machine
	Origins []string // further origins that may post, when a proxy rewrites Host
	Proxies []string // addresses of proxies whose X-Forwarded-For is believed
	Reload  bool     // templates are parsed again for each page
	Version string

	PublicURL string             // the address people type, without a path: identity providers send them back to it
	Providers []*signin.Provider // of digital identities, in the order of their buttons
	Channels  []canteen.Channel  // by which messages go out; none: nobody can be sent a code
	Mailbox   Mailbox            // the letters sent, for everybody to read: only in a demo

	engine *render.Engine // of another server: the tests make hundreds
}

// Server is the web: it parses, acts through the store and answers.
type Server struct {
	store    *store.Store
	log      *slog.Logger
	opt      Options
	catalog  *render.Catalog
	engine   *render.Engine
	sessions *scs.SessionManager
	router   *mux.Router         // of the pages
	programs *mux.Router         // of the API
	vars     map[string][]string // the variables of each named route's path, in order
	static   http.Handler
	cross    *http.CrossOriginProtection
	fonts    documents.Fonts
	hashing  chan struct{}
	nobody   string // the hash compared with when a login does not exist
	logins   *limiter

	addresses *limiter // wrong passwords by address
	factors   *limiter // codes of the second factor, and invitations
	searches  *limiter // of the counter
	bookings  *limiter // of visits without a login
	visits    *visits  // which families the counter has open
	behalf    *person  // of a copy that acts for a family at the counter, see onBehalf
	tickets   [32]byte // the key of the cookies of logins under way: a restart ends those
	metrics   *metrics
	handler   http.Handler
	hangUp    context.CancelFunc
	hungUp    context.Context // ends the answers that have no end of their own
}

// New builds the server and everything that can go wrong later: templates,
// catalogues, routes without an audience.
func New(o Options) (*Server, error) {
	s := &Server{store: o.Store, log: o.Log, opt: o, hashing: make(chan struct{}, 1),
		logins: newLimiter(loginEvery, loginBurst), addresses: newLimiter(addressEvery, addressBurst),
		factors: newLimiter(factorEvery, factorBurst), searches: newLimiter(deskSearchEvery, deskSearchBurst),
		bookings: newLimiter(bookingEvery, bookingBurst), visits: newVisits(), metrics: newMetrics(o.Version)}
	_, _ = rand.Read(s.tickets[:]) // never fails: crypto/rand ends the program instead
	s.sessions = newSessions(o.Store, o.Secure)
	s.hungUp, s.hangUp = context.WithCancel(context.Background())
	var err error
	if s.nobody, err = nobodysHash(); err != nil {
		return nil, err
	}
	if err := s.route(); err != nil {
		return nil, err
	}
	s.cross = http.NewCrossOriginProtection()
	for _, origin := range o.Origins {
		if err := s.cross.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trusted origin: %w", err)
		}
	}
	if s.catalog, err = render.LoadCatalog(assets.Locales()); err != nil {
		return nil, err
	}
	if s.engine = o.engine; s.engine == nil {
		s.engine, err = render.New(render.Options{Templates: assets.Templates(), Dist: assets.Dist(), Catalog: s.catalog,
			Pages: pages(), URL: s.url, Town: o.Town, Reload: o.Reload, Log: o.Log})
		if err != nil {
			return nil, err
		}
	}
	if s.static, err = s.engine.Static(); err != nil {
		return nil, err
	}
	if s.fonts, err = loadFonts(); err != nil {
		o.Log.Warn("assets not built: documents cannot be printed", "error", err)
	}
	s.handler = s.chain()
	return s, nil
}

// loadFonts reads the fonts of the documents out of the built assets.
func loadFonts() (f documents.Fonts, err error) {
	if f.Regular, err = fs.ReadFile(assets.Dist(), "pdf/titillium-web-regular.ttf"); err != nil {
		return f, err
	}
	f.Bold, err = fs.ReadFile(assets.Dist(), "pdf/titillium-web-700.ttf")
	return f, err
}

// HangUp ends the answers that go on by themselves (live pages), so that a
// shutdown need not wait for them.
func (s *Server) HangUp() { s.hangUp() }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// route registers the table of routes. A row without an audience stops the
// start: deny by default (design §12).
func (s *Server) route() error {
	s.router, s.vars = mux.NewRouter().StrictSlash(false), map[string][]string{}
	s.programs = mux.NewRouter().StrictSlash(false)
	var problems []error
	for _, row := range Routes() {
		if row.audience.empty() {
			problems = append(problems, fmt.Errorf("route %s %s has no audience", row.method, row.path))
		}
		if s.vars[row.name] != nil {
			problems = append(problems, fmt.Errorf("route name %s is used twice", row.name))
		}
		methods := []string{row.method}
		if row.method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		s.routerOf(row.path).Handle(row.path, s.guard(row)).Methods(methods...).Name(row.name)
		s.vars[row.name] = pathVariables(row.path)
	}
	s.router.PathPrefix(render.StaticPrefix).Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.static.ServeHTTP(w, r)
	})).Name("static")
	for _, router := range []*mux.Router{s.router, s.programs} {
		router.NotFoundHandler = http.HandlerFunc(s.notFound)
		router.MethodNotAllowedHandler = http.HandlerFunc(s.methodNotAllowed)
	}
	return errors.Join(problems...)
}

// routerOf tells pages from the API: mux tries its routes in turn, and the rush
// before the cut-off should not try those of the other half.
func (s *Server) routerOf(path string) *mux.Router {
	if strings.HasPrefix(path, apiPrefix) {
		return s.programs
	}
	return s.router
}

// pathVariables lists the variables of a path template: {pupil} or {day:…}.
func pathVariables(path string) []string {
	names := []string{}
	for {
		_, rest, found := strings.Cut(path, "{")
		if !found {
			return names
		}
		inside, after, _ := strings.Cut(rest, "}")
		name, _, _ := strings.Cut(inside, ":")
		names, path = append(names, name), after
	}
}

// url writes the address of a named route; parameters fill its variables in
// order.
func (s *Server) url(name string, params ...string) (string, error) {
	name, params = s.inside(name, params)
	row, vars := s.router.Get(name), s.vars[name]
	if row == nil {
		row = s.programs.Get(name)
	}
	if row == nil || len(vars) != len(params) {
		return "", fmt.Errorf("no route %q with %d parameters", name, len(params))
	}
	pairs := make([]string, 0, 2*len(vars))
	for i, v := range vars {
		pairs = append(pairs, v, params[i])
	}
	u, err := row.URLPath(pairs...)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// to is url for addresses that are known to exist.
func (s *Server) to(name string, params ...string) string {
	u, err := s.url(name, params...)
	if err != nil {
		panic("handlers: " + err.Error())
	}
	return u
}

// RequestTimeout is how long a request that may change something can take; a
// close waits longer than that for it (store.DrainPatience).
const RequestTimeout = 15 * time.Second
