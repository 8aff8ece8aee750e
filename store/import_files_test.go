package store

import (
	"reflect"
	"testing"
	"time"

	"refettorio/canteen"
)

func TestImportSchools_kitchensByName(t *testing.T) {
	i := withTown(t)
	town, err := i.Town(Console())
	if err != nil {
		t.Fatal(err)
	}
	want := []canteen.Kitchen{{ID: 1, Code: "nord", Name: "Centro di cottura Nord", Cutoff: canteen.DefaultCutoff, Limit: canteen.DefaultLimit}}
	if !reflect.DeepEqual(town.Kitchens, want) {
		t.Errorf("kitchens %+v, want %+v", town.Kitchens, want)
	}
	row := canteen.SchoolRow{Line: 2, Code: "FGEE00001A", Name: "Rodari", Stage: canteen.StagePrimaria, Kitchen: "CENTRO DI COTTURA NORD"}
	i.want(i.ImportSchools(Console(), []canteen.SchoolRow{row}, ImportOptions{}))(0, 0, 1, 0)
	row.Kitchen, row.Cutoff = "Nord!", 9*60
	i.want(i.ImportSchools(Console(), []canteen.SchoolRow{row}, ImportOptions{}))(0, 1, 0, 0)
	town, _ = i.Town(Console())
	if len(town.Kitchens) != 2 || town.Kitchens[1].Code != "nord-2" {
		t.Errorf("kitchens %+v, want a second one with the code nord-2", town.Kitchens)
	}
	for _, s := range town.Schools {
		if s.Code == "FGEE00001A" && (s.Kitchen != 2 || s.Cutoff != 9*60 || s.Institute != "I.C. Uno" || s.ID != 1) {
			t.Errorf("school %+v, want number 1 in kitchen 2 from 09:00, its institute kept", s)
		}
	}
	report := i.want(i.ImportSchools(Console(), []canteen.SchoolRow{row, {Line: 3, Code: row.Code, Name: "Altra"}}, ImportOptions{}))(0, 0, 1, 1)
	refusedWith(t, report, 3, "Codice meccanografico", "error.import.duplicate")
}

func TestImportClasses_ofKnownSchools(t *testing.T) {
	i := withTown(t)
	rows := []canteen.ClassRow{
		{Line: 2, School: "FGEE00001A", Grade: "1", Section: "A", Weekdays: canteen.MonToFri},
		{Line: 3, School: "FGEE00001A", Year: "2026/27", Grade: "1", Section: "B", Weekdays: 0b101, Staff: 2},
		{Line: 4, School: "FGEE00001A", Year: "2027/28", Grade: "1", Section: "A", Weekdays: canteen.MonToFri},
		{Line: 5, School: "FGEE99999Z", Grade: "1", Section: "A", Weekdays: canteen.MonToFri},
		{Line: 6, School: "FGEE00001A", Year: "domani", Grade: "1", Section: "A", Weekdays: canteen.MonToFri},
		{Line: 7, School: "FGEE00001A", Grade: "5", Section: "A"},
		{Line: 8, School: "FGEE00001A", Year: "2026/27", Grade: "1", Section: "A", Weekdays: 1},
	}
	report := i.want(i.ImportClasses(Console(), rows, ImportOptions{SkipBad: true}))(1, 1, 1, 4)
	refusedWith(t, report, 5, "Plesso", "error.import.school")
	refusedWith(t, report, 6, "Anno scolastico", "error.schoolYear")
	refusedWith(t, report, 7, "Giorni mensa", "error.weekdays")
	refusedWith(t, report, 8, "Classe", "error.import.duplicate")
	if report.Rows[0].Key != "FGEE00001A 1A" {
		t.Errorf("key %q, want %q", report.Rows[0].Key, "FGEE00001A 1A")
	}
	rows[1].Staff = 0
	i.want(i.ImportClasses(Console(), rows[:3], ImportOptions{}))(0, 0, 3, 0)
}

