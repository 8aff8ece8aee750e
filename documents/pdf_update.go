package documents

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
)

var errForeignPDF = errors.New("documents: the PDF does not have the shape its library gives it")

// update is an incremental update being written behind a file.
type update struct {
	file          []byte
	startxref     int
	table         []byte // the lines of the cross-reference table
	catalog, info int
	next          int // the first free object number
	pages         []int
	offsets       map[int]int
}

// readUpdate finds the catalogue and the pages of a file of one revision.
func readUpdate(file []byte) (*update, error) {
	u := &update{file: file, offsets: map[int]int{}}
	at := bytes.LastIndex(file, []byte("startxref\n"))
	trailer := bytes.LastIndex(file, []byte("trailer\n"))
	if at < 0 || trailer < 0 {
		return nil, errForeignPDF
	}
	if _, err := fmt.Sscanf(string(file[at:]), "startxref\n%d", &u.startxref); err != nil || u.startxref >= trailer {
		return nil, errForeignPDF
	}
	if _, err := fmt.Sscanf(string(file[trailer:]), "trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R",
		&u.next, &u.catalog, &u.info); err != nil {
		return nil, errForeignPDF
	}
	head := fmt.Sprintf("xref\n0 %d\n", u.next)
	u.table = bytes.TrimPrefix(file[u.startxref:trailer], []byte(head))
	root := string(u.object(1))
	_, kids, _ := strings.Cut(root, "/Kids [")
	for {
		var page int
		if n, _ := fmt.Sscanf(kids, "%d 0 R", &page); n == 0 {
			break
		}
		u.pages = append(u.pages, page)
		_, kids, _ = strings.Cut(kids, "R ")
	}
	if len(u.pages) == 0 {
		return nil, errForeignPDF
	}
	return u, nil
}

// xrefLine is the length of a line of a cross-reference table.
const xrefLine = 20

// object returns what stands between "obj" and "endobj" in the first revision.
func (u *update) object(n int) []byte {
	var offset int
	if len(u.table) < (n+1)*xrefLine {
		return nil
	}
	if _, err := fmt.Sscanf(string(u.table[n*xrefLine:]), "%d", &offset); err != nil || offset >= len(u.file) {
		return nil
	}
	body, _, _ := bytes.Cut(u.file[offset:], []byte("endobj"))
	_, body, _ = bytes.Cut(body, []byte("obj\n"))
	return body
}

// put writes an object.
func (u *update) put(n int, body string) {
	u.offsets[n] = len(u.file)
	u.next = max(u.next, n+1)
	u.file = fmt.Appendf(u.file, "%d 0 obj\n%s\nendobj\n", n, body)
}

// amend writes a dictionary of the first revision again, with more entries.
func (u *update) amend(n int, entries string) {
	u.put(n, strings.Replace(string(u.object(n)), "<<", "<<"+entries+" ", 1))
}

// finish writes the cross-references and the trailer. The file's identifier is
// made from its content.
func (u *update) finish() []byte {
	start := len(u.file)
	id := sha256.Sum256(u.file)
	u.file = append(u.file, "xref\n"...)
	for n := range u.next {
		if offset, ok := u.offsets[n]; ok {
			u.file = fmt.Appendf(u.file, "%d 1\n%010d 00000 n \n", n, offset)
		}
	}
	return fmt.Appendf(u.file, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /Prev %d /ID [<%x> <%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		u.next, u.catalog, u.info, u.startxref, id[:16], id[:16], start)
}
