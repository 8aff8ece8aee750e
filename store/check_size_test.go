package store

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"refettorio/canteen"
)

// fillLarge writes classes of 25 pupils each in ten schools of one kitchen,
// every pupil with an opening balance.
func fillLarge(t testing.TB, s *Store, classesEach int) {
	t.Helper()
	err := s.updateAlone(Console(), func(tx *tx) error {
		tx.putKitchen(canteen.Kitchen{ID: canteen.KitchenID(tx.next(kitchens)), Code: "uno", Name: "Uno", Cutoff: 9*60 + 30, Limit: 600})
		for n := range 10 {
			id := canteen.SchoolID(tx.next(schools))
			tx.putSchool(canteen.School{ID: id, Code: fmt.Sprintf("FGEE0000%02d", n), Name: "Plesso", Stage: canteen.StagePrimaria, Kitchen: 1})
			for c := range classesEach {
				tx.putClass(canteen.Class{ID: canteen.ClassID(tx.next(classes)), School: id, Year: "2026/27", Grade: "1",
					Section: fmt.Sprint(c), Weekdays: canteen.MonToFri, Staff: 1})
			}
		}
		return tx.err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.updateAlone(Console(), func(tx *tx) error { return tx.inKeyOrder(func() error { return largePupils(tx, classesEach) }) })
	if err != nil {
		t.Fatal(err)
	}
	err = s.updateAlone(Console(), func(tx *tx) error {
		for n := range 250 * classesEach {
			pan := canteen.NewPAN(uint64(n))
			tx.post(canteen.Entry{ID: "opening/" + pan.String(), Kind: canteen.EntryOpening, Day: monday, At: tx.now, Actor: "prova",
				Postings: canteen.Transfer(canteen.LedgerOpening, canteen.LedgerOf(pan), canteen.Cents(500+n%10_000))})
		}
		return tx.err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func largePupils(tx *tx, classesEach int) error {
	for n := range 250 * classesEach {
		pan, class := canteen.NewPAN(uint64(n)), canteen.ClassID(n/25+1)
		tx.putPupil(canteen.Pupil{PAN: pan, Handle: fmt.Sprintf("h%015d", n), Surname: fmt.Sprint("Verdi ", n), Name: "Aria", Class: class})
		err := tx.putEnrolment(&canteen.Enrolment{Pupil: pan, Class: class, State: canteen.Validated, From: 20260901})
		if err != nil {
			return err
		}
	}
	return tx.err
}

// TestCheck_memoryIsBounded: the check holds the pupils and one day, not the
// history. 5,000 pupils and 20 days; with REFETTORIO_LONG twenty times the
// pupils.
func TestCheck_memoryIsBounded(t *testing.T) {
	classesEach, days := 20, 20
	if os.Getenv("REFETTORIO_LONG") != "" {
		classesEach *= 20
	}
	if testing.Short() {
		classesEach, days = 4, 5
	}
	s, c := openUnproved(t)
	fillLarge(t, s, classesEach)
	closed := 0
	for day := monday; closed < days; day = day.AddDays(1) {
		c.at(day, "10:00")
		if closeDue(t, s) > 0 {
			closed++
		}
	}
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most := live(), uint64(0)
	report, err := s.Check(Console(), func(string) { most = max(most, live()) })
	if err != nil || !report.OK {
		t.Fatalf("check: %v %q", err, report.Problems)
	}
	start := time.Now()
	if report, err = closeAndCheck(t, s); err != nil || !report.OK {
		t.Fatalf("check of the file: %v %q", err, report.Problems)
	}
	took := time.Since(start)
	pupils := 250 * classesEach
	if want := pupils * days; report.Orders != want {
		t.Errorf("got %d orders, want %d", report.Orders, want)
	}
	// 1.5 GB for 100,000 pupils are 15 KB each; the check may keep a tenth.
	each := int64(most-before) / int64(pupils)
	t.Logf("%d pupils, %d days: %d bytes live for each pupil, %s", pupils, days, each, took)
	if each > 1500 {
		t.Errorf("%d bytes are live for each pupil, want at most 1500", each)
	}
}

// closeAndCheck closes a store and checks its file.
func closeAndCheck(t testing.TB, s *Store) (Report, error) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return CheckFile(s.Path())
}
