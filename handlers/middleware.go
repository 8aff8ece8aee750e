package handlers

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"refettorio/canteen"
)

// chain puts the layers around the router, outermost first. They are around it,
// not in it, so that 404 and 405 pass through them too; a test holds the order.
func (s *Server) chain() http.Handler {
	var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.routerOf(r.URL.Path).ServeHTTP(w, r) })
	for _, layer := range slices.Backward(s.layers()) {
		h = layer.wrap(h)
	}
	return h
}

type layer struct {
	name string
	wrap func(http.Handler) http.Handler
}

func (s *Server) layers() []layer {
	return []layer{
		{"gate", s.gate},
		{"log", s.logRequest},
		{"recover", s.recover},
		{"headers", s.headers},
		{"bounds", s.bounds},
		{"session", s.session},
		{"cross-origin", s.crossOrigin},
	}
}

// gate stamps the request with the instant it reached us, before anything can
// keep it waiting (design §3). A request that may change something also takes a
// ticket, which a close waits for.
func (s *Server) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		st := &state{}
		if reads(r) {
			st.received = s.store.Now()
		} else {
			st.ticket = s.store.Gate().Enter()
			st.received = st.ticket.Received
			defer st.ticket.Leave()
		}
		next.ServeHTTP(w, withState(r, st))
	})
}

func reads(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
}

// recover turns a panic into an internal error page.
func (s *Server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}()
		next.ServeHTTP(w, r)
	})
}

// logRequest counts the request and writes its one line: reference, route,
// actor, result, duration; never a path with somebody's data or a body.
func (s *Server) logRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		st, start := stateOf(r), time.Now()
		seen := &seenWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		elapsed := time.Since(start)
		s.metrics.observe(st.route, seen.status, elapsed)
		level := slog.LevelDebug
		if st.failure != nil {
			level = slog.LevelError
		} else if !reads(r) && !isAPI(r) {
			level = slog.LevelInfo // what a gateway does is in its receipts
		}
		if s.log.Enabled(r.Context(), level) {
			attrs := []any{"ref", st.reference(), "route", st.route, "method", r.Method, "status", seen.status, "actor", st.actor.Login, "ms", elapsed.Milliseconds()}
			if st.failure != nil {
				attrs = append(attrs, "error", st.failure)
			}
			s.log.Log(r.Context(), level, "request", attrs...)
		}
	})
}

// seenWriter remembers the status of an answer.
type seenWriter struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (w *seenWriter) WriteHeader(status int) {
	if !w.wrote {
		w.status, w.wrote = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *seenWriter) Write(b []byte) (int, error) {
	w.wrote = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *seenWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

const policy = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"

// fixedHeaders are the security headers of every answer. Their values are shared
// by all answers and never changed.
var fixedHeaders = map[string][]string{
	"Content-Security-Policy":    {policy},
	"X-Content-Type-Options":     {"nosniff"},
	"Referrer-Policy":            {"same-origin"},
	"Permissions-Policy":         {"camera=(), geolocation=(), microphone=()"},
	"Cross-Origin-Opener-Policy": {"same-origin"},
}

// headers sets the security headers; the one about TLS only where there is TLS.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for name, value := range fixedHeaders {
			h[name] = value
		}
		if len(s.opt.Providers) > 0 {
			h.Set("Content-Security-Policy", s.policyWithProviders())
		}
		if s.opt.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// maxBody is enough for any form of ours; the routes that take a document have a
// bound of their own (uploadBounds), which the guard sets once it has let the
// actor in.
const maxBody = 1 << 20

// bounds limits the body of a request that may change something; the server's
// own time-outs bound how long it may take to arrive.
func (s *Server) bounds(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !reads(r) {
			stateOf(r).body = r.Body
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		}
		next.ServeHTTP(w, r)
	})
}

// apiPrefix is the part of the web that is for programs: no session, no pages.
const apiPrefix = "/api/"

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, apiPrefix) }

// session finds the user behind a cookie. Programs and static files have none.
func (s *Server) session(next http.Handler) http.Handler {
	withUser := s.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.recognise(r)
		next.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isAPI(r) || strings.HasPrefix(r.URL.Path, "/static/") {
			next.ServeHTTP(w, r)
			return
		}
		withUser.ServeHTTP(w, r)
	})
}

// crossOrigin refuses a post from another site.
func (s *Server) crossOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.cross.Check(r); err != nil {
			s.fail(w, r, &canteen.Error{Kind: canteen.KindForbidden, Key: "error.crossOrigin", Err: err})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// guard is the innermost layer: it holds the actor against the route's audience
// and calls the handler.
func (s *Server) guard(row route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		st := stateOf(r)
		st.route = row.name
		if row.audience.forAPI() {
			if err := s.bearer(r); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		if !row.audience.admits(st.actor) {
			if st.actor.Login == "" && !isAPI(r) {
				s.askLogin(w, r)
				return
			}
			s.fail(w, r, canteen.Refuse(canteen.KindForbidden, "error.forbidden"))
			return
		}
		if !row.audience.everybody {
			w.Header().Set("Cache-Control", "no-store")
		}
		if bound := uploadBounds[strings.TrimPrefix(row.name, actingName)]; bound > 0 {
			allowUpload(w, r, bound)
		}
		if err := row.do(s, w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// bearer finds the actor of an API request.
func (s *Server) bearer(r *http.Request) error {
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return canteen.Refuse(canteen.KindUnauthenticated, "error.token")
	}
	actor, err := s.store.TokenActor(strings.TrimSpace(secret))
	stateOf(r).actor = actor
	return err
}

// askLogin sends somebody unknown to the login page and back.
func (s *Server) askLogin(w http.ResponseWriter, r *http.Request) {
	to := s.to("login")
	if reads(r) {
		to += "?next=" + urlQuery(r.URL.RequestURI())
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, canteen.Refuse(canteen.KindNotFound, "error.notFound"))
}

func (s *Server) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{"GET", "HEAD", "POST", "DELETE"} {
		var match mux.RouteMatch
		probe := r.Clone(r.Context())
		probe.Method = method
		if s.routerOf(r.URL.Path).Match(probe, &match) && match.MatchErr == nil {
			allowed = append(allowed, method)
		}
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	s.failWith(w, r, http.StatusMethodNotAllowed, canteen.Refuse(canteen.KindNotFound, "error.method"))
}

// client is the address a request came from: what a believed proxy says, else
// the connection's own.
func (s *Server) client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if slices.Contains(s.opt.Proxies, host) {
		parts := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if last := strings.TrimSpace(parts[len(parts)-1]); net.ParseIP(last) != nil {
			return last
		}
	}
	return host
}
