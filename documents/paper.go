package documents

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// The measures of a page, in millimetres.
const (
	margin     = 12.0
	footHeight = 8.0
)

// capHeight is the height of Titillium Web's capitals, in parts of the size.
const capHeight = 0.69

// pointHeight is the height of a point in millimetres.
const pointHeight = 25.4 / 72

type color struct{ r, g, b int }

// The palette of the pages, for paper.
var (
	ink         = color{0x17, 0x32, 0x4d}
	muted       = color{0x45, 0x5a, 0x70}
	rule        = color{0xd0, 0xd8, 0xe0}
	band        = color{0xe9, 0xef, 0xf5}
	paperWhite  = color{0xff, 0xff, 0xff}
	whiteInk    = color{0x8f, 0x47, 0x00}
	whitePaper  = color{0xff, 0xf1, 0xe0}
	dietInk     = color{0x5a, 0x2d, 0x91}
	dietPaper   = color{0xf2, 0xeb, 0xfa}
	changeInk   = color{0x8f, 0x6b, 0x00}
	changePaper = color{0xff, 0xf7, 0xd6}
)

// style is how a line of text looks. Align is "L", "C" or "R".
type style struct {
	size  float64 // points
	bold  bool
	ink   color
	align string
}

// paper is a PDF being drawn from top to bottom. y is where the next thing goes.
type paper struct {
	pdf           *fpdf.Fpdf
	tags          *tagger
	glyphs        glyphs
	width, height float64
	y             float64
}

// newPaper starts a document on A4 with its first page. At is written as its
// creation date; without it the library would read the clock, and we panic.
func newPaper(t Translate, fonts Fonts, title string, landscape bool, at time.Time) (*paper, error) {
	if at.IsZero() {
		panic("documents: a PDF without the instant of its making")
	}
	set, err := readGlyphs(fonts.Regular)
	if err == nil {
		_, err = readGlyphs(fonts.Bold)
	}
	if err != nil {
		return nil, err
	}
	orientation := "P"
	if landscape {
		orientation = "L"
	}
	pdf := fpdf.New(orientation, "mm", "A4", "")
	pdf.SetCatalogSort(true) // the library walks its maps in random order otherwise
	pdf.SetCreationDate(at.UTC())
	pdf.SetModificationDate(at.UTC())
	pdf.SetProducer("Refettorio", true)
	pdf.SetTitle(set.clean(title), true)
	pdf.SetLang(t("document.lang"))
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes(fontName, "", fonts.Regular)
	pdf.AddUTF8FontFromBytes(fontName, "B", fonts.Bold)
	p := &paper{pdf: pdf, tags: newTagger(pdf), glyphs: set}
	p.width, p.height = pdf.GetPageSize()
	p.addPage()
	return p, pdf.Error()
}

const fontName = "titillium"

func (p *paper) addPage() {
	p.pdf.AddPage()
	p.y = margin
}

// inner is the width between the margins.
func (p *paper) inner() float64 { return p.width - 2*margin }

// bottom is where the foot of the page begins.
func (p *paper) bottom() float64 { return p.height - margin - footHeight }

func (p *paper) font(s style) {
	weight := ""
	if s.bold {
		weight = "B"
	}
	p.pdf.SetFont(fontName, weight, s.size)
}

// measure returns the width of a line.
func (p *paper) measure(text string, s style) float64 {
	p.font(s)
	return p.pdf.GetStringWidth(p.glyphs.clean(text))
}

// widest returns the width of the widest of several lines.
func (p *paper) widest(lines []string, s style) float64 {
	w := 0.0
	for _, line := range lines {
		w = max(w, p.measure(line, s))
	}
	return w
}

// draw puts a line into the box from x, w wide, its capitals centred on middle.
// It says nothing to the tree: see say. The space behind keeps it apart from
// what is drawn next, for those who read or copy the words.
func (p *paper) draw(x, middle, w float64, text string, s style) {
	text = p.glyphs.clean(text)
	p.font(s)
	switch s.align {
	case "C":
		x += (w - p.pdf.GetStringWidth(text)) / 2
	case "R":
		x += w - p.pdf.GetStringWidth(text)
	}
	p.pdf.SetTextColor(s.ink.r, s.ink.g, s.ink.b)
	p.pdf.Text(x, middle+s.size*pointHeight*capHeight/2, text+" ")
}

// say draws a line as words of the open element.
func (p *paper) say(x, middle, w float64, text string, s style) {
	if text != "" {
		p.tags.mark("", func() { p.draw(x, middle, w, text, s) })
	}
}

// lines says several lines, leading apart, the block centred on middle.
func (p *paper) lines(x, middle, w, leading float64, lines []string, s style) {
	top := middle - leading*float64(len(lines)-1)/2
	for i, line := range lines {
		p.say(x, top+float64(i)*leading, w, line, s)
	}
}

// wrap breaks a text into lines not wider than w, at spaces, or inside a word
// that is wider by itself.
func (p *paper) wrap(text string, w float64, s style) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if joined := strings.TrimSpace(line + " " + word); p.measure(joined, s) <= w {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for word != "" && p.measure(word, s) > w {
			n := p.prefix(word, w, s)
			lines, word = append(lines, word[:n]), word[n:]
		}
		line = word
	}
	return append(lines, line)
}

