package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// tryServe starts a service that is expected to refuse, and returns its sentence.
func tryServe(t *testing.T, c Config) string {
	t.Helper()
	var said bytes.Buffer
	err := serve(t.Context(), c, slog.New(slog.NewTextHandler(&said, nil)), time.Now, func(string) { t.Error("the service started") })
	if err == nil {
		t.Fatal("serve ended without an error")
	}
	return err.Error()
}

// TestServe_key: the first start makes the key, later ones use it; without it, or
// with another, the service does not start and no file is touched.
func TestServe_key(t *testing.T) {
	s := startService(t, time.Now)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(s.config.Key)
	if err != nil || !bytes.Contains(key, []byte("AGE-SECRET-KEY-1")) {
		t.Fatalf("the first start made no key: %v", err)
	}
	database, err := os.ReadFile(s.config.Database)
	if err != nil || bytes.Contains(database, key[bytes.Index(key, []byte("AGE-SECRET-KEY-1")):]) {
		t.Fatalf("the key lies in the database, or: %v", err)
	}
	status, out, errs := call(t, "key", "check", "--db", s.config.Database, "--key", s.config.Key)
	if status != 0 || !strings.Contains(out, "the right key") {
		t.Errorf("key check: %d, %s%s", status, out, errs)
	}

	other := filepath.Join(t.TempDir(), "other.key")
	if status, out, errs := call(t, "key", "new", other); status != 0 {
		t.Fatalf("key new: %d, %s%s", status, out, errs)
	}
	if status, _, errs := call(t, "key", "new", other); status != 1 {
		t.Errorf("key new over a key: %d, %s; want 1", status, errs)
	}
	if status, _, errs := call(t, "key", "check", "--db", s.config.Database, "--key", other); status != 1 || !strings.Contains(errs, "chiave") {
		t.Errorf("key check with another key: %d, %q; want 1 and a sentence", status, errs)
	}
	wrong := s.config
	wrong.Key = other
	if said := tryServe(t, wrong); !strings.Contains(said, "error.vault.wrong") {
		t.Errorf("with another key: %q", said)
	}
	wrong.Key = filepath.Join(t.TempDir(), "none.key")
	if said := tryServe(t, wrong); !strings.Contains(said, "error.vault.missing") {
		t.Errorf("without the key: %q", said)
	}
	if _, err := os.Stat(wrong.Key); !os.IsNotExist(err) {
		t.Errorf("a new key was made for a record that has one: %v", err)
	}
	after, err := os.ReadFile(s.config.Key)
	if err != nil || !bytes.Equal(after, key) {
		t.Errorf("the key file changed: %v", err)
	}

	again := s.config
	if err := os.Chmod(again.Key, 0o644); err != nil {
		t.Fatal(err)
	}
	if said := tryServe(t, again); !strings.Contains(said, "chmod 600") {
		t.Errorf("with a key that all may read: %q", said)
	}
}
