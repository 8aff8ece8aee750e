package store

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"refettorio/canteen"
)

const (
	tuesday   = monday + 1
	wednesday = monday + 2
	thursday  = monday + 3
	friday    = monday + 4
	sunday    = monday + 6
)

// closedSchools lists the schools that have closed a day.
func closedSchools(t testing.TB, s *Store, day canteen.Date) (closed []canteen.SchoolID) {
	t.Helper()
	status, err := s.Day(office(), day)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range status.Schools {
		if one.State == canteen.DayClosed {
			closed = append(closed, one.School.ID)
		}
	}
	return closed
}

// sheetsOf returns the sheets of a day, issued or expected.
func sheetsOf(t testing.TB, s *Store, day canteen.Date, forecast bool) []canteen.Sheet {
	t.Helper()
	all, err := s.Sheets(office(), day, "", 0, forecast)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestClose_eachSchoolAtItsOwnCutoff(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	for _, step := range []struct {
		hour   string
		closed []canteen.SchoolID
	}{
		{"09:00", nil}, // the instant of the cut-off is still the families'
		{"09:00:00.001", []canteen.SchoolID{secondaria}},
		{"09:15", []canteen.SchoolID{secondaria}},
		{"09:15:00.001", []canteen.SchoolID{primaria, secondaria}},
		{"09:30", []canteen.SchoolID{primaria, secondaria}},
		{"09:30:00.001", []canteen.SchoolID{infanzia, primaria, secondaria}},
		{"23:59:59", []canteen.SchoolID{infanzia, primaria, secondaria}},
	} {
		c.at(monday, step.hour)
		closeDue(t, s)
		if got := closedSchools(t, s, monday); !reflect.DeepEqual(got, step.closed) {
			t.Errorf("at %s the schools %v are closed, want %v", step.hour, got, step.closed)
		}
		wantSheets := map[int]int{0: 0, 1: 1, 2: 1, 3: 2}[len(step.closed)] // a kitchen's sheet waits for its last school
		if got := len(sheetsOf(t, s, monday, false)); got != wantSheets {
			t.Errorf("at %s there are %d sheets, want %d", step.hour, got, wantSheets)
		}
	}
}

func TestClose_twiceDoesNothing(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	c.at(monday, "10:00")
	if got := closeDue(t, s); got != 3 {
		t.Fatalf("closed %d schools, want 3", got)
	}
	before := prove(t, s)
	for range 3 {
		c.advance(time.Minute)
		if got := closeDue(t, s); got != 0 {
			t.Errorf("closed %d schools again", got)
		}
	}
	if n, err := s.CloseDay(context.Background(), office(), monday); n != 0 || err != nil {
		t.Errorf("by hand: closed %d schools again, %v", n, err)
	}
	if after := prove(t, s); !reflect.DeepEqual(after, before) {
		t.Errorf("the figures were %+v and are %+v", before, after)
	}
}

func TestClose_onceFromEverywhere(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	for day := monday; day <= friday; day = day.AddDays(1) {
		c.at(day, "10:00")
		var closed atomic.Int64
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				n, err := s.CloseDue(context.Background(), Job())
				if i%2 == 0 {
					n, err = s.CloseDay(context.Background(), Console(), day)
				}
				if err != nil {
					t.Errorf("%s: %v", day, err)
				}
				closed.Add(int64(n))
			})
		}
		wg.Wait()
		if got := len(closedSchools(t, s, day)); got == 0 || int64(got) < closed.Load() {
			t.Errorf("%s: %d schools are closed and the callers were told of %d", day, got, closed.Load())
		}
		if n := closeDue(t, s); n != 0 {
			t.Errorf("%s: %d schools were left", day, n)
		}
		prove(t, s)
	}
}