// prefix is how many bytes of a word fit into w, at least one rune.
func (p *paper) prefix(word string, w float64, s style) int {
	fits := 0
	for i, r := range word {
		end := i + len(string(r))
		if fits > 0 && p.measure(word[:end], s) > w {
			break
		}
		fits = end
	}
	return fits
}

// fit shortens a text to the lines that fit, the last ending with an ellipsis.
func (p *paper) fit(text string, w float64, most int, s style) []string {
	lines := p.wrap(text, w, s)
	if len(lines) <= most {
		return lines
	}
	lines = lines[:most]
	last := lines[most-1]
	for last != "" && p.measure(last+"…", s) > w {
		last = strings.TrimSpace(last[:len(last)-len(lastRune(last))])
	}
	lines[most-1] = last + "…"
	return lines
}

func lastRune(s string) string {
	runes := []rune(s)
	return string(runes[len(runes)-1:])
}

// fill paints a box.
func (p *paper) fill(x, y, w, h float64, c color) {
	p.tags.decorate(func() {
		p.pdf.SetFillColor(c.r, c.g, c.b)
		p.pdf.Rect(x, y, w, h, "F")
	})
}

// box paints a box with round corners.
func (p *paper) box(x, y, w, h, radius float64, fill, edge color) {
	p.tags.decorate(func() {
		p.pdf.SetFillColor(fill.r, fill.g, fill.b)
		p.pdf.SetDrawColor(edge.r, edge.g, edge.b)
		p.pdf.SetLineWidth(0.25)
		p.pdf.RoundedRect(x, y, w, h, radius, "1234", "FD")
	})
}

// line draws a rule.
func (p *paper) line(x1, y1, x2, y2, width float64, c color) {
	p.tags.decorate(func() {
		p.pdf.SetDrawColor(c.r, c.g, c.b)
		p.pdf.SetLineWidth(width)
		p.pdf.Line(x1, y1, x2, y2)
	})
}

// room begins a new page where h millimetres no longer fit.
func (p *paper) room(h float64) {
	if p.y+h > p.bottom() {
		p.addPage()
	}
}

// paragraph says a text as one element between the margins, on a new page when it
// would not fit on this one and would on that.
func (p *paper) paragraph(tag, text string, look style, leading float64) {
	lines := p.wrap(text, p.inner(), look)
	if h := leading * float64(len(lines)); h < p.bottom()-margin {
		p.room(h)
	}
	p.tags.in(tag, "", func() {
		for _, line := range lines {
			p.room(leading)
			p.say(margin, p.y+leading/2, p.inner(), line, look)
			p.y += leading
		}
	})
}

// write numbers the pages, "pagina 2 di 3", puts the foot on each and hands the
// finished file to w.
func (p *paper) write(w io.Writer, t Translate, foot string) error {
	small := style{size: 10, ink: muted}
	pages := p.pdf.PageCount()
	for n := 1; n <= pages; n++ {
		p.pdf.SetPage(n)
		y := p.height - margin - footHeight/2 + 2
		number := small
		number.align = "R"
		p.tags.decorate(func() {
			counted := t("document.page", n, pages)
			room := p.inner() - p.measure(counted, small) - 5
			p.draw(margin, y, room, p.fit(foot, room, 1, small)[0], small)
			p.draw(margin, y, p.inner(), counted, number)
		})
	}
	var file bytes.Buffer
	if err := p.pdf.Output(&file); err != nil {
		return fmt.Errorf("documents: drawing the PDF: %w", err)
	}
	return p.tags.write(w, file.Bytes())
}

// row is one line of a table. Keep holds it on the page of the row after it;
// again, if any, is drawn above it when it is the first of a new page.
type row struct {
	height float64
	keep   bool
	again  *row
	draw   func()
}

// table draws rows under a head that every page repeats. Rows are never cut.
func (p *paper) table(head row, rows []row) {
	p.tags.in("Table", "", func() {
		if len(rows) > 0 && p.y+head.height+group(rows) > p.bottom() {
			p.addPage()
		}
		p.tags.in("THead", "", func() { p.place(head) })
		p.tags.in("TBody", "", func() {
			for i, r := range rows {
				if p.y+group(rows[i:]) > p.bottom() {
					p.addPage()
					p.tags.decorate(func() {
						p.place(head)
						if r.again != nil {
							p.place(*r.again)
						}
					})
				}
				p.place(r)
			}
		})
	})
}

// group is the height of the first row and of those it is kept with.
func group(rows []row) float64 {
	h := 0.0
	for _, r := range rows {
		h += r.height
		if !r.keep {
			break
		}
	}
	return h
}

func (p *paper) place(r row) {
	r.draw()
	p.y += r.height
}

// flow places rows that are not a table.
func (p *paper) flow(rows []row) {
	for i, r := range rows {
		if p.y+group(rows[i:]) > p.bottom() {
			p.addPage()
		}
		p.place(r)
	}
}
