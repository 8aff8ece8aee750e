package notify

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"refettorio/canteen"
)

func TestFolder_readsBackWhatItWrote(t *testing.T) {
	folder := Folder{filepath.Join(t.TempDir(), "mail")}
	if all, err := folder.Letters(5); err != nil || len(all) != 0 {
		t.Errorf("before the first letter: %v, %v", all, err)
	}
	first, second := letter(), letter()
	second.Channel, second.To, second.Subject, second.At = canteen.ChannelSMS, "+393331112223", "", first.At.Add(time.Second)
	for _, l := range []Letter{first, second} {
		if _, err := folder.Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	all, err := folder.Letters(5)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d letters, %v; want 2", len(all), err)
	}
	for i, want := range []Letter{second, first} {
		got := all[i]
		if got.At.Equal(want.At) {
			got.At = want.At
		}
		if got != want {
			t.Errorf("letter %d:\ngot  %+v\nwant %+v", i, got, want)
		}
	}
	if all, err = folder.Letters(1); err != nil || len(all) != 1 || all[0].To != second.To {
		t.Errorf("the newest one: %+v, %v", all, err)
	}
}

// Many at the same instant: no name twice, no draft left.
func TestFolder_noNameTwice(t *testing.T) {
	folder := Folder{t.TempDir()}
	const n = 50
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			l := letter()
			l.ID = fmt.Sprint(i)
			if _, err := folder.Send(t.Context(), l); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	files, err := os.ReadDir(folder.Dir)
	if err != nil || len(files) != n {
		t.Errorf("%d files, %v; want %d", len(files), err, n)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), letterSuffix) {
			t.Errorf("left behind: %s", f.Name())
		}
	}
}

func TestFolder_thatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if id, err := (Folder{file}).Send(t.Context(), letter()); err == nil || id != "" {
		t.Errorf("sent into a file as %q", id)
	}
}

func TestRouter(t *testing.T) {
	folder := Folder{t.TempDir()}
	r := NewRouter(folder, nil)
	if got := r.Channels(); len(got) != 1 || got[0] != canteen.ChannelEmail {
		t.Errorf("channels: %v", got)
	}
	l := letter()
	if _, err := r.Send(t.Context(), l); err != nil {
		t.Error(err)
	}
	l.Channel = canteen.ChannelSMS
	if _, err := r.Send(t.Context(), l); !errors.Is(err, ErrRefused) {
		t.Errorf("without a sender: %v, want refused", err)
	}
}
