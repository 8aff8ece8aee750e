package store

import (
	"slices"
	"strings"

	"refettorio/canteen"
)

// settingDebtRules names the history of the rule about old debts.
const settingDebtRules = "debt-rules"

// debtRules is the history of the rule, in order of its days.
func (tx *tx) debtRules() (history []canteen.DebtRule) {
	tx.getJSON(settings, []byte(settingDebtRules), &history)
	return history
}

// DebtRules returns the history of the rule about old debts, oldest first; empty
// while the one of a new file holds (canteen.DefaultDebtRule).
func (s *Store) DebtRules(act Act) (history []canteen.DebtRule, err error) {
	err = s.view(act, func(tx *tx) error {
		history = tx.debtRules()
		return mayKeep(act)
	})
	return history, err
}

// PutDebtRule puts in force the rule of a council's act from a day on (story 39:
// who refuses a child has to name the act). The rules before it stay.
func (s *Store) PutDebtRule(act Act, r canteen.DebtRule) error {
	return s.updateOnce(act, r, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		if err := r.Validate(); err != nil {
			return err
		}
		tx.putSetting(settingDebtRules, canteen.AddDebtRule(tx.debtRules(), r))
		tx.logChange("debt.rule", r.From.String(), r.Threshold.String()+", "+r.Act)
		return nil
	})
}

// childOf finds the pupil an application is about among those already in the
// service; twins when the record cannot tell which of several it is. The
// codice fiscale decides; a child imported without one is known by name and
// birth, so that it keeps its PAN for life (mission 3).
func (tx *tx) childOf(a *canteen.Application) (p canteen.Pupil, known, twins bool) {
	if p, known = tx.pupil(a.Pupil); known {
		return p, true, false
	}
	pans := tx.pupilsWithCF(a.Child.CodiceFiscale)
	if len(pans) == 0 {
		pan, refusal := tx.namesake(&canteen.Pupil{Surname: a.Child.Surname, Name: a.Child.Name, Born: a.Child.Born,
			CodiceFiscale: a.Child.CodiceFiscale})
		if refusal != nil || pan == 0 {
			return p, false, refusal != nil
		}
		pans = append(pans, pan)
	}
	if len(pans) > 1 {
		return p, false, true
	}
	p, known = tx.pupil(pans[0])
	return p, known, false
}

// debtGate gathers the old debts an application meets and decides.
func (tx *tx) debtGate(a *canteen.Application) canteen.DebtGate {
	var debts []canteen.Debt
	seen := map[canteen.PAN]bool{}
	add := func(p *canteen.Pupil) {
		if !seen[p.PAN] {
			seen[p.PAN] = true
			debts = append(debts, canteen.Debt{Pupil: p.PAN, Amount: tx.oldDebt(p, a.Year), Own: p.HasGuardian(a.Applicant)})
		}
	}
	for _, p := range tx.pupilsOf(a.Applicant) {
		add(&p)
	}
	if child, known, _ := tx.childOf(a); known {
		add(&child)
		for _, g := range child.Guardians {
			for _, p := range tx.pupilsOf(g) {
				add(&p)
			}
		}
	}
	rule := canteen.DebtRuleOn(tx.debtRules(), canteen.DateOf(tx.now))
	return canteen.DecideDebt(rule, a.Year, debts, a.Reserve)
}

// oldDebt is what a pupil's account owes for the school years before the one of
// an application. A balance carried over from the old system is of the past,
// whatever day it was entered on.
func (tx *tx) oldDebt(p *canteen.Pupil, year string) canteen.Cents {
	a, _ := tx.account(p.Class, p.PAN)
	begins, err := canteen.ParseYear(year)
	if a.balance >= 0 || err != nil {
		return 0
	}
	then, paid := a.balance, canteen.Cents(0)
	last := max(canteen.DateOf(tx.now), begins.From).AddDays(1)
	for _, l := range append(tx.charges(*p, begins.From, last), tx.otherLines(p.PAN, begins.From, last)...) {
		if l.Kind == canteen.EntryOpening {
			continue
		}
		then -= l.Amount
		paid += max(0, l.Amount)
	}
	return canteen.OldDebt(then, paid, a.balance)
}

// OldDebtLine is an old debt with the pupil whose account it is on.
type OldDebtLine struct {
	Pupil  canteen.Pupil
	Amount canteen.Cents
	Own    bool
}

// ApplicationDebts is what the office sees of an application that meets an old
// debt.
type ApplicationDebts struct {
	Application canteen.Application
	Applicant   canteen.Guardian
	School      string
	Gate        canteen.DebtGate
	Lines       []OldDebtLine // the applicant's own first
}

// DebtsOf returns the old debts an application meets; KindNotFound without such
// an application.
func (s *Store) DebtsOf(act Act, handle string) (d ApplicationDebts, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		a, ok := tx.application(handle)
		if !ok || a.State == canteen.Draft {
			return canteen.Refuse(canteen.KindNotFound, "error.candidate.notFound")
		}
		d = tx.applicationDebts(&a)
		return nil
	})
	return d, err
}

