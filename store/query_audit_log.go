package store

import "refettorio/canteen"

// LogFilter chooses lines of the log of changes; empty fields ask nothing. Before
// is the number to go on before.
type LogFilter struct {
	From, To canteen.Date
	Login    string
	Before   uint64
	Limit    int
}

// LogPage is a stretch of the log of changes, newest first; Next is where the
// rest goes on, 0 at the end.
type LogPage struct {
	Lines []LogLine
	Next  uint64
}

// logMost is how many lines one question looks at.
const logMost = 20_000

// Changes returns lines of the log of changes for the auditor. A correction names
// its person or pupil by the word of addresses, and its values are left out: that
// a codice fiscale was put right is the auditor's business, the number is not.
func (s *Store) Changes(act Act, f LogFilter) (page LogPage, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayReadRegister(act); err != nil {
			return err
		}
		page = LogPage{}
		c := tx.bucket(logs).Cursor()
		k, stored := c.Last()
		if f.Before != 0 {
			k, stored = before(c, f.Before)
		}
		for looked := 0; k != nil; k, stored = c.Prev() {
			var line LogLine
			if v := tx.open(logs, k, stored); v == nil || !tx.decode(logs, k, v, &line) {
				return nil
			}
			day := canteen.DateOf(line.At)
			if !f.From.IsZero() && day < f.From {
				return nil
			}
			if looked++; looked > logMost || len(page.Lines) == f.Limit {
				page.Next = be.Uint64(k) + 1
				return nil
			}
			if (f.To.IsZero() || day <= f.To) && (f.Login == "" || line.Actor == f.Login) {
				if line.What == whatCorrection {
					line.Detail = ""
				}
				page.Lines = append(page.Lines, line)
			}
		}
		return nil
	})
	return page, err
}
