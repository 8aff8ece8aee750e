package store

import (
	"reflect"
	"testing"

	"refettorio/canteen"
)

// notice is a low-credit message as a test compares it.
type notice struct {
	day     canteen.Date
	alert   string
	balance canteen.Cents
}

// noticesOf returns the low-credit messages of a pupil, oldest first.
func noticesOf(t testing.TB, s *Store, pan canteen.PAN) (list []notice) {
	t.Helper()
	all, err := s.PendingMessages(office(), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(all) - 1; i >= 0; i-- {
		if m := all[i]; m.Kind == MessageLowCredit && m.Pupil == pan {
			list = append(list, notice{m.Day, m.Alert, m.Balance})
		}
	}
	return list
}

// plain is a pupil of primaria 1A who eats every day for 2,70, with the balance
// that openings gives it brought to the one a test needs.
func (town *smallTown) plain(t testing.TB, balance canteen.Cents) canteen.PAN {
	t.Helper()
	pan := town.of["primaria 1A"][3]
	have, _ := town.balance(t, pan)
	town.enter(t, pan, canteen.EntryOpening, "opening/to the test", balance-have)
	return pan
}

// enter posts an entry between a pupil and the takings.
func (town *smallTown) enter(t testing.TB, pan canteen.PAN, kind canteen.EntryKind, id string, amount canteen.Cents) {
	t.Helper()
	err := town.s.update(office(), func(tx *tx) error {
		tx.post(canteen.Entry{ID: id, Kind: kind, Day: canteen.DateOf(tx.now), At: tx.now, Actor: "ufficio",
			Postings: canteen.Transfer(canteen.LedgerTakings, canteen.LedgerOf(pan), amount)})
		return tx.err
	})
	if err != nil {
		t.Fatalf("post %s: %v", id, err)
	}
}

// TestAlerts_exactlyAtTheCrossings (mission 22): below the price of three meals,
// at zero, below each debt level; one message each, in the close that crosses.
func TestAlerts_exactlyAtTheCrossings(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.plain(t, 13_50)
	closeDays(t, s, c, monday, monday.AddDays(13))
	want := []notice{
		// 10,80 · 8,10 is three meals and not less · 5,40
		{wednesday, "low", 5_40},
		{friday, "empty", 0},
		// -2,70 … -10,80 on the second Thursday, -13,50 on its Friday
	}
	if got := noticesOf(t, s, pan); !reflect.DeepEqual(got, want) {
		t.Errorf("after two weeks the messages are %+v, want %+v", got, want)
	}
	closeDays(t, s, c, monday.AddDays(14), monday.AddDays(14))
	want = append(want, notice{monday.AddDays(14), "debt-1", -16_20})
	if got := noticesOf(t, s, pan); !reflect.DeepEqual(got, want) {
		t.Errorf("after the first debt level the messages are %+v, want %+v", got, want)
	}
}

// TestAlerts_speakAgainOnlyAfterTheyWereSilent: a payment that does not lift the
// balance above a threshold does not make its alert ready, one that does does.
func TestAlerts_speakAgainOnlyAfterTheyWereSilent(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.plain(t, 8_10)
	day := func(d canteen.Date) { closeDays(t, s, c, d, d) }
	pay := func(ref string, amount canteen.Cents) {
		t.Helper()
		err := s.RecordOutsidePayment(office(), OutsidePayment{Pupil: pan, Amount: amount, Day: canteen.DateOf(c.now()), Reference: ref, Means: "bank"})
		if err != nil {
			t.Fatal(err)
		}
	}
	day(monday)       // 5,40: low
	pay("CRO 1", 100) // 6,40: still below 8,10
	day(tuesday)      // 3,70: nothing new
	pay("CRO 2", 1000)
	pay("CRO 2", 1000) // 13,70, once: low is ready again
	day(wednesday)     // 11,00
	day(thursday)      // 8,30
	day(friday)        // 5,60: low
	want := []notice{{monday, "low", 5_40}, {friday, "low", 5_60}}
	if got := noticesOf(t, s, pan); !reflect.DeepEqual(got, want) {
		t.Errorf("the messages are %+v, want %+v", got, want)
	}
}

// TestAlerts_oneMessageForOneFall: however many thresholds one entry falls
// through, the gravest speaks and the others count as spoken.
func TestAlerts_oneMessageForOneFall(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.plain(t, 20_00)
	c.at(monday, "08:30")
	town.enter(t, pan, canteen.EntryAdjustment, "adjustment/1", -40_00)
	want := []notice{{monday, "debt-1", -20_00}}
	if got := noticesOf(t, s, pan); !reflect.DeepEqual(got, want) {
		t.Errorf("after one fall the messages are %+v, want %+v", got, want)
	}
	closeDays(t, s, c, monday, friday)
	if got := noticesOf(t, s, pan); !reflect.DeepEqual(got, want) {
		t.Errorf("after a week between two levels the messages are %+v, want %+v", got, want)
	}
}

// TestAlerts_aBalanceBroughtAlongIsSilent: who comes with a debt hears of it at
// the first charge, not when the file of balances is imported.
func TestAlerts_aBalanceBroughtAlongIsSilent(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.plain(t, -49_00)
	if got := noticesOf(t, s, pan); len(got) != 0 {
		t.Errorf("an opening balance spoke: %+v", got)
	}
	closeDays(t, s, c, monday, monday)
	want := []notice{{monday, "debt-2", -51_70}}
	if got := noticesOf(t, s, pan); !reflect.DeepEqual(got, want) {
		t.Errorf("the messages are %+v, want %+v", got, want)
	}
}

// TestAlerts_priceOfThePupil: three meals are three of that pupil's own price,
// and an exempt one is never low.
func TestAlerts_priceOfThePupil(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	outside := town.outside // 4,20 a meal: low below 12,60, eats on Monday, Wednesday and Friday
	have, _ := town.balance(t, outside)
	town.enter(t, outside, canteen.EntryOpening, "opening/to the test", 16_80-have)
	have, _ = town.balance(t, town.exempt)
	town.enter(t, town.exempt, canteen.EntryOpening, "opening/to the test too", 50-have)
	closeDays(t, s, c, monday, friday)
	if got, want := noticesOf(t, s, outside), []notice{{wednesday, "low", 8_40}}; !reflect.DeepEqual(got, want) {
		t.Errorf("the messages are %+v, want %+v", got, want)
	}
	if got := noticesOf(t, s, town.exempt); len(got) != 0 {
		t.Errorf("the exempt one was written to: %+v", got)
	}
}
