package store

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"refettorio/canteen"
)

// importing is a store under test with a clock that can be set. When the test is
// over the file is held against its own digests.
type importing struct {
	*Store
	t   testing.TB
	now time.Time
}

// firstDay is the Monday on which the tests begin: the school year has, and no
// day of it is closed.
const firstDay canteen.Date = 20260907

func openForImport(t testing.TB) *importing {
	t.Helper()
	i := &importing{t: t, now: firstDay.At(8 * 60)}
	s, err := Open(filepath.Join(t.TempDir(), "town.db"), Options{
		Now: func() time.Time { return i.now }, Entropy: rand.NewChaCha8([32]byte{1}), noSync: true})
	if err != nil {
		t.Fatal(err)
	}
	i.Store = s
	t.Cleanup(func() {
		if err := s.verifyOpen(); err != nil {
			t.Errorf("the file does not fit its digests: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return i
}

// withTown opens a store with a small town: a kitchen, two schools and their classes.
func withTown(t testing.TB) *importing {
	t.Helper()
	i := openForImport(t)
	i.want(i.ImportSchools(Console(), []canteen.SchoolRow{
		{Line: 2, Code: "FGEE00001A", Name: "Rodari", Stage: canteen.StagePrimaria, Institute: "I.C. Uno", Kitchen: "Centro di cottura Nord"},
		{Line: 3, Code: "FGEE00002B", Name: "Collodi", Stage: canteen.StagePrimaria, Institute: "I.C. Uno", Kitchen: "centro di cottura  NORD"},
	}, ImportOptions{}))(2, 0, 0, 0)
	var rows []canteen.ClassRow
	for n, school := range []string{"FGEE00001A", "FGEE00001A", "FGEE00002B"} {
		rows = append(rows, canteen.ClassRow{Line: n + 2, School: school, Grade: "1", Section: string(rune('A' + n)),
			Weekdays: canteen.MonToFri})
	}
	i.want(i.ImportClasses(Console(), rows, ImportOptions{}))(3, 0, 0, 0)
	i.want(i.ImportGuardians(Console(), guardianRows(4), ImportOptions{}))(4, 0, 0, 0)
	return i
}

// want returns a function that holds a report against the numbers of created,
// updated, unchanged and refused rows.
func (i *importing) want(report canteen.ImportReport, err error) func(created, updated, unchanged, refused int) canteen.ImportReport {
	i.t.Helper()
	if err != nil {
		i.t.Fatalf("import: %v", err)
	}
	return func(created, updated, unchanged, refused int) canteen.ImportReport {
		i.t.Helper()
		got := [4]int{report.Count(canteen.RowCreated), report.Count(canteen.RowUpdated),
			report.Count(canteen.RowUnchanged), report.Count(canteen.RowRefused)}
		if want := [4]int{created, updated, unchanged, refused}; got != want {
			i.t.Fatalf("created, updated, unchanged, refused = %v, want %v; rows: %v", got, want, describe(report))
		}
		return report
	}
}

func describe(r canteen.ImportReport) (lines []string) {
	for _, row := range r.Rows[:min(len(r.Rows), 10)] {
		line := fmt.Sprintf("%d %s %s", row.Line, row.Key, row.Outcome)
		if row.Reason != nil {
			line += " " + row.Reason.Error()
		}
		lines = append(lines, line)
	}
	return lines
}

// refusedWith checks that a line was refused with a sentence about a column.
func refusedWith(t *testing.T, r canteen.ImportReport, line int, field, key string) {
	t.Helper()
	for _, row := range r.Rows {
		if row.Line != line {
			continue
		}
		if row.Outcome != canteen.RowRefused || row.Reason == nil || row.Reason.Key != key || row.Reason.Field != field {
			t.Fatalf("line %d: got %s %v, want refused %s: %s", line, row.Outcome, row.Reason, field, key)
		}
		return
	}
	t.Fatalf("line %d is not in the report: %v", line, describe(r))
}

// state is what a file must still hold after an import that wrote nothing.
func (i *importing) state() (all string) {
	i.t.Helper()
	err := i.view(Console(), func(tx *tx) error {
		all = fmt.Sprintf("%x %x", tx.get(metas, keyDigests), tx.get(metas, keyGeneration))
		for _, t := range tables {
			all += fmt.Sprintf(" %d", tx.bucket(t).Sequence())
		}
		return nil
	})
	if err != nil {
		i.t.Fatal(err)
	}
	return all
}

// close closes a day, at ten o'clock of it.
func (i *importing) close(day canteen.Date) {
	i.t.Helper()
	i.now = day.At(10 * 60)
	if n, err := i.CloseDay(context.Background(), Console(), day); err != nil || n == 0 {
		i.t.Fatalf("close %s: %d schools, %v", day, n, err)
	}
}

func (i *importing) enrolmentsOf(pan canteen.PAN) []canteen.Enrolment {
	i.t.Helper()
	all, err := i.Enrolments(Console(), pan)
	if err != nil {
		i.t.Fatal(err)
	}
	return all
}

func (i *importing) classID(school, name string) canteen.ClassID {
	i.t.Helper()
	town, err := i.Town(Console())
	if err != nil {
		i.t.Fatal(err)
	}
	for _, c := range town.Classes {
		for _, s := range town.Schools {
			if s.ID == c.School && s.Code == school && c.Name() == name {
				return c.ID
			}
		}
	}
	i.t.Fatalf("there is no class %s %s", school, name)
	return 0
}

func pan(t testing.TB, s string) canteen.PAN {
	t.Helper()
	p, err := canteen.ParsePAN(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func guardianCode(n int) canteen.CodiceFiscale {
	return canteen.CodiceFiscale(fmt.Sprintf("GNT%013d", n))
}

func guardianRows(n int) (rows []canteen.GuardianRow) {
	for i := range n {
		rows = append(rows, canteen.GuardianRow{Line: i + 2, Guardian: canteen.Guardian{CodiceFiscale: guardianCode(i),
			Surname: fmt.Sprintf("Persona%d", i), Name: "Ada", Phone: "+393330000000", Email: "ada@example.org"}})
	}
	return rows
}

// pupilRow is a row of a child of guardian 0 in 1A of Rodari.
func pupilRow(t testing.TB, line int, code string) canteen.PupilRow {
	p := canteen.Pupil{Surname: "Serra", Name: "Bianca" + code, Born: 20190523, Sex: "F", Birthplace: "Lucera",
		CodiceFiscale: canteen.CodiceFiscale("ALN" + fmt.Sprintf("%013s", code))}
	p.PAN = pan(t, code)
	return canteen.PupilRow{Line: line, Pupil: p, School: "FGEE00001A", Grade: "1", Section: "A",
		Guardians: []canteen.CodiceFiscale{guardianCode(0)}, Band: "F1"}
}

// bigTown imports a town of n pupils, 20 to a class and 10 classes to a school,
// and returns the rows of its pupils. Pupils 3k and 3k+1 are siblings.
func bigTown(i *importing, n int) (pupils []canteen.PupilRow) {
	i.t.Helper()
	var schools []canteen.SchoolRow
	var classes []canteen.ClassRow
	for c := range (n + 19) / 20 {
		school := fmt.Sprintf("FGEE%06d", c/10)
		if c%10 == 0 {
			schools = append(schools, canteen.SchoolRow{Line: len(schools) + 2, Code: school, Name: "Scuola " + school,
				Stage: canteen.StagePrimaria, Kitchen: fmt.Sprintf("Cucina %d", c/40)})
		}
		classes = append(classes, canteen.ClassRow{Line: len(classes) + 2, School: school, Grade: "1",
			Section: fmt.Sprint(c % 10), Weekdays: canteen.MonToFri})
	}
	i.want(i.ImportSchools(Console(), schools, ImportOptions{}))(len(schools), 0, 0, 0)
	i.want(i.ImportClasses(Console(), classes, ImportOptions{}))(len(classes), 0, 0, 0)
	i.want(i.ImportGuardians(Console(), guardianRows(n), ImportOptions{}))(n, 0, 0, 0)
	for k := range n {
		row := pupilRow(i.t, k+2, fmt.Sprint(4_000_000+k*7%n))
		c := k * 31 % len(classes)
		row.School, row.Section, row.Band = classes[c].School, classes[c].Section, fmt.Sprintf("F%d", k%5)
		row.Pupil.Born = canteen.NewDate(2016+k%5, k%12+1, k%28+1)
		row.Pupil.CodiceFiscale = canteen.CodiceFiscale(fmt.Sprintf("ALN%013d", k*7919%1_000_003))
		row.Guardians = []canteen.CodiceFiscale{guardianCode(k)}
		if k%3 == 1 {
			row.Guardians = []canteen.CodiceFiscale{guardianCode(k - 1), guardianCode(k)}
		}
		if k%40 == 0 {
			row.Diet = canteen.Diet{Code: "G1", Name: "senza glutine"}
		}
		pupils = append(pupils, row)
	}
	return pupils
}

func TestImport_forbiddenToOthers(t *testing.T) {
	i := openForImport(t)
	for _, actor := range []canteen.Actor{{Login: "f", Role: canteen.RoleGuardian}, {Login: "d", Role: canteen.RoleDesk}, canteen.JobActor, {}} {
		_, err := i.ImportGuardians(Act{Actor: actor}, guardianRows(1), ImportOptions{DryRun: true})
		if canteen.KindOf(err) != canteen.KindForbidden {
			t.Errorf("actor %v: got %v, want forbidden", actor, err)
		}
	}
	i.want(i.ImportGuardians(Act{Actor: canteen.Actor{Login: "u", Role: canteen.RoleOffice}}, guardianRows(1), ImportOptions{}))(1, 0, 0, 0)
}

func TestImport_wholeTownTwice(t *testing.T) {
	i := openForImport(t)
	rows := bigTown(i, 2000)
	var balances []canteen.BalanceRow
	for k, row := range rows {
		balances = append(balances, canteen.BalanceRow{Line: row.Line, PAN: row.Pupil.PAN, Balance: canteen.Cents(k%7*250 - 500)})
	}
	i.want(i.ImportPupils(Console(), rows, ImportOptions{}))(2000, 0, 0, 0)
	zero := 0
	for _, b := range balances {
		if b.Balance == 0 {
			zero++
		}
	}
	i.want(i.ImportBalances(Console(), balances, ImportOptions{}))(2000-zero, 0, zero, 0)

	before := i.state()
	i.now = i.now.Add(48 * time.Hour)
	i.want(i.ImportPupils(Console(), rows, ImportOptions{}))(0, 0, 2000, 0)
	i.want(i.ImportGuardians(Console(), guardianRows(2000), ImportOptions{}))(0, 0, 2000, 0)
	i.want(i.ImportBalances(Console(), balances, ImportOptions{}))(0, 0, 2000, 0)
	if got := i.state(); got != before {
		t.Errorf("the second run of the same files has written something")
	}
	for k, row := range rows[:200] {
		p, err := i.Pupil(Console(), row.Pupil.PAN)
		if err != nil || len(p.Handle) != handleSize || p.Surname != row.Pupil.Surname {
			t.Fatalf("pupil %d: got %+v, %v", k, p, err)
		}
		view, err := i.Account(Console(), row.Pupil.PAN, 20260901, 20261231)
		if err != nil || view.Balance != balances[k].Balance {
			t.Fatalf("balance of pupil %d: got %v, %v, want %v", k, view.Balance, err, balances[k].Balance)
		}
	}
}

func TestImport_dryRunReportsAndWritesNothing(t *testing.T) {
	i := withTown(t)
	before := i.state()
	rows := []canteen.PupilRow{pupilRow(t, 2, "4100010"), pupilRow(t, 3, "4100025")}
	rows[1].Pupil.PAN = 0
	dry := i.want(i.ImportPupils(Console(), rows, ImportOptions{DryRun: true}))(2, 0, 0, 0)
	i.want(i.ImportSchools(Console(), []canteen.SchoolRow{{Line: 2, Code: "FGEE00003C", Name: "Nuova", Kitchen: "Sud"}}, ImportOptions{DryRun: true}))(1, 0, 0, 0)
	if got := i.state(); got != before {
		t.Errorf("a rehearsal has changed the file")
	}
	written := i.want(i.ImportPupils(Console(), rows, ImportOptions{}))(2, 0, 0, 0)
	if dry.Written || !written.Written {
		t.Errorf("written: rehearsal %v, import %v; want false, true", dry.Written, written.Written)
	}
	if !reflect.DeepEqual(dry.Rows, written.Rows) {
		t.Errorf("the rehearsal says %v, the import %v", describe(dry), describe(written))
	}
}

func TestImport_allOrNothing(t *testing.T) {
	i := withTown(t)
	rows := []canteen.PupilRow{pupilRow(t, 2, "4100010"), pupilRow(t, 3, "4100025"), pupilRow(t, 4, "4100031")}
	rows[1].Section = "Z"
	rows[2].Guardians = []canteen.CodiceFiscale{guardianCode(77)}
	byReading := ImportOptions{Refused: []canteen.RowResult{{Line: 9, Key: "x", Outcome: canteen.RowRefused, Reason: canteen.Invalid("PAN", "error.pan")}}}
	before := i.state()
	report := i.want(i.ImportPupils(Console(), rows, byReading))(1, 0, 0, 3)
	if report.Written || i.state() != before {
		t.Fatalf("a file with refused rows was written")
	}
	refusedWith(t, report, 3, "Classe", "error.import.noClass")
	refusedWith(t, report, 4, "CF genitore", "error.import.guardian")
	refusedWith(t, report, 9, "PAN", "error.pan")
	if got := report.Rows[1].Reason.Args; !reflect.DeepEqual(got, []any{"FGEE00001A", "1Z", "2026/27"}) {
		t.Errorf("arguments of the refused class: %v", got)
	}

	byReading.SkipBad = true
	if report = i.want(i.ImportPupils(Console(), rows, byReading))(1, 0, 0, 3); !report.Written {
		t.Errorf("the good row was not written although the bad ones may be skipped")
	}
	if _, err := i.Pupil(Console(), rows[1].Pupil.PAN); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("the refused row was written: %v", err)
	}
	if _, err := i.Pupil(Console(), rows[0].Pupil.PAN); err != nil {
		t.Errorf("the good row: %v", err)
	}
}

func TestImport_reportJoinsReadingAndRecord(t *testing.T) {
	i := withTown(t)
	doubt := canteen.Invalid("Cognome", "warning.import.codiceFiscale")
	opt := ImportOptions{SkipBad: true,
		Refused: []canteen.RowResult{{Line: 3, Outcome: canteen.RowRefused, Reason: canteen.Invalid("PAN", "error.pan")}},
		Warnings: []canteen.RowResult{
			{Line: 1, Key: "Colore", Reason: canteen.Invalid("Colore", "warning.import.column", "Colore")},
			{Line: 4, Reason: doubt}, {Line: 4, Reason: canteen.Invalid("Nome", "second")},
			{Line: 6, Reason: canteen.Invalid("Codice fiscale", "warning.import.repeated", 2)}}}
	rows := []canteen.PupilRow{pupilRow(t, 4, "4100025"), pupilRow(t, 2, "4100010")}
	rows[1].School = "FGEE99999Z"
	report, err := i.ImportPupils(Console(), rows, opt)
	if err != nil {
		t.Fatal(err)
	}
	want := []canteen.RowOutcome{"", canteen.RowRefused, canteen.RowRefused, canteen.RowCreated, canteen.RowUnchanged}
	var got []canteen.RowOutcome
	for _, r := range report.Rows {
		got = append(got, r.Outcome)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("outcomes %q, want %q: %v", got, want, describe(report))
	}
	if report.Rows[3].Reason != doubt {
		t.Errorf("the doubtful row has the reason %v, want %v", report.Rows[3].Reason, doubt)
	}
}

func TestImport_progressEndsAtTotal(t *testing.T) {
	i := openForImport(t)
	for _, dry := range []bool{true, false, false} {
		var last, total, calls int
		opt := ImportOptions{DryRun: dry, Progress: func(d, all int) {
			if d < last || d > all {
				t.Errorf("progress %d after %d of %d", d, last, all)
			}
			last, total, calls = d, all, calls+1
		}}
		if _, err := i.ImportGuardians(Console(), guardianRows(1700), opt); err != nil {
			t.Fatal(err)
		}
		if last != total || calls < 3 {
			t.Errorf("dry run %v: progress ended at %d of %d after %d calls", dry, last, total, calls)
		}
	}
}

func TestImport_sameEntropySameTown(t *testing.T) {
	drawn := func() map[string]string {
		i := withTown(t)
		var rows []canteen.PupilRow
		for k := range 20 {
			row := pupilRow(t, k+2, fmt.Sprint(100+k))
			row.Pupil.PAN = 0
			rows = append(rows, row)
		}
		i.want(i.ImportPupils(Console(), rows, ImportOptions{DryRun: true}))(20, 0, 0, 0)
		i.want(i.ImportPupils(Console(), rows, ImportOptions{}))(20, 0, 0, 0)
		i.want(i.ImportPupils(Console(), rows, ImportOptions{}))(0, 0, 20, 0)
		found, err := i.FindPupils(Console(), "serra", 100)
		if err != nil {
			t.Fatal(err)
		}
		words := map[string]string{}
		for _, p := range found {
			if !p.PAN.ValidCheck() {
				t.Errorf("a new PAN without its check digit: %s", p.PAN)
			}
			words[p.PAN.String()] = p.Handle
		}
		return words
	}
	first, second := drawn(), drawn()
	if len(first) != 20 || !maps.Equal(first, second) {
		t.Errorf("the same entropy gave %v and %v", first, second)
	}
}
