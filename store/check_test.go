package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"refettorio/canteen"
)

// closedTown is a small town with two weeks behind it.
func closedTown(t testing.TB, s *Store, c *clock) *smallTown {
	t.Helper()
	town := fill(t, s)
	town.say(t, town.coeliac, canteen.White, monday)
	town.say(t, town.elder, canteen.Absence, monday)
	town.say(t, town.outside, canteen.Absence, monday.AddDays(2))
	closeDays(t, s, c, monday, monday.AddDays(4))
	if err := s.RecordOutsidePayment(office(), OutsidePayment{Pupil: town.elder, Amount: 20_00, Day: monday.AddDays(4), Reference: "CRO 1", Means: "bank"}); err != nil {
		t.Fatal(err)
	}
	closeDays(t, s, c, monday.AddDays(7), monday.AddDays(11))
	return town
}

func TestCheck_countsWhatIsThere(t *testing.T) {
	s, c := open(t)
	closedTown(t, s, c)
	var told []string
	got, err := s.Check(Console(), func(what string) { told = append(told, what) })
	if err != nil {
		t.Fatal(err)
	}
	// Two weeks: infanzia and primaria eat on five days of each, secondaria on
	// four; the classes of primaria on 5, 3 and 2 of them, those of secondaria on 2.
	if got.Pupils != 63 || got.DaysClosed != 10 || got.Closings != 28 || got.Sheets != 18 || got.Registers != 20+20+8 || got.Receipts != 3 {
		t.Errorf("the figures of the report are %+v", got)
	}
	// 9 orders a register, but one pupil of infanzia 2A eats on two days of ten.
	if want := 9*got.Registers - 8; got.Orders != want {
		t.Errorf("got %d orders, want %d", got.Orders, want)
	}
	// Not charged: the exempt one on ten days, two absences.
	if want := got.Orders - 10 - 2; got.Charges != want {
		t.Errorf("got %d charges, want %d", got.Charges, want)
	}
	if len(told) < 5 {
		t.Errorf("progress was told %q", told)
	}
}

func TestCheck_isForThoseWhoKeepTheBooks(t *testing.T) {
	s, _ := open(t)
	for _, role := range canteen.Roles {
		_, err := s.Check(Act{Actor: canteen.Actor{Login: "x", Role: role}}, nil)
		may := role == canteen.RoleAdmin || role == canteen.RoleOffice || role == canteen.RoleAuditor
		if want := canteen.KindForbidden; may != (err == nil) || !may && canteen.KindOf(err) != want {
			t.Errorf("check as %s: %v", role, err)
		}
	}
}

// rewrite changes a register behind the writers' back.
func rewrite(tx *tx, day canteen.Date, class canteen.ClassID, change func(*canteen.Register)) {
	view, err := viewRegister(tx.get(registers, keyRegister(day, class)))
	if err != nil {
		tx.fail(err)
		return
	}
	reg := view.decode(day, class)
	change(&reg)
	v, err := encodeRegister(nil, &reg)
	if err != nil {
		tx.fail(err)
		return
	}
	tx.put(registers, keyRegister(day, class), v)
}

// edit changes a JSON record behind the writers' back.
func edit[T any](tx *tx, t table, key []byte, change func(*T)) {
	var one T
	if !tx.getJSON(t, key, &one) {
		tx.fail(errors.New("nothing to edit"))
	}
	change(&one)
	tx.putJSON(t, key, one)
}

// first returns the first key of a table.
func (tx *tx) first(t table) []byte {
	k, _ := tx.bucket(t).Cursor().First()
	return append([]byte(nil), k...)
}

