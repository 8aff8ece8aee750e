package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"refettorio/canteen"
)

func TestCrash_imports(t *testing.T) {
	c, _ := newCrashing(t, "imports", 0)
	done := 0
	c.hear = func(string) { done++ }
	c.resume = func() []int { return []int{done} }
	c.prove = func(s *Store) (problems []string) {
		who, err := peopleOf(s)
		if err != nil {
			return []string{err.Error()}
		}
		known := len(who.pupils) - 63
		if whole := known % batchSize; whole != 0 || known/batchSize < done || known/batchSize > done+1 {
			problems = append(problems, fmt.Sprintf("%d batches of %d were acknowledged, %d pupils are there", done, batchSize, known))
		}
		for n := range done * batchSize {
			if len(who.parent) == 0 || !slices.Contains(who.pupils, importedPAN(n)) {
				problems = append(problems, fmt.Sprintf("pupil %d of an acknowledged batch is missing", n))
			}
		}
		return problems
	}
	c.run()
}

func importedPAN(n int) canteen.PAN { return canteen.NewPAN(uint64(5_000_000 + n)) }

// imports takes batches of pupils with their parents, two files each.
func (c *child) imports() error {
	if err := c.open(); err != nil {
		return err
	}
	for n := c.From[0]; ; n++ {
		if err := importBatch(c.s, n); err != nil {
			return err
		}
		c.say("batch %d", n)
	}
}

func importBatch(s *Store, n int) error {
	var parents []canteen.GuardianRow
	var rows []canteen.PupilRow
	for i := range batchSize {
		at := n*batchSize + i
		cf := canteen.CodiceFiscale(fmt.Sprintf("IMP%013d", at))
		parents = append(parents, canteen.GuardianRow{Line: i + 2, Guardian: canteen.Guardian{CodiceFiscale: cf, Surname: "Neri", Name: "Dario"}})
		rows = append(rows, canteen.PupilRow{Line: i + 2, School: "FGEE00002B", Grade: "5", Section: "A", Guardians: []canteen.CodiceFiscale{cf},
			Pupil: canteen.Pupil{PAN: importedPAN(at), Surname: fmt.Sprintf("Neri%d", at), Name: "Aria", Born: 20170401}})
	}
	if _, err := s.ImportGuardians(Console(), parents, ImportOptions{}); err != nil {
		return err
	}
	report, err := s.ImportPupils(Console(), rows, ImportOptions{})
	if err != nil || !report.Written {
		return fmt.Errorf("batch %d: %w %+v", n, err, report.Rows)
	}
	return nil
}

func TestCrash_backups(t *testing.T) {
	c, said := newCrashing(t, "backups", 2)
	atLeast := map[string]int{} // file -> how many receipts it must hold
	c.hear = func(line string) {
		rest, isBackup := strings.CutPrefix(line, "backup ")
		if !isBackup {
			said.hear(line)
			return
		}
		var name string
		var n int
		said.scan(rest, &name, &n)
		atLeast[name] = n
	}
	c.prove = func(s *Store) []string {
		problems := said.verify(s)
		for name, n := range atLeast {
			report, err := CheckFile(filepath.Join(filepath.Dir(c.e.Path), name))
			if err != nil || !report.OK || report.Receipts < n {
				problems = append(problems, fmt.Sprintf("backup %s: %v, %d receipts of %d, %q", name, err, report.Receipts, n, report.Problems))
			}
		}
		return append(problems, finals(c.e.Path, atLeast)...)
	}
	c.run()
}

// finals verifies the backups nobody was told of.
func finals(path string, known map[string]int) (problems []string) {
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "backup-*.db"))
	for _, f := range files {
		if _, told := known[filepath.Base(f)]; !told {
			if err := Verify(f); err != nil {
				problems = append(problems, fmt.Sprintf("%s has its final name and is not good: %v", f, err))
			}
		}
	}
	if err != nil {
		problems = append(problems, err.Error())
	}
	return problems
}

// backups copies the file, over older copies, while families cancel.
func (c *child) backups() error {
	if err := c.open(); err != nil {
		return err
	}
	var stopped atomic.Bool
	families := make(chan error, 1)
	go func() { families <- c.each(c.family); stopped.Store(true) }()
	for n := 0; !stopped.Load(); n++ {
		report, err := c.s.Check(Console(), nil)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("backup-%d.db", n%3)
		if _, err := c.s.Backup(filepath.Join(filepath.Dir(c.Path), name)); err != nil {
			return err
		}
		c.say("backup %s %d", name, report.Receipts)
	}
	return <-families
}

func TestCrash_restores(t *testing.T) {
	c, _ := newCrashing(t, "restores", 0)
	dir := filepath.Dir(c.e.Path)
	pupilsOf := [3]int{63, 63 + batchSize, 63 + 2*batchSize} // of the three files
	for n := range pupilsOf {
		backup := filepath.Join(dir, fmt.Sprintf("town-%d.bak", n))
		s, err := Open(c.e.Path, Options{Now: (&clock{t: instant(monday, "08:00")}).now})
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			err = importBatch(s, n)
		}
		if _, failed := s.Backup(backup); errors.Join(err, failed, s.Close()) != nil {
			t.Fatal(err, failed)
		}
		c.e.Others = append(c.e.Others, backup)
	}
	done, round := 3, 0 // as if each had been restored once: the last one is in place
	c.hear = func(string) { done++ }
	c.resume = func() []int { round++; return []int{done, round} }
	c.prove = func(s *Store) (problems []string) {
		who, err := peopleOf(s)
		// what was acknowledged last is in place, or what was under way
		if have := len(who.pupils); err != nil || have != pupilsOf[(done+2)%3] && have != pupilsOf[done%3] {
			problems = append(problems, fmt.Sprintf("after %d restores the file has %d pupils (%v)", done, have, err))
		}
		kept, err := filepath.Glob(c.e.Path + ".before-*")
		for _, f := range kept {
			if !c.alias(f) { // killed before its last step, a restore leaves a second name
				problems = append(problems, notGood(f)...)
			}
			if err == nil {
				err = os.Remove(f)
			}
		}
		if err != nil {
			problems = append(problems, err.Error())
		}
		return problems
	}
	c.run()
}

// alias tells whether a name is another one of the file in place.
func (c *crashing) alias(name string) bool {
	one, err1 := os.Stat(name)
	other, err2 := os.Stat(c.e.Path)
	return err1 == nil && err2 == nil && os.SameFile(one, other)
}

func notGood(path string) []string {
	if err := Verify(path); err != nil {
		return []string{fmt.Sprintf("%s, kept by a restore, is not good: %v", path, err)}
	}
	return nil
}

// restores puts one of three backups in the place of the record, in turn.
func (c *child) restores() error {
	for n := c.From[0]; ; n++ {
		now := time.Unix(0, 0).Add(time.Duration(c.From[1]*100_000+n) * time.Second)
		if _, err := Restore(c.Others[n%3], c.Path, now); err != nil {
			return err
		}
		c.say("restored %d", n)
	}
}
