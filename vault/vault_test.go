package vault

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func newKey(t *testing.T) (*Key, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "refettorio.key")
	k, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return k, path
}

func TestKey_opensWhatItSealed(t *testing.T) {
	made, path := newKey(t)
	read, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if read.Recipient() != made.Recipient() {
		t.Errorf("read again the key is %s, made as %s", read.Recipient(), made.Recipient())
	}
	for _, size := range []int{0, 1, 64 << 10, 64<<10 + 1, 1 << 20} {
		plain := bytes.Repeat([]byte("senza glutine "), size/14+1)[:size]
		sealed, err := made.Seal(plain)
		if err != nil {
			t.Fatal(err)
		}
		if size > 20 && bytes.Contains(sealed, plain[:20]) {
			t.Errorf("%d bytes: the plain text stands in what was sealed", size)
		}
		got, err := read.Open(sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes: open: %v, equal %t", size, err, bytes.Equal(got, plain))
		}
	}
}

func TestKey_sealsTheSameTextDifferently(t *testing.T) {
	k, _ := newKey(t)
	a, errA := k.Seal([]byte("celiachia"))
	b, errB := k.Seal([]byte("celiachia"))
	if errA != nil || errB != nil || bytes.Equal(a, b) {
		t.Errorf("two seals of one text: %v, %v, equal %t; want them to differ", errA, errB, bytes.Equal(a, b))
	}
}

func TestKey_refusesAnotherKeyAndEveryCut(t *testing.T) {
	k, _ := newKey(t)
	other, _ := newKey(t)
	sealed, err := k.Seal(bytes.Repeat([]byte("certificato "), 20))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Open(sealed); !errors.Is(err, ErrWrongKey) {
		t.Errorf("with another key: %v, want ErrWrongKey", err)
	}
	for n := range len(sealed) {
		if got, err := k.Open(sealed[:n]); !errors.Is(err, ErrDamaged) || got != nil {
			t.Fatalf("cut after %d of %d bytes: %q, %v; want ErrDamaged and nothing", n, len(sealed), got, err)
		}
	}
	for n := range sealed {
		flipped := bytes.Clone(sealed)
		flipped[n] ^= 1
		if got, err := k.Open(flipped); err == nil {
			t.Fatalf("with byte %d turned it opens: %q", n, got)
		}
	}
}

func TestCreate_neverOverwrites(t *testing.T) {
	_, path := newKey(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second key in the same place: %v, want fs.ErrExist", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the key file changed: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

func TestLoad_refuses(t *testing.T) {
	_, good := newKey(t)
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text string
		mode       os.FileMode
		want       error
	}{
		{"empty", "", 0o600, ErrNotAKey},
		{"comments only", "# nothing here\n\n", 0o600, ErrNotAKey},
		{"a passphrase", "correct horse battery staple", 0o600, ErrNotAKey},
		{"half a key", string(text[:len(text)-9]), 0o600, ErrNotAKey},
		{"readable by the group", string(text), 0o640, ErrTooOpen},
		{"readable by all", string(text), 0o604, ErrTooOpen},
		{"a film", strings.Repeat("#\n", 4000), 0o600, errTooLarge},
	} {
		path := filepath.Join(t.TempDir(), "k")
		if err := os.WriteFile(path, []byte(c.text), c.mode); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "SECRET-KEY-1Q") {
			t.Errorf("%s: the error quotes the key", c.name)
		}
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v, want fs.ErrNotExist", err)
	}
}
