package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"time"

	bolt "go.etcd.io/bbolt"

	"refettorio/canteen"
)

// sealSize is the length of the seal every record carries behind its value: a
// CRC-32C over the table's name, the key and the value. bbolt itself notices a
// flipped bit in about one page of six; the seal notices it in every record,
// and the digest of the table (see tx.finish) notices a record that vanished.
const sealSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func sealOf(t table, key, value []byte) uint32 {
	sum := crc32.Update(t.seed, castagnoli, key)
	return crc32.Update(sum, castagnoli, value)
}

// digest sums up the seals of all records of a table, so that records can be
// put, replaced and deleted in any order and still leave the same digest.
type digest struct {
	sum uint64
	n   uint64
}

// tx is one transaction: the only way to the file. Reads verify seals; the
// first corrupt record is kept in err and ends the transaction, so that callers
// need not look after each get.
type tx struct {
	s   *Store
	b   *bolt.Tx
	now time.Time // one instant for the whole transaction, UTC, milliseconds
	act Act

	err     error
	wrote   bool
	buckets [tableCount]*bolt.Bucket
	delta   *[tableCount]digest   // of a writing transaction
	seen    *town                 // the reference data as this transaction sees it
	stale   bool                  // the transaction changed reference data
	receipt canteen.ReceiptNumber // the last one issued, see nextReceipt
	gapsDay canteen.Date          // the day of gaps
	gaps    []canteen.Outage      // see gapsOn
	looks   []look                // what the staff read, see saw
	queued  bool                  // a message waits since this transaction
	held    *heldPuts             // puts waiting for the order of their keys, see inKeyOrder
}

func (s *Store) newTx(b *bolt.Tx, act Act) *tx {
	tx := &tx{s: s, b: b, act: act, now: s.instant()}
	if b.Writable() {
		tx.delta = new([tableCount]digest)
	}
	return tx
}

func (tx *tx) bucket(t table) *bolt.Bucket {
	b := tx.buckets[t.id]
	if b == nil {
		if b = tx.b.Bucket(t.name); b == nil {
			panic("store: no bucket " + string(t.name))
		}
		if t.appended {
			b.FillPercent = 0.95
		}
		tx.buckets[t.id] = b
	}
	return b
}

func (tx *tx) fail(err error) {
	if tx.err == nil {
		tx.err = err
	}
}

// open checks the seal of a stored record and returns its value, which is
// valid until the transaction ends.
func (tx *tx) open(t table, key, stored []byte) []byte {
	if len(stored) < sealSize {
		tx.fail(corrupt(t, key))
		return nil
	}
	value := stored[: len(stored)-sealSize : len(stored)-sealSize]
	if binary.LittleEndian.Uint32(stored[len(stored)-sealSize:]) != sealOf(t, key, value) {
		tx.fail(corrupt(t, key))
		return nil
	}
	return value
}

func corrupt(t table, key []byte) error {
	return fmt.Errorf("record %s/%x is damaged: its seal does not fit", t.name, key)
}

// get returns a record's value, nil when there is none. The bytes are valid
// until the transaction ends and must not be changed.
func (tx *tx) get(t table, key []byte) []byte {
	stored := tx.bucket(t).Get(key)
	if stored == nil {
		return nil
	}
	return tx.open(t, key, stored)
}

func (tx *tx) has(t table, key []byte) bool { return tx.bucket(t).Get(key) != nil }

// put writes a record. The value is copied.
func (tx *tx) put(t table, key, value []byte) {
	stored := make([]byte, len(value), len(value)+sealSize)
	copy(stored, value)
	tx.putSealed(t, key, stored, tx.bucket(t).Get(key))
}

// putSealed seals and writes a value in place: the slice must have room for
// the seal and stay untouched until the commit. old is the record it replaces
// as stored, nil for a new one; hot paths have it at hand.
func (tx *tx) putSealed(t table, key, value, old []byte) {
	if tx.held != nil {
		tx.held[t.id] = append(tx.held[t.id], heldPut{key: key, value: value})
		return
	}
	seal := sealOf(t, key, value)
	d := &tx.delta[t.id]
	d.sum += uint64(seal)
	if old == nil {
		d.n++
	} else {
		d.sum -= uint64(binary.LittleEndian.Uint32(old[len(old)-sealSize:]))
	}
	tx.wrote = true
	if err := tx.bucket(t).Put(key, binary.LittleEndian.AppendUint32(value, seal)); err != nil {
		tx.fail(fmt.Errorf("put %s/%x: %w", t.name, key, err))
	}
}

