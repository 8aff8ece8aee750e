package handlers

import (
	"errors"
	"net/http"
	"slices"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// PasswordPage changes the password of whoever is logged in. Page name
// "account/password".
type PasswordPage struct {
	render.Page
	Login         string
	Old, Password render.Field
	Has           bool // the login has a password: who comes by SPID has none
	Staff         bool // its sessions and second factor are nowhere else to be found
}

func (p *PasswordPage) fields() officeForm { return officeForm{&p.Old, &p.Password} }

func (s *Server) passwordPage(r *http.Request) *PasswordPage {
	u := stateOf(r).user
	var crumbs []render.Crumb
	if slices.Contains(accountHolders.roles, u.Role) {
		crumbs = []render.Crumb{profileCrumb(s), {Label: "account.password.title"}}
	}
	return &PasswordPage{Page: s.newPage(r, "account.password.title", crumbs...), Login: u.Login, Has: u.Hash != "", Staff: store.Staff(u.Role),
		Old:      render.Field{Name: "old", Type: render.TypePassword, Label: "account.password.old", Autocomplete: "current-password", MaxLength: 200},
		Password: newPasswordField("account.password.new")}
}

func (s *Server) password(w http.ResponseWriter, r *http.Request) error {
	p := s.passwordPage(r)
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "account/password", p)
}

// passwordChange asks for the old password, as often as a login may be tried;
// the other sessions of the login end.
func (s *Server) passwordChange(w http.ResponseWriter, r *http.Request) error {
	p, u := s.passwordPage(r), stateOf(r).user
	form := p.fields()
	if _, err := form.read(r); err != nil {
		return err
	}
	if !p.Has {
		return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
	}
	form.missing()
	checkNewPassword(&p.Password, r.PostForm.Get("password"))
	if !form.wrong() && !s.logins.allow("account:"+u.Login) {
		p.Old.Error = render.Msg("login.throttled")
	}
	if !form.wrong() {
		fits, err := s.verify(r.Context(), r.PostForm.Get("old"), u.Hash)
		if err != nil {
			return err
		}
		if !fits {
			p.Old.Error = render.Msg("account.password.wrong")
		}
	}
	clearPasswords(form)
	if form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "account/password", p)
	}
	hash, err := s.hash(r.Context(), r.PostForm.Get("password"))
	if err != nil {
		return err
	}
	changed, err := s.store.ChangePassword(act(r), hash)
	if err == nil {
		err = s.begin(r, changed, s.sessionOf(r).Provider)
	}
	if err != nil {
		return err
	}
	s.flash(w, "flash.account.password")
	http.Redirect(w, r, s.to("password"), http.StatusSeeOther)
	return nil
}

// checkNewPassword puts what is wrong with a new password beside its field. A
// password is taken as typed, spaces and all.
func checkNewPassword(f *render.Field, password string) {
	if refusal, ok := errors.AsType[*canteen.Error](canteen.CheckPassword(password)); ok && f.Error.Key == "" {
		f.Error = render.Msg(refusal.Key, refusal.Args...)
	}
}

// clearPasswords keeps passwords out of a page that comes back.
func clearPasswords(form officeForm) {
	for _, f := range form {
		if f.Type == render.TypePassword {
			f.Value = ""
		}
	}
}
