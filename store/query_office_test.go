package store

import (
	"testing"
	"time"

	"refettorio/canteen"
)

// TestPreviewRuleForetellsTheCalendar holds the rehearsal of a rule against what
// the calendar then says, for a rule of each layer.
func TestPreviewRuleForetellsTheCalendar(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	absent := CommunicationRequest{Pupils: town.pupils[:5], Kind: canteen.Absence, From: monday.AddDays(8), To: monday.AddDays(9)}
	if _, err := s.Communicate(office(), absent); err != nil {
		t.Fatal(err)
	}
	view, err := s.Town(office())
	if err != nil {
		t.Fatal(err)
	}
	ordered := func(from, to canteen.Date) (n int) {
		for day := from; day <= to; day = day.AddDays(1) {
			status, err := s.Day(office(), day)
			if err != nil {
				t.Fatal(err)
			}
			n += status.Counts.Ordered()
		}
		return n
	}
	school := view.Schools[1]
	for i, rule := range []canteen.DayRule{
		{Layer: canteen.Town, From: monday.AddDays(7), To: monday.AddDays(9), Reason: "sciopero"},
		{Layer: canteen.SchoolLayer, Scope: school.Code, From: monday.AddDays(7), To: monday.AddDays(8), Open: true, Reason: "recupero"},
		{Layer: canteen.SchoolLayer, Scope: school.Code, From: monday.AddDays(14), To: monday.AddDays(18), Reason: "seggio"},
		{Layer: canteen.ClassLayer, Scope: school.Code + " " + className(view, school.ID), From: monday.AddDays(21), To: monday.AddDays(21), Reason: "gita"},
	} {
		effect, err := s.PreviewRule(office(), rule)
		if err != nil {
			t.Fatalf("rule %d: %v", i, err)
		}
		before := ordered(rule.From, rule.To)
		if err := s.AddDayRule(office(), rule); err != nil {
			t.Fatal(err)
		}
		change := before - ordered(rule.From, rule.To)
		if rule.Open {
			change = -change
		}
		if effect.Meals != change || change == 0 {
			t.Errorf("rule %d (%+v): foretold %d meals, the calendar says %d", i, rule, effect.Meals, change)
		}
	}
}

// className is the name of a school's first class.
func className(view Town, school canteen.SchoolID) string {
	for i := range view.Classes {
		if view.Classes[i].School == school {
			return view.Classes[i].Name()
		}
	}
	return ""
}

// TestPreviewTariffForetellsTheCharges holds the totals by school against what
// the close of a day with everybody present then charges.
func TestPreviewTariffForetellsTheCharges(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	tariff := canteen.Tariff{From: monday, Act: "delibera 1", Rates: []canteen.Rate{
		{Band: canteen.BandExempt}, {Stage: canteen.StageInfanzia, Price: 2_00}, {Residence: canteen.Outside, Price: 4_00}, {Rank: 2, Price: 1_50}, {Price: 3_10}}}
	effect, err := s.PreviewTariff(office(), tariff)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddTariff(office(), tariff); err != nil {
		t.Fatal(err)
	}
	c.at(monday, "10:30")
	if _, err := s.CloseDue(t.Context(), Job()); err != nil {
		t.Fatal(err)
	}
	status, err := s.Day(office(), monday)
	if err != nil {
		t.Fatal(err)
	}
	pupils := 0
	for _, change := range effect.Changes {
		pupils += change.Pupils
	}
	for _, foretold := range effect.Schools {
		pupils -= foretold.Pupils
		for _, one := range status.Schools {
			if one.School.ID == foretold.School.ID && one.Counts.Enrolled == foretold.Pupils && one.Charged != foretold.New {
				t.Errorf("%s: foretold %s, charged %s", one.School.Name, foretold.New, one.Charged)
			}
		}
	}
	if pupils != 0 || len(effect.Schools) != 3 {
		t.Errorf("%d schools, and %d pupils are counted by price and not by school", len(effect.Schools), pupils)
	}
	if _, err := s.PreviewTariff(office(), tariff); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("a tariff over a closed day: got %v, want a conflict", err)
	}
}

func TestUnchargedDaysAreClosedAndFree(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	free := canteen.Tariff{From: monday, Act: "delibera 1", Rates: []canteen.Rate{{Price: 0}}}
	if err := s.AddTariff(office(), free); err != nil {
		t.Fatal(err)
	}
	paid := canteen.Tariff{From: monday.AddDays(1), Act: "delibera 2", Rates: []canteen.Rate{{Price: 2_70}}}
	if err := s.AddTariff(office(), paid); err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		c.at(monday.AddDays(n), "10:30")
		if _, err := s.CloseDue(t.Context(), Job()); err != nil {
			t.Fatal(err)
		}
	}
	days, err := s.UnchargedDays(office(), monday.AddDays(-30), monday.AddDays(30))
	if err != nil || len(days) != 1 || days[0] != monday {
		t.Errorf("uncharged days: got %v (%v), want %v", days, err, monday)
	}
}

func TestWaitingMessagesCountsTheLastMonth(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	c.at(monday, "10:30")
	if _, err := s.CloseDue(t.Context(), Job()); err != nil {
		t.Fatal(err)
	}
	all, err := s.PendingMessages(office(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	n, since, err := s.WaitingMessages(office())
	if err != nil || n != len(all) || n == 0 || !since.Equal(all[len(all)-1].At) {
		t.Errorf("waiting: got %d since %v (%v), want %d since %v", n, since, err, len(all), all[len(all)-1].At)
	}
	c.advance(messageLook + time.Second)
	if n, _, err := s.WaitingMessages(office()); err != nil || n != 0 {
		t.Errorf("a month later: got %d (%v), want none", n, err)
	}
}

func TestSheetVersionsAreOneKitchensOwn(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	if all, err := s.SheetVersions(office(), monday, kitchenOne); err != nil || len(all) != 0 {
		t.Errorf("before the close: got %d versions (%v), want none", len(all), err)
	}
	c.at(monday, "10:30")
	if _, err := s.CloseDue(t.Context(), Job()); err != nil {
		t.Fatal(err)
	}
	for _, kitchen := range []string{kitchenOne, kitchenTwo} {
		all, err := s.SheetVersions(office(), monday, kitchen)
		if err != nil || len(all) != 1 || all[0].Version != 1 || all[0].Kitchen != kitchen {
			t.Errorf("%s: got %+v (%v), want its version 1", kitchen, all, err)
		}
	}
	if _, err := s.SheetVersions(office(), monday, "altrove"); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("an unknown kitchen: got %v, want not found", err)
	}
}

func TestPreviewsAreForTheOffice(t *testing.T) {
	s, _ := open(t)
	fill(t, s)
	cook := Act{Actor: canteen.Actor{Login: "cucina", Role: canteen.RoleKitchen}}
	rule := canteen.DayRule{Layer: canteen.Town, From: monday.AddDays(7), To: monday.AddDays(7), Reason: "neve"}
	if _, err := s.PreviewRule(cook, rule); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("a rule: got %v, want forbidden", err)
	}
	tariff := canteen.Tariff{From: monday.AddDays(7), Act: "delibera", Rates: []canteen.Rate{{Price: 2_70}}}
	if _, err := s.PreviewTariff(cook, tariff); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("a tariff: got %v, want forbidden", err)
	}
	if n, err := s.PupilsEnrolled(office(), monday); err != nil || n != 63 {
		t.Errorf("enrolled: got %d (%v), want 63", n, err)
	}
}
