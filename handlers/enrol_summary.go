package handlers

import (
	"bytes"
	"errors"
	"net/http"

	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/handlers/render"
	"refettorio/store"
)

// EnrolSummaryPage shows everything on one page right before it is sent (C.SE.1.4).
// Page name "enrol/summary".
type EnrolSummaryPage struct {
	render.Page
	EnrolStepper
	View       store.ApplicationView
	Facts      EnrolFacts
	MissingURL string         // the step that does not hold
	MissingWhy render.Message // why
	FormID     string
	Doubts     []render.Message
}

// EnrolFacts is what an application asks for, in words, with the step where each
// part can be changed.
type EnrolFacts struct {
	Child    canteen.Child
	Parent   canteen.Guardian
	Own      bool
	School   string
	Grade    string
	Class    string
	Days     []render.Message // empty: every day of the class
	From     canteen.Date
	Meal     canteen.Date // the first day that could be
	Diet     render.Message
	Band     string
	Exempt   bool
	Edit     map[string]string // the address of a step, by its word; nil where nothing can be changed
	Notice   int               // version of the privacy notice
	DietURL  string            // where the diet request goes on
	DietOpen bool              // it still lacks something
}

func (s *Server) enrolFacts(v *store.ApplicationView) EnrolFacts {
	f := EnrolFacts{Child: v.Child, Parent: v.Applicant, Own: v.Own, School: v.SchoolName, Grade: v.Grade, Class: v.ClassName,
		From: v.From, Diet: render.Msg("enrol.diet.none"), Band: v.Band, Exempt: v.Band == canteen.BandExempt, Notice: v.Privacy}
	if v.Editable() || v.State == canteen.Submitted {
		f.Meal = v.FirstMeal
	}
	if v.Weekdays != 0 {
		f.Days = weekdaysMessages(v.Weekdays)
	}
	if v.Application.Diet != "" {
		f.Diet = render.Msg("enrol.diet." + string(v.Application.Diet))
	}
	if v.DietAsked != "" && v.Own {
		f.DietURL, f.DietOpen = s.to("family.diet", v.DietAsked), v.Diet == canteen.DietIncomplete
		if f.DietOpen {
			f.DietURL += "?modifica=1" // straight to what is to be filled in
		}
	}
	if v.Editable() {
		f.Edit = map[string]string{}
		for step := canteen.StepPrivacy; step <= canteen.LastStep; step++ {
			f.Edit[stepWord(step)] = s.to("enrol.step", v.Handle, stepWord(step))
		}
	}
	return f
}

func (s *Server) enrolSummary(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolSummaryPage(r)
	if err != nil {
		return err
	}
	if !p.View.Editable() {
		http.Redirect(w, r, s.to("enrol.application", p.View.Handle), http.StatusSeeOther)
		return nil
	}
	return s.page(w, r, http.StatusOK, "enrol/summary", p)
}

func (s *Server) enrolSummaryPage(r *http.Request) (*EnrolSummaryPage, error) {
	v, err := s.store.Application(act(r), routeVar(r, "domanda"))
	if err != nil {
		return nil, err
	}
	p := &EnrolSummaryPage{Page: s.newPage(r, "enrol.summary.title", s.enrolCrumbs("enrol.summary.title")...), View: v,
		EnrolStepper: s.stepper(&v, int(canteen.LastStep)+1), Facts: s.enrolFacts(&v), FormID: newFormID()}
	if v.Missing != 0 {
		p.MissingURL = s.to("enrol.step", v.Handle, stepWord(v.Missing))
		if refusal, ok := errors.AsType[*canteen.Error](v.Why); ok && v.Step >= int(v.Missing) && v.Missing != canteen.StepPrivacy {
			p.MissingWhy = render.Msg(refusal.Key, refusal.Args...)
		}
	}
	for _, doubt := range v.Doubts {
		p.Doubts = append(p.Doubts, render.Msg("enrol.doubt."+doubt))
	}
	return p, nil
}

// enrolSubmit sends the application; sent twice it is the same one.
func (s *Server) enrolSubmit(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolSummaryPage(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	if _, err = s.store.SubmitApplication(act(r), p.View.Handle); err != nil {
		if !p.View.Editable() { // it was taken back meanwhile: there is no form to bring back
			return err
		}
		if err := (officeForm{}).refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "enrol/summary", p)
	}
	http.Redirect(w, r, s.to("enrol.receipt", p.View.Handle), http.StatusSeeOther)
	return nil
}

// EnrolReceiptPage is the numbered receipt, with what comes next and the rating.
// Page name "enrol/receipt".
type EnrolReceiptPage struct {
	render.Page
	EnrolStepper
	View   store.ApplicationView
	Facts  EnrolFacts
	Day    canteen.Date // on which it reached the server
	Hour   string
	Rating *RatingStars
}

func (s *Server) enrolReceipt(w http.ResponseWriter, r *http.Request) error {
	v, err := s.store.Application(act(r), routeVar(r, "domanda"))
	if err != nil {
		return err
	}
	if v.Receipt.IsZero() {
		return canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
	}
	p := &EnrolReceiptPage{Page: s.newPage(r, "enrol.receipt.title", s.enrolCrumbs("enrol.receipt.title")...), View: v, Facts: s.enrolFacts(&v),
		EnrolStepper: s.stepper(&v, int(canteen.LastStep)+2), Day: canteen.DateOf(v.Submitted), Hour: clockSeconds(v.Submitted),
		Rating: newRatingStars(s.to("enrol.rating", v.Handle), 0)}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "enrol/receipt", p)
}

// enrolReceiptPDF is the receipt for paper, in the language of the page.
func (s *Server) enrolReceiptPDF(w http.ResponseWriter, r *http.Request) error {
	v, err := s.store.Application(act(r), routeVar(r, "domanda"))
	if err != nil {
		return err
	}
	if v.Receipt.IsZero() {
		return canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
	}
	t := func(key string, args ...any) string { return s.catalog.T(s.langOf(r), key, args...) }
	var body bytes.Buffer
	if err := documents.RequestReceiptPDF(&body, t, s.fonts, s.requestReceipt(&v, t)); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="ricevuta-iscrizione.pdf"`)
	_, _ = w.Write(body.Bytes()) // a client that hung up has no answer to lose
	return nil
}

func (s *Server) requestReceipt(v *store.ApplicationView, t documents.Translate) *documents.RequestReceipt {
	f := s.enrolFacts(v)
	place := f.School + ", " + f.Class
	if f.Class == "" {
		place = f.School + ", " + t("enrol.summary.gradeOnly", f.Grade)
	}
	facts := []documents.Fact{
		{Name: t("enrol.summary.child"), Text: f.Child.Name + " " + f.Child.Surname},
		{Name: t("enrol.summary.year"), Text: v.Year},
		{Name: t("enrol.summary.school"), Text: place},
	}
	if v.Own {
		facts = append(facts, documents.Fact{Name: t("enrol.summary.applicant"), Text: f.Parent.Name + " " + f.Parent.Surname})
	}
	if v.Operator != "" {
		facts = append(facts, documents.Fact{Name: t("document.desk.operator"), Text: v.Operator})
	}
	return &documents.RequestReceipt{Town: s.opt.Town.Name, Title: t("enrol.pdf.title"), Number: v.Receipt, Received: v.Submitted,
		Officer: v.Officer, Due: v.Due, Facts: facts, Next: []string{t("enrol.receipt.next1"), t("enrol.receipt.next2")}}
}