// TestClose_resumes: a close that died between two transactions is finished by
// the next one.
func TestClose_resumes(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(monday, "10:00")
	err := s.updateAlone(Job(), func(tx *tx) error {
		one := newCloser(tx, monday)
		if ok, err := one.school(primaria); !ok || err != nil {
			return fmt.Errorf("school: %t, %w", ok, err)
		}
		return one.issueSheets()
	})
	if err != nil {
		t.Fatal(err)
	}
	prove(t, s)
	balance, _ := town.balance(t, town.coeliac)
	c.advance(time.Hour)
	if got := closeDue(t, s); got != 2 {
		t.Errorf("the second run closed %d schools, want 2", got)
	}
	if got, _ := town.balance(t, town.coeliac); got != balance {
		t.Errorf("the balance went from %s to %s: charged twice", balance, got)
	}
	if got := len(sheetsOf(t, s, monday, false)); got != 2 {
		t.Errorf("there are %d sheets, want 2", got)
	}
}

// TestClose_failedActLeavesNothing: what a close did before it failed is not in
// the record.
func TestClose_failedActLeavesNothing(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	c.at(monday, "10:00")
	before := prove(t, s)
	err := s.updateAlone(Job(), func(tx *tx) error {
		one := newCloser(tx, monday)
		for _, id := range []canteen.SchoolID{infanzia, primaria} {
			if _, err := one.school(id); err != nil {
				return err
			}
		}
		return fmt.Errorf("the power went")
	})
	if err == nil {
		t.Fatal("the failure was lost")
	}
	if after := prove(t, s); !reflect.DeepEqual(after, before) {
		t.Errorf("the figures were %+v and are %+v", before, after)
	}
}

func TestClose_whatEachChildGets(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	town.say(t, town.elder, canteen.Absence, monday)
	town.say(t, town.coeliac, canteen.White, monday)
	town.say(t, town.of["primaria 1A"][2], canteen.White, monday)
	c.at(monday, "10:00")
	closeDue(t, s)
	for _, want := range []struct {
		who   string
		class string
		pan   canteen.PAN
		meal  canteen.Meal
		diet  string
		price canteen.Cents
	}{
		{"the exempt one", "infanzia 1A", town.exempt, canteen.MealStandard, "", 0},
		{"the second of two siblings", "infanzia 1A", town.younger, canteen.MealStandard, "", 2_00},
		{"the absent one", "primaria 1A", town.elder, canteen.MealAbsent, "", 0},
		{"the coeliac on a white meal", "primaria 1A", town.coeliac, canteen.MealWhite, "SG", 2_70},
		{"one on a white meal", "primaria 1A", town.of["primaria 1A"][2], canteen.MealWhite, "", 2_70},
		{"one with a diet", "primaria 1A", town.of["primaria 1A"][5], canteen.MealDiet, "NM", 2_70},
		{"a band of infanzia", "infanzia 1A", town.of["infanzia 1A"][4], canteen.MealStandard, "", 1_20},
		{"the same band of primaria", "primaria 1A", town.of["primaria 1A"][4], canteen.MealStandard, "", 1_50},
		{"one from outside", "primaria 3B", town.outside, canteen.MealStandard, "", 4_20},
		{"one of its own days", "infanzia 2A", town.monOnly, canteen.MealStandard, "", 2_70},
	} {
		o, ok := town.order(t, monday, want.class, want.pan)
		if !ok || o.Meal != want.meal || o.Diet != want.diet || o.Price != want.price || o.Charged() != (want.price > 0) {
			t.Errorf("%s: got %s %q at %s, charged %t; want %s %q at %s", want.who, o.Meal, o.Diet, o.Price, o.Charged(),
				want.meal, want.diet, want.price)
		}
	}
	if balance, lines := town.balance(t, town.exempt); balance != 50_00 || lines != 1 {
		t.Errorf("the exempt one has %s after %d lines, want 50,00 after the opening alone", balance, lines)
	}
	if _, ok := town.order(t, monday, "primaria 5A", town.of["primaria 5A"][0]); ok {
		t.Error("a class that does not eat on Mondays has a register")
	}
	c.at(tuesday, "10:00")
	closeDue(t, s)
	if _, ok := town.order(t, tuesday, "infanzia 2A", town.monOnly); ok {
		t.Error("a pupil who eats on Mondays only has an order on Tuesday")
	}
}

