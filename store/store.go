package store

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"refettorio/canteen"
)

// Options open a store. Now may be nil (the machine's clock); Backups is the
// folder for the automatic backup before a migration, beside the file when
// empty; Entropy is where handles and new PANs are drawn from, crypto/rand when
// nil: the invented town gives its own, to come out the same every time; Vault
// seals what must not lie readable in the file, and without one acts that need
// it are refused as unavailable; Wall is the clock of the world, by which the
// authenticator apps of people count, also where Now is another (the machine's
// clock when nil); NoSync
// exists for one test only, which proves that it loses data.
type Options struct {
	Now     func() time.Time
	Log     *slog.Logger
	Backups string
	Entropy io.Reader
	Vault   Vault
	Wall    func() time.Time
	noSync  bool
}

// Store is the record: one file, one writer. Its exported methods are actions
// (one transaction each) and queries (one short read each).
type Store struct {
	path string
	opt  Options
	now  func() time.Time
	log  *slog.Logger

	entropy io.Reader // only the writer draws from it

	mu     sync.RWMutex // guards db against the reopening after a failed commit
	db     *bolt.DB
	broken error // why the store refuses to work, nil when it works

	queue  chan *job
	writer sync.WaitGroup
	closed sync.RWMutex // held by senders on queue
	done   bool

	gate *Gate
	town atomic.Pointer[town]
	feed feed
	ring chan struct{} // see Outbox

	refusals refusals // of logins, see RecordLogin

	backups sync.Mutex // one backup at a time: two with one draft would cut each other's file off

	slowDisk func() // called before each commit by a test; nil otherwise
}

// boltOptions are the settings of performance.md: a large virtual map so that
// a backup never stops the writers, and a free list that is rebuilt at open.
func boltOptions(readOnly, noSync bool) *bolt.Options {
	return &bolt.Options{Timeout: time.Second, FreelistType: bolt.FreelistMapType, NoFreelistSync: true,
		InitialMmapSize: 4 << 30, ReadOnly: readOnly, NoSync: noSync}
}

// Open opens the file at path, or creates it, brings it up to date and starts
// its writer. Another process holding the file is a canteen.KindConflict.
func Open(path string, opt Options) (*Store, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Wall == nil {
		opt.Wall = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Entropy == nil {
		opt.Entropy = rand.Reader
	}
	s := &Store{path: path, opt: opt, now: opt.Now, log: opt.Log, entropy: opt.Entropy, queue: make(chan *job, 4096), ring: make(chan struct{}, 1)}
	s.gate = newGate(opt.Now)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := s.create(); err != nil {
			return nil, fmt.Errorf("create %s: %w", path, err)
		}
	}
	if err := s.openFile(); err != nil {
		return nil, err
	}
	s.writer.Go(s.write)
	if err := s.provedVault(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// create makes a new file under another name and gives it its own only when it
// is complete on the disk: a power cut during the first initialisation leaves
// no file instead of half of one.
func (s *Store) create() error {
	draft := s.path + ".new"
	if err := os.Remove(draft); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	db, err := bolt.Open(draft, 0o600, boltOptions(false, s.opt.noSync))
	if err != nil {
		return err
	}
	err = db.Update(func(b *bolt.Tx) error { return createSchema(s.newTx(b, Console())) })
	if err = errors.Join(err, db.Sync(), db.Close()); err != nil {
		return err
	}
	return moveDurably(draft, s.path)
}

// moveDurably renames a finished file and syncs its folder.
func moveDurably(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// openFile opens the file. Its pages are looked at first, read-only: bbolt scans
// them in a goroutine of its own, and on a rotten file its panic would be the end
// of the process instead of an error.
func (s *Store) openFile() error {
	if err := soundFile(s.path); err != nil {
		return err
	}
	db, err := openBolt(s.path, boltOptions(false, s.opt.noSync))
	if err != nil {
		return err
	}
	s.db = db
	version, err := fileVersion(db)
	if err == nil {
		err = s.migrate(version, func() error { return s.backupBeforeMigration(version) })
	}
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return nil
}

// openBolt opens a file of bbolt's; KindConflict when another process has it.
func openBolt(path string, opt *bolt.Options) (*bolt.DB, error) {
	db, err := bolt.Open(path, 0o600, opt)
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, &canteen.Error{Kind: canteen.KindConflict, Key: "error.store.locked", Args: []any{path}, Err: err}
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return db, nil
}

// soundFile walks the pages of a file that no process has open.
func soundFile(path string) error {
	db, err := openBolt(path, boltOptions(true, false))
	if err != nil {
		return err
	}
	if err := errors.Join(soundSkeleton(db), db.Close()); err != nil {
		return fmt.Errorf("%s is damaged, restore a backup: %w", path, err)
	}
	return nil
}

func fileVersion(db *bolt.DB) (version int, err error) {
	err = db.View(func(b *bolt.Tx) error {
		meta := b.Bucket(metas.name)
		if meta == nil {
			return errors.New("not a Refettorio file: it has no meta table")
		}
		v := meta.Get(keyVersion)
		if len(v) < 8 {
			return errors.New("not a Refettorio file: it has no version")
		}
		version = int(binary.BigEndian.Uint64(v))
		return nil
	})
	return version, err
}

// Close lets the writer finish what is queued and closes the file. Acts that
// come later are refused as unavailable.
func (s *Store) Close() error {
	s.closed.Lock()
	if s.done {
		s.closed.Unlock()
		return nil
	}
	s.done = true
	close(s.queue)
	s.closed.Unlock()
	s.writer.Wait()
	s.feed.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.db.Close()
}

// Path is the file's path.
func (s *Store) Path() string { return s.path }

// Now is the store's clock; everything that asks for the time asks it.
func (s *Store) Now() time.Time { return s.now() }

// Gate is the gate of design §3: the outermost handler takes a ticket from it.
func (s *Store) Gate() *Gate { return s.gate }

// Ready tells whether the store answers: nil, or why not.
func (s *Store) Ready() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.broken
}

// view runs a short read. Everything the closure keeps must be decoded or
// copied: the bytes of the file are valid only inside. What the staff read of
// somebody is in the register before view returns.
func (s *Store) view(act Act, read func(*tx) error) error {
	lines, err := s.look(act, read)
	if err != nil || len(lines) == 0 {
		return err
	}
	return s.register(act, lines)
}

// look runs a read and returns the lines it owes to the register.
func (s *Store) look(act Act, read func(*tx) error) (lines []Access, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.broken != nil {
		return nil, unavailable(s.broken)
	}
	err = s.db.View(func(b *bolt.Tx) error {
		tx := s.newTx(b, act)
		err := read(tx)
		if err == nil && len(tx.looks) > 0 {
			lines = tx.sightings()
		}
		if tx.err != nil {
			return tx.err // a damaged record must not pass for one that is not there
		}
		return err
	})
	return lines, err
}

func unavailable(err error) error {
	return &canteen.Error{Kind: canteen.KindUnavailable, Key: "error.unavailable", Err: err}
}

// instant is the clock as the record keeps it: UTC, to the millisecond.
func (s *Store) instant() time.Time { return s.now().UTC().Truncate(time.Millisecond) }
