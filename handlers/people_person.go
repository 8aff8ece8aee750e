package handlers

import (
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// PersonPage is the file of a person. Its title names nobody. Page name
// "people/person".
type PersonPage struct {
	render.Page
	store.PersonFile
	EmailProved, PhoneProved bool
	Children                 []PersonChild
	History                  []ChangeLine
	DataURL, LinkURL         string
	MergeURL                 string
}

// PersonChild is a pupil of a person.
type PersonChild struct {
	Name, PAN      string
	URL, UnlinkURL string
	Last           bool // the person is its only guardian
}

// peopleCrumbs lead to a page below the persons.
func (s *Server) peopleCrumbs(here string) []render.Crumb {
	return []render.Crumb{{Label: "office.nav.home", URL: s.to("office.home")}, {Label: "people.title", URL: s.to("people")}, {Label: here}}
}

func (s *Server) personFile(w http.ResponseWriter, r *http.Request) error {
	f, err := s.store.PersonFile(act(r), routeVar(r, "persona"))
	if err != nil {
		return err
	}
	if f.Person.Handle != routeVar(r, "persona") { // it was merged: its file is the other's
		http.Redirect(w, r, s.to("people.person", f.Person.Handle), http.StatusSeeOther)
		return nil
	}
	g := &f.Person
	p := PersonPage{Page: s.newPage(r, "people.person.title", s.peopleCrumbs("people.person.title")...), PersonFile: f,
		EmailProved: g.Email != "" && f.Profile.Email.Value == g.Email, PhoneProved: g.Phone != "" && f.Profile.Phone.Value == g.Phone,
		DataURL: s.to("people.data", g.Handle), LinkURL: s.to("people.link", g.Handle), MergeURL: s.to("people.merge", g.Handle)}
	for i := range f.Pupils {
		one := &f.Pupils[i]
		p.Children = append(p.Children, PersonChild{Name: one.Surname + " " + one.Name, PAN: one.PAN.String(), URL: s.to("office.pupil", one.Handle),
			UnlinkURL: s.to("people.unlink", g.Handle, one.Handle), Last: len(one.Guardians) == 1})
	}
	for i := range f.Log {
		p.History = append(p.History, s.changeLine(&f.Log[i]))
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "people/person", p)
}

// PeopleFormPage is a form about a person or a pupil's codice fiscale. Page name
// "people/form".
type PeopleFormPage struct {
	render.Page
	FormID  string
	Heading render.Message
	Lead    string // message key
	Fields  []*render.Field
	Submit  string // message key
	URL     string
	BackURL string
}

func (p *PeopleFormPage) form() officeForm { return officeForm(p.Fields) }

// refusedForm answers a form that was refused: with the refusal, or with what the
// fields say.
func (s *Server) refusedForm(w http.ResponseWriter, r *http.Request, p *PeopleFormPage, err error) error {
	form := p.form()
	if err == nil {
		p.Problems = form.problems()
	} else if err := form.refuse(&p.Page, err); err != nil {
		return err
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "people/form", p)
}

// whyField asks an official why.
func whyField() *render.Field {
	return &render.Field{Name: "reason", Label: "people.reason", Hint: "people.reasonHint", MaxLength: 300}
}

// personFields ask for the registry data of a person.
func personFields(g *canteen.Guardian, codeOptional bool) []*render.Field {
	return []*render.Field{
		{Name: "surname", Label: "people.surname", Value: g.Surname, MaxLength: 100},
		{Name: "name", Label: "people.name", Value: g.Name, MaxLength: 100},
		{Name: "cf", Label: "people.cf", Hint: "people.cfHint", Value: string(g.CodiceFiscale), MaxLength: 24, Optional: codeOptional},
		{Name: "phone", Type: render.TypeTel, Label: "people.phone", Value: g.Phone, MaxLength: 40, Optional: true},
		{Name: "email", Type: render.TypeEmail, Label: "people.email", Value: g.Email, MaxLength: 254, Optional: true},
		{Name: "address", Label: "people.address", Value: g.Address, MaxLength: 100, Optional: true},
		{Name: "postcode", Label: "people.postcode", Value: g.PostCode, MaxLength: 10, Optional: true, Short: true},
		{Name: "city", Label: "people.city", Value: g.City, MaxLength: 100, Optional: true},
	}
}

// typedPerson is what the fields hold, as it was typed: the record tidies it.
func typedPerson(fields []*render.Field) canteen.Guardian {
	v := map[string]string{}
	for _, f := range fields {
		v[f.Name] = f.Value
	}
	return canteen.Guardian{Surname: v["surname"], Name: v["name"], CodiceFiscale: canteen.CodiceFiscale(strings.ToUpper(v["cf"])),
		Phone: v["phone"], Email: v["email"], Address: v["address"], PostCode: v["postcode"], City: v["city"]}
}

func (s *Server) personNewPage(r *http.Request) PeopleFormPage {
	return PeopleFormPage{Page: s.newPage(r, "people.new.title", s.peopleCrumbs("people.new.title")...), FormID: newFormID(),
		Heading: render.Msg("people.new.title"), Lead: "people.new.lead", Fields: personFields(&canteen.Guardian{}, true),
		Submit: "people.new.do", URL: s.to("people.add"), BackURL: s.to("people")}
}

func (s *Server) personNew(w http.ResponseWriter, r *http.Request) error {
	return s.page(w, r, http.StatusOK, "people/form", s.personNewPage(r))
}

func (s *Server) personAdd(w http.ResponseWriter, r *http.Request) error {
	p := s.personNewPage(r)
	form := p.form()
	var err error
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	if form.missing(); form.wrong() {
		return s.refusedForm(w, r, &p, nil)
	}
	handle, err := s.store.AddPerson(formAct(r), typedPerson(p.Fields))
	if err != nil {
		return s.refusedForm(w, r, &p, err)
	}
	return s.officeDone(w, r, "flash.people.added", s.to("people.person", handle))
}

func (s *Server) personDataPage(r *http.Request) (p PeopleFormPage, err error) {
	f, err := s.store.PersonFile(act(r), routeVar(r, "persona"))
	if err != nil {
		return p, err
	}
	g := &f.Person
	return PeopleFormPage{Page: s.newPage(r, "people.data.title", s.peopleCrumbs("people.data.title")...), FormID: newFormID(),
		Heading: render.Msg("people.data.heading", g.Surname, g.Name), Lead: "people.data.lead", Fields: personFields(g, g.CodiceFiscale == ""),
		Submit: "people.data.do", URL: s.to("people.correct", g.Handle), BackURL: s.to("people.person", g.Handle)}, nil
}

func (s *Server) personData(w http.ResponseWriter, r *http.Request) error {
	p, err := s.personDataPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "people/form", p)
}

func (s *Server) personCorrect(w http.ResponseWriter, r *http.Request) error {
	p, err := s.personDataPage(r)
	if err != nil {
		return err
	}
	form := p.form()
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	if form.missing(); form.wrong() {
		return s.refusedForm(w, r, &p, nil)
	}
	typed := typedPerson(p.Fields)
	if err := s.store.CorrectPerson(formAct(r), routeVar(r, "persona"), typed); err != nil {
		return s.refusedForm(w, r, &p, err)
	}
	said := "flash.people.corrected"
	if len(typed.CodiceFiscale.Mismatch(typed.Surname, typed.Name, 0, 0)) > 0 {
		said = "flash.people.correctedDiffers" // a reason to look again, never to refuse (rules R11.1)
	}
	return s.officeDone(w, r, said, p.BackURL)
}
