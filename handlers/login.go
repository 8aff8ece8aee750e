package handlers

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// A login may be tried this often per account and address.
const (
	loginEvery = 20 * time.Second
	loginBurst = 8
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
	p := render.NewLoginPage(s.newPage(r, ""), localPath(r.FormValue("next")))
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "login", p)
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	login, next := r.PostForm.Get("login"), localPath(r.PostForm.Get("next"))
	p := render.NewLoginPage(s.newPage(r, ""), next)
	p.Login.Value = login
	if !s.logins.allow("account:"+strings.ToLower(login)) || !s.logins.allow("address:"+s.client(r)+":"+strings.ToLower(login)) {
		p.Password.Error = render.Msg("login.throttled")
		p.Problems = render.Problems(p.Login, p.Password)
		w.Header().Set("Retry-After", "60")
		return s.page(w, r, http.StatusTooManyRequests, "login", p)
	}
	u, err := s.store.User(login)
	known := err == nil && !u.Disabled && u.Hash != ""
	hash := u.Hash
	if !known {
		hash = s.nobody // the time of the answer must not tell which logins exist
	}
	fits, err := s.verify(r.Context(), r.PostForm.Get("password"), hash)
	if err != nil {
		return err
	}
	if !known || !fits {
		p.Password.Error = render.Msg("login.refused")
		p.Problems = render.Problems(p.Login, p.Password)
		return s.page(w, r, http.StatusUnprocessableEntity, "login", p)
	}
	if err := s.begin(r, u); err != nil {
		return err
	}
	if next == "" {
		next = s.front(u.Role)
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// verify compares a password with a hash, one at a time: hashing must never
// starve what happens before the cut-off (performance.md). Whoever waits too
// long is told to try again.
func (s *Server) verify(ctx context.Context, password, hash string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, RequestTimeout)
	defer cancel()
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return false, &canteen.Error{Kind: canteen.KindUnavailable, Key: "error.busy", Err: ctx.Err()}
	}
	fits, err := argon2id.ComparePasswordAndHash(password, hash)
	return err == nil && fits, nil
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, s.to("home"), http.StatusSeeOther)
	return nil
}

// localPath lets only addresses of ours through: a path, not //elsewhere.
func localPath(next string) string {
	if strings.HasPrefix(next, "/") && !strings.HasPrefix(next, "//") && !strings.ContainsAny(next, "\\\r\n") {
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
