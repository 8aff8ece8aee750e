package canteen

import "testing"

func TestDecideHeard(t *testing.T) {
	day := Date(20261014)
	at := func(c ClockTime) PupilDay {
		return PupilDay{Day: day, Enrolled: true, Service: true, Cutoff: Cutoff{At: day.At(c)}}
	}
	const ten = 10 * 60
	closed, away, none := at(9*60+30), at(9*60+30), at(9*60+30)
	closed.Closed, away.Current, none.Service = true, &Communication{Kind: Absence}, false
	for _, test := range []struct {
		name            string
		state           PupilDay
		heard, received ClockTime
		request         bool
		kind            Kind
	}{
		{"entered before the cut-off", at(9*60 + 30), 550, 560, false, KindInternal},
		{"entered at the last moment", at(9*60 + 30), 550, 569, false, KindInternal},
		{"entered after the cut-off", at(9*60 + 30), 550, ten, true, KindInternal},
		{"entered before the cut-off of a day closed by hand", closed, 550, 560, true, KindInternal},
		{"called after the cut-off", at(9*60 + 30), 571, ten, false, KindTooLate},
		{"a call still to come", at(9*60 + 30), 565, 560, false, KindInvalid},
		{"absent already", away, 550, ten, false, KindConflict},
		{"no canteen", none, 550, ten, false, KindInvalid},
	} {
		request, err := test.state.DecideHeard(Absence, day.At(test.heard), day.At(test.received))
		if request != test.request || (err != nil) != (test.kind != KindInternal) || err != nil && KindOf(err) != test.kind {
			t.Errorf("%s: request %t, %v; want %t, kind %v", test.name, request, err, test.request, test.kind)
		}
	}
	state := at(9*60 + 30)
	if _, err := state.DecideHeard(Absence, day.At(550), day.AddDays(14).At(551)); KindOf(err) != KindInvalid {
		t.Errorf("two weeks and a minute later: %v, want invalid", err)
	}
	if _, err := state.DecideHeard(Absence, day.AddDays(-1).At(550), day.At(540)); KindOf(err) != KindInvalid {
		t.Errorf("a call of the day before: %v, want invalid", err)
	}
}
