package jobs

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// A school year with a leap day and both changes of the clocks: figures R6 and
// R13 of the reliability goals. The record's clock leaps over the hours in which
// nothing is due.
func TestRunner_aSchoolYear(t *testing.T) {
	if testing.Short() {
		t.Skip("a year takes half a minute under the race detector")
	}
	synctest.Test(t, func(t *testing.T) {
		const first, last = canteen.Date(20270901), canteen.Date(20280831)
		h := build(t, at(first, 0, 0, 0))
		h.start()
		charged, early, n := 0, uint64(0), 0
		for day := first; day <= last; day = day.AddDays(1) {
			n++
			h.night(day)
			h.clock.leap(at(day, 8, 58, 0), 40) // a bell every 80 s: no heartbeat is missed
			h.clock.until(at(day, 9, 29, 50))
			h.clock.leap(at(day, 9, 29, 50), 1)
			h.clock.until(at(day, 9, 30, 6))
			if serves(day) {
				charged++
				h.wantClosed(day, at(day, 9, 30, 0))
			} else if state := h.day(day).State; state != canteen.DayVoid {
				t.Errorf("%s: got %s, want no service", day, state)
			}
			if n%20 == 0 {
				h.check()
				h.wantCharged(charged)
			}
			if n == 60 { // in the second month
				early = heap()
			}
		}
		if n != 366 || charged < 190 {
			t.Errorf("the year had %d days, %d of them with service", n, charged)
		}
		h.wantCharged(charged)
		if late := heap(); late > early*3/2 {
			t.Errorf("the heap grew from %d kB in the second month to %d kB at the end of the year", early>>10, late>>10)
		} else {
			t.Logf("%d days, %d closed; heap %d kB in the second month, %d kB at the end", n, charged, early>>10, late>>10)
		}
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// night lets the jobs of the night run; where the clocks change it goes through
// the whole night.
func (h *house) night(day canteen.Date) {
	h.Helper()
	if offset(day) != offset(day.AddDays(1)) {
		h.clock.leap(at(day, 0, 0, 0), 30)
		h.clock.until(at(day, 5, 0, 0))
	} else {
		h.clock.leap(at(day, 4, 11, 0), 1)
		h.clock.until(at(day, 4, 11, 32))
	}
	for _, j := range nightly {
		run, ran, err := h.s.RunOf(j.name, day.String())
		if err != nil || !ran || run.Error != "" || canteen.DateOf(run.At) != day {
			h.Errorf("%s: job %s: %+v, %v, %v", day, j.name, run, ran, err)
		}
	}
}

func offset(day canteen.Date) int {
	_, seconds := day.At(0).Zone()
	return seconds
}

// serves is the calendar of a new file, said again: Monday to Friday from
// September to June without the nation's holidays.
func serves(day canteen.Date) bool {
	_, holiday := canteen.NationalHoliday(day)
	summer := day.Month() == time.July || day.Month() == time.August
	weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
	return !holiday && !summer && !weekend
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A machine that was off for three days charges nobody for them: the office
// decides (design §4).
func TestRunner_threeDaysDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 8, 0, 0))
		h.start()
		h.clock.until(at(monday, 9, 31, 0))
		h.wantClosed(monday, at(monday, 9, 30, 0))
		h.stop()
		friday := monday.AddDays(4)
		h.restart(at(friday, 8, 0, 0))
		left, err := h.s.Unattended(store.Console(), 10)
		if want := []canteen.Date{monday.AddDays(1), monday.AddDays(2), monday.AddDays(3)}; err != nil || !slices.Equal(left, want) {
			t.Errorf("unattended: got %v, %v; want %v", left, err, want)
		}
		h.clock.until(at(friday, 9, 31, 0))
		h.wantClosed(friday, at(friday, 9, 30, 0))
		h.wantCharged(2)
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// The minutes during which nobody could cancel are given back, up to the limit
// agreed with the kitchen.
func TestStory09_minutesLostBeforeTheCutoffAreGivenBack(t *testing.T) {
	for _, c := range []struct {
		name       string
		back       time.Time
		want       time.Time
		closesAt   time.Time
		stillTaken bool
	}{
		{"back at 9:20", at(monday, 9, 20, 0), at(monday, 9, 40, 0), at(monday, 9, 40, 0), true},
		{"back at 9:45", at(monday, 9, 45, 0), at(monday, 10, 0, 0), at(monday, 10, 0, 0), true},
		{"back at 11:00", at(monday, 11, 0, 0), at(monday, 10, 0, 0), at(monday, 11, 0, 0), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := build(t, at(monday, 8, 0, 0))
				h.start()
				h.clock.until(at(monday, 9, 10, 1))
				h.stop()
				h.restart(c.back)
				if got := h.day(monday).Cutoff.At; !got.Equal(c.want) {
					t.Errorf("cut-off: got %v, want %v", got, c.want)
				}
				got := h.say(h.pupils[0], canteen.Absence, monday).Outcome
				if want := map[bool]canteen.Outcome{true: canteen.Accepted, false: canteen.TooLate}[c.stillTaken]; got != want {
					t.Errorf("a cancellation at %v: got %s, want %s", c.back, got, want)
				}
				if h.clock.now().Before(c.closesAt) {
					h.clock.until(c.closesAt.Add(5 * time.Second))
				}
				h.wantClosed(monday, c.closesAt)
				if err := h.r.Stop(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A restart around the cut-off closes the day once, not before it and not long
// after.
func TestRunner_restartsAroundTheCutoff(t *testing.T) {
	for _, back := range []time.Time{at(monday, 9, 29, 59), at(monday, 9, 30, 0), at(monday, 9, 30, 1)} {
		t.Run(back.Format(time.TimeOnly), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := build(t, at(monday, 8, 0, 0))
				h.start()
				h.clock.until(at(monday, 9, 29, 50))
				h.stop()
				h.restart(back)
				if !back.After(at(monday, 9, 30, 0)) && h.day(monday).State == canteen.DayClosed {
					t.Errorf("started at %v, closed before the cut-off had passed", back)
				}
				h.clock.until(at(monday, 9, 30, 5))
				h.wantClosed(monday, at(monday, 9, 30, 0))
				h.stop()
				h.restart(at(monday, 9, 30, 10))
				h.wantClosed(monday, at(monday, 9, 30, 0))
				h.wantCharged(1)
				if err := h.r.Stop(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A clock that is put back or forward closes nothing twice and lets nobody in
// again.
func TestRunner_clockBackAndForward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 9, 0, 0))
		h.start()
		h.clock.until(at(monday, 9, 31, 0))
		h.clock.leap(at(monday, 8, 0, 0), 1)
		h.clock.until(at(monday, 8, 1, 0))
		if got := h.say(h.pupils[0], canteen.Absence, monday).Outcome; got != canteen.TooLate {
			t.Errorf("a cancellation for a closed day, the clock put back: got %s, want too-late", got)
		}
		h.clock.leap(at(monday, 9, 29, 0), 1)
		h.clock.until(at(monday, 9, 31, 0))
		h.wantClosed(monday, at(monday, 9, 30, 0))
		h.wantCharged(1)

		tuesday := monday.AddDays(1)
		h.clock.leap(at(tuesday, 8, 0, 0), 1)
		h.clock.until(at(tuesday, 8, 5, 0))
		h.clock.leap(at(tuesday, 12, 0, 0), 1) // as if it had been away since
		h.clock.until(at(tuesday, 12, 0, 5))
		h.wantClosed(tuesday, at(tuesday, 12, 0, 0))
		if got, want := h.day(tuesday).Cutoff.At, at(tuesday, 10, 0, 0); !got.Equal(want) {
			t.Errorf("cut-off of the day the clock leapt over: got %v, want %v", got, want)
		}
		h.wantCharged(2)
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// Two bells at once do what one does.
func TestRunner_twoTicksAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 9, 30, 1))
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { h.r.Bell(t.Context()) })
			all.Go(func() { h.r.Night(t.Context()) })
		}
		all.Wait()
		h.wantClosed(monday, at(monday, 9, 30, 1))
		h.wantCharged(1)
		if text := h.log.String(); strings.Contains(text, "level=ERROR") {
			t.Errorf("two ticks at once failed:\n%s", text)
		}
	})
}

// A second process is refused while the first is at work.
func TestRunner_aSecondProcessIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 9, 29, 0))
		h.start()
		if _, err := store.Open(h.path, store.Options{Now: h.clock.now}); canteen.KindOf(err) != canteen.KindConflict {
			t.Errorf("a second process on the file: got %v, want conflict", err)
		}
		h.clock.until(at(monday, 9, 31, 0))
		h.wantClosed(monday, at(monday, 9, 30, 0))
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// The patron saint falls on a Friday: the town's rule closes the day for all,
// nothing is cooked, charged or left for the office to decide.
func TestRunner_patronSaintOnAFriday(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		friday := monday.AddDays(4)
		h := build(t, at(monday, 8, 0, 0))
		office := store.Act{Actor: canteen.Actor{Login: "ufficio", Role: canteen.RoleOffice}}
		if err := h.s.AddDayRule(office, canteen.DayRule{Layer: canteen.Town, From: friday, To: friday, Reason: "Santo patrono"}); err != nil {
			t.Fatal(err)
		}
		h.start()
		for day := monday; day <= monday.AddDays(7); day = day.AddDays(1) {
			h.clock.leap(at(day, 8, 58, 0), 1)
			h.clock.until(at(day, 9, 31, 0))
			if day == friday && h.say(h.pupils[0], canteen.Absence, friday).Outcome != canteen.NoService {
				t.Error("an absence on the feast of the patron saint was not told that there is no service")
			}
		}
		if state := h.day(friday).State; state != canteen.DayVoid {
			t.Errorf("the patron saint's day: got %s, want no service", state)
		}
		left, err := h.s.Unattended(store.Console(), 10)
		if err != nil || len(left) > 0 {
			t.Errorf("left to the office: %v, %v; want nothing", left, err)
		}
		h.wantCharged(5) // four days of the first week and the next Monday
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}
