package store

import (
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

// retainAll runs the retention job until nothing is due and returns how many
// records it removed.
func retainAll(t testing.TB, s *Store) (n int) {
	t.Helper()
	for range 100 {
		removed, err := s.Retain(Job())
		if err != nil {
			t.Fatal(err)
		}
		if removed == 0 {
			return n
		}
		n += removed
	}
	t.Fatal("retention does not end")
	return n
}

// TestRetention_register: a line of the register lives its 24 months to the last
// day and is gone in the night after (rules R1.13); the chain still proves.
func TestRetention_register(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(20241125, "23:59")
	for range 3 {
		if _, err := s.Pupil(office(), town.elder); err != nil {
			t.Fatal(err)
		}
	}
	c.at(20241126, "00:01")
	if _, err := s.Pupil(office(), town.elder); err != nil {
		t.Fatal(err)
	}
	c.at(20261125, "04:10")
	if n := retainAll(t, s); n != 0 {
		t.Fatalf("%d lines went on the last of their days", n)
	}
	c.at(20261126, "04:10")
	if n := retainAll(t, s); n != 3 {
		t.Fatalf("%d lines went on the day after, want 3", n)
	}
	lines := registerLines(t, s)
	if len(lines) != 2 || lines[0].Number != 4 || lines[1].What != AccessDropped || lines[1].Count != 3 {
		t.Errorf("the register holds %+v", lines)
	}
	if report := prove(t, s); !report.OK {
		t.Error("the register does not prove any more")
	}
	state, err := s.RegisterState(auditor())
	if err != nil || state.First != 4 || state.Last != 5 || state.Dropped != 3 || state.Lines() != 2 {
		t.Errorf("the state of the register: %+v, %v", state, err)
	}
	c.at(20300101, "04:10") // everything is old now: the line that tells it stays
	retainAll(t, s)
	if lines := registerLines(t, s); len(lines) != 1 || lines[0].What != AccessDropped {
		t.Errorf("the register holds %+v", lines)
	}
}

// TestRetention_holdOnTheRegister: the lines about somebody who is held stay,
// with all behind them, because the register is one chain.
func TestRetention_holdOnTheRegister(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	for _, pan := range []canteen.PAN{town.pupils[0], town.elder, town.pupils[0]} {
		if _, err := s.Pupil(office(), pan); err != nil {
			t.Fatal(err)
		}
	}
	p, err := s.Pupil(Console(), town.elder)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutHold(admin(), canteen.Hold{Subject: canteen.PupilSubject(p.Handle), Reason: "ricorso"}); err != nil {
		t.Fatal(err)
	}
	c.at(20301012, "04:10")
	if n := retainAll(t, s); n != 1 {
		t.Errorf("%d lines went, want the one before the held one", n)
	}
	if err := s.EndHold(admin(), canteen.PupilSubject(p.Handle)); err != nil {
		t.Fatal(err)
	}
	if n := retainAll(t, s); n != 2 {
		t.Errorf("%d lines went when the hold was lifted, want 2", n)
	}
}

// plantDraft puts a draft of a pupil's parent, changed now.
func plantDraft(t testing.TB, s *Store, person canteen.GuardianID, pupil canteen.PAN, handle string) {
	t.Helper()
	err := s.update(Job(), func(tx *tx) error {
		tx.putApplication(&canteen.Application{Handle: handle, State: canteen.Draft, Applicant: person, Pupil: pupil, Year: "2026/27",
			School: primaria, DietAsked: "d" + handle[1:], Child: canteen.Child{Surname: "Verdi", Name: "Aria", CodiceFiscale: "ALN9990000000000"}})
		tx.putDietRequest(&canteen.DietRequest{Handle: "d" + handle[1:], State: canteen.DietIncomplete, Kind: canteen.DietEthical,
			Application: handle, AskedBy: person})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func draftsLeft(t testing.TB, s *Store) (n int) {
	t.Helper()
	err := s.view(Job(), func(tx *tx) error {
		for _, table := range []table{applications, applicationsByPerson, applicationsBySchool, applicationsByChild, dietRequests} {
			tx.scan(table, nil, func(_, _ []byte) bool { n++; return true })
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n / 5
}

// TestRetention_drafts: a draft goes after ninety days with its indexes and the
// diet request it had opened; a hold on its author and a debt of its child keep
// it.
func TestRetention_drafts(t *testing.T) {
	credit, debtor := 0, 5 // of the pupils of the small town: 50 euros, and 13 of debt
	for _, tt := range []struct {
		what string
		of   int
		hold bool
		left int
	}{{"nobody objects", credit, false, 0}, {"a hold", credit, true, 1}, {"a debt", debtor, false, 1}} {
		t.Run(tt.what, func(t *testing.T) {
			s, c := openUnproved(t) // the planted child has no check character
			town := fill(t, s)
			pan := town.pupils[tt.of]
			plantDraft(t, s, town.parent[pan], pan, "bozza00000000000")
			if tt.hold {
				if err := s.PutHold(admin(), canteen.Hold{Subject: canteen.PersonSubject(handleOf(t, s, town.parent[pan])), Reason: "indagine"}); err != nil {
					t.Fatal(err)
				}
			}
			c.at(monday.AddDays(90), "04:10")
			if n := retainAll(t, s); n != 0 {
				t.Errorf("%d records went on the ninetieth day", n)
			}
			c.at(monday.AddDays(91), "04:10")
			retainAll(t, s)
			if n := draftsLeft(t, s); n != tt.left {
				t.Errorf("%d drafts are left, want %d", n, tt.left)
			}
			preview, err := s.PreviewRetention(admin())
			if err != nil || preview.Classes[0].Held != tt.left {
				t.Errorf("the preview says %+v, %v", preview.Classes[0], err)
			}
		})
	}
}

func handleOf(t testing.TB, s *Store, id canteen.GuardianID) (handle string) {
	t.Helper()
	err := s.view(Job(), func(tx *tx) error {
		g, _ := tx.guardian(id)
		handle = g.Handle
		return nil
	})
	if err != nil || handle == "" {
		t.Fatalf("guardian %d: handle %q, %v", id, handle, err)
	}
	return handle
}

// TestRetention_certificate: a year after the last day of validity the document
// and the family's words go, and the diet with its days stays.
func TestRetention_certificate(t *testing.T) {
	s, c := openUnproved(t)
	town := fill(t, s)
	pan := town.pupils[0]
	err := s.update(Job(), func(tx *tx) error {
		for handle, r := range map[string]canteen.DietRequest{
			"dieta00000000000": {State: canteen.DietApproved, Until: 20270630},
			"dieta00000000001": {State: canteen.DietApproved}, // the whole school cycle
			"dieta00000000002": {State: canteen.DietRefused, Until: 20270630},
		} {
			r.Handle, r.Kind, r.Pupil, r.AskedBy = handle, canteen.DietHealth, pan, town.parent[pan]
			r.Certificate, r.Sealed = "application/pdf", []byte("parole")
			tx.putDietRequest(&r)
			tx.put(certificates, keyHandle(handle), []byte("un documento"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	left := func() (n int) {
		err := s.view(Job(), func(tx *tx) error {
			tx.scan(certificates, nil, func(k, _ []byte) bool { n++; return true })
			tx.scan(dietRequests, nil, func(k, v []byte) bool {
				var r canteen.DietRequest
				tx.decode(dietRequests, k, v, &r)
				if has := tx.has(certificates, k); has != (r.Certificate != "") || has != (len(r.Sealed) > 0) {
					t.Errorf("request %s says %q and %d bytes, its document is there: %t", k, r.Certificate, len(r.Sealed), has)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, step := range []struct {
		day  canteen.Date
		left int
	}{{20271012, 3}, {20271013, 2}, {20280630, 2}, {20280701, 1}, {20350701, 1}} {
		c.at(step.day, "04:10")
		retainAll(t, s)
		if n := left(); n != step.left {
			t.Errorf("on %s %d certificates are left, want %d", step.day, n, step.left)
		}
	}
}

// TestRetention_messages: what a message said goes after 24 months; that it was
// sent stays.
func TestRetention_messages(t *testing.T) {
	s, c := openUnproved(t)
	town := fill(t, s)
	person := town.parent[town.pupils[0]]
	if err := s.update(Job(), func(tx *tx) error { tx.tell(person, "prova", Fact{Text: "un segreto"}); return nil }); err != nil {
		t.Fatal(err)
	}
	c.at(20281012, "04:10")
	if n := retainAll(t, s); n != 0 {
		t.Errorf("%d messages fell silent on the last of their days", n)
	}
	c.at(20281013, "04:10")
	if n := retainAll(t, s); n != 1 {
		t.Errorf("%d messages fell silent, want 1", n)
	}
	all, err := s.PendingMessages(Console(), 1)
	if err != nil || len(all) != 1 || all[0].Kind != "prova" || len(all[0].Facts) != 0 {
		t.Errorf("the message is %+v, %v", all, err)
	}
}

// TestRetention_accounts: meals and accounts are told and not touched.
func TestRetention_accounts(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	closeDays(t, s, c, monday, monday.AddDays(1))
	c.at(20370831, "04:10")
	preview, err := s.PreviewRetention(auditor())
	accounts := preview.Classes[len(preview.Classes)-1]
	if err != nil || accounts.Class != canteen.KeepAccounts || accounts.Due != 0 {
		t.Errorf("on the last day of the ten years: %+v, %v", accounts, err)
	}
	c.at(20370901, "04:10")
	preview, err = s.PreviewRetention(auditor())
	if accounts = preview.Classes[len(preview.Classes)-1]; err != nil || accounts.Due != 2 || accounts.Removed != 0 {
		t.Errorf("ten years after the school year: %+v, %v; want 2 days due, none removed", accounts, err)
	}
	if n := retainAll(t, s); n != 0 {
		t.Errorf("%d records of the accounts went", n)
	}
}

// TestRetention_reports: every transaction that removes writes a report, chained
// and named in the log; one that is changed shows.
func TestRetention_reports(t *testing.T) {
	s, c := openUnproved(t)
	for i := range disposalBound + 20 {
		plantCode(t, s, strings.Repeat(string(rune('a'+i%26)), 10)+string(rune('a'+i/26)), c.now())
	}
	c.advance(49 * time.Hour)
	if n := retainAll(t, s); n != disposalBound+20 {
		t.Fatalf("%d codes went, want %d", n, disposalBound+20)
	}
	reports, err := s.Disposals(auditor(), 10)
	if err != nil || len(reports) != 2 || reports[0].Removed() != 20 || reports[1].Removed() != disposalBound {
		t.Fatalf("the reports are %+v, %v", reports, err)
	}
	if report := prove(t, s); !report.OK {
		t.Fatal("the reports do not prove")
	}
	lines, err := s.Log(Console(), 2)
	if err != nil || lines[0].What != "retention" || lines[0].Key != "2" || !strings.Contains(lines[0].Detail, "sha256 ") {
		t.Errorf("the log says %+v, %v", lines, err)
	}
	err = s.updateAlone(Job(), func(tx *tx) error {
		d := reports[1]
		d.Classes[0].Removed--
		tx.putJSON(disposals, key64(1), d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.Check(Console(), nil)
	if err != nil || !strings.Contains(strings.Join(report.Problems, "\n"), "does not fit the one before it") {
		t.Errorf("a changed report: %q, %v", report.Problems, err)
	}
}

func TestRetention_whoMayWhat(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	subject := canteen.PersonSubject(handleOf(t, s, town.parent[town.elder]))
	hold := canteen.Hold{Subject: subject, Reason: "ricorso"}
	for _, act := range []Act{office(), auditor(), deskAlone(), town.family(town.elder)} {
		for what, err := range map[string]error{
			"put a hold":  s.PutHold(act, hold),
			"end a hold":  s.EndHold(act, subject),
			"put periods": s.PutPeriods(act, canteen.Periods{canteen.KeepDrafts: 30}),
		} {
			if canteen.KindOf(err) != canteen.KindForbidden {
				t.Errorf("%s as %s: %v, want a refusal", what, act.Actor.Login, err)
			}
		}
		if _, err := s.Retain(act); canteen.KindOf(err) != canteen.KindForbidden {
			t.Errorf("retain as %s: %v", act.Actor.Login, err)
		}
	}
	for what, bad := range map[string]canteen.Hold{
		"reason": {Subject: subject}, "until": {Subject: subject, Reason: "x", Until: monday.AddDays(-1)},
	} {
		if err := s.PutHold(admin(), bad); canteen.KindOf(err) != canteen.KindInvalid {
			t.Errorf("a hold without %s: %v", what, err)
		}
	}
	hold.Subject = "person/nessunonessunono"
	if err := s.PutHold(admin(), hold); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("a hold on nobody: %v", err)
	}
	if err := s.PutPeriods(admin(), canteen.Periods{canteen.KeepAccesses: 3}); canteen.KindOf(err) != canteen.KindInvalid {
		t.Errorf("a register of three months: %v", err)
	}
	if err := s.PutPeriods(admin(), canteen.Periods{canteen.KeepDrafts: 30}); err != nil {
		t.Fatal(err)
	}
	p, err := s.Periods(auditor())
	if err != nil || p[canteen.KeepDrafts] != 30 || p[canteen.KeepAccesses] != 24 {
		t.Errorf("the periods are %v, %v", p, err)
	}
}

// TestRetention_holdOfNobody: a hold on somebody who is not in the record, or
// under another key than its own, is reported by the check.
func TestRetention_holdOfNobody(t *testing.T) {
	s, _ := openUnproved(t)
	fill(t, s)
	err := s.updateAlone(Job(), func(tx *tx) error {
		h := canteen.Hold{Subject: "pupil/aaaaaaaaaaaaaaaa", Reason: "ricorso", By: "admin", Since: monday}
		tx.putJSON(holds, []byte(h.Subject), h)
		tx.putJSON(holds, []byte("pupil/h000000000000000"), h)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.Check(Console(), nil)
	if all := strings.Join(report.Problems, "\n"); err != nil || !strings.Contains(all, "somebody who is not in the record") || !strings.Contains(all, `the hold is of "pupil/aaaaaaaaaaaaaaaa"`) {
		t.Errorf("the check says %q, %v", report.Problems, err)
	}
}
