package handlers

import (
	"net/http"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// DeskPaperPage enters what a family told by telephone or on paper while it could
// not be entered (story 49). Page name "desk/paper".
type DeskPaperPage struct {
	render.Page
	FormID             string
	Pupil, Kind        render.Field
	Day, Heard, Reason render.Field
	SaveURL            string
	NoChildren         bool
}

func (p *DeskPaperPage) fields() officeForm {
	return officeForm{&p.Pupil, &p.Kind, &p.Day, &p.Heard, &p.Reason}
}

func (s *Server) newDeskPaper(r *http.Request) (*DeskPaperPage, children, error) {
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return nil, nil, err
	}
	p := &DeskPaperPage{Page: s.newPage(r, "desk.paper.title", s.familyCrumbs("desk.paper.title")...), FormID: newFormID(),
		Pupil: render.Field{Name: "pupil", Type: render.TypeRadio, Label: "desk.paper.pupil"},
		Kind: render.Field{Name: "kind", Type: render.TypeRadio, Label: "desk.paper.kind", Options: []render.Option{
			{Value: canteen.Absence.String(), Text: "desk.paper.absence"}, {Value: canteen.White.String(), Text: "desk.paper.white"}}},
		Day:     render.Field{Name: "day", Type: render.TypeDate, Label: "desk.paper.day", Value: s.today().String(), Max: s.today().String(), Short: true},
		Heard:   render.Field{Name: "heard", Label: "desk.paper.heard", Hint: "desk.paper.heardHint", MaxLength: 5, Short: true},
		Reason:  render.Field{Name: "reason", Label: "desk.paper.reason", Hint: "desk.paper.reasonHint", MaxLength: 200},
		SaveURL: s.to("desk.paper.save", s.behalf.handle), NoChildren: len(kids) == 0}
	for i := range kids {
		p.Pupil.Options = append(p.Pupil.Options, render.Option{Value: kids[i].Pupil.Handle, Text: kids.name(&kids[i]), Selected: len(kids) == 1})
	}
	return p, kids, nil
}

func (s *Server) deskPaper(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.newDeskPaper(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "desk/paper", p)
}

// deskPaperSave enters the note and shows its receipt, which says whether it was
// in time.
func (s *Server) deskPaperSave(w http.ResponseWriter, r *http.Request) error {
	p, kids, err := s.newDeskPaper(r)
	if err != nil {
		return err
	}
	id, err := p.fields().read(r)
	if err != nil {
		return err
	}
	if id != "" {
		p.FormID = id
	}
	n := store.PaperNote{Day: fieldOf(&p.Day, canteen.ParseDate), Heard: fieldOf(&p.Heard, canteen.ParseClock), Reason: p.Reason.Value}
	n.Kind, _ = canteen.ParseCommunicationKind(p.Kind.Value) // the store refuses the zero kind
	if p.fields().missing(); p.fields().wrong() {
		p.Problems = p.fields().problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "desk/paper", p)
	}
	f, err := kids.with(p.Pupil.Value)
	if err != nil {
		return err
	}
	n.Pupil = f.Pupil.PAN
	done, err := s.store.NotePaper(formAct(r), n)
	if err != nil {
		if err := p.fields().refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "desk/paper", p)
	}
	http.Redirect(w, r, s.to("desk.receipt", s.behalf.handle, numberVar(done.Receipt)), http.StatusSeeOther)
	return nil
}

// OfficePaperPage lists the requests that rest on a note and takes the office's
// answers. Page name "desk/requests".
type OfficePaperPage struct {
	render.Page
	FormID   string
	Requests []OfficePaperRequest
}

// OfficePaperRequest is a request and what was answered.
type OfficePaperRequest struct {
	Number, Person, Pupil, Operator string
	Day                             canteen.Date
	Kind                            render.Message
	Heard, Received                 time.Time
	Why                             string
	AnswerURL                       string // empty once it is answered
	Answer                          render.Message
	AnswerWhy                       string
}

func (s *Server) officePaperPage(r *http.Request) (p OfficePaperPage, err error) {
	all, err := s.store.PaperRequests(act(r))
	if err != nil {
		return p, err
	}
	p = OfficePaperPage{Page: s.newPage(r, "desk.requests.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "desk.requests.title"}), FormID: newFormID()}
	for i := range all {
		one, rec := &all[i], &all[i].Receipt
		line := OfficePaperRequest{Number: rec.Number.String(), Person: one.Person, Pupil: one.Pupil, Operator: one.Operator, Day: rec.Days[0],
			Kind: render.Msg("desk.paper." + rec.What), Heard: rec.Heard, Received: rec.Received, Why: rec.Why}
		if one.Answer == nil {
			line.AnswerURL = s.to("desk.requests.answer", numberVar(rec.Number))
		} else {
			line.Answer, line.AnswerWhy = render.Msg("desk.requests."+one.Answer.What), one.Answer.Why
		}
		p.Requests = append(p.Requests, line)
	}
	return p, nil
}

func (s *Server) officePaper(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officePaperPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "desk/requests", p)
}

// officePaperAnswer decides a request.
func (s *Server) officePaperAnswer(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	var n canteen.ReceiptNumber
	if err := n.UnmarshalText([]byte(strings.Replace(routeVar(r, "number"), "-", "/", 1))); err != nil || n.IsZero() {
		return canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
	}
	err := s.store.AnswerPaper(formAct(r), n, r.PostForm.Get("decision"), strings.TrimSpace(r.PostForm.Get("reason")))
	if canteen.KindOf(err) == canteen.KindInvalid && err != nil {
		p, problem := s.officePaperPage(r)
		if problem != nil {
			return problem
		}
		p.Problems = []render.Problem{{Message: render.Msg("desk.requests.missing", n.String())}}
		return s.page(w, r, http.StatusUnprocessableEntity, "desk/requests", p)
	}
	if err != nil {
		return err
	}
	s.flash(w, "flash.desk.answered")
	http.Redirect(w, r, s.to("desk.requests"), http.StatusSeeOther)
	return nil
}
