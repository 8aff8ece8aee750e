package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"refettorio/canteen"
	"refettorio/store"
)

// Sessions last long for families, so that the rush before the cut-off needs no
// login (performance.md), and a working day for staff.
const (
	familySession = 30 * 24 * time.Hour
	staffSession  = 12 * time.Hour
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

// The values of a session: who, and the user's epoch when the session began.
const (
	sessionLogin = "login"
	sessionEpoch = "epoch"
)

// sessionCodec writes a session as one short line; sessions are read on every
// page and hold two words.
type sessionCodec struct{}

// Encode writes deadline, epoch and login.
func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	login, _ := values[sessionLogin].(string)
	epoch, _ := values[sessionEpoch].(int)
	return []byte(strconv.FormatInt(deadline.UnixMilli(), 36) + " " + strconv.Itoa(epoch) + " " + login), nil
}

// Decode reads what Encode wrote; anything else is a session of nobody.
func (sessionCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	parts := strings.SplitN(string(b), " ", 3)
	if len(parts) != 3 {
		return time.Time{}, map[string]any{}, nil
	}
	millis, err := strconv.ParseInt(parts[0], 36, 64)
	if err != nil {
		return time.Time{}, map[string]any{}, nil
	}
	epoch, err := strconv.Atoi(parts[1])
	if err != nil {
		return time.Time{}, map[string]any{}, nil
	}
	return time.UnixMilli(millis), map[string]any{sessionLogin: parts[2], sessionEpoch: epoch}, nil
}

// recognise puts the user of the session into the request's state. A disabled
// user, or one whose role or password changed since, is nobody.
func (s *Server) recognise(r *http.Request) {
	login := s.sessions.GetString(r.Context(), sessionLogin)
	if login == "" {
		return
	}
	u, err := s.store.User(login)
	if err != nil || u.Disabled || u.Epoch != s.sessions.GetInt(r.Context(), sessionEpoch) {
		return
	}
	st := stateOf(r)
	st.user, st.actor = &u, u.Actor()
}

// begin starts the session of a user under a new token, so that a token planted
// before the login is worth nothing.
func (s *Server) begin(r *http.Request, u store.User) error {
	ctx := r.Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	life := staffSession
	if u.Role == canteen.RoleGuardian || u.Role == canteen.RoleDelegate {
		life = familySession
	}
	s.sessions.SetDeadline(ctx, time.Now().Add(life))
	s.sessions.Put(ctx, sessionLogin, u.Login)
	s.sessions.Put(ctx, sessionEpoch, u.Epoch)
	return nil
}
