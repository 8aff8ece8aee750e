package store

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"refettorio/canteen"
)

// stay is an enrolment as the tests look at it.
type stay struct {
	class       canteen.ClassID
	from, until canteen.Date
}

func (i *importing) places(pan canteen.PAN) (all []stay) {
	i.t.Helper()
	for _, e := range i.enrolmentsOf(pan) {
		all = append(all, stay{e.Class, e.From, e.Until})
	}
	return all
}

func (i *importing) pupils(rows ...canteen.PupilRow) func(created, updated, unchanged, refused int) canteen.ImportReport {
	i.t.Helper()
	return i.want(i.ImportPupils(Console(), rows, ImportOptions{}))
}

func TestImportPupils_startsWithTheYear(t *testing.T) {
	i := withTown(t)
	row := pupilRow(t, 2, "4100010")
	row.Diet, row.Outside, row.Pupil.NonResident = canteen.Diet{Code: "G1", Name: "senza glutine"}, true, true
	i.pupils(row)(1, 0, 0, 0)
	want := canteen.Enrolment{Pupil: row.Pupil.PAN, Class: i.classID("FGEE00001A", "1A"), State: canteen.Validated,
		From: 20260901, Rank: 1, Outside: true, Bands: []canteen.Since{{From: 20260901, Code: "F1"}},
		Diets: []canteen.Since{{From: 20260901, Code: "G1"}}}
	if got := i.enrolmentsOf(row.Pupil.PAN); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("enrolment %+v, want %+v", got, want)
	}
	p, err := i.Pupil(Console(), row.Pupil.PAN)
	if err != nil || p.Class != want.Class || len(p.Guardians) != 1 || !p.NonResident {
		t.Errorf("pupil %+v, %v", p, err)
	}
	town, _ := i.Town(Console())
	if want := []canteen.Diet{{Code: "G1", Name: "senza glutine"}}; !reflect.DeepEqual(town.Diets, want) {
		t.Errorf("diets %v, want %v", town.Diets, want)
	}
}

func TestImportPupils_startsAfterClosedDays(t *testing.T) {
	i := withTown(t)
	i.pupils(pupilRow(t, 2, "4100010"))(1, 0, 0, 0)
	i.close(firstDay)
	late := pupilRow(t, 3, "4100025")
	i.pupils(late)(1, 0, 0, 0)
	if got := i.places(late.Pupil.PAN); len(got) != 1 || got[0].from != firstDay.AddDays(1) {
		t.Errorf("a child that comes after the close starts %v, want the next day", got)
	}
	asked := pupilRow(t, 4, "4100031")
	asked.From = firstDay
	report := i.pupils(asked)(0, 0, 0, 1)
	refusedWith(t, report, 4, "Dal", "error.import.closed")
	asked.From = 20260831
	refusedWith(t, i.pupils(asked)(0, 0, 0, 1), 4, "Dal", "error.import.from")
}

func TestImportPupils_updatesWhatTheRowSays(t *testing.T) {
	i := withTown(t)
	row := pupilRow(t, 2, "4100010")
	i.pupils(row)(1, 0, 0, 0)
	before, _ := i.Pupil(Console(), row.Pupil.PAN)

	row.Pupil.Surname, row.Pupil.Birthplace, row.Pupil.Sex = "Serra Neri", "", ""
	row.Guardians = []canteen.CodiceFiscale{guardianCode(1), guardianCode(2)}
	i.pupils(row)(0, 1, 0, 0)
	after, _ := i.Pupil(Console(), row.Pupil.PAN)
	if after.Handle != before.Handle {
		t.Errorf("the handle changed from %s to %s", before.Handle, after.Handle)
	}
	if after.Surname != "Serra Neri" || after.Birthplace != "Lucera" || after.Sex != "F" {
		t.Errorf("got %+v, want the new surname and what the row left empty kept", after)
	}
	for n, want := range []int{0, 1, 1} {
		var id canteen.GuardianID
		if err := i.view(Console(), func(tx *tx) error { id, _ = tx.guardianByCF(guardianCode(n)); return nil }); err != nil {
			t.Fatal(err)
		}
		got, err := i.Pupils(Act{Actor: canteen.Actor{Guardian: id}})
		if err != nil || len(got) != want {
			t.Errorf("guardian %d has %d pupils, %v; want %d", n, len(got), err, want)
		}
	}
	row.Guardians = []canteen.CodiceFiscale{guardianCode(2), guardianCode(1)}
	i.pupils(row)(0, 0, 1, 0)
}

