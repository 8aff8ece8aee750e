package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"refettorio/canteen"
)

// Backup writes a verified copy of the live file to path: written whole to
// another name on the same disk, synced, read again in full, and only then
// given its name (performance.md: writers go on meanwhile). An existing file at
// path is replaced only by a good copy.
func (s *Store) Backup(path string) (size int64, err error) {
	s.backups.Lock()
	defer s.backups.Unlock()
	draft := path + ".part"
	defer func() {
		if err != nil {
			_ = os.Remove(draft) // what is left of a failed copy is of no use
		}
	}()
	s.mu.RLock()
	size, err = copyTo(s.db, draft)
	s.mu.RUnlock()
	if err != nil {
		return 0, fmt.Errorf("backup to %s: %w", path, err)
	}
	if err := Verify(draft); err != nil {
		return 0, fmt.Errorf("the backup just written is not good: %w", err)
	}
	return size, moveDurably(draft, path)
}

func copyTo(db *bolt.DB, path string) (size int64, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	err = db.View(func(tx *bolt.Tx) error {
		w := bufio.NewWriterSize(f, 1<<20)
		size, err = tx.WriteTo(w)
		return errors.Join(err, w.Flush())
	})
	return size, errors.Join(err, f.Sync(), f.Close())
}

// Verify reads a file that no process has open: every page a transaction can
// reach is in its place once, every record fits its seal, every table its digest and
// its counter.
func Verify(path string) error {
	db, err := bolt.Open(path, 0o600, boltOptions(true, false))
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer db.Close()
	if err := soundSkeleton(db); err != nil {
		return err
	}
	version, err := fileVersion(db)
	if err != nil {
		return err
	}
	if version < len(migrations) { // its tables are not all of ours
		return db.View(checkDigests)
	}
	return db.View(soundRecords)
}

// Restore puts a verified copy of a backup in the place of the file at path,
// which no process may have open. The file that was there stays beside it,
// under the name it returns (empty when there was none).
func Restore(backup, path string, now time.Time) (kept string, err error) {
	if err := Verify(backup); err != nil {
		return "", &canteen.Error{Kind: canteen.KindInvalid, Key: "error.restore.bad", Args: []any{backup}, Err: err}
	}
	if err := unlocked(path); err != nil {
		return "", err
	}
	if err := dropAliases(path); err != nil {
		return "", err
	}
	draft := path + ".part"
	if err := copyFile(backup, draft); err != nil {
		return "", fmt.Errorf("restore %s: %w", backup, err)
	}
	if err := Verify(draft); err != nil {
		return "", fmt.Errorf("the restored copy is not good: %w", err)
	}
	if _, err := os.Stat(path); err == nil {
		kept = path + beforeRestore + now.Format("20060102-150405.000")
		if err := os.Link(path, kept); err != nil {
			return "", fmt.Errorf("keep the present file: %w", err)
		}
	}
	return kept, moveDurably(draft, path)
}

// beforeRestore stands between the name of the file and the instant of a restore
// in the name under which the file before it is kept.
const beforeRestore = ".before-"

// dropAliases removes the second name of the present file that a restore leaves
// when it is cut off before its last step: it would not be a copy, and would
// change with the file.
func dropAliases(path string) error {
	present, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	kept, err := filepath.Glob(path + beforeRestore + "*")
	if err != nil {
		return err
	}
	for _, name := range kept {
		if other, err := os.Stat(name); err == nil && os.SameFile(present, other) {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// unlocked makes sure that no process has the file open.
func unlocked(path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := bolt.Open(path, 0o600, boltOptions(false, false))
	if errors.Is(err, berrors.ErrTimeout) {
		return &canteen.Error{Kind: canteen.KindConflict, Key: "error.store.locked", Args: []any{path}, Err: err}
	}
	if err != nil {
		return nil // a file too broken to open is what a restore is for
	}
	return db.Close()
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// backupBeforeMigration keeps the file as the older program left it.
func (s *Store) backupBeforeMigration(version int) error {
	dir := s.opt.Backups
	if dir == "" {
		dir = filepath.Dir(s.path)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	name := fmt.Sprintf("%s.v%d-%s", filepath.Base(s.path), version, s.now().Format("20060102-150405"))
	_, err := copyTo(s.db, filepath.Join(dir, name))
	return err
}
