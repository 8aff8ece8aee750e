package canteen

import (
	"slices"
	"testing"
)

// TestEnrolmentState_everyStepFromEveryState is the whole table: what is not
// listed is refused and leaves the state as it was.
func TestEnrolmentState_everyStepFromEveryState(t *testing.T) {
	legal := map[EnrolmentState]map[EnrolmentStep]EnrolmentState{
		Draft:     {Submit: Submitted, Withdraw: Withdrawn},
		Submitted: {Validate: Validated, Return: Returned, Withdraw: Withdrawn},
		Returned:  {Submit: Submitted, Withdraw: Withdrawn},
		Validated: {Withdraw: Withdrawn},
	}
	for from := EnrolmentState(0); from <= Withdrawn+1; from++ {
		for step := EnrolmentStep(0); step <= Withdraw+1; step++ {
			to, err := from.Next(step)
			want, ok := legal[from][step]
			switch {
			case ok && (err != nil || to != want):
				t.Errorf("%s after step %d: %s, %v; want %s", from, step, to, err, want)
			case !ok && (KindOf(err) != KindConflict || to != from):
				t.Errorf("%s after step %d: %s, %v; want a refusal", from, step, to, err)
			}
		}
	}
}

func TestSetFrom(t *testing.T) {
	a, b, c := NewDate(2026, 9, 1), NewDate(2026, 10, 1), NewDate(2026, 11, 1)
	list := []Since{{a, "F1"}, {c, "F3"}}
	for _, x := range []struct {
		name string
		day  Date
		code string
		want []Since
	}{
		{"a change drops what was said for later", b, "F2", []Since{{a, "F1"}, {b, "F2"}}},
		{"the same code adds nothing", b, "F1", []Since{{a, "F1"}}},
		{"from the first day on", a, "F4", []Since{{a, "F4"}}},
		{"an end", c, "", []Since{{a, "F1"}, {c, ""}}},
		{"later than all", NewDate(2026, 12, 1), "F4", []Since{{a, "F1"}, {c, "F3"}, {NewDate(2026, 12, 1), "F4"}}},
	} {
		if got := SetFrom(list, x.day, x.code); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
	if !slices.Equal(list, []Since{{a, "F1"}, {c, "F3"}}) {
		t.Errorf("the list given was changed: %v", list)
	}
	for day, want := range map[Date]string{a.AddDays(-1): "", a: "F1", c.AddDays(-1): "F1", c: "F3"} {
		if got := InForce(list, day); got != want {
			t.Errorf("in force on %s: %q, want %q", day, got, want)
		}
	}
}

func TestEnrolment_On(t *testing.T) {
	wednesday := NewDate(2026, 10, 14)
	for name, c := range map[string]struct {
		e    Enrolment
		week Weekdays
		want bool
	}{
		"validated":                  {Enrolment{State: Validated, From: wednesday}, MonToFri, true},
		"submitted only":             {Enrolment{State: Submitted, From: wednesday}, MonToFri, false},
		"from tomorrow":              {Enrolment{State: Validated, From: wednesday.AddDays(1)}, MonToFri, false},
		"until yesterday":            {Enrolment{State: Validated, From: wednesday.AddDays(-9), Until: wednesday.AddDays(-1)}, MonToFri, false},
		"until today":                {Enrolment{State: Validated, From: wednesday.AddDays(-9), Until: wednesday}, MonToFri, true},
		"own days without Wednesday": {Enrolment{State: Validated, From: wednesday, Weekdays: 0b00011}, MonToFri, false},
		"own days the class has not": {Enrolment{State: Validated, From: wednesday, Weekdays: 0b00100}, 0b00011, false},
		"own days with Wednesday":    {Enrolment{State: Validated, From: wednesday, Weekdays: 0b00100}, MonToFri, true},
		"an opening beside the week": {Enrolment{State: Validated, From: wednesday}, 0b00011, true},
	} {
		if _, got := c.e.On(wednesday, c.week); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}