func TestImportPupils_oneChildOneCode(t *testing.T) {
	i := withTown(t)
	row := pupilRow(t, 2, "4100010")
	i.pupils(row)(1, 0, 0, 0)

	other := pupilRow(t, 2, "4100025")
	other.Pupil.CodiceFiscale = row.Pupil.CodiceFiscale
	report := i.pupils(other)(0, 0, 0, 1)
	refusedWith(t, report, 2, "Codice fiscale", "error.import.cfTaken")
	if got := report.Rows[0].Reason.Args[0]; got != "4100010" {
		t.Errorf("the refusal names %v, want the PAN that has the code", got)
	}

	known := row
	known.Pupil.PAN, known.Pupil.Name = 0, "Bianca Maria"
	i.pupils(known)(0, 1, 0, 0) // by its codice fiscale

	nameless := pupilRow(t, 2, "5")
	nameless.Pupil.PAN, nameless.Pupil.CodiceFiscale = 0, ""
	i.pupils(nameless)(1, 0, 0, 0)
	i.pupils(nameless)(0, 0, 1, 0) // by name and birth
	nameless.Pupil.Born++
	i.pupils(nameless)(1, 0, 0, 0)

	twice := pupilRow(t, 3, "4100010")
	refusedWith(t, i.pupils(row, twice)(0, 1, 0, 1), 3, "PAN", "error.import.duplicate")
}

