package documents

import (
	"io"
	"time"

	"refettorio/canteen"
)

// Slip is what a child's PAN slip says (mission 3): whose it is and the code. No
// money, no diet. The QR holds the PAN alone: an identifier, which opens nothing
// (story 34).
type Slip struct {
	Child  string
	Class  string
	School string
	PAN    canteen.PAN
}

// Slips are the slips of a class, or of one child, of a school year.
type Slips struct {
	Town   string
	Year   string
	Issued time.Time
	Slips  []Slip
}

// The measures of a slip on a sheet of eight, in millimetres.
const (
	slipColumns = 2
	slipRows    = 4
	slipGutter  = 5.0
	slipQR      = 38.0
)

// SlipsPDF writes slips on upright A4, eight to a sheet with lines to cut along,
// as a tagged PDF; a single one stands alone at the top of its page. Neither its
// title nor its foot carries a name.
func SlipsPDF(w io.Writer, t Translate, fonts Fonts, s *Slips) error {
	title := t("document.slip.title") + ", " + s.Year
	p, err := newPaper(t, fonts, title, false, s.Issued)
	if err != nil {
		return err
	}
	d := slipDrawing{p, t, s}
	width := p.inner() / slipColumns
	height := (p.bottom() - margin) / slipRows
	for i := range s.Slips {
		place := i % (slipColumns * slipRows)
		if place == 0 && i > 0 {
			p.addPage()
		}
		x, y := margin+float64(place%slipColumns)*width, margin+float64(place/slipColumns)*height
		if err := d.slip(&s.Slips[i], x, y, width, height); err != nil {
			return err
		}
	}
	return p.write(w, t, s.Town+" · "+title)
}

type slipDrawing struct {
	*paper
	t Translate
	s *Slips
}

// slip draws one slip into its box, which is to be cut out.
func (d slipDrawing) slip(one *Slip, x, y, w, h float64) error {
	code, err := NewQR(one.PAN.String())
	if err != nil {
		return err
	}
	d.cutLines(x, y, w, h)
	side := x + slipGutter
	text := w - slipQR - 2*slipGutter - 1
	d.tags.in("Sect", "", func() {
		top := d.slipText(one, side, y+slipGutter, text)
		d.qr(&code, x+w-slipQR-slipGutter+2, y+slipGutter-2, slipQR, d.t("document.slip.qr", one.PAN.String()))
		d.slipNote(side, max(top, y+slipGutter+slipQR), w-2*slipGutter)
	})
	return nil
}

// slipText says whose slip it is and returns where its words end.
func (d slipDrawing) slipText(one *Slip, x, y, w float64) float64 {
	say := func(text string, look style, most int, leading float64) {
		if text == "" {
			return
		}
		lines := d.fit(text, w, most, look)
		h := leading * float64(len(lines))
		d.tags.in("P", "", func() { d.lines(x, y+h/2, w, leading, lines, look) })
		y += h
	}
	say(d.s.Town, style{size: 8.5, ink: muted}, 1, 4)
	say(d.t("document.slip.service"), style{size: 8.5, ink: muted}, 1, 4.5)
	say(one.Child, style{size: 12, bold: true, ink: ink}, 4, 5)
	say(d.t("document.slip.place", one.Class, one.School), style{size: 9.5, ink: ink}, 2, 4.2)
	y += 1
	say(d.t("document.slip.pan"), style{size: 8.5, ink: muted}, 1, 4)
	say(one.PAN.String(), style{size: 16, bold: true, ink: ink}, 1, 6.5)
	return y
}

func (d slipDrawing) slipNote(x, y, w float64) {
	look := style{size: 8.5, ink: ink}
	lines := d.fit(d.t("document.slip.note"), w, 4, look)
	h := 3.8 * float64(len(lines))
	d.tags.in("P", "", func() { d.lines(x, y+h/2, w, 3.8, lines, look) })
}

// cutLines draws the dashed border to cut along.
func (d slipDrawing) cutLines(x, y, w, h float64) {
	d.tags.decorate(func() {
		d.pdf.SetDrawColor(muted.r, muted.g, muted.b)
		d.pdf.SetLineWidth(0.2)
		d.pdf.SetDashPattern([]float64{2, 2}, 0)
		d.pdf.Rect(x, y, w, h, "D")
		d.pdf.SetDashPattern(nil, 0)
	})
}
