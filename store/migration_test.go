package store

import (
	"encoding/binary"
	"encoding/json"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"refettorio/canteen"
)

// tablesOfVersionOne is how many tables a file of the first version has.
const tablesOfVersionOne = 38

// TestMigration_fromTheFirstVersion: a file of the day before people had tables
// is opened, brought up to date and proved; so is one that a restore put back.
func TestMigration_fromTheFirstVersion(t *testing.T) {
	s, c := openUnproved(t)
	town := closedTown(t, s, c)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if _, err := s.Backup(backup); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	turnBack(t, backup)
	if err := Verify(backup); err != nil {
		t.Fatalf("a backup of the first version: %v", err)
	}
	if _, err := Restore(backup, s.Path(), c.now()); err != nil {
		t.Fatalf("a restore of the first version: %v", err)
	}
	after, err := Open(s.Path(), Options{Now: c.now, Vault: testVault{}, Backups: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	prove(t, after)
	guardians, err := after.Guardians(office(), town.elder)
	if err != nil || len(guardians) == 0 || len(guardians[0].Handle) != handleSize {
		t.Errorf("the guardians of a pupil: %+v, %v", guardians, err)
	}
	if err := after.Close(); err != nil {
		t.Fatal(err)
	}
}

// turnBack makes a file what the first version left: without the tables of
// people, without handles of persons.
func turnBack(t *testing.T, path string) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(b *bolt.Tx) error {
		for _, table := range tables[tablesOfVersionOne:] {
			if err := b.DeleteBucket(table.name); err != nil {
				return err
			}
		}
		put := func(table table, key, value []byte) error {
			return b.Bucket(table.name).Put(key, binary.LittleEndian.AppendUint32(value, sealOf(table, key, value)))
		}
		older := map[string][]byte{}
		err := b.Bucket(guardians.name).ForEach(func(k, stored []byte) error {
			var g canteen.Guardian
			err := json.Unmarshal(stored[:len(stored)-sealSize], &g)
			g.Handle = ""
			older[string(k)] = marshal(guardians, g)
			return err
		})
		if err != nil {
			return err
		}
		for k, v := range older {
			if err := put(guardians, []byte(k), v); err != nil {
				return err
			}
		}
		var sums []byte
		for _, table := range tables[:tablesOfVersionOne] {
			var d digest
			err := b.Bucket(table.name).ForEach(func(_, stored []byte) error {
				d.sum += uint64(binary.LittleEndian.Uint32(stored[len(stored)-sealSize:]))
				d.n++
				return nil
			})
			if err != nil {
				return err
			}
			if table.id == metas.id {
				d = digest{}
			}
			sums = be.AppendUint64(be.AppendUint64(sums, d.sum), d.n)
		}
		if err := put(metas, keyDigests, sums); err != nil {
			return err
		}
		return put(metas, keyVersion, key64(1))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
