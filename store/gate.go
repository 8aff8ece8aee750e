package store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Gate keeps the promise of the cut-off (design §3): it stamps a request with
// the instant it reached the server and knows which requests are still being
// answered, so that a close can wait for everything that came in time.
type Gate struct {
	now     func() time.Time
	mu      sync.Mutex
	out     map[*Ticket]struct{}
	changed chan struct{} // closed when a ticket comes back; nil when nobody waits for that
}

// Ticket is the stamp of one request. An act with a revoked ticket is refused
// by the record: its close did not wait any longer.
type Ticket struct {
	Received time.Time
	gate     *Gate
	revoked  atomic.Bool
}

func newGate(now func() time.Time) *Gate {
	return &Gate{now: now, out: map[*Ticket]struct{}{}}
}

// Enter stamps a request. The stamp is taken under the same lock under which
// Drain looks, so no request in time can slip in behind it.
func (g *Gate) Enter() *Ticket {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := &Ticket{Received: g.now(), gate: g}
	g.out[t] = struct{}{}
	return t
}

// Leave gives the ticket back once the answer is written.
func (t *Ticket) Leave() {
	g := t.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.out, t)
	if g.changed != nil {
		close(g.changed)
		g.changed = nil
	}
}

// Drain returns when no request received at the cut-off or before is still
// being answered. Those that outlast patience (the request timeout, by which
// they have been answered as failed) or the context are revoked.
func (g *Gate) Drain(ctx context.Context, cutoff time.Time, patience time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		g.mu.Lock()
		var waiting []*Ticket
		for t := range g.out {
			if !t.Received.After(cutoff) && !t.revoked.Load() {
				waiting = append(waiting, t)
			}
		}
		if g.changed == nil {
			g.changed = make(chan struct{})
		}
		changed := g.changed
		if len(waiting) > 0 && ctx.Err() != nil {
			for _, t := range waiting {
				t.revoked.Store(true)
			}
			waiting = nil
		}
		g.mu.Unlock()
		if len(waiting) == 0 {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}
