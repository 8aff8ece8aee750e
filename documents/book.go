package documents

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// look is how a cell looks. It is comparable, so that each is made once.
type look struct {
	size                                         float64
	bold, wrap, right, border, number, blankZero bool
	fill                                         string
}

// book is a workbook of one sheet being filled row by row. The first failure is
// kept and returned by write.
type book struct {
	file   *excelize.File
	sheet  string
	row    int
	styles map[look]int
	err    error
}

func newBook(sheet string) *book {
	b := &book{file: excelize.NewFile(), sheet: sheet, row: 1, styles: map[look]int{}}
	b.keep(b.file.SetSheetName(b.file.GetSheetName(0), sheet))
	return b
}

func (b *book) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) next() { b.row++ }
func (b *book) skip() { b.row += 2 }

// xlsxEscape is how the format writes a character by its number (ECMA-376 part 1
// §22.9.2.19). Whoever typed it did not mean that.
var xlsxEscape = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

// put writes a cell of the current row: an int as a number, a string as text
// that no program takes for a formula.
func (b *book) put(column int, value any, l look) {
	name, err := excelize.CoordinatesToCellName(column, b.row)
	b.keep(err)
	switch value := value.(type) {
	case int:
		b.keep(b.file.SetCellInt(b.sheet, name, int64(value)))
	case string:
		b.keep(b.file.SetCellStr(b.sheet, name, xlsxEscape.ReplaceAllString(value, "_x005F_x${1}_")))
	default:
		panic(fmt.Sprintf("documents: a cell of %T", value))
	}
	b.keep(b.file.SetCellStyle(b.sheet, name, name, b.style(l)))
}

func (b *book) style(l look) int {
	if id, ok := b.styles[l]; ok {
		return id
	}
	s := &excelize.Style{
		Font:      &excelize.Font{Bold: l.bold, Size: max(l.size, 11), Family: "Calibri"},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: l.wrap},
	}
	if l.right {
		s.Alignment.Horizontal = "right"
	}
	if l.fill != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.border {
		s.Border = []excelize.Border{{Type: "bottom", Style: 2, Color: "17324D"}}
	}
	if l.number {
		format := "0"
		if l.blankZero {
			format = "0;-0;;@"
		}
		s.CustomNumFmt = &format
	}
	id, err := b.file.NewStyle(s)
	b.keep(err)
	b.styles[l] = id
	return id
}

// layout freezes and repeats the row of the head, and sets widths and paper.
func (b *book) layout(head int, widths []float64) {
	for i, w := range widths {
		name, err := excelize.ColumnNumberToName(1 + i)
		b.keep(err)
		b.keep(b.file.SetColWidth(b.sheet, name, name, w))
	}
	b.keep(b.file.SetRowHeight(b.sheet, head, 48))
	b.keep(b.file.SetPanes(b.sheet, &excelize.Panes{
		Freeze: true, XSplit: 2, YSplit: head, TopLeftCell: fmt.Sprintf("C%d", head+1), ActivePane: "bottomRight",
	}))
	b.keep(b.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: b.sheet,
		RefersTo: fmt.Sprintf("'%s'!$%d:$%d", strings.ReplaceAll(b.sheet, "'", "''"), head, head),
	}))
	a4, landscape, one, any, fit := 9, "landscape", 1, 0, true
	b.keep(b.file.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{
		Size: &a4, Orientation: &landscape, FitToWidth: &one, FitToHeight: &any,
	}))
	b.keep(b.file.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	side, foot := 0.4, 0.7 // inches
	b.keep(b.file.SetPageMargins(b.sheet, &excelize.PageLayoutMarginsOptions{
		Left: &side, Right: &side, Top: &side, Bottom: &foot,
	}))
}

// footLimit is the most characters a spreadsheet takes in a foot.
const footLimit = 255

// foot sets what stands under each page. An ampersand of the left text is
// doubled, or it would begin a code.
func (b *book) foot(left, right string) {
	right = "&R" + right
	runes := []rune(left)
	for {
		foot := "&L" + strings.ReplaceAll(string(runes), "&", "&&") + right
		if len([]rune(foot)) <= footLimit || len(runes) == 0 {
			b.keep(b.file.SetHeaderFooter(b.sheet, &excelize.HeaderFooterOptions{OddFooter: foot}))
			return
		}
		runes = runes[:len(runes)-1]
	}
}

func (b *book) properties(title, lang string, at time.Time) {
	instant := at.UTC().Format(time.RFC3339)
	b.keep(b.file.SetDocProps(&excelize.DocProperties{
		Title: title, Creator: "Refettorio", LastModifiedBy: "Refettorio", Language: lang,
		Created: instant, Modified: instant,
	}))
}

// write hands the finished file to w.
func (b *book) write(w io.Writer) error {
	if b.err == nil {
		b.err = b.file.Write(w)
	}
	if err := b.file.Close(); b.err == nil {
		b.err = err
	}
	return b.err
}
