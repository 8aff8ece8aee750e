package jobs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// job is something done once a day at a time of day. The hour between 02:00 and
// 03:00 is avoided: it is missing on a night in March.
type job struct {
	name string
	at   canteen.ClockTime
	do   func(*Runner, context.Context) (detail string, err error)
}

// nightly is the table of the jobs of a day, in the order in which they run.
var nightly = []job{
	{"backup", 3*60 + 10, (*Runner).backup},
	{"check", 3*60 + 40, (*Runner).check},
	{"sweep", 4*60 + 10, (*Runner).sweep},
	{"ranks", 4*60 + 10, (*Runner).ranks},
	{"diets", 4*60 + 10, (*Runner).diets},
	{"retention", 4*60 + 10, (*Runner).retain},
}

// latestDue returns the day for which a daily job is due: the last one whose
// time has come.
func latestDue(now time.Time, at canteen.ClockTime) canteen.Date {
	today := canteen.DateOf(now)
	if now.Before(today.At(at)) {
		return today.AddDays(-1)
	}
	return today
}

// retryAfter is how long a failed job waits for its next try of the same day.
const retryAfter = 15 * time.Minute

// isDue tells whether a job still has to run for its latest day.
func isDue(run store.Run, ran bool, now time.Time) bool {
	return !ran || run.Error != "" && now.Sub(run.At) >= retryAfter
}

// backup copies the live file and keeps the newest copies; old ones go only
// after a good one is there.
func (r *Runner) backup(context.Context) (string, error) {
	if r.opt.Backups == "" {
		return "nessuna cartella indicata", nil
	}
	if err := os.MkdirAll(r.opt.Backups, 0o700); err != nil {
		return "", err
	}
	name := backupPrefix + canteen.DateOf(r.store.Now()).String() + ".db"
	size, err := r.store.Backup(filepath.Join(r.opt.Backups, name))
	if err != nil {
		return "", err
	}
	pruned, err := prune(r.opt.Backups, r.opt.Keep)
	return fmt.Sprintf("%s, %d KB, %d vecchie eliminate", name, size>>10, pruned), err
}

const backupPrefix = "refettorio-"

// prune removes the oldest backups beyond keep; their names sort by day.
func prune(dir string, keep int) (int, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	var names []string
	for _, f := range files {
		if strings.HasPrefix(f.Name(), backupPrefix) && strings.HasSuffix(f.Name(), ".db") {
			names = append(names, f.Name())
		}
	}
	slices.Sort(names)
	pruned := 0
	for len(names) > max(keep, 1) {
		if err := os.Remove(filepath.Join(dir, names[0])); err != nil {
			return pruned, err
		}
		names = names[1:]
		pruned++
	}
	return pruned, nil
}

// check proves the numbers of the record (mission: numbers that prove
// themselves every night). A broken rule is the job's error, so that it stays
// on the office's page until it is mended.
func (r *Runner) check(context.Context) (string, error) {
	report, err := r.store.Check(store.Job(), nil)
	if err != nil {
		return "", err
	}
	if len(report.Problems) > 0 {
		return "", fmt.Errorf("%d regole violate, la prima: %s", len(report.Problems), report.Problems[0])
	}
	return fmt.Sprintf("%d alunni, %d giorni chiusi: tutto torna", report.Pupils, report.DaysClosed), nil
}

// ranks lets siblings move up when a child has left the service.
func (r *Runner) ranks(context.Context) (string, error) {
	n, err := r.store.RankSiblings(store.Job())
	return fmt.Sprintf("%d posti finiti nelle ultime due settimane", n), err
}

// diets warns of the special diets that end soon and marks those that are over.
func (r *Runner) diets(context.Context) (string, error) {
	warned, expired, err := r.store.RunDiets(store.Job())
	return fmt.Sprintf("%d famiglie avvisate, %d diete scadute", warned, expired), err
}

func (r *Runner) sweep(context.Context) (string, error) {
	n, err := r.store.Sweep(store.Job())
	return fmt.Sprintf("%d voci scadute eliminate", n), err
}