// move enrols a pupil in another class from a day on.
func (town *smallTown) move(t testing.TB, pan canteen.PAN, from, to string, day canteen.Date) {
	t.Helper()
	err := town.s.updateAlone(Console(), func(tx *tx) error {
		p, _ := tx.pupil(pan)
		e := tx.enrolmentsOf(pan)[0]
		e.Until = day.AddDays(-1)
		if err := tx.putEnrolment(&e); err != nil {
			return err
		}
		e.Class, e.From, e.Until = town.class[to], day, 0
		if err := tx.putEnrolment(&e); err != nil {
			return err
		}
		p.Class = town.class[to]
		tx.putPupil(p)
		return tx.err
	})
	if err != nil {
		t.Fatalf("move %s from %s to %s: %v", pan, from, to, err)
	}
}

// TestClose_pupilWhoMovedClass: past days keep the old class, also one that is
// closed after the move, and the account follows the child.
func TestClose_pupilWhoMovedClass(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.of["primaria 1A"][3]
	c.at(tuesday, "08:00") // nobody closed Monday
	town.move(t, pan, "primaria 1A", "primaria 5A", tuesday)
	c.at(tuesday, "10:00")
	closeDue(t, s)
	if _, err := s.CloseDay(t.Context(), office(), monday); err != nil {
		t.Fatal(err)
	}
	for day, class := range map[canteen.Date]string{monday: "primaria 1A", tuesday: "primaria 5A"} {
		for _, other := range []string{"primaria 1A", "primaria 5A"} {
			if _, ok := town.order(t, day, other, pan); ok != (other == class) {
				t.Errorf("%s: there is an order in %s: %t", day, other, ok)
			}
		}
	}
	view, err := s.Account(town.family(pan), pan, monday, tuesday)
	if err != nil {
		t.Fatal(err)
	}
	if len(view.Lines) < 2 || view.Lines[0].Day != monday || view.Lines[0].Line != view.Lines[1].Line+1 {
		t.Errorf("the newest lines are %+v, want Monday's charge behind Tuesday's", view.Lines)
	}
}

func TestClose_earlyIsRefused(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	for _, hour := range []string{"00:00", "08:00", "09:00"} {
		c.at(monday, hour)
		if n, err := s.CloseDay(t.Context(), office(), monday); canteen.KindOf(err) != canteen.KindConflict || n != 0 {
			t.Errorf("at %s: closed %d schools, %v; want KindConflict", hour, n, err)
		}
	}
	if _, err := s.CloseDay(t.Context(), office(), tuesday); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("tomorrow: got %v, want KindConflict", err)
	}
	family := Act{Actor: canteen.Actor{Login: "famiglia", Role: canteen.RoleGuardian, Guardian: 1}}
	c.at(monday, "10:00")
	if _, err := s.CloseDay(t.Context(), family, monday); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("as a parent: got %v, want KindForbidden", err)
	}
}

func TestClose_missedDayIsLeftToTheOffice(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(thursday, "11:00") // off since Monday morning
	if got := closeDue(t, s); got != 3 {
		t.Errorf("closed %d schools of today, want 3", got)
	}
	left, err := s.Unattended(office(), 10)
	if want := []canteen.Date{monday, tuesday, wednesday}; err != nil || !reflect.DeepEqual(left, want) {
		t.Fatalf("unattended are %v, %v; want %v", left, err, want)
	}
	if _, lines := town.balance(t, town.coeliac); lines != 1 {
		t.Errorf("the account has %d lines, want today's charge alone", lines)
	}
	if err := s.VoidDay(office(), monday, ""); canteen.KindOf(err) != canteen.KindInvalid {
		t.Errorf("void without a reason: %v, want KindInvalid", err)
	}
	if err := s.VoidDay(office(), monday, "centro di cottura allagato"); err != nil {
		t.Fatal(err)
	}
	if err := s.VoidDay(office(), thursday, "ripensamento"); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("void of a closed day: %v, want KindConflict", err)
	}
	if n, err := s.CloseDay(t.Context(), office(), monday); n != 0 || err != nil {
		t.Errorf("close of a void day: %d schools, %v; want none", n, err)
	}
	if n, err := s.CloseDay(t.Context(), office(), tuesday); n != 3 || err != nil {
		t.Errorf("close of Tuesday by the office: %d schools, %v; want 3", n, err)
	}
	if left, _ = s.Unattended(office(), 10); !reflect.DeepEqual(left, []canteen.Date{wednesday}) {
		t.Errorf("unattended are %v, want Wednesday alone", left)
	}
}
