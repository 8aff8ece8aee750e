package store

import (
	"slices"
	"testing"

	"refettorio/canteen"
)

// owes makes an account owe an amount since before the school year.
func (town *smallTown) owes(t testing.TB, pan canteen.PAN, balance canteen.Cents) {
	t.Helper()
	have, _ := town.balance(t, pan)
	err := town.s.updateAlone(Console(), func(tx *tx) error {
		tx.post(canteen.Entry{ID: "opening/past/" + pan.String(), Kind: canteen.EntryOpening, Day: 20260630, At: tx.now,
			Actor: "console", Postings: canteen.Transfer(canteen.LedgerOpening, canteen.LedgerOf(pan), balance-have)})
		return tx.err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// pays records a payment at the counter.
func (town *smallTown) pays(t testing.TB, pan canteen.PAN, amount canteen.Cents, reference string) {
	t.Helper()
	err := town.s.RecordOutsidePayment(office(), OutsidePayment{Pupil: pan, Amount: amount, Day: monday, Reference: reference, Means: "bank"})
	if err != nil {
		t.Fatal(err)
	}
}

// byParentOf makes the guardian of a pupil the applicant.
func (town *smallTown) byParentOf(pan canteen.PAN) func(*canteen.Application) {
	return func(a *canteen.Application) { a.Applicant = town.parent[pan] }
}

// TestStory39: the portal that refused an enrolment over 10 euros of debt, on
// no paper and with no exception. Here the rule and its threshold name the act
// that set them, a debt within the threshold stops nothing, and an official lets
// a child through with a reason that stays on the record.
func TestStory39_debtStopsByAnActAndAnOfficialMayLetThrough(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	school := secretary(t, s, codePrimaria)
	debtor := town.of["primaria 5A"][0]
	town.owes(t, debtor, -12_00)
	a := town.candidate(t, 1, town.byParentOf(debtor))
	validated(t, s, school, a, canteen.ValidationStopped)

	rule := canteen.DebtRule{From: monday, Threshold: 20_00, TermMonth: 10, TermDay: 31}
	if err := s.PutDebtRule(office(), rule); canteen.KindOf(err) != canteen.KindInvalid {
		t.Errorf("a threshold without the council's act: %v", err)
	}
	rule.Act = "D.C.C. 18/2026"
	if err := s.PutDebtRule(school, rule); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("a school sets the threshold: %v", err)
	}
	if err := s.PutDebtRule(office(), rule); err != nil {
		t.Fatal(err)
	}
	validated(t, s, school, a, canteen.ValidationDone)

	rule.Threshold, rule.Act = 5_00, "D.C.C. 19/2026"
	rule.From = monday.AddDays(-1)
	if err := s.PutDebtRule(office(), rule); err != nil {
		t.Fatal(err)
	}
	b := town.candidate(t, 2, town.byParentOf(debtor))
	validated(t, s, school, b, canteen.ValidationStopped)
	for _, act := range []Act{school, town.family(debtor)} {
		if err := s.DecideDebt(act, b.Handle, DebtDecision{Reserve: true, Reason: "lo dico io"}); canteen.KindOf(err) != canteen.KindForbidden {
			t.Errorf("%s lets a debtor through: %v", act.Actor.Role, err)
		}
	}
	if err := s.DecideDebt(office(), b.Handle, DebtDecision{Reserve: true, Reason: " "}); canteen.KindOf(err) != canteen.KindInvalid {
		t.Errorf("a reserve without a reason: %v", err)
	}
	if err := s.DecideDebt(office(), b.Handle, DebtDecision{Social: true, Reason: "Relazione dei servizi sociali prot. 44"}); err != nil {
		t.Fatal(err)
	}
	validated(t, s, school, b, canteen.ValidationDone)
	now := applicationNow(t, s, b.Handle)
	if now.Reserve == "" || now.History[1].What != "debt.social" || now.History[1].Actor != "ufficio" {
		t.Errorf("the record does not say who let it through and why: %+v", now)
	}
	if balance, _ := town.balance(t, debtor); balance != -12_00 {
		t.Errorf("the debt is %s after the reserve, want it as it was", balance)
	}
}

// TestDebtGate_whoseDebtStops is the table of mission 4 over the real record.
func TestDebtGate_whoseDebtStops(t *testing.T) {
	for _, test := range []struct {
		name       string
		arrange    func(*testing.T, *smallTown) func(*canteen.Application)
		stopped    bool
		own, other canteen.Cents
	}{
		{"nobody owes", func(_ *testing.T, town *smallTown) func(*canteen.Application) {
			return town.byParentOf(town.of["primaria 1A"][2])
		}, false, 0, 0},
		{"a sibling's account", func(t *testing.T, town *smallTown) func(*canteen.Application) {
			town.owes(t, town.of["primaria 5A"][0], -40_00)
			return town.byParentOf(town.of["primaria 5A"][0])
		}, true, 40_00, 0},
		{"paid since", func(t *testing.T, town *smallTown) func(*canteen.Application) {
			town.owes(t, town.of["primaria 5A"][0], -40_00)
			town.pays(t, town.of["primaria 5A"][0], 40_00, "B1")
			return town.byParentOf(town.of["primaria 5A"][0])
		}, false, 0, 0},
		{"paid in part, within the threshold", func(t *testing.T, town *smallTown) func(*canteen.Application) {
			town.owes(t, town.of["primaria 5A"][0], -40_00)
			town.pays(t, town.of["primaria 5A"][0], 30_00, "B1")
			return town.byParentOf(town.of["primaria 5A"][0])
		}, false, 10_00, 0},
		{"the child's own account, under another guardian", func(t *testing.T, town *smallTown) func(*canteen.Application) {
			pan := town.pupils[0]
			town.owes(t, pan, -40_00)
			return func(a *canteen.Application) { a.Child.CodiceFiscale = mustPupil(t, town.s, pan).CodiceFiscale }
		}, false, 0, 40_00},
		{"another child of the other guardian", func(t *testing.T, town *smallTown) func(*canteen.Application) {
			town.owes(t, town.elder, -40_00)
			town.owes(t, town.younger, 5_00)
			cf := mustPupil(t, town.s, town.younger).CodiceFiscale
			return func(a *canteen.Application) { a.Child.CodiceFiscale = cf }
		}, false, 0, 40_00},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _ := open(t)
			town := fill(t, s)
			change := test.arrange(t, town)
			a := town.candidate(t, 1, change)
			d, err := s.DebtsOf(office(), a.Handle)
			if err != nil {
				t.Fatal(err)
			}
			if d.Gate.Stopped != test.stopped || d.Gate.Own != test.own || d.Gate.Household != test.other {
				t.Errorf("got stopped %t, own %s, household %s; want %t, %s, %s",
					d.Gate.Stopped, d.Gate.Own, d.Gate.Household, test.stopped, test.own, test.other)
			}
			cases, err := s.DebtCases(office())
			if err != nil || (len(cases) > 0) != (test.own+test.other > 0) {
				t.Errorf("the office's list has %d cases: %v", len(cases), err)
			}
		})
	}
}

