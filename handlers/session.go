package handlers

import (
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"refettorio/store"
)

// Sessions last long for families, so that the rush before the cut-off needs no
// login (performance.md), and a working day for staff.
const (
	familySession = 30 * 24 * time.Hour
	staffSession  = 12 * time.Hour
	halfSession   = 10 * time.Minute // to type the code of the second factor
)

// newSessions keeps sessions in the store, by the hash of their token. There is
// no idle time-out: it would write on every page.
func newSessions(s *store.Store, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store = s.Sessions()
	m.Lifetime = familySession
	m.HashTokenInStore = true
	m.Codec = sessionCodec{}
	m.Cookie.Name, m.Cookie.Secure = "session", secure
	if secure {
		m.Cookie.Name = "__Host-session"
	}
	m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Path = true, http.SameSiteLaxMode, "/"
	return m
}

// sessionValue is the one value of a session: a store.Session.
const sessionValue = "session"

// sessionCodec writes a session as one short line: sessions are read on every
// page.
type sessionCodec struct{}

// Encode writes the session with its deadline.
func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	one, _ := values[sessionValue].(store.Session)
	one.Deadline = deadline
	return one.Line(), nil
}

// Decode reads what Encode wrote; anything else is a session of nobody.
func (sessionCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	one, ok := store.ParseSession(b)
	if !ok {
		return time.Time{}, map[string]any{}, nil
	}
	return one.Deadline, map[string]any{sessionValue: one}, nil
}

// sessionOf is the session of a request; the zero Session when there is none.
func (s *Server) sessionOf(r *http.Request) store.Session {
	one, _ := s.sessions.Get(r.Context(), sessionValue).(store.Session)
	return one
}

// recognise puts the user of the session into the request's state. A disabled
// user, one whose role or password changed since, and one whose second factor is
// still to come is nobody.
func (s *Server) recognise(r *http.Request) {
	one := s.sessionOf(r)
	if one.Login == "" || one.Half {
		return
	}
	u, err := s.store.User(one.Login)
	if err != nil || u.Disabled || u.Epoch != one.Epoch {
		return
	}
	st := stateOf(r)
	st.user, st.actor = &u, u.Actor()
}

// begin starts the session of a user under a new token, so that a token planted
// before the login is worth nothing. provider is that of the identity the person
// came in by, empty for a password.
func (s *Server) begin(r *http.Request, u store.User, provider string) error {
	life := staffSession
	if !store.Staff(u.Role) {
		life = familySession
	}
	return s.keep(r, store.Session{Login: u.Login, Epoch: u.Epoch, Provider: provider}, life)
}

// beginHalf starts what comes between the password and the second factor: it
// opens nothing but the page that asks for it.
func (s *Server) beginHalf(r *http.Request, u store.User) error {
	return s.keep(r, store.Session{Login: u.Login, Epoch: u.Epoch, Half: true}, halfSession)
}

func (s *Server) keep(r *http.Request, one store.Session, life time.Duration) error {
	ctx := r.Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	one.Began, one.Device, one.Address = time.Now(), deviceOf(r.UserAgent()), maskAddress(s.client(r))
	s.sessions.SetDeadline(ctx, one.Began.Add(life))
	s.sessions.Put(ctx, sessionValue, one)
	return nil
}
