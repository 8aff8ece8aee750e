package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// These tests record what a child really writes and syncs, from the creation of
// its file on, and then open the file as a disk could hold it had the power
// failed at any moment; figure R2 of the reliability goals.

// town makes a file and lives through four days in it.
func (c *child) town() error {
	s, err := Open(c.Path, Options{Now: c.clock.now, noSync: c.NoSync})
	if err != nil {
		return err
	}
	c.s = s
	c.say("made")
	fill(childTB{}, c.s)
	c.say("filled")
	if c.people, err = peopleOf(c.s); err != nil {
		return err
	}
	for n := range 4 {
		day := weekday(n)
		c.clock.at(day, "08:00")
		if err := c.each(c.family); err != nil {
			return err
		}
		for w := range c.From {
			c.From[w] += c.Acts
		}
		if err := c.s.RecordOutsidePayment(office(), c.people.payment(n)); err != nil {
			return err
		}
		c.say("paid %d", n)
		c.clock.at(day, "09:45")
		if _, err := c.s.CloseDue(context.Background(), Job()); err != nil {
			return err
		}
		status, err := c.s.Day(Console(), day)
		if err != nil {
			return err
		}
		c.say("closed %s %s", day, status.Charged)
	}
	return nil // without closing: the power fails
}

// recordTown traces a child and returns what it did.
func recordTown(t *testing.T, noSync bool) (errand, []syscallEvent) {
	t.Helper()
	strace, dir := tracer(t), t.TempDir()
	e := errand{Work: "town", Path: filepath.Join(dir, "town.db"), Seed: rand.Uint64(), Workers: 3, From: make([]int, 3), Acts: 8, NoSync: noSync}
	trace := filepath.Join(dir, "trace")
	start(t, e, strace, "-f", "-xx", "-s", "2000000", "-o", trace, "-e", "signal=none",
		"-e", "trace=openat,close,write,pwrite64,fdatasync,fsync,ftruncate,rename,renameat,renameat2,unlink,unlinkat").
		finish(t, func(string) {})
	events, err := readTrace(trace, dir)
	if err != nil {
		t.Fatal(err)
	}
	return e, events
}

// states is how many states of a disk are tried.
func states() int {
	switch {
	case os.Getenv("REFETTORIO_LONG") != "":
		return 2000
	case testing.Short():
		return 60
	}
	return 300
}

func TestPowerCut_nothingAcknowledgedIsLost(t *testing.T) {
	e, events := recordTown(t, false)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	began, before := time.Now(), 0
	forEachCut(events, r, states(), func(n int, d *disk) bool {
		dir := t.TempDir()
		if err := d.crash(dir, r); err != nil {
			t.Fatal(err)
		}
		e.Path = filepath.Join(dir, "town.db")
		if _, err := os.Stat(e.Path); err != nil {
			before++
		}
		for _, problem := range judgeState(e, d.said) {
			t.Errorf("seed %d, state %d, cut after event %d, %d lines said: %s", seed, n, d.at, len(d.said), problem)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		return !t.Failed()
	})
	t.Logf("seed %d: %d states of a trace of %d calls (%d before the file had its name) in %v",
		seed, states(), len(events), before, time.Since(began).Round(time.Second))
}

// Without syncs the same test must find a loss; otherwise it would find none
// with them either. A file without syncs can be such that reading it ends the
// process, so a child judges.
func TestPowerCut_withoutSyncsTheTestFails(t *testing.T) {
	e, events := recordTown(t, true)
	r := rand.New(rand.NewPCG(rand.Uint64(), 0))
	tried, failed := 0, ""
	forEachCut(events, r, 100, func(n int, d *disk) bool {
		dir := t.TempDir()
		if err := d.crash(dir, r); err != nil {
			t.Fatal(err)
		}
		tried++
		e.Path, e.Others, e.Work = filepath.Join(dir, "town.db"), d.said, "judge"
		judge := exec.Command(os.Args[0], "-test.run=^$")
		judge.Env = childEnviron(t, e)
		if out, err := judge.CombinedOutput(); err != nil {
			failed, _, _ = strings.Cut(string(out), "\n")
		}
		return failed == ""
	})
	if failed == "" {
		t.Fatalf("%d states without a sync and no loss: the test of power cuts proves nothing", tried)
	}
	t.Logf("state %d fails, as it must: %s", tried, failed)
}

// judge judges one state; its failure is its answer.
func (c *child) judge() error {
	if problems := judgeState(c.errand, c.Others); len(problems) > 0 {
		return fmt.Errorf("%q", problems)
	}
	return nil
}

// judgeState opens the file of a state and says what is wrong with it. What was
// said until the cut must be in it; before anything was said there may be no
// file, and then one can be made.
func judgeState(e errand, said []string) (problems []string) {
	known := newAcknowledged(e)
	for _, line := range said {
		known.hear(line)
	}
	if _, err := os.Stat(e.Path); err != nil && len(said) > 0 {
		return []string{"there is no file: " + err.Error()}
	}
	now := clock{t: instant(weekday(5), "08:00")}
	s, err := Open(e.Path, Options{Now: now.now})
	if err != nil {
		return []string{"open: " + err.Error()}
	}
	if len(said) > 1 {
		problems = known.verify(s)
	} else if report, err := s.Check(Console(), nil); err != nil || !report.OK {
		problems = []string{fmt.Sprintf("check: %v %q", err, report.Problems)}
	}
	if err := s.RecordRun(Job(), Run{Job: "after", Period: "the cut"}); err != nil {
		problems = append(problems, "the file takes no more acts: "+err.Error())
	}
	if err := s.Close(); err != nil {
		problems = append(problems, "close: "+err.Error())
	}
	return problems
}
