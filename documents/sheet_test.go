package documents

import (
	"bytes"
	"slices"
	"strconv"
	"testing"

	"refettorio/canteen"
)

func sheetCSV(t testing.TB, s, previous *canteen.Sheet) []byte {
	return write(t, func(b *bytes.Buffer) error { return SheetCSV(b, words(t), s, previous) })
}

func TestSheetCSV_golden(t *testing.T) {
	first := sampleSheet(3, 7, 3)
	golden(t, "sheet.csv", sheetCSV(t, first, nil))
	golden(t, "sheet_v2.csv", sheetCSV(t, nextVersion(first), first))
	forecast := sampleSheet(1, 2, 0)
	forecast.Version = 0
	golden(t, "sheet_forecast.csv", sheetCSV(t, forecast, nil))
}

func TestSheetCSV_addsUp(t *testing.T) {
	s := sampleSheet(8, 40, 6)
	rows := readCSV(t, sheetCSV(t, s, nil))
	head := slices.IndexFunc(rows, func(r []string) bool { return r[0] == "Scuola" })
	total := slices.IndexFunc(rows, func(r []string) bool { return r[0] == "Totale" })
	if head < 0 || total < 0 {
		t.Fatalf("no head or no totals in %q", rows)
	}
	for column := 2; column < len(rows[head])-1; column++ {
		classes, schools := 0, 0
		for _, r := range rows[head+1 : total] {
			n, err := strconv.Atoi(r[column])
			if err != nil {
				t.Fatalf("column %s: %v", rows[head][column], err)
			}
			if r[1] == "" {
				schools += n
			} else {
				classes += n
			}
		}
		if got := strconv.Itoa(classes); got != rows[total][column] || classes != schools {
			t.Errorf("%s: classes sum to %d, schools to %d, the total says %s", rows[head][column], classes, schools, rows[total][column])
		}
	}
}

func TestSheet_changesAgainstTheVersionBefore(t *testing.T) {
	first := sampleSheet(2, 4, 2)
	second := nextVersion(first)
	second.Rows = slices.DeleteFunc(second.Rows, func(r canteen.SheetRow) bool { return r.Class == first.Rows[3].Class })
	v := viewSheet(words(t), second, first)
	got := map[string]string{}
	for _, school := range v.schools {
		for _, r := range school.rows {
			if r.before != nil {
				got[r.class] = arrow(r.before.Total, r.counts.Total)
			}
		}
	}
	want := map[string]string{
		first.Rows[1].Class: arrow(first.Rows[1].Total, 0),                     // went on a trip
		first.Rows[2].Class: arrow(first.Rows[2].Total, first.Rows[2].Total-1), // one absent more
		first.Rows[3].Class: arrow(first.Rows[3].Total, 0),                     // not on the sheet any more
		"5Z":                arrow(0, 2),                                       // new
	}
	if len(got) != len(want) {
		t.Errorf("got changes %v, want %v", got, want)
	}
	for class, change := range want {
		if got[class] != change {
			t.Errorf("class %s: got %q, want %q", class, got[class], change)
		}
	}
}

func TestSheet_theFirstVersionMarksNothing(t *testing.T) {
	s := sampleSheet(2, 4, 2)
	if v := viewSheet(words(t), s, sampleSheet(1, 1, 0)); v.marked || v.schools[0].rows[0].before != nil {
		t.Errorf("version %d is compared with another", s.Version)
	}
}

func TestSheet_aWhiteMealThatBecomesADietIsAChange(t *testing.T) {
	before := canteen.Counts{Enrolled: 1, White: 1, Total: 1}
	now := canteen.Counts{Enrolled: 1, White: 1, Total: 1, WhiteDiets: map[string]int{"G1": 1}}
	if sameCounts(before, now) {
		t.Error("a white meal with a diet counts as one without")
	}
	v := viewSheet(words(t), sampleSheet(1, 1, 0), nil)
	if got, want := v.changes(&before, &now), "In bianco con dieta: 0 → G1: 1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSheet_namesTheDayOfALateIssue(t *testing.T) {
	s := sampleSheet(1, 1, 0)
	s.IssuedAt = s.IssuedAt.AddDate(0, 0, 1)
	v := viewSheet(words(t), s, nil)
	if got, want := v.issued(), "emessa il 15/10/2026 alle 09:30"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// injections are names that try to be something else wherever they land.
var injections = []string{
	`=HYPERLINK("http://example.com";"x")`, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a;b\"c", "riga\r\nnuova", "{nb}", "(a) \\(b",
	"\xff\xfe", "\xe0", "😀 Ω Київ", "&P &N", "<b>&amp;</b>", "_x0041_", "]]>", "\x00\x01", "",
}

// injected is a sheet all of whose words are one injection.
func injected(s string) *canteen.Sheet {
	sheet := sampleSheet(1, 2, 1)
	sheet.Name = s
	sheet.Legend = []canteen.Diet{{Code: "G1", Name: s, Excludes: s}}
	for i := range sheet.Rows {
		sheet.Rows[i].SchoolName = s
		sheet.Rows[i].Class = s
	}
	return sheet
}

func TestSheetCSV_wordsStayWords(t *testing.T) {
	for _, s := range injections {
		want := len(readCSV(t, sheetCSV(t, injected("Rodari"), nil)))
		rows := readCSV(t, sheetCSV(t, injected(s), nil))
		if len(rows) != want {
			t.Errorf("%q: %d rows, want %d", s, len(rows), want)
		}
		for _, r := range rows {
			for _, cell := range r {
				if cell != "" && slices.Contains([]byte("=+@\t\r"), cell[0]) {
					t.Errorf("%q left the cell %q", s, cell)
				}
			}
		}
	}
}
