package canteen

import "time"

// FairWindow is the stretch before the cut-off during which the service must
// have been reachable (design §3.4).
const FairWindow = 30 * time.Minute

// Outage is a stretch during which the service could not be reached.
type Outage struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Cutoff is the instant of a day until which communications are accepted.
type Cutoff struct {
	At      time.Time // communications received at this instant or before are in time
	Planned time.Time // what the rule says on a day without outages
}

// Extended tells whether a fair extension moved the cut-off.
func (c Cutoff) Extended() bool { return c.At.After(c.Planned) }

// Passed tells whether an instant lies behind the cut-off (mission 11: an
// instant equal to it is still in time).
func (c Cutoff) Passed(t time.Time) bool { return t.After(c.At) }

// CutoffOn returns the cut-off of a day: the time of the rule, moved so that
// families had the service for the whole FairWindow before it, but never
// beyond limit. Outages are in order and do not overlap.
//
// With at 9:30 and the service away 9:10–9:20 the cut-off is 9:40; away
// 9:25–9:50 it is 9:55, because five minutes are still owed when it returns.
func CutoffOn(day Date, at, limit ClockTime, outages []Outage) Cutoff {
	planned := day.At(at)
	c := Cutoff{At: planned, Planned: planned}
	if len(outages) == 0 {
		return c
	}
	start, latest := planned.Add(-FairWindow), day.At(max(at, limit))
	owed, up := FairWindow, start
	for _, o := range outages {
		from, to := later(o.From, up), o.To
		if !to.After(from) {
			continue
		}
		if served := from.Sub(up); served >= owed {
			break
		} else {
			owed -= served
		}
		up = to
	}
	c.At = up.Add(owed)
	if c.At.After(latest) {
		c.At = latest
	}
	return c
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