func TestImportGuardians_updatesContacts(t *testing.T) {
	i := withTown(t)
	rows := guardianRows(3)
	rows[1].Guardian.Phone, rows[1].Guardian.Email = "+393339999999", ""
	rows[2].Guardian.City = "Lucera"
	i.want(i.ImportGuardians(Console(), rows, ImportOptions{}))(0, 2, 1, 0)
	var got canteen.Guardian
	err := i.view(Console(), func(tx *tx) error {
		id, _ := tx.guardianByCF(guardianCode(1))
		got, _ = tx.guardian(id)
		return nil
	})
	if err != nil || got.Phone != "+393339999999" || got.Email != "ada@example.org" {
		t.Errorf("guardian %+v, %v; want the new phone and the old address", got, err)
	}
	again := rows[0]
	again.Line = 9
	refusedWith(t, i.want(i.ImportGuardians(Console(), append(rows, again), ImportOptions{}))(0, 0, 3, 1), 9, "Codice fiscale", "error.import.duplicate")
}

func TestImportBalances_openingsAreCorrectedNotEdited(t *testing.T) {
	i := withTown(t)
	row := pupilRow(t, 2, "4100010")
	i.pupils(row)(1, 0, 0, 0)
	balance := func(amount canteen.Cents) func(created, updated, unchanged, refused int) canteen.ImportReport {
		t.Helper()
		return i.want(i.ImportBalances(Console(), []canteen.BalanceRow{{Line: 2, PAN: row.Pupil.PAN, Balance: amount}}, ImportOptions{}))
	}
	balance(0)(0, 0, 1, 0)
	balance(2864)(1, 0, 0, 0)
	balance(2864)(0, 0, 1, 0)
	balance(-150)(0, 1, 0, 0)
	balance(-150)(0, 0, 1, 0)
	balance(0)(0, 1, 0, 0)
	balance(0)(0, 0, 1, 0)
	balance(999)(0, 1, 0, 0)
	view, err := i.Account(Console(), row.Pupil.PAN, firstDay, firstDay)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]canteen.Cents{}
	for _, l := range view.Lines {
		got[l.ID] = l.Amount
	}
	want := map[string]canteen.Cents{"opening/4100010": 2864, "opening/4100010/2": -3014, "opening/4100010/3": 150, "opening/4100010/4": 999}
	if view.Balance != 999 || !reflect.DeepEqual(got, want) {
		t.Errorf("balance %v with %v, want 9,99 with %v", view.Balance, got, want)
	}
	report := i.want(i.ImportBalances(Console(), []canteen.BalanceRow{{Line: 2, PAN: pan(t, "77"), Balance: 1}}, ImportOptions{}))(0, 0, 0, 1)
	refusedWith(t, report, 2, "PAN", "error.import.pan")
}

func menuRows() []canteen.MenuRow {
	var rows []canteen.MenuRow
	for week := 1; week <= 2; week++ {
		for day := time.Monday; day <= time.Friday; day++ {
			for k, course := range []canteen.Course{canteen.CourseFruit, canteen.CourseFirst} {
				rows = append(rows, canteen.MenuRow{Line: len(rows) + 2, Season: "Autunno", From: 20260901, To: 20261231, Week: week,
					Weekday: day, Dish: canteen.Dish{Course: course, Name: day.String() + string(course), Allergens: []int{}, Frozen: k == 1}})
			}
		}
	}
	rows[3].Dish.Allergens = []int{1, 7}
	return rows
}

