package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/intake"
	"refettorio/store"
)

// FamilyDietFormPage asks what a child must not eat, and for the certificate.
// Page name "diet/ask".
type FamilyDietFormPage struct {
	render.Page
	FormID      string
	Handle      string // of a request that is there already
	Child       string // its child
	Children    []ChildChoice
	ChildError  render.Message
	Kind        render.Field
	Asked       render.Field
	Certificate render.Field
	HasDocument bool
	NoChildren  bool
}

// acceptedDocuments is what a browser offers to choose. There is no capture
// attribute: it would open the camera and hide the files, and a phone offers both
// by itself.
const acceptedDocuments = intake.MediaJPEG + "," + intake.MediaPNG + "," + intake.MediaPDF

// dietForm is the empty form.
func (s *Server) dietForm(r *http.Request, title string) *FamilyDietFormPage {
	p := &FamilyDietFormPage{FormID: newFormID(),
		Page: s.newPage(r, title, render.Crumb{Label: "family.nav.children", URL: s.to("family.home")},
			render.Crumb{Label: "diet.family.title", URL: s.to("family.diets")}, render.Crumb{Label: title}),
		Kind: render.Field{Name: "kind", Type: render.TypeRadio, Label: "diet.ask.kind", Options: []render.Option{
			{Value: string(canteen.DietHealth), Text: "diet.kind.health", Note: "diet.ask.healthNote"},
			{Value: string(canteen.DietEthical), Text: "diet.kind.ethical", Note: "diet.ask.ethicalNote"},
		}},
		Asked: render.Field{Name: "asked", Type: render.TypeTextArea, Label: "diet.ask.asked", Hint: "diet.ask.askedHint", MaxLength: canteen.MaxDietWords},
		Certificate: render.Field{Name: "certificate", Type: render.TypeFile, Label: "diet.ask.certificate", Hint: "diet.ask.certificateHint",
			Accept: acceptedDocuments, Optional: true},
	}
	return p
}

// ask fills the question for whom; a family with one child has its answer.
func (p *FamilyDietFormPage) ask(kids children, chosen string) {
	p.NoChildren = len(kids) == 0
	for i := range kids {
		f := &kids[i]
		p.Children = append(p.Children, ChildChoice{f.Pupil.Handle, kids.name(f), childPlace(f), len(kids) == 1 || f.Pupil.Handle == chosen})
	}
}

// dietEditPage is the form of a request that is there and was not sent.
func (s *Server) dietEditPage(r *http.Request, f *store.DietFile) *FamilyDietFormPage {
	p := s.dietForm(r, "diet.ask.edit")
	p.Handle, p.Child, p.HasDocument = f.Request.Handle, f.Child, f.Request.Certificate != ""
	pick(&p.Kind, string(f.Request.Kind))
	p.Asked.Value = f.Asked
	if p.HasDocument {
		p.Certificate.Hint = "diet.ask.certificateReplace"
	}
	return p
}

func (s *Server) familyDietNew(w http.ResponseWriter, r *http.Request) error {
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	p := s.dietForm(r, "diet.ask.title")
	p.ask(kids, r.FormValue("alunno"))
	return s.page(w, r, http.StatusOK, "diet/ask", p)
}

// take puts what was sent back into the form and makes the ask of it.
func (p *FamilyDietFormPage) take(sent url.Values, doc store.Document) store.DietAsk {
	p.FormID = formID(sent.Get("id"))
	pick(&p.Kind, sent.Get("kind"))
	p.Asked.Value = strings.TrimSpace(sent.Get("asked"))
	for i := range p.Children {
		p.Children[i].Checked = p.Children[i].Handle == sent.Get("alunno")
	}
	return store.DietAsk{Kind: canteen.DietKind(p.Kind.Value), Asked: p.Asked.Value, Document: doc}
}

// refused puts what is wrong beside its question; the page is then shown again.
// What is no refusal of the form is returned.
func (p *FamilyDietFormPage) refused(err error) error {
	form := officeForm{&p.Kind, &p.Asked, &p.Certificate}
	if err == nil {
		form.missing()
		p.Problems = form.problems()
	} else if err := form.refuse(&p.Page, err); err != nil {
		return err
	}
	if p.ChildError.Key != "" && len(p.Children) > 0 {
		p.Problems = append([]render.Problem{{Target: "alunno-" + p.Children[0].Handle, Message: p.ChildError}}, p.Problems...)
	}
	return nil
}

// familyDietAsk takes a first form. The request is kept and shown as a whole, to
// be sent with the next step (rules R4.3: summary, then confirm).
func (s *Server) familyDietAsk(w http.ResponseWriter, r *http.Request) error {
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	sent, doc, refused, err := readUpload(r)
	if err != nil {
		return err
	}
	p := s.dietForm(r, "diet.ask.title")
	p.ask(kids, "")
	ask := p.take(sent, doc)
	child, err := kids.with(sent.Get("alunno"))
	if err != nil && sent.Get("alunno") != "" {
		return err // somebody else's child
	}
	if child == nil {
		p.ChildError = render.Msg("error.communication.pupils")
	}
	if child == nil || refused != nil || p.Kind.Value == "" || p.Asked.Value == "" {
		return s.dietFormAgain(w, r, p, refused)
	}
	a := act(r)
	a.Once = p.FormID
	handle, err := s.store.OpenDiet(a, child.Pupil.PAN, ask)
	if err != nil {
		return s.dietFormAgain(w, r, p, err)
	}
	http.Redirect(w, r, s.to("family.diet", handle), http.StatusSeeOther)
	return nil
}

// familyDietSave takes the form of a request that is there.
func (s *Server) familyDietSave(w http.ResponseWriter, r *http.Request) error {
	f, err := s.store.FamilyDiet(act(r), routeVar(r, "dieta"))
	if err != nil {
		return err
	}
	sent, doc, refused, err := readUpload(r)
	if err != nil {
		return err
	}
	p := s.dietEditPage(r, &f)
	ask := p.take(sent, doc)
	if refused != nil || p.Kind.Value == "" || p.Asked.Value == "" {
		return s.dietFormAgain(w, r, p, refused)
	}
	a := act(r)
	a.Once = p.FormID
	if err := s.store.SaveDiet(a, f.Request.Handle, ask); err != nil {
		return s.dietFormAgain(w, r, p, err)
	}
	http.Redirect(w, r, s.to("family.diet", f.Request.Handle), http.StatusSeeOther)
	return nil
}

// dietFormAgain brings the form back filled; a chosen file must be chosen again,
// because browsers keep none.
func (s *Server) dietFormAgain(w http.ResponseWriter, r *http.Request, p *FamilyDietFormPage, err error) error {
	if other := p.refused(err); other != nil {
		return other
	}
	status := uploadStatus(err)
	if e, ok := errors.AsType[*canteen.Error](err); ok && e.Kind == canteen.KindConflict {
		status = http.StatusConflict
	}
	return s.page(w, r, status, "diet/ask", p)
}
