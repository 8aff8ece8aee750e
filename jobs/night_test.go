package jobs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// counting is a job that notes when it ran and fails as often as it is told.
type counting struct {
	ran   []time.Time
	fails int
}

func (c *counting) row(name string, at canteen.ClockTime) job {
	return job{name, at, func(r *Runner, _ context.Context) (string, error) {
		c.ran = append(c.ran, r.store.Now())
		if c.fails > 0 {
			c.fails--
			return "", errors.New("not tonight")
		}
		return "done", nil
	}}
}

// The jobs of the night run once a day; after a gap only the latest missed one
// is made up for. Backups are kept as long as they are told to be.
func TestNight_oncePerDayAndTheLatestAfterAGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 0, 0, 0))
		seen := &counting{}
		h.r.nightly = append(slices.Clone(nightly), seen.row("counted", 3*60+10))
		h.start()
		h.clock.until(at(monday, 0, 1, 0)) // yesterday's, at once
		for n := range 3 {
			h.clock.leap(at(monday.AddDays(n), 3, 5, 0), 30)
			h.clock.until(at(monday.AddDays(n), 6, 0, 0))
		}
		if len(seen.ran) != 4 {
			t.Errorf("in three nights and at the start: %d runs at %v, want 4", len(seen.ran), seen.ran)
		}
		back := monday.AddDays(9)
		h.clock.leap(at(back, 7, 0, 0), 1)
		h.clock.until(at(back, 7, 5, 0))
		if len(seen.ran) != 5 || canteen.DateOf(seen.ran[4]) != back {
			t.Errorf("after a gap of a week: runs at %v, want one more, that of %s", seen.ran, back)
		}
		files, err := os.ReadDir(h.backups)
		var names []string
		for _, f := range files {
			names = append(names, f.Name())
			if err := store.Verify(filepath.Join(h.backups, f.Name())); err != nil {
				t.Error(err)
			}
		}
		want := []string{"refettorio-2027-10-12.db", "refettorio-2027-10-13.db", "refettorio-2027-10-20.db"}
		if err != nil || !slices.Equal(names, want) {
			t.Errorf("backups: got %v, %v; want %v", names, err, want)
		}
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// A job that fails is tried again every quarter of an hour, and its failure is
// on the office's page until it succeeds.
func TestNight_failedJobIsRetriedAfterAQuarterOfAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 3, 0, 0))
		seen := &counting{fails: 3}
		h.r.nightly = []job{seen.row("stubborn", 3*60+10)}
		if err := h.s.RecordRun(store.Job(), store.Run{Job: "stubborn", Period: monday.AddDays(-1).String(), Detail: "done"}); err != nil {
			t.Fatal(err)
		}
		h.start()
		h.clock.until(at(monday, 3, 30, 0))
		if run := h.last("stubborn"); run.Error != "not tonight" || run.Period != monday.String() {
			t.Errorf("while it fails: got %+v", run)
		}
		h.clock.until(at(monday, 5, 0, 0))
		if len(seen.ran) != 4 {
			t.Fatalf("runs at %v, want three failures and a success", seen.ran)
		}
		for i, ran := range seen.ran[1:] {
			if gap := ran.Sub(seen.ran[i]); gap < retryAfter || gap > retryAfter+nightEvery {
				t.Errorf("try %d came %v after the one before, want %v", i+2, gap, retryAfter)
			}
		}
		if run := h.last("stubborn"); run.Error != "" || run.Detail != "done" {
			t.Errorf("in the end: got %+v, want done", run)
		}
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// last is the line of a job on the office's page.
func (h *house) last(name string) store.Run {
	h.Helper()
	runs, err := h.s.LastRuns(store.Console())
	if err != nil {
		h.Fatal(err)
	}
	for _, r := range runs {
		if r.Job == name {
			return r
		}
	}
	h.Fatalf("no run of %s among %+v", name, runs)
	return store.Run{}
}

// A panic in one job is caught, logged and shown; the others go on, and the day
// is closed.
func TestNight_aPanicIsThatJobsFailureOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 9, 25, 0))
		seen := &counting{}
		h.r.nightly = []job{
			{"explosive", 3 * 60, func(*Runner, context.Context) (string, error) { panic("a thing nobody thought of") }},
			seen.row("patient", 3*60+10),
		}
		h.start()
		h.clock.until(at(monday, 9, 31, 0))
		if run := h.last("explosive"); !strings.Contains(run.Error, "a thing nobody thought of") {
			t.Errorf("the job that panics: got %+v", run)
		}
		if !strings.Contains(h.log.String(), "a thing nobody thought of") {
			t.Error("the panic is not in the log")
		}
		if len(seen.ran) != 1 {
			t.Errorf("the job behind it ran at %v, want once", seen.ran)
		}
		h.wantClosed(monday, at(monday, 9, 30, 0))
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// Stop waits for what is running, so that the record is not closed under it.
func TestRunner_stopWaitsForARunningJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 12, 0, 0))
		started, finished := make(chan struct{}), false
		h.r.nightly = []job{{"long", 3 * 60, func(*Runner, context.Context) (string, error) {
			close(started)
			time.Sleep(10 * time.Minute)
			finished = true
			return "done", nil
		}}}
		h.start()
		<-started
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
		if !finished {
			t.Error("Stop returned while a job was running")
		}
		if run := h.last("long"); run.Detail != "done" {
			t.Errorf("the job Stop waited for: got %+v, want done", run)
		}
	})
}

// A backup that cannot be written is an error of the job and leaves the older
// ones alone.
func TestNight_aFailedBackupPrunesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 12, 0, 0))
		for n := range 4 {
			h.clock.leap(at(monday.AddDays(n), 12, 0, 0), 1)
			if _, err := h.r.backup(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		before, err := filepath.Glob(filepath.Join(h.backups, "*"))
		if err != nil || len(before) != 3 {
			t.Fatalf("backups: %v, %v; want the newest 3", before, err)
		}
		h.clock.leap(at(monday.AddDays(5), 12, 0, 0), 1)
		inTheWay := filepath.Join(h.backups, backupPrefix+monday.AddDays(5).String()+".db.part")
		if err := os.Mkdir(inTheWay, 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := h.r.backup(t.Context()); err == nil {
			t.Error("a backup that cannot be written succeeded")
		}
		for _, f := range before {
			if err := store.Verify(f); err != nil {
				t.Errorf("an older backup after one that failed: %v", err)
			}
		}
	})
}
