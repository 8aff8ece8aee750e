package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"refettorio/canteen"
)

// ImportOptions say how the rows of a file go into the record.
//
// Progress, when given, is called now and then by the goroutine that works: it
// must be quick and ask the store for nothing. A rehearsal counts every row
// once; a real run counts the rows it writes a second time.
type ImportOptions struct {
	DryRun   bool                  // decide and report, write nothing
	SkipBad  bool                  // write the good rows although others are refused
	Refused  []canteen.RowResult   // the rows that reading has refused already
	Warnings []canteen.RowResult   // what reading has found doubtful and taken
	Progress func(done, total int) // steps, not rows
}

// Columns are called as the guide to the files calls them, so that a refusal of
// the record and one of the reading name the same thing.
const (
	columnPAN       = "PAN"
	columnCF        = "Codice fiscale"
	columnSurname   = "Cognome"
	columnSchool    = "Plesso"
	columnCode      = "Codice meccanografico"
	columnClass     = "Classe"
	columnYear      = "Anno scolastico"
	columnWeekdays  = "Giorni mensa"
	columnGuardians = "CF genitore"
	columnFrom      = "Dal"
	columnTo        = "Al"
)

// importRows is the one shape of an import. plan decides every row by reading
// only, tells the log what becomes of each, and returns what writes it all, nil
// when the record says everything already. All rows are written in one
// transaction or none is; a refused row stops the file unless opt.SkipBad.
//
// Only the office and the console may import: KindForbidden. A refused row is
// not an error of the import: it is in the report.
func (s *Store) importRows(act Act, what string, rows int, opt ImportOptions, plan func(*tx, *importLog) func() error) (canteen.ImportReport, error) {
	var report canteen.ImportReport
	if err := mayKeep(act); err != nil {
		return report, err
	}
	var log *importLog
	decide := func(tx *tx) func() error {
		log = newImportLog(rows, opt)
		write := plan(tx, log)
		report = canteen.ImportReport{Rows: mergeResults(log.results, opt)}
		return write
	}
	var err error
	if opt.DryRun {
		err = s.view(act, func(tx *tx) error { decide(tx); return nil })
	} else {
		err = s.updateAlone(act, func(tx *tx) error {
			write := decide(tx)
			if tx.err != nil || report.Count(canteen.RowRefused) > 0 && !opt.SkipBad {
				return tx.err
			}
			report.Written = true
			if write == nil {
				return nil
			}
			if err := write(); err != nil {
				return fmt.Errorf("import of %s: %w", what, err)
			}
			tx.logChange("import."+what, "", log.summary(&report))
			return tx.err
		})
	}
	if err != nil {
		return canteen.ImportReport{}, err
	}
	log.end()
	return report, nil
}

// importLog collects what becomes of the rows of an import.
type importLog struct {
	results  []canteen.RowResult
	progress func(done, total int)
	done     int
	total    int
}

func newImportLog(rows int, opt ImportOptions) *importLog {
	l := &importLog{results: make([]canteen.RowResult, 0, rows), progress: opt.Progress, total: 2 * rows}
	if opt.DryRun {
		l.total = rows
	}
	return l
}

// progressEvery is how many steps go by between two words of progress.
const progressEvery = 500

// step counts one row decided or written.
func (l *importLog) step() {
	l.done++
	if l.progress != nil && (l.done%progressEvery == 0 || l.done == l.total) {
		l.progress(l.done, l.total)
	}
}

// end says that nothing is left to do, whatever was not worth writing.
func (l *importLog) end() {
	if l.progress != nil && l.done < l.total {
		l.progress(l.total, l.total)
	}
}

// took notes a row that was taken; doubt is the warning it is taken with, nil
// for none.
func (l *importLog) took(line int, key string, outcome canteen.RowOutcome, doubt *canteen.Error) {
	l.results = append(l.results, canteen.RowResult{Line: line, Key: key, Outcome: outcome, Reason: doubt})
	l.step()
}

// refused notes a row that was not taken.
func (l *importLog) refused(line int, key string, why *canteen.Error) {
	l.took(line, key, canteen.RowRefused, why)
}

// asRefusal is an error as a report carries it.
func asRefusal(err error) *canteen.Error {
	if e, ok := errors.AsType[*canteen.Error](err); ok {
		return e
	}
	return &canteen.Error{Kind: canteen.KindInternal, Key: "error.internal", Err: err}
}

// outcome names what becomes of a row whose thing was known before or not, and
// is changed by it or not.
func outcome(known, changed bool) canteen.RowOutcome {
	switch {
	case !known:
		return canteen.RowCreated
	case changed:
		return canteen.RowUpdated
	}
	return canteen.RowUnchanged
}

// summary is the line an import leaves in the log of changes.
func (l *importLog) summary(r *canteen.ImportReport) string {
	return fmt.Sprintf("created %d, updated %d, unchanged %d, refused %d", r.Count(canteen.RowCreated),
		r.Count(canteen.RowUpdated), r.Count(canteen.RowUnchanged), r.Count(canteen.RowRefused))
}

// firstLines remembers on which line of the file a key stood first.
type firstLines[K comparable] map[K]int

// again refuses a key that an earlier row of the file has: of two rows about one
// thing the later would silently win.
func (f firstLines[K]) again(key K, line int, column string) *canteen.Error {
	if first, had := f[key]; had {
		return canteen.Invalid(column, "error.import.duplicate", first)
	}
	f[key] = line
	return nil
}

// mergeResults puts what reading and the record say of a file into one list by
// line, with one result for each row: a refusal wins, and a warning gives its
// reason to the row's own outcome. A warned row that reading has dropped because
// it repeats another is unchanged. What is said of the header, above the first
// row, is about no row and has no outcome.
func mergeResults(results []canteen.RowResult, opt ImportOptions) []canteen.RowResult {
	rows := slices.Concat(opt.Refused, results)
	slices.SortStableFunc(rows, func(a, b canteen.RowResult) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), refusedFirst(a)-refusedFirst(b))
	})
	rows = slices.CompactFunc(rows, func(a, b canteen.RowResult) bool { return a.Line == b.Line })
	ofRows, first := len(rows), 0
	if ofRows > 0 {
		first = rows[0].Line
	}
	for _, w := range opt.Warnings {
		at, found := slices.BinarySearchFunc(rows[:ofRows], w.Line, func(r canteen.RowResult, line int) int { return cmp.Compare(r.Line, line) })
		switch {
		case !found && (ofRows == 0 || w.Line < first):
			w.Outcome = ""
			rows = append(rows, w)
		case !found:
			w.Outcome = canteen.RowUnchanged
			rows = append(rows, w)
		case rows[at].Reason == nil:
			rows[at].Reason = w.Reason
		}
	}
	slices.SortStableFunc(rows, func(a, b canteen.RowResult) int { return cmp.Compare(a.Line, b.Line) })
	return rows
}

func refusedFirst(r canteen.RowResult) int {
	if r.Outcome == canteen.RowRefused {
		return 0
	}
	return 1
}
