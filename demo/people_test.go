package demo

import (
	"slices"
	"testing"

	"refettorio/canteen"
)

func TestPeople_haveTheCodiceFiscaleOfTheirData(t *testing.T) {
	_, c := largeCensus()
	seen := map[canteen.CodiceFiscale]bool{}
	check := func(p *person) {
		t.Helper()
		if cf, err := canteen.ParseCodiceFiscale(string(p.cf)); err != nil || cf != p.cf {
			t.Errorf("%s %s: codice fiscale %q: %v", p.surname, p.name, p.cf, err)
		}
		if wrong := p.cf.Mismatch(p.surname, p.name, p.born, p.sex); len(wrong) > 0 {
			t.Errorf("%s %s, %s: %q differs in %v", p.surname, p.name, p.born, p.cf, wrong)
		}
		if got := p.cf.Birthplace(); got != p.birthplace.code {
			t.Errorf("%s %s: born in %s, want %s", p.surname, p.name, got, p.birthplace.code)
		}
		if seen[p.cf] {
			t.Errorf("two people have the codice fiscale %q", p.cf)
		}
		seen[p.cf] = true
	}
	for _, f := range c.families {
		for _, g := range f.guardians {
			check(&g.person)
		}
		for _, one := range f.children {
			check(&one.person)
		}
	}
}

func TestPeople_canBeReached(t *testing.T) {
	_, c := largeCensus()
	for _, f := range c.families {
		for _, g := range f.guardians {
			if phone, err := canteen.ParsePhone(g.phone); g.phone != "" && (err != nil || phone != g.phone) {
				t.Errorf("telephone %q of %s: %v", g.phone, g.login, err)
			}
			if mail, err := canteen.ParseEmail(g.email); g.email != "" && (err != nil || mail != g.email) {
				t.Errorf("e-mail %q of %s: %v", g.email, g.login, err)
			}
			if g.address == "" || g.city == "" || len(g.code) != 5 {
				t.Errorf("%s lives at %q, %q %q", g.login, g.address, g.code, g.city)
			}
		}
	}
}

func TestChildren_haveThePANsAndAgesOfTheirClasses(t *testing.T) {
	_, c := largeCensus()
	seen := map[canteen.PAN]bool{}
	for _, one := range c.children {
		if !one.pan.ValidCheck() || seen[one.pan] {
			t.Errorf("PAN %s is wrong or double", one.pan)
		}
		seen[one.pan] = true
		if age := 2026 - one.born.Year(); age != 3+one.path[0].cohort() {
			t.Errorf("%s is %d and in a %d of %s", one.pan, age, one.path[0].grade, one.path[0].school.stage)
		}
		if one.enrolled(1) && one.path[1].cohort() != one.path[0].cohort()-1 {
			t.Errorf("%s went from %s to %s in a year", one.pan, one.path[1].scope(), one.path[0].scope())
		}
		if len(one.guardians) == 0 {
			t.Errorf("%s has no guardian", one.pan)
		}
		for _, g := range one.guardians {
			if age := one.born.Year() - g.born.Year(); age < 20 {
				t.Errorf("%s is %d years younger than a guardian", one.pan, age)
			}
		}
	}
}

func TestFamilies_areAsVariedAsATown(t *testing.T) {
	_, c := largeCensus()
	var foreign, single, apart, blended, exempt, dieting, siblings, triples, outside int
	for _, f := range c.families {
		if f.from != &italy {
			foreign++
		}
		switch {
		case len(f.guardians) == 1:
			single++
		case f.guardians[0].address != f.guardians[1].address:
			apart++
		}
		if f.outside {
			outside++
		}
		if len(f.children) > 2 {
			triples++
		}
		for _, one := range f.children {
			if len(f.children) > 1 {
				siblings++
			}
			if one.surname != f.children[0].surname {
				blended++
			}
			if f.band == canteen.BandExempt {
				exempt++
			}
			if one.diet != "" {
				dieting++
			}
		}
	}
	n := len(c.children)
	if n != 6000 {
		t.Fatalf("got %d children, want 6000", n)
	}
	between(t, "foreign families, %", percent(foreign, len(c.families)), 10, 14)
	between(t, "families with one guardian, %", percent(single, len(c.families)), 11, 17)
	between(t, "guardians apart, %", percent(apart, len(c.families)), 7, 13)
	between(t, "families from outside, %", percent(outside, len(c.families)), 1.5, 4.5)
	between(t, "children with siblings in the service, %", percent(siblings, n), 45, 65)
	between(t, "families with three children or more, %", percent(triples, len(c.families)), 4, 11)
	between(t, "siblings with another surname, %", percent(blended, siblings), 1, 7)
	between(t, "exempt children, %", percent(exempt, n), 5, 9)
	between(t, "children with a diet, %", percent(dieting, n), 5.5, 8.5)
}

