package store

import (
	"strings"

	bolt "go.etcd.io/bbolt"

	"refettorio/canteen"
)

// LogQuery asks for lines of the log of changes, the newest first. Empty fields
// ask for nothing; Kind is the start of a line's What ("user.").
type LogQuery struct {
	Actor  string
	Kind   string
	Day    canteen.Date
	Before uint64 // only older lines than this number
	Limit  int
}

// LogEntry is a line with its number.
type LogEntry struct {
	Number uint64
	LogLine
}

// maxLogLook bounds how many lines one query reads.
const maxLogLook = 50_000

// LogPage returns the lines a query asks for; more says that older ones may fit.
func (s *Store) LogPage(act Act, q LogQuery) (lines []LogEntry, more bool, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayManageUsers(act); err != nil {
			return err
		}
		c := tx.bucket(logs).Cursor()
		looked := 0
		for k, stored := tx.logStart(c, q); k != nil; k, stored = c.Prev() {
			if looked++; looked > maxLogLook || len(lines) > q.Limit {
				break
			}
			one := LogEntry{Number: be.Uint64(k)}
			if v := tx.open(logs, k, stored); v == nil || !tx.decode(logs, k, v, &one.LogLine) {
				break
			}
			if !q.Day.IsZero() && canteen.DateOf(one.At) < q.Day {
				break
			}
			if q.fits(&one) {
				lines = append(lines, one)
			}
		}
		if more = len(lines) > q.Limit; more {
			lines = lines[:q.Limit]
		}
		return nil
	})
	return lines, more, err
}

func (q *LogQuery) fits(one *LogEntry) bool {
	return (q.Actor == "" || one.Actor == q.Actor) && strings.HasPrefix(one.What, q.Kind) &&
		(q.Day.IsZero() || canteen.DateOf(one.At) == q.Day)
}

// logStart goes to the newest line that may fit: the last one, the one before
// Before, or the last one of Day. Lines are in order of time, so the day is found
// by halving.
func (tx *tx) logStart(c *bolt.Cursor, q LogQuery) (key, stored []byte) {
	last, _ := c.Last()
	if last == nil {
		return nil, nil
	}
	end := be.Uint64(last) + 1
	if q.Before != 0 {
		end = min(end, q.Before)
	}
	if !q.Day.IsZero() {
		low, high := uint64(1), end // the first number after the day is in low…high
		for low < high {
			middle := low + (high-low)/2
			k, v := c.Seek(key64(middle))
			var line LogLine
			if k != nil && be.Uint64(k) < high && tx.decode(logs, k, tx.open(logs, k, v), &line) && canteen.DateOf(line.At) <= q.Day {
				low = be.Uint64(k) + 1
			} else {
				high = middle
			}
		}
		end = low
	}
	if end > be.Uint64(last) {
		return c.Seek(last)
	}
	c.Seek(key64(end))
	return c.Prev()
}