// del removes a record, if it is there.
func (tx *tx) del(t table, key []byte) {
	if tx.held != nil {
		tx.held[t.id] = append(tx.held[t.id], heldPut{key: key, gone: true})
		return
	}
	old := tx.bucket(t).Get(key)
	if old == nil {
		return
	}
	d := &tx.delta[t.id]
	d.sum -= uint64(binary.LittleEndian.Uint32(old[len(old)-sealSize:]))
	d.n--
	tx.wrote = true
	if err := tx.bucket(t).Delete(key); err != nil {
		tx.fail(fmt.Errorf("delete %s/%x: %w", t.name, key, err))
	}
}

// scan visits the records whose key starts with prefix, in order, until visit
// returns false. Nothing may be put into the same table meanwhile.
func (tx *tx) scan(t table, prefix []byte, visit func(key, value []byte) bool) {
	c := tx.bucket(t).Cursor()
	for k, stored := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, stored = c.Next() {
		v := tx.open(t, k, stored)
		if tx.err != nil || !visit(k, v) {
			return
		}
	}
}

// last returns the last record whose key starts with prefix.
func (tx *tx) last(t table, prefix []byte) (key, value []byte) {
	c := tx.bucket(t).Cursor()
	end := append(bytes.Clone(prefix), bytes.Repeat([]byte{0xff}, 32)...)
	before := c.Prev
	if k, _ := c.Seek(end); k == nil {
		before = c.Last
	}
	k, stored := before()
	if k == nil || !bytes.HasPrefix(k, prefix) {
		return nil, nil
	}
	return k, tx.open(t, k, stored)
}

// putJSON and getJSON carry the records people read and that are not hot.
func (tx *tx) putJSON(t table, key []byte, v any) {
	tx.putSealed(t, key, marshal(t, v), tx.bucket(t).Get(key))
}

func marshal(t table, v any) []byte {
	value, err := json.Marshal(v)
	if err != nil {
		panic("store: " + string(t.name) + ": " + err.Error())
	}
	return value
}

func (tx *tx) getJSON(t table, key []byte, v any) bool {
	value := tx.get(t, key)
	if value == nil {
		return false
	}
	return tx.decode(t, key, value, v)
}

func (tx *tx) decode(t table, key, value []byte, v any) bool {
	if err := json.Unmarshal(value, v); err != nil {
		tx.fail(fmt.Errorf("record %s/%x: %w", t.name, key, err))
		return false
	}
	return true
}

// next returns the next internal number of a table; gaps are allowed.
func (tx *tx) next(t table) uint64 {
	n, err := tx.bucket(t).NextSequence()
	if err != nil {
		tx.fail(fmt.Errorf("sequence of %s: %w", t.name, err))
	}
	tx.wrote = true
	return n
}

// finish writes what the transaction owes: the digests of the tables it
// touched and, when reference data changed, a new generation.
func (tx *tx) finish() error {
	if tx.err != nil {
		return tx.err
	}
	var changed bool
	for _, d := range *tx.delta {
		changed = changed || d != digest{}
	}
	if changed {
		sums := readDigests(tx.get(metas, keyDigests))
		for i, d := range *tx.delta {
			sums[i].sum += d.sum
			sums[i].n += d.n
		}
		*tx.delta = [tableCount]digest{}
		tx.put(metas, keyDigests, writeDigests(sums))
		*tx.delta = [tableCount]digest{} // the metas table vouches for the others, not for itself
	}
	return tx.err
}

func readDigests(v []byte) (sums [tableCount]digest) {
	for i := 0; i < tableCount && len(v) >= 16*(i+1); i++ {
		sums[i] = digest{sum: binary.BigEndian.Uint64(v[16*i:]), n: binary.BigEndian.Uint64(v[16*i+8:])}
	}
	return sums
}

func writeDigests(sums [tableCount]digest) []byte {
	v := make([]byte, 0, 16*tableCount)
	for _, d := range sums {
		v = binary.BigEndian.AppendUint64(v, d.sum)
		v = binary.BigEndian.AppendUint64(v, d.n)
	}
	return v
}

// Act is one business act on its way into the record: who, through which
// channel, and when the request reached the server.
type Act struct {
	Actor    canteen.Actor
	Channel  canteen.Channel
	Received time.Time // the stamp of the gate; zero: the transaction's own instant
	Ticket   *Ticket   // the gate's ticket, nil for acts that did not come through it
	Once     string    // the form's or caller's own id: a repeated act is answered, not repeated
	OnBehalf string    // the person an operator acts for

	heard time.Time // when the family told what was noted on paper, see NotePaper
	why   string    // the reason that goes into the receipt of a note or an answer
}

// Job returns an act of the scheduler's.
func Job() Act { return Act{Actor: canteen.JobActor, Channel: canteen.ChannelJob} }

// Console returns an act of whoever stands at the server's console.
func Console() Act { return Act{Actor: canteen.ConsoleActor, Channel: canteen.ChannelConsole} }
