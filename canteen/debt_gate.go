package canteen

import (
	"slices"
	"strings"
	"time"
)

// DebtRule says when an old debt stops an enrolment (mission 4). It is set by an
// act of the council, never by the program (story 39), and holds from a day on.
// A debt of more than Threshold stops; TermMonth and TermDay are the day of the
// year in which the school year begins by which it has to be paid.
type DebtRule struct {
	From      Date       `json:"from"`
	Act       string     `json:"act,omitempty"` // number and date of the council's act; empty for the rule of a new file
	Threshold Cents      `json:"threshold"`
	TermMonth time.Month `json:"term_month"`
	TermDay   int        `json:"term_day"`
}

// DefaultDebtRule is the seed letter's term, 30 September, and the threshold
// that story 39 reports.
var DefaultDebtRule = DebtRule{Threshold: 10_00, TermMonth: time.September, TermDay: 30}

// Validate refuses a rule nobody has decided, or without a day that exists.
func (r *DebtRule) Validate() error {
	switch {
	case strings.TrimSpace(r.Act) == "":
		return Invalid("act", "error.required")
	case r.From.IsZero():
		return Invalid("from", "error.required")
	case r.Threshold < 0 || r.Threshold > 1_000_00:
		return Invalid("threshold", "error.debtRule.threshold")
	case !validDay(r.From.Year(), int(r.TermMonth), r.TermDay) || r.TermMonth == time.February && r.TermDay > 28:
		return Invalid("term", "error.debtRule.term")
	}
	return nil
}

// Term is the day by which an old debt is to be paid for a school year, "2026/27";
// 0 when the name is not one.
func (r *DebtRule) Term(year string) Date {
	y, err := ParseYear(year)
	if err != nil {
		return 0
	}
	return packDate(y.From.Year(), int(r.TermMonth), r.TermDay)
}

// AddDebtRule returns the history with a rule in force from its day on; one for
// the same day, and what was decided for later days, gives way to it.
func AddDebtRule(history []DebtRule, r DebtRule) []DebtRule {
	kept := slices.DeleteFunc(slices.Clone(history), func(old DebtRule) bool { return old.From >= r.From })
	return append(kept, r)
}

// DebtRuleOn returns the rule in force on a day; history is in order of From.
func DebtRuleOn(history []DebtRule, day Date) DebtRule {
	for _, r := range slices.Backward(history) {
		if r.From <= day {
			return r
		}
	}
	return DefaultDebtRule
}

// OldDebt is what is still owed on one account for the earlier school years, as
// a positive amount. ThenBalance is the balance at their end, paidSince what has
// come in after it, balance that of today. Payments settle the oldest debt first
// (civil code, art. 1193), and nobody owes more of the past than of the whole.
func OldDebt(thenBalance, paidSince, balance Cents) Cents {
	return max(0, min(-thenBalance-paidSince, -balance))
}

// Debt is an old debt on the account of one pupil. Own tells that the applicant
// is a guardian of that pupil; otherwise it is the debt of somebody else of the
// household.
type Debt struct {
	Pupil  PAN
	Amount Cents
	Own    bool
}

// DebtGate is what the old debts of a household do to an application (mission 4).
type DebtGate struct {
	Rule      DebtRule
	Term      Date
	Debts     []Debt // those with an amount
	Own       Cents  // the applicant's, in all
	Household Cents  // of the others, in all: shown to the office, stops nothing
	Reserve   string // why an official lets it through all the same
	Stopped   bool
}

// DecideDebt says whether an application may be validated. Only the applicant's
// own debt stops it, and only above the threshold; a reserve opens the gate.
func DecideDebt(rule DebtRule, year string, debts []Debt, reserve string) DebtGate {
	g := DebtGate{Rule: rule, Term: rule.Term(year), Reserve: reserve}
	for _, d := range debts {
		if d.Amount <= 0 {
			continue
		}
		g.Debts = append(g.Debts, d)
		if d.Own {
			g.Own += d.Amount
		} else {
			g.Household += d.Amount
		}
	}
	g.Stopped = g.Own > rule.Threshold && reserve == ""
	return g
}
