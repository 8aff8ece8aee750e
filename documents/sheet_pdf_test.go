package documents

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"refettorio/canteen"
)

func sheetPDF(t testing.TB, s, previous *canteen.Sheet) []byte {
	fonts := testFonts(t)
	return write(t, func(b *bytes.Buffer) error { return SheetPDF(b, words(t), fonts, s, previous) })
}

// squeeze makes runs of white space one space, as words are compared.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestSheetPDF_saysWhatTheSheetSays(t *testing.T) {
	s := sampleSheet(8, 40, 6)
	text := squeeze(extract(t, sheetPDF(t, s, nil), "pdftotext", "-layout", "FILE", "-"))
	c := s.Totals
	total := fmt.Sprintf("Totale %d %d %d %d", c.Enrolled, c.Absent, c.Standard, c.White)
	for _, d := range sampleDiets {
		total += fmt.Sprintf(" %d", c.Diets[d.Code])
	}
	total += fmt.Sprintf(" %d %d", c.Staff, c.Total)
	for _, want := range []string{
		"Centro di cottura Via Appulo", "mercoledì 14 ottobre 2026", "Versione 1", "emessa alle 09:30",
		"Termine applicato: 09:30", "di cui G1: 1", total, "Firma", "pagina 1 di 5", "pagina 5 di 5",
		"Senza uova – escludere: uova, pasta all'uovo, maionese (allergeni: 3)",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, school := range viewSheet(words(t), s, nil).schools {
		if want := fmt.Sprintf("%d pasti", school.counts.Total); !strings.Contains(text, want) {
			t.Errorf("no %q of %s", want, school.name)
		}
	}
}

func TestSheetPDF_marksWhatChanged(t *testing.T) {
	first := sampleSheet(3, 12, 6)
	second := nextVersion(first)
	text := squeeze(extract(t, sheetPDF(t, second, first), "pdftotext", "-layout", "FILE", "-"))
	for _, want := range []string{
		"Versione 2", "emessa alle 10:17",
		arrow(first.Totals.Total, second.Totals.Total),
		fmt.Sprintf("%s %s", first.Rows[1].Class, arrow(first.Rows[1].Total, 0)),
		"5Z " + arrow(0, 2),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if text := extract(t, sheetPDF(t, second, nil), "pdftotext", "FILE", "-"); strings.Contains(text, "→") {
		t.Errorf("without the version before something is marked:\n%s", text)
	}
}

func TestSheetPDF_aForecastSaysSo(t *testing.T) {
	s := sampleSheet(1, 2, 0)
	s.Version, s.IssuedAt = 0, cutoff.AddDate(0, 0, -1)
	text := extract(t, sheetPDF(t, s, nil), "pdftotext", "FILE", "-")
	for _, want := range []string{"Previsione", "non ancora emessa", "Termine previsto: 09:30"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "emessa alle") {
		t.Errorf("a forecast has a time of issue:\n%s", text)
	}
}

var heading = regexp.MustCompile(`\d+ pasti`)

// lastLine returns the last line of a page above its foot.
func lastLine(page string) string {
	body, _, _ := strings.Cut(page, "pagina ")
	lines := strings.Split(body, "\n")
	for i := len(lines) - 2; i >= 0; i-- { // the line cut is that of the foot
		if strings.TrimSpace(lines[i]) != "" {
			return lines[i]
		}
	}
	return ""
}

func TestSheetPDF_noHeadingAloneAtTheFoot(t *testing.T) {
	for classes := range 12 { // of the first school, so that the others fall everywhere
		s := sampleSheet(1, 50, 6)
		for i := range s.Rows {
			s.Rows[i].School, s.Rows[i].WhiteDiets = fmt.Sprint(max(0, i-classes)/2), nil
		}
		text := extract(t, sheetPDF(t, s, nil), "pdftotext", "-layout", "FILE", "-")
		for n, page := range strings.Split(strings.TrimSuffix(text, "\f"), "\f") {
			if last := lastLine(page); heading.MatchString(last) {
				t.Errorf("%d classes in the first school: page %d ends with %q", classes, n+1, last)
			}
		}
	}
}

var classLine, totalLine = regexp.MustCompile(`(?m)^ *\d[A-F] +\d`), regexp.MustCompile(`(?m)^ *Totale +\d`)

func TestSheetPDF_totalsNeverOnAPageOfTheirOwn(t *testing.T) {
	for classes := 5; classes < 22; classes++ {
		text := extract(t, sheetPDF(t, sampleSheet(1, classes, 5), nil), "pdftotext", "-layout", "FILE", "-")
		for n, page := range strings.Split(text, "\f") {
			if totalLine.MatchString(page) && !classLine.MatchString(page) {
				t.Errorf("%d classes: page %d has the totals and no class:\n%s", classes, n+1, page)
			}
		}
		if !totalLine.MatchString(text) {
			t.Errorf("%d classes: no totals in\n%s", classes, text)
		}
	}
}

func TestTable_keepsRowsTogether(t *testing.T) {
	p, err := newPaper(words(t), testFonts(t), "prova", false, cutoff)
	if err != nil {
		t.Fatal(err)
	}
	var pages, heads, again []int
	head := row{height: 10, draw: func() { heads = append(heads, p.pdf.PageNo()) }}
	repeat := row{height: 10, draw: func() { again = append(again, p.pdf.PageNo()) }}
	var rows []row
	for i := range 60 {
		rows = append(rows, row{
			height: 10, keep: i%3 == 0, again: &repeat, draw: func() {
				if p.y+10 > p.bottom() {
					t.Errorf("row %d is drawn at %.1f, over the foot at %.1f", i, p.y, p.bottom())
				}
				pages = append(pages, p.pdf.PageNo())
			},
		})
	}
	p.table(head, rows)
	for i := 0; i < len(pages); i += 3 {
		if pages[i] != pages[i+1] {
			t.Errorf("row %d is on page %d and the row it is kept with on page %d", i, pages[i], pages[i+1])
		}
	}
	last := pages[len(pages)-1]
	if last < 2 || len(pages) != 60 || len(heads) != last || len(again) != last-1 {
		t.Errorf("%d rows on %d pages with %d heads and %d repeated headings", len(pages), last, len(heads), len(again))
	}
}

func TestSheetPDF_manyDietsAllShow(t *testing.T) {
	s := sampleSheet(4, 20, 0)
	for d := range 45 {
		code := fmt.Sprintf("D%02d", d)
		if d%9 == 0 {
			code = fmt.Sprintf("NICKEL-SOIA%d", d/9)
		}
		s.Rows[d%20].AddMeal(canteen.MealDiet, code)
		s.Legend = append(s.Legend, canteen.Diet{Code: code, Name: "Dieta " + code})
	}
	sum(s)
	tree := extract(t, sheetPDF(t, s, nil), "pdfinfo", "-struct-text", "FILE")
	head := strings.Join(regexp.MustCompile(`(?s)THead.*?TBody`).FindAllString(tree, -1), "")
	for _, d := range s.Legend {
		if n := strings.Count(head, `"`+d.Code+` "`); n != 1 {
			t.Errorf("%s heads %d columns, want 1", d.Code, n)
		}
	}
}

func TestSheetPDF_isTagged(t *testing.T) {
	first := sampleSheet(8, 40, 6)
	file := sheetPDF(t, first, nil)
	tree := extract(t, file, "pdfinfo", "-struct", "FILE")
	for tag, want := range map[string]int{"H1": 1, "H2": 1, "Table": 1, "THead": 1, "TBody": 1, "TR": 1 + 8 + 40 + 1} {
		if got := len(regexp.MustCompile(`(?m)^\s*`+tag+`\b`).FindAllString(tree, -1)); got != want {
			t.Errorf("%d elements %s, want %d", got, tag, want)
		}
	}
	if got, want := strings.Count(tree, "/Scope /Column"), 1+6+6; got != want {
		t.Errorf("%d column heads, want %d", got, want)
	}
	info := extract(t, file, "pdfinfo", "FILE")
	for _, want := range []string{"Foglio di produzione – Centro di cottura Via Appulo, mercoledì 14 ottobre 2026", "Tagged:          yes"} {
		if !strings.Contains(info, want) {
			t.Errorf("no %q in\n%s", want, info)
		}
	}
	if !bytes.Contains(file, []byte("/Lang (it)")) {
		t.Error("the language of the document is not set")
	}
}

func TestPDF_isSound(t *testing.T) {
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Skip("qpdf is not installed: the PDFs were not checked")
	}
	first := sampleSheet(3, 12, 6)
	for name, file := range map[string][]byte{
		"sheet": sheetPDF(t, nextVersion(first), first), "tiny": sheetPDF(t, sampleSheet(1, 1, 0), nil),
		"empty": sheetPDF(t, &canteen.Sheet{Date: lunchDay, Name: "Cucina"}, nil), "statement": statementPDF(t, sampleStatement(60)),
	} {
		if out := extract(t, file, "qpdf", "--check", "FILE"); strings.Contains(out, "WARNING") {
			t.Errorf("%s:\n%s", name, out)
		}
	}
}

