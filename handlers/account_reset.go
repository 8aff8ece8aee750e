package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// ResetPage asks whose password was forgotten. Page name "account/reset".
type ResetPage struct {
	render.Page
	FormID string
	Login  render.Field
	Open   bool // codes can be sent
}

func (p *ResetPage) fields() officeForm { return officeForm{&p.Login} }

// ResetCodePage asks for the code and the new password. Page name
// "account/reset_code".
type ResetCodePage struct {
	render.Page
	Code, Password render.Field
	Demo           bool // there is a mailbox to read the code in
}

func (p *ResetCodePage) fields() officeForm { return officeForm{&p.Code, &p.Password} }

func (s *Server) resetPage(r *http.Request) *ResetPage {
	return &ResetPage{Page: s.newPage(r, "account.reset.title"), FormID: newFormID(), Open: s.sends(canteen.ChannelEmail),
		Login: render.Field{Name: "login", Label: "account.reset.login", Autocomplete: "username", MaxLength: 254}}
}

func (s *Server) reset(w http.ResponseWriter, r *http.Request) error {
	return s.page(w, r, http.StatusOK, "account/reset", s.resetPage(r))
}

// resetStart answers the same for every name, known or not.
func (s *Server) resetStart(w http.ResponseWriter, r *http.Request) error {
	p := s.resetPage(r)
	form := p.fields()
	id, err := form.read(r)
	if err != nil {
		return err
	}
	if id != "" {
		p.FormID = id
	}
	if !s.logins.allow("reset:" + s.client(r)) {
		return s.tooMany(w, r)
	}
	if !p.Open {
		return s.page(w, r, http.StatusUnprocessableEntity, "account/reset", p)
	}
	form.missing()
	if !form.wrong() {
		err := s.store.StartReset(act(r), p.FormID, p.Login.Value)
		if err == nil {
			s.keepWord(w, resetCookie, s.to("reset"), p.FormID)
			http.Redirect(w, r, s.to("reset.code"), http.StatusSeeOther)
			return nil
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "account/reset", p)
}

func (s *Server) resetCodePage(r *http.Request) *ResetCodePage {
	return &ResetCodePage{Page: s.newPage(r, "account.reset.codeTitle"), Demo: s.opt.Mailbox != nil, Code: codeField("code", "account.reset.code"),
		Password: newPasswordField("account.password.new")}
}

func (s *Server) resetCode(w http.ResponseWriter, r *http.Request) error {
	return s.page(w, r, http.StatusOK, "account/reset_code", s.resetCodePage(r))
}

// resetFinish hashes before it looks at the code: the time of the answer is the
// same for a right code, a wrong one and a name nobody has. After it every
// session of the login has ended, so the person logs in anew.
func (s *Server) resetFinish(w http.ResponseWriter, r *http.Request) error {
	p := s.resetCodePage(r)
	form := p.fields()
	if _, err := form.read(r); err != nil {
		return err
	}
	form.missing()
	checkNewPassword(&p.Password, r.PostForm.Get("password"))
	clearPasswords(form)
	if form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "account/reset_code", p)
	}
	if !s.logins.allow("resetting:" + s.client(r)) {
		return s.tooMany(w, r)
	}
	hash, err := s.hash(r.Context(), r.PostForm.Get("password"))
	if err != nil {
		return err
	}
	if err := s.store.FinishReset(act(r), wordOf(r, resetCookie), p.Code.Value, hash); err != nil {
		if canteen.KindOf(err) == canteen.KindNotFound {
			http.Redirect(w, r, s.to("reset"), http.StatusSeeOther)
			return nil
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "account/reset_code", p)
	}
	s.forgetWord(w, resetCookie, s.to("reset"))
	s.flash(w, "flash.account.reset")
	http.Redirect(w, r, s.to("login"), http.StatusSeeOther)
	return nil
}
