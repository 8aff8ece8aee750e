package demo

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// anyMorning is a Tuesday on which every kind of class but one eats.
var anyMorning = canteen.NewDate(2026, 11, 24).At(morning)

func optionsOf(t *testing.T, pupils, history int) Options {
	t.Helper()
	return Options{Path: filepath.Join(t.TempDir(), "borgoluce.db"), Now: anyMorning, Pupils: pupils, History: history, Vault: plainVault{},
		Hash: func(password string) (string, error) { return "hash of " + password, nil }}
}

func buildTown(t *testing.T, opt Options) *builder {
	t.Helper()
	b, err := build(t.Context(), opt)
	if err != nil {
		t.Fatalf("build %d pupils, %d days: %v", opt.Pupils, opt.History, err)
	}
	return b
}

// reopen opens a finished town at the instant at which the demo begins.
func reopen(t *testing.T, b *builder) *store.Store {
	t.Helper()
	s, err := store.Open(b.opt.Path, store.Options{Now: func() time.Time { return b.opt.Now }, Vault: plainVault{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// largeCensus is the people of a town large enough for shares to be steady. It
// is drawn once and only read.
var largeCensus = sync.OnceValues(func() (*places, *census) {
	p := newPlaces(streamOf(1, "places"), 6000)
	return p, populate(1, p, 2026, 1)
})

func between(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: got %.2f, want %.2f to %.2f", what, got, low, high)
	}
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(whole) }

// plainVault seals so that two builds can be compared: it only puts a word in
// front, by which the check sees that something was sealed.
type plainVault struct{}

const sealMark = "sealed "

func (plainVault) Seal(plain []byte) ([]byte, error)  { return append([]byte(sealMark), plain...), nil }
func (plainVault) Open(sealed []byte) ([]byte, error) { return sealed[len(sealMark):], nil }
func (plainVault) Recipient() string                  { return "test" }
