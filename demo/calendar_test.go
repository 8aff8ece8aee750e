package demo

import (
	"testing"
	"time"

	"refettorio/canteen"
)

func TestDefaultNow_isTheMorningOfAServiceDay(t *testing.T) {
	for _, c := range []struct{ clock, want string }{
		{"2026-11-24T14:20:00+01:00", "2026-11-24T08:45:00+01:00"},
		{"2026-11-24T23:30:00Z", "2026-11-25T08:45:00+01:00"}, // past midnight in Rome
		{"2026-11-22T10:00:00+01:00", "2026-11-23T08:45:00+01:00"},
		{"2026-11-06T10:00:00+01:00", "2026-11-09T08:45:00+01:00"}, // the patron saint
		{"2026-12-24T10:00:00+01:00", "2027-01-07T08:45:00+01:00"},
		{"2026-09-10T10:00:00+02:00", "2026-09-28T08:45:00+02:00"}, // lessons have begun, meals have not
		{"2027-07-01T10:00:00+02:00", "2027-10-05T08:45:00+02:00"},
	} {
		clock, err := time.Parse(time.RFC3339, c.clock)
		if err != nil {
			t.Fatal(err)
		}
		if got := DefaultNow(clock).Format(time.RFC3339); got != c.want {
			t.Errorf("DefaultNow(%s): got %s, want %s", c.clock, got, c.want)
		}
	}
}

func TestSchoolYear_servesLessThanItTeaches(t *testing.T) {
	for first := 2020; first < 2040; first++ {
		y := schoolYear(first)
		if y.ServiceFrom <= y.From || y.ServiceTo >= y.To {
			t.Errorf("%s: school %s to %s, canteen %s to %s", y.Name, y.From, y.To, y.ServiceFrom, y.ServiceTo)
		}
		calendar := calendarOf(first)
		days := 0
		for day := y.From; day <= y.To; day = day.AddDays(1) {
			if open, _ := calendar.Service(day, "", "", canteen.MonToFri); open {
				days++
			}
		}
		if days < 150 || days > 180 {
			t.Errorf("%s: got %d service days, want 150 to 180", y.Name, days)
		}
	}
}

func TestClosures_holdChristmasEasterAndThePatron(t *testing.T) {
	calendar := calendarOf(2025)
	for day, kind := range map[canteen.Date]canteen.ClosureKind{
		canteen.NewDate(2025, 11, 6):  canteen.ClosedByTown,
		canteen.NewDate(2025, 12, 23): canteen.ClosedByRegion,
		canteen.NewDate(2026, 1, 5):   canteen.ClosedByRegion,
		canteen.NewDate(2026, 4, 2):   canteen.ClosedByRegion, // Maundy Thursday
		canteen.NewDate(2026, 4, 7):   canteen.ClosedByRegion,
		canteen.NewDate(2026, 1, 7):   canteen.NotClosed,
		canteen.NewDate(2026, 4, 8):   canteen.NotClosed,
	} {
		if _, why := calendar.Service(day, "", "", canteen.MonToFri); why.Kind != kind {
			t.Errorf("%s: got %q, want %q", day, why.Kind, kind)
		}
	}
}

func TestServiceDays_goBackOverTheSummer(t *testing.T) {
	days := serviceDays(canteen.NewDate(2026, 9, 30), 4)
	want := []canteen.Date{canteen.NewDate(2026, 6, 4), canteen.NewDate(2026, 6, 5), canteen.NewDate(2026, 9, 28), canteen.NewDate(2026, 9, 29)}
	if len(days) != len(want) {
		t.Fatalf("got %v, want %v", days, want)
	}
	for i := range want {
		if days[i] != want[i] {
			t.Errorf("day %d: got %s, want %s", i, days[i], want[i])
		}
	}
}