func TestImportMenus_replacesAsAWhole(t *testing.T) {
	i := withTown(t)
	rows := menuRows()
	i.want(i.ImportMenus(Console(), rows, ImportOptions{}))(20, 0, 0, 0)
	before := i.state()
	i.want(i.ImportMenus(Console(), rows, ImportOptions{}))(0, 0, 20, 0)
	if i.state() != before {
		t.Errorf("the second run has written")
	}
	dishes := func() []canteen.Dish {
		menus, err := i.Menus(Console())
		if err != nil {
			t.Fatal(err)
		}
		return canteen.MenuOn(menus, 20260901, canteen.StagePrimaria) // the Tuesday of week 1
	}
	if got := dishes(); len(got) != 2 || got[0].Course != canteen.CourseFirst || !reflect.DeepEqual(got[0].Allergens, []int{1, 7}) {
		t.Errorf("dishes %+v, want the first with its allergens and the fruit, in serving order", got)
	}
	rows[3].Dish.Traces = []int{8}
	rows[2].Dish.Name = "Mela"
	i.want(i.ImportMenus(Console(), rows, ImportOptions{}))(1, 1, 18, 0)
	i.want(i.ImportMenus(Console(), rows[3:], ImportOptions{}))(0, 0, 17, 0)
	if got := dishes(); len(got) != 1 {
		t.Errorf("dishes %+v: one the file has no more is still there", got)
	}
	rows[5].To = 20270131
	refusedWith(t, i.want(i.ImportMenus(Console(), rows[3:], ImportOptions{}))(0, 0, 16, 1), 7, "Dal", "error.import.season")
	for k := range rows {
		rows[k].Season, rows[k].To = "AUTUNNO", 20270131
	}
	i.want(i.ImportMenus(Console(), rows[3:], ImportOptions{}))(0, 17, 0, 0)
	if menus, _ := i.Menus(Console()); len(menus) != 1 || menus[0].Name != "Autunno" {
		t.Errorf("menus %v, want one", menus)
	}
}

func TestImportCalendar_appendsAndRespectsClosedDays(t *testing.T) {
	i := withTown(t)
	year := canteen.SchoolYear{Name: "2026/27", From: 20260914, To: 20270610, ServiceFrom: 20261005, ServiceTo: 20270528}
	rows := []canteen.CalendarRow{
		{Line: 2, Rule: canteen.DayRule{Layer: canteen.Town, From: 20261231, To: 20261231, Reason: "Patrono"}},
		{Line: 3, Rule: canteen.DayRule{Layer: canteen.SchoolLayer, Scope: "FGEE00001A", From: 20261020, To: 20261021}},
		{Line: 4, Rule: canteen.DayRule{Layer: canteen.ClassLayer, Scope: "FGEE00001A 1A", From: 20261024, To: 20261024, Open: true}},
		{Line: 5, Year: &year},
	}
	i.want(i.ImportCalendar(Console(), rows, ImportOptions{}))(3, 1, 0, 0)
	before := i.state()
	i.want(i.ImportCalendar(Console(), rows, ImportOptions{}))(0, 0, 4, 0)
	if i.state() != before {
		t.Errorf("the second run has written")
	}
	town, _ := i.Town(Console())
	if len(town.Rules) != 3 || len(town.Years) != 1 || town.Years[0] != year {
		t.Errorf("rules %v, years %v", town.Rules, town.Years)
	}

	i.pupils(pupilRow(t, 2, "4100010"))(1, 0, 0, 0)
	i.close(20261006)
	short := year
	short.To = 20260914
	bad := []canteen.CalendarRow{
		{Line: 2, Rule: canteen.DayRule{Layer: canteen.Town, From: 20261006, To: 20261007}},
		{Line: 3, Rule: canteen.DayRule{Layer: canteen.SchoolLayer, Scope: "FGEE99999Z", From: 20261020, To: 20261021}},
		{Line: 4, Rule: canteen.DayRule{Layer: canteen.Town, From: 20261108, To: 20261107}},
		{Line: 5, Year: &short},
		{Line: 6, Rule: canteen.DayRule{Layer: canteen.SchoolLayer, Scope: "FGEE00002B", From: 20261007, To: 20261007}},
	}
	report := i.want(i.ImportCalendar(Console(), bad, ImportOptions{}))(1, 0, 0, 4)
	refusedWith(t, report, 2, "", "error.calendar.closed")
	refusedWith(t, report, 3, "scope", "error.calendar.scope")
	refusedWith(t, report, 4, "to", "error.dayRule.range")
	refusedWith(t, report, 5, "Al", "error.dayRule.range")
}
