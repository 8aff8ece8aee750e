package documents

import (
	"io"
	"strconv"
	"strings"

	"refettorio/canteen"
)

// SheetPDF writes a production sheet to hang in a kitchen: A4, the numbers
// legible from two metres, each school's heading on the page of its first
// class. When a previous version is given (it may be nil) and the sheet is not
// the first, what changed is marked, old → new. The file is a tagged PDF.
func SheetPDF(w io.Writer, t Translate, fonts Fonts, s, previous *canteen.Sheet) error {
	v := viewSheet(t, s, previous)
	title := t("document.sheet.title") + " – " + s.Name + ", " + t.longDate(s.Date)
	p, err := newPaper(t, fonts, title, len(v.measures) > portraitMeasures, v.stamp())
	if err != nil {
		return err
	}
	d := sheetDrawing{p, v}
	d.header()
	d.tiles()
	for _, g := range d.grids() {
		d.grid(g)
	}
	d.legend()
	d.signature()
	return p.write(w, t, strings.Join([]string{s.Name, t.longDate(s.Date), v.edition()}, " · "))
}

// portraitMeasures is the most columns of numbers that leave room on an upright
// page: the six of every sheet and four diets.
const portraitMeasures = 10

type sheetDrawing struct {
	*paper
	v *sheetView
}

// header says which kitchen, which day, which version.
func (d sheetDrawing) header() {
	t, left := d.v.t, d.inner()-stampWidth-6
	d.tags.in("P", "", func() {
		d.say(margin, d.y+2, left, t("document.sheet.title"), style{size: 12, ink: muted})
	})
	name := style{size: 24, bold: true, ink: ink}
	names := d.fit(d.v.Name, left, 2, name)
	const leading = 10
	d.tags.in("H1", "", func() {
		d.lines(margin, d.y+11.5+leading*float64(len(names)-1)/2, left, leading, names, name)
	})
	below := d.y + 20.5 + leading*float64(len(names)-1)
	d.tags.in("P", "", func() {
		d.say(margin, below, left, t.longDate(d.v.Date), style{size: 17, ink: ink})
	})
	d.stamp()
	d.y = below + 8
}

const stampWidth = 62.0

// stamp is the box that tells one version from another at a glance.
func (d sheetDrawing) stamp() {
	x, paperColor, inkColor := d.width-margin-stampWidth, band, ink
	if d.v.forecast() || d.v.marked {
		paperColor, inkColor = changePaper, changeInk
	}
	d.box(x, d.y-1, stampWidth, 24, 2, paperColor, inkColor)
	d.tags.in("P", "", func() {
		d.say(x, d.y+5.5, stampWidth, d.v.edition(), style{size: 20, bold: true, ink: inkColor, align: "C"})
	})
	issued := d.v.issued()
	if d.v.forecast() {
		issued = d.v.t("document.sheet.notIssued")
	}
	small := style{size: 11, ink: ink, align: "C"}
	d.tags.in("P", "", func() { d.say(x, d.y+13, stampWidth, issued, small) })
	d.tags.in("P", "", func() {
		d.say(x, d.y+18.5, stampWidth, d.v.cutoffLabel()+": "+clock(d.v.Cutoff), small)
	})
}

// tile is one of the great numbers above the table.
type tile struct {
	number, before   int
	title            string
	fill, edge, word color
}

// tiles shows the five numbers everybody asks for.
func (d sheetDrawing) tiles() {
	t, c, b := d.v.t, &d.v.Totals, &d.v.before
	tiles := []tile{
		{c.Total, b.Total, t("document.sheet.tileTotal"), band, ink, ink},
		{c.Standard, b.Standard, t("document.sheet.tileStandard"), paperWhite, rule, ink},
		{c.White, b.White, t("document.sheet.tileWhite"), whitePaper, whiteInk, whiteInk},
		{dietMeals(c), dietMeals(b), t("document.sheet.tileDiets"), dietPaper, dietInk, dietInk},
		{c.Staff, b.Staff, t("document.sheet.tileStaff"), paperWhite, rule, ink},
	}
	const gap, height = 4.0, 22.0
	w := (d.inner() - gap*float64(len(tiles)-1)) / float64(len(tiles))
	for i, tile := range tiles {
		d.tile(tile, margin+float64(i)*(w+gap), w, height)
	}
	d.y += height + 6
}

