// Package vault seals what must not lie readable in the database: health data,
// certificates, the register of accesses (design §9, rules R5.2). It is age with
// one X25519 key, which lies in a file of its own, outside the database and
// outside its backups: whoever gets hold of a backup alone reads nothing.
//
// # The rules of the place
//
//   - A key is made once and never written over: without it what it sealed is
//     lost for good.
//   - A key file that others may read stops the start, as it does with ssh.
//   - Errors say what to do; they never hold a byte of what was sealed.
//
// The package imports nothing of ours and nobody else imports age.
package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// What can be wrong with a key or with what it is asked to open.
var (
	ErrNotAKey   = errors.New("the file holds no age key (a line AGE-SECRET-KEY-1…)")
	ErrTooOpen   = errors.New("others may read the key file: make it readable by the service alone (chmod 600)")
	ErrWrongKey  = errors.New("it was sealed for another key")
	ErrDamaged   = errors.New("what was sealed is cut off or damaged")
	errTooLarge  = errors.New("a key file is small: this one is not")
	maxKeyFile   = int64(4096)
	othersMayUse = os.FileMode(0o077)
)

// Key seals and opens. It is safe for use by several goroutines.
type Key struct {
	identity *age.X25519Identity
}

// Create makes a new key and writes it to a new file that only its owner may
// read. The file is on the disk, folder included, when it returns: nothing is
// ever sealed for a key that a power cut could take away. A file that is there
// already is an error with fs.ErrExist in it.
func Create(path string) (*Key, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	text := "# Refettorio: the key of the health data. Keep a copy, not with the backups.\n" +
		"# public key: " + identity.Recipient().String() + "\n" + identity.String() + "\n"
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make the key file: %w", err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("write the key file %s: %w", path, err)
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("write the key file %s: %w", path, err)
	}
	return &Key{identity}, nil
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Load reads a key file: one line with an age identity, other lines empty or
// beginning with "#". A missing file is an error with fs.ErrNotExist in it.
func Load(path string) (*Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	defer f.Close()
	text, err := readKeyFile(f)
	if err != nil {
		return nil, fmt.Errorf("read the key %s: %w", path, err)
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		identity, err := age.ParseX25519Identity(line)
		if err != nil {
			break // age's error quotes the line, which may be most of a key
		}
		return &Key{identity}, nil
	}
	return nil, fmt.Errorf("read the key %s: %w", path, ErrNotAKey)
}

func readKeyFile(f *os.File) (string, error) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return "", err
	case info.Mode()&othersMayUse != 0:
		return "", ErrTooOpen
	case info.Size() > maxKeyFile:
		return "", errTooLarge
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	return string(text), err
}

// Recipient is the public half of the key, which the record keeps: it names the
// key and opens nothing.
func (k *Key) Recipient() string { return k.identity.Recipient().String() }

// Seal encrypts. The result is an age file: any age program opens it with the key.
func (k *Key) Seal(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(len(plain) + 512) // the header and a tag for each 64 KB
	w, err := age.Encrypt(&out, k.identity.Recipient())
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return out.Bytes(), nil
}

// Open decrypts what Seal made. It returns everything or nothing: ErrWrongKey
// when it is sealed for another key, ErrDamaged when a byte is missing or is not
// as it was.
func (k *Key) Open(sealed []byte) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), k.identity)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return nil, ErrWrongKey
	}
	if err != nil {
		return nil, ErrDamaged
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}
