package handlers

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"refettorio/canteen"
)

// SheetTable is a sheet as the kitchen reads it: a column for each sort of meal,
// the classes under their school, and, when there is a version to compare with,
// what became of each number.
type SheetTable struct {
	Diets   []canteen.Diet // one column each, by code
	Schools []SheetSchool
	Total   []SheetCell
	Compare bool // there is a version to compare with
}

// SheetSchool is a school's classes under a heading with their sums.
type SheetSchool struct {
	Name  string
	Rows  []SheetTableRow
	Total []SheetCell
}

// headed is how many columns of numbers the name of a school takes: the enrolled
// and the absent.
const headed = 2

// Sums are the totals of the school in the columns beside its name.
func (s SheetSchool) Sums() []SheetCell { return s.Total[headed:] }

// SheetTableRow is a class.
type SheetTableRow struct {
	Class   string
	Changed bool
	Was, Is int // meals before and now, when Changed
	Gone    bool
	Cells   []SheetCell
}

// Recounted tells whether the number of meals of the class changed.
func (r SheetTableRow) Recounted() bool { return r.Was != r.Is }

// SheetCell is a number. Tone is "white" or "diet" where the number asks for
// care; Note says which white meals belong to a diet as well ("G1: 1").
type SheetCell struct {
	Now, Was int
	Changed  bool
	Tone     string
	Note     string
	Total    bool // of the last column
	Quiet    bool // a zero that need not be printed
}

// tableOf lays a sheet out. before is the version to compare with, or nil.
func tableOf(sheet, before *canteen.Sheet) *SheetTable {
	table := &SheetTable{Compare: before != nil}
	sheets := []*canteen.Sheet{sheet}
	old := map[[2]string]canteen.Counts{}
	if before != nil {
		sheets = append(sheets, before)
		for _, r := range before.Rows {
			old[[2]string{r.School, r.Class}] = r.Counts
		}
	}
	table.Diets = dietsOf(sheets...)
	places := map[string]int{}
	add := func(r canteen.SheetRow, gone bool) {
		i, known := places[r.School]
		if !known {
			i = len(table.Schools)
			places[r.School] = i
			table.Schools = append(table.Schools, SheetSchool{Name: r.SchoolName})
		}
		key := [2]string{r.School, r.Class}
		table.Schools[i].Rows = append(table.Schools[i].Rows, table.row(r, old[key], before != nil, gone))
		delete(old, key)
	}
	for _, r := range sheet.Rows {
		add(r, false)
	}
	if before != nil {
		for _, r := range before.Rows {
			if _, left := old[[2]string{r.School, r.Class}]; left {
				r.Counts = canteen.Counts{}
				add(r, true)
			}
		}
	}
	var was canteen.Counts
	if before != nil {
		was = before.Totals
	}
	table.Total = table.cells(sheet.Totals, was, before != nil)
	table.sum(sheet, places)
	return table
}

// sum adds up each school; one that has gone cooks nothing.
func (t *SheetTable) sum(sheet *canteen.Sheet, places map[string]int) {
	totals := make([]canteen.Counts, len(t.Schools))
	for _, r := range sheet.Rows {
		totals[places[r.School]].Add(r.Counts)
	}
	for i := range t.Schools {
		t.Schools[i].Total = t.cells(totals[i], canteen.Counts{}, false)
	}
}

func (t *SheetTable) row(r canteen.SheetRow, was canteen.Counts, compare, gone bool) SheetTableRow {
	row := SheetTableRow{Class: r.Class, Was: was.Total, Is: r.Total, Gone: gone, Cells: t.cells(r.Counts, was, compare)}
	for _, c := range row.Cells {
		row.Changed = row.Changed || c.Changed
	}
	row.Changed = row.Changed || gone
	return row
}

// cells writes the numbers of a row in the order of the columns.
func (t *SheetTable) cells(now, was canteen.Counts, compare bool) []SheetCell {
	cell := func(of func(canteen.Counts) int, tone string, whole bool) SheetCell {
		c := SheetCell{Now: of(now), Tone: tone}
		if compare {
			c.Was, c.Changed = of(was), of(was) != of(now)
		}
		c.Quiet = c.Now == 0 && !whole && !c.Changed
		return c
	}
	cells := []SheetCell{
		cell(func(c canteen.Counts) int { return c.Enrolled }, "", true),
		cell(func(c canteen.Counts) int { return c.Absent }, "", false),
		cell(func(c canteen.Counts) int { return c.Standard }, "", true),
		cell(func(c canteen.Counts) int { return c.White }, "white", false),
	}
	cells[3].Note = whiteDiets(now)
	if compare && whiteDiets(was) != cells[3].Note {
		cells[3].Changed = true
	}
	for _, d := range t.Diets {
		cells = append(cells, cell(func(c canteen.Counts) int { return c.Diets[d.Code] }, "diet", false))
	}
	total := cell(func(c canteen.Counts) int { return c.Total }, "", true)
	total.Total = true
	return append(cells, cell(func(c canteen.Counts) int { return c.Staff }, "", false), total)
}

// whiteDiets writes which white meals belong to a diet as well: rice in bianco
// can still hurt (story 44).
func whiteDiets(c canteen.Counts) string {
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(c.WhiteDiets)) {
		if n := c.WhiteDiets[code]; n > 0 {
			parts = append(parts, code+": "+strconv.Itoa(n))
		}
	}
	return strings.Join(parts, ", ")
}

// dietsOf lists the diets with a meal in one of the sheets, by code, as their
// legends explain them.
func dietsOf(sheets ...*canteen.Sheet) []canteen.Diet {
	found := map[string]canteen.Diet{}
	for _, s := range sheets {
		for code, n := range s.Totals.Diets {
			if n > 0 {
				found[code] = canteen.Diet{Code: code}
			}
		}
	}
	for _, s := range sheets {
		for _, d := range s.Legend {
			if _, occurs := found[d.Code]; occurs && found[d.Code].Name == "" {
				found[d.Code] = d
			}
		}
	}
	var diets []canteen.Diet
	for _, code := range slices.Sorted(maps.Keys(found)) {
		diets = append(diets, found[code])
	}
	return diets
}

// specialMeals is the number of meals of all diets.
func specialMeals(c canteen.Counts) (n int) {
	for _, meals := range c.Diets {
		n += meals
	}
	return n
}
