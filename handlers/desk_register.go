package handlers

import (
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// DeskRegisterPage enters a family that comes with its papers and has neither
// e-mail nor computer (story 38). Page name "desk/register".
type DeskRegisterPage struct {
	render.Page
	FormID                  string
	CF, Surname, Name       render.Field
	Address, PostCode, City render.Field
	Phone, Email            render.Field
	Document, Privacy       render.Field
	Odd                     render.Field // shown when the names do not fit the code: sure?
	AskOdd                  bool
}

func (p *DeskRegisterPage) fields() officeForm {
	f := officeForm{&p.CF, &p.Surname, &p.Name, &p.Address, &p.PostCode, &p.City, &p.Phone, &p.Email, &p.Document, &p.Privacy}
	if p.AskOdd {
		f = append(f, &p.Odd)
	}
	return f
}

func (s *Server) newDeskRegister(r *http.Request) *DeskRegisterPage {
	return &DeskRegisterPage{Page: s.newPage(r, "desk.register.title", render.Crumb{Label: "desk.nav.home", URL: s.to("desk.home")},
		render.Crumb{Label: "desk.register.title"}), FormID: newFormID(),
		CF:       render.Field{Name: "cf", Label: "desk.register.cf", Hint: "desk.register.cfHint", MaxLength: 20},
		Surname:  render.Field{Name: "surname", Label: "desk.register.surname", MaxLength: 80},
		Name:     render.Field{Name: "name", Label: "desk.register.name", MaxLength: 80},
		Address:  render.Field{Name: "address", Label: "desk.register.address", MaxLength: 120},
		PostCode: render.Field{Name: "postcode", Label: "desk.register.postcode", InputMode: "numeric", Pattern: "[0-9]{5}", MaxLength: 5, Short: true},
		City:     render.Field{Name: "city", Label: "desk.register.city", MaxLength: 80},
		Phone:    render.Field{Name: "phone", Type: render.TypeTel, Label: "desk.register.phone", Hint: "desk.register.phoneHint", MaxLength: 30, Optional: true},
		Email:    render.Field{Name: "email", Type: render.TypeEmail, Label: "desk.register.email", Hint: "desk.register.emailHint", MaxLength: 200, Optional: true},
		Document: render.Field{Name: "document", Type: render.TypeCheckbox, Label: "desk.register.document"},
		Privacy:  render.Field{Name: "privacy", Type: render.TypeCheckbox, Label: "desk.register.privacy"},
		Odd:      render.Field{Name: "odd", Type: render.TypeCheckbox, Label: "desk.register.odd"},
	}
}

func (s *Server) deskRegister(w http.ResponseWriter, r *http.Request) error {
	return s.page(w, r, http.StatusOK, "desk/register", s.newDeskRegister(r))
}

// deskRegisterSave enters the person and shows the receipt, the slip with the
// next steps.
func (s *Server) deskRegisterSave(w http.ResponseWriter, r *http.Request) error {
	p := s.newDeskRegister(r)
	id, err := p.fields().read(r)
	if err != nil {
		return err
	}
	if id != "" {
		p.FormID = id
	}
	p.Odd.Checked = r.PostForm.Get("odd") != ""
	n := p.registration()
	p.fields().missing()
	if !p.fields().wrong() {
		p.doubt(&n, s.today())
	}
	if p.fields().wrong() {
		p.Problems = p.fields().problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "desk/register", p)
	}
	done, err := s.store.RegisterAtDesk(formAct(r), n)
	if err != nil {
		if err := p.fields().refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "desk/register", p)
	}
	http.Redirect(w, r, s.to("desk.receipt", done.Handle, numberVar(done.Receipt)), http.StatusSeeOther)
	return nil
}

// registration reads the form; what cannot be read is an error of its field.
func (p *DeskRegisterPage) registration() store.DeskRegistration {
	n := store.DeskRegistration{CodiceFiscale: fieldOf(&p.CF, canteen.ParseCodiceFiscale), Surname: p.Surname.Value, Name: p.Name.Value,
		Address: p.Address.Value, PostCode: p.PostCode.Value, City: p.City.Value,
		Phone: fieldOf(&p.Phone, canteen.ParsePhone), Email: fieldOf(&p.Email, canteen.ParseEmail), DocumentSeen: p.Document.Checked}
	if p.Privacy.Checked {
		n.Privacy = canteen.PrivacyNotice
	}
	return n
}

// doubt asks once more when the names do not fit the codice fiscale. The code is
// the tax office's to judge: we warn and never block (rules R11.1).
func (p *DeskRegisterPage) doubt(n *store.DeskRegistration, today canteen.Date) {
	born, _ := n.CodiceFiscale.Born(today)
	if n.CodiceFiscale.Provisional() || len(n.CodiceFiscale.Mismatch(n.Surname, n.Name, born, n.CodiceFiscale.Sex())) == 0 {
		return
	}
	p.AskOdd = true
	if !p.Odd.Checked {
		p.Odd.Error = render.Msg("desk.register.oddWhy")
	}
}

// numberVar writes a receipt's number for an address: "2026-004183".
func numberVar(n canteen.ReceiptNumber) string { return strings.Replace(n.String(), "/", "-", 1) }