// TestDebtGate_thisYearsMealsAreNotOldDebt: a child that has eaten on credit
// since September is not stopped by it.
func TestDebtGate_thisYearsMealsAreNotOldDebt(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.of["primaria 1A"][6]
	town.owes(t, pan, 1_00)
	a := town.candidate(t, 1, town.byParentOf(pan))
	closeDays(t, s, c, monday, monday.AddDays(11))
	if balance, _ := town.balance(t, pan); balance >= -10_00 {
		t.Fatalf("the pupil owes only %s: the test needs a debt of this year", balance)
	}
	if d, err := s.DebtsOf(office(), a.Handle); err != nil || len(d.Lines) != 0 {
		t.Errorf("this year's meals count as old debt: %+v %v", d.Lines, err)
	}
	c.at(20270620, "12:00")
	class := town.nextYear(t, "2A")
	next := town.candidate(t, 2, func(a *canteen.Application) { a.Applicant, a.Year, a.Class = town.parent[pan], "2027/28", class })
	if d, err := s.DebtsOf(office(), next.Handle); err != nil || !d.Gate.Stopped {
		t.Errorf("next year they do not: %+v %v", d.Gate, err)
	}
}

func TestApplicationStop_familySeesOnlyItsOwn(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	own, child := town.of["primaria 5A"][0], town.pupils[0]
	town.owes(t, own, -40_00)
	town.owes(t, child, -90_00)
	cf := mustPupil(t, s, child).CodiceFiscale
	a := town.candidate(t, 1, func(a *canteen.Application) { a.Applicant, a.Child.CodiceFiscale = town.parent[own], cf })
	stop, err := s.ApplicationStop(town.family(own), a.Handle)
	if err != nil || !stop.Stopped || stop.Amount != 40_00 || len(stop.Lines) != 1 || stop.Lines[0].Pupil.PAN != own ||
		stop.Term != 20260930 || !stop.Past {
		t.Errorf("got %+v %v, want only the 40 euros of its own account", stop, err)
	}
	if _, err := s.ApplicationStop(town.family(child), a.Handle); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("the other parent reads it: %v", err)
	}
	if _, err := s.ApplicationStop(secretary(t, s, codeInfanzia), a.Handle); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("a school reads it: %v", err)
	}
	view, err := s.SchoolApplications(secretary(t, s, codePrimaria))
	if err != nil || len(view) != 1 || !view[0].Placed {
		t.Errorf("the school sees %+v %v", view, err)
	}
}

func TestPutDebtRule_keepsItsHistory(t *testing.T) {
	s, _ := open(t)
	fill(t, s)
	for _, r := range []canteen.DebtRule{
		{From: 20260901, Act: "D.C.C. 1", Threshold: 30_00, TermMonth: 9, TermDay: 30},
		{From: 20270901, Act: "D.C.C. 2", Threshold: 15_00, TermMonth: 10, TermDay: 15},
	} {
		if err := s.PutDebtRule(office(), r); err != nil {
			t.Fatal(err)
		}
	}
	history, err := s.DebtRules(office())
	got := []string{}
	for _, r := range history {
		got = append(got, r.Act)
	}
	if err != nil || !slices.Equal(got, []string{"D.C.C. 1", "D.C.C. 2"}) {
		t.Errorf("got %q %v", got, err)
	}
}
