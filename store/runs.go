package store

import (
	"time"

	"refettorio/canteen"
)

// Run is one line of the jobs' diary: gocron rings, this says what is done.
type Run struct {
	Job    string    `json:"job"`
	Period string    `json:"period"` // the day or hour the run was for
	At     time.Time `json:"at"`
	Error  string    `json:"error,omitempty"`
	Detail string    `json:"detail,omitempty"`
}

func keyRun(job, period string) []byte { return []byte(job + "/" + period) }

// RecordRun writes the outcome of a job for a period; a later outcome of the
// same period replaces it.
func (s *Store) RecordRun(act Act, r Run) error {
	return s.update(act, func(tx *tx) error {
		r.At = tx.now
		tx.putJSON(runs, keyRun(r.Job, r.Period), r)
		return nil
	})
}

// RunOf returns the outcome of a job for a period, if it ran.
func (s *Store) RunOf(job, period string) (r Run, ok bool, err error) {
	err = s.view(Job(), func(tx *tx) error {
		ok = tx.getJSON(runs, keyRun(job, period), &r)
		return nil
	})
	return r, ok, err
}

// LastRuns returns the latest run of every job.
func (s *Store) LastRuns(act Act) (last []Run, err error) {
	err = s.view(act, func(tx *tx) error {
		last = nil
		for _, r := range loadAll[Run](tx, runs) {
			if n := len(last); n > 0 && last[n-1].Job == r.Job {
				last[n-1] = r
				continue
			}
			last = append(last, r)
		}
		return nil
	})
	return last, err
}

// sweepBound is how many old records one sweep removes at most.
const sweepBound = 5000

// keepRuns and keepOnce say how long diary lines and remembered answers stay.
const (
	keepRuns = 400 * 24 * time.Hour
	keepOnce = 72 * time.Hour
)

// Sweep removes what has served its time: expired sessions and tokens, old
// diary lines, answers nobody will ask for again. It returns how many records
// it removed, at most a bounded number at a time.
func (s *Store) Sweep(act Act) (n int, err error) {
	err = s.update(act, func(tx *tx) error {
		n = 0
		n += tx.sweep(sessions, func(_, v []byte) bool {
			return len(v) < 8 || time.UnixMilli(int64(be.Uint64(v))).Before(time.Now())
		})
		n += tx.sweepCodes()
		n += tx.sweep(once, func(k, v []byte) bool {
			var r onceRecord
			return tx.decode(once, k, v, &r) && tx.now.Sub(r.At) > keepOnce
		})
		n += tx.sweep(runs, func(k, v []byte) bool {
			var r Run
			return tx.decode(runs, k, v, &r) && tx.now.Sub(r.At) > keepRuns
		})
		n += tx.sweepInvitations()
		expired := tx.sweep(tokens, func(k, v []byte) bool {
			var t Token
			return tx.decode(tokens, k, v, &t) && !t.Expires.IsZero() && tx.now.Sub(t.Expires) > keepRuns
		})
		if expired > 0 {
			tx.changed()
		}
		n += expired
		return nil
	})
	return n, err
}

func (tx *tx) sweep(t table, old func(k, v []byte) bool) int {
	var gone [][]byte
	tx.scan(t, nil, func(k, v []byte) bool {
		if old(k, v) {
			gone = append(gone, append([]byte(nil), k...))
		}
		return len(gone) < sweepBound
	})
	for _, k := range gone {
		tx.del(t, k)
	}
	return len(gone)
}

// PendingMessages returns the newest messages of the outbox, newest first, for
// the office.
func (s *Store) PendingMessages(act Act, limit int) (all []Message, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayActFor(act.Actor, &canteen.Pupil{}); err != nil {
			return err
		}
		c := tx.bucket(messages).Cursor()
		for k, stored := c.Last(); k != nil && len(all) < limit; k, stored = c.Prev() {
			var m Message
			if v := tx.open(messages, k, stored); v == nil || !tx.decode(messages, k, v, &m) {
				break
			}
			all = append(all, m)
		}
		return nil
	})
	return all, err
}
