package handlers

import (
	"net/http"
	"slices"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// The steps of a registration, in order (mission 1, rules R4.3).
const (
	stepContacts = 1 + iota
	stepCodes
	stepData
	stepPassword
)

// RegisterStep is a step as the bar above the form shows it: a link back when it
// is done.
type RegisterStep struct {
	Label   string
	URL     string
	Current bool
}

// RegisterPage asks for the contacts. Page name "account/register".
type RegisterPage struct {
	render.Page
	Steps        []RegisterStep
	FormID       string
	Email, Phone render.Field
	Open         bool // codes can be sent: without mail nobody can register
	Expired      bool // the registration that was under way is gone
}

func (p *RegisterPage) fields() officeForm { return officeForm{&p.Email, &p.Phone} }

// RegisterCodesPage asks for the codes that were sent. Page name
// "account/register_codes".
type RegisterCodesPage struct {
	render.Page
	Steps                []RegisterStep
	Email, Phone         string
	EmailCode, PhoneCode render.Field
	AskEmail, AskPhone   bool
	PhoneProved          bool
	Resent               bool
	Demo                 bool // there is a mailbox to read the codes in
}

func (p *RegisterCodesPage) fields() (f officeForm) {
	if p.AskEmail {
		f = append(f, &p.EmailCode)
	}
	if p.AskPhone {
		f = append(f, &p.PhoneCode)
	}
	return f
}

// The cookies that hold the word of a registration and of a forgotten password.
// They open nothing by themselves: the codes do.
const (
	registerCookie = "registrazione"
	resetCookie    = "ripristino"
	wordLife       = 2 * time.Hour
)

func (s *Server) keepWord(w http.ResponseWriter, name, path, word string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: word, Path: path, MaxAge: int(wordLife / time.Second),
		HttpOnly: true, Secure: s.opt.Secure, SameSite: http.SameSiteLaxMode})
}

func (s *Server) forgetWord(w http.ResponseWriter, name, path string) {
	http.SetCookie(w, &http.Cookie{Name: name, Path: path, MaxAge: -1, HttpOnly: true, Secure: s.opt.Secure, SameSite: http.SameSiteLaxMode})
}

func wordOf(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// sends tells whether messages go out by a channel.
func (s *Server) sends(c canteen.Channel) bool { return slices.Contains(s.opt.Channels, c) }

// registerSteps draws the bar: steps before the current one can be gone back to,
// except the codes, which are used up.
func (s *Server) registerSteps(current int) (steps []RegisterStep) {
	for i, name := range []string{"register", "register.codes", "register.data", "register.password"} {
		step := RegisterStep{Label: "account.step." + []string{"contacts", "codes", "data", "password"}[i], Current: i+1 == current}
		if i+1 < current && i+1 != stepCodes {
			step.URL = s.to(name)
		}
		steps = append(steps, step)
	}
	return steps
}

// reached is the step a registration has come to.
func reached(reg *store.Registration) int {
	switch {
	case !reg.Proved():
		return stepCodes
	case !reg.Described():
		return stepData
	}
	return stepPassword
}

// registrationAt returns the registration of this browser if it has come to a
// step; otherwise it answers with the step to go to, and ok is false.
func (s *Server) registrationAt(w http.ResponseWriter, r *http.Request, step int) (word string, reg store.Registration, ok bool, err error) {
	word = wordOf(r, registerCookie)
	reg, err = s.store.Registration(word)
	to := ""
	switch {
	case canteen.KindOf(err) == canteen.KindNotFound:
		to = s.to("register") + "?scaduta=1"
	case err != nil:
		return word, reg, false, err
	case reg.Login != "":
		s.flash(w, "flash.account.ready")
		to = s.to("login")
	case reached(&reg) < step:
		to = s.to(map[int]string{stepCodes: "register.codes", stepData: "register.data"}[reached(&reg)])
	default:
		return word, reg, true, nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return word, reg, false, nil
}

func (s *Server) registerPage(r *http.Request) *RegisterPage {
	return &RegisterPage{Page: s.newPage(r, "account.register.title"), Steps: s.registerSteps(stepContacts), FormID: newFormID(),
		Open: s.sends(canteen.ChannelEmail),
		Email: render.Field{Name: "email", Type: render.TypeEmail, Label: "account.email", Hint: "account.register.emailHint",
			Autocomplete: "email", MaxLength: 254},
		Phone: render.Field{Name: "phone", Type: render.TypeTel, Label: "account.mobile", Hint: "account.register.mobileHint",
			Autocomplete: "tel", MaxLength: 25}}
}

// registerContacts shows the first step, with what was typed before.
func (s *Server) registerContacts(w http.ResponseWriter, r *http.Request) error {
	if u := stateOf(r).user; u != nil {
		http.Redirect(w, r, s.front(u.Role), http.StatusSeeOther)
		return nil
	}
	p := s.registerPage(r)
	p.Expired = r.FormValue("scaduta") != ""
	if word := wordOf(r, registerCookie); word != "" {
		if reg, err := s.store.Registration(word); err == nil && reg.Login == "" {
			p.FormID, p.Email.Value, p.Phone.Value = word, reg.Email, reg.Phone
		}
	}
	return s.page(w, r, http.StatusOK, "account/register", p)
}

// registerBegin takes the contacts. Whether an e-mail has an account already is
// not told here: the answer is the same, and the difference is in the letter.
func (s *Server) registerBegin(w http.ResponseWriter, r *http.Request) error {
	p := s.registerPage(r)
	form := p.fields()
	id, err := form.read(r)
	if err != nil {
		return err
	}
	if id != "" {
		p.FormID = id
	}
	if !s.logins.allow("register:" + s.client(r)) {
		return s.tooMany(w, r)
	}
	if !p.Open {
		return s.page(w, r, http.StatusUnprocessableEntity, "account/register", p)
	}
	form.missing()
	if form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "account/register", p)
	}
	err = s.store.BeginRegistration(act(r), p.FormID, store.RegistrationContacts{Email: p.Email.Value, Phone: p.Phone.Value,
		Lang: s.langOf(r), ByText: s.sends(canteen.ChannelSMS)})
	if err != nil {
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "account/register", p)
	}
	s.keepWord(w, registerCookie, s.to("register"), p.FormID)
	http.Redirect(w, r, s.to("register.codes"), http.StatusSeeOther)
	return nil
}

