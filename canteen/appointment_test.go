package canteen

import (
	"slices"
	"testing"
	"time"
)

func TestDeskHours_times(t *testing.T) {
	h := DefaultDeskHours
	h.Closed = []Date{20261013}
	for _, test := range []struct {
		name  string
		day   Date
		n     int
		first ClockTime
	}{
		{"Monday morning", 20261012, 14, 9 * 60},
		{"Thursday has an afternoon", 20261015, 22, 9 * 60},
		{"a day of its own closing", 20261013, 0, 0},
		{"Sunday", 20261018, 0, 0},
		{"a national holiday on a Tuesday", 20261208, 0, 0},
	} {
		times := h.Times(test.day)
		if len(times) != test.n || test.n > 0 && times[0] != test.first || !slices.IsSorted(times) {
			t.Errorf("%s: %d times %v, want %d from %s", test.name, len(times), times, test.n, test.first)
		}
	}
}

// TestDeskHours_clockChanges: hours on the Sundays on which the clocks change are
// as many as on any other, each a moment of its own.
func TestDeskHours_clockChanges(t *testing.T) {
	h := DeskHours{Minutes: 30, Places: 1, Ahead: 30, Openings: []DeskOpening{{time.Sunday, deskEarliest, deskLatest}}}
	if err := h.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, day := range []Date{20260329, 20261025, 20261018} {
		times := h.Times(day)
		if len(times) != 32 {
			t.Errorf("%s: %d times, want 32", day, len(times))
		}
		for i := 1; i < len(times); i++ {
			if gap := day.At(times[i]).Sub(day.At(times[i-1])); gap != 30*time.Minute {
				t.Errorf("%s: %s lies %s behind %s", day, times[i], gap, times[i-1])
			}
		}
	}
}

func TestDeskHours_place(t *testing.T) {
	h := DefaultDeskHours
	h.Places = 2
	monday, nine := Date(20261012), ClockTime(9*60)
	now := monday.At(8 * 60)
	for _, test := range []struct {
		name  string
		day   Date
		at    ClockTime
		taken []int
		now   time.Time
		place int
		kind  Kind
	}{
		{"the first place", monday, nine, nil, now, 1, KindInternal},
		{"the second place", monday, nine, []int{1}, now, 2, KindInternal},
		{"a place given back", monday, nine, []int{2}, now, 1, KindInternal},
		{"full", monday, nine, []int{2, 1}, now, 0, KindConflict},
		{"fewer places than are taken", monday, nine, []int{3, 1, 2}, now, 0, KindConflict},
		{"a minute before", monday, nine, nil, monday.At(nine - 1), 1, KindInternal},
		{"at that very time", monday, nine, nil, monday.At(nine), 0, KindTooLate},
		{"yesterday", monday.AddDays(-3), nine, nil, now, 0, KindTooLate},
		{"between two times", monday, nine + 7, nil, now, 0, KindInvalid},
		{"the last day ahead", monday.AddDays(30), nine, nil, now, 1, KindInternal},
		{"too far ahead", monday.AddDays(31), nine, nil, now, 0, KindInvalid},
	} {
		place, err := h.Place(test.day, test.at, test.taken, test.now)
		if place != test.place || (err != nil) != (test.kind != KindInternal) || err != nil && KindOf(err) != test.kind {
			t.Errorf("%s: place %d, %v; want %d, kind %v", test.name, place, err, test.place, test.kind)
		}
	}
}

func TestDeskHours_validate(t *testing.T) {
	for field, change := range map[string]func(*DeskHours){
		"minutes": func(h *DeskHours) { h.Minutes = 4 },
		"places":  func(h *DeskHours) { h.Places = 0 },
		"ahead":   func(h *DeskHours) { h.Ahead = 91 },
		"openings": func(h *DeskHours) {
			h.Openings = append(slices.Clone(h.Openings), DeskOpening{time.Monday, 12 * 60, 14 * 60})
		},
		"night": func(h *DeskHours) { h.Openings = []DeskOpening{{time.Sunday, 60, 5 * 60}} },
	} {
		h := DefaultDeskHours
		change(&h)
		if h.Validate() == nil {
			t.Errorf("%s: hours that cannot be were accepted", field)
		}
	}
	if h := DefaultDeskHours; h.Validate() != nil {
		t.Errorf("the default hours: %v", h.Validate())
	}
}

// TestAppointmentState_everyMove tries every event in every state.
func TestAppointmentState_everyMove(t *testing.T) {
	may := map[AppointmentState]string{AppointmentBooked: "call finish miss cancel", AppointmentCalled: "call finish miss", AppointmentMissed: "call"}
	n := 0
	for _, state := range []AppointmentState{AppointmentBooked, AppointmentCalled, AppointmentDone, AppointmentMissed, AppointmentCancelled} {
		for _, event := range []AppointmentEvent{AppointmentCall, AppointmentFinish, AppointmentMiss, AppointmentCancel, "dance"} {
			next, err := state.Next(event)
			if err == nil {
				n++
			} else if next != state {
				t.Errorf("%s refuses %s and becomes %s", state, event, next)
			}
		}
	}
	want := 0
	for _, events := range may {
		want += 1
		for _, c := range events {
			if c == ' ' {
				want++
			}
		}
	}
	if n != want {
		t.Errorf("%d moves are possible, want %d", n, want)
	}
}