func TestImportPupils_bandFromTodayOnceDaysAreClosed(t *testing.T) {
	i := withTown(t)
	row := pupilRow(t, 2, "4100010")
	i.pupils(row)(1, 0, 0, 0)
	row.Band = "F2"
	i.pupils(row)(0, 1, 0, 0)
	if got, want := i.enrolmentsOf(row.Pupil.PAN)[0].Bands, []canteen.Since{{From: 20260901, Code: "F2"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("before any close the bands are %v, want %v", got, want)
	}
	i.close(firstDay)
	i.now = firstDay.AddDays(2).At(8 * 60)
	row.Band, row.Diet = "F3", canteen.Diet{Code: "L1"}
	i.pupils(row)(0, 1, 0, 0)
	i.pupils(row)(0, 0, 1, 0)
	e := i.enrolmentsOf(row.Pupil.PAN)[0]
	if want := []canteen.Since{{From: 20260901, Code: "F2"}, {From: 20260909, Code: "F3"}}; !reflect.DeepEqual(e.Bands, want) {
		t.Errorf("bands %v, want %v", e.Bands, want)
	}
	if want := []canteen.Since{{From: 20260909, Code: "L1"}}; !reflect.DeepEqual(e.Diets, want) {
		t.Errorf("diets %v, want %v", e.Diets, want)
	}
	i.close(firstDay.AddDays(2)) // today is closed now: the next change is tomorrow's
	row.Band, row.Diet = "", canteen.Diet{}
	i.pupils(row)(0, 1, 0, 0)
	i.pupils(row)(0, 0, 1, 0)
	e = i.enrolmentsOf(row.Pupil.PAN)[0]
	if last := e.Bands[len(e.Bands)-1]; last != (canteen.Since{From: 20260910}) {
		t.Errorf("last band %v, want none from 2026-09-10", last)
	}
}

func TestImportPupils_dietGetsItsNameLater(t *testing.T) {
	i := withTown(t)
	row := pupilRow(t, 2, "4100010")
	row.Diet = canteen.Diet{Code: "G1"}
	i.pupils(row)(1, 0, 0, 0)
	row.Diet.Name = "senza glutine"
	i.pupils(row)(0, 1, 0, 0)
	row.Diet.Name = "altro nome"
	i.pupils(row)(0, 0, 1, 0)
	town, _ := i.Town(Console())
	if want := []canteen.Diet{{Code: "G1", Name: "senza glutine"}}; !reflect.DeepEqual(town.Diets, want) {
		t.Errorf("diets %v, want %v", town.Diets, want)
	}
}

func TestImportPupils_firstDayMovesWhileNothingIsClosed(t *testing.T) {
	i := withTown(t)
	row := pupilRow(t, 2, "4100010")
	i.pupils(row)(1, 0, 0, 0)
	row.From = 20260914
	i.pupils(row)(0, 1, 0, 0)
	i.pupils(row)(0, 0, 1, 0)
	class := i.classID("FGEE00001A", "1A")
	if got, want := i.places(row.Pupil.PAN), []stay{{class, 20260914, 0}}; !reflect.DeepEqual(got, want) {
		t.Fatalf("places %v, want %v", got, want)
	}
	i.close(20260914)
	row.From = 20260907
	report := i.pupils(row)(0, 0, 1, 0)
	if r := report.Rows[0].Reason; r == nil || r.Key != "warning.import.fromKept" {
		t.Errorf("a first day that cannot move any more is told as %v", r)
	}
}

func TestImportPupils_classChangeKeepsThePast(t *testing.T) {
	i := withTown(t)
	row, mate := pupilRow(t, 2, "4100010"), pupilRow(t, 3, "4100025")
	mate.School, mate.Section, mate.Guardians = "FGEE00002B", "C", []canteen.CodiceFiscale{guardianCode(1)}
	i.pupils(row, mate)(2, 0, 0, 0)
	i.want(i.ImportBalances(Console(), []canteen.BalanceRow{{Line: 2, PAN: row.Pupil.PAN, Balance: 2000}}, ImportOptions{}))(1, 0, 0, 0)
	i.close(firstDay)

	// The family has said something for the days before and after the change.
	i.now = firstDay.At(11 * 60)
	for _, day := range []canteen.Date{20260908, 20260911, 20260914} {
		out, err := i.Communicate(Console(), CommunicationRequest{Pupils: []canteen.PAN{row.Pupil.PAN}, Kind: canteen.Absence, From: day, To: day})
		if err != nil || out[0].Count(canteen.Accepted) != 1 {
			t.Fatalf("communication for %s: %v, %v", day, out, err)
		}
	}
	i.close(20260908)
	i.now = canteen.Date(20260910).At(8 * 60)
	row.School, row.Section = "FGEE00002B", "C"
	i.pupils(row)(0, 1, 0, 0)
	before := i.state()
	i.pupils(row)(0, 0, 1, 0)
	if i.state() != before {
		t.Errorf("the second run has written")
	}

	old, now := i.classID("FGEE00001A", "1A"), i.classID("FGEE00002B", "1C")
	if got, want := i.places(row.Pupil.PAN), []stay{{old, 20260901, 20260909}, {now, 20260910, 0}}; !reflect.DeepEqual(got, want) {
		t.Fatalf("places %v, want %v", got, want)
	}
	days, err := i.PupilCalendar(Console(), row.Pupil.PAN, firstDay, 20260914)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range days {
		school := "FGEE00001A"
		if d.Day >= 20260910 {
			school = "FGEE00002B"
		}
		said := d.Day == 20260908 || d.Day == 20260911 || d.Day == 20260914
		if d.School.Code != school || (d.Current != nil) != said {
			t.Errorf("%s: school %s, communication %v; want %s, %v", d.Day, d.School.Code, d.Current != nil, school, said)
		}
	}
	view, err := i.Account(Console(), row.Pupil.PAN, 20260901, 20260930)
	if err != nil || view.Balance != 2000-270 || len(view.Lines) != 2 {
		t.Errorf("account %v with %d lines, %v; want 17,30 with the opening and one charge", view.Balance, len(view.Lines), err)
	}
	i.close(20260911)
	if view, _ = i.Account(Console(), row.Pupil.PAN, 0, 0); view.Balance != 2000-270 {
		t.Errorf("balance %v after a day of absence in the new school, want 17,30", view.Balance)
	}
	i.close(20260915)
	if view, _ = i.Account(Console(), row.Pupil.PAN, 0, 0); view.Balance != 2000-2*270 {
		t.Errorf("balance %v after a meal in the new school, want 14,60", view.Balance)
	}
}

func TestImportPupils_classChangeOnADay(t *testing.T) {
	rodari, collodi := "FGEE00001A", "FGEE00002B"
	for _, c := range []struct {
		name  string
		from  canteen.Date
		at    time.Time
		close bool
		want  [][3]canteen.Date // class (1 the old, 2 the new), from, until; nil: refused
	}{
		{name: "nothing closed, from today", at: canteen.Date(20260910).At(480), want: [][3]canteen.Date{{1, 20260901, 20260909}, {2, 20260910, 0}}},
		{name: "from a day to come", from: 20261005, at: firstDay.At(480), want: [][3]canteen.Date{{1, 20260901, 20261004}, {2, 20261005, 0}}},
		{name: "before the year", at: canteen.Date(20260820).At(480), want: [][3]canteen.Date{{2, 20260901, 0}}},
		{name: "from the first day, nothing closed", from: 20260901, at: canteen.Date(20260910).At(480), want: [][3]canteen.Date{{2, 20260901, 0}}},
		{name: "today is closed", close: true, at: firstDay.At(660), want: [][3]canteen.Date{{1, 20260901, 20260907}, {2, 20260908, 0}}},
		{name: "before a closed day", from: 20260903, close: true, at: canteen.Date(20260910).At(480)},
		{name: "after the year", at: canteen.Date(20270905).At(480)},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := withTown(t)
			row := pupilRow(t, 2, "4100010")
			row.Year = "2026/27"
			i.pupils(row)(1, 0, 0, 0)
			if c.close {
				i.close(firstDay)
			}
			i.now = c.at
			row.School, row.Section, row.From = collodi, "C", c.from
			if c.want == nil {
				i.pupils(row)(0, 0, 0, 1)
				return
			}
			i.pupils(row)(0, 1, 0, 0)
			i.pupils(row)(0, 0, 1, 0)
			classes := map[canteen.Date]canteen.ClassID{1: i.classID(rodari, "1A"), 2: i.classID(collodi, "1C")}
			var want []stay
			for _, w := range c.want {
				want = append(want, stay{classes[w[0]], w[1], w[2]})
			}
			if got := i.places(row.Pupil.PAN); !reflect.DeepEqual(got, want) {
				t.Errorf("places %v, want %v", got, want)
			}
			if p, _ := i.Pupil(Console(), row.Pupil.PAN); p.Class != classes[2] {
				t.Errorf("the pupil is of class %d, want %d", p.Class, classes[2])
			}
		})
	}
}