func TestFamilies_everyDietAndBandOccurs(t *testing.T) {
	_, c := largeCensus()
	count := map[string]int{}
	for _, one := range c.children {
		count["diet "+one.diet]++
		count["band "+one.family.band]++
	}
	for _, d := range diets {
		if count["diet "+d.Code] < 10 {
			t.Errorf("diet %s: got %d children, want 10 or more", d.Code, count["diet "+d.Code])
		}
	}
	for i, band := range bands {
		between(t, "band "+band+", %", percent(count["band "+band], len(c.children)), float64(bandWeights[i])-4, float64(bandWeights[i])+4)
	}
}

func TestPlaces_areThoseOfARealTown(t *testing.T) {
	p := newPlaces(streamOf(1, "places"), DefaultPupils)
	if len(p.schools) != 12 || len(p.classes) != 74 || len(p.institutes) != 3 {
		t.Errorf("got %d schools, %d classes, %d institutes, want 12, 74 and 3", len(p.schools), len(p.classes), len(p.institutes))
	}
	patterns := map[canteen.Weekdays]int{}
	cooked := map[string]int{}
	seats := 0
	for _, c := range p.classes {
		patterns[c.weekdays]++
		cooked[c.school.kitchen] += c.seats
		seats += c.seats
		if c.seats < minClass || c.seats > maxClass {
			t.Errorf("%s has %d pupils, want %d to %d", c.scope(), c.seats, minClass, maxClass)
		}
		if c.school.stage == canteen.StageInfanzia && c.weekdays != canteen.MonToFri {
			t.Errorf("%s eats on %s, want every day", c.scope(), c.weekdays)
		}
	}
	if seats != DefaultPupils {
		t.Errorf("got %d seats, want %d", seats, DefaultPupils)
	}
	for _, w := range []canteen.Weekdays{canteen.MonToFri, tueThu, monWedFri} {
		if patterns[w] < 5 {
			t.Errorf("%s: got %d classes, want 5 or more", w, patterns[w])
		}
	}
	if patterns[thursday] != 1 {
		t.Errorf("got %d classes with Thursday only, want 1", patterns[thursday])
	}
	for _, k := range kitchens {
		between(t, "pupils of "+k+", %", percent(cooked[k], seats), 30, 70)
	}
}

func TestPlaces_codesAreGoodAndDifferentInTownsOfEverySize(t *testing.T) {
	for _, pupils := range []int{MinPupils, 300, DefaultPupils, 20_000, 100_000, MaxPupils} {
		p := newPlaces(streamOf(1, "places"), pupils)
		codes := map[string]bool{}
		for _, s := range p.schools {
			if code, err := canteen.ParseSchoolCode(s.code); err != nil || code != s.code || codes[code] {
				t.Errorf("%d pupils: school code %q is wrong or double: %v", pupils, s.code, err)
			}
			codes[s.code] = true
			if s.institute >= len(p.institutes) {
				t.Errorf("%d pupils: %s is of institute %d of %d", pupils, s.code, s.institute, len(p.institutes))
			}
		}
		if !slices.ContainsFunc(p.schools, func(s *school) bool { return s.kitchen == kitchens[1] }) {
			t.Errorf("%d pupils: the second kitchen has no school", pupils)
		}
	}
}
