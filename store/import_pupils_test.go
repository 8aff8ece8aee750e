package store

import (
	"fmt"
	"reflect"
	"testing"

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

func TestImportPupils_ranksWithoutThoseWhoLeft(t *testing.T) {
	i := withTown(t)
	elder, younger := pupilRow(t, 2, "4100010"), pupilRow(t, 3, "4100025")
	elder.Pupil.Born = 20150101
	i.pupils(elder, younger)(2, 0, 0, 0)
	err := i.update(Console(), func(tx *tx) error {
		e := tx.enrolmentsOf(elder.Pupil.PAN)[0]
		e.Until = firstDay
		return tx.putEnrolment(&e)
	})
	if err != nil {
		t.Fatal(err)
	}
	i.now = firstDay.AddDays(3).At(8 * 60)
	younger.Band = "F2"
	i.pupils(younger)(0, 1, 0, 0)
	for _, row := range []canteen.PupilRow{elder, younger} {
		if got := i.enrolmentsOf(row.Pupil.PAN)[0].Rank; got != 1 {
			t.Errorf("pupil %s has rank %d, want 1: the elder keeps it, the younger has it now", row.Pupil.PAN, got)
		}
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