func (d sheetDrawing) tile(tile tile, x, w, h float64) {
	d.box(x, d.y, w, h, 2, tile.fill, tile.edge)
	great, small := style{size: 34, bold: true, ink: tile.word}, style{size: 11, ink: tile.word}
	number := strconv.Itoa(tile.number)
	d.tags.in("P", "", func() {
		d.say(x+4, d.y+8.5, w, number, great)
		if d.v.marked && tile.before != tile.number {
			d.pill(x+6+d.measure(number, great), d.y+8.5, tile.before, tile.number, 11)
		}
		d.say(x+4, d.y+17.5, w, d.fit(tile.title, w-6, 1, small)[0], small)
	})
}

// pill says "21 → 20" in a dark box and returns its width. The font has no
// arrow: it is drawn, and read aloud as one.
func (d sheetDrawing) pill(x, middle float64, was, is int, size float64) float64 {
	s := style{size: size, bold: true, ink: paperWhite}
	const pad, shaft = 1.8, 3.4
	before, after := strconv.Itoa(was), strconv.Itoa(is)
	first := d.measure(before, s)
	w := 2*pad + first + 1.2 + shaft + 1.2 + d.measure(after, s)
	h := size * pointHeight * 1.35
	d.box(x, middle-h/2, w, h, h/2, changeInk, changeInk)
	d.tags.mark(arrow(was, is)+" ", func() {
		d.draw(x+pad, middle, w, before, s)
		left := x + pad + first + 1.2
		d.pdf.SetDrawColor(s.ink.r, s.ink.g, s.ink.b)
		d.pdf.SetLineWidth(0.35)
		d.pdf.Line(left, middle, left+shaft, middle)
		d.pdf.Line(left+shaft-1, middle-0.9, left+shaft, middle)
		d.pdf.Line(left+shaft-1, middle+0.9, left+shaft, middle)
		d.draw(left+shaft+1.2, middle, w, after, s)
	})
	return w
}

// legend tells, for each diet, what to leave out.
func (d sheetDrawing) legend() {
	if len(d.v.Legend) == 0 {
		return
	}
	heading := row{height: 11, keep: true, draw: func() {
		d.tags.in("H2", "", func() {
			d.say(margin, d.y+5.5, d.inner(), d.v.t("document.sheet.legend"), style{size: 15, bold: true, ink: ink})
		})
	}}
	rows := []row{heading}
	for _, diet := range d.v.Legend {
		rows = append(rows, d.legendRow(diet))
	}
	d.y += 4
	d.flow(rows)
}

func (d sheetDrawing) legendRow(diet canteen.Diet) row {
	code := style{size: 14, bold: true, ink: dietInk, align: "C"}
	w := max(20, d.measure(diet.Code, code)+5)
	body := style{size: 13, ink: ink}
	words := diet.Name
	if diet.Excludes != "" {
		words = strings.TrimPrefix(words+" – ", " – ") + d.v.t("document.sheet.without", diet.Excludes)
	}
	if list := numbers(diet.Allergens); list != "" {
		words = strings.TrimSpace(words + " (" + d.v.t("document.sheet.allergens", list) + ")")
	}
	const leading = 5.6
	lines := d.wrap(words, d.inner()-w-5, body)
	h := max(8, leading*float64(len(lines))+2.4)
	return row{height: h + 1.6, draw: func() {
		d.box(margin, d.y, w, h, 1.5, dietPaper, dietPaper)
		d.tags.in("P", "", func() {
			d.say(margin, d.y+h/2, w, diet.Code, code)
			d.lines(margin+w+4, d.y+h/2, d.inner()-w-5, leading, lines, body)
		})
	}}
}

// signature is the line the kitchen signs on receiving the sheet.
func (d sheetDrawing) signature() {
	small := style{size: 12, ink: ink}
	d.flow([]row{{height: 20, draw: func() {
		middle, x := d.y+14, margin
		d.tags.in("P", "", func() {
			for _, field := range []struct {
				label string
				share float64
			}{
				{d.v.t("document.sheet.receivedBy"), 0.42},
				{d.v.t("document.sheet.receivedAt"), 0.18},
				{d.v.t("document.sheet.signature"), 0.40},
			} {
				w := d.inner() * field.share
				d.say(x, middle, w, field.label, small)
				d.line(x+d.measure(field.label, small)+2, middle+2, x+w-4, middle+2, 0.3, muted)
				x += w
			}
		})
	}}})
}

func numbers(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}
