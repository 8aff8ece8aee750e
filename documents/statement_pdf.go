package documents

import (
	"io"
	"strings"

	"refettorio/canteen"
)

// StatementPDF writes a statement on upright A4, as a tagged PDF. Neither its
// title nor its foot carries the child's name, which would show in windows and
// lists of files.
func StatementPDF(w io.Writer, t Translate, fonts Fonts, s *Statement) error {
	title := t("document.statement.title")
	period := t("document.statement.fromTo", shortDate(s.From), shortDate(s.To))
	p, err := newPaper(t, fonts, title+" – "+s.PAN.String()+", "+period, false, s.Issued)
	if err != nil {
		return err
	}
	d := statementDrawing{p, t, s}
	d.header(period)
	d.figures()
	if len(s.Lines) == 0 {
		d.tags.in("P", "", func() {
			d.say(margin, d.y+4, d.inner(), t("document.statement.empty"), style{size: 12, ink: muted})
		})
	} else {
		d.movements()
	}
	return p.write(w, t, strings.Join([]string{s.Town, title, t("document.statement.pan") + " " + s.PAN.String()}, " · "))
}

type statementDrawing struct {
	*paper
	t Translate
	s *Statement
}

func (d statementDrawing) header(period string) {
	d.paragraph("P", d.s.Town, style{size: 12, ink: muted}, 6)
	d.paragraph("H1", d.t("document.statement.title"), style{size: 22, bold: true, ink: ink}, 11)
	d.paragraph("P", d.s.Pupil, style{size: 15, bold: true, ink: ink}, 7.5)
	d.paragraph("P", d.t("document.statement.pan")+" "+d.s.PAN.String(), style{size: 12, ink: ink}, 6)
	d.paragraph("P", period, style{size: 12, ink: ink}, 6)
	d.paragraph("P", d.t("document.statement.issued", shortDate(canteen.DateOf(d.s.Issued)), clock(d.s.Issued)),
		style{size: 12, ink: ink}, 6)
	d.y += 5
}

// figures shows the two balances and what lies between them.
func (d statementDrawing) figures() {
	credits, debits := d.s.sums()
	boxes := []struct {
		title      string
		amount     canteen.Cents
		fill, edge color
		signed     bool
	}{
		{d.t("document.statement.opening"), d.s.Opening, paperWhite, rule, false},
		{d.t("document.statement.credits"), credits, paperWhite, rule, true},
		{d.t("document.statement.debits"), debits, paperWhite, rule, true},
		{d.t("document.statement.closing"), d.s.closing(), band, ink, false},
	}
	const gap, height = 4.0, 19.0
	w := (d.inner() - gap*float64(len(boxes)-1)) / float64(len(boxes))
	for i, b := range boxes {
		x := margin + float64(i)*(w+gap)
		amount := b.amount.String()
		if b.signed {
			amount = signed(b.amount)
		}
		d.box(x, d.y, w, height, 2, b.fill, b.edge)
		d.tags.in("P", "", func() {
			small := style{size: 10.5, ink: muted}
			d.say(x+4, d.y+5.5, w, d.fit(b.title, w-6, 1, small)[0], small)
			d.say(x+4, d.y+13, w, amount+" €", style{size: 17, bold: true, ink: ink})
		})
	}
	d.y += height + 6
}

// signed writes an amount that came in with its plus.
func signed(c canteen.Cents) string {
	if c > 0 {
		return "+" + c.String()
	}
	return c.String()
}

// statementColumn is a column of the movements and its place on the page.
type statementColumn struct {
	title string
	x, w  float64
	align string
}

func (d statementDrawing) movements() {
	columns := []statementColumn{
		{title: d.t("document.statement.day"), w: 26, align: "L"},
		{title: d.t("document.statement.at"), w: 36, align: "L"},
		{title: d.t("document.statement.what"), w: 70, align: "L"},
		{title: d.t("document.statement.amount"), w: 27, align: "R"},
		{title: d.t("document.statement.balance"), w: 27, align: "R"},
	}
	x := margin
	for i := range columns {
		columns[i].x = x
		x += columns[i].w
	}
	rows := make([]row, len(d.s.Lines))
	for i := range d.s.Lines {
		rows[i] = d.movement(columns, &d.s.Lines[i])
	}
	d.table(d.movementHead(columns), rows)
}

func (d statementDrawing) movementHead(columns []statementColumn) row {
	const h = 9.0
	return row{height: h, draw: func() {
		d.tags.in("TR", "", func() {
			for _, c := range columns {
				d.tags.in("TH", scope("Column", 1), func() {
					look := style{size: 9.5, bold: true, ink: muted, align: c.align}
					d.say(c.x+1.5, d.y+h/2, c.w-3, c.title, look)
				})
			}
		})
		d.line(margin, d.y+h, d.width-margin, d.y+h, 0.6, ink)
	}}
}

func (d statementDrawing) movement(columns []statementColumn, l *StatementLine) row {
	const leading, height = 5.0, 8.0
	look := style{size: 11, ink: ink}
	at := ""
	if !l.At.IsZero() {
		at = shortDate(canteen.DateOf(l.At)) + " " + clock(l.At)
	}
	cells := [][]string{
		{shortDate(l.Day)}, {at}, d.wrap(l.What, columns[2].w-3, look), {signed(l.Amount)}, {l.Balance.String()},
	}
	h := height + leading*float64(len(cells[2])-1)
	return row{height: h, draw: func() {
		d.tags.in("TR", "", func() {
			for i, c := range columns {
				s := look
				s.align, s.bold = c.align, c.align == "R" && i < len(columns)-1
				middle := d.y + height/2 + leading*float64(len(cells[i])-1)/2
				d.tags.in("TD", "", func() { d.lines(c.x+1.5, middle, c.w-3, leading, cells[i], s) })
			}
		})
		d.line(margin, d.y+h, d.width-margin, d.y+h, hairline, rule)
	}}
}