// tooMany answers whoever asks too often.
func (s *Server) tooMany(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Retry-After", "60")
	s.failWith(w, r, http.StatusTooManyRequests, canteen.Refuse(canteen.KindUnavailable, "error.tooMany"))
	return nil
}

func codeField(name, label string) render.Field {
	return render.Field{Name: name, Label: label, Autocomplete: "one-time-code", InputMode: "numeric", MaxLength: 12, Short: true}
}

func (s *Server) registerCodesPage(r *http.Request, reg *store.Registration) *RegisterCodesPage {
	return &RegisterCodesPage{Page: s.newPage(r, "account.codes.title"), Steps: s.registerSteps(stepCodes), Email: reg.Email, Phone: reg.Phone,
		Demo:      s.opt.Mailbox != nil,
		EmailCode: codeField("emailCode", "account.codes.email"), PhoneCode: codeField("phoneCode", "account.codes.phone"),
		AskEmail: !reg.EmailProved, AskPhone: reg.ByText && !reg.PhoneProved, PhoneProved: reg.PhoneProved}
}

// registerCodes asks for the codes still missing.
func (s *Server) registerCodes(w http.ResponseWriter, r *http.Request) error {
	_, reg, ok, err := s.registrationAt(w, r, stepCodes)
	if !ok {
		return err
	}
	if reg.Proved() {
		http.Redirect(w, r, s.to("register.data"), http.StatusSeeOther)
		return nil
	}
	p := s.registerCodesPage(r, &reg)
	p.Resent = r.FormValue("nuovi") != ""
	return s.page(w, r, http.StatusOK, "account/register_codes", p)
}

// registerProve tries the codes; one right and one wrong leaves one to ask for.
func (s *Server) registerProve(w http.ResponseWriter, r *http.Request) error {
	word, reg, ok, err := s.registrationAt(w, r, stepCodes)
	if !ok {
		return err
	}
	p := s.registerCodesPage(r, &reg)
	form := p.fields()
	if _, err := form.read(r); err != nil {
		return err
	}
	form.missing()
	if err := s.store.ProveRegistration(act(r), word, p.EmailCode.Value, p.PhoneCode.Value); err != nil {
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
	}
	if form.wrong() {
		if reg, err = s.store.Registration(word); err != nil {
			return err
		}
		p.AskEmail, p.AskPhone, p.PhoneProved = !reg.EmailProved, reg.ByText && !reg.PhoneProved, reg.PhoneProved
		p.Problems = p.fields().problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "account/register_codes", p)
	}
	http.Redirect(w, r, s.to("register.data"), http.StatusSeeOther)
	return nil
}

// registerResend sends new codes, once a minute.
func (s *Server) registerResend(w http.ResponseWriter, r *http.Request) error {
	word, reg, ok, err := s.registrationAt(w, r, stepCodes)
	if !ok {
		return err
	}
	if err := s.store.ResendCodes(act(r), word); err != nil {
		p := s.registerCodesPage(r, &reg)
		if err := p.fields().refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "account/register_codes", p)
	}
	http.Redirect(w, r, s.to("register.codes")+"?nuovi=1", http.StatusSeeOther)
	return nil
}
