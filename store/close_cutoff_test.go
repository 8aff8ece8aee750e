package store

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"refettorio/canteen"
)

// TestClose_outageMovesTheCutoff: the service was away from 9:20 to 9:40, so
// infanzia (9:30) is still owed ten minutes, which end at 9:50 (design §3.4).
func TestClose_outageMovesTheCutoff(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	for _, hour := range []string{"09:19", "09:20", "09:40", "09:41"} {
		c.at(monday, hour)
		if err := s.Beat(Job()); err != nil {
			t.Fatal(err)
		}
	}
	if got := closeDue(t, s); got != 2 {
		t.Errorf("at 9:41 %d schools closed, want primaria and secondaria", got)
	}
	c.at(monday, "09:50")
	if got := town.say(t, town.younger, canteen.Absence, monday); got.Outcome != canteen.Accepted {
		t.Errorf("inside the extension: got %s, want accepted", got.Outcome)
	}
	if got := closeDue(t, s); got != 0 {
		t.Errorf("at the moved cut-off %d schools closed, want none", got)
	}
	c.at(monday, "09:50:00.001")
	if got := town.say(t, town.exempt, canteen.Absence, monday); got.Outcome != canteen.TooLate || !got.Deadline.Equal(instant(monday, "09:50")) {
		t.Errorf("behind the extension: got %s with deadline %s, want too-late with 9:50", got.Outcome, got.Deadline)
	}
	if got := closeDue(t, s); got != 1 {
		t.Errorf("behind the moved cut-off %d schools closed, want 1", got)
	}
	sheet := sheetsOf(t, s, monday, false)[1]
	if sheet.Kitchen != kitchenOne || !sheet.Cutoff.Equal(instant(monday, "09:50")) || sheet.Totals.Absent != 1 {
		t.Errorf("the sheet of %s has cut-off %s and %d absent, want %s, 9:50, 1", sheet.Kitchen, sheet.Cutoff, sheet.Totals.Absent, kitchenOne)
	}
}

// TestClose_extensionHasALimit: away until 11:00, the kitchen waits until 10:00.
func TestClose_extensionHasALimit(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	for _, hour := range []string{"09:05", "11:00"} {
		c.at(monday, hour)
		if err := s.Beat(Job()); err != nil {
			t.Fatal(err)
		}
	}
	status, err := s.Day(office(), monday)
	if err != nil {
		t.Fatal(err)
	}
	for _, school := range status.Schools {
		want := map[canteen.SchoolID]string{infanzia: "10:00", primaria: "10:00", secondaria: "09:00"}[school.School.ID]
		if !school.Cutoff.At.Equal(instant(monday, want)) {
			t.Errorf("school %d: the cut-off moved to %s, want %s", school.School.ID, school.Cutoff.At, want)
		}
	}
	if got := closeDue(t, s); got != 3 {
		t.Errorf("%d schools closed when it came back, want 3", got)
	}
}

// TestClose_forecastIsWhatCloses: what the kitchen is shown before the cut-off
// is what the sheet says after it, whatever the families said.
func TestClose_forecastIsWhatCloses(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	random := rand.New(rand.NewPCG(20261012, 0))
	for day := monday; day <= friday; day = day.AddDays(1) {
		c.at(day, "07:30")
		for range 30 {
			pan := town.pupils[random.IntN(len(town.pupils))]
			town.say(t, pan, canteen.CommunicationKind(random.IntN(3)), day) // 0 takes it back
		}
		expected := map[string]canteen.Sheet{}
		for _, sheet := range sheetsOf(t, s, day, true) {
			expected[sheet.Kitchen] = sheet
		}
		before, err := s.Day(office(), day)
		if err != nil {
			t.Fatal(err)
		}
		c.at(day, "10:00")
		closeDue(t, s)
		for _, got := range sheetsOf(t, s, day, false) {
			want := expected[got.Kitchen]
			if got.Version != 1 || want.Version != 0 {
				t.Errorf("%s: versions %d and %d, want 0 before and 1 after", day, want.Version, got.Version)
			}
			want.Version, want.IssuedAt, got.Version, got.IssuedAt = 0, time.Time{}, 0, time.Time{}
			want.Cutoff, got.Cutoff = want.Cutoff.UTC(), got.Cutoff.UTC()
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: closed with\n%+v\nand expected\n%+v", day, got, want)
			}
		}
		if after, _ := s.Day(office(), day); !reflect.DeepEqual(after.Counts, before.Counts) {
			t.Errorf("%s: closed with %+v and expected %+v", day, after.Counts, before.Counts)
		}
	}
}
