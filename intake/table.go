package intake

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"refettorio/canteen"
)

// The bounds of a file. A town of 10,000 pupils fills 2 MB; these are far above
// any town and far below what would hurt the machine.
const (
	maxFileBytes = 64 << 20
	maxRowBytes  = 64 << 10 // of one row, quoted line ends included, in UTF-8
	maxColumns   = 200
	maxRows      = 500_000
)

// table is a CSV file as Excel writes it in Italy, read row by row.
type table struct {
	csv        *csv.Reader
	header     []string
	headerLine int
	rows       int
	cells      []string
}

// record is one row of a table. Cells has as many as the header and is valid
// until the next row is read; problem is set when the row cannot be told into
// cells.
type record struct {
	line    int
	cells   []string
	problem *canteen.Error
}

// newTable reads a file up to its header. Refusals are *canteen.Error of kind
// Invalid; any other error is of the reader.
func newTable(r io.Reader) (*table, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	if len(raw) > maxFileBytes {
		return nil, canteen.Invalid("", "error.import.tooLarge", maxFileBytes>>20)
	}
	text, err := decode(raw)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(text, maxRowBytes)
	head, _ := in.Peek(maxRowBytes) // an error comes again when the rows are read
	comma, declared, err := separator(head)
	if err != nil {
		return nil, err
	}
	t := &table{csv: csv.NewReader(newGuard(in, comma))}
	t.csv.Comma = rune(comma)
	t.csv.FieldsPerRecord = -1
	t.csv.ReuseRecord = true
	if declared {
		if _, _, err := t.readHead(); err != nil {
			return nil, err
		}
	}
	if err := t.readHeader(); err != nil {
		return nil, err
	}
	return t, nil
}

// readHead reads a line that the file cannot do without.
func (t *table) readHead() (cells []string, line int, err error) {
	cells, line, err = t.read()
	if _, bad := errors.AsType[*csv.ParseError](err); bad {
		return nil, line, canteen.Invalid("", "error.import.headerQuotes", line)
	}
	if err == io.EOF {
		return nil, line, canteen.Invalid("", "error.import.empty")
	}
	return cells, line, err
}

func (t *table) readHeader() error {
	cells, line, err := t.readHead()
	if err != nil {
		return err
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) > maxColumns {
		return canteen.Invalid("", "error.import.columns", len(cells), maxColumns)
	}
	t.header = append(t.header, cells...)
	t.headerLine = line
	return nil
}

// next returns the next row; the error is io.EOF after the last, or the refusal
// of the whole file.
func (t *table) next() (record, error) {
	cells, line, err := t.read()
	_, bad := errors.AsType[*csv.ParseError](err)
	if err != nil && !bad {
		return record{}, err
	}
	if t.rows++; t.rows > maxRows {
		return record{}, canteen.Invalid("", "error.import.rows", maxRows)
	}
	t.cells = append(t.cells[:0], make([]string, len(t.header))...)
	rec := record{line: line, cells: t.cells}
	copy(t.cells, cells)
	switch {
	case bad:
		rec.problem = canteen.Invalid("", "error.import.rowQuotes")
	case !blank(cells[min(len(cells), len(t.header)):]):
		rec.problem = canteen.Invalid("", "error.import.fields", len(cells), len(t.header))
	}
	return rec, nil
}

// read returns the cleaned cells of the next row that is not blank, and the line
// it starts on. With a *csv.ParseError there are no cells but there is a line,
// and reading can go on.
func (t *table) read() (cells []string, line int, err error) {
	for {
		cells, err = t.csv.Read()
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, bad.StartLine, err
		}
		if err != nil {
			return nil, 0, err
		}
		line, _ = t.csv.FieldPos(0)
		for i := range cells {
			cells[i] = clean(unescape(cells[i]))
		}
		if !blank(cells) {
			return cells, line, nil
		}
	}
}

func blank(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return false
		}
	}
	return true
}

// separators in order of preference when they occur equally often.
const separators = ";\t,"

// separator finds what parts the cells: what a first line "sep=…" declares, else
// the most frequent of semicolon, tab and comma outside quotes in the first line
// that says something. head is the beginning of the file.
func separator(head []byte) (comma byte, declared bool, err error) {
	first := head
	if i := bytes.IndexAny(head, "\r\n"); i >= 0 {
		first = head[:i]
	}
	first = bytes.TrimPrefix(first, []byte(`"`))
	if len(first) < 5 || !bytes.EqualFold(first[:4], []byte("sep=")) {
		return mostFrequent(head), false, nil
	}
	if bytes.IndexByte([]byte(separators), first[4]) < 0 {
		return 0, false, canteen.Invalid("", "error.import.separator", abbreviate(string(first[4:])))
	}
	return first[4], true, nil
}

func mostFrequent(head []byte) byte {
	var counts [256]int
	quoted, said := false, false
	for _, b := range head {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
			said = true
		case b == '\n' || b == '\r':
			if said {
				return commonest(&counts)
			}
			counts = [256]int{}
		case bytes.IndexByte([]byte(separators), b) >= 0:
			counts[b]++
		case b != ' ':
			said = true
		}
	}
	return commonest(&counts)
}

func commonest(counts *[256]int) byte {
	best := separators[0]
	for i := range len(separators) {
		if counts[separators[i]] > counts[best] {
			best = separators[i]
		}
	}
	return best
}
