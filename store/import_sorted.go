package store

import (
	"bytes"
	"slices"
)

// heldPuts are the records a long act means to put or delete, table by table,
// in the order in which it said so.
type heldPuts [tableCount][]heldPut

type heldPut struct {
	key, value []byte
	gone       bool // the record is to be deleted
}

// A crowd of records in order leaves pages nearly full, as in the tables that
// are only appended to: half-full ones would make the file, and the commit,
// twice as large.
const (
	crowd     = 1000
	crowdFill = 0.9
)

// inKeyOrder runs write while every put and deletion of the transaction is held
// back, and then makes them table by table in the order of the keys: bbolt takes
// minutes for a hundred thousand records that come in any order and half a
// second for the same in theirs (performance.md, "Insert in key order"). What
// write reads is the record as it was before.
func (tx *tx) inKeyOrder(write func() error) error {
	tx.held = &heldPuts{}
	err := write()
	held := tx.held
	tx.held = nil
	if err != nil {
		return err
	}
	for id := range held {
		slices.SortStableFunc(held[id], func(a, b heldPut) int { return bytes.Compare(a.key, b.key) })
		t := tables[id]
		if len(held[id]) >= crowd {
			tx.bucket(t).FillPercent = crowdFill
		}
		for _, p := range held[id] {
			if p.gone {
				tx.del(t, p.key)
			} else {
				tx.putSealed(t, p.key, p.value, tx.bucket(t).Get(p.key))
			}
		}
		held[id] = nil // a table's worth of memory less
	}
	return tx.err
}
