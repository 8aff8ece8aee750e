package store

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"refettorio/canteen"
)

// drained runs Drain and returns a channel that is closed when it has returned.
func drained(g *Gate, cutoff time.Time, patience time.Duration) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.Drain(context.Background(), cutoff, patience)
	}()
	return done
}

func isDone(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

func TestGate_drainWaitsForWhatCameInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Now)
		inTime := g.Enter()
		cutoff := time.Now()
		time.Sleep(time.Second)
		late := g.Enter()
		done := drained(g, cutoff, time.Hour)
		synctest.Wait()
		if isDone(done) {
			t.Fatal("drain returned while a request in time was out")
		}
		late.Leave()
		synctest.Wait()
		if isDone(done) {
			t.Fatal("drain took the late request's leave for that of the one in time")
		}
		inTime.Leave()
		synctest.Wait()
		if !isDone(done) || inTime.revoked.Load() {
			t.Errorf("drain returned %t, the ticket is revoked %t; want true, false", isDone(done), inTime.revoked.Load())
		}
	})
}

func TestGate_drainLosesPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Now)
		stuck := g.Enter()
		time.Sleep(time.Second)
		cutoff := time.Now()
		time.Sleep(time.Second)
		late := g.Enter()
		start := time.Now()
		g.Drain(context.Background(), cutoff, 20*time.Second)
		if took := time.Since(start); took != 20*time.Second {
			t.Errorf("drain waited %s, want its patience of 20s", took)
		}
		if !stuck.revoked.Load() || late.revoked.Load() {
			t.Errorf("revoked: the stuck one %t, the late one %t; want true, false", stuck.revoked.Load(), late.revoked.Load())
		}
		start = time.Now()
		g.Drain(context.Background(), cutoff, 20*time.Second)
		if took := time.Since(start); took != 0 {
			t.Errorf("drain waited %s for a ticket that is revoked already", took)
		}
		stuck.Leave()
		late.Leave()
	})
}

func TestGate_drainEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Now)
		stuck := g.Enter()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		g.Drain(ctx, time.Now(), time.Hour)
		if took := time.Since(start); took != 3*time.Second || !stuck.revoked.Load() {
			t.Errorf("drain took %s, revoked %t; want 3s, true", took, stuck.revoked.Load())
		}
		stuck.Leave()
	})
}

// TestGate_neverBehindTheClose is the property the cut-off rests on: when Drain
// has returned, every ticket received at the cut-off or before has come back or
// is revoked; none later is. Requests of any length come and go while the day's
// cut-offs are drained.
func TestGate_neverBehindTheClose(t *testing.T) {
	for range 20 {
		seed := rand.Uint64()
		synctest.Test(t, func(t *testing.T) { gateProperty(t, rand.New(rand.NewPCG(seed, 1)), seed) })
	}
}

func gateProperty(t *testing.T, random *rand.Rand, seed uint64) {
	g := newGate(time.Now)
	start := time.Now()
	type request struct {
		ticket *Ticket
		back   atomic.Bool
	}
	var mu sync.Mutex
	var all []*request
	var wg sync.WaitGroup
	for range 200 {
		arrives, lasts := time.Duration(random.Int64N(int64(time.Minute))), time.Duration(random.Int64N(int64(40*time.Second)))
		wg.Go(func() {
			time.Sleep(arrives)
			r := &request{ticket: g.Enter()}
			mu.Lock()
			all = append(all, r)
			mu.Unlock()
			time.Sleep(lasts)
			r.back.Store(true)
			r.ticket.Leave()
		})
	}
	for range 3 {
		cutoff := start.Add(time.Duration(random.Int64N(int64(time.Minute))))
		wg.Go(func() {
			time.Sleep(time.Until(cutoff) + time.Nanosecond)
			g.Drain(context.Background(), cutoff, 20*time.Second)
			mu.Lock()
			defer mu.Unlock()
			for _, r := range all {
				inTime, gone := !r.ticket.Received.After(cutoff), r.back.Load() || r.ticket.revoked.Load()
				if inTime && !gone {
					t.Errorf("seed %d: received %s before the cut-off, and neither back nor revoked", seed, cutoff.Sub(r.ticket.Received))
				}
			}
		})
	}
	wg.Wait()
	if len(g.out) != 0 {
		t.Errorf("seed %d: %d tickets are still out", seed, len(g.out))
	}
}

// TestGate_clockGoesBack: a request stamped before the cut-off by a clock that
// went back behind the close finds the day closed; nothing is accepted twice.
func TestGate_clockGoesBack(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(monday, "09:40")
	if got := closeDue(t, s); got != 3 {
		t.Fatalf("closed %d schools, want 3", got)
	}
	c.at(monday, "08:00")
	ticket := s.Gate().Enter()
	defer ticket.Leave()
	act := town.family(town.elder)
	act.Ticket, act.Received = ticket, ticket.Received
	if got := town.sayAs(t, act, town.elder, canteen.Absence, monday); got.Outcome != canteen.TooLate {
		t.Errorf("got %s for a closed day, want too-late", got.Outcome)
	}
	if got := closeDue(t, s); got != 0 {
		t.Errorf("the clock back before the cut-off: closed %d schools again", got)
	}
}

// TestGate_revokedTicketWritesNothing: a request the close did not wait for any
// longer is refused by the record, even when its stamp is in time.
func TestGate_revokedTicketWritesNothing(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(monday, "09:10")
	ticket := s.Gate().Enter()
	c.at(monday, "09:16")
	s.Gate().Drain(t.Context(), instant(monday, "09:15"), time.Millisecond)
	act := town.family(town.elder)
	act.Ticket, act.Received = ticket, ticket.Received
	_, err := s.Communicate(act, CommunicationRequest{Pupils: []canteen.PAN{town.elder}, Kind: canteen.Absence, From: monday, To: monday})
	if canteen.KindOf(err) != canteen.KindUnavailable {
		t.Errorf("got %v, want KindUnavailable: the family must know that nothing was taken", err)
	}
	ticket.Leave()
	if got := prove(t, s); got.Communications != 0 || got.Receipts != 0 {
		t.Errorf("%d communications and %d receipts were written", got.Communications, got.Receipts)
	}
}

// TestGate_requestInTimeIsInTheClose: the close waits for a request that came
// before the cut-off and is still being answered.
func TestGate_requestInTimeIsInTheClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t)
		town := fill(t, s)
		c.at(monday, "09:15")
		ticket := s.Gate().Enter() // the very instant of the cut-off is in time
		c.at(monday, "09:15:00.001")
		closed := make(chan int, 1)
		go func() {
			n, _ := s.CloseDue(context.Background(), Job()) // its error shows as a wrong number
			closed <- n
		}()
		synctest.Wait()
		if len(closed) != 0 {
			t.Fatal("the day closed while a request in time was out")
		}
		act := town.family(town.elder)
		act.Ticket, act.Received = ticket, ticket.Received
		if got := town.sayAs(t, act, town.elder, canteen.Absence, monday); got.Outcome != canteen.Accepted {
			t.Errorf("got %s at the instant of the cut-off, want accepted", got.Outcome)
		}
		ticket.Leave()
		if n := <-closed; n != 2 {
			t.Errorf("closed %d schools, want primaria and secondaria", n)
		}
		if o, ok := town.order(t, monday, "primaria 1A", town.elder); !ok || o.Meal != canteen.MealAbsent {
			t.Errorf("the register holds %+v, %t; want absent", o, ok)
		}
	})
}