func TestImportPupils_nextYearKeepsThisOne(t *testing.T) {
	i := withTown(t)
	row := pupilRow(t, 2, "4100010")
	i.pupils(row)(1, 0, 0, 0)
	i.want(i.ImportClasses(Console(), []canteen.ClassRow{{Line: 2, School: "FGEE00001A", Year: "2027/28", Grade: "2", Section: "A",
		Weekdays: canteen.MonToFri}}, ImportOptions{}))(1, 0, 0, 0)
	next := row
	next.Year, next.Grade = "2027/28", "2"
	i.pupils(next)(0, 1, 0, 0)
	i.pupils(next)(0, 0, 1, 0)
	i.pupils(row)(0, 0, 1, 0)
	var years []string
	for _, p := range i.places(row.Pupil.PAN) {
		years = append(years, canteen.YearOf(p.from))
	}
	if want := []string{"2026/27", "2027/28"}; !reflect.DeepEqual(years, want) {
		t.Errorf("places in %v, want %v", years, want)
	}
}

func TestImportPupils_ranks(t *testing.T) {
	i := withTown(t)
	child := func(line int, born canteen.Date, guardians ...int) canteen.PupilRow {
		row := pupilRow(t, line, fmt.Sprint(100+line))
		row.Pupil.Born, row.Guardians = born, nil
		for _, g := range guardians {
			row.Guardians = append(row.Guardians, guardianCode(g))
		}
		return row
	}
	ranks := func(rows []canteen.PupilRow) (all []uint8) {
		for _, r := range rows {
			all = append(all, i.enrolmentsOf(r.Pupil.PAN)[0].Rank)
		}
		return all
	}
	// Two chains: 0-1-2 through guardians 0 and 1, and 3 alone.
	rows := []canteen.PupilRow{child(2, 20190101, 0), child(3, 20170101, 0, 1), child(4, 20180101, 1), child(5, 20160101, 2)}
	i.pupils(rows...)(4, 0, 0, 0)
	if got, want := ranks(rows), []uint8{3, 1, 2, 1}; !reflect.DeepEqual(got, want) {
		t.Fatalf("ranks %v, want %v", got, want)
	}
	// A new elder sibling moves the others, who are not in the file; a twin of it
	// comes after it by PAN.
	elder := []canteen.PupilRow{child(6, 20150101, 0), child(7, 20150101, 1)}
	i.pupils(elder...)(2, 0, 0, 0)
	rows = append(rows, elder...)
	if got, want := ranks(rows), []uint8{5, 3, 4, 1, 1, 2}; !reflect.DeepEqual(got, want) {
		t.Fatalf("with two elder siblings the ranks are %v, want %v", got, want)
	}
	// The second child goes to another guardian: its old household closes up, and
	// is cut in two because it was the link.
	moved := child(3, 20170101, 2)
	i.pupils(moved)(0, 1, 0, 0)
	if got, want := ranks(rows), []uint8{2, 2, 2, 1, 1, 1}; !reflect.DeepEqual(got, want) {
		t.Errorf("after a child has left the ranks are %v, want %v", got, want)
	}
}
