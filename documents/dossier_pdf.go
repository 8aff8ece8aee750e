package documents

import (
	"io"
	"strings"

	"refettorio/canteen"
)

// DossierPDF writes a dossier on upright A4, as a tagged PDF. Neither its title
// nor its foot names a person, who would show in windows and lists of files.
func DossierPDF(w io.Writer, t Translate, fonts Fonts, doc *Dossier) error {
	p, err := newPaper(t, fonts, doc.Title, false, doc.Issued)
	if err != nil {
		return err
	}
	d := dossierDrawing{p, t}
	d.paragraph("P", doc.Town, style{size: 12, ink: muted}, 6)
	d.paragraph("H1", doc.Title, style{size: 22, bold: true, ink: ink}, 11)
	if doc.Lead != "" {
		d.paragraph("P", doc.Lead, style{size: 12, ink: ink}, 6)
	}
	d.paragraph("P", t("document.dossier.issued", shortDate(canteen.DateOf(doc.Issued)), clock(doc.Issued)), style{size: 12, ink: ink}, 6)
	for i := range doc.Sections {
		d.section(&doc.Sections[i])
	}
	return p.write(w, t, strings.Join([]string{doc.Town, doc.Title}, " · "))
}

type dossierDrawing struct {
	*paper
	t Translate
}

// headRoom is what a heading needs below itself to stay on its page.
const headRoom = 30.0

func (d dossierDrawing) section(s *DossierSection) {
	d.room(headRoom)
	d.y += 6
	d.paragraph("H2", s.Title, style{size: 15, bold: true, ink: ink}, 8)
	if s.Note != "" {
		d.paragraph("P", s.Note, style{size: 11, ink: muted}, 5.5)
	}
	d.y++
	if len(s.Facts) > 0 {
		d.tags.in("Table", "", func() { d.flow(d.facts(s.Facts)) })
	}
	switch {
	case len(s.Rows) > 0:
		d.rows(s)
	case len(s.Facts) == 0 && s.Empty != "":
		d.paragraph("P", s.Empty, style{size: 11, ink: muted}, 5.5)
	}
}

// facts are the rows of a table without a head: each row's first cell is its
// heading.
func (d dossierDrawing) facts(facts [][2]string) []row {
	const label, leading, pad = 55.0, 5.2, 1.4
	rows := make([]row, len(facts))
	for i, fact := range facts {
		small, plain := style{size: 11, ink: muted}, style{size: 11, ink: ink}
		names, values := d.wrap(fact[0], label-3, small), d.wrap(fact[1], d.inner()-label, plain)
		h := leading*float64(max(len(names), len(values))) + 2*pad
		rows[i] = row{height: h, draw: func() {
			d.tags.in("TR", "", func() {
				d.tags.in("TH", scope("Row", 1), func() { d.top(margin, label-3, pad, leading, names, small) })
				d.tags.in("TD", "", func() { d.top(margin+label, d.inner()-label, pad, leading, values, plain) })
			})
		}}
	}
	return rows
}

// top says lines from the top of a row.
func (d dossierDrawing) top(x, w, pad, leading float64, lines []string, look style) {
	for i, line := range lines {
		d.say(x, d.y+pad+leading*(float64(i)+0.5), w, line, look)
	}
}

// rows draws the table of a section.
func (d dossierDrawing) rows(s *DossierSection) {
	sum := 0.0
	for _, c := range s.Columns {
		sum += c.Share
	}
	columns, x := make([]statementColumn, len(s.Columns)), margin
	for i, c := range s.Columns {
		columns[i] = statementColumn{title: c.Title, x: x, w: d.inner() * c.Share / sum, align: "L"}
		if c.Number {
			columns[i].align = "R"
		}
		x += columns[i].w
	}
	rows := make([]row, len(s.Rows))
	for i, cells := range s.Rows {
		rows[i] = d.cells(columns, cells)
	}
	d.table(d.head(columns), rows)
}

func (d dossierDrawing) head(columns []statementColumn) row {
	const h = 8.0
	return row{height: h, draw: func() {
		d.tags.in("TR", "", func() {
			for _, c := range columns {
				d.tags.in("TH", scope("Column", 1), func() {
					look := style{size: 9.5, bold: true, ink: muted, align: c.align}
					d.say(c.x+1, d.y+h/2, c.w-2, d.fit(c.title, c.w-2, 1, look)[0], look)
				})
			}
		})
		d.line(margin, d.y+h, d.width-margin, d.y+h, 0.6, ink)
	}}
}

// mostCell is how many lines a cell may have: a row is never cut, so it must fit
// a page.
const mostCell = 30

func (d dossierDrawing) cells(columns []statementColumn, texts []string) row {
	const leading, pad = 4.8, 1.3
	look := style{size: 10.5, ink: ink}
	cells, most := make([][]string, len(columns)), 1
	for i, c := range columns {
		cells[i] = d.fit(texts[i], c.w-2, mostCell, look)
		most = max(most, len(cells[i]))
	}
	h := leading*float64(most) + 2*pad
	return row{height: h, draw: func() {
		d.tags.in("TR", "", func() {
			for i, c := range columns {
				s := look
				s.align = c.align
				d.tags.in("TD", "", func() { d.top(c.x+1, c.w-2, pad, leading, cells[i], s) })
			}
		})
		d.line(margin, d.y+h, d.width-margin, d.y+h, hairline, rule)
	}}
}
