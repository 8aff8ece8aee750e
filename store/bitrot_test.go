package store

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"refettorio/canteen"
)

// Bit rot (R3): one bit of a used page turns over, as it does on a worn disk. A
// flip that changes anything a reader can see must be in the report of the
// check. The others (unused space inside a page, a page's own header, the older
// meta page) may be reported, and where they are not, the whole content is
// compared.

// flips is how many bits a test turns.
func flips() int {
	switch {
	case os.Getenv("REFETTORIO_LONG") != "":
		return 2000
	case testing.Short():
		return 60
	}
	return 300
}

// usedPages lists the offsets of the pages of a file that are not free, as
// bbolt sees them, and the size of a page.
func usedPages(t *testing.T, db *bolt.DB) (offsets []int64, size int64) {
	t.Helper()
	size = int64(db.Info().PageSize)
	err := db.View(func(b *bolt.Tx) error {
		for id := int64(0); id < b.Size()/size; {
			info, err := b.Page(int(id))
			if err != nil {
				return err
			}
			pages := int64(1)
			if info.Type != "free" {
				pages += int64(info.OverflowCount)
				for i := range pages {
					offsets = append(offsets, (id+i)*size)
				}
			}
			id += pages
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return offsets, size
}

// contentOf is a hash over everything a reader of the file can see: every
// table with its counter, every key and value.
func contentOf(t *testing.T, path string) [sha256.Size]byte {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("the check passed a file that bbolt refuses: %v", err)
	}
	defer db.Close()
	sum := sha256.New()
	part := func(b []byte) {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		sum.Write(b)
	}
	err = db.View(func(b *bolt.Tx) error {
		return b.ForEach(func(name []byte, table *bolt.Bucket) error {
			part(name)
			part(binary.BigEndian.AppendUint64(nil, table.Sequence()))
			return table.ForEach(func(k, v []byte) error { part(k); part(v); return nil })
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return [sha256.Size]byte(sum.Sum(nil))
}

// flip turns one bit of a file; a second time it turns it back.
func flip(t *testing.T, f *os.File, at int64, bit uint) {
	t.Helper()
	var b [1]byte
	if _, err := f.ReadAt(b[:], at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 1 << bit
	if _, err := f.WriteAt(b[:], at); err != nil {
		t.Fatal(err)
	}
}

func TestBitRot_everyChangeIsReported(t *testing.T) {
	s, c := open(t)
	town := closedTown(t, s, c)
	fillTheRest(t, s, c, town)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if _, err := s.Backup(backup); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	rot(t, "live file", s.Path(), flips()/2)
	rot(t, "backup", backup, flips()/2)
}

func rot(t *testing.T, what, source string, n int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rotten.db")
	if err := copyFile(source, path); err != nil {
		t.Fatal(err)
	}
	before := contentOf(t, path)
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	pages, size := usedPages(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seed := rand.Uint64()
	t.Logf("%s: seed %d, %d used pages of %d bytes", what, seed, len(pages), size)
	random := rand.New(rand.NewPCG(seed, 0))
	reported, harmless := 0, 0
	for range n {
		at, bit := pages[random.IntN(len(pages))]+random.Int64N(size), random.UintN(8)
		flip(t, f, at, bit)
		report, err := CheckFile(path)
		switch {
		case err != nil:
			t.Errorf("%s: bit %d at %d: %v", what, bit, at, err)
		case !report.OK:
			reported++
		case contentOf(t, path) != before:
			t.Errorf("%s: bit %d at %d (page %d) changes the content and is not reported", what, bit, at, at/size)
		default:
			harmless++
		}
		flip(t, f, at, bit)
	}
	t.Logf("%s: %d flips, %d reported, %d changed nothing that can be read", what, n, reported, harmless)
	if report, err := CheckFile(path); err != nil || !report.OK {
		t.Errorf("%s: with every bit turned back: %v %q", what, err, report.Problems)
	}
}

// TestBitRot_underARunningStore turns bits while the store has the file open:
// the check of the live record must see them too.
func TestBitRot_underARunningStore(t *testing.T) {
	s, c := open(t)
	closedTown(t, s, c)
	pages, size := usedPages(t, s.db)
	f, err := os.OpenFile(s.Path(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	before := liveContent(t, s)
	reported, n := 0, flips()/10
	for range n {
		// bbolt has read the meta pages, 0 and 1, when it opened the file
		at, bit := pages[2+random.IntN(len(pages)-2)]+random.Int64N(size), random.UintN(8)
		flip(t, f, at, bit)
		report, err := s.Check(Console(), nil)
		if err != nil {
			t.Fatalf("bit %d at %d (seed %d): %v", bit, at, seed, err)
		}
		if !report.OK {
			reported++
		} else if liveContent(t, s) != before {
			t.Errorf("bit %d at %d (seed %d) changes the content and is not reported", bit, at, seed)
		}
		flip(t, f, at, bit)
	}
	t.Logf("%d flips, %d reported", n, reported)
}

func liveContent(t *testing.T, s *Store) [sha256.Size]byte {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "copy.db")
	if _, err := copyTo(s.db, copied); err != nil {
		t.Fatal(err)
	}
	return contentOf(t, copied)
}

// TestBitRot_restoreRefuses: a rotten backup is refused with a reason, whatever
// part of it is rotten, and the file it should have replaced stays.
func TestBitRot_restoreRefuses(t *testing.T) {
	s, c := openUnproved(t)
	closedTown(t, s, c)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if _, err := s.Backup(backup); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(backup, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	before := contentOf(t, s.Path())
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range flips() {
		at, bit := 2*4096+random.Int64N(40*4096), random.UintN(8)
		flip(t, f, at, bit)
		c.advance(time.Second) // the file that gives way is kept under the second's name
		if _, err := Restore(backup, s.Path(), c.now()); canteen.KindOf(err) == canteen.KindInvalid {
			refused++
		} else if err != nil || contentOf(t, s.Path()) != before {
			t.Errorf("bit %d at %d: a rotten backup was restored, %v", bit, at, err)
		}
		flip(t, f, at, bit)
	}
	if refused < flips()/4 {
		t.Errorf("%d of %d rotten backups were refused: the bits miss the records", refused, flips())
	}
}

// TestBitRot_inEveryRecord turns one bit in each record of each table, by its
// value and by its key, so that no form escapes by chance.
func TestBitRot_inEveryRecord(t *testing.T) {
	s, c := openUnproved(t)
	town := closedTown(t, s, c)
	fillTheRest(t, s, c, town)
	err := s.view(Console(), func(tx *tx) error {
		for _, table := range tables {
			n := 0
			err := tx.bucket(table).ForEach(func(k, stored []byte) error {
				n++
				for i := range len(k) + len(stored) {
					key, value := append([]byte(nil), k...), append([]byte(nil), stored...)
					if i < len(k) {
						key[i] ^= 1 << (i % 8)
					} else {
						value[i-len(k)] ^= 1 << (i % 8)
					}
					probe := s.newTx(tx.b, Console())
					if probe.open(table, key, value); probe.err == nil {
						t.Errorf("%s/%x: a bit in byte %d is not seen", table.name, k, i)
					}
				}
				return nil
			})
			if err != nil || n == 0 {
				t.Errorf("%s: %d records, %v", table.name, n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRead_damagedRecordIsAnError: a page that needs a damaged record fails, it
// does not show something else.
func TestRead_damagedRecordIsAnError(t *testing.T) {
	s, c := openUnproved(t)
	town := closedTown(t, s, c)
	key := keyPAN(town.elder)
	err := s.updateAlone(Console(), func(tx *tx) error {
		v := append([]byte(nil), tx.bucket(pupils).Get(key)...)
		v[10] ^= 4
		return tx.bucket(pupils).Put(key, v)
	})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := s.Pupil(town.family(town.elder), town.elder); err == nil || canteen.KindOf(err) != canteen.KindInternal {
		t.Errorf("a damaged pupil reads as %+v, %v", p, err)
	}
}
