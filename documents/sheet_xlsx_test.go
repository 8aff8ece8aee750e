package documents

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"refettorio/canteen"

	"github.com/xuri/excelize/v2"
)

func sheetXLSX(t testing.TB, s, previous *canteen.Sheet) []byte {
	return write(t, func(b *bytes.Buffer) error { return SheetXLSX(b, words(t), s, previous) })
}

func openXLSX(t testing.TB, file []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// findRow returns the number of the first row whose first cell is a text.
func findRow(t testing.TB, f *excelize.File, text string) int {
	t.Helper()
	rows, err := f.GetRows("Produzione", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		if len(r) > 0 && r[0] == text {
			return i + 1
		}
	}
	t.Fatalf("no row begins with %q in %q", text, rows)
	return 0
}

func cellAt(t testing.TB, f *excelize.File, column, row int) (string, excelize.CellType) {
	t.Helper()
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		t.Fatal(err)
	}
	value, err := f.GetCellValue("Produzione", name, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	kind, err := f.GetCellType("Produzione", name)
	if err != nil {
		t.Fatal(err)
	}
	return value, kind
}

func TestSheetXLSX_readBackItSaysTheTotals(t *testing.T) {
	s := sampleSheet(8, 40, 6)
	f := openXLSX(t, sheetXLSX(t, s, nil))
	row := findRow(t, f, "Totale")
	c := s.Totals
	want := []int{c.Enrolled, c.Absent, c.Standard, c.White}
	for _, d := range sampleDiets {
		want = append(want, c.Diets[d.Code])
	}
	want = append(want, c.Staff, c.Total)
	for i, n := range want {
		got, kind := cellAt(t, f, 3+i, row)
		if got != strconv.Itoa(n) || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
			t.Errorf("column %d: got %q of type %v, want the number %d", 3+i, got, kind, n)
		}
	}
	if got, _ := cellAt(t, f, 3+len(want), row); got != whiteDiets(&c) || got == "" {
		t.Errorf("white with diet: got %q, want %q", got, whiteDiets(&c))
	}
}

func TestSheetXLSX_marksWhatChanged(t *testing.T) {
	first := sampleSheet(2, 6, 2)
	second := nextVersion(first)
	f := openXLSX(t, sheetXLSX(t, second, first))
	row := findRow(t, f, "Totale")
	column := 3 + 6 + 2 + 1
	want := "Totale: " + arrow(first.Totals.Total, second.Totals.Total)
	if got, _ := cellAt(t, f, column, row); !strings.Contains(got, want) {
		t.Errorf("got %q, want it to say %q", got, want)
	}
}

func TestSheetXLSX_freezesAndRepeatsTheHead(t *testing.T) {
	f := openXLSX(t, sheetXLSX(t, sampleSheet(3, 6, 2), nil))
	head := findRow(t, f, "Scuola")
	panes, err := f.GetPanes("Produzione")
	if err != nil {
		t.Fatal(err)
	}
	if !panes.Freeze || panes.YSplit != head {
		t.Errorf("panes %+v, want row %d frozen", panes, head)
	}
	want := "'Produzione'!$" + strconv.Itoa(head) + ":$" + strconv.Itoa(head)
	names := f.GetDefinedName()
	if len(names) != 1 || names[0].Name != "_xlnm.Print_Titles" || names[0].RefersTo != want {
		t.Errorf("got names %+v, want print titles %s", names, want)
	}
	layout, err := f.GetPageLayout("Produzione")
	if err != nil {
		t.Fatal(err)
	}
	if *layout.Orientation != "landscape" || *layout.Size != 9 || *layout.FitToWidth != 1 {
		t.Errorf("got %s, paper %d, %d pages wide; want landscape A4, one page wide", *layout.Orientation, *layout.Size, *layout.FitToWidth)
	}
}

func TestSheetXLSX_wordsStayWords(t *testing.T) {
	for _, s := range injections {
		f := openXLSX(t, sheetXLSX(t, injected(s), nil))
		rows, err := f.GetRows("Produzione")
		if err != nil {
			t.Errorf("%q: %v", s, err)
		}
		for i, r := range rows {
			for j := range r {
				name, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := f.GetCellFormula("Produzione", name); err != nil || formula != "" {
					t.Errorf("%q made the formula %q in %s (%v)", s, formula, name, err)
				}
			}
		}
		if got, _ := cellAt(t, f, 1, 2); got != s && utf8.ValidString(s) && !strings.ContainsAny(s, "\r\x00") {
			t.Errorf("the kitchen %q is read back as %q", s, got)
		}
	}
}

func TestSheetXLSX_theNameInTheFoot(t *testing.T) {
	for name, want := range map[string]string{
		"Cucina":                                "&LCucina · ",
		"Pane & Dintorni &P":                    "&LPane && Dintorni &&P · ",
		strings.Repeat("Città & Contrada ", 40): "&LCittà && Contrada Città && ", // shortened
	} {
		s := sampleSheet(1, 1, 0)
		s.Name = name
		foot, err := openXLSX(t, sheetXLSX(t, s, nil)).GetHeaderFooter("Produzione")
		if err != nil {
			t.Fatal(err)
		}
		got := foot.OddFooter
		if n := len([]rune(got)); n > footLimit || !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "&Rpagina &P di &N") {
			t.Errorf("%q: a foot of %d characters: %q, want it to begin with %q", name, n, got, want)
		}
	}
}
