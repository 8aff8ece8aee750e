package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"refettorio/canteen"
)

// The promise of the cut-off (design §3): what reached the server by 09:30:00 is
// in the kitchen's sheet, what reached it later is not, and everybody is
// answered.

// rush is a town in which every family has one child in the same school.
type rush struct {
	s        *Store
	pupils   []canteen.PAN
	families []Act
}

const rushing = 64

// newRush opens a store on a clock and fills it.
func newRush(t *testing.T, now func() time.Time) *rush {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "town.db"), Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		prove(t, s)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	r := &rush{s: s}
	var parents []canteen.GuardianRow
	var children []canteen.PupilRow
	for i := range rushing {
		cf := canteen.CodiceFiscale(fmt.Sprintf("RSH%013d", i))
		parents = append(parents, canteen.GuardianRow{Line: i + 2, Guardian: canteen.Guardian{CodiceFiscale: cf, Surname: "Blu", Name: "Sole"}})
		pan := canteen.NewPAN(uint64(100 + i))
		children = append(children, canteen.PupilRow{Line: i + 2, School: "FGEE00001A", Grade: "1", Section: "A", Guardians: []canteen.CodiceFiscale{cf},
			Pupil: canteen.Pupil{PAN: pan, Surname: fmt.Sprintf("Blu%02d", i), Name: "Aria", Born: 20200101}})
		r.pupils = append(r.pupils, pan)
	}
	for _, imported := range []func() (canteen.ImportReport, error){
		func() (canteen.ImportReport, error) {
			return s.ImportSchools(Console(), []canteen.SchoolRow{{Line: 2, Code: "FGEE00001A", Name: "Rodari", Stage: canteen.StagePrimaria, Kitchen: "Nord"}}, ImportOptions{})
		},
		func() (canteen.ImportReport, error) {
			return s.ImportClasses(Console(), []canteen.ClassRow{{Line: 2, School: "FGEE00001A", Grade: "1", Section: "A", Weekdays: canteen.MonToFri}}, ImportOptions{})
		},
		func() (canteen.ImportReport, error) { return s.ImportGuardians(Console(), parents, ImportOptions{}) },
		func() (canteen.ImportReport, error) { return s.ImportPupils(Console(), children, ImportOptions{}) },
	} {
		if report, err := imported(); err != nil || !report.Written {
			t.Fatalf("import: %v %+v", err, report)
		}
	}
	who, err := peopleOf(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, pan := range r.pupils {
		r.families = append(r.families, Act{Channel: canteen.ChannelWeb,
			Actor: canteen.Actor{Login: "famiglia", Role: canteen.RoleGuardian, Guardian: who.parent[pan]}})
	}
	return r
}

// send sends one act of a family for monday through the gate, as the web does:
// stamp, a wait in some queue, the act, the answer, the ticket back.
func (r *rush) send(i int, kind canteen.CommunicationKind, queue time.Duration) (received time.Time, answer DayOutcome, err error) {
	ticket := r.s.Gate().Enter()
	defer ticket.Leave()
	time.Sleep(queue)
	act := r.families[i]
	act.Received, act.Ticket = ticket.Received, ticket
	out, err := r.s.Communicate(act, CommunicationRequest{Pupils: r.pupils[i : i+1], Kind: kind, From: monday, To: monday})
	if err != nil {
		return ticket.Received, DayOutcome{}, err
	}
	return ticket.Received, out[0].Days[0], nil
}