func TestSheetPDF_wordsStayWords(t *testing.T) {
	for _, s := range injections {
		text := extract(t, sheetPDF(t, injected(s), nil), "pdftotext", "FILE", "-")
		if !strings.Contains(text, "mercoledì 14 ottobre 2026") || !strings.Contains(text, "pagina 1 di 1") {
			t.Errorf("%q broke the page:\n%s", s, text)
		}
	}
}

func TestPDF_withoutFontsIsAnError(t *testing.T) {
	for _, fonts := range []Fonts{{}, {Regular: []byte("not a font"), Bold: []byte("not a font")}, {Regular: make([]byte, 64), Bold: make([]byte, 64)}} {
		if err := SheetPDF(&bytes.Buffer{}, words(t), fonts, sampleSheet(1, 1, 0), nil); err == nil {
			t.Errorf("%d bytes of no font made a PDF", len(fonts.Regular))
		}
	}
}

func TestGlyphs_replaceWhatTheFontLacks(t *testing.T) {
	set, err := readGlyphs(testFonts(t).Regular)
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"D'Alò Đurić Ştefan Łukasz": "D'Alò Đurić Ştefan Łukasz",
		"Nguye\u0302\u0303n":        "Nguyên",
		"Київ":                      "????",
		"😀":                         "?",
		" due\r\n\tspazi ":          "due spazi",
		"\xff":                      "?",
	} {
		if got := set.clean(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestDocuments_sameInputSameBytes(t *testing.T) {
	first := sampleSheet(5, 20, 6)
	second := nextVersion(first)
	for name, make := range map[string]func() []byte{
		"sheet csv":  func() []byte { return sheetCSV(t, second, first) },
		"sheet xlsx": func() []byte { return sheetXLSX(t, second, first) },
		"sheet pdf":  func() []byte { return sheetPDF(t, second, first) },
		"statement csv": func() []byte {
			return write(t, func(b *bytes.Buffer) error { return StatementCSV(b, words(t), sampleStatement(9)) })
		},
		"statement pdf": func() []byte { return statementPDF(t, sampleStatement(9)) },
		"calendar":      func() []byte { return sampleCalendar(t) },
	} {
		t.Run(name, func(t *testing.T) {
			want := make()
			for range 5 {
				if !bytes.Equal(make(), want) {
					t.Fatal("the second time the bytes differ")
				}
			}
		})
	}
}
