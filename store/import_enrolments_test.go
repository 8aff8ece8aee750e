package store

import (
	"reflect"
	"testing"
	"time"

	"refettorio/canteen"
)

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
		start canteen.Date // of the place before the change; 0: of the year
		from  canteen.Date // of the change; 0: the row does not say
		at    time.Time
		close bool              // the first day is closed before the change
		shut  string            // the school that has no service on it
		want  [][3]canteen.Date // class (1 the old, 2 the new), from, until; nil: refused
	}{
		{name: "nothing closed, from today", at: canteen.Date(20260910).At(480), want: [][3]canteen.Date{{1, 20260901, 20260909}, {2, 20260910, 0}}},
		{name: "from a day to come", from: 20261005, at: firstDay.At(480), want: [][3]canteen.Date{{1, 20260901, 20261004}, {2, 20261005, 0}}},
		{name: "before the year", at: canteen.Date(20260820).At(480), want: [][3]canteen.Date{{2, 20260901, 0}}},
		{name: "from the first day, nothing closed", from: 20260901, at: canteen.Date(20260910).At(480), want: [][3]canteen.Date{{2, 20260901, 0}}},
		{name: "today is closed", close: true, at: firstDay.At(660), want: [][3]canteen.Date{{1, 20260901, 20260907}, {2, 20260908, 0}}},
		{name: "before a closed day", from: 20260903, close: true, at: canteen.Date(20260910).At(480)},
		{name: "today is closed for the old school", close: true, shut: collodi, at: firstDay.At(660), want: [][3]canteen.Date{{1, 20260901, 20260907}, {2, 20260908, 0}}},
		{name: "today is closed for the new school", close: true, shut: rodari, at: firstDay.At(660), want: [][3]canteen.Date{{1, 20260901, 20260907}, {2, 20260908, 0}}},
		{name: "before a closed day of the old school", from: firstDay, close: true, shut: collodi, at: canteen.Date(20260910).At(480)},
		{name: "before a closed day of the new school", from: firstDay, close: true, shut: rodari, at: canteen.Date(20260910).At(480)},
		{name: "before it has begun", start: 20261005, at: firstDay.At(480), want: [][3]canteen.Date{{2, 20261005, 0}}},
		{name: "after the year", at: canteen.Date(20270905).At(480)},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := withTown(t)
			row := pupilRow(t, 2, "4100010")
			row.Year, row.From = "2026/27", c.start
			i.pupils(row)(1, 0, 0, 0)
			if c.shut != "" {
				rule := canteen.DayRule{Layer: canteen.SchoolLayer, Scope: c.shut, From: firstDay, To: firstDay}
				i.want(i.ImportCalendar(Console(), []canteen.CalendarRow{{Line: 2, Rule: rule}}, ImportOptions{}))(1, 0, 0, 0)
			}
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

func TestImportPupils_classChangeKeepsTheFamilysDays(t *testing.T) {
	i := withTown(t)
	row := pupilRow(t, 2, "4100010")
	i.pupils(row)(1, 0, 0, 0)
	const monday canteen.Weekdays = 1
	err := i.update(Console(), func(tx *tx) error {
		e := tx.enrolmentsOf(row.Pupil.PAN)[0]
		e.Weekdays = monday
		return tx.putEnrolment(&e)
	})
	if err != nil {
		t.Fatal(err)
	}
	i.now = canteen.Date(20260910).At(8 * 60)
	row.Section = "B"
	i.pupils(row)(0, 1, 0, 0)
	if all := i.enrolmentsOf(row.Pupil.PAN); len(all) != 2 || all[1].Weekdays != monday {
		t.Errorf("enrolments %+v, want the second with the Monday only", all)
	}
}

func TestImportPupils_communicationsFollowOnTheDayOfTheChange(t *testing.T) {
	i := withTown(t)
	soon, late := pupilRow(t, 2, "4100010"), pupilRow(t, 3, "4100025")
	i.pupils(soon, late)(2, 0, 0, 0)
	all := []canteen.PAN{soon.Pupil.PAN, late.Pupil.PAN}
	if _, err := i.Communicate(Console(), CommunicationRequest{Pupils: all, Kind: canteen.White, From: 20260911, To: 20260911}); err != nil {
		t.Fatal(err)
	}
	for _, row := range []*canteen.PupilRow{&soon, &late} {
		row.School, row.Section = "FGEE00002B", "C"
	}
	soon.From, late.From = 20260909, 20260921
	i.pupils(soon, late)(0, 2, 0, 0)
	for _, pan := range all {
		days, err := i.PupilCalendar(Console(), pan, 20260911, 20260911)
		if err != nil || days[0].Current == nil || days[0].Meal != canteen.MealWhite {
			t.Errorf("pupil %s on 2026-09-11: %+v, %v; want its white meal in whichever school", pan, days, err)
		}
	}
}

func TestImportPupils_firstDayOfALaterPlaceStays(t *testing.T) {
	i := withTown(t)
	row := pupilRow(t, 2, "4100010")
	i.pupils(row)(1, 0, 0, 0)
	i.now = canteen.Date(20260910).At(8 * 60)
	row.Section = "B"
	i.pupils(row)(0, 1, 0, 0)
	row.From = 20260904
	report := i.pupils(row)(0, 0, 1, 0)
	if r := report.Rows[0].Reason; r == nil || r.Key != "warning.import.fromKept" {
		t.Errorf("a day inside the place before is told as %v", r)
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
