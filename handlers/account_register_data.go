package handlers

import (
	"net/http"

	"github.com/alexedwards/argon2id"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// RegisterDataPage asks who the person is and where it lives. Page name
// "account/register_data".
type RegisterDataPage struct {
	render.Page
	Steps                   []RegisterStep
	Surname, Name, CF       render.Field
	Address, PostCode, City render.Field
	Sure                    render.Field // asked when name and codice fiscale do not agree
	Doubt                   bool
}

func (p *RegisterDataPage) fields() officeForm {
	f := officeForm{&p.Surname, &p.Name, &p.CF, &p.Address, &p.PostCode, &p.City}
	if p.Doubt {
		f = append(f, &p.Sure)
	}
	return f
}

// RegisterPasswordPage asks for the password and shows the privacy notice. Page
// name "account/register_password".
type RegisterPasswordPage struct {
	render.Page
	Steps    []RegisterStep
	Email    string // the login to be, for password managers
	Password render.Field
	Privacy  render.Field
}

func (p *RegisterPasswordPage) fields() officeForm { return officeForm{&p.Password, &p.Privacy} }

func addressFields(g *canteen.Guardian) (address, postCode, city render.Field) {
	return render.Field{Name: "address", Label: "account.address", Hint: "account.addressHint", Autocomplete: "street-address", MaxLength: 120, Value: g.Address},
		render.Field{Name: "postcode", Label: "account.postcode", Autocomplete: "postal-code", MaxLength: 10, Short: true, Value: g.PostCode},
		render.Field{Name: "city", Label: "account.city", Autocomplete: "address-level2", MaxLength: 80, Value: g.City}
}

func (s *Server) registerDataPage(r *http.Request, reg *store.Registration) *RegisterDataPage {
	g := &reg.Person
	p := &RegisterDataPage{Page: s.newPage(r, "account.data.title"), Steps: s.registerSteps(stepData),
		Surname: render.Field{Name: "surname", Label: "account.surname", Autocomplete: "family-name", MaxLength: 60, Value: g.Surname},
		Name:    render.Field{Name: "name", Label: "account.name", Autocomplete: "given-name", MaxLength: 60, Value: g.Name},
		CF:      render.Field{Name: "cf", Label: "account.cf", Hint: "account.cfHint", MaxLength: 20, Value: string(g.CodiceFiscale)},
		Sure:    render.Field{Name: "sure", Type: render.TypeCheckbox, Label: "account.data.sure"}}
	p.Address, p.PostCode, p.City = addressFields(g)
	return p
}

func (s *Server) registerData(w http.ResponseWriter, r *http.Request) error {
	_, reg, ok, err := s.registrationAt(w, r, stepData)
	if !ok {
		return err
	}
	return s.page(w, r, http.StatusOK, "account/register_data", s.registerDataPage(r, &reg))
}

// registerDescribe takes the data. A name that does not agree with the codice
// fiscale is pointed out once and taken when the person is sure: the Agenzia
// delle Entrate is the authority, not we (rules R11.1).
func (s *Server) registerDescribe(w http.ResponseWriter, r *http.Request) error {
	word, reg, ok, err := s.registrationAt(w, r, stepData)
	if !ok {
		return err
	}
	p := s.registerDataPage(r, &reg)
	form := p.fields()
	if _, err := form.read(r); err != nil {
		return err
	}
	form.missing()
	g := canteen.Guardian{Surname: p.Surname.Value, Name: p.Name.Value, CodiceFiscale: canteen.CodiceFiscale(p.CF.Value),
		Address: p.Address.Value, PostCode: p.PostCode.Value, City: p.City.Value}
	sure := r.PostForm.Get("sure") != ""
	p.Doubt = !form.wrong() && len(store.CodiceFiscaleDoubts(&g)) > 0
	if !form.wrong() && (!p.Doubt || sure) {
		if err := s.store.DescribeRegistration(act(r), word, g); err == nil {
			http.Redirect(w, r, s.to("register.password"), http.StatusSeeOther)
			return nil
		} else if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
	}
	p.Sure.Checked = sure
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "account/register_data", p)
}

func newPasswordField(label string) render.Field {
	return render.Field{Name: "password", Type: render.TypePassword, Label: label, Hint: "account.passwordHint", Autocomplete: "new-password", MaxLength: 200}
}

func (s *Server) registerPasswordPage(r *http.Request, reg *store.Registration) *RegisterPasswordPage {
	return &RegisterPasswordPage{Page: s.newPage(r, "account.register.passwordTitle"), Steps: s.registerSteps(stepPassword),
		Email: store.CleanLogin(reg.Email), Password: newPasswordField("login.password"),
		Privacy: render.Field{Name: "privacy", Type: render.TypeCheckbox, Label: "account.register.privacy"}}
}

func (s *Server) registerPassword(w http.ResponseWriter, r *http.Request) error {
	_, reg, ok, err := s.registrationAt(w, r, stepPassword)
	if !ok {
		return err
	}
	return s.page(w, r, http.StatusOK, "account/register_password", s.registerPasswordPage(r, &reg))
}

// registerFinish makes the account, logs the person in and leads it to what it
// came for: the enrolments. The password is
// hashed whatever the answer will be, so that its time tells nothing. A form
// sent twice logs in with the password it made.
func (s *Server) registerFinish(w http.ResponseWriter, r *http.Request) error {
	word := wordOf(r, registerCookie)
	reg, err := s.store.Registration(word)
	if err != nil || reg.Login == "" && reached(&reg) < stepPassword {
		_, _, _, err := s.registrationAt(w, r, stepPassword)
		return err
	}
	p := s.registerPasswordPage(r, &reg)
	form := p.fields()
	if _, err := form.read(r); err != nil {
		return err
	}
	password := r.PostForm.Get("password")
	form.missing()
	if !p.Privacy.Checked {
		p.Privacy.Error = render.Msg("account.register.privacyError")
	}
	checkNewPassword(&p.Password, password)
	clearPasswords(form)
	if form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "account/register_password", p)
	}
	hash, err := s.hash(r.Context(), password)
	if err != nil {
		return err
	}
	u, ok, err := s.store.FinishRegistration(act(r), word, hash, canteen.PrivacyNotice)
	if err != nil {
		return err
	}
	if !ok {
		http.Redirect(w, r, s.to("register.office"), http.StatusSeeOther)
		return nil
	}
	s.forgetWord(w, registerCookie, s.to("register"))
	s.flash(w, "flash.account.ready")
	if fits, err := argon2id.ComparePasswordAndHash(password, u.Hash); u.Hash != hash && (err != nil || !fits) {
		http.Redirect(w, r, s.to("login"), http.StatusSeeOther)
		return nil
	}
	if err := s.letIn(r, u, byPassword); err != nil {
		return err
	}
	http.Redirect(w, r, s.to("enrol.list"), http.StatusSeeOther)
	return nil
}

// RegisterOfficePage says that the office completes the registration, and how.
// Page name "account/register_office".
type RegisterOfficePage struct{ render.Page }

func (s *Server) registerOffice(w http.ResponseWriter, r *http.Request) error {
	return s.page(w, r, http.StatusOK, "account/register_office", RegisterOfficePage{s.newPage(r, "account.office.title")})
}
