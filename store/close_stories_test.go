package store

import (
	"reflect"
	"testing"
	"time"

	"refettorio/canteen"
)

// TestStory07_oneRecordForParentSchoolAndKitchen: the cancellation a family made
// is what the school's list and the kitchen's order say, and it has a receipt or
// a reason, nothing between.
func TestStory07_oneRecordForParentSchoolAndKitchen(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	before := sheetsOf(t, s, monday, true)
	answer := town.say(t, town.coeliac, canteen.Absence, monday)
	if answer.Outcome != canteen.Accepted || answer.Receipt.String() != "2026/000001" {
		t.Fatalf("got %s with receipt %s, want accepted with 2026/000001", answer.Outcome, answer.Receipt)
	}
	receipt, err := s.Receipt(town.family(town.coeliac), answer.Receipt)
	if err != nil || receipt.Pupil != town.coeliac || receipt.What != "absence" || !reflect.DeepEqual(receipt.Days, []canteen.Date{monday}) {
		t.Errorf("the receipt is %+v, %v", receipt, err)
	}
	again := town.say(t, town.coeliac, canteen.Absence, monday)
	if again.Outcome != canteen.Already || again.Receipt != answer.Receipt {
		t.Errorf("said twice: got %s with %s, want already with the first receipt", again.Outcome, again.Receipt)
	}
	meal := func() canteen.Meal {
		days, err := s.PupilCalendar(town.family(town.coeliac), town.coeliac, monday, monday)
		if err != nil {
			t.Fatal(err)
		}
		return days[0].Meal
	}
	if got := meal(); got != canteen.MealAbsent {
		t.Errorf("the family sees %s, want absent", got)
	}
	for i, sheet := range sheetsOf(t, s, monday, true) {
		want := before[i].Totals.Total
		if sheet.Kitchen == kitchenOne {
			want--
		}
		if sheet.Totals.Total != want {
			t.Errorf("the kitchen %s is shown %d meals, want %d", sheet.Kitchen, sheet.Totals.Total, want)
		}
	}
	c.at(monday, "09:15:00.001")
	late, err := s.Communicate(town.family(town.elder), CommunicationRequest{Pupils: []canteen.PAN{town.elder},
		Kind: canteen.Absence, From: monday, To: monday})
	if err != nil {
		t.Fatal(err)
	}
	if got := late[0]; got.Days[0].Outcome != canteen.TooLate || !got.Days[0].Receipt.IsZero() || got.Next != tuesday ||
		!got.Days[0].Deadline.Equal(instant(monday, "09:15")) {
		t.Errorf("a late one: got %+v, want too-late with its deadline and the next day", got)
	}
	c.at(monday, "10:00")
	closeDue(t, s)
	if got := meal(); got != canteen.MealAbsent {
		t.Errorf("after the close the family sees %s, want absent", got)
	}
	if balance, lines := town.balance(t, town.coeliac); lines != 0 {
		t.Errorf("the cancelled meal was charged: %s after %d lines", balance, lines)
	}
}

// TestStory10_oneMealAChildAndDay: not two meals for one child, whatever its
// class was in the morning; and a closed day is answered, not edited.
func TestStory10_oneMealAChildAndDay(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.of["infanzia 1A"][6]
	err := s.updateAlone(Console(), func(tx *tx) error {
		return tx.putEnrolment(&canteen.Enrolment{Pupil: pan, Class: town.class["infanzia 2A"], State: canteen.Validated, From: monday})
	})
	if canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("a second class on the same days: got %v, want KindConflict", err)
	}
	for range 2 {
		c.at(monday, "10:00")
		closeDue(t, s)
	}
	_, before := town.balance(t, pan)
	town.move(t, pan, "infanzia 1A", "infanzia 2A", tuesday)
	closeDue(t, s)
	if _, after := town.balance(t, pan); after != before {
		t.Errorf("moved after the close and charged again: %d lines, then %d", before, after)
	}
	c.at(tuesday, "10:00")
	closeDue(t, s)
	view, err := s.Account(office(), pan, monday, tuesday)
	if err != nil {
		t.Fatal(err)
	}
	charges := map[canteen.Date]int{}
	for _, l := range view.Lines {
		if l.Kind == canteen.EntryCharge {
			charges[l.Day]++
		}
	}
	if want := map[canteen.Date]int{monday: 1, tuesday: 1}; !reflect.DeepEqual(charges, want) {
		t.Errorf("charges by day are %v, want %v", charges, want)
	}
}

