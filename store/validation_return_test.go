package store

import (
	"slices"
	"testing"
	"time"

	"refettorio/canteen"
)

func TestReturn(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	school := secretary(t, s, codePrimaria)
	a := town.candidate(t, 1, nil)
	if err := s.Return(school, a.Handle, "  "); canteen.KindOf(err) != canteen.KindInvalid {
		t.Errorf("without a reason: %v", err)
	}
	if err := s.Return(secretary(t, s, codeInfanzia), a.Handle, "non è nostro"); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("another school returns it: %v", err)
	}
	if err := s.Return(office(), a.Handle, "no"); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("the office returns it: %v", err)
	}
	school.Once = "click"
	for range 2 {
		if err := s.Return(school, a.Handle, "La classe è la 2B."); err != nil {
			t.Fatal(err)
		}
	}
	school.Once = ""
	if now := applicationNow(t, s, a.Handle); now.State != canteen.Returned || len(now.History) != 2 || now.History[1].Reason != "La classe è la 2B." {
		t.Errorf("got %+v", now)
	}
	if got := told(t, s, a.Applicant); !slices.Equal(got, []string{"enrolment.returned"}) {
		t.Errorf("the family was told %q", got)
	}
	if err := s.Return(school, a.Handle, "ancora"); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("returned twice: %v", err)
	}
}

func TestSchoolApplications_differences(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(20270615, "12:00")
	next := map[string]canteen.ClassID{"2A": town.nextYear(t, "2A"), "2B": town.nextYear(t, "2B")}
	change := func(class string, pan canteen.PAN) func(*canteen.Application) {
		return func(a *canteen.Application) {
			a.Year, a.Class = "2027/28", next[class]
			if pan != 0 {
				a.Child.CodiceFiscale = mustPupil(t, s, pan).CodiceFiscale
			}
		}
	}
	want := map[string]canteen.PlaceChange{}
	for n, test := range []struct {
		change func(*canteen.Application)
		want   canteen.PlaceChange
	}{
		{change("2A", 0), canteen.PlaceNew},
		{change("2A", town.of["primaria 1A"][2]), canteen.PlaceSame},
		{change("2B", town.of["primaria 1A"][3]), canteen.PlaceClass},
		{change("2A", town.of["infanzia 2A"][3]), canteen.PlaceSchool},
	} {
		want[town.candidate(t, n, test.change).Handle] = test.want
	}
	c.advance(8 * 24 * time.Hour)
	list, err := s.SchoolApplications(secretary(t, s, codePrimaria))
	if err != nil || len(list) != len(want) {
		t.Fatalf("got %d applications %v, want %d", len(list), err, len(want))
	}
	for _, a := range list {
		if a.Change != want[a.Handle] || !a.Late {
			t.Errorf("%s from %q: %q late %t, want %q late", a.Child.Surname, a.LastClass, a.Change, a.Late, want[a.Handle])
		}
	}
	if list, err := s.SchoolApplications(secretary(t, s, codeInfanzia)); err != nil || len(list) != 0 {
		t.Errorf("another school sees %d of them: %v", len(list), err)
	}
	if _, err := s.SchoolApplications(office()); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("the office passes for a school: %v", err)
	}
}
