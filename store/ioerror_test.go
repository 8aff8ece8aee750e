package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	bolt "go.etcd.io/bbolt"

	"refettorio/canteen"
)

// These tests let writing fail; figure R4 of the reliability goals. Whatever
// fails, nobody is told yes for nothing, and the file opens clean afterwards.

// limited works, works on while no file may grow beyond a limit, and works
// again when the limit is gone, in the same process.
func (c *child) limited() error {
	signal.Ignore(syscall.SIGXFSZ)
	if err := c.open(); err != nil {
		return err
	}
	var whole syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &whole); err != nil {
		return err
	}
	set := func(size uint64) error {
		return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: whole.Max})
	}
	return c.trouble(func() error { return set(c.Limit) }, func() error { return set(whole.Cur) })
}

// full does the same on a disk that is full for a while.
func (c *child) full() error {
	if err := c.open(); err != nil {
		return err
	}
	ballast := filepath.Join(filepath.Dir(c.Path), "ballast")
	return c.trouble(func() error { return fillDisk(ballast, c.Limit) }, func() error { return os.Remove(ballast) })
}

// fillDisk writes a file until the disk is full and gives some bytes back.
func fillDisk(ballast string, free uint64) error {
	f, err := os.Create(ballast)
	if err != nil {
		return err
	}
	size, block := int64(0), make([]byte, 64<<10)
	for {
		n, err := f.Write(block)
		size += int64(n)
		if errors.Is(err, syscall.ENOSPC) {
			return errors.Join(f.Truncate(max(0, size-int64(free))), f.Close())
		}
		if err != nil {
			return err
		}
	}
}

// trouble sends acts before, in and after a time of trouble. Afterwards none may
// be refused.
func (c *child) trouble(begin, end func() error) error {
	acts := c.Acts
	phase := func() error {
		c.refused.Clear()
		if err := c.each(c.family); err != nil {
			return err
		}
		for w := range c.From {
			c.From[w] += acts
		}
		return nil
	}
	if err := phase(); err != nil {
		return err
	}
	if err := begin(); err != nil {
		return err
	}
	if err := phase(); err != nil {
		return err
	}
	if err := end(); err != nil {
		return err
	}
	if err := phase(); err != nil {
		return err
	}
	if err := c.s.Ready(); err != nil {
		return fmt.Errorf("the store stays out of service: %w", err)
	}
	for w := range c.Workers {
		if _, refused := c.refused.Load(w); refused {
			return fmt.Errorf("an act of family %d was refused although the trouble was over", w)
		}
	}
	return c.s.Close()
}

// failing works under a tracer that lets calls fail; it may end out of service.
func (c *child) failing() error {
	if err := c.open(); err != nil {
		return err
	}
	if err := c.each(c.family); err != nil {
		return err
	}
	_ = c.s.Close() // the tracer may let this fail as well
	return nil
}

// tight makes the small town in a file without room, so that its first new page
// makes it grow, and returns its size.
func tight(t *testing.T, path string) int64 {
	t.Helper()
	baseTown(t, path)
	db, err := bolt.Open(path, 0o600, boltOptions(true, false))
	if err != nil {
		t.Fatal(err)
	}
	var size int64
	err = db.View(func(tx *bolt.Tx) error { size = tx.Size(); return nil })
	if err := errors.Join(err, db.Close(), os.Truncate(path, size)); err != nil {
		t.Fatal(err)
	}
	return size
}