// TestStory14_eventCancelsForAll: a trip is one act for the whole class; no
// parent has to cancel, and nobody of it is charged.
func TestStory14_eventCancelsForAll(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	trip := canteen.DayRule{Layer: canteen.ClassLayer, Scope: "FGEE00002B 1A", From: monday, To: monday, Reason: "gita a Trani"}
	if err := s.AddDayRule(office(), trip); err != nil {
		t.Fatal(err)
	}
	if got := town.say(t, town.elder, canteen.Absence, monday); got.Outcome != canteen.NoService || got.Closure.Reason != trip.Reason {
		t.Errorf("a parent who cancels is told %+v, want no service because of the trip", got)
	}
	c.at(monday, "10:00")
	closeDue(t, s)
	for _, pan := range town.of["primaria 1A"] {
		if _, ok := town.order(t, monday, "primaria 1A", pan); ok {
			t.Errorf("%s has a meal on the day of the trip", pan)
		}
	}
	if o, ok := town.order(t, monday, "primaria 3B", town.outside); !ok || !o.Charged() {
		t.Error("another class of the school has no meal")
	}
	for _, row := range sheetsOf(t, s, monday, false)[1].Rows {
		if row.School == "FGEE00002B" && row.Class == "1A" {
			t.Errorf("the kitchen cooks for the class: %+v", row)
		}
	}
}

// TestStory16_noChargeWithoutService: after the last day, on Sundays, on
// holidays and on days off nothing closes and no balance moves.
func TestStory16_noChargeWithoutService(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	before := prove(t, s)
	for _, day := range []canteen.Date{sunday, 20261101, 20261208, 20261225, 20270329, 20270701, 20270815} {
		c.at(day, "10:00")
		if n := closeDue(t, s); n != 0 {
			t.Errorf("%s: %d schools closed", day, n)
		}
		if n, err := s.CloseDay(t.Context(), office(), day); n != 0 || err != nil {
			t.Errorf("%s by hand: %d schools, %v", day, n, err)
		}
	}
	if after := prove(t, s); !reflect.DeepEqual(after, before) {
		t.Errorf("the figures were %+v and are %+v", before, after)
	}
}

// TestStory17_closedTownIsNotCharged: a closure decided before the cut-off
// charges nobody; one over a day that has closed is refused, because what was
// charged is taken back by reversals and not by a new calendar.
func TestStory17_closedTownIsNotCharged(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	snow := canteen.DayRule{Layer: canteen.Town, From: monday, To: tuesday, Reason: "neve"}
	if err := s.AddDayRule(office(), snow); err != nil {
		t.Fatal(err)
	}
	for _, day := range []canteen.Date{monday, tuesday} {
		c.at(day, "10:00")
		if n := closeDue(t, s); n != 0 {
			t.Errorf("%s: %d schools closed under snow", day, n)
		}
	}
	c.at(wednesday, "10:00")
	if n := closeDue(t, s); n != 3 {
		t.Errorf("Wednesday: %d schools closed, want 3", n)
	}
	snow.From, snow.To = wednesday, wednesday
	if err := s.AddDayRule(office(), snow); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("a closure over a closed day: got %v, want KindConflict", err)
	}
	if got := prove(t, s); got.DaysClosed != 1 {
		t.Errorf("%d days are closed, want Wednesday alone", got.DaysClosed)
	}
}

// TestStory17_sheetOfAKitchenWhoseLastSchoolFellAway: one school of the kitchen
// has closed when the other is shut; the sheet goes out all the same, and when
// the school is opened again the next version has it.
func TestStory17_sheetOfAKitchenWhoseLastSchoolFellAway(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	c.at(monday, "09:20") // primaria has closed, infanzia has not
	closeDue(t, s)
	shut := canteen.DayRule{Layer: canteen.SchoolLayer, Scope: "FGAA00001A", From: monday, To: monday, Reason: "guasto idrico"}
	if err := s.AddDayRule(office(), shut); err != nil {
		t.Fatal(err)
	}
	closeDue(t, s)
	issued, err := s.Sheets(office(), monday, kitchenOne, 0, false)
	if err != nil || len(issued) != 1 || issued[0].Version != 1 || len(issued[0].Rows) != 2 {
		t.Fatalf("the kitchen has %+v, %v; want version 1 with the two classes of primaria", issued, err)
	}
	shut.Open, shut.Reason = true, "acqua tornata"
	if err := s.AddDayRule(office(), shut); err != nil {
		t.Fatal(err)
	}
	c.at(monday, "09:31")
	if n := closeDue(t, s); n != 1 {
		t.Errorf("%d schools closed, want infanzia", n)
	}
	issued, err = s.Sheets(office(), monday, kitchenOne, 0, false)
	if err != nil || len(issued) != 1 || issued[0].Version != 2 || len(issued[0].Rows) != 4 {
		t.Errorf("the kitchen has %+v, %v; want version 2 with four classes", issued, err)
	}
}

