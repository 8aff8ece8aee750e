package handlers

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"unicode"

	"github.com/alexedwards/argon2id"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// PasswordParams are the argon2id parameters of performance.md: about 60 ms on
// one core and 19 MiB.
var PasswordParams = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nobodysHash is made once: it costs as much as a login.
var nobodysHash = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("nobody", PasswordParams) })

func (s *Server) loginForm(w http.ResponseWriter, r *http.Request) error {
	if u := stateOf(r).user; u != nil {
		http.Redirect(w, r, s.front(u.Role), http.StatusSeeOther)
		return nil
	}
	p := s.loginPage(r, localPath(r.FormValue("next")))
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "login", p)
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	login, next := r.PostForm.Get("login"), localPath(r.PostForm.Get("next"))
	p := s.loginPage(r, next)
	p.Login.Value = login
	u, err := s.store.User(login)
	known := err == nil && !u.Disabled && u.Hash != ""
	try := s.tryOf(r, login, u)
	if !s.mayTry(try) {
		p.Password.Error = render.Msg("login.throttled")
		p.Problems = render.Problems(p.Login, p.Password)
		w.Header().Set("Retry-After", "60")
		return s.page(w, r, http.StatusTooManyRequests, "login", p)
	}
	hash := u.Hash
	if !known {
		hash = s.nobody // the time of the answer must not tell which logins exist
	}
	fits, err := s.verify(r.Context(), r.PostForm.Get("password"), hash)
	if err != nil {
		return err
	}
	if !known || !fits {
		if err := s.store.RecordLogin(store.Login{Login: login, Provider: byPassword, Address: s.client(r), Refused: true}); err != nil {
			return err
		}
		s.missed(try)
		p.Password.Error = render.Msg("login.refused")
		p.Problems = render.Problems(p.Login, p.Password)
		return s.page(w, r, http.StatusUnprocessableEntity, "login", p)
	}
	s.knowDevice(w, try, u)
	return s.enter(w, r, u, next)
}

// enter goes on after a right password: in, or to the second factor.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, u store.User, next string) error {
	step, err := s.secondStep(u)
	if err != nil {
		return err
	}
	if step != "" {
		if err := s.beginHalf(r, u); err != nil {
			return err
		}
		if next != "" {
			step += "?next=" + urlQuery(next)
		}
		http.Redirect(w, r, step, http.StatusSeeOther)
		return nil
	}
	if err := s.letIn(r, u, byPassword); err != nil {
		return err
	}
	if next == "" {
		next = s.front(u.Role)
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// How somebody without a provider of identities comes in, as the register of
// accesses calls it.
const (
	byPassword = "local"
	byFactor   = "totp" // after the password
)

// letIn writes into the register that somebody comes in (rules R1.13) and begins
// the session: without the line there is no session.
func (s *Server) letIn(r *http.Request, u store.User, how string) error {
	if err := s.store.RecordLogin(store.Login{Login: u.Login, Provider: how, Address: s.client(r)}); err != nil {
		return err
	}
	return s.begin(r, u, "")
}

// verify compares a password with a hash, in turn.
func (s *Server) verify(ctx context.Context, password, hash string) (fits bool, err error) {
	err = s.inTurn(ctx, func() error {
		fits, err = argon2id.ComparePasswordAndHash(password, hash)
		fits = err == nil && fits // a hash that cannot be read fits nothing
		return nil
	})
	return fits, err
}

// logout ends the session here, then at the provider of the identity, if it has
// a place for it (rules R1.9).
func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	to := s.logoutAt(s.sessionOf(r).Provider)
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// localPath lets only addresses of ours through: a path, not //elsewhere. Control
// characters are none: browsers leave a tab out of an address, and what is left
// of "/<tab>/elsewhere" leads there.
func localPath(next string) string {
	if strings.HasPrefix(next, "/") && !strings.HasPrefix(next, "//") && !strings.Contains(next, "\\") && !strings.ContainsFunc(next, unicode.IsControl) {
		return next
	}
	return ""
}

// formError turns a body that cannot be read into a refusal; a body too large
// keeps its own kind.
func formError(err error) error {
	if statusOf(err) == http.StatusRequestEntityTooLarge {
		return err
	}
	return &canteen.Error{Kind: canteen.KindInvalid, Key: "error.form", Err: err}
}
