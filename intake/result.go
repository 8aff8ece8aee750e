package intake

import (
	"io"
	"strings"

	"refettorio/canteen"
)

// Result is what a file says: the rows that could be read, in the order of the
// file, and what there is to say about the others. Every refused line has one
// refusal, the first thing found wrong with it; a warning is about a line that
// was taken all the same, or about a column that was not read.
type Result[T any] struct {
	Rows     []T
	Refused  []canteen.RowResult
	Warnings []canteen.RowResult
}

// read reads a file of one kind. name says how a row is called in a message;
// convert makes a typed row of it, leaving its refusals in the row.
func read[T any](file io.Reader, known []*column, name func(*row) string, convert func(*row) T) (Result[T], error) {
	t, err := newTable(file)
	if err != nil {
		return Result[T]{}, err
	}
	l, warnings, err := match(t, known)
	if err != nil {
		return Result[T]{}, err
	}
	res := Result[T]{Warnings: warnings}
	for {
		rec, err := t.next()
		if err == io.EOF {
			return res, nil
		}
		if err != nil {
			return Result[T]{}, err
		}
		r := &row{record: rec, layout: &l}
		var v T
		if r.problem == nil {
			v = convert(r)
		}
		res.add(r, abbreviate(strings.Map(visible, name(r))), v)
	}
}

// add files a row under what became of it.
func (res *Result[T]) add(r *row, key string, v T) {
	if r.problem != nil {
		res.Refused = append(res.Refused, canteen.RowResult{
			Line: r.line, Key: key, Outcome: canteen.RowRefused, Reason: r.problem,
		})
		return
	}
	for _, w := range r.warnings {
		res.Warnings = append(res.Warnings, canteen.RowResult{Line: r.line, Key: key, Reason: w})
	}
	if !r.again {
		res.Rows = append(res.Rows, v)
	}
}

// named calls a row by the columns that say something, one after the other.
func named(by ...*column) func(*row) string {
	return func(r *row) string {
		words := make([]string, 0, len(by))
		for _, c := range by {
			if cell := r.cell(c); cell != "" {
				words = append(words, cell)
			}
		}
		return strings.Join(words, " ")
	}
}

// seen remembers on which line a key stood first.
type seen[K comparable] map[K]int

// once refuses a key that an earlier line of the file already has. A row already
// found wrong takes no key, so that its correction may follow in the same file.
func once[K comparable](s seen[K], r *row, c *column, key K) {
	if r.problem != nil {
		return
	}
	if first, had := s[key]; had {
		r.invalid(c, "error.import.duplicate", first)
		return
	}
	s[key] = r.line
}