// damages are faults a writer, a hand or a disk could leave, and what the check
// must say of each.
var damages = []struct {
	name string
	do   func(tx *tx, town *smallTown)
	says string
}{
	{"a record without a seal", func(tx *tx, _ *smallTown) {
		_ = tx.bucket(diets).Put([]byte("SG"), []byte(`{"code":"SG"}`))
	}, "the seal does not fit"},
	{"a record that vanished", func(tx *tx, _ *smallTown) { _ = tx.bucket(receipts).Delete(tx.first(receipts)) }, "the digest says 3"},
	{"a record put back from yesterday", func(tx *tx, town *smallTown) {
		tx.put(ledgers, []byte("income"), key64(1))
		*tx.delta = [tableCount]digest{}
	}, "a record was replaced by another"},
	{"a table too many", func(tx *tx, _ *smallTown) { _, _ = tx.b.CreateBucket([]byte("notes")) }, `table "notes" is not of this version`},
	{"a table too few", func(tx *tx, _ *smallTown) { _ = tx.b.DeleteBucket(menus.name) }, "table menus is missing"},
	{"a counter that went back", func(tx *tx, _ *smallTown) { _ = tx.bucket(entries).SetSequence(3) }, "the counter stands at 3"},
	{"a newer file", func(tx *tx, _ *smallTown) { tx.put(metas, keyVersion, key64(99)) }, "the file is of version 99"},
	{"a day that is none", func(tx *tx, _ *smallTown) { tx.putJSON(days, key32(20261332), dayRecord{}) }, "the key has not the form"},
	{"an index that lost a key", func(tx *tx, _ *smallTown) { tx.del(guardiansByCF, tx.first(guardiansByCF)) }, "the guardian is not in this index"},
	{"an index with a key of nobody", func(tx *tx, town *smallTown) {
		tx.putIndex(pupilsByHandle, append(keyHandle("h00000000000nobody"[:16]), keyPAN(town.elder)...))
	}, "the index holds 64 keys"},
	{"a guardian of nobody", func(tx *tx, town *smallTown) {
		edit(tx, pupils, keyPAN(town.elder), func(p *canteen.Pupil) { p.Guardians = append(p.Guardians, 999) })
	}, "guardian 999 of the pupil is unknown"},
	{"a class without a school", func(tx *tx, town *smallTown) {
		edit(tx, classes, tx.first(classes), func(c *canteen.Class) { c.School = 77 })
	}, "unknown school 77"},
	{"a place in two classes", func(tx *tx, town *smallTown) {
		e := canteen.Enrolment{Pupil: town.elder, Class: town.class["primaria 5A"], State: canteen.Validated, From: 20261201}
		tx.put(enrolments, keyEnrolment(e.Class, e.Pupil, e.From), encodeEnrolment(&e))
		tx.putIndex(enrolmentsByPAN, keyEnrolmentByPAN(e.Pupil, e.From, e.Class))
	}, "is in FGEE00002B 1A and in FGEE00002B 5A on 2026-12-01"},
	{"an enrolment that ended before what was eaten", func(tx *tx, town *smallTown) {
		e := canteen.Enrolment{Pupil: town.elder, Class: town.class["primaria 1A"], State: canteen.Validated, From: 20260901, Until: 20261013, Rank: 1}
		tx.put(enrolments, keyEnrolment(e.Class, e.Pupil, e.From), encodeEnrolment(&e))
	}, "was not enrolled there on 2026-10-14"},
	{"an entry out of balance", func(tx *tx, _ *smallTown) {
		edit(tx, entries, tx.first(entries), func(e *entry) { e.Postings[1].Amount-- })
	}, "2 postings that sum to -0,01"},
	{"an entry under another's name", func(tx *tx, _ *smallTown) {
		edit(tx, entries, tx.first(entries), func(e *entry) { e.ID = "outside/CRO 1" })
	}, "is found under number"},
	{"an entry with a line too far", func(tx *tx, _ *smallTown) {
		edit(tx, entries, tx.first(entries), func(e *entry) { e.Lines[0].Line = 5 })
	}, "the account has no line 1"},
	{"a balance of its own", func(tx *tx, town *smallTown) {
		a, _ := tx.account(town.class["primaria 1A"], town.elder)
		a.balance++
		tx.putAccount(town.class["primaria 1A"], town.elder, a)
	}, "and the lines make"},
	{"an account that forgot a line", func(tx *tx, town *smallTown) {
		a, _ := tx.account(town.class["primaria 1A"], town.elder)
		a.lines--
		tx.putAccount(town.class["primaria 1A"], town.elder, a)
	}, "the account counts"},
	{"an alert that never spoke", func(tx *tx, town *smallTown) {
		a, _ := tx.account(town.class["primaria 1A"], town.elder)
		a.spoken ^= 1
		tx.putAccount(town.class["primaria 1A"], town.elder, a)
	}, "the alerts that have spoken"},
	{"a ledger of its own", func(tx *tx, _ *smallTown) { tx.addToLedger(canteen.LedgerIncome, 270) }, "ledger income stands at"},
	{"a crossing without a message", func(tx *tx, _ *smallTown) { tx.del(messages, tx.first(messages)) }, "crosses a threshold and no message says so"},
	{"a message without a crossing", func(tx *tx, town *smallTown) {
		tx.queue(Message{Kind: MessageLowCredit, Pupil: town.elder, Day: monday, Alert: "low", Balance: 1})
	}, "was caused by no line"},
	{"a wrong price", func(tx *tx, town *smallTown) {
		rewrite(tx, monday, town.class["primaria 1A"], func(r *canteen.Register) { r.Orders[2].Price++ })
	}, "the price is 2,71 by rate 5 and should be 2,70 by rate 5"},
	{"a tariff changed afterwards", func(tx *tx, _ *smallTown) {
		edit(tx, tariffs, key16(2), func(t *canteen.Tariff) { t.Rates[5].Price = 300 })
	}, "and should be 3,00 by rate 5"},
	{"a diet forgotten", func(tx *tx, town *smallTown) {
		rewrite(tx, monday, town.class["primaria 1A"], func(r *canteen.Register) { r.Orders[1].Diet = "" })
	}, `the diet is "" and should be "SG"`},
	{"a charge without a meal", func(tx *tx, town *smallTown) {
		rewrite(tx, monday, town.class["primaria 1A"], func(r *canteen.Register) { r.Orders[0].Price = 270 })
	}, "nothing was ordered and there is a diet or a charge"},
	{"a meal not charged", func(tx *tx, town *smallTown) {
		rewrite(tx, monday, town.class["primaria 1A"], func(r *canteen.Register) { r.Orders[3].Line, r.Orders[3].Balance = 0, 0 })
	}, "and was not charged"},
	{"an absence not heard", func(tx *tx, town *smallTown) {
		tx.del(communications, keyCommunication(monday, primaria, town.elder))
	}, "the meal is absent and should be standard"},
	{"an absence said to another school", func(tx *tx, town *smallTown) {
		key := keyCommunication(monday, primaria, town.elder)
		v := tx.get(communications, key)
		tx.put(communications, keyCommunication(monday, infanzia, town.elder), v)
		tx.del(communications, key)
	}, "the family said absence for another school, FGAA00001A, and it was not heard"},
	{"a pupil without an order", func(tx *tx, town *smallTown) {
		rewrite(tx, monday, town.class["primaria 1A"], func(r *canteen.Register) { r.Orders = r.Orders[1:] })
	}, "was enrolled in FGEE00002B 1A on 2026-10-12 and has no order"},
	{"an order without an enrolment", func(tx *tx, town *smallTown) {
		rewrite(tx, monday, town.class["primaria 1A"], func(r *canteen.Register) {
			r.Orders = append(r.Orders, canteen.Order{Pupil: town.of["secondaria 2C"][0], Meal: canteen.MealAbsent})
		})
	}, "has an order in FGEE00002B 1A and was not enrolled there"},
	{"two orders on a day", func(tx *tx, town *smallTown) {
		e := canteen.Enrolment{Pupil: town.elder, Class: town.class["primaria 3B"], State: canteen.Validated, From: 20260901}
		tx.put(enrolments, keyEnrolment(e.Class, e.Pupil, e.From), encodeEnrolment(&e))
		tx.putIndex(enrolmentsByPAN, keyEnrolmentByPAN(e.Pupil, e.From, e.Class))
		rewrite(tx, monday, e.Class, func(r *canteen.Register) {
			r.Orders = append([]canteen.Order{{Pupil: e.Pupil, Meal: canteen.MealAbsent}}, r.Orders...)
		})
	}, "a second order of the same day"},
	{"a register that vanished", func(tx *tx, town *smallTown) {
		tx.del(registers, keyRegister(monday, town.class["primaria 3B"]))
	}, "the registers of the school have not the sum they were closed with"},
	{"a class forgotten", func(tx *tx, town *smallTown) {
		edit(tx, classes, key32(uint32(town.class["primaria 5A"])), func(c *canteen.Class) { c.Weekdays = canteen.MonToFri })
	}, "FGEE00002B 5A on 2026-10-12: the canteen was open is true, there is a register is false"},
	{"a closing that vanished", func(tx *tx, _ *smallTown) { tx.del(closings, keyDaySchool(monday, primaria)) }, "its school has not closed the day"},
	{"a closing with other counts", func(tx *tx, _ *smallTown) {
		edit(tx, closings, keyDaySchool(monday, primaria), func(c *closing) { c.Counts.Standard++ })
	}, "and its registers hold"},
	{"a closing with another sum", func(tx *tx, _ *smallTown) {
		edit(tx, closings, keyDaySchool(monday, primaria), func(c *closing) { c.Charged++ })
	}, "and its registers hold"},
	{"a broken chain", func(tx *tx, _ *smallTown) {
		edit(tx, closings, keyDaySchool(monday, primaria), func(c *closing) { c.Prev = nil })
	}, "the chain of the day is broken in front of this school"},
	{"a day with another root", func(tx *tx, _ *smallTown) {
		edit(tx, days, keyDay(monday), func(d *dayRecord) { d.Root[0]++ })
	}, "the record of the day says 3 schools and root"},
	{"a sheet that vanished", func(tx *tx, _ *smallTown) { tx.del(sheets, keySheet(monday, 1, 1)) },
		"all schools of kitchen via-appulo are closed on 2026-10-12 and it has no sheet"},
	{"a sheet with another number", func(tx *tx, _ *smallTown) {
		edit(tx, sheets, keySheet(monday, 1, 1), func(s *canteen.Sheet) { s.Rows[0].Standard++ })
	}, "and the register"},
	{"a sheet that cannot add", func(tx *tx, _ *smallTown) {
		edit(tx, sheets, keySheet(monday, 1, 1), func(s *canteen.Sheet) { s.Totals.Total++ })
	}, "and the rows make"},
	{"a sheet without a class", func(tx *tx, _ *smallTown) {
		edit(tx, sheets, keySheet(monday, 1, 1), func(s *canteen.Sheet) { s.Rows = s.Rows[1:] })
	}, "only 1 of the 2 registers of FGAA00001A are on the sheet"},
	{"a sheet without a legend", func(tx *tx, _ *smallTown) {
		edit(tx, sheets, keySheet(monday, 1, 1), func(s *canteen.Sheet) { s.Legend = nil })
	}, "is cooked and not explained"},
	{"a version skipped", func(tx *tx, _ *smallTown) {
		var s canteen.Sheet
		tx.getJSON(sheets, keySheet(monday, 1, 1), &s)
		s.Version = 3
		tx.putJSON(sheets, keySheet(monday, 1, 3), s)
	}, "version 3 follows version 1"},
	{"a receipt that vanished", func(tx *tx, _ *smallTown) { tx.del(receipts, keyReceipt(canteen.ReceiptNumber{Year: 2026, N: 2})) },
		"receipt 2026/000003 stands where number 2 of the year should"},
	{"a receipt for another child", func(tx *tx, town *smallTown) {
		edit(tx, receipts, tx.first(receipts), func(r *Receipt) { r.Pupil = town.elder })
	}, "its receipt 2026/000001 is for white of pupil"},
	{"a communication that came late", func(tx *tx, town *smallTown) {
		late := instant(monday, "09:15:00.001")
		edit(tx, receipts, tx.first(receipts), func(r *Receipt) { r.Received = late })
		tx.put(communications, keyCommunication(monday, primaria, town.coeliac), encodeCommunication(canteen.Communication{
			Kind: canteen.White, Received: late, Receipt: canteen.ReceiptNumber{Year: 2026, N: 1}}))
	}, "after the cut-off 2026-10-12 09:15:00"},
	{"a role nobody knows", func(tx *tx, _ *smallTown) {
		tx.putJSON(users, []byte("ospite"), User{Login: "ospite", Role: "king"})
	}, `login "ospite" with role "king"`},
}

