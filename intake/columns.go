package intake

import (
	"strings"

	"refettorio/canteen"
)

// column is one thing a kind of file can say. Its variable is what the rows are
// asked by, so that a misspelt column does not compile.
type column struct {
	name string   // as in the guide and in messages
	also []string // other accepted names; case, accents, blanks and dots do not matter
	need need
	many bool // numbered columns of one meaning: "CF genitore 1", "CF genitore 2"
}

// need is what a file must say of a column.
type need uint8

const (
	optional need = iota // the column may be missing, its cells empty
	present              // the column must be there, its cells may be empty
	filled               // every cell must say something
)

// layout tells where the columns of a kind stand in one file.
type layout struct {
	header []string
	at     map[*column][]int
}

// match finds the columns of a kind in the header of a file. Unknown columns are
// warnings; a missing needed one or the same one twice refuses the file.
func match(t *table, known []*column) (layout, []canteen.RowResult, error) {
	l := layout{header: t.header, at: make(map[*column][]int, len(known))}
	var warnings []canteen.RowResult
	names := acceptedNames(known)
	for i, header := range t.header {
		if header == "" {
			continue
		}
		c := names.find(header)
		if c == nil {
			warnings = append(warnings, canteen.RowResult{
				Line: t.headerLine, Key: abbreviate(header),
				Reason: canteen.Invalid(abbreviate(header), "warning.import.column", abbreviate(header)),
			})
			continue
		}
		if had := l.at[c]; len(had) > 0 && (!c.many || l.repeats(had, header)) {
			first := abbreviate(t.header[had[0]])
			return l, nil, canteen.Invalid(abbreviate(header), "error.import.columnTwice", c.name, first, abbreviate(header))
		}
		l.at[c] = append(l.at[c], i)
	}
	for _, c := range known {
		if c.need != optional && len(l.at[c]) == 0 {
			return l, nil, canteen.Invalid(c.name, "error.import.columnMissing", c.name, strings.Join(c.also, ", "), l.found())
		}
	}
	return l, warnings, nil
}

// repeats tells whether a numbered column stands twice with one number.
func (l *layout) repeats(had []int, header string) bool {
	for _, i := range had {
		if fold(l.header[i]) == fold(header) {
			return true
		}
	}
	return false
}

// found lists the header for a message, not at unlimited length.
func (l *layout) found() string {
	const most = 20
	shown := make([]string, 0, most+1)
	for _, h := range l.header {
		if len(shown) == most {
			shown = append(shown, "…")
			break
		}
		if h != "" {
			shown = append(shown, abbreviate(h))
		}
	}
	return strings.Join(shown, ", ")
}

// nameTable finds columns by their folded names.
type nameTable map[string]*column

func acceptedNames(known []*column) nameTable {
	names := nameTable{}
	for _, c := range known {
		for _, name := range append([]string{c.name}, c.also...) {
			names[c.fold(name)] = c
		}
	}
	return names
}

func (names nameTable) find(header string) *column {
	folded := fold(header)
	if c := names[folded]; c != nil {
		return c
	}
	if c := names[strings.TrimRight(folded, digits)]; c != nil && c.many {
		return c
	}
	return nil
}

// fold folds a name; the number of a numbered column does not count.
func (c *column) fold(name string) string {
	if c.many {
		return strings.TrimRight(fold(name), digits)
	}
	return fold(name)
}
