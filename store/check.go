package store

import (
	"errors"
	"fmt"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"refettorio/canteen"
)

// Report is what a check found: the figures of the record and every rule it
// breaks, each as a sentence that begins with the record it is about.
type Report struct {
	OK       bool     `json:"ok"`
	Problems []string `json:"problems"`                    // never null; at most maxProblems
	LeftOut  int      `json:"problems_left_out,omitempty"` // how many more there were

	Version        int           `json:"version"`
	Pupils         int           `json:"pupils"`
	Guardians      int           `json:"guardians"`
	Enrolments     int           `json:"enrolments"`
	Balance        canteen.Cents `json:"balance_cents"` // of all pupils' accounts together
	Entries        int           `json:"entries"`
	DaysClosed     int           `json:"days_closed"`
	Closings       int           `json:"closings"` // schools' days
	Registers      int           `json:"registers"`
	Orders         int           `json:"orders"`
	Charges        int           `json:"charges"`
	Charged        canteen.Cents `json:"charged_cents"`
	Sheets         int           `json:"sheets"`
	Communications int           `json:"communications"`
	Receipts       int           `json:"receipts"`
	Messages       int           `json:"messages"`
	Users          int           `json:"users"`
}

// maxProblems bounds a report: a file that is wrong in a thousand places is
// wrong for one reason.
const maxProblems = 100

// Check proves the record of a running store (mission, "numbers that prove
// themselves every night"). It shares no code with the writers: it reads the
// documented forms with its own decoders and does its own sums, so that a bug
// in a writer shows. The rules of canteen are shared, because they are the
// thing that is held against the record.
//
// It goes in three steps, and one that finds a problem is the last: the pages,
// the records with their seals and sums, the meaning. The writer stands still
// while bbolt counts its pages (about half a second for a gigabyte); the rest is
// one read transaction, which on a large town takes seconds. Meanwhile the file
// may grow, because pages freed by others are not used again.
//
// Progress, when not nil, is told what is looked at. The error is about the
// asking only: KindForbidden, KindUnavailable; what is wrong with the record is
// in the report.
func (s *Store) Check(act Act, progress func(string)) (Report, error) {
	if !mayCheck(act.Actor) {
		return Report{}, canteen.Refuse(canteen.KindForbidden, "error.forbidden")
	}
	c := newChecker(progress)
	err := s.view(act, func(tx *tx) error { return c.skeleton(tx.b) })
	if err == nil && c.sound() {
		err = s.updateAlone(act, func(tx *tx) error { c.pages(tx.b); return nil })
	}
	if err == nil && c.sound() {
		err = s.view(act, func(tx *tx) error { c.content(tx.b); return nil })
	}
	if err != nil {
		return Report{}, err
	}
	return c.done(), nil
}

// mayCheck: those who keep the machine, the money or the books.
func mayCheck(a canteen.Actor) bool {
	switch a.Role {
	case canteen.RoleAdmin, canteen.RoleOffice, canteen.RoleAuditor:
		return true
	}
	return a.Login == canteen.JobActor.Login
}

// CheckFile proves a file nobody has open: a backup, or the record of a stopped
// server. Beyond Check it looks at the two meta pages. A file too damaged to be
// read is a report with a problem; the error says that there is no file, or
// (KindConflict) that a process holds it.
func CheckFile(path string) (Report, error) {
	c := newChecker(nil)
	if _, err := os.Stat(path); err != nil {
		return Report{}, fmt.Errorf("check %s: %w", path, err)
	}
	db, err := bolt.Open(path, 0o600, boltOptions(true, false))
	if errors.Is(err, berrors.ErrTimeout) {
		return Report{}, &canteen.Error{Kind: canteen.KindConflict, Key: "error.store.locked", Args: []any{path}, Err: err}
	}
	if err != nil {
		c.problemf("the file cannot be opened as a record: %v", err)
		return c.done(), nil
	}
	defer db.Close() // nothing was written
	err = db.View(func(b *bolt.Tx) error {
		if err := c.metaPages(path); err != nil {
			return err
		}
		if err := c.skeleton(b); err != nil {
			return err
		}
		if c.sound() {
			c.pages(b)
		}
		if c.sound() {
			c.content(b)
		}
		return nil
	})
	if err != nil {
		return Report{}, fmt.Errorf("check %s: %w", path, err)
	}
	return c.done(), nil
}

// checker is one check under way.
type checker struct {
	b    *bolt.Tx
	rep  Report
	tell func(string)

	town    checkedTown
	pupils  []checkedPupil
	byPAN   map[canteen.PAN]int32
	seats   map[canteen.ClassID][]checkedSeat
	lines   []checkedLine // of entries, by pupil and line
	notices []checkedNotice
	early   map[int32][]checkedLine // lines met before those in front of them
	ledgers map[canteen.Ledger]canteen.Cents
	logged  map[canteen.Date]bool // days on which the cut-off may have been changed

	asked  map[canteen.ReceiptNumber]bool // requests noted on paper that have no answer so far
	ranked time.Time                      // by an import of pupils or a sibling that came or went: an earlier close may have priced another rank
}

