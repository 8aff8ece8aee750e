package documents

import (
	"strconv"
	"strings"

	"refettorio/canteen"
)

// grid is a table of the sheet: every class and some of the columns. A kitchen
// with more diets than a page is wide gets a second grid, with only the classes
// that have one of them.
type grid struct {
	columns []gridColumn
	name    float64 // the width of the column of names
	first   bool    // the grid with the totals; the others continue it
	upright bool    // diet codes are too long for their columns and are written upwards
}

// gridColumn is a measure and its place on the page.
type gridColumn struct {
	measure
	x, w float64
	name string // what the diet is called, under its code
}

// The widths of a sheet's columns, in millimetres.
const (
	minName     = 40.0
	maxName     = 74.0
	minCount    = 14.5
	maxCount    = 19.5
	minWhite    = 18.0
	maxWhite    = 22.0
	minDiet     = 9.5
	maxDiet     = 20.0
	cellPadding = 2.2
)

// The heights of a row of the table and of a line of remarks under a number.
const (
	classHeight = 8.6
	noteHeight  = 4.0
	hairline    = 0.25
	inset       = hairline / 2 // what fills leave to the rules around them
)

// The looks of a sheet's table.
var (
	headStyle   = style{size: 8.5, bold: true, ink: muted, align: "R"}
	codeStyle   = style{size: 13, bold: true, ink: dietInk, align: "R"}
	dietStyle   = style{size: 8, ink: dietInk, align: "R"}
	classStyle  = style{size: 15, ink: ink}
	longStyle   = style{size: 11, ink: ink} // of a class that is called by a sentence
	numberStyle = style{size: 15, ink: ink, align: "R"}
	schoolStyle = style{size: 13, bold: true, ink: ink}
	oldStyle    = style{size: 11.5, ink: muted, align: "R"}
	noteStyle   = style{size: 9.5, bold: true, ink: whiteInk, align: "R"}
)

// grids shares the columns out: the first takes all but the diets that do not
// fit.
func (d sheetDrawing) grids() []grid {
	var fixed, diets []measure
	for _, m := range d.v.measures {
		if m.diet == "" {
			fixed = append(fixed, m)
		} else {
			diets = append(diets, m)
		}
	}
	free := d.inner() - minName
	perGrid := int(free / minDiet)
	for _, m := range fixed {
		free -= d.fixedColumn(m)
	}
	n := max(0, min(len(diets), int(free/minDiet)))
	tail := len(fixed) - 2 // staff and total stand last
	columns := append(append(fixed[:tail:tail], diets[:n]...), fixed[tail:]...)
	grids := []grid{d.layout(columns)}
	grids[0].first = true
	for diets = diets[n:]; len(diets) > 0; diets = diets[n:] {
		n = min(len(diets), perGrid)
		grids = append(grids, d.layout(diets[:n]))
	}
	return grids
}

// layout gives the columns their widths: what the counts leave goes to the
// diets and to the names.
func (d sheetDrawing) layout(columns []measure) grid {
	diets, free := 0, d.inner()
	for _, m := range columns {
		if m.diet != "" {
			diets++
		} else {
			free -= d.fixedColumn(m)
		}
	}
	g := grid{name: min(maxName, free-minDiet*float64(diets))}
	dietWidth := 0.0
	if diets > 0 {
		dietWidth = min(maxDiet, (free-g.name)/float64(diets))
		// A diet column worth reading comes before a wide name.
		dietWidth = max(dietWidth, min(maxDiet, (free-minName)/float64(diets)))
	}
	g.name = free - dietWidth*float64(diets)
	x := margin + g.name
	for _, m := range columns {
		column := gridColumn{measure: m, x: x, w: d.fixedColumn(m)}
		if m.diet != "" {
			column.w, column.name = dietWidth, d.v.diet(m.diet).Name
			g.upright = g.upright || d.measure(m.diet, codeStyle) > dietWidth-1.5
		}
		g.columns = append(g.columns, column)
		x += column.w
	}
	return g
}

// fixedColumn is the width of a column that is not a diet: that of its title,
// within limits: a longer title takes two lines.
func (d sheetDrawing) fixedColumn(m measure) float64 {
	w := d.measure(strings.ToUpper(m.title), headStyle) + 2.6
	if m.white {
		return min(max(w, minWhite), maxWhite)
	}
	return min(max(w, minCount), maxCount)
}

