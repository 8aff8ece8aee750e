package canteen

import "testing"

func TestKeepRule_lastDay(t *testing.T) {
	for _, c := range []struct {
		class      KeepClass
		from, last Date
	}{
		{KeepAccesses, 20241125, 20261125},
		{KeepAccesses, 20240229, 20260228}, // art. 2963: the last day of that month
		{KeepCertificates, 20270630, 20280630},
		{KeepDrafts, 20260901, 20261130},
		{KeepCodes, 20261231, 20270101},
		{KeepAccounts, 20160831, 20260831},
		{KeepMessages, 20241231, 20261231},
	} {
		r, ok := KeepRuleOf(c.class)
		if !ok {
			t.Fatalf("%s has no rule", c.class)
		}
		if got := r.LastDay(c.from, r.Standard); got != c.last {
			t.Errorf("%s from %s: last day %s, want %s", c.class, c.from, got, c.last)
		}
		if r.Due(c.from, r.Standard, c.last) {
			t.Errorf("%s from %s: due on %s, its last day", c.class, c.from, c.last)
		}
		if !r.Due(c.from, r.Standard, c.last.AddDays(1)) {
			t.Errorf("%s from %s: not due on the day after %s", c.class, c.from, c.last)
		}
	}
}

// TestKeepRule_monotone: what began later is never due earlier, over every day of
// four years and every rule.
func TestKeepRule_monotone(t *testing.T) {
	for _, r := range KeepRules {
		before := Date(0)
		for day := NewDate(2023, 1, 1); day < NewDate(2027, 1, 1); day = day.AddDays(1) {
			last := r.LastDay(day, r.Standard)
			if last < before || last <= day {
				t.Fatalf("%s from %s ends %s, the day before ended %s", r.Class, day, last, before)
			}
			before = last
		}
	}
}

func TestKeepRule_nothingBeganNothingDue(t *testing.T) {
	r, _ := KeepRuleOf(KeepCertificates)
	if r.Due(0, r.Standard, 20991231) {
		t.Error("a diet without an end is due")
	}
}

func TestPeriods(t *testing.T) {
	r, _ := KeepRuleOf(KeepAccesses)
	if got := (Periods{}).Of(r); got != 24 {
		t.Errorf("the standard of the register is %d months, want 24", got)
	}
	if got := (Periods{KeepAccesses: 36}).Of(r); got != 36 {
		t.Errorf("a chosen period reads as %d, want 36", got)
	}
	for _, bad := range []Periods{{KeepAccesses: 5}, {KeepAccounts: 9}, {"meals": 1}, {KeepCodes: 31}} {
		if err := bad.Validate(); KindOf(err) != KindInvalid {
			t.Errorf("%v: %v, want a refusal", bad, err)
		}
	}
	if err := (Periods{KeepAccesses: 6, KeepAccounts: 10}).Validate(); err != nil {
		t.Errorf("the least periods: %v", err)
	}
}

func TestHold_on(t *testing.T) {
	h := Hold{Until: 20261125}
	if !h.On(20261125) || h.On(20261126) {
		t.Error("a hold stands until its last day, included")
	}
	if h.Until = 0; !h.On(20991231) {
		t.Error("a hold without an end must stand")
	}
}
