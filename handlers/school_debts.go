package handlers

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// OfficeDebtsPage lists the applications that meet an old debt, and the rule that
// decides (mission 4, story 39). Page name "school/debts".
type OfficeDebtsPage struct {
	render.Page
	Stopped []DebtLine
	Others  []DebtLine // somebody else's debt, one under the threshold, or let through
	Rule    canteen.DebtRule
	Term    canteen.Date
	FormID  string
	RuleForm
}

// RuleForm puts a new rule in force.
type RuleForm struct {
	Act, From, Threshold, TermDay render.Field
}

// DebtLine is one application of the list.
type DebtLine struct {
	store.ApplicationDebts
	URL string
}

func (s *Server) officeDebtsPage(r *http.Request) (*OfficeDebtsPage, error) {
	cases, err := s.store.DebtCases(act(r))
	if err != nil {
		return nil, err
	}
	history, err := s.store.DebtRules(act(r))
	if err != nil {
		return nil, err
	}
	rule := canteen.DebtRuleOn(history, s.today())
	p := &OfficeDebtsPage{Page: s.newPage(r, "school.debts.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "school.debts.title"}), Rule: rule, Term: rule.Term(canteen.YearOf(s.today())), FormID: newFormID()}
	p.RuleForm = RuleForm{
		Act:       render.Field{Name: "act", Label: "school.debts.act", Hint: "school.debts.actHint", MaxLength: 120},
		From:      render.Field{Name: "from", Type: render.TypeDate, Label: "school.debts.from", Short: true, Value: s.today().String()},
		Threshold: render.Field{Name: "threshold", Label: "school.debts.threshold", Value: rule.Threshold.String(), InputMode: "decimal", MaxLength: 10, Short: true},
		TermDay: render.Field{Name: "term", Label: "school.debts.term", Hint: "school.debts.termHint", MaxLength: 5, Short: true,
			Value: fmt.Sprintf("%02d/%02d", rule.TermDay, rule.TermMonth)}}
	for _, c := range cases {
		line := DebtLine{ApplicationDebts: c, URL: s.to("office.debt", c.Application.Handle)}
		if c.Gate.Stopped {
			p.Stopped = append(p.Stopped, line)
		} else {
			p.Others = append(p.Others, line)
		}
	}
	return p, nil
}

func (s *Server) officeDebts(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeDebtsPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "school/debts", p)
}

// dayOfYear is a day of any year, "30/09".
type dayOfYear struct {
	month time.Month
	day   int
}

func parseDayOfYear(text string) (d dayOfYear, err error) {
	at, err := time.Parse("2/1/2006", text+"/2027") // a year without 29 February
	if err != nil {
		return d, canteen.Invalid("term", "error.debtRule.term")
	}
	return dayOfYear{at.Month(), at.Day()}, nil
}

// officeDebtRule puts in force the rule of an act of the council.
func (s *Server) officeDebtRule(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeDebtsPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.Act, &p.From, &p.Threshold, &p.TermDay}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	from, threshold, term := fieldOf(&p.From, canteen.ParseDate), fieldOf(&p.Threshold, canteen.ParseCents), fieldOf(&p.TermDay, parseDayOfYear)
	if form.missing(); !form.wrong() {
		err := s.store.PutDebtRule(formAct(r), canteen.DebtRule{From: from, Act: p.Act.Value, Threshold: threshold, TermMonth: term.month, TermDay: term.day})
		if err == nil {
			return s.officeDone(w, r, "flash.school.rule", s.to("office.debts"))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "school/debts", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "school/debts", p)
}

// OfficeDebtPage shows the debts one application meets and takes the official's
// decision. Its title names nobody. Page name "school/debt".
type OfficeDebtPage struct {
	render.Page
	store.ApplicationDebts
	FormID       string
	Open         bool
	What, Reason render.Field
	History      []DebtStep
}

// DebtStep is a step of an application's history with its words.
type DebtStep struct {
	canteen.StepTaken
	Key string
	Day canteen.Date
}

// The steps an official reads of; every other one is an event of the application.
var stepKeys = map[string]string{"debt.noted": "school.step.noted", "debt.reserve": "school.debts.let",
	"debt.social": "school.step.social", "returned": "school.step.returned", "validated": "school.step.validated", "submitted": "school.step.submitted"}

// The decisions about a debt.
const (
	decideReserve = "reserve"
	decideSocial  = "social"
	decideNote    = "note"
)

func (s *Server) officeDebtPage(r *http.Request) (*OfficeDebtPage, error) {
	debts, err := s.store.DebtsOf(act(r), routeVar(r, "domanda"))
	if err != nil {
		return nil, err
	}
	p := &OfficeDebtPage{Page: s.newPage(r, "school.debt.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "school.debts.title", URL: s.to("office.debts")}, render.Crumb{Label: "school.debt.title"}),
		ApplicationDebts: debts, FormID: newFormID(), Open: debts.Application.State == canteen.Submitted,
		What: render.Field{Name: "what", Type: render.TypeRadio, Label: "school.debt.what", Options: []render.Option{
			{Value: decideReserve, Text: "school.debt.reserve", Note: "school.debt.reserveNote"},
			{Value: decideSocial, Text: "school.debt.social", Note: "school.debt.socialNote"},
			{Value: decideNote, Text: "school.debt.note", Note: "school.debt.noteNote"}}},
		Reason: render.Field{Name: "reason", Type: render.TypeTextArea, Label: "school.debt.reason", Hint: "school.debt.reasonHint", MaxLength: 500}}
	for _, step := range debts.Application.History {
		p.History = append(p.History, DebtStep{step, cmp.Or(stepKeys[step.What], "school.step.other"), canteen.DateOf(step.At)})
	}
	if !debts.Gate.Stopped {
		pick(&p.What, decideNote)
	}
	return p, nil
}

func (s *Server) officeDebt(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeDebtPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "school/debt", p)
}

// officeDebtDecide records the official's decision.
func (s *Server) officeDebtDecide(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeDebtPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.What, &p.Reason}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	if form.missing(); !form.wrong() {
		what := p.What.Value
		err = s.store.DecideDebt(formAct(r), p.Application.Handle, store.DebtDecision{Reserve: what == decideReserve || what == decideSocial,
			Social: what == decideSocial, Reason: p.Reason.Value})
		if err == nil {
			return s.officeDone(w, r, "flash.school.decided", s.to("office.debts"))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "school/debt", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "school/debt", p)
}

// FamilyDebtPage tells a family which old debt stops its application, how much
// it is and how to pay. Page name "school/family_debt".
type FamilyDebtPage struct {
	render.Page
	Stop store.ApplicationStop
}

func (s *Server) familyDebt(w http.ResponseWriter, r *http.Request) error {
	stop, err := s.store.ApplicationStop(act(r), routeVar(r, "domanda"))
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "school/family_debt",
		FamilyDebtPage{Page: s.newPage(r, "school.familyDebt.title", s.familyCrumbs("school.familyDebt.title")...), Stop: stop})
}