func (tx *tx) applicationDebts(a *canteen.Application) ApplicationDebts {
	d := ApplicationDebts{Application: *a, Gate: tx.debtGate(a)}
	d.Applicant, _ = tx.guardian(a.Applicant)
	if school := tx.townNow().bySchool[a.School]; school != nil {
		d.School = school.Name
	}
	for _, debt := range d.Gate.Debts {
		p, _ := tx.pupil(debt.Pupil)
		d.Lines = append(d.Lines, OldDebtLine{Pupil: p, Amount: debt.Amount, Own: debt.Own})
		tx.saw(look{what: "account", pupil: p.PAN})
	}
	slices.SortStableFunc(d.Lines, func(a, b OldDebtLine) int {
		switch {
		case a.Own == b.Own:
			return 0
		case a.Own:
			return -1
		}
		return 1
	})
	return d
}

// DebtCases returns the submitted applications, of this school year and the
// next, that meet an old debt: those it stops first, then by submission.
func (s *Store) DebtCases(act Act) (cases []ApplicationDebts, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		cases = nil
		for i := range tx.townNow().schools {
			for _, a := range tx.applicationsIn(tx.townNow().schools[i].ID) {
				if a.State != canteen.Submitted {
					continue
				}
				if d := tx.applicationDebts(&a); len(d.Lines) > 0 {
					cases = append(cases, d)
				}
			}
		}
		slices.SortStableFunc(cases, func(a, b ApplicationDebts) int {
			if a.Gate.Stopped != b.Gate.Stopped {
				if a.Gate.Stopped {
					return -1
				}
				return 1
			}
			return a.Application.Submitted.Compare(b.Application.Submitted)
		})
		return nil
	})
	return cases, err
}

// DebtDecision is what an official decides about an application that meets an
// old debt. Reserve lets it through in spite of the applicant's debt (story 39);
// Social says that the social services ask for it (rules R7.5). Without Reserve
// the decision is only noted: a debt of somebody else stops nothing.
type DebtDecision struct {
	Reserve bool   `json:"reserve"`
	Social  bool   `json:"social"`
	Reason  string `json:"reason"`
}

// debtStep begins the words of a history that tell of a decision about a debt.
const debtStep = "debt."

// maxGrounds bounds what an official or a school may write as a reason, in bytes.
const maxGrounds = 1000

// DecideDebt records an official's decision about an application that waits.
// The debt stays a debt.
func (s *Store) DecideDebt(act Act, handle string, d DebtDecision) error {
	d.Reason = strings.TrimSpace(d.Reason)
	return s.updateOnce(act, []any{handle, d}, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		a, ok := tx.application(handle)
		switch {
		case !ok || a.State == canteen.Draft:
			return canteen.Refuse(canteen.KindNotFound, "error.candidate.notFound")
		case a.State != canteen.Submitted:
			return canteen.Refuse(canteen.KindConflict, "error.application.decided")
		case d.Reason == "":
			return canteen.Invalid("reason", "error.required")
		case len(d.Reason) > maxGrounds:
			return canteen.Invalid("reason", "error.tooLong", maxGrounds)
		}
		what := debtStep + "noted"
		if d.Reserve {
			what, a.Reserve = debtStep+"reserve", d.Reason
		}
		if d.Social {
			what = debtStep + "social"
			a.Reserve = d.Reason
		}
		a.History = append(a.History, tx.step(what, d.Reason))
		tx.putApplication(&a)
		tx.logChange(what, a.Handle, "")
		return nil
	})
}

// ApplicationStop is what a family sees of a debt that stops its application:
// only its own debt, never that of another guardian (design §12).
type ApplicationStop struct {
	Handle    string
	Child     string // first name
	Stopped   bool
	Reserve   bool // an official has let it through
	Amount    canteen.Cents
	Threshold canteen.Cents
	Term      canteen.Date
	Past      bool // the term is over
	Act       string
	Lines     []OldDebtLine
}

// ApplicationStop tells the applicant, or the counter and the office for it,
// whether an old debt stops an application; KindNotFound for anybody else.
func (s *Store) ApplicationStop(act Act, handle string) (stop ApplicationStop, err error) {
	err = s.view(act, func(tx *tx) error {
		a, ok := tx.application(handle)
		if !ok || !actsForEverybody(act.Actor) && (act.Actor.Guardian == 0 || act.Actor.Guardian != a.Applicant) {
			return canteen.Refuse(canteen.KindNotFound, "error.candidate.notFound")
		}
		d := tx.applicationDebts(&a)
		open := a.State == canteen.Draft || a.State == canteen.Submitted || a.State == canteen.Returned
		stop = ApplicationStop{Handle: a.Handle, Child: a.Child.Name, Stopped: d.Gate.Stopped && open, Reserve: a.Reserve != "",
			Amount: d.Gate.Own, Threshold: d.Gate.Rule.Threshold, Term: d.Gate.Term,
			Past: canteen.DateOf(tx.now) > d.Gate.Term, Act: d.Gate.Rule.Act}
		for _, l := range d.Lines {
			if l.Own {
				stop.Lines = append(stop.Lines, l)
			}
		}
		return nil
	})
	return stop, err
}
