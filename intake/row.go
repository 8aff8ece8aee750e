package intake

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"refettorio/canteen"
)

// maxTextRunes is the length of the longest text a cell may hold: names of
// schools and dishes are well below it.
const maxTextRunes = 200

// row reads the cells of one record. The first cell that cannot be read makes
// the problem of the row; reading goes on harmlessly with zero values.
type row struct {
	record
	layout   *layout
	warnings []*canteen.Error
	again    bool // says no more than an earlier row: not to be taken twice
}

// field is a column's name as the file writes it.
func (r *row) field(c *column) string {
	if at := r.layout.at[c]; len(at) > 0 {
		return r.layout.header[at[0]]
	}
	return c.name
}

// refuse records why a cell cannot be taken, unless another came first.
func (r *row) refuse(c *column, err error) {
	if r.problem == nil {
		r.problem = r.about(r.field(c), err)
	}
}

// invalid refuses a cell with a sentence of this package.
func (r *row) invalid(c *column, key string, args ...any) {
	r.refuse(c, canteen.Invalid("", key, args...))
}

// warn records a doubt about a cell that is taken all the same.
func (r *row) warn(c *column, err error) {
	r.warnings = append(r.warnings, r.about(r.field(c), err))
}

// doubt warns of the data that do not agree with a codice fiscale, by the names
// that its Mismatch gives them. It never refuses: registers and the Agenzia delle
// Entrate do differ (rules R11.1).
func (r *row) doubt(mismatch []string, columns map[string]*column) {
	for _, about := range mismatch {
		r.warn(columns[about], canteen.Invalid("", "warning.import.codiceFiscale"))
	}
}

// about makes an error of a parser into one about a field of this file, with its
// arguments cut to what a message can hold.
func (r *row) about(field string, err error) *canteen.Error {
	e, ok := errors.AsType[*canteen.Error](err)
	if !ok {
		return &canteen.Error{Kind: canteen.KindInvalid, Key: "error.import.cell", Field: field, Err: err}
	}
	reason := *e
	reason.Field = abbreviate(field)
	reason.Args = make([]any, len(e.Args))
	for i, arg := range e.Args {
		if s, isText := arg.(string); isText {
			arg = abbreviate(s)
		}
		reason.Args[i] = arg
	}
	return &reason
}

// cell returns the cell of a column, empty when the file has no such column. A
// lone dash where nothing needs to be said says nothing.
func (r *row) cell(c *column) string {
	at := r.layout.at[c]
	if len(at) == 0 || c.need != filled && isDash(r.cells[at[0]]) {
		return ""
	}
	return r.cells[at[0]]
}

func isDash(s string) bool { return s == "-" || s == "–" || s == "—" }

// need returns the cell of a column, and refuses an empty one that must say
// something.
func (r *row) need(c *column) string {
	s := r.cell(c)
	if s == "" && c.need == filled {
		r.invalid(c, "error.import.required")
	}
	return s
}

// text reads words. What a spreadsheet would run as a formula, what cannot be
// seen or was already lost in an earlier conversion, and what is too long is
// refused.
func (r *row) text(c *column) string {
	s := r.need(c)
	switch {
	case isFormula(s):
		r.invalid(c, "error.import.formula", s)
	case strings.ContainsFunc(s, unreadable):
		r.invalid(c, "error.import.text", strings.Map(visible, s))
	case utf8.RuneCountInString(s) > maxTextRunes:
		r.invalid(c, "error.import.tooLong", maxTextRunes)
	}
	return s
}

// isFormula tells whether a spreadsheet would run a text that is later exported:
// it begins with "=", "+", "@", a tab, or a "-" that is not a number's.
func isFormula(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case '=', '+', '@', '\t':
		return true
	case '-':
		return len(s) == 1 || s[1] < '0' || s[1] > '9'
	}
	return false
}

func unreadable(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) }

func visible(r rune) rune {
	if unreadable(r) {
		return '?'
	}
	return r
}

// parse reads a cell with a parser of package canteen; an empty cell of a column
// that may be empty is the zero value.
func parse[T any](r *row, c *column, with func(string) (T, error)) (v T) {
	s := r.need(c)
	if s == "" {
		return v
	}
	v, err := with(s)
	if err != nil {
		r.refuse(c, err)
		var zero T
		return zero
	}
	return v
}

// number reads a whole number between two bounds; an empty optional cell is 0.
func (r *row) number(c *column, least, most int) int {
	return parse(r, c, func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < least || n > most {
			return 0, canteen.Invalid("", "error.import.number", s, least, most)
		}
		return n, nil
	})
}

// word reads a cell that takes one of a few words; the zero value for an empty
// optional one. The key is that of the refusal.
func word[T any](r *row, c *column, words map[string]T, key string) T {
	return parse(r, c, func(s string) (T, error) {
		v, ok := words[fold(s)]
		if !ok {
			return v, canteen.Invalid("", key, s)
		}
		return v, nil
	})
}

// yesNo are the words of a yes and a no.
var yesNo = map[string]bool{
	"si": true, "s": true, "x": true, "1": true, "vero": true, "yes": true, "y": true, "true": true,
	"no": false, "n": false, "0": false, "falso": false, "false": false,
}

// year reads the name of a school year in its one form, "2026/27".
func (r *row) year(c *column) string {
	return parse(r, c, func(s string) (string, error) {
		y, err := canteen.ParseYear(s)
		return y.Name, err
	})
}

// isNone tells the ways of writing "nothing" in a cell that lists things.
func isNone(s string) bool {
	switch fold(s) {
	case "nessuno", "nessuna", "nessun", "nessunallergene", "niente", "no", "none":
		return true
	}
	return isDash(s)
}
