package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"refettorio/canteen"
)

// memory closes one more day of both towns, each in a process of its own, and
// compares the most each held: with the pages of the file it had looked at,
// which the system takes back when it needs them, and without. It shuts both
// files.
func memory(dir string, ours *ourTown, raw *rawTown, next uint32) error {
	if err := ours.nextDay(); err != nil {
		return err
	}
	if err := errors.Join(ours.absences(), raw.absences(next)); err != nil {
		return err
	}
	if err := errors.Join(ours.Close(), raw.db.Close()); err != nil {
		return err
	}
	a, err := peakOf(dir, "ours", ours.day.String())
	if err != nil {
		return err
	}
	b, err := peakOf(dir, "raw", strconv.FormatUint(uint64(next), 10))
	if err != nil {
		return err
	}
	line := func(what string, a, b int64) {
		fmt.Printf("| peak memory of a close of %d pupils, %s | %d MB | %d MB | %.2f | |\n", len(ours.pans), what, a>>10, b>>10,
			float64(a)/float64(b))
	}
	line("its own", a.Own, b.Own)
	line("with the pages of the file", a.All, b.All)
	return nil
}

// peak is the most memory a process held, in kilobytes.
type peak struct{ Own, All int64 }

// peakOf runs this program again to close one day of a file.
func peakOf(dir, whose, day string) (p peak, err error) {
	self, err := os.Executable()
	if err != nil {
		return p, err
	}
	out, err := exec.Command(self, "-dir", dir, "-alone", whose, "-day", day).CombinedOutput()
	if err != nil {
		return p, fmt.Errorf("close %s alone: %w: %s", whose, err, out)
	}
	return p, json.Unmarshal(out, &p)
}

// alone closes one day of a file left by memory and prints its peak.
func alone(dir, whose, day string) error {
	do := closeOursAlone
	if whose == "raw" {
		do = closeRawAlone
	}
	stop, own := make(chan struct{}), make(chan int64)
	go func() {
		var most int64
		for {
			select {
			case <-stop:
				own <- most
				return
			case <-time.After(time.Millisecond):
				most = max(most, held("RssAnon:"))
			}
		}
	}()
	err := do(dir, day)
	close(stop)
	p := peak{Own: <-own, All: held("VmHWM:")}
	if err == nil && p.Own*p.All == 0 {
		err = errors.New("this system does not tell how much memory a process holds")
	}
	return errors.Join(err, json.NewEncoder(os.Stdout).Encode(p))
}

// held reads one line of what Linux knows of this process, in kilobytes.
func held(what string) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), what)
	word, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func closeOursAlone(dir, word string) error {
	t := &ourTown{}
	var err error
	if t.day, err = canteen.ParseDate(word); err != nil {
		return err
	}
	t.set(t.day.At(8 * 60))
	if t.Store, err = openStore(dir, t); err != nil {
		return err
	}
	return errors.Join(t.close(), t.Close())
}

func closeRawAlone(dir, word string) error {
	day, err := strconv.ParseUint(word, 10, 32)
	if err != nil {
		return err
	}
	db, err := openBolt(filepath.Join(dir, "raw.db"))
	if err != nil {
		return err
	}
	t := &rawTown{db: db}
	return errors.Join(t.close(uint32(day), 10_000), t.db.Close())
}
