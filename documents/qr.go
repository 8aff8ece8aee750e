package documents

import (
	"fmt"
	gray "image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// QR is a QR code (ISO/IEC 18004) as its modules, without the quiet zone of
// quietModules a reader needs around it.
type QR struct {
	Size int // modules along a side
	dark []bool
}

// quietModules is the width of the empty border around a QR code, in modules.
const quietModules = 4

// NewQR codes a short text, readable with a quarter of it damaged: paper that
// lives in a school bag.
func NewQR(text string) (QR, error) {
	code, err := qr.Encode(text, qr.Q, qr.Auto)
	if err != nil {
		return QR{}, fmt.Errorf("documents: coding a QR: %w", err)
	}
	bounds := code.Bounds()
	q := QR{Size: bounds.Dx(), dark: make([]bool, 0, bounds.Dx()*bounds.Dy())}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			q.dark = append(q.dark, gray.GrayModel.Convert(code.At(x, y)).(gray.Gray).Y < 128)
		}
	}
	return q, nil
}

// Dark tells whether a module is dark.
func (q *QR) Dark(x, y int) bool { return q.dark[y*q.Size+x] }

// runs visits the dark modules as horizontal bars, row by row.
func (q *QR) runs(visit func(x, y, length int)) {
	for y := range q.Size {
		for x := 0; x < q.Size; x++ {
			start := x
			for x < q.Size && q.Dark(x, y) {
				x++
			}
			if x > start {
				visit(start, y, x-start)
			}
		}
	}
}

// Side is the side of the picture with its quiet zone, in modules.
func (q *QR) Side() int { return q.Size + 2*quietModules }

// Path draws the dark modules as an SVG path in a square of Side units, for a
// page.
func (q *QR) Path() string {
	var b strings.Builder
	q.runs(func(x, y, length int) {
		fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quietModules, y+quietModules, length, length)
	})
	return b.String()
}

// qr draws a code into a square with its quiet zone inside.
func (p *paper) qr(q *QR, x, y, side float64, alt string) {
	module := side / float64(q.Side())
	p.tags.in("Figure", "/Alt "+pdfText(alt), func() {
		p.tags.mark("", func() {
			p.pdf.SetFillColor(0, 0, 0)
			q.runs(func(column, line, length int) {
				p.pdf.Rect(x+float64(column+quietModules)*module, y+float64(line+quietModules)*module,
					float64(length)*module, module, "F")
			})
		})
	})
}