// meals reads what monday's register says of every pupil.
func (r *rush) meals(t *testing.T) map[canteen.PAN]canteen.Meal {
	t.Helper()
	meals := map[canteen.PAN]canteen.Meal{}
	err := r.s.view(Console(), func(tx *tx) error {
		for _, pan := range r.pupils {
			o, _, _ := tx.order(monday, 1, pan)
			meals[pan] = o.Meal
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return meals
}

// Sixty-four families change their minds again and again across the cut-off, on
// a slow disk, while the bell rings. What was accepted last is what the kitchen
// cooks.
func TestStory09_aSlowServerLosesNoCancellationInTime(t *testing.T) {
	cutoff := monday.At(9*60 + 30)
	began := time.Now()
	r := newRush(t, func() time.Time { return cutoff.Add(time.Since(began) - 2*time.Second) })
	r.s.slowDisk = func() { time.Sleep(rand.N(15 * time.Millisecond)) }
	end, stop := context.WithCancel(t.Context())
	var bell, crowd sync.WaitGroup
	bell.Go(func() {
		for end.Err() == nil {
			if _, err := r.s.CloseDue(context.Background(), Job()); err != nil {
				t.Errorf("close: %v", err)
			}
			time.Sleep(time.Millisecond)
		}
	})
	wants := make([]canteen.Meal, rushing)
	var mu sync.Mutex
	var inTime, late int
	for i := range rushing {
		crowd.Go(func() {
			wants[i] = canteen.MealStandard
			for n := 0; r.s.Now().Before(cutoff.Add(500 * time.Millisecond)); n++ {
				kind := canteen.CommunicationKind((n + 1) % 2) // absent, back, absent…
				received, answer, err := r.send(i, kind, rand.N(40*time.Millisecond))
				passed := received.After(cutoff)
				switch {
				case err != nil:
					t.Errorf("family %d, received %v: %v", i, received, err)
				case passed && answer.Outcome == canteen.Accepted:
					t.Errorf("family %d was received %v after the cut-off and accepted", i, received.Sub(cutoff))
				case !passed && answer.Outcome == canteen.TooLate:
					t.Errorf("family %d was received %v before the cut-off and refused", i, cutoff.Sub(received))
				case answer.Outcome == canteen.Accepted:
					wants[i] = canteen.MealAbsent
					if kind == 0 {
						wants[i] = canteen.MealStandard
					}
				}
				mu.Lock()
				if passed {
					late++
				} else {
					inTime++
				}
				mu.Unlock()
			}
		})
	}
	crowd.Wait()
	stop()
	bell.Wait()
	closeDue(t, r.s)
	for i, meal := range r.meals(t) {
		at := 0
		for r.pupils[at] != i {
			at++
		}
		if meal != wants[at] {
			t.Errorf("family %d said last that its child is %v, the sheet has %v", at, wants[at], meal)
		}
	}
	if inTime < rushing || late < rushing {
		t.Errorf("only %d requests came in time and %d late: nothing crossed the cut-off", inTime, late)
	}
	t.Logf("%d requests in time, %d late", inTime, late)
}

// A request in time that is never answered holds the close up only as long as a
// request may take; then its ticket is worth nothing any more.
func TestPromise_revokedTicketIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cutoff := monday.At(9*60 + 30)
		began := time.Now()
		r := newRush(t, func() time.Time { return cutoff.Add(time.Since(began) - time.Second) })
		stuck := r.s.Gate().Enter()
		time.Sleep(2 * time.Second) // the cut-off has passed
		waited := time.Now()
		if n := closeDue(t, r.s); n != 1 {
			t.Fatalf("closed %d schools, want 1", n)
		}
		if took := time.Since(waited); took != DrainPatience {
			t.Errorf("the close waited %v for a request that is stuck, want %v", took, DrainPatience)
		}
		act := r.families[0]
		act.Received, act.Ticket = stuck.Received, stuck
		_, err := r.s.Communicate(act, CommunicationRequest{Pupils: r.pupils[:1], Kind: canteen.Absence, From: monday.AddDays(1), To: monday.AddDays(1)})
		if canteen.KindOf(err) != canteen.KindUnavailable {
			t.Errorf("an act with a revoked ticket: got %v, want unavailable", err)
		}
		stuck.Leave()
		if meal := r.meals(t)[r.pupils[0]]; meal != canteen.MealStandard {
			t.Errorf("the child of a refused request has the meal %v, want standard", meal)
		}
	})
}

// The close waits for the one request that came in the last instant, and takes
// it.
func TestPromise_theCloseWaitsForWhatCameInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cutoff := monday.At(9*60 + 30)
		began := time.Now()
		r := newRush(t, func() time.Time { return cutoff.Add(time.Since(began)) })
		var last sync.WaitGroup
		var answer DayOutcome
		var failed error
		last.Go(func() { _, answer, failed = r.send(0, canteen.Absence, 5*time.Second) })
		time.Sleep(time.Second)
		start := time.Now()
		closeDue(t, r.s)
		if took := time.Since(start); took != 4*time.Second {
			t.Errorf("the close waited %v, want the 4 s until the request was answered", took)
		}
		last.Wait()
		if failed != nil || answer.Outcome != canteen.Accepted {
			t.Errorf("a request received at the cut-off: got %v, %v; want accepted", answer.Outcome, failed)
		}
		if meal := r.meals(t)[r.pupils[0]]; meal != canteen.MealAbsent {
			t.Errorf("its meal is %v, want absent", meal)
		}
	})
}
