package documents

import (
	"io"

	"refettorio/canteen"
)

// SheetCSV writes a production sheet as a table for spreadsheets and programs.
// Under the lines that say what it is, each school has a line with its sums and
// no class, then one for each class; the sums of the day and the legend of the
// diets follow. When a previous version is given (it may be nil) and the sheet
// is not the first, a last column tells what changed.
func SheetCSV(w io.Writer, t Translate, s, previous *canteen.Sheet) error {
	v := viewSheet(t, s, previous)
	c := NewCSV(w)
	c.Row(Text(t("document.sheet.title")))
	c.Row(Text(t("document.sheet.kitchen")), Text(s.Name))
	c.Row(Text(t("document.sheet.day")), Day(s.Date), Text(t.longDate(s.Date)))
	c.Row(Text(v.edition()), Text(v.issued()))
	c.Row(Text(v.cutoffLabel()), Text(clock(s.Cutoff)))
	c.Row()
	v.csvTable(c)
	v.csvLegend(c)
	return c.Flush()
}

func (v *sheetView) csvTable(c *CSV) {
	head := []Cell{Text(v.t("document.sheet.school")), Text(v.t("document.sheet.class"))}
	for _, m := range v.measures {
		head = append(head, Text(m.title))
	}
	head = append(head, Text(v.t("document.sheet.whiteDiets")))
	if v.marked {
		head = append(head, Text(v.t("document.sheet.changes")))
	}
	c.Row(head...)
	for _, school := range v.schools {
		v.csvRow(c, school.name, "", &school.counts, nil)
		for _, row := range school.rows {
			v.csvRow(c, school.name, row.class, &row.counts, row.before)
		}
	}
	var before *canteen.Counts
	if v.marked {
		before = &v.before
	}
	v.csvRow(c, v.t("document.sheet.total"), "", &v.Totals, before)
}

func (v *sheetView) csvRow(c *CSV, school, class string, counts, before *canteen.Counts) {
	row := []Cell{Text(school), Text(class)}
	for _, m := range v.measures {
		row = append(row, Int(m.of(counts)))
	}
	row = append(row, Text(whiteDiets(counts)))
	if v.marked {
		changes := ""
		if before != nil {
			changes = v.changes(before, counts)
		}
		row = append(row, Text(changes))
	}
	c.Row(row...)
}

func (v *sheetView) csvLegend(c *CSV) {
	if len(v.Legend) == 0 {
		return
	}
	c.Row()
	c.Row(Text(v.t("document.sheet.diet")), Text(v.t("document.sheet.dietName")), Text(v.t("document.sheet.excludes")))
	for _, d := range v.Legend {
		c.Row(Text(d.Code), Text(d.Name), Text(d.Excludes))
	}
}
