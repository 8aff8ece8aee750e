package store

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRestore_cutOffBeforeItsLastStep: a name that is not a copy does not stay.
func TestRestore_cutOffBeforeItsLastStep(t *testing.T) {
	s, c := openUnproved(t)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if _, err := s.Backup(backup); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	alias := s.Path() + beforeRestore + "20260101-080000.000"
	if err := os.Link(s.Path(), alias); err != nil {
		t.Fatal(err)
	}
	kept, err := Restore(backup, s.Path(), c.now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(alias); !os.IsNotExist(err) {
		t.Errorf("%s stayed beside the copy that was kept: %v", alias, err)
	}
	if err := Verify(kept); err != nil {
		t.Errorf("the kept file %s: %v", kept, err)
	}
}
