package documents

import (
	"strconv"

	"refettorio/canteen"
)

func (d sheetDrawing) schoolRows(g grid, school *schoolView) []row {
	heading := d.schoolRow(g, school, school.name)
	again := d.schoolRow(g, school, d.v.t("document.sheet.continued", school.name))
	var rows []row
	for i := range school.rows {
		if r := &school.rows[i]; g.concerns(&r.counts, r.before) {
			rows = append(rows, d.classRow(g, r, &again))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return append([]row{heading}, rows...)
}

// schoolRow is a school's heading: its name with its number of meals over the
// first columns, its sums under the others.
func (d sheetDrawing) schoolRow(g grid, school *schoolView, name string) row {
	span, w, meals, counted := 1, g.name-2*cellPadding, "", 0.0
	if g.first {
		span = 3 // over enrolled and absent
		w += g.columns[0].w + g.columns[1].w
		meals = d.v.t.meals(school.counts.Total)
		counted = d.measure(meals, schoolStyle) + 3
	}
	const leading = 5.4
	lines := d.wrap(name, w-counted, schoolStyle)
	h := 9 + leading*float64(len(lines)-1)
	right := schoolStyle
	right.align = "R"
	return row{height: h, keep: true, draw: func() {
		d.fill(margin, d.y, d.inner(), h, band)
		d.tags.in("TR", "", func() {
			d.tags.in("TH", scope("Row", span), func() {
				d.lines(margin+cellPadding, d.y+h/2, w, leading, lines, schoolStyle)
				d.say(margin+cellPadding, d.y+h/2, w, meals, right)
			})
			for _, column := range g.columns[span-1:] {
				d.tags.in("TD", "", func() {
					right.ink = column.color()
					d.say(column.x, d.y+h/2, column.w-cellPadding, column.print(&school.counts), right)
				})
			}
		})
	}}
}

func (d sheetDrawing) classRow(g grid, r *rowView, again *row) row {
	note := d.noteLines(g, &r.counts)
	name, look, leading := d.className(g, r)
	h := classHeight + max(noteHeight*float64(len(note)), leading*float64(len(name)-1))
	return row{height: h, again: again, draw: func() {
		d.tint(g, h)
		if r.before != nil {
			d.fill(margin, d.y+inset, d.inner(), h-2*inset, changePaper)
			d.fill(margin, d.y+inset, 1.3, h-2*inset, changeInk)
		}
		d.tags.in("TR", "", func() {
			d.tags.in("TH", scope("Row", 1), func() {
				x, middle := margin+classIndent, d.y+classHeight/2
				d.lines(x, middle+leading*float64(len(name)-1)/2, g.name, leading, name, look)
				if r.recounted() {
					d.pill(x+d.widest(name, look)+2.5, middle, r.before.Total, r.counts.Total, 10.5)
				}
			})
			for _, column := range g.columns {
				d.tags.in("TD", "", func() {
					d.numberCell(column, &r.counts, r.before, numberStyle, d.y+classHeight/2, note)
				})
			}
		})
		d.line(margin, d.y+h, d.width-margin, d.y+h, hairline, rule)
	}}
}

// classIndent is where the names of classes begin, right of the mark of a
// change.
const classIndent = cellPadding + 0.8

// recounted tells whether the number of meals of a class changed.
func (r *rowView) recounted() bool { return r.before != nil && r.before.Total != r.counts.Total }

// className breaks the name of a class to its column, large when it is short as
// most are. A name is never shortened: its end tells one class from another.
func (d sheetDrawing) className(g grid, r *rowView) (lines []string, look style, leading float64) {
	room := g.name - classIndent - 1
	if r.recounted() {
		room -= 24 // for the pill
	}
	if lines = d.wrap(r.class, room, classStyle); len(lines) == 1 {
		return lines, classStyle, 0
	}
	return d.wrap(r.class, room, longStyle), longStyle, 4.6
}

// noteLines is the remark under a number of white meals, broken to its column.
func (d sheetDrawing) noteLines(g grid, c *canteen.Counts) []string {
	note := d.v.whiteNote(c)
	if note == "" || !g.first {
		return nil
	}
	for _, column := range g.columns {
		if column.white {
			return d.wrap(note, column.w-1.2, noteStyle)
		}
	}
	return nil
}

// numberCell draws a number, behind the struck-out one it took the place of,
// and the remark under a number of white meals.
func (d sheetDrawing) numberCell(column gridColumn, now, before *canteen.Counts, s style, middle float64, note []string) {
	room := column.w - cellPadding
	s.ink = column.color()
	if is := column.of(now); before == nil || column.of(before) == is {
		d.say(column.x, middle, room, column.print(now), s)
	} else {
		s.bold = true
		d.changedNumber(column, column.of(before), is, s, middle, room)
	}
	if column.white && len(note) > 0 {
		d.lines(column.x, middle+3+noteHeight*float64(len(note))/2, room+1, noteHeight, note, noteStyle)
	}
}

func (d sheetDrawing) changedNumber(column gridColumn, was, is int, s style, middle, room float64) {
	now, old := strconv.Itoa(is), strconv.Itoa(was)
	d.tags.mark(arrow(was, is), func() {
		d.draw(column.x, middle, room, now, s)
		left := room - d.measure(now, s) - 1
		w := d.measure(old, oldStyle)
		d.draw(column.x, middle, left, old, oldStyle)
		d.pdf.SetDrawColor(changeInk.r, changeInk.g, changeInk.b)
		d.pdf.SetLineWidth(0.3)
		d.pdf.Line(column.x+left-w-0.5, middle, column.x+left+0.5, middle)
	})
}

func (d sheetDrawing) totalRow(g grid) row {
	note := d.noteLines(g, &d.v.Totals)
	const height = 12.0
	h := height + noteHeight*float64(len(note))
	s := style{size: 17, bold: true, ink: ink, align: "R"}
	return row{height: h, draw: func() {
		d.tint(g, h)
		d.line(margin, d.y, d.width-margin, d.y, 0.6, ink)
		d.tags.in("TR", "", func() {
			left := s
			left.align = "L"
			d.tags.in("TH", scope("Row", 1), func() {
				d.say(margin+cellPadding, d.y+height/2, g.name, d.v.t("document.sheet.total"), left)
			})
			for _, column := range g.columns {
				d.tags.in("TD", "", func() { d.numberCell(column, &d.v.Totals, nil, s, d.y+height/2, note) })
			}
		})
		d.line(margin, d.y+h, d.width-margin, d.y+h, 0.6, ink)
	}}
}