// troubled runs a child in trouble and proves what it leaves; it returns how
// many acts were acknowledged and refused.
func troubled(t *testing.T, e errand, under ...string) (acted, refused int) {
	t.Helper()
	e.From = make([]int, e.Workers)
	said := newAcknowledged(e)
	start(t, e, under...).finish(t, said.hear)
	report, err := CheckFile(e.Path)
	if err != nil || !report.OK {
		t.Errorf("%+v: check of the file: %v %q", e, err, report.Problems)
	}
	s, err := Open(e.Path, Options{Now: (&clock{t: instant(monday, "09:00")}).now})
	if err != nil {
		t.Fatalf("%+v: open: %v", e, err)
	}
	for _, problem := range said.verify(s) {
		t.Errorf("%+v: %s", e, problem)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	return len(said.acts), len(said.refused)
}

// rounds is how often a test of trouble is repeated.
func rounds() int {
	switch {
	case testing.Short():
		return 2
	case os.Getenv("REFETTORIO_LONG") != "":
		return 100
	}
	return 5
}

func TestIOError_theFileCannotGrow(t *testing.T) {
	acted, refused := 0, 0
	for range rounds() {
		e := errand{Work: "limited", Path: filepath.Join(t.TempDir(), "town.db"), Seed: rand.Uint64(), Workers: 3, Acts: 15}
		size := tight(t, e.Path)
		// from within the pages in use to a little beyond the first growth
		e.Limit = uint64(size - 20*4096 + rand.Int64N(40*4096))
		if rand.IntN(4) == 0 {
			e.Limit += 16 << 20
		}
		a, r := troubled(t, e)
		acted, refused = acted+a, refused+r
	}
	if refused == 0 {
		t.Error("no act was refused: the limit was not felt")
	}
	t.Logf("%d acts acknowledged, %d refused", acted, refused)
}

func TestIOError_fullDisk(t *testing.T) {
	acted, refused := 0, 0
	for range rounds() {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
			t.Skipf("no small disk can be mounted here: %v", err)
		}
		t.Cleanup(func() {
			if err := syscall.Unmount(dir, 0); err != nil {
				t.Error(err)
			}
		})
		e := errand{Work: "full", Path: filepath.Join(dir, "town.db"), Seed: rand.Uint64(), Workers: 3, Acts: 30}
		tight(t, e.Path)
		e.Limit = uint64(rand.IntN(8 * 4096))
		a, r := troubled(t, e)
		acted, refused = acted+a, refused+r
	}
	if refused == 0 {
		t.Error("no act was refused: the disk was not full")
	}
	t.Logf("%d acts acknowledged, %d refused", acted, refused)
}

// Every kind of call that a commit makes fails now and then, once for each
// thread at a random place, by the hand of a tracer.
func TestIOError_callsThatFailOnce(t *testing.T) {
	strace := tracer(t)
	acted, refused := 0, 0
	for range rounds() {
		for _, call := range []string{"pwrite64", "fdatasync", "ftruncate", "fsync"} {
			how := []string{"EIO", "ENOSPC"}[rand.IntN(2)]
			nth := 1 + rand.IntN(12)
			if call == "ftruncate" || call == "fsync" {
				nth = 1 // a file grows once in a while
			}
			e := errand{Work: "failing", Path: filepath.Join(t.TempDir(), "town.db"), Seed: rand.Uint64(), Workers: 3, Acts: 20}
			tight(t, e.Path)
			a, r := troubled(t, e, strace, "-f", "-o", os.DevNull, "-e", "trace="+call, "-e", "signal=none",
				"-e", fmt.Sprintf("inject=%s:error=%s:when=%d", call, how, nth))
			acted, refused = acted+a, refused+r
		}
	}
	if refused == 0 {
		t.Error("no act was refused: no failure was felt")
	}
	t.Logf("%d acts acknowledged, %d refused", acted, refused)
}

// tracer finds strace, and skips the test where it is missing or not permitted.
func tracer(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed: the calls of a process can be neither recorded nor made to fail")
	}
	if out, err := exec.Command(path, "-f", "-o", os.DevNull, os.Args[0], "-test.run=^$").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v: %s", err, strings.TrimSpace(string(out)))
	}
	return path
}

// A store whose file is gone for good refuses everything and says why.
func TestIOError_outOfServiceWhenTheFileCannotBeReopened(t *testing.T) {
	s, _ := openUnproved(t)
	town := fill(t, s)
	if err := os.Remove(s.Path()); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(s.Path(), 0o700); err != nil { // nothing can be opened under this name
		t.Fatal(err)
	}
	s.reopen(errors.New("a disk that fails"))
	_, err := s.Communicate(town.family(town.elder), CommunicationRequest{Pupils: []canteen.PAN{town.elder}, Kind: canteen.Absence, From: monday, To: monday})
	if got := canteen.KindOf(err); got != canteen.KindUnavailable {
		t.Errorf("an act without a file: got %v (%v), want unavailable", got, err)
	}
	if _, err := s.Day(Console(), monday); canteen.KindOf(err) != canteen.KindUnavailable {
		t.Errorf("a question without a file: got %v, want unavailable", err)
	}
	if s.Ready() == nil {
		t.Error("the store says that it is ready")
	}
}

// Two copies at the same time under the same name, the night's and an official's:
// both are good. One draft for both once cut off the file the other was reading,
// which ended the process.
func TestIOError_twoBackupsUnderOneName(t *testing.T) {
	s, _ := open(t)
	fill(t, s)
	path := filepath.Join(t.TempDir(), "copy.db")
	errs := make(chan error)
	for range 8 {
		go func() {
			_, err := s.Backup(path)
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if err := Verify(path); err != nil {
		t.Error(err)
	}
}
