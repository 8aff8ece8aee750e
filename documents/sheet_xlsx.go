package documents

import (
	"fmt"
	"io"
	"strings"

	"refettorio/canteen"
)

// SheetXLSX writes a production sheet as a workbook of one page: school and
// class, numbers as numbers, the head frozen on screen and repeated on paper
// (A4 landscape, as wide as one page). When a previous version is given (it may
// be nil) and the sheet is not the first, changed rows are coloured and a last
// column tells what changed.
func SheetXLSX(w io.Writer, t Translate, s, previous *canteen.Sheet) error {
	v := viewSheet(t, s, previous)
	b := newBook(t("document.sheet.tab"))
	v.xlsxHeader(b)
	head := b.row
	v.xlsxTable(b)
	v.xlsxLegend(b)
	b.skip()
	for i, key := range []string{"document.sheet.receivedBy", "document.sheet.receivedAt", "document.sheet.signature"} {
		b.put(1+3*i, t(key)+": ____________________", look{})
	}
	b.layout(head, v.xlsxWidths())
	b.foot(strings.Join([]string{s.Name, t.longDate(s.Date), v.edition()}, " · "), t("document.page", "&P", "&N"))
	b.properties(t("document.sheet.title")+" – "+s.Name+", "+t.longDate(s.Date), t("document.lang"), v.stamp())
	if err := b.write(w); err != nil {
		return fmt.Errorf("documents: the workbook of the sheet: %w", err)
	}
	return nil
}

// The looks of the workbook of a sheet.
var (
	xlsxHead   = look{bold: true, fill: "E9EFF5", wrap: true, border: true}
	xlsxSchool = look{bold: true, fill: "E9EFF5"}
	xlsxTotal  = look{bold: true, size: 13, border: true}
)

func (v *sheetView) xlsxHeader(b *book) {
	b.put(1, v.t("document.sheet.title"), look{})
	b.next()
	b.put(1, v.Name, look{bold: true, size: 18})
	b.next()
	b.put(1, v.t.longDate(v.Date), look{size: 14})
	b.next()
	b.put(1, strings.TrimSuffix(v.edition()+", "+v.issued(), ", "), look{bold: true, size: 12})
	b.next()
	b.put(1, v.cutoffLabel()+": "+clock(v.Cutoff), look{})
	b.skip()
}

func (v *sheetView) xlsxTable(b *book) {
	titles := []string{v.t("document.sheet.school"), v.t("document.sheet.class")}
	for _, m := range v.measures {
		title := m.title
		if name := v.diet(m.diet).Name; m.diet != "" && name != "" {
			title += "\n" + name
		}
		titles = append(titles, title)
	}
	titles = append(titles, v.t("document.sheet.whiteDiets"))
	if v.marked {
		titles = append(titles, v.t("document.sheet.changes"))
	}
	for i, title := range titles {
		l := xlsxHead
		l.right = i >= 2 && i < 2+len(v.measures)
		b.put(1+i, title, l)
	}
	b.next()
	for _, school := range v.schools {
		v.xlsxRow(b, school.name+", "+v.t.meals(school.counts.Total), "", &school.counts, nil, xlsxSchool)
		for _, row := range school.rows {
			v.xlsxRow(b, school.name, row.class, &row.counts, row.before, look{})
		}
	}
	var before *canteen.Counts
	if v.marked {
		before = &v.before
	}
	v.xlsxRow(b, v.t("document.sheet.total"), "", &v.Totals, before, xlsxTotal)
	b.skip()
}

// xlsxRow writes one line of the table. Before is nil when nothing changed.
func (v *sheetView) xlsxRow(b *book, school, class string, counts, before *canteen.Counts, l look) {
	changes := ""
	if before != nil {
		changes = v.changes(before, counts)
	}
	if changes != "" && class != "" {
		l.fill = "FFF7D6"
	}
	b.put(1, school, l)
	b.put(2, class, l)
	for i, m := range v.measures {
		cell := l
		cell.number = true
		switch {
		case cell.fill != "":
		case m.white:
			cell.fill = "FFF1E0"
		case m.diet != "":
			cell.fill = "F2EBFA"
		}
		if !m.whole {
			cell.blankZero = true
		}
		b.put(3+i, m.of(counts), cell)
	}
	b.put(3+len(v.measures), whiteDiets(counts), l)
	if v.marked {
		b.put(4+len(v.measures), changes, l)
	}
	b.next()
}

func (v *sheetView) xlsxLegend(b *book) {
	if len(v.Legend) == 0 {
		return
	}
	b.put(1, v.t("document.sheet.legend"), look{bold: true, size: 13})
	b.next()
	for _, d := range v.Legend {
		words := d.Excludes
		if list := numbers(d.Allergens); list != "" {
			words = strings.TrimSpace(words + " (" + v.t("document.sheet.allergens", list) + ")")
		}
		b.put(1, d.Name, look{})
		b.put(2, d.Code, look{bold: true, fill: "F2EBFA"})
		b.put(3, words, look{})
		b.next()
	}
}

func (v *sheetView) xlsxWidths() []float64 {
	widths := []float64{46, 14}
	for range v.measures {
		widths = append(widths, 12)
	}
	widths = append(widths, 16)
	if v.marked {
		widths = append(widths, 60)
	}
	return widths
}
