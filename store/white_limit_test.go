package store

import (
	"testing"

	"refettorio/canteen"
)

// white asks for white meals and returns the days accepted and refused by the
// limit, and what the preview said of the same.
func white(t *testing.T, town *smallTown, pan canteen.PAN, from, to canteen.Date) (accepted, over []canteen.Date) {
	t.Helper()
	req := CommunicationRequest{Pupils: []canteen.PAN{pan}, Kind: canteen.White, From: from, To: to}
	told, err := town.s.Preview(town.family(pan), req)
	if err != nil {
		t.Fatal(err)
	}
	out, err := town.s.Communicate(town.family(pan), req)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range out[0].Days {
		if told[0].Days[i].Outcome != d.Outcome {
			t.Errorf("%s: the preview said %s, the answer is %s", d.Day, told[0].Days[i].Outcome, d.Outcome)
		}
		switch d.Outcome {
		case canteen.Accepted:
			accepted = append(accepted, d.Day)
		case canteen.OverLimit:
			over = append(over, d.Day)
			if out[0].Limit != 3 || !d.Receipt.IsZero() {
				t.Errorf("%s: refused with limit %d and receipt %s", d.Day, out[0].Limit, d.Receipt)
			}
		}
	}
	return accepted, over
}

// TestWhiteLimit_acrossDaysGivenWeekendsAndClosures: the fourth white meal in a
// row is refused, whether the three before it are asked with it, were given
// already, or lie before a weekend or a closure.
func TestWhiteLimit_acrossDaysGivenWeekendsAndClosures(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.of["primaria 1A"][6]
	if got, over := white(t, town, pan, monday, monday.AddDays(4)); len(got) != 3 || len(over) != 2 {
		t.Errorf("a whole week: %v accepted, %v refused; want three and two", got, over)
	}
	closeDays(t, s, c, monday, monday.AddDays(2)) // the three were eaten
	c.at(monday.AddDays(2), "11:00")
	if got, over := white(t, town, pan, monday.AddDays(3), monday.AddDays(3)); len(got) != 0 || len(over) != 1 {
		t.Errorf("the day after three that were eaten: %v accepted, %v refused", got, over)
	}
	other := town.of["primaria 1A"][7]
	thursday, next := monday.AddDays(3), monday.AddDays(7)
	if err := s.AddDayRule(office(), canteen.DayRule{Layer: canteen.Town, From: next, To: next, Reason: "Patrono"}); err != nil {
		t.Fatal(err)
	}
	white(t, town, other, thursday, thursday.AddDays(1))
	if got, over := white(t, town, other, next, next.AddDays(3)); len(got) != 1 || got[0] != next.AddDays(1) || len(over) != 2 {
		t.Errorf("after a weekend and a closure: %v accepted, %v refused; want Tuesday and two", got, over)
	}
}

// TestWhiteLimit_isASetting: and other requests know nothing of it.
func TestWhiteLimit_isASetting(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	pan := town.of["primaria 1A"][6]
	rules := canteen.DefaultDietRules()
	rules.White = 0
	if err := s.SetDietRules(town.family(pan), rules); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("a family changes the limit: %v, want forbidden", err)
	}
	if err := s.SetDietRules(officer(), rules); err != nil {
		t.Fatal(err)
	}
	if got, over := white(t, town, pan, monday, monday.AddDays(11)); len(got) != 10 || len(over) != 0 {
		t.Errorf("without a limit: %v accepted, %v refused; want two whole weeks", got, over)
	}
	rules.White = -1
	wantFieldRefusal(t, "a limit below zero", s.SetDietRules(officer(), rules), canteen.KindInvalid, "white")
}