// grid draws one table.
func (d sheetDrawing) grid(g grid) {
	if !g.first {
		d.y += 6
	}
	var rows []row
	for i := range d.v.schools {
		rows = append(rows, d.schoolRows(g, &d.v.schools[i])...)
	}
	if len(rows) > 0 {
		rows[len(rows)-1].keep = true // the totals never stand alone on a page
	}
	d.table(d.headRow(g), append(rows, d.totalRow(g)))
}

// concerns tells whether a row belongs to a grid: all do in the first.
func (g *grid) concerns(c, before *canteen.Counts) bool {
	if g.first {
		return true
	}
	for _, column := range g.columns {
		if column.of(c) != 0 || (before != nil && column.of(before) != 0) {
			return true
		}
	}
	return false
}

// tint paints the columns of white meals and diets behind a row, and leaves the
// rules above and below it in sight.
func (d sheetDrawing) tint(g grid, h float64) {
	for _, column := range g.columns {
		switch {
		case column.white:
			d.fill(column.x, d.y+inset, column.w, h-2*inset, whitePaper)
		case column.diet != "":
			d.fill(column.x, d.y+inset, column.w, h-2*inset, dietPaper)
		}
	}
}

func (d sheetDrawing) headRow(g grid) row {
	h := 12.5
	for _, column := range g.columns {
		switch {
		case column.diet == "":
		case g.upright:
			h = max(h, d.measure(column.diet, codeStyle)+4)
		case column.name != "":
			h = max(h, 8.5+2.9*float64(len(d.dietName(column))))
		}
	}
	first := d.v.t("document.sheet.schoolClass")
	if !g.first {
		first = d.v.t("document.sheet.moreDiets")
	}
	return row{height: h, draw: func() {
		d.tint(g, h)
		d.tags.in("TR", "", func() {
			d.tags.in("TH", scope("Column", 1), func() {
				left := headStyle
				left.align = "L"
				d.say(margin+cellPadding, d.y+h-4.5, g.name, d.fit(strings.ToUpper(first), g.name-2*cellPadding, 1, left)[0], left)
			})
			for _, column := range g.columns {
				d.tags.in("TH", scope("Column", 1), func() { d.headCell(g, column, h) })
			}
		})
		d.line(margin, d.y+h, d.width-margin, d.y+h, 0.6, ink)
	}}
}

func (d sheetDrawing) headCell(g grid, column gridColumn, h float64) {
	inner := column.w - cellPadding
	switch {
	case column.diet == "":
		s := headStyle
		if column.white {
			s.ink = whiteInk
		}
		lines := d.fit(strings.ToUpper(column.title), column.w-1, 2, s)
		d.lines(column.x, d.y+h-4.5-2*float64(len(lines)-1), inner, 4, lines, s)
	case g.upright:
		x, foot := column.x+column.w-cellPadding-1.4, d.y+h-2
		d.tags.mark(column.diet, func() {
			d.pdf.TransformBegin()
			d.pdf.TransformRotate(90, x, foot)
			left := codeStyle
			left.align = "L"
			d.draw(x, foot, h, column.diet, left)
			d.pdf.TransformEnd()
		})
	default:
		names := d.dietName(column)
		block := 2.9 * float64(len(names))
		d.say(column.x, d.y+h-block-4, inner, column.diet, codeStyle)
		if block > 0 {
			d.lines(column.x, d.y+h-1.2-block/2, inner, 2.9, names, dietStyle)
		}
	}
}

// dietName is what a diet is called, where its column has room for words.
func (d sheetDrawing) dietName(column gridColumn) []string {
	if column.name == "" || column.w < 13 {
		return nil
	}
	return d.fit(column.name, column.w-cellPadding, 2, dietStyle)
}

// print writes a number as the sheet shows it: nothing in place of a zero that
// says nothing.
func (c *gridColumn) print(counts *canteen.Counts) string {
	if n := c.of(counts); n != 0 || c.whole {
		return strconv.Itoa(n)
	}
	return ""
}

func (c *gridColumn) color() color {
	switch {
	case c.white:
		return whiteInk
	case c.diet != "":
		return dietInk
	}
	return ink
}
