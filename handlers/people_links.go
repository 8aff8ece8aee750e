package handlers

import (
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

func (s *Server) personLinkPage(r *http.Request) (p PeopleFormPage, err error) {
	f, err := s.store.PersonFile(act(r), routeVar(r, "persona"))
	if err != nil {
		return p, err
	}
	g := &f.Person
	pan := &render.Field{Name: "pan", Label: "people.link.pan", Hint: "people.link.panHint", InputMode: "numeric", MaxLength: 24, Short: true, Value: r.FormValue("alunno")}
	return PeopleFormPage{Page: s.newPage(r, "people.link.title", s.peopleCrumbs("people.link.title")...), FormID: newFormID(),
		Heading: render.Msg("people.link.heading", g.Surname, g.Name), Lead: "people.link.lead", Fields: []*render.Field{pan, whyField()},
		Submit: "people.link.do", URL: s.to("people.link.do", g.Handle), BackURL: s.to("people.person", g.Handle)}, nil
}

func (s *Server) personLink(w http.ResponseWriter, r *http.Request) error {
	p, err := s.personLinkPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "people/form", p)
}

func (s *Server) personLinkDo(w http.ResponseWriter, r *http.Request) error {
	p, err := s.personLinkPage(r)
	if err != nil {
		return err
	}
	form := p.form()
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	pan := fieldOf(p.Fields[0], canteen.ParsePAN)
	if form.missing(); form.wrong() {
		return s.refusedForm(w, r, &p, nil)
	}
	err = s.store.LinkGuardian(formAct(r), store.LinkChange{Person: routeVar(r, "persona"), Pupil: pan, Reason: p.Fields[1].Value})
	if err != nil {
		return s.refusedForm(w, r, &p, err)
	}
	return s.officeDone(w, r, "flash.people.linked", p.BackURL)
}

// personUnlinkPage asks for the reason; the pupil must be one of the person's.
func (s *Server) personUnlinkPage(r *http.Request) (p PeopleFormPage, err error) {
	f, err := s.store.PersonFile(act(r), routeVar(r, "persona"))
	if err != nil {
		return p, err
	}
	g := &f.Person
	for i := range f.Pupils {
		one := &f.Pupils[i]
		if one.Handle != routeVar(r, "pupil") {
			continue
		}
		return PeopleFormPage{Page: s.newPage(r, "people.unlink.title", s.peopleCrumbs("people.unlink.title")...), FormID: newFormID(),
			Heading: render.Msg("people.unlink.heading", g.Surname+" "+g.Name, one.Surname+" "+one.Name), Lead: "people.unlink.lead",
			Fields: []*render.Field{whyField()}, Submit: "people.unlink.do", URL: s.to("people.unlink.do", g.Handle, one.Handle),
			BackURL: s.to("people.person", g.Handle)}, nil
	}
	return p, canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
}

func (s *Server) personUnlink(w http.ResponseWriter, r *http.Request) error {
	p, err := s.personUnlinkPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "people/form", p)
}

// personUnlinkDo acts before it builds the page: a form sent twice is answered
// like the first, though the pupil is not the person's any more.
func (s *Server) personUnlinkDo(w http.ResponseWriter, r *http.Request) error {
	pupil, err := s.store.PupilByHandle(act(r), routeVar(r, "pupil"))
	if err != nil {
		return err
	}
	reason := *whyField()
	form := officeForm{&reason}
	id, err := form.read(r)
	if err != nil {
		return err
	}
	if form.missing(); !form.wrong() {
		err = s.store.UnlinkGuardian(formAct(r), store.LinkChange{Person: routeVar(r, "persona"), Pupil: pupil.PAN, Reason: reason.Value})
		if err == nil {
			return s.officeDone(w, r, "flash.people.unlinked", s.to("people.person", routeVar(r, "persona")))
		}
	}
	p, pageErr := s.personUnlinkPage(r)
	if pageErr != nil {
		return pageErr
	}
	p.FormID, p.Fields[0] = id, &reason
	return s.refusedForm(w, r, &p, err)
}

// pupilCodePage corrects the codice fiscale of a pupil, with a warning where it
// does not fit name and birth: the tax office decides, so it never stops anybody
// (rules R11.1).
func (s *Server) pupilCodePage(r *http.Request) (p PeopleFormPage, pupil canteen.Pupil, err error) {
	if pupil, err = s.store.PupilByHandle(act(r), routeVar(r, "pupil")); err != nil {
		return p, pupil, err
	}
	cf := &render.Field{Name: "cf", Label: "people.cf", Hint: "people.cfHint", Value: string(pupil.CodiceFiscale), MaxLength: 24}
	p = PeopleFormPage{Page: s.newPage(r, "people.code.title", s.peopleCrumbs("people.code.title")...), FormID: newFormID(),
		Heading: render.Msg("people.code.heading", pupil.Surname, pupil.Name), Lead: "people.code.lead", Fields: []*render.Field{cf, whyField()},
		Submit: "people.code.do", URL: s.to("people.pupilcode.save", pupil.Handle), BackURL: s.to("office.pupil", pupil.Handle)}
	return p, pupil, nil
}

func (s *Server) pupilCode(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.pupilCodePage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "people/form", p)
}

func (s *Server) pupilCodeSave(w http.ResponseWriter, r *http.Request) error {
	p, pupil, err := s.pupilCodePage(r)
	if err != nil {
		return err
	}
	form := p.form()
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	cf := fieldOf(p.Fields[0], canteen.ParseCodiceFiscale)
	if form.missing(); form.wrong() {
		return s.refusedForm(w, r, &p, nil)
	}
	if err := s.store.CorrectPupilCode(formAct(r), pupil.Handle, cf, p.Fields[1].Value); err != nil {
		return s.refusedForm(w, r, &p, err)
	}
	said := "flash.people.code"
	if len(cf.Mismatch(pupil.Surname, pupil.Name, pupil.Born, sexOf(pupil.Sex))) > 0 {
		said = "flash.people.codeDiffers"
	}
	return s.officeDone(w, r, said, p.BackURL)
}

// sexOf is the letter of a sex, 0 when it is not known.
func sexOf(s string) byte {
	if s = strings.TrimSpace(s); s == "" {
		return 0
	}
	return s[0]
}
