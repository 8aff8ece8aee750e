package handlers

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// SecuritySessionsPage lists where a person is logged in. Page name
// "security/sessions".
type SecuritySessionsPage struct {
	render.Page
	FormID   string
	Sessions []SecuritySession
	Others   bool // there is more than this one
	Staff    bool // it may have a second factor
}

// SecuritySession is one browser.
type SecuritySession struct {
	store.Session
	This            bool
	Browser, System render.Message
}

// Day is the day the session began.
func (l SecuritySession) Day() canteen.Date { return canteen.DateOf(l.Began) }

// sessionID is the ID of the session of a request. scs keeps a token by this hash
// of it.
func (s *Server) sessionID(r *http.Request) string {
	sum := sha256.Sum256([]byte(s.sessions.Token(r.Context())))
	return store.SessionID(base64.RawURLEncoding.EncodeToString(sum[:]))
}

func (s *Server) profileSessions(w http.ResponseWriter, r *http.Request) error {
	all, err := s.store.SessionsOf(act(r))
	if err != nil {
		return err
	}
	p := SecuritySessionsPage{Page: s.newPage(r, "security.sessions.title"), FormID: newFormID(), Others: len(all) > 1, Staff: store.Staff(stateOf(r).actor.Role)}
	mine := s.sessionID(r)
	for _, one := range all {
		browser, system, _ := strings.Cut(one.Device, "/")
		p.Sessions = append(p.Sessions, SecuritySession{one, one.ID == mine, render.Msg("security.browser." + browser), render.Msg("security.system." + system)})
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "security/sessions", p)
}

func (s *Server) profileSessionEnd(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.EndSession(act(r), routeVar(r, "sessione")); err != nil {
		return err
	}
	s.flash(w, "flash.security.ended")
	http.Redirect(w, r, s.to("profile.sessions"), http.StatusSeeOther)
	return nil
}

func (s *Server) profileSessionsOthers(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.store.EndOtherSessions(act(r), s.sessionID(r)); err != nil {
		return err
	}
	s.flash(w, "flash.security.endedOthers")
	http.Redirect(w, r, s.to("profile.sessions"), http.StatusSeeOther)
	return nil
}
