package canteen

import (
	"errors"
	"testing"
	"time"
)

func TestOldDebt(t *testing.T) {
	for _, test := range []struct {
		name                    string
		then, paid, today, want Cents
	}{
		{"in credit then and now", 5_00, 0, 2_00, 0},
		{"owed then, nothing since", -40_00, 0, -40_00, 40_00},
		{"owed then, eaten more since", -40_00, 0, -65_00, 40_00},
		{"paid whole, eaten since", -40_00, 40_00, -25_00, 0},
		{"paid in part, eaten since", -40_00, 15_00, -50_00, 25_00},
		{"paid more than owed", -40_00, 60_00, 20_00, 0},
		{"a charge of then taken back without a payment", -40_00, 0, -10_00, 10_00},
		{"owes only since", 3_00, 0, -30_00, 0},
	} {
		if got := OldDebt(test.then, test.paid, test.today); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestDecideDebt(t *testing.T) {
	rule := DebtRule{Threshold: 10_00, TermMonth: time.September, TermDay: 30}
	own := func(c Cents) Debt { return Debt{Pupil: 1, Amount: c, Own: true} }
	other := func(c Cents) Debt { return Debt{Pupil: 2, Amount: c} }
	for _, test := range []struct {
		name    string
		debts   []Debt
		reserve string
		stopped bool
	}{
		{"no debt", nil, "", false},
		{"accounts without a debt", []Debt{own(0), other(0)}, "", false},
		{"own at the threshold", []Debt{own(10_00)}, "", false},
		{"own above it by a cent", []Debt{own(10_01)}, "", true},
		{"two of its own that are above it together", []Debt{own(6_00), own(6_00)}, "", true},
		{"only somebody else's", []Debt{other(500_00)}, "", false},
		{"its own below and somebody else's above", []Debt{own(9_00), other(500_00)}, "", false},
		{"let through with reserve", []Debt{own(80_00)}, "piano di rientro", false},
	} {
		g := DecideDebt(rule, "2026/27", test.debts, test.reserve)
		if g.Stopped != test.stopped {
			t.Errorf("%s: stopped %t, want %t", test.name, g.Stopped, test.stopped)
		}
		if g.Term != 20260930 {
			t.Errorf("%s: term %s, want 30 September", test.name, g.Term)
		}
		for _, d := range g.Debts {
			if d.Amount == 0 {
				t.Errorf("%s: an account without a debt is listed", test.name)
			}
		}
	}
}

func TestDebtRuleOn(t *testing.T) {
	var history []DebtRule
	for _, r := range []DebtRule{{From: 20260901, Act: "1"}, {From: 20270901, Act: "2"}, {From: 20270901, Act: "3"}} {
		history = AddDebtRule(history, r)
	}
	for day, want := range map[Date]string{20260831: "", 20260901: "1", 20270831: "1", 20270901: "3", 20300101: "3"} {
		if got := DebtRuleOn(history, day); got.Act != want {
			t.Errorf("on %s: act %q, want %q", day, got.Act, want)
		}
	}
	if got := DebtRuleOn(history, 20260101); got != DefaultDebtRule {
		t.Errorf("before the first act: %+v, want the rule of a new file", got)
	}
	if sooner := AddDebtRule(history, DebtRule{From: 20260915, Act: "4"}); len(sooner) != 2 || sooner[1].Act != "4" {
		t.Errorf("a rule from an earlier day leaves %+v, want it to be the last word", sooner)
	}
}

func TestDebtRule_validate(t *testing.T) {
	good := DebtRule{From: 20260901, Act: "D.C.C. 18/2026", Threshold: 10_00, TermMonth: time.September, TermDay: 30}
	if err := good.Validate(); err != nil {
		t.Errorf("a good rule: %v", err)
	}
	for field, spoil := range map[string]func(*DebtRule){
		"act":       func(r *DebtRule) { r.Act = " " },
		"from":      func(r *DebtRule) { r.From = 0 },
		"threshold": func(r *DebtRule) { r.Threshold = -1 },
		"term":      func(r *DebtRule) { r.TermDay = 31 },
	} {
		r := good
		spoil(&r)
		err := r.Validate()
		if refusal, ok := errors.AsType[*Error](err); !ok || refusal.Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
}
