package handlers

import (
	"net/http"
	"slices"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// stepWords are the steps in the words of addresses, in order.
var stepWords = [...]string{canteen.StepPrivacy: "privacy", canteen.StepChild: "alunno", canteen.StepSchool: "scuola",
	canteen.StepDays: "giorni", canteen.StepDiet: "dieta", canteen.StepRelief: "agevolazione"}

// stepWord is a step as addresses name it.
func stepWord(step canteen.ApplicationStep) string { return stepWords[step] }

// EnrolStepPage is one step of an application. Page name "enrol/step".
type EnrolStepPage struct {
	render.Page
	EnrolStepper
	View      store.ApplicationView
	Step      canteen.ApplicationStep
	Heading   render.Message
	Form      officeForm
	Weekdays  []*render.Field // one box for each day, on the step of the days
	DaysError render.Message
	BackURL   string // the step before; empty on the first
	SaveURL   string
	Known     bool // the service knows the child: its data are shown and not asked
}

// EnrolStepper is the list of the steps with the one at hand (C.SE.1.8).
type EnrolStepper struct {
	Steps []EnrolStepLink
	Here  int // number of the step at hand, from 1
	Count int
}

// EnrolStepLink is a step in the list; one that can be gone to has an address.
type EnrolStepLink struct {
	Label render.Message
	URL   string
	Here  bool
	Done  bool
}

// stepper lists the steps of an application: those filled in and the next can be
// gone to.
func (s *Server) stepper(v *store.ApplicationView, here int) EnrolStepper {
	last := int(canteen.LastStep)
	st := EnrolStepper{Here: here, Count: last + 2}
	for n := 1; n <= last; n++ {
		step := canteen.ApplicationStep(n)
		link := EnrolStepLink{Label: render.Msg("enrol.step." + step.String()), Here: n == here, Done: n <= v.Step && (v.Missing == 0 || step < v.Missing)}
		if n != here && n <= v.Step+1 && v.Editable() {
			link.URL = s.to("enrol.step", v.Handle, stepWord(step))
		}
		st.Steps = append(st.Steps, link)
	}
	summary := EnrolStepLink{Label: render.Msg("enrol.step.summary"), Here: here == last+1, Done: here > last+1}
	if v.Step == last && here <= last {
		summary.URL = s.to("enrol.summary", v.Handle)
	}
	st.Steps = append(st.Steps, summary, EnrolStepLink{Label: render.Msg("enrol.step.receipt"), Here: here == last+2})
	return st
}

// Current is the label of the step at hand.
func (st EnrolStepper) Current() render.Message { return st.Steps[st.Here-1].Label }

func (s *Server) enrolStep(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolStepPage(r)
	if err != nil {
		return err
	}
	if !p.View.Editable() {
		http.Redirect(w, r, s.to("enrol.application", p.View.Handle), http.StatusSeeOther)
		return nil
	}
	if p.View.Missing == p.Step && p.View.Step >= int(p.Step) { // it was filled in, and holds no more
		if err := p.refuse(p.View.Why); err != nil {
			return err
		}
	}
	return s.page(w, r, http.StatusOK, "enrol/step", p)
}

func (s *Server) enrolStepPage(r *http.Request) (*EnrolStepPage, error) {
	v, err := s.store.Application(act(r), routeVar(r, "domanda"))
	if err != nil {
		return nil, err
	}
	n := slices.Index(stepWords[:], routeVar(r, "passo"))
	if n < 1 {
		return nil, canteen.Refuse(canteen.KindNotFound, "error.notFound")
	}
	step := canteen.ApplicationStep(n)
	p := &EnrolStepPage{Page: s.newPage(r, "enrol.apply.title", s.enrolCrumbs("enrol.apply.title")...), View: v, Step: step,
		EnrolStepper: s.stepper(&v, n), Heading: render.Msg("enrol.heading." + step.String()),
		SaveURL: s.to("enrol.save", v.Handle, stepWord(step)), Known: v.Pupil != 0}
	if step > canteen.StepPrivacy {
		p.BackURL = s.to("enrol.step", v.Handle, stepWord(step-1))
	}
	p.fields(func(key string, args ...any) string { return s.catalog.T(s.langOf(r), key, args...) })
	return p, nil
}

// refuse puts a refusal beside its field, that of the days beside their group.
func (p *EnrolStepPage) refuse(err error) error {
	refusal := err
	if err := p.Form.refuse(&p.Page, refusal); err != nil {
		return err
	}
	if p.Step == canteen.StepDays && len(p.Problems) > 0 && p.Problems[0].Target == "" {
		p.DaysError, p.Problems[0].Target = p.Problems[0].Message, p.Weekdays[0].Name
	}
	return nil
}

// enrolSave keeps a step and goes on: to the next one, or to the summary when
// every step has been filled in once.
func (s *Server) enrolSave(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolStepPage(r)
	if err != nil {
		return err
	}
	for _, f := range p.Weekdays {
		f.Optional = true
	}
	if _, err := append(slices.Clone(p.Form), p.Weekdays...).read(r); err != nil {
		return err
	}
	answers, err := p.answers()
	if p.Form.wrong() {
		p.Problems = p.Form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "enrol/step", p)
	}
	var a canteen.Application
	if err == nil {
		a, err = s.store.SaveApplication(act(r), p.View.Handle, p.Step, answers)
	}
	if err != nil {
		if err := p.refuse(err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "enrol/step", p)
	}
	to := s.to("enrol.summary", a.Handle)
	if next := p.Step + 1; a.Step < int(canteen.LastStep) && next <= canteen.LastStep {
		to = s.to("enrol.step", a.Handle, stepWord(next))
	}
	if r.PostForm.Get("do") == doLater {
		s.flash(w, "flash.enrol.saved")
		to = s.to("enrol.list")
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// doLater is the button that keeps the draft and leaves.
const doLater = "later"
