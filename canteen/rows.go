package canteen

import "time"

// The rows below are what one line of a town's file says, already read and
// normalised but not yet held against the record. Line is the line of the file
// (1 is the header), so that a refusal can point at it.

// SchoolRow is a line of plessi.csv.
type SchoolRow struct {
	Line      int
	Code      string // codice meccanografico
	Name      string
	Stage     Stage
	Institute string
	Kitchen   string    // the kitchen's name; a new name makes a new kitchen
	Cutoff    ClockTime // 0: the kitchen's
}

// ClassRow is a line of classi.csv.
type ClassRow struct {
	Line     int
	School   string // codice meccanografico
	Year     string // "2026/27"; empty: the current school year
	Grade    string
	Section  string
	Weekdays Weekdays
	Staff    int
}

// GuardianRow is a line of genitori.csv.
type GuardianRow struct {
	Line     int
	Guardian Guardian // without ID
}

// PupilRow is a line of alunni.csv: the child and its enrolment, which counts
// as validated.
type PupilRow struct {
	Line      int
	Pupil     Pupil // without Handle, Guardians and Class; PAN 0 asks for a new one
	School    string
	Year      string // empty: the current school year
	Grade     string
	Section   string
	Guardians []CodiceFiscale
	Band      string
	Diet      Diet // Code and Name; empty Code: none
	From      Date // 0: from the start of the school year
	Outside   bool
}

// BalanceRow is a line of saldi.csv.
type BalanceRow struct {
	Line    int
	PAN     PAN
	Balance Cents
}

// MenuRow is a dish of a rotating menu: it is served on a weekday of a week of
// the rotation that starts at From and runs until To.
type MenuRow struct {
	Line     int
	Season   string // the menu's name
	From, To Date
	Week     int // 1…9
	Weekday  time.Weekday
	Stage    Stage // empty: every stage
	Dish     Dish
}

// CalendarRow is a line of calendario.csv: a closure or an opening of a layer,
// or the limits of a school year.
type CalendarRow struct {
	Line int
	Rule DayRule     // when Year is nil
	Year *SchoolYear // the limits of a school year
}

// RowOutcome is what an import does with a row.
type RowOutcome string

// The outcomes of an import.
const (
	RowCreated   RowOutcome = "created"
	RowUpdated   RowOutcome = "updated"
	RowUnchanged RowOutcome = "unchanged"
	RowRefused   RowOutcome = "refused"
)

// RowResult is what became of a row. Key names the thing (a PAN, a code), and
// a refused or doubtful row says which field and why. A row with a reason that
// is not refused was taken with a warning.
type RowResult struct {
	Line    int
	Key     string
	Outcome RowOutcome
	Reason  *Error
}

// ImportReport is the result of an import, row by row, in order of line.
type ImportReport struct {
	Rows    []RowResult
	Written bool // false for a rehearsal, and when refused rows stopped the file
}

// Count returns how many rows had an outcome.
func (r *ImportReport) Count(o RowOutcome) int {
	n := 0
	for i := range r.Rows {
		if r.Rows[i].Outcome == o {
			n++
		}
	}
	return n
}