// TestStory17_sheetAfterAVoidDay: what is left of a missed day is declared
// without service; the school that had closed is on a sheet.
func TestStory17_sheetAfterAVoidDay(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	c.at(monday, "09:20")
	closeDue(t, s)
	c.at(tuesday, "08:00")
	if err := s.VoidDay(office(), monday, "guasto"); err != nil {
		t.Fatal(err)
	}
	issued, err := s.Sheets(office(), monday, kitchenOne, 0, false)
	if err != nil || len(issued) != 1 || len(issued[0].Rows) != 2 {
		t.Errorf("the kitchen has %+v, %v; want the two classes of primaria", issued, err)
	}
}

// TestStory27_seventeenTimesFourFifteen: 17 meals at 4,15 make 70,55.
func TestStory27_seventeenTimesFourFifteen(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	err := s.AddTariff(office(), canteen.Tariff{From: monday, Act: "D.G.C. 50/2026", Rates: []canteen.Rate{{Price: 415}}})
	if err != nil {
		t.Fatal(err)
	}
	start, _ := town.balance(t, town.elder)
	day, meals := monday, 0
	for ; meals < 17; day = day.AddDays(1) {
		c.at(day, "10:00")
		closeDue(t, s)
		if o, ok := town.order(t, day, "primaria 1A", town.elder); ok && o.Charged() {
			meals++
		}
	}
	balance, _ := town.balance(t, town.elder)
	if got, want := start-balance, canteen.Cents(70_55); got != want {
		t.Errorf("17 meals at 4,15 made %s, want %s", got, want)
	}
	view, err := s.Account(town.family(town.elder), town.elder, monday, day)
	if err != nil {
		t.Fatal(err)
	}
	var sum canteen.Cents
	for _, l := range view.Lines {
		if sum += l.Amount; l.Kind == canteen.EntryCharge && (l.Amount != -4_15 || l.Price.Act != "D.G.C. 50/2026") {
			t.Errorf("a line of %s by %q, want 4,15 by the act", l.Amount, l.Price.Act)
		}
	}
	if sum != view.Balance {
		t.Errorf("the lines make %s and the balance is %s", sum, view.Balance)
	}
}

// TestStory28_noCorrectorNeeded: no double meal, no double charge, no free meal
// and no charge without a meal, after weeks of closes that ran more than once.
func TestStory28_noCorrectorNeeded(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	charged := map[canteen.PAN]canteen.Cents{}
	for day := monday; day <= monday.AddDays(18); day = day.AddDays(1) {
		town.say(t, town.coeliac, canteen.CommunicationKind(day%3), day)
		c.at(day, "09:10")
		closeDue(t, s)
		c.at(day, "12:00")
		closeDue(t, s)
		closeDue(t, s)
		for class, list := range town.of {
			for _, pan := range list {
				o, ok := town.order(t, day, class, pan)
				if !ok {
					continue
				}
				if o.Charged() != (o.Meal.Ordered() && pan != town.exempt) {
					t.Errorf("%s %s: %s, charged %t", day, pan, o.Meal, o.Charged())
				}
				charged[pan] += o.Price
			}
		}
		c.advance(18 * time.Hour)
	}
	for _, pan := range town.pupils {
		view, err := s.Account(office(), pan, 20260901, monday.AddDays(30))
		if err != nil {
			t.Fatal(err)
		}
		var opening canteen.Cents
		if n := len(view.Lines); n > 0 && view.Lines[n-1].Kind == canteen.EntryOpening {
			opening = view.Lines[n-1].Amount
		}
		if want := opening - charged[pan]; view.Balance != want {
			t.Errorf("%s has %s, want %s: what it brought less the meals of the registers", pan, view.Balance, want)
		}
	}
}

// TestStory45_enrolledMinusCancelledIsOrdered, class by class, on every day of a
// week; a default meal is never dropped.
func TestStory45_enrolledMinusCancelledIsOrdered(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	for day := monday; day <= friday; day = day.AddDays(1) {
		cancelled := map[string]int{}
		for class, list := range town.of {
			for i, pan := range list {
				if (i+int(day))%4 == 0 && town.say(t, pan, canteen.Absence, day).Outcome == canteen.Accepted {
					cancelled[class]++
				}
			}
		}
		c.at(day, "10:00")
		closeDue(t, s)
		names := map[string]string{"FGAA00001A": "infanzia", "FGEE00002B": "primaria", "FGMM00003C": "secondaria"}
		for _, sheet := range sheetsOf(t, s, day, false) {
			for _, row := range sheet.Rows {
				class := names[row.School] + " " + row.Class
				enrolled := len(town.of[class])
				if class == "infanzia 2A" && day != monday {
					enrolled-- // one eats on Mondays only
				}
				if row.Enrolled != enrolled || row.Absent != cancelled[class] || row.Ordered() != enrolled-cancelled[class] {
					t.Errorf("%s %s: %d enrolled, %d absent, %d ordered; want %d, %d, %d", day, class, row.Enrolled, row.Absent,
						row.Ordered(), enrolled, cancelled[class], enrolled-cancelled[class])
				}
			}
		}
		c.at(day.AddDays(1), "00:01")
	}
}
