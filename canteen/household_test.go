package canteen

import (
	"slices"
	"testing"
	"time"
)

func TestByAge_unknownBirthsLastTwinsByPAN(t *testing.T) {
	pupils := []Pupil{{PAN: 8}, {PAN: 7, Born: 20170101}, {PAN: 5}, {PAN: 6, Born: 20170101}, {PAN: 9, Born: 20150101}}
	slices.SortFunc(pupils, func(a, b Pupil) int { return ByAge(&a, &b) })
	for i, want := range []PAN{9, 6, 7, 5, 8} {
		if pupils[i].PAN != want {
			t.Errorf("place %d: pupil %d, want %d", i+1, pupils[i].PAN, want)
		}
	}
}

func TestDelegation_allowsWhatWasGrantedUntilItsLastDay(t *testing.T) {
	d := Delegation{Pupil: 1, Delegate: 5, By: 9, Rights: []Right{RightCancel}, Until: 20261012}
	for _, c := range []struct {
		right Right
		day   Date
		want  bool
	}{
		{RightSee, 20261012, true}, {RightCancel, 20261012, true}, {RightPay, 20261012, false}, {RightOwn, 20261012, false},
		{RightSee, 20261013, false}, {RightCancel, 20261013, false},
	} {
		if got := d.Allows(c.right, c.day); got != c.want {
			t.Errorf("%s on %s: %t, want %t", c.right, c.day, got, c.want)
		}
	}
	smuggled := Delegation{Rights: []Right{RightOwn}}
	if smuggled.Allows(RightOwn, 20261012) {
		t.Error("a delegation granted what only guardians have")
	}
	for name, p := range map[string]Pupil{"granted by nobody's guardian": {Guardians: []GuardianID{8}}, "a guardian itself": {Guardians: []GuardianID{9, 5}}} {
		if d.Holds(&p, 20261012) {
			t.Errorf("%s: the delegation holds", name)
		}
	}
	if p := (Pupil{Guardians: []GuardianID{9}}); !d.Holds(&p, 20261012) || d.Holds(&p, 20261013) {
		t.Error("the delegation of a guardian does not hold to its last day, or beyond it")
	}
}

func TestJoinDelegations_keepsEveryRightAndTheLaterEnd(t *testing.T) {
	a, b := Delegation{Rights: []Right{RightPay}, Until: 20261012}, Delegation{Rights: []Right{RightSee, RightPay}, Until: 20270101}
	if got := JoinDelegations(a, b); !slices.Equal(got.Rights, []Right{RightSee, RightPay}) || got.Until != 20270101 {
		t.Errorf("joined: %+v", got)
	}
	b.Until = 0
	if got := JoinDelegations(a, b); got.Until != 0 {
		t.Errorf("joined with one without an end: until %s", got.Until)
	}
}

func TestCheckDelegation_refusesWhatGrantsNothing(t *testing.T) {
	today := Date(20261012)
	for name, c := range map[string]struct {
		rights []Right
		until  Date
		ok     bool
	}{
		"to the day": {[]Right{RightSee}, today, true}, "without end": {[]Right{RightPay}, 0, true}, "no right": {nil, 0, false},
		"over": {[]Right{RightSee}, today.AddDays(-1), false}, "what nobody grants": {[]Right{RightOwn}, 0, false},
	} {
		if err := CheckDelegation(c.rights, c.until, today); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInvitationCode_isReadAsPeopleTypeIt(t *testing.T) {
	code := InvitationCode([8]byte{0, 31, 32, 63, 64, 200, 255, 7})
	for _, typed := range []string{code, " " + code + " ", code[:4] + code[5:], code[:4] + " – " + code[5:]} {
		if got, err := ParseInvitationCode(typed); err != nil || got != code {
			t.Errorf("%q: %q, %v; want %q", typed, got, err, code)
		}
	}
	for _, typed := range []string{"", "AAAA", "AAAA-AAAAA", "AAAA-AAA0", "AAAA-AAA<", "ÀAAA-AAAA"} {
		if got, err := ParseInvitationCode(typed); err == nil {
			t.Errorf("%q was read as %q", typed, got)
		}
	}
}

func TestInvitation_isOpenOnceAndForSevenDays(t *testing.T) {
	now := NewDate(2026, 10, 12).At(8 * 60)
	i := Invitation{Made: now, Expires: now.Add(InvitationLife)}
	if err := i.Open(i.Expires.Add(-time.Millisecond)); err != nil {
		t.Errorf("a moment before the end: %v", err)
	}
	if err := i.Open(i.Expires); KindOf(err) != KindTooLate {
		t.Errorf("at the end: %v, want too late", err)
	}
	i.Used = now
	if err := i.Open(now); KindOf(err) != KindConflict {
		t.Errorf("used: %v, want a conflict", err)
	}
}

// TestTryLimit_isPerStretchOfTime holds the pure rule.
func TestTryLimit_isPerStretchOfTime(t *testing.T) {
	limit := TryLimit{Most: 2, In: time.Hour}
	start := NewDate(2026, 10, 12).At(8 * 60)
	var tries Tries
	var err error
	for i := range 2 {
		if tries, err = limit.Spend(tries, start.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err = limit.Spend(tries, start.Add(59*time.Minute)); err == nil {
		t.Error("a third try within the hour was allowed")
	}
	if _, err = limit.Spend(tries, start.Add(time.Hour)); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}
