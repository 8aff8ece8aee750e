package documents

import (
	"io"
	"strconv"
	"strings"
	"time"

	"refettorio/canteen"
)

// Roll is the list of a class as a school hangs it up: no money, no reason of a
// diet and no code of one (rules R5.4).
type Roll struct {
	Town   string
	School string
	Class  string
	Year   string
	Issued time.Time
	Lines  []RollLine
}

// RollLine is one pupil. Days and State are in words.
type RollLine struct {
	Name    string
	Days    string
	State   string
	From    canteen.Date
	Until   canteen.Date // 0: the end of the year
	Special bool
}

// RollCSV writes a roll as a table for spreadsheets.
func RollCSV(w io.Writer, t Translate, r *Roll) error {
	c := NewCSV(w)
	c.Row(Text(t("document.roll.title")))
	c.Row(Text(t("document.roll.school")), Text(r.School))
	c.Row(Text(t("document.roll.class")), Text(r.Class), Text(r.Year))
	c.Row(Text(t("document.roll.issued")), Moment(r.Issued))
	c.Row()
	c.Row(Text(t("document.roll.number")), Text(t("document.roll.name")), Text(t("document.roll.days")), Text(t("document.roll.from")),
		Text(t("document.roll.until")), Text(t("document.roll.state")), Text(t("document.roll.special")))
	for i, l := range r.Lines {
		c.Row(Int(i+1), Text(l.Name), Text(l.Days), Day(l.From), Day(l.Until), Text(l.State), Text(l.special(t)))
	}
	return c.Flush()
}

// special is the mark of a special diet: that there is one, and nothing of it.
func (l *RollLine) special(t Translate) string {
	if l.Special {
		return t("document.roll.yes")
	}
	return ""
}

// RollPDF writes a roll on A4 across, as a tagged PDF. Its title and foot name
// the class and nobody in it.
func RollPDF(w io.Writer, t Translate, fonts Fonts, r *Roll) error {
	title := t("document.roll.title") + ", " + r.Class + ", " + r.Year
	p, err := newPaper(t, fonts, title, true, r.Issued)
	if err != nil {
		return err
	}
	d := rollDrawing{p, t, r}
	d.header()
	if len(r.Lines) == 0 {
		d.tags.in("P", "", func() {
			d.say(margin, d.y+4, d.inner(), t("document.roll.empty"), style{size: 12, ink: muted})
		})
	} else {
		d.pupils()
	}
	return p.write(w, t, strings.Join([]string{r.Town, r.School, title}, " · "))
}

type rollDrawing struct {
	*paper
	t Translate
	r *Roll
}

func (d rollDrawing) header() {
	d.paragraph("P", d.r.Town, style{size: 11, ink: muted}, 5.5)
	d.paragraph("H1", d.t("document.roll.heading", d.r.Class, d.r.School), style{size: 18, bold: true, ink: ink}, 9)
	d.paragraph("P", d.t("document.roll.about", d.r.Year, len(d.r.Lines), shortDate(canteen.DateOf(d.r.Issued)), clock(d.r.Issued)),
		style{size: 11, ink: ink}, 5.5)
	d.y += 3
}

// rollColumn is a column of the roll and its place on the page.
type rollColumn struct {
	key  string
	x, w float64
}

func (d rollDrawing) columns() []rollColumn {
	columns := []rollColumn{{key: "document.roll.number", w: 12}, {key: "document.roll.name", w: 96}, {key: "document.roll.days", w: 52},
		{key: "document.roll.from", w: 26}, {key: "document.roll.until", w: 26}, {key: "document.roll.state", w: 30}, {key: "document.roll.special", w: 31}}
	x := margin
	for i := range columns {
		columns[i].x = x
		x += columns[i].w
	}
	return columns
}

func (d rollDrawing) pupils() {
	columns := d.columns()
	rows := make([]row, len(d.r.Lines))
	for i := range d.r.Lines {
		rows[i] = d.pupil(columns, i+1, &d.r.Lines[i])
	}
	d.table(d.head(columns), rows)
}

func (d rollDrawing) head(columns []rollColumn) row {
	const h = 8.0
	return row{height: h, draw: func() {
		d.tags.in("TR", "", func() {
			for _, c := range columns {
				d.tags.in("TH", scope("Column", 1), func() {
					d.say(c.x+1.5, d.y+h/2, c.w-3, d.t(c.key), style{size: 9.5, bold: true, ink: muted})
				})
			}
		})
		d.line(margin, d.y+h, d.width-margin, d.y+h, 0.6, ink)
	}}
}

func (d rollDrawing) pupil(columns []rollColumn, number int, l *RollLine) row {
	const leading, height = 4.6, 6.6
	look := style{size: 10.5, ink: ink}
	cells := [][]string{{strconv.Itoa(number)}, d.fit(l.Name, columns[1].w-3, 2, look), d.fit(l.Days, columns[2].w-3, 1, look),
		{shortDate(l.From)}, {shortDate(l.Until)}, d.fit(l.State, columns[5].w-3, 1, look), {l.special(d.t)}}
	h := height + leading*float64(len(cells[1])-1)
	return row{height: h, draw: func() {
		d.tags.in("TR", "", func() {
			for i, c := range columns {
				s := look
				s.bold = i == 1
				d.tags.in("TD", "", func() { d.lines(c.x+1.5, d.y+h/2, c.w-3, leading, cells[i], s) })
			}
		})
		d.line(margin, d.y+h, d.width-margin, d.y+h, hairline, rule)
	}}
}
