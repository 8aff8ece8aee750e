package documents

import (
	"io"
	"strings"
	"time"

	"refettorio/canteen"
)

// RequestReceipt is the receipt of a request to the office: its number, when it
// was taken in charge, who answers for it and by when (L. 241/1990, rules R12.1),
// what was asked and what comes next.
type RequestReceipt struct {
	Town     string
	Title    string // of the request, in the reader's language, without a name
	Number   canteen.ReceiptNumber
	Received time.Time // never zero
	Officer  string    // empty while the town has named nobody
	Due      canteen.Date
	Facts    []Fact
	Next     []string
}

// Fact is one thing a document says: what, and its value.
type Fact struct{ Name, Text string }

// RequestReceiptPDF writes a receipt on upright A4, as a tagged PDF. Neither its
// title nor its foot names anybody.
func RequestReceiptPDF(w io.Writer, t Translate, fonts Fonts, r *RequestReceipt) error {
	p, err := newPaper(t, fonts, r.Title+" – "+r.Number.String(), false, r.Received)
	if err != nil {
		return err
	}
	d := receiptDrawing{p, t, r}
	d.paragraph("P", r.Town, style{size: 12, ink: muted}, 6)
	d.paragraph("H1", r.Title, style{size: 22, bold: true, ink: ink}, 11)
	d.number()
	facts := []Fact{{t("document.request.received"), t("document.request.receivedAt", t.longDate(canteen.DateOf(r.Received)), clock(r.Received))}}
	if r.Officer != "" {
		facts = append(facts, Fact{t("document.request.officer"), r.Officer})
	}
	if r.Due != 0 {
		facts = append(facts, Fact{t("document.request.due"), t.longDate(r.Due)})
	}
	for _, f := range append(facts, r.Facts...) {
		d.fact(f)
	}
	if len(r.Next) > 0 {
		d.y += 6
		d.paragraph("H2", t("document.request.next"), style{size: 15, bold: true, ink: ink}, 8)
		for _, step := range r.Next {
			d.paragraph("P", step, style{size: 12, ink: ink}, 6)
			d.y += 2
		}
	}
	return p.write(w, t, strings.Join([]string{r.Town, r.Title, r.Number.String()}, " · "))
}

type receiptDrawing struct {
	*paper
	t Translate
	r *RequestReceipt
}

// number shows the receipt's number in a box, to be found at a glance.
func (d receiptDrawing) number() {
	const height = 19.0
	d.y += 4
	d.box(margin, d.y, d.inner(), height, 2, band, ink)
	d.tags.in("P", "", func() {
		d.say(margin+4, d.y+5.5, d.inner(), d.t("document.request.number"), style{size: 10.5, ink: muted})
		d.say(margin+4, d.y+13, d.inner(), d.r.Number.String(), style{size: 17, bold: true, ink: ink})
	})
	d.y += height + 5
}

// fact is a name and its value, side by side above a rule.
func (d receiptDrawing) fact(f Fact) {
	const leading, pad, nameWidth = 6.0, 4.0, 60.0
	name, text := style{size: 11, ink: muted}, style{size: 12, bold: true, ink: ink}
	names, lines := d.wrap(f.Name, nameWidth-4, name), d.wrap(f.Text, d.inner()-nameWidth, text)
	h := leading*float64(max(len(names), len(lines))) + pad
	d.room(h)
	d.tags.in("P", "", func() {
		d.lines(margin, d.y+pad/2+leading*float64(len(names))/2, nameWidth-4, leading, names, name)
		d.lines(margin+nameWidth, d.y+pad/2+leading*float64(len(lines))/2, d.inner()-nameWidth, leading, lines, text)
	})
	d.line(margin, d.y+h, d.width-margin, d.y+h, hairline, rule)
	d.y += h
}
