package documents

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
)

// The PDF library draws pages; this file adds what a screen reader needs: a
// tree of headings, paragraphs and tables whose leaves point at the drawing
// (tagged PDF, ISO 32000-1 §14.7–14.8). Marks are written while drawing; the
// tree is appended afterwards as an incremental update (§7.5.6).

// element is a node of the structure tree.
type element struct {
	tag        string
	attributes string // of the dictionary, raw
	parent     *element
	kids       []kid
	object     int
}

// kid is a child element, or a piece of marked drawing.
type kid struct {
	element  *element
	page, id int
}

// tagger writes the marks and grows the tree.
type tagger struct {
	pdf      *fpdf.Fpdf
	root     *element
	open     *element
	owners   map[int][]*element // of each mark, by page
	artifact int                // how deep in decoration we are: nothing is tagged there
}

func newTagger(pdf *fpdf.Fpdf) *tagger {
	root := &element{tag: "Document"}
	return &tagger{pdf: pdf, root: root, open: root, owners: map[int][]*element{}}
}

// in draws the content of a new element. Attributes may be empty.
func (t *tagger) in(tag, attributes string, draw func()) {
	if t.artifact > 0 {
		draw()
		return
	}
	e := &element{tag: tag, attributes: attributes, parent: t.open}
	t.open.kids = append(t.open.kids, kid{element: e})
	t.open = e
	draw()
	t.open = e.parent
}

// mark draws words of the open element. When actual is not empty it is what
// should be read in place of the letters drawn.
func (t *tagger) mark(actual string, draw func()) {
	if t.artifact > 0 {
		draw()
		return
	}
	page := t.pdf.PageNo()
	id := len(t.owners[page])
	t.owners[page] = append(t.owners[page], t.open)
	t.open.kids = append(t.open.kids, kid{page: page, id: id})
	if actual != "" {
		actual = " /ActualText " + pdfText(actual)
	}
	t.pdf.RawWriteStr(fmt.Sprintf("/Span <</MCID %d%s>> BDC", id, actual))
	draw()
	t.pdf.RawWriteStr("EMC")
}

// decorate draws what carries no meaning of its own, or repeats what was said.
func (t *tagger) decorate(draw func()) {
	if t.artifact == 0 {
		t.pdf.RawWriteStr("/Artifact BMC")
		defer t.pdf.RawWriteStr("EMC")
	}
	t.artifact++
	draw()
	t.artifact--
}

// scope makes the attributes of a header cell over so many columns.
func scope(of string, columns int) string {
	return fmt.Sprintf("/A <</O /Table /Scope /%s /ColSpan %d>>", of, columns)
}

// pdfText writes a text string: UTF-16BE in hexadecimal.
func pdfText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	b.WriteString(">")
	return b.String()
}

// write finishes a PDF drawn under this tagger: the file as it is, and behind
// it the tree, the pages and the catalogue again, pointing at it.
func (t *tagger) write(w io.Writer, file []byte) error {
	u, err := readUpdate(file)
	if err != nil {
		return err
	}
	tree := u.next
	t.number(t.root, tree+2)
	u.put(tree, fmt.Sprintf("<</Type /StructTreeRoot /K %d 0 R /ParentTree %d 0 R /ParentTreeNextKey %d>>",
		t.root.object, tree+1, len(u.pages)))
	u.put(tree+1, t.parents(len(u.pages)))
	t.putElement(u, t.root, tree)
	for i, page := range u.pages {
		u.amend(page, fmt.Sprintf("/StructParents %d /Tabs /S", i))
	}
	u.amend(u.catalog, fmt.Sprintf(
		"/Version /1.7 /StructTreeRoot %d 0 R /MarkInfo <</Marked true>> /ViewerPreferences <</DisplayDocTitle true>>", tree))
	_, err = w.Write(u.finish())
	return err
}

// number gives every element its object, parents first.
func (t *tagger) number(e *element, next int) int {
	e.object = next
	next++
	for _, k := range e.kids {
		if k.element != nil {
			next = t.number(k.element, next)
		}
	}
	return next
}

// parents is the tree from the marks of each page back to their elements.
func (t *tagger) parents(pages int) string {
	var b strings.Builder
	b.WriteString("<</Nums [")
	for i := range pages {
		fmt.Fprintf(&b, "%d [", i)
		for _, e := range t.owners[i+1] {
			fmt.Fprintf(&b, "%d 0 R ", e.object)
		}
		b.WriteString("] ")
	}
	b.WriteString("]>>")
	return b.String()
}

func (t *tagger) putElement(u *update, e *element, parent int) {
	var kids strings.Builder
	for _, k := range e.kids {
		if k.element != nil {
			fmt.Fprintf(&kids, "%d 0 R ", k.element.object)
		} else {
			fmt.Fprintf(&kids, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", u.pages[k.page-1], k.id)
		}
	}
	u.put(e.object, fmt.Sprintf("<</Type /StructElem /S /%s /P %d 0 R %s /K [%s]>>", e.tag, parent, e.attributes, kids.String()))
	for _, k := range e.kids {
		if k.element != nil {
			t.putElement(u, k.element, e.object)
		}
	}
}
