package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// What a family can say, as forms write it.
const (
	verbAbsence = "absence"
	verbWhite   = "white"
	verbBack    = "back" // take back what stands
)

// familyRequest is a communication as forms and addresses carry it: fields alunno
// (repeated), tipo, dal, al.
type familyRequest struct {
	handles  []string
	verb     string
	from, to canteen.Date
}

// query writes the request as the query of an address.
func (q familyRequest) query() string {
	v := url.Values{"alunno": q.handles, "tipo": {q.verb}}
	if !q.from.IsZero() {
		v.Set("dal", q.from.String())
	}
	if !q.to.IsZero() {
		v.Set("al", q.to.String())
	}
	return v.Encode()
}

// about is the request with other children or days.
func (q familyRequest) about(handle string, from, to canteen.Date) familyRequest {
	return familyRequest{handles: []string{handle}, verb: q.verb, from: from, to: to}
}

// toStore names the pupils, eldest first; every handle must be one of the
// family's.
func (q familyRequest) toStore(kids children) (store.CommunicationRequest, error) {
	kind, _ := canteen.ParseCommunicationKind(q.verb) // verbBack is the zero kind
	req := store.CommunicationRequest{Kind: kind, From: q.from, To: q.to}
	for _, h := range q.handles {
		if _, err := kids.with(h); err != nil {
			return req, err
		}
	}
	for i := range kids {
		if slices.Contains(q.handles, kids[i].Pupil.Handle) {
			req.Pupils = append(req.Pupils, kids[i].Pupil.PAN)
		}
	}
	return req, nil
}

// FamilyFormPage asks for whom, what and when. Page name "family/communications".
type FamilyFormPage struct {
	render.Page
	Children      []ChildChoice
	ChildrenError render.Message
	Kind          render.Field
	From, To      render.Field
}

// ChildChoice is one box of the question "for whom".
type ChildChoice struct {
	Handle  string
	Name    string
	Place   string
	Checked bool
}

// familyForm is Azioni → Comunicazioni (mission 12).
func (s *Server) familyForm(w http.ResponseWriter, r *http.Request) error {
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	p := s.formPage(r, kids.that(canteen.RightCancel), r.Form)
	return s.page(w, r, http.StatusOK, "family/communications", p)
}

// formPage is the form filled with what was sent, or what an address proposes.
func (s *Server) formPage(r *http.Request, kids children, sent url.Values) FamilyFormPage {
	p := FamilyFormPage{Page: s.newPage(r, "family.communications.title", s.familyCrumbs("family.nav.action")...),
		Kind: render.Field{Name: "tipo", Type: render.TypeRadio, Label: "family.communications.what", Options: []render.Option{
			{Value: verbAbsence, Text: "family.communications.absence", Note: "family.communications.absenceNote"},
			{Value: verbWhite, Text: "family.communications.white", Note: "family.communications.whiteNote"},
			{Value: verbBack, Text: "family.communications.back", Note: "family.communications.backNote"},
		}},
		From: render.Field{Name: "dal", Type: render.TypeDate, Label: "family.communications.from", Value: isoDay(sent.Get("dal")), Min: s.today().String(), Short: true},
		To: render.Field{Name: "al", Type: render.TypeDate, Label: "family.communications.to", Value: isoDay(sent.Get("al")), Min: s.today().String(),
			Optional: true, Short: true},
	}
	chosen := sent["alunno"]
	for i := range kids {
		f := &kids[i]
		p.Children = append(p.Children, ChildChoice{f.Pupil.Handle, kids.name(f), childPlace(f), len(kids) == 1 || slices.Contains(chosen, f.Pupil.Handle)})
	}
	for i := range p.Kind.Options {
		p.Kind.Options[i].Selected = p.Kind.Options[i].Value == sent.Get("tipo")
	}
	return p
}

// isoDay writes a typed day as a date input wants it; what is no day stays as
// it was typed.
func isoDay(typed string) string {
	if d, err := canteen.ParseDate(typed); err == nil {
		return d.String()
	}
	return typed
}

// readRequest reads a form. Without a last day the first is the only one. The
// page it fills says what is wrong, beside each question; ok tells that nothing
// is.
func readRequest(sent url.Values, p *FamilyFormPage) (q familyRequest, ok bool) {
	q = familyRequest{handles: sent["alunno"], verb: sent.Get("tipo")}
	if len(q.handles) == 0 {
		p.ChildrenError = render.Msg("error.communication.pupils")
	}
	if !slices.Contains([]string{verbAbsence, verbWhite, verbBack}, q.verb) {
		p.Kind.Error = render.Msg("family.communications.whatMissing")
	}
	q.from = readDay(sent.Get("dal"), &p.From)
	if q.to = q.from; sent.Get("al") != "" {
		q.to = readDay(sent.Get("al"), &p.To)
	}
	p.list()
	return q, len(p.Problems) == 0
}

func readDay(typed string, f *render.Field) canteen.Date {
	if typed == "" {
		f.Error = render.Msg("error.required")
		return 0
	}
	d, err := canteen.ParseDate(typed)
	if err != nil {
		f.Error = render.Msg("error.date", typed)
	}
	return d
}

// list puts the errors of the questions at the top of the page, in their order.
func (p *FamilyFormPage) list() {
	p.Problems = nil
	if p.ChildrenError.Key != "" && len(p.Children) > 0 {
		p.Problems = append(p.Problems, render.Problem{Target: "alunno-" + p.Children[0].Handle, Message: p.ChildrenError})
	}
	p.Problems = append(p.Problems, render.Problems(p.Kind, p.From, p.To)...)
}

// refused puts a refusal of the record beside the question it is about; false
// when it is about none and needs a page of its own.
func (p *FamilyFormPage) refused(err error) bool {
	e, ok := errors.AsType[*canteen.Error](err)
	if !ok || e.Kind != canteen.KindInvalid {
		return false
	}
	message := render.Msg(e.Key, e.Args...)
	switch e.Field {
	case "from":
		p.From.Error = message
	case "to":
		p.To.Error = message
	case "pupils":
		p.ChildrenError = message
	default:
		return false
	}
	p.list()
	return true
}

// familyCrumbs are the steps to a page of the family's area.
func (s *Server) familyCrumbs(here string) []render.Crumb {
	return []render.Crumb{{Label: "family.nav.children", URL: s.to("family.home")}, {Label: here}}
}
