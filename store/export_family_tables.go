package store

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"unicode/utf8"

	bolt "go.etcd.io/bbolt"

	"refettorio/canteen"
)

// exportStretch is how many records of a table one read looks at.
const exportStretch = 20_000

// stretches visits every record of a table in several short reads; may tells
// from the bytes whether a record is worth decoding. What is appended between
// two reads is met, what is there is met once.
func (s *Store) stretches(act Act, t table, may func(v []byte) bool, visit func(tx *tx, k, v []byte)) error {
	var from []byte
	for {
		n := 0
		err := s.view(act, func(tx *tx) error {
			c := tx.bucket(t).Cursor()
			k, stored := after(c, from)
			for ; k != nil && n < exportStretch; k, stored = c.Next() {
				if v := tx.open(t, k, stored); v == nil {
					return tx.err
				} else if may(v) {
					visit(tx, k, v)
				}
				n, from = n+1, append(from[:0], k...)
			}
			return nil
		})
		if err != nil || n < exportStretch {
			return err
		}
	}
}

// after moves behind a key, to the start without one.
func after(c *bolt.Cursor, key []byte) (k, stored []byte) {
	if key == nil {
		return c.First()
	}
	if k, stored = c.Seek(key); bytes.Equal(k, key) {
		return c.Next()
	}
	return k, stored
}

// naming tells whether a record's bytes name one of several words in a field.
func naming(field string, words []string) func([]byte) bool {
	var wanted [][]byte
	for _, w := range words {
		wanted = append(wanted, []byte(`"`+field+`":`+w))
	}
	return func(v []byte) bool {
		return slices.ContainsFunc(wanted, func(w []byte) bool { return bytes.Contains(v, w) })
	}
}

func (e *exporter) pans() (words []string) {
	for i := range e.children {
		words = append(words, `"`+e.children[i].PAN.String()+`"`)
	}
	return words
}

// exportReceipts reads the receipts of the children, which no index finds.
func (s *Store) exportReceipts(act Act, e *exporter, x *FamilyExport) error {
	return s.stretches(act, receipts, naming("pupil", e.pans()), func(tx *tx, k, v []byte) {
		var r Receipt
		if !tx.decode(receipts, k, v, &r) {
			return
		}
		for i := range x.Children {
			if child := &x.Children[i]; child.PAN == r.Pupil {
				child.Communications = append(child.Communications, ExportReceipt{Number: r.Number, Kind: r.Kind, What: r.What,
					Days: r.Days, Received: r.Received, Channel: r.Channel, By: e.by(tx, r.Actor)})
			}
		}
	})
}

// exportMessages reads the messages to the person, and those to every guardian
// of a child.
func (s *Store) exportMessages(act Act, e *exporter, x *FamilyExport) error {
	toPerson := naming("person", []string{strconv.FormatUint(uint64(e.self.ID), 10)})
	ofChild := naming("pupil", e.pans())
	return s.stretches(act, messages, func(v []byte) bool { return toPerson(v) || ofChild(v) }, func(tx *tx, k, v []byte) {
		var m Message
		if !tx.decode(messages, k, v, &m) {
			return
		}
		child, own := e.childNamed(func(p *canteen.Pupil) bool { return p.PAN == m.Pupil })
		if m.Person == e.self.ID || m.Person == 0 && m.To == "" && own {
			x.Messages = append(x.Messages, ExportMessage{At: m.At, Kind: m.Kind, Child: child, Day: m.Day, Facts: m.Facts, State: m.State})
		}
	})
}

// openDiets opens what the family wrote with its diet requests.
func (s *Store) openDiets(x *FamilyExport) error {
	for i := range x.Children {
		for j := range x.Children[i].Diets {
			d := &x.Children[i].Diets[j]
			if len(d.sealed) == 0 {
				continue
			}
			if s.opt.Vault == nil {
				return canteen.Refuse(canteen.KindUnavailable, "error.register.key")
			}
			plain, err := s.opt.Vault.Open(d.sealed)
			if err == nil && !utf8.Valid(plain) {
				err = errors.New("the words of a diet request are not text")
			}
			if err != nil {
				return &canteen.Error{Kind: canteen.KindUnavailable, Key: "error.register.key", Err: err}
			}
			d.Words = string(plain)
		}
	}
	return nil
}

// exportAccesses reads the register's lines about the person and its children.
// The marks leave one line of 256 of the others to be opened in vain.
func (s *Store) exportAccesses(act Act, e *exporter, x *FamilyExport) error {
	if s.opt.Vault == nil {
		return nil // no key was ever there, and so no register
	}
	subjects := e.subjects()
	var mine []sealedAccess
	err := s.stretches(act, accesses, func([]byte) bool { return true }, func(tx *tx, k, v []byte) {
		var rec accessRecord
		if !tx.decode(accesses, k, v, &rec) {
			return
		}
		if x.AccessesBegin.IsZero() {
			x.AccessesBegin = rec.At
		}
		if rec.marked(subjects) {
			mine = append(mine, sealedAccess{be.Uint64(k), rec})
		}
	})
	if err != nil {
		return err
	}
	for i := range mine {
		a, err := s.openAccess(mine[i].number, &mine[i].accessRecord)
		if err != nil {
			return err
		}
		if !a.about(subjects) {
			continue
		}
		child, _ := e.childNamed(func(p *canteen.Pupil) bool { return p.Handle == a.Pupil })
		x.Accesses = append(x.Accesses, ExportAccess{At: a.At, By: a.Role, What: a.What, Child: child, Result: a.Result})
	}
	return nil
}
