package handlers

import (
	"bytes"
	"slices"
	"testing"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// sheetRow makes a class of a sheet out of its meals: so many standard, white
// and of the diet G1.
func sheetRow(school, class string, standard, white, whiteG1, g1, absent int) canteen.SheetRow {
	row := canteen.SheetRow{School: school, SchoolName: "Scuola " + school, Class: class}
	for _, m := range []struct {
		n    int
		meal canteen.Meal
		diet string
	}{{standard, canteen.MealStandard, ""}, {white, canteen.MealWhite, ""}, {whiteG1, canteen.MealWhite, "G1"}, {g1, canteen.MealDiet, "G1"}, {absent, canteen.MealAbsent, ""}} {
		for range m.n {
			row.AddMeal(m.meal, m.diet)
		}
	}
	row.AddStaff(1)
	return row
}

func sheetOf(version int, rows ...canteen.SheetRow) *canteen.Sheet {
	sheet := &canteen.Sheet{Date: testDay, Kitchen: "nord", Name: "Nord", Version: version, Rows: rows, Cutoff: testDay.At(canteen.DefaultCutoff),
		IssuedAt: testDay.At(canteen.DefaultCutoff), Legend: []canteen.Diet{{Code: "G1", Name: "Senza glutine"}}}
	for _, r := range rows {
		sheet.Totals.Add(r.Counts)
	}
	return sheet
}

// numbers are the numbers of a row.
func numbers(cells []SheetCell) (all []int) {
	for _, c := range cells {
		all = append(all, c.Now)
	}
	return all
}

func TestSheetTableAddsUp(t *testing.T) {
	sheet := sheetOf(1, sheetRow("A", "1A", 10, 1, 1, 2, 3), sheetRow("A", "2A", 5, 0, 0, 0, 0), sheetRow("B", "1A", 7, 0, 0, 1, 0))
	table := tableOf(sheet, nil)
	if got, want := numbers(table.Total), []int{30, 3, 22, 2, 3, 3, 30}; !slices.Equal(got, want) {
		t.Errorf("total: got %v, want %v", got, want)
	}
	if got, want := numbers(table.Schools[0].Total), []int{22, 3, 15, 2, 2, 2, 21}; !slices.Equal(got, want) {
		t.Errorf("first school: got %v, want %v", got, want)
	}
	if got, want := len(table.Schools[0].Sums()), len(table.Total)-headed; got != want {
		t.Errorf("sums beside the name of a school: got %d, want %d", got, want)
	}
	if got := table.Schools[0].Rows[0].Cells[3].Note; got != "G1: 1" {
		t.Errorf("white meals of a diet: got %q, want %q", got, "G1: 1")
	}
	for _, row := range table.Schools[0].Rows {
		if row.Changed || row.Gone {
			t.Errorf("%s is changed without a version before", row.Class)
		}
	}
}

func TestSheetTableMarksWhatChanged(t *testing.T) {
	before := sheetOf(1, sheetRow("A", "1A", 10, 0, 0, 2, 0), sheetRow("A", "2A", 5, 0, 1, 0, 0), sheetRow("A", "3A", 8, 0, 0, 0, 0), sheetRow("B", "1A", 7, 0, 0, 1, 0))
	after := sheetOf(2, sheetRow("A", "1A", 9, 0, 0, 1, 2), sheetRow("A", "2A", 5, 1, 0, 0, 0), sheetRow("A", "3A", 8, 0, 0, 0, 0))
	table := tableOf(after, before)
	first := table.Schools[0].Rows[0]
	if !first.Changed || first.Was != 13 || first.Is != 11 || !first.Recounted() {
		t.Errorf("1A: got %+v, want 13 → 11", first)
	}
	for i, want := range []bool{false, true, true, false, true, false, true} {
		if got := first.Cells[i].Changed; got != want {
			t.Errorf("1A, cell %d: changed %t, want %t", i, got, want)
		}
	}
	if second := table.Schools[0].Rows[1]; !second.Changed || second.Recounted() || !second.Cells[3].Changed {
		t.Errorf("2A, whose white meal lost its diet: got %+v", second)
	}
	if third := table.Schools[0].Rows[2]; third.Changed {
		t.Errorf("3A did not change: got %+v", third)
	}
	if gone := table.Schools[1].Rows[0]; !gone.Gone || gone.Was != 9 || gone.Is != 0 {
		t.Errorf("B 1A, which has gone: got %+v, want 9 → 0", gone)
	}
}

func TestKitchenPageOfALaterVersionShowsTheDifferences(t *testing.T) {
	s := newTestServer(t)
	before := sheetOf(1, sheetRow("A", "1A", 10, 0, 0, 2, 0), sheetRow("B", "1A", 7, 0, 0, 1, 0))
	after := sheetOf(2, sheetRow("A", "1A", 9, 0, 0, 2, 1))
	p := KitchenPage{Page: render.Page{Title: "kitchen.title", Lang: "it", Now: testDay.At(canteen.DefaultCutoff)}, Kitchen: canteen.Kitchen{Code: "nord", Name: "Nord"},
		Day: testDay, State: canteen.DayClosed, Sheet: after, Table: tableOf(after, before), Before: 1, Versions: []VersionLink{
			{Sheet: *after, URL: "/cucina?versione=2", Active: true, Delta: -10}, {Sheet: *before, URL: "/cucina?versione=1"}}}
	var body bytes.Buffer
	if err := s.web.engine.Render(&body, "it", "kitchen/home", p); err != nil {
		t.Fatal(err)
	}
	got := &page{t: t, target: "a later version", body: body.String()}
	got.judge()
	got.want("In giallo ciò che è cambiato dalla versione 1", "1A 13 → 12", "10 9", "non c’è più", "Versioni del foglio", "Versione 2 alle 9:30, 12 pasti (-10)")
	if n := len(got.all("tr", "is-changed")); n != 2 {
		t.Errorf("%d rows are marked, want 2", n)
	}
}
