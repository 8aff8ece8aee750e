package intake

import (
	"bufio"
	"io"

	"refettorio/canteen"
)

// guard stands between the decoded text and the CSV reader, which by itself
// would gather an unclosed quote or an endless line into memory until the end of
// the file. It hands on text with every line end made "\n", and stops at the
// first thing that makes the file unreadable, for good.
type guard struct {
	in    *bufio.Reader
	comma byte

	line   int // the line being read
	length int // bytes of the row so far
	place  place
	opened int  // the line on which the open quote stands
	cr     bool // the last byte was "\r": a "\n" would be its other half
	err    error
}

// place is where in a row the guard stands.
type place uint8

const (
	atField  place = iota // where a quote would open a field
	inField               // inside a field without quotes, or after one with
	inQuotes              // inside a quoted field
	atQuote               // after a quote that closes the field, unless doubled
)

func newGuard(in *bufio.Reader, comma byte) *guard {
	return &guard{in: in, comma: comma, line: 1}
}

// Read fills p with checked text.
func (g *guard) Read(p []byte) (n int, err error) {
	for n < len(p) && g.err == nil {
		b, err := g.in.ReadByte()
		switch {
		case err == io.EOF:
			g.err = g.end()
		case err != nil:
			g.err = err
		case g.cr && b == '\n':
			g.cr = false
		default:
			if g.cr = b == '\r'; g.cr {
				b = '\n'
			}
			if g.err = g.pass(b); g.err == nil {
				p[n] = b
				n++
			}
		}
	}
	if n > 0 {
		return n, nil
	}
	return 0, g.err
}

// end is what the end of the file means here.
func (g *guard) end() error {
	if g.place == inQuotes {
		return canteen.Invalid("", "error.import.quote", g.opened)
	}
	return io.EOF
}

// pass follows one byte, and refuses it when it is a NUL or one too many.
func (g *guard) pass(b byte) error {
	if b == 0 {
		return canteen.Invalid("", "error.import.nul", g.line)
	}
	if g.length++; g.length > maxRowBytes {
		if g.place == inQuotes && g.opened < g.line {
			return canteen.Invalid("", "error.import.quote", g.opened)
		}
		return canteen.Invalid("", "error.import.lineTooLong", g.line, maxRowBytes>>10)
	}
	g.place = g.after(b)
	if b == '\n' {
		g.line++
		if g.place != inQuotes {
			g.length = 0
		}
	}
	return nil
}

// after returns the place that follows a byte.
func (g *guard) after(b byte) place {
	switch {
	case g.place == inQuotes && b != '"':
		return inQuotes
	case g.place == inQuotes:
		return atQuote
	case g.place == atQuote && b == '"':
		return inQuotes
	case b == g.comma || b == '\n':
		return atField
	case g.place == atField && b == '"':
		g.opened = g.line
		return inQuotes
	}
	return inField
}
