package documents

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"

	"refettorio/canteen"
)

// CSV writes a table as Italian Excel opens it with a double click: UTF-8 with
// a byte order mark, semicolons, CRLF, decimal commas. The first failure of the
// writer behind it is kept and returned by Flush.
type CSV struct {
	w *bufio.Writer
}

// NewCSV starts a file on w.
func NewCSV(w io.Writer) *CSV {
	c := &CSV{w: bufio.NewWriter(w)}
	c.put("\ufeff")
	return c
}

// Cell is one typed cell. Its type decides who wrote it: text comes from people
// and is disarmed, everything else is formatted here.
type Cell struct{ field string }

// Text makes a cell of a person's words. A text a spreadsheet would take for a
// formula gets an apostrophe in front: names are typed by the public and opened
// on the office's machines.
func Text(s string) Cell {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
	if s != "" && strings.IndexByte("=+-@\t\r\n", s[0]) >= 0 {
		s = "'" + s
	}
	return Cell{quote(s)}
}

// Int makes a cell of a whole number.
func Int(n int) Cell { return Cell{strconv.Itoa(n)} }

// Money makes a cell of an amount in euros: "-1234,50", without dots for the
// thousands and without a currency, so that every program reads a number.
func Money(c canteen.Cents) Cell { return Cell{strings.ReplaceAll(c.String(), ".", "")} }

// Day makes a cell of a civil day, "14/10/2026"; no date is an empty cell.
func Day(d canteen.Date) Cell { return Cell{shortDate(d)} }

// Moment makes a cell of an instant in Rome, "14/10/2026 09:30:00"; the zero
// instant is an empty cell.
func Moment(t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Cell{t.In(canteen.Rome()).Format("02/01/2006 15:04:05")}
}

// Row writes one line. Without cells it is an empty line.
func (c *CSV) Row(cells ...Cell) {
	for i, cell := range cells {
		if i > 0 {
			c.put(";")
		}
		c.put(cell.field)
	}
	c.put("\r\n")
}

// Flush hands everything to the writer behind and returns the first failure.
func (c *CSV) Flush() error { return c.w.Flush() }

// put leaves its error to Flush: a bufio.Writer repeats its first failure.
func (c *CSV) put(s string) { _, _ = c.w.WriteString(s) }

// quote wraps a field that could be read as more than one, or lose its ends.
func quote(s string) string {
	if !strings.ContainsAny(s, ";,\"\r\n\t") && strings.TrimSpace(s) == s {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
