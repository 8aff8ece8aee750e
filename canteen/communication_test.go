package canteen

import (
	"testing"
	"time"
)

// TestPupilDay_everyState tries every combination of what a day can be with
// every act, and holds it against the sentences of mission 11 and 14.
func TestPupilDay_everyState(t *testing.T) {
	day := NewDate(2026, 10, 14)
	cutoff := CutoffOn(day, DefaultCutoff, DefaultLimit, nil)
	standing := map[string]*Communication{"nothing": nil, "absence": {Kind: Absence}, "white": {Kind: White}}
	for _, enrolled := range []bool{true, false} {
		for _, service := range []bool{true, false} {
			for _, closed := range []bool{true, false} {
				for what, current := range standing {
					for _, late := range []bool{true, false} {
						d := PupilDay{Day: day, Enrolled: enrolled, Service: service, Closed: closed, Cutoff: cutoff, Current: current}
						received := cutoff.At
						if late {
							received = received.Add(time.Nanosecond)
						}
						open := !closed && !late
						for _, kind := range []CommunicationKind{Absence, White} {
							want := Accepted
							switch {
							case !enrolled || !service:
								want = NoService
							case current != nil && current.Kind == kind:
								want = Already
							case !open:
								want = TooLate
							}
							if got := d.Decide(kind, received); got != want {
								t.Errorf("%s, %s stands, enrolled %t, service %t, closed %t, late %t: %s, want %s", kind, what, enrolled, service, closed, late, got, want)
							}
						}
						want := Accepted
						switch {
						case current == nil:
							want = Already
						case !open:
							want = TooLate
						}
						if got := d.DecideRevocation(received); got != want {
							t.Errorf("revocation, %s stands, closed %t, late %t: %s, want %s", what, closed, late, got, want)
						}
					}
				}
			}
		}
	}
}

func TestCommunicationKind_namesRoundTrip(t *testing.T) {
	for _, k := range []CommunicationKind{Absence, White} {
		if got, err := ParseCommunicationKind(k.String()); err != nil || got != k {
			t.Errorf("%q read back as %v, %v", k, got, err)
		}
	}
	if _, err := ParseCommunicationKind("vacation"); KindOf(err) != KindInvalid {
		t.Errorf("an unknown kind: %v, want invalid", err)
	}
}
