package store

import (
	"testing"
	"time"

	"refettorio/canteen"
)

// TestAuditor_readsTheRegister: filters by day, person and kind; the pages meet
// every line once; who reads the register is in it.
func TestAuditor_readsTheRegister(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	for i := range 30 {
		c.at(monday.AddDays(i/10), "10:00")
		c.advance(time.Duration(i) * time.Second)
		if _, err := s.Pupil(office(), town.pupils[i%3]); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Account(deskAlone(), town.pupils[i%3], monday, monday); err != nil {
			t.Fatal(err)
		}
	}
	p, err := s.Pupil(Console(), town.pupils[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		what string
		f    AccessFilter
		want int
	}{
		{"a day", AccessFilter{From: monday, To: monday, Limit: 100}, 20},
		{"a login and a day", AccessFilter{From: monday, To: monday, Login: "ufficio", Limit: 100}, 10},
		{"a kind", AccessFilter{What: SawAccount, Limit: 100}, 30},
		{"somebody", AccessFilter{Whose: canteen.PupilSubject(p.Handle), Limit: 100}, 20},
		{"nobody of that name", AccessFilter{Whose: "pupil/aaaaaaaaaaaaaaaa", Limit: 100}, 0},
		{"a day without lines", AccessFilter{From: monday.AddDays(-9), To: monday.AddDays(-2), Limit: 100}, 0},
	} {
		page, err := s.Accesses(auditor(), tt.f)
		if err != nil || len(page.Lines) != tt.want || page.Next != 0 {
			t.Errorf("%s: %d lines, next %d, %v; want %d", tt.what, len(page.Lines), page.Next, err, tt.want)
		}
		for _, l := range page.Lines {
			if l.Whose == "" && l.Pupil != "" {
				t.Errorf("%s: line %d has no name", tt.what, l.Number)
			}
		}
	}
	met := map[uint64]bool{}
	f := AccessFilter{To: monday.AddDays(2), Limit: 7, What: SawPupil}
	for range 20 {
		page, err := s.Accesses(auditor(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page.Lines {
			if met[l.Number] {
				t.Errorf("line %d is on two pages", l.Number)
			}
			met[l.Number] = true
		}
		if f.Before = page.Next; f.Before == 0 {
			break
		}
	}
	if len(met) != 30 {
		t.Errorf("the pages met %d lines, want 30", len(met))
	}
	lines := registerLines(t, s)
	if last := lines[len(lines)-1]; last.What != SawRegister || last.Login != "revisore" {
		t.Errorf("the last line of the register is %+v, want the auditor's read", last)
	}
}

// TestAuditor_longRegister: a question that fits nothing stops after a bounded
// number of lines and says where to go on.
func TestAuditor_longRegister(t *testing.T) {
	s, _ := open(t)
	line := []Access{{What: SawSearch, Login: "ufficio", At: s.instant(), Result: AccessDone}}
	for range 6 {
		sealed := []accessRecord{}
		for range 1000 {
			one, err := s.sealAccesses(line)
			if err != nil {
				t.Fatal(err)
			}
			sealed = append(sealed, one...)
		}
		if err := s.update(Job(), func(tx *tx) error { tx.appendAccesses(sealed); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	page, err := s.Accesses(auditor(), AccessFilter{Login: "nessuno", Limit: 50})
	if err != nil || len(page.Lines) != 0 || page.Next == 0 {
		t.Fatalf("%d lines, next %d, %v", len(page.Lines), page.Next, err)
	}
	page, err = s.Accesses(auditor(), AccessFilter{Login: "nessuno", Limit: 50, Before: page.Next})
	if err != nil || len(page.Lines) != 0 || page.Next != 0 {
		t.Errorf("the rest: %d lines, next %d, %v", len(page.Lines), page.Next, err)
	}
}

func TestAuditor_onlyTheAuditor(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	for _, act := range []Act{office(), deskAlone(), admin(), town.family(town.elder), {}} {
		_, register := s.Accesses(act, AccessFilter{Limit: 1})
		_, state := s.RegisterState(act)
		_, changes := s.Changes(act, LogFilter{Limit: 1})
		_, totals := s.Totals(act)
		for what, err := range map[string]error{"register": register, "state": state, "changes": changes, "totals": totals} {
			if canteen.KindOf(err) != canteen.KindForbidden {
				t.Errorf("%s as %q: %v, want a refusal", what, act.Actor.Login, err)
			}
		}
	}
}

// TestAuditor_wrongKey: with another key nothing is shown and nothing is written
// over.
func TestAuditor_wrongKey(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	if _, err := s.Pupil(office(), town.elder); err != nil {
		t.Fatal(err)
	}
	right := s.opt.Vault
	s.opt.Vault = strangeVault{}
	if _, err := s.Accesses(auditor(), AccessFilter{Limit: 10}); canteen.KindOf(err) != canteen.KindUnavailable {
		t.Errorf("the register under another key: %v", err)
	}
	s.opt.Vault = right
	if err := s.view(Job(), func(tx *tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if report := prove(t, s); !report.OK {
		t.Error("the register is damaged")
	}
}

// strangeVault is a vault with another key: what it opens is no line.
type strangeVault struct{}

func (strangeVault) Seal(plain []byte) ([]byte, error)  { return plain, nil }
func (strangeVault) Open(sealed []byte) ([]byte, error) { return sealed, nil }
func (strangeVault) Recipient() string                  { return "other" }

func TestChanges(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	handle := handleOf(t, s, town.parent[town.elder])
	err := s.update(office(), func(tx *tx) error {
		tx.corrected(canteen.PersonSubject(handle), "phone", "+393330000000", "+393331111111")
		tx.corrected(canteen.PersonSubject(handle), "email", "uguale@example.org", "uguale@example.org")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c.at(monday.AddDays(1), "08:00")
	if err := s.AddUser(Console(), User{Login: "cucina", Role: canteen.RoleKitchen, Kitchen: kitchenOne}, ""); err != nil {
		t.Fatal(err)
	}
	page, err := s.Changes(auditor(), LogFilter{From: monday, To: monday, Limit: 10})
	if err != nil || len(page.Lines) != 1 || page.Lines[0].What != whatCorrection || page.Lines[0].Detail != "" {
		t.Errorf("the changes of Monday are %+v, %v: want the correction without its values", page, err)
	}
	page, err = s.Changes(auditor(), LogFilter{Limit: 1})
	if err != nil || len(page.Lines) != 1 || page.Lines[0].What != "user.add" || page.Next == 0 {
		t.Errorf("the newest change is %+v, %v", page, err)
	}
	page, err = s.Changes(auditor(), LogFilter{Limit: 10, Before: page.Next, Login: "ufficio"})
	if err != nil || len(page.Lines) != 1 || page.Next != 0 {
		t.Errorf("the older changes are %+v, %v", page, err)
	}
	own, err := s.Corrections(town.family(town.elder))
	if err != nil || len(own) != 1 || own[0].Old != "+393330000000" || own[0].New != "+393331111111" || own[0].Field != "phone" {
		t.Errorf("the family reads %+v, %v", own, err)
	}
	others, err := s.Corrections(town.family(town.coeliac))
	if err != nil || len(others) != 0 {
		t.Errorf("another family reads %+v, %v", others, err)
	}
}

func TestFindSubjects(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	for query, want := range map[string]int{"Verdi00": 2, town.elder.String(): 1, "nessuno": 0} {
		found, err := s.FindSubjects(auditor(), query, 10)
		if err != nil || len(found) != want {
			t.Errorf("%q finds %+v, %v; want %d", query, found, err, want)
		}
	}
	if _, err := s.FindSubjects(auditor(), " ", 10); canteen.KindOf(err) != canteen.KindInvalid {
		t.Errorf("an empty search: %v", err)
	}
	if _, err := s.FindSubjects(office(), "Verdi", 10); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("a search of the office's here: %v", err)
	}
	for _, l := range registerLines(t, s) {
		if l.What != SawSearch || l.Pupil != "" {
			t.Errorf("a search leaves %+v", l)
		}
	}
}

// TestTotals holds the auditor's figures against the check, which adds up by
// itself.
func TestTotals(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	closeDays(t, s, c, monday, monday.AddDays(2))
	if err := s.RecordOutsidePayment(office(), OutsidePayment{Pupil: town.elder, Amount: 30_00, Day: monday, Reference: "B-1"}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Totals(auditor())
	if err != nil {
		t.Fatal(err)
	}
	report := prove(t, s)
	if got.Pupils != report.Pupils || got.Balance != report.Balance || got.DaysClosed != report.DaysClosed ||
		got.Income != report.Charged || got.Entries != uint64(report.Entries) || got.Takings != 30_00 || got.LastClosed != monday.AddDays(2) {
		t.Errorf("totals %+v, the check says %+v", got, report)
	}
	if got.InDebt == 0 || got.Debts >= 0 {
		t.Errorf("%d in debt for %s", got.InDebt, got.Debts)
	}
}
