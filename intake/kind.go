package intake

import (
	"io"

	"refettorio/canteen"
)

// Kind is what a file speaks of, by the word the command line uses.
type Kind string

// The kinds of file.
const (
	KindSchools   Kind = "schools"
	KindClasses   Kind = "classes"
	KindGuardians Kind = "guardians"
	KindPupils    Kind = "pupils"
	KindBalances  Kind = "balances"
	KindMenu      Kind = "menu"
	KindCalendar  Kind = "calendar"
)

// Kinds lists the kinds in the order in which a town's files must come in: each
// names things that those before it have made.
var Kinds = [...]Kind{KindSchools, KindClasses, KindGuardians, KindPupils, KindBalances, KindMenu, KindCalendar}

// ParseKind reads a kind by its word. The error key is "error.import.kind".
func ParseKind(s string) (Kind, error) {
	for _, k := range Kinds {
		if string(k) == s {
			return k, nil
		}
	}
	return "", canteen.Invalid("kind", "error.import.kind", abbreviate(s))
}

// File is what a file of any kind says: of the seven lists, the one of its kind
// is filled. Refused and Warnings are as in [Result].
type File struct {
	Kind      Kind
	Schools   []canteen.SchoolRow
	Classes   []canteen.ClassRow
	Guardians []canteen.GuardianRow
	Pupils    []canteen.PupilRow
	Balances  []canteen.BalanceRow
	Menu      []canteen.MenuRow
	Calendar  []canteen.CalendarRow
	Refused   []canteen.RowResult
	Warnings  []canteen.RowResult
}

// Read reads a file of a kind; the error is the refusal of the whole file, a
// *canteen.Error of kind Invalid, or a failure of r.
func Read(kind Kind, r io.Reader) (File, error) {
	f := File{Kind: kind}
	var err error
	switch kind {
	case KindSchools:
		f.Schools, err = take(&f, r, Schools)
	case KindClasses:
		f.Classes, err = take(&f, r, Classes)
	case KindGuardians:
		f.Guardians, err = take(&f, r, Guardians)
	case KindPupils:
		f.Pupils, err = take(&f, r, Pupils)
	case KindBalances:
		f.Balances, err = take(&f, r, Balances)
	case KindMenu:
		f.Menu, err = take(&f, r, Menu)
	case KindCalendar:
		f.Calendar, err = take(&f, r, Calendar)
	default:
		_, err = ParseKind(string(kind))
	}
	return f, err
}

// take reads the rows of one kind, and leaves in f what there is to say of them.
func take[T any](f *File, r io.Reader, with func(io.Reader) (Result[T], error)) ([]T, error) {
	res, err := with(r)
	f.Refused, f.Warnings = res.Refused, res.Warnings
	return res.Rows, err
}
