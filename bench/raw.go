package main

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"time"

	bolt "go.etcd.io/bbolt"
)

// rawTown is the baseline: the least work that closes a canteen day on bare
// bbolt, durably and exactly once, for pupils numbered 1…n. It knows no rules,
// no seals, no sheets.
//
//	accounts  pupil(8)          -> balance(8) class(4) pad: 40 bytes
//	absences  day(4) pupil(8)   -> 1 byte
//	lines     day(4) pupil(8)   -> amount(8) balance(8) pad: 72 bytes
//	counts    day(4) class(4)   -> ordered(4) absent(4)
//	notices   day(4) pupil(8)   -> balance(8)
//	progress  day(4)            -> next pupil(8) done(1)
type rawTown struct {
	db *bolt.DB
	n  int
}

var (
	rawAccounts = []byte("accounts")
	rawAbsences = []byte("absences")
	rawLines    = []byte("lines")
	rawCounts   = []byte("counts")
	rawNotices  = []byte("notices")
	rawProgress = []byte("progress")
)

const (
	rawPrice    = 270
	rawPerClass = 22
)

var be = binary.BigEndian

func openBolt(path string) (*bolt.DB, error) {
	return bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second, FreelistType: bolt.FreelistMapType, NoFreelistSync: true, InitialMmapSize: 4 << 30})
}

func openRaw(path string, n int) (*rawTown, error) {
	db, err := openBolt(path)
	if err != nil {
		return nil, err
	}
	t := &rawTown{db: db, n: n}
	return t, db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{rawAccounts, rawAbsences, rawLines, rawCounts, rawNotices, rawProgress} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		accounts := tx.Bucket(rawAccounts)
		accounts.FillPercent = 0.9
		for i := 1; i <= n; i++ {
			v := make([]byte, 40)
			be.PutUint64(v, uint64(2000+i%97*1000))
			be.PutUint32(v[8:], uint32(i/rawPerClass))
			if err := accounts.Put(be.AppendUint64(nil, uint64(i)), v); err != nil {
				return err
			}
		}
		return nil
	})
}

func rawKey(day uint32, pupil uint64) []byte {
	return be.AppendUint64(be.AppendUint32(make([]byte, 0, 12), day), pupil)
}

// absences marks a tenth of the pupils for a day.
func (t *rawTown) absences(day uint32) error {
	r := rand.New(rand.NewPCG(uint64(day), 7))
	return t.db.Update(func(tx *bolt.Tx) error {
		for i := 1; i <= t.n; i++ {
			if r.IntN(10) == 0 {
				if err := tx.Bucket(rawAbsences).Put(rawKey(day, uint64(i)), []byte{1}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// close closes a day in transactions of at most bound pupils.
func (t *rawTown) close(day uint32, bound int) error {
	for {
		done, err := t.step(day, bound)
		if done || err != nil {
			return err
		}
	}
}

type rawLine struct{ key, account []byte }

func (t *rawTown) step(day uint32, bound int) (done bool, err error) {
	err = t.db.Update(func(tx *bolt.Tx) error {
		accounts, absences, lines := tx.Bucket(rawAccounts), tx.Bucket(rawAbsences), tx.Bucket(rawLines)
		notices, counts, progress := tx.Bucket(rawNotices), tx.Bucket(rawCounts), tx.Bucket(rawProgress)
		lines.FillPercent, notices.FillPercent, counts.FillPercent = 1, 1, 1
		first := uint64(1)
		if v := progress.Get(be.AppendUint32(nil, day)); v != nil {
			if v[8] == 1 {
				done = true
				return nil
			}
			first = be.Uint64(v)
		}
		var batch []rawLine
		c := accounts.Cursor()
		for k, v := c.Seek(be.AppendUint64(nil, first)); k != nil && len(batch) < bound; k, v = c.Next() {
			batch = append(batch, rawLine{k, v})
		}
		done = len(batch) < bound
		arena := make([]byte, 0, len(batch)*112)
		cut := func(n int) []byte { arena = arena[:len(arena)+n]; return arena[len(arena)-n : len(arena) : len(arena)] }
		sums := map[uint32]*[2]uint32{}
		a := absences.Cursor()
		ak, _ := a.Seek(rawKey(day, first))
		next := first
		for _, l := range batch {
			pupil := be.Uint64(l.key)
			next = pupil + 1
			key := rawKey(day, pupil)
			for ak != nil && string(ak) < string(key) {
				ak, _ = a.Next()
			}
			away := ak != nil && string(ak) == string(key)
			class := be.Uint32(l.account[8:])
			if sums[class] == nil {
				sums[class] = new([2]uint32)
			}
			line := cut(72)
			balance := int64(be.Uint64(l.account))
			if away {
				sums[class][1]++
			} else {
				sums[class][0]++
				balance -= rawPrice
				account := cut(40)
				copy(account, l.account)
				be.PutUint64(account, uint64(balance))
				if err := accounts.Put(l.key, account); err != nil {
					return err
				}
				be.PutUint64(line, rawPrice)
				if balance < 3*rawPrice {
					if err := notices.Put(key, be.AppendUint64(nil, uint64(balance))); err != nil {
						return err
					}
				}
			}
			be.PutUint64(line[8:], uint64(balance))
			if err := lines.Put(key, line); err != nil {
				return err
			}
		}
		for class, s := range sums {
			key := be.AppendUint32(be.AppendUint32(nil, day), class)
			if old := counts.Get(key); old != nil {
				s[0] += be.Uint32(old)
				s[1] += be.Uint32(old[4:])
			}
			if err := counts.Put(key, be.AppendUint32(be.AppendUint32(nil, s[0]), s[1])); err != nil {
				return err
			}
		}
		v := append(be.AppendUint64(nil, next), 0)
		if done {
			v[8] = 1
		}
		return progress.Put(be.AppendUint32(nil, day), v)
	})
	return done, err
}

// rawWriter is the bare server's shared commit: one writer takes all that waits.
type rawWriter struct{ queue chan rawCancel }

type rawCancel struct {
	day   uint32
	pupil uint64
	done  chan error
}

func (t *rawTown) writer() *rawWriter {
	w := &rawWriter{queue: make(chan rawCancel, 4096)}
	go func() {
		var batch []rawCancel
		seq := uint64(0)
		for c := range w.queue {
			batch = append(batch[:0], c)
			for len(w.queue) > 0 && len(batch) < 1024 {
				batch = append(batch, <-w.queue)
			}
			err := t.db.Update(func(tx *bolt.Tx) error {
				for _, c := range batch {
					if tx.Bucket(rawAccounts).Get(be.AppendUint64(nil, c.pupil)) == nil {
						return errors.New("no such pupil")
					}
					if err := tx.Bucket(rawAbsences).Put(rawKey(c.day, c.pupil), []byte{1}); err != nil {
						return err
					}
					seq++
					if err := tx.Bucket(rawNotices).Put(rawKey(1<<31, seq), make([]byte, 72)); err != nil {
						return err
					}
				}
				return nil
			})
			for _, c := range batch {
				c.done <- err
			}
		}
	}()
	return w
}