func newChecker(progress func(string)) *checker {
	if progress == nil {
		progress = func(string) {}
	}
	return &checker{tell: progress, rep: Report{Problems: []string{}},
		byPAN: map[canteen.PAN]int32{}, asked: map[canteen.ReceiptNumber]bool{}, seats: map[canteen.ClassID][]checkedSeat{},
		early: map[int32][]checkedLine{}, ledgers: map[canteen.Ledger]canteen.Cents{}, logged: map[canteen.Date]bool{}}
}

func (c *checker) sound() bool { return len(c.rep.Problems) == 0 }

func (c *checker) done() Report {
	c.rep.OK = c.sound()
	return c.rep
}

func (c *checker) problemf(format string, args ...any) {
	if len(c.rep.Problems) == maxProblems {
		c.rep.LeftOut++
		return
	}
	c.rep.Problems = append(c.rep.Problems, fmt.Sprintf(format, args...))
}

// wrong reports a problem of one record.
func (c *checker) wrong(t table, key []byte, format string, args ...any) {
	c.problemf("%s/%x: %s", t.name, key, fmt.Sprintf(format, args...))
}

// pages asks bbolt itself. It trusts what it reads, so it is asked only about a
// file whose skeleton is sound.
func (c *checker) pages(b *bolt.Tx) {
	c.tell("pages")
	for err := range b.Check() {
		c.problemf("bbolt: %v", err)
	}
}

// content looks at the records and, when every one is as it was written, at
// what they say together.
func (c *checker) content(b *bolt.Tx) {
	c.b = b
	defer func() {
		if p := recover(); p != nil {
			c.problemf("the check could not go on: %v", p)
		}
	}()
	c.tell("records")
	if !c.soundTables() {
		return
	}
	for _, step := range []struct {
		what string
		do   func()
	}{
		{"places", c.places}, {"people", c.people}, {"enrolments", c.enrolments}, {"entries", c.entries},
		{"messages", c.messages}, {"days", c.days}, {"accounts", c.accounts},
		{"receipts", c.receipts}, {"communications", c.communications}, {"users", c.access},
		{"households", c.households}, // delegations, invitations, the indexes of persons
		{"applications", c.applications},
		{"diets", c.dietRequests},
		{"outbox", c.outbox}, // profiles, codes, what is due
		{"registers of access", c.accessRegister},
		{"retention", c.retention},
		{"counter", c.counter},
	} {
		c.tell(step.what)
		step.do()
	}
}

// each visits the records of a table whose key starts with prefix, in order.
// Their seals have been looked at.
func (c *checker) each(t table, prefix []byte, visit func(key, value []byte)) {
	cur := c.b.Bucket(t.name).Cursor()
	for k, v := cur.Seek(prefix); k != nil && string(k[:min(len(k), len(prefix))]) == string(prefix); k, v = cur.Next() {
		visit(k, v[:len(v)-sealLength])
	}
}

// value returns a record's value, nil when there is none.
func (c *checker) value(t table, key []byte) []byte {
	v := c.b.Bucket(t.name).Get(key)
	if v == nil {
		return nil
	}
	return v[: len(v)-sealLength : len(v)-sealLength]
}

// indexed says that an index must hold a key, and counts it in n.
func (c *checker) indexed(t table, key []byte, n *int, whose string) {
	*n++
	if c.value(t, key) == nil {
		c.wrong(t, key, "%s is not in this index", whose)
	}
}

// countIndex ends an index: it holds as many keys as there are records to point
// at, so with indexed every key has its record.
func (c *checker) countIndex(t table, want int) {
	n := 0
	c.each(t, nil, func(_, _ []byte) { n++ })
	if n != want {
		c.problemf("%s: the index holds %d keys and the records ask for %d", t.name, n, want)
	}
}

// soundTables looks at every table and every record by itself.
func (c *checker) soundTables() bool {
	if !c.allTables() {
		return false
	}
	for _, t := range tables {
		c.records(t)
	}
	c.metaTable()
	return c.sound()
}

// soundRecords returns the first thing wrong with the records of a file, each by
// itself; what they say of each other is the check's.
func soundRecords(b *bolt.Tx) (err error) {
	defer func() {
		if p := recover(); p != nil { // bbolt's, on a page that is none
			err = fmt.Errorf("the records cannot be read: %v", p)
		}
	}()
	c := newChecker(nil)
	if c.b = b; !c.soundTables() {
		return errors.New(c.rep.Problems[0])
	}
	return nil
}
