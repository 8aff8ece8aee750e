package notify

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"refettorio/canteen"
)

// Folder drops each letter as a file: for the demo, and for a gateway of the
// municipality that picks files up. A file appears whole under its name or not
// at all, and no name is used twice.
type Folder struct{ Dir string }

// letterSuffix ends the name of a finished letter.
const letterSuffix = ".eml"

// fileTime begins a file's name, so that names sort by time.
const fileTime = "20060102T150405.000"

// Send writes the letter; the id is the file's name.
func (f Folder) Send(_ context.Context, l Letter) (string, error) {
	if err := l.valid(); err != nil {
		return "", err
	}
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return "", err
	}
	name := l.At.UTC().Format(fileTime) + "-" + rand.Text()[:12] + letterSuffix
	draft := filepath.Join(f.Dir, name+".part")
	file, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = io.WriteString(file, l.eml())
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(draft, filepath.Join(f.Dir, name))
	}
	if err != nil {
		_ = os.Remove(draft) // it may not be there any more
		return "", fmt.Errorf("drop a letter: %w", err)
	}
	return name, nil
}

// eml writes the letter the way mail programs read it.
func (l *Letter) eml() string {
	var b strings.Builder
	for _, h := range [][2]string{
		{"Date", l.At.Format(time.RFC1123Z)}, {"Message-ID", "<" + l.ID + ">"}, {"X-Channel", string(l.Channel)},
		{"To", l.To}, {"Subject", mime.QEncoding.Encode("utf-8", l.Subject)}, {"Content-Language", l.Lang},
		{"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "8bit"},
	} {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	return b.String() + "\r\n" + strings.ReplaceAll(l.Text, "\n", "\r\n") + "\r\n"
}

// Letters returns the newest letters of the folder, newest first. A folder that
// is not there yet has none.
func (f Folder) Letters(limit int) ([]Letter, error) {
	files, err := os.ReadDir(f.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Letter
	for _, file := range slices.Backward(files) {
		if len(all) == limit {
			break
		}
		if !strings.HasSuffix(file.Name(), letterSuffix) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(f.Dir, file.Name()))
		if err != nil {
			return nil, err
		}
		all = append(all, readLetter(string(text)))
	}
	return all, nil
}

// readLetter reads back what eml wrote.
func readLetter(text string) (l Letter) {
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	lines := bufio.NewScanner(strings.NewReader(head))
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "Date":
			l.At, _ = time.Parse(time.RFC1123Z, value) // a file somebody else put there has no date
		case "Message-ID":
			l.ID = strings.Trim(value, "<>")
		case "X-Channel":
			l.Channel = canteen.Channel(value)
		case "To":
			l.To = value
		case "Subject":
			l.Subject, _ = new(mime.WordDecoder).DecodeHeader(value)
		case "Content-Language":
			l.Lang = value
		}
	}
	l.Text = strings.TrimSuffix(strings.ReplaceAll(body, "\r\n", "\n"), "\n")
	return l
}
