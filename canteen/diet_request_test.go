package canteen

import "testing"

// TestDietState_everyStep walks every state with every step: what the table of
// the request's life allows happens, everything else is refused and changes
// nothing.
func TestDietState_everyStep(t *testing.T) {
	want := map[DietState]map[DietStep]DietState{
		DietIncomplete: {"save": "incomplete", "send": "sent", "withdraw": "revoked"},
		DietSent:       {"return": "incomplete", "approve": "approved", "refuse": "refused", "withdraw": "revoked"},
		DietApproved:   {"extend": "approved", "revoke": "revoked", "replace": "revoked", "expire": "expired"},
		DietExpired:    {"extend": "approved", "revoke": "revoked", "replace": "revoked"},
		DietRefused:    {},
		DietRevoked:    {},
	}
	if len(want) != len(DietStates) {
		t.Fatalf("the table has %d states, there are %d", len(want), len(DietStates))
	}
	for _, state := range DietStates {
		for _, step := range DietSteps {
			to, legal := want[state][step]
			if !legal {
				to = state
			}
			got, err := state.Next(step)
			if got != to || (err == nil) != legal || state.Allows(step) != legal {
				t.Errorf("%s, %s: got %s, %v, allowed %t; want %s, legal %t", state, step, got, err, state.Allows(step), to, legal)
			}
			if err != nil && KindOf(err) != KindConflict {
				t.Errorf("%s, %s: kind %d, want a conflict", state, step, KindOf(err))
			}
		}
	}
}

// TestDietRequest_lastDayAtMidnightRome: the last day of validity counts whole,
// by the clock of Rome, winter and summer.
func TestDietRequest_lastDayAtMidnightRome(t *testing.T) {
	for _, last := range []Date{20270131, 20270630} {
		health := DietRequest{State: DietApproved, Kind: DietHealth, From: 20260914, Until: last}
		ethical := DietRequest{State: DietApproved, Kind: DietEthical, From: 20260914, Until: last}
		midnight := last.AddDays(1).At(0)
		before, after := DateOf(midnight.Add(-1)), DateOf(midnight)
		if got := health.Standing(before); got != DietApproved {
			t.Errorf("until %s, just before midnight: %s, want approved", last, got)
		}
		if got := health.Standing(after); got != DietExpired {
			t.Errorf("until %s, at midnight: %s, want expired", last, got)
		}
		if !health.Served(after) {
			t.Errorf("until %s: an expired health diet is not served any more", last)
		}
		if !ethical.Served(before) || ethical.Served(after) {
			t.Errorf("until %s: the ethical diet is served %t and then %t, want true and false", last, ethical.Served(before), ethical.Served(after))
		}
	}
	endless := DietRequest{State: DietApproved, Kind: DietHealth, From: 20260914}
	if got := endless.Standing(20991231); got != DietApproved {
		t.Errorf("without an end: %s in 2099, want approved", got)
	}
	if endless.Served(20260913) {
		t.Error("served the day before its first")
	}
}

func TestDietRequest_expiring(t *testing.T) {
	r := DietRequest{State: DietApproved, Until: 20261130}
	for day, want := range map[Date]bool{20261030: false, 20261031: true, 20261130: true, 20261201: false} {
		if got := r.Expiring(day, 30); got != want {
			t.Errorf("on %s: %t, want %t", day, got, want)
		}
	}
	r.State = DietRevoked
	if r.Expiring(20261115, 30) {
		t.Error("a revoked diet expires")
	}
}

func TestDietRequest_complete(t *testing.T) {
	words := []byte("sealed")
	for _, c := range []struct {
		r     DietRequest
		field string
	}{
		{DietRequest{Kind: DietEthical}, "asked"},
		{DietRequest{Kind: DietEthical, Sealed: words}, ""},
		{DietRequest{Kind: DietHealth, Sealed: words}, "certificate"},
		{DietRequest{Kind: DietHealth, Certificate: "image/jpeg"}, "asked"},
		{DietRequest{Kind: DietHealth, Sealed: words, Certificate: "image/jpeg"}, ""},
	} {
		field := ""
		if e, ok := c.r.Complete().(*Error); ok {
			field = e.Field
		}
		if field != c.field {
			t.Errorf("%+v: refused at %q, want %q", c.r, field, c.field)
		}
	}
}

func TestDietRules_lastByCategory(t *testing.T) {
	rules := DefaultDietRules()
	for _, c := range []struct {
		category DietCategory
		from     Date
		stage    Stage
		grade    string
		want     Date
	}{
		{DietCoeliac, 20260914, StagePrimaria, "1", 20310831},
		{DietCoeliac, 20270301, StagePrimaria, "1", 20310831},
		{DietDiabetes, 20260914, StagePrimaria, "5", 20270831},
		{DietFavism, 20260914, StageInfanzia, "2", 20280831},
		{DietBelief, 20260914, StageSecondaria, "3", 20270831},
		{DietCoeliac, 20260914, StagePrimaria, "mista", 20310831}, // a grade that is no number: the first
		{DietAllergy, 20260914, StagePrimaria, "1", 20270831},
		{DietAllergy, 20270831, StagePrimaria, "1", 20270831},
		{DietAllergy, 20270901, StagePrimaria, "2", 20280831},
		{DietInvestigation, 20261015, StagePrimaria, "1", 20270214},
		{DietInvestigation, 20261031, StagePrimaria, "1", 20270227}, // no 31 February
		{"invented", 20260914, StagePrimaria, "1", 0},
	} {
		if got := rules.Last(c.category, c.from, c.stage, c.grade); got != c.want {
			t.Errorf("%s from %s, %s %s: until %s, want %s", c.category, c.from, c.stage, c.grade, got, c.want)
		}
	}
}

func TestDietRules_validate(t *testing.T) {
	good := DefaultDietRules()
	if err := good.Validate(); err != nil {
		t.Fatalf("the default: %v", err)
	}
	for field, spoil := range map[string]func(*DietRules){
		"white":         func(r *DietRules) { r.White = -1 },
		"warn":          func(r *DietRules) { r.Warn = 0 },
		"months":        func(r *DietRules) { r.Months = 13 },
		"term-allergy":  func(r *DietRules) { delete(r.Terms, DietAllergy) },
		"term-diabetes": func(r *DietRules) { r.Terms[DietDiabetes] = "for ever" },
	} {
		r := DefaultDietRules()
		spoil(&r)
		if e, ok := r.Validate().(*Error); !ok || e.Field != field {
			t.Errorf("spoilt %s: %v", field, e)
		}
	}
}
