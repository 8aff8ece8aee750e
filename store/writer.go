package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime/debug"

	bolt "go.etcd.io/bbolt"
)

// maxShared is how many acts share one commit at most.
const maxShared = 1024

// job is one act waiting for the writer.
type job struct {
	act   Act
	do    func(*tx) error
	alone bool // a long act: it has a commit of its own
	err   error
	done  chan struct{}
}

// errRedo says that the batch must be taken apart: an act failed after it had
// written, so the transaction cannot be committed for its neighbours.
var errRedo = errors.New("an act failed after it had written")

// update runs one act in a transaction and returns when it is on the disk. Acts
// that wait at the same time share the commit (performance.md): the writer
// takes whatever is queued and waits for no timer. do may run again after a
// neighbour's failure, so it must set its results and not add to them; it
// should decide before it writes, because a refusal that has written nothing
// costs its neighbours nothing.
func (s *Store) update(act Act, do func(*tx) error) error {
	return s.submit(&job{act: act, do: do}).wait()
}

// updateAlone runs a long act in a commit of its own, in turn with the others.
func (s *Store) updateAlone(act Act, do func(*tx) error) error {
	return s.submit(&job{act: act, do: do, alone: true}).wait()
}

func (s *Store) submit(j *job) *job {
	j.done = make(chan struct{})
	s.closed.RLock()
	defer s.closed.RUnlock()
	if s.done {
		j.err = unavailable(errors.New("the store is closed"))
		close(j.done)
		return j
	}
	s.queue <- j
	return j
}

func (j *job) wait() error {
	<-j.done
	return j.err
}

// write is the one writer. It ends when the queue is closed and empty.
func (s *Store) write() {
	batch := make([]*job, 0, maxShared)
	var held *job // a long act that came behind a batch
	for {
		j := held
		held = nil
		if j == nil {
			var open bool
			if j, open = <-s.queue; !open {
				return
			}
		}
		batch = append(batch[:0], j)
		for !j.alone && held == nil && len(batch) < maxShared {
			select {
			case next, open := <-s.queue:
				switch {
				case !open:
				case next.alone:
					held = next
				default:
					batch = append(batch, next)
					continue
				}
			default:
			}
			break
		}
		s.commit(batch)
		for _, j := range batch {
			close(j.done)
		}
	}
}

// commit runs a batch in one transaction, or one by one when it must be taken
// apart. After a failed commit nobody is told yes.
func (s *Store) commit(batch []*job) {
	err := s.tryCommit(batch)
	if errors.Is(err, errRedo) && len(batch) > 1 {
		for _, j := range batch {
			s.commit([]*job{j})
		}
		return
	}
	if err == nil || errors.Is(err, errRedo) {
		return
	}
	for _, j := range batch {
		j.err = unavailable(err)
	}
	s.reopen(err)
}

func (s *Store) tryCommit(batch []*job) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.broken != nil {
		return fmt.Errorf("the store is out of service: %w", s.broken)
	}
	var refreshed *town
	queued := false
	err := s.db.Update(func(b *bolt.Tx) error {
		shared := s.newTx(b, Act{})
		for _, j := range batch {
			shared.act, shared.wrote, shared.now, shared.looks = j.act, false, s.instant(), nil
			j.err = run(shared, j.do)
			if shared.err != nil {
				j.err = shared.err
			}
			if j.err != nil && (shared.wrote || shared.err != nil) {
				return errRedo
			}
		}
		if err := shared.finish(); err != nil {
			return err
		}
		if shared.stale {
			refreshed = shared.townNow()
		}
		queued = shared.queued
		if s.slowDisk != nil {
			s.slowDisk()
		}
		return nil
	})
	if err == nil && refreshed != nil {
		s.town.Store(refreshed)
	}
	if err == nil && queued {
		s.ringOutbox()
	}
	return err
}

// run keeps a panic in one act from taking the writer with it: it becomes that
// act's internal error.
func run(tx *tx, do func(*tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			tx.wrote = true
			err = fmt.Errorf("panic in an act: %v\n%s", p, debug.Stack())
		}
	}()
	if err := do(tx); err != nil {
		return err
	}
	return tx.registerLooks()
}

// reopen follows a commit that failed on the disk: what the file holds now is
// known only after it was read again, so the store closes it, opens it and
// verifies it before it says yes again (performance.md). If that fails it stays
// out of service and says why.
func (s *Store) reopen(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return
	}
	s.log.Error("commit failed, reopening the file", "error", cause)
	s.town.Store(nil)
	err := s.db.Close()
	if err == nil {
		err = s.openFile()
	}
	if err == nil {
		err = s.verifyOpen()
	}
	if err != nil {
		s.broken = fmt.Errorf("%w (then: %w)", cause, err)
		s.log.Error("the file cannot be used any more", "error", s.broken)
	}
}

// verifyOpen holds the file against its own digests.
func (s *Store) verifyOpen() error {
	return s.db.View(func(b *bolt.Tx) error {
		for err := range b.Check() {
			return err
		}
		return checkDigests(b)
	})
}

// checkDigests counts every record again and compares with the digests: a
// record changed, lost or added outside a transaction shows.
func checkDigests(b *bolt.Tx) error {
	var errs []error
	meta := b.Bucket(metas.name).Get(keyDigests)
	n := (len(meta) - sealSize) / 16 // fewer in a file of an older version
	if n < 1 || n > tableCount || len(meta) != 16*n+sealSize {
		return errors.New("the digests are missing")
	}
	want := readDigests(meta[:len(meta)-sealSize])
	for _, t := range tables[:n] {
		bucket := b.Bucket(t.name)
		if bucket == nil {
			return fmt.Errorf("table %s is missing", t.name)
		}
		var have digest
		err := bucket.ForEach(func(k, stored []byte) error {
			if len(stored) < sealSize {
				return corrupt(t, k)
			}
			cut := len(stored) - sealSize
			seal := binary.LittleEndian.Uint32(stored[cut:])
			if seal != sealOf(t, k, stored[:cut]) {
				errs = append(errs, corrupt(t, k))
			}
			have.sum += uint64(seal)
			have.n++
			return nil
		})
		if err != nil {
			errs = append(errs, err)
		}
		if t.id != metas.id && have != want[t.id] {
			errs = append(errs, fmt.Errorf("table %s holds %d records, its digest says %d, or their content differs", t.name, have.n, want[t.id].n))
		}
	}
	return errors.Join(errs...)
}
