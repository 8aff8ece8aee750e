package store

import (
	"path/filepath"
	"testing"

	"refettorio/canteen"
)

// otherVault is a vault of another key.
type otherVault struct{ testVault }

func (otherVault) Recipient() string { return "other" }

func TestVault_onlyTheRecordsOwnKey(t *testing.T) {
	c := &clock{}
	c.at(monday, "08:00")
	path := filepath.Join(t.TempDir(), "town.db")
	s, err := Open(path, Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	if name, err := s.VaultRecipient(); name != "" || err != nil {
		t.Errorf("a new record names the key %q, %v", name, err)
	}
	town := fill(t, s)
	if _, err := s.OpenDiet(town.family(town.elder), town.elder, healthAsk()); canteen.KindOf(err) != canteen.KindUnavailable {
		t.Errorf("a certificate without a vault: %v, want unavailable", err)
	}
	for range 2 {
		if err := s.UseVault(testVault{}); err != nil {
			t.Fatal(err)
		}
	}
	sentDiet(t, town, town.elder)
	if err := s.UseVault(otherVault{}); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("another key: %v, want a conflict", err)
	}
	if report, err := s.CheckVault(Console()); err != nil || report.Opened != 2 || len(report.Problems) != 0 {
		t.Errorf("try the key: %+v, %v; want the words and the document opened", report, err)
	}
	if _, err := s.CheckVault(office()); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("the office tries the key: %v, want forbidden", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Options{Now: c.now, Vault: otherVault{}}); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("opened with another key: %v, want a conflict", err)
	}
	s, err = Open(path, Options{Now: c.now, Vault: testVault{}})
	if err != nil {
		t.Fatal(err)
	}
	if name, err := s.VaultRecipient(); name != "test" || err != nil {
		t.Errorf("the record names %q, %v; want its first key", name, err)
	}
	prove(t, s)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