func TestCheck_findsDamage(t *testing.T) {
	template, c := openUnproved(t)
	town := closedTown(t, template, c)
	if err := template.Close(); err != nil {
		t.Fatal(err)
	}
	for _, damage := range damages {
		t.Run(damage.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "town.db")
			if err := copyFile(template.Path(), path); err != nil {
				t.Fatal(err)
			}
			s, err := Open(path, Options{Now: c.now})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.updateAlone(Console(), func(tx *tx) error { damage.do(tx, town); return tx.err }); err != nil {
				t.Fatalf("damage: %v", err)
			}
			report, err := s.Check(Console(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if report.OK || !strings.Contains(strings.Join(report.Problems, "\n"), damage.says) {
				t.Errorf("want a problem with %q, got %q", damage.says, report.Problems)
			}
		})
	}
}

func TestCheck_boundsItsReport(t *testing.T) {
	s, c := openUnproved(t)
	closedTown(t, s, c)
	err := s.updateAlone(Console(), func(tx *tx) error {
		edit(tx, tariffs, key16(2), func(t *canteen.Tariff) { t.Rates[5].Price = 300 })
		return tx.err
	})
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.Check(Console(), nil)
	if err != nil || len(report.Problems) != maxProblems || report.LeftOut == 0 {
		t.Errorf("got %d problems and %d left out, %v; want %d and more than none", len(report.Problems), report.LeftOut, err, maxProblems)
	}
}

func TestCheckFile_refusesWhatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	if _, err := CheckFile(filepath.Join(dir, "none.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: got %v, want fs.ErrNotExist", err)
	}
	s, _ := open(t)
	if _, err := CheckFile(s.Path()); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("a live file: got %v, want KindConflict", err)
	}
	whole, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	other, err := bolt.Open(filepath.Join(dir, "other.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"empty.db": {}, "text.db": []byte(strings.Repeat("mensa ", 10_000)), "zeros.db": make([]byte, 1<<16),
		"cut.db": whole[:3*4096], "one-page.db": whole[:4096],
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"empty.db", "text.db", "zeros.db", "cut.db", "one-page.db", "other.db"} {
		start := time.Now()
		report, err := CheckFile(filepath.Join(dir, name))
		if err != nil || report.OK || len(report.Problems) == 0 {
			t.Errorf("%s: got %v %+v, want a report with a problem", name, err, report)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s: the check took %s", name, took)
		}
	}
}
