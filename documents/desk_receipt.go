package documents

import (
	"io"
	"strings"
	"time"

	"refettorio/canteen"
)

// DeskReceipt is the paper a family takes home from the counter: an act with its
// number, the names of both who were there, and the lines to sign (mission 7).
type DeskReceipt struct {
	Town       string
	Number     string // "2026/004183"
	Act        string // in words
	Operator   string
	Person     string
	Pupil, PAN string // empty for an act about no pupil
	Days       [][2]canteen.Date
	Received   time.Time
	Issued     time.Time // when it is printed
	Heard      time.Time // of a note on paper: when the family told it
	Why        string    // and why it was entered later
	Request    bool      // it came after the cut-off: the office decides
	FirstSteps bool      // of a first registration: what comes next
}

// DeskReceiptPDF writes the receipt on one page of upright A4, as a tagged PDF.
// Its title names nobody: it shows in windows and lists of files.
func DeskReceiptPDF(w io.Writer, t Translate, fonts Fonts, r *DeskReceipt) error {
	title := t("document.desk.title", r.Number)
	p, err := newPaper(t, fonts, title, false, r.Issued)
	if err != nil {
		return err
	}
	d := deskDrawing{p, t, r}
	d.paragraph("P", r.Town, style{size: 12, ink: muted}, 6)
	d.paragraph("H1", title, style{size: 22, bold: true, ink: ink}, 11)
	d.paragraph("P", r.Act, style{size: 15, bold: true, ink: ink}, 7.5)
	d.y += 4
	d.facts()
	if r.FirstSteps {
		d.steps()
	}
	d.signatures()
	return p.write(w, t, strings.Join([]string{r.Town, title}, " · "))
}

type deskDrawing struct {
	*paper
	t Translate
	r *DeskReceipt
}

// mostDays is how many ranges of days a receipt names: it stays on one page.
const mostDays = 12

func (d deskDrawing) facts() {
	d.fact("document.desk.person", d.r.Person)
	if d.r.Pupil != "" {
		d.fact("document.desk.pupil", d.r.Pupil+", "+d.t("document.statement.pan")+" "+d.r.PAN)
	}
	for i, days := range d.r.Days {
		label := ""
		if i == 0 {
			label = "document.desk.days"
		}
		if i == mostDays {
			d.fact(label, d.t("document.desk.more", len(d.r.Days)-i))
			break
		}
		text := d.t.longDate(days[0])
		if days[1] != days[0] {
			text = d.t("document.desk.range", text, d.t.longDate(days[1]))
		}
		d.fact(label, text)
	}
	received := canteen.DateOf(d.r.Received)
	d.fact("document.desk.received", d.t("document.desk.at", d.t.longDate(received), d.r.Received.In(canteen.Rome()).Format("15:04:05")))
	if d.r.Why != "" {
		d.fact("document.desk.heard", d.t("document.desk.heardAt", clock(d.r.Heard)))
		d.fact("document.desk.why", d.r.Why)
	}
	d.fact("document.desk.operator", d.r.Operator)
	if d.r.Request {
		d.y += 5
		d.paragraph("P", d.t("document.desk.request"), style{size: 12, bold: true, ink: ink}, 6)
	}
}

// fact is a line of label and value; a value without a label goes on with the
// one before.
func (d deskDrawing) fact(label, value string) {
	const leading, column = 6.0, 48.0
	d.tags.in("P", "", func() {
		look := style{size: 12, ink: ink}
		lines := d.wrap(value, d.inner()-column, look)
		if label != "" {
			d.line(margin, d.y, d.width-margin, d.y, 0.2, rule)
			d.say(margin, d.y+leading/2+1.5, column, d.t(label), style{size: 11, ink: muted})
		}
		h := leading * float64(len(lines))
		d.lines(margin+column, d.y+h/2+1.5, d.inner()-column, leading, lines, look)
		d.y += h + 3
	})
}

// steps says to a family without a computer what happens next.
func (d deskDrawing) steps() {
	d.y += 5
	d.paragraph("H2", d.t("document.desk.next"), style{size: 15, bold: true, ink: ink}, 9)
	for _, key := range []string{"document.desk.step1", "document.desk.step2", "document.desk.step3"} {
		d.paragraph("P", d.t(key), style{size: 12, ink: ink}, 6)
		d.y += 1.5
	}
}

// signatures draws the two lines to sign on, one beside the other.
func (d deskDrawing) signatures() {
	d.y += 28
	const gap = 14.0
	w := (d.inner() - gap) / 2
	for i, s := range []struct{ role, name string }{
		{"document.desk.signPerson", d.r.Person}, {"document.desk.signOperator", d.r.Operator},
	} {
		x := margin + float64(i)*(w+gap)
		d.line(x, d.y, x+w, d.y, 0.4, ink)
		d.tags.in("P", "", func() {
			small := style{size: 10.5, ink: muted}
			d.say(x, d.y+4, w, d.t(s.role), small)
			d.say(x, d.y+9.5, w, d.fit(s.name, w, 1, style{size: 11, ink: ink})[0], style{size: 11, ink: ink})
		})
	}
	d.y += 14
}

// DeskList is what was done at the counter on a day.
type DeskList struct{ Acts []DeskAct }

// DeskAct is a line of the list.
type DeskAct struct {
	At                                   time.Time
	Number, Operator, Person, Pupil, Act string
}

// DeskCSV writes the list as a table.
func DeskCSV(w io.Writer, t Translate, l *DeskList) error {
	c := NewCSV(w)
	c.Row(Text(t("document.desk.received")), Text(t("document.desk.operator")), Text(t("document.desk.person")),
		Text(t("document.desk.pupil")), Text(t("document.desk.act")), Text(t("document.desk.receipt")))
	for _, a := range l.Acts {
		c.Row(Moment(a.At), Text(a.Operator), Text(a.Person), Text(a.Pupil), Text(a.Act), Text(a.Number))
	}
	return c.Flush()
}
