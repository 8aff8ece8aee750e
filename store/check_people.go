package store

import (
	"cmp"
	"encoding/binary"
	"slices"

	"refettorio/canteen"
)

// checkedTown is the reference data, by number.
type checkedTown struct {
	generation uint64
	kitchens   map[canteen.KitchenID]canteen.Kitchen
	schools    map[canteen.SchoolID]canteen.School
	classes    map[canteen.ClassID]canteen.Class
	tariffs    []canteen.Tariff
	calendar   canteen.Calendar
	levels     canteen.AlertLevels
	prices     []canteen.Cents // every price a meal has ever had, and 0
	ofSchool   map[canteen.SchoolID][]canteen.ClassID
	byName     map[checkedName]canteen.ClassID
}

// checkedName is how a sheet names a class, with the year of its day.
type checkedName struct{ year, school, class string }

// label names a class for a sentence of the report.
func (t *checkedTown) label(class canteen.ClassID) string {
	c := t.classes[class]
	return t.schools[c.School].Code + " " + c.Grade + c.Section
}

// places reads the reference data and holds it together.
func (c *checker) places() {
	t := &c.town
	if v := c.value(metas, keyGeneration); v != nil {
		t.generation = binary.BigEndian.Uint64(v)
	}
	t.kitchens, t.schools, t.classes = map[canteen.KitchenID]canteen.Kitchen{}, map[canteen.SchoolID]canteen.School{}, map[canteen.ClassID]canteen.Class{}
	c.each(kitchens, nil, func(k, v []byte) {
		if one, ok := asJSON[canteen.Kitchen](c, kitchens, k, v); ok {
			c.named(kitchens, k, uint64(one.ID))
			t.kitchens[one.ID] = one
		}
	})
	t.ofSchool, t.byName = map[canteen.SchoolID][]canteen.ClassID{}, map[checkedName]canteen.ClassID{}
	codes := map[string]bool{}
	c.each(schools, nil, func(k, v []byte) {
		if one, ok := asJSON[canteen.School](c, schools, k, v); ok {
			c.named(schools, k, uint64(one.ID))
			t.schools[one.ID] = one
			if _, ok := t.kitchens[one.Kitchen]; !ok {
				c.wrong(schools, k, "school %s has the unknown kitchen %d", one.Code, one.Kitchen)
			}
			if codes[one.Code] {
				c.wrong(schools, k, "code %s belongs to two schools", one.Code)
			}
			codes[one.Code] = true
		}
	})
	c.each(classes, nil, func(k, v []byte) {
		if one, ok := asJSON[canteen.Class](c, classes, k, v); ok {
			c.named(classes, k, uint64(one.ID))
			t.classes[one.ID] = one
			school, ok := t.schools[one.School]
			if !ok {
				c.wrong(classes, k, "class %s has the unknown school %d", one.Name(), one.School)
			}
			t.ofSchool[one.School] = append(t.ofSchool[one.School], one.ID)
			name := checkedName{one.Year, school.Code, one.Grade + one.Section}
			if other, taken := t.byName[name]; taken {
				c.wrong(classes, k, "class %s of %s is number %d too", name.class, name.school, other)
			}
			t.byName[name] = one.ID
		}
	})
	c.priceLists()
	c.calendar()
	c.each(diets, nil, func(k, v []byte) {
		if one, ok := asJSON[canteen.Diet](c, diets, k, v); ok && one.Code != string(k) {
			c.wrong(diets, k, "the record is of diet %q", one.Code)
		}
	})
	c.each(menus, nil, func(k, v []byte) {
		if one, ok := asJSON[canteen.Menu](c, menus, k, v); ok && one.Name != string(k) {
			c.wrong(menus, k, "the record is of menu %q", one.Name)
		}
	})
	if v := c.value(settings, []byte(settingLevels)); v != nil {
		t.levels, _ = asJSON[canteen.AlertLevels](c, settings, []byte(settingLevels), v)
	}
}

// named holds the number in a record against its key.
func (c *checker) named(t table, k []byte, id uint64) {
	var key uint64
	for _, b := range k {
		key = key<<8 | uint64(b)
	}
	if key != id || id == 0 {
		c.wrong(t, k, "the record calls itself number %d", id)
	}
}

func (c *checker) priceLists() {
	t := &c.town
	t.prices = []canteen.Cents{0}
	c.each(tariffs, nil, func(k, v []byte) {
		one, ok := asJSON[canteen.Tariff](c, tariffs, k, v)
		if !ok {
			return
		}
		c.named(tariffs, k, uint64(one.ID))
		n := len(one.Rates)
		if n == 0 || (one.Rates[n-1] != canteen.Rate{Price: one.Rates[n-1].Price, Note: one.Rates[n-1].Note}) {
			c.wrong(tariffs, k, "the last rate of the tariff sets a condition: somebody would have no price")
			return
		}
		t.tariffs = append(t.tariffs, one)
		for _, r := range one.Rates {
			t.prices = append(t.prices, r.Price)
		}
	})
	slices.Sort(t.prices)
	t.prices = slices.Compact(t.prices)
}

func (c *checker) calendar() {
	c.each(years, nil, func(k, v []byte) {
		if one, ok := asJSON[canteen.SchoolYear](c, years, k, v); ok {
			if one.Name != string(k) {
				c.wrong(years, k, "the record is of the year %q", one.Name)
			}
			c.town.calendar.Years = append(c.town.calendar.Years, one)
		}
	})
	c.each(rules, nil, func(k, v []byte) {
		if one, ok := asJSON[canteen.DayRule](c, rules, k, v); ok {
			if err := one.Validate(); err != nil {
				c.wrong(rules, k, "no such rule can be: %v", err)
			}
			c.town.calendar.Rules = append(c.town.calendar.Rules, one)
		}
	})
}

// checkedPupil is what the check carries along for each pupil: the state of the
// account as its lines have been seen so far.
type checkedPupil struct {
	pan     canteen.PAN
	class   canteen.ClassID
	day     canteen.Date // the last closed day with an order of this pupil
	odd     bool         // its account has been reported; one sentence is enough
	line    uint32       // the last line seen
	spoken  uint32       // which values of canteen.Spoken are possible: bit s for s
	balance canteen.Cents
	lines   span // of checker.lines, still to come
	notices span // of checker.notices, still to come
}

type span struct{ next, end int32 }

func (c *checker) people() {
	byCF, byGuardian, byHandle, byName, ofPupils, persons := 0, 0, 0, 0, 0, 0
	c.each(guardians, nil, func(k, v []byte) {
		g, ok := asJSON[canteen.Guardian](c, guardians, k, v)
		if !ok {
			return
		}
		c.rep.Guardians++
		c.named(guardians, k, uint64(g.ID))
		if g.CodiceFiscale != "" {
			c.indexed(guardiansByCF, append(padded16(string(g.CodiceFiscale)), k...), &byCF, "the guardian")
		}
		if len(g.Handle) != handleSize {
			c.wrong(guardians, k, "the handle is of %d characters", len(g.Handle))
		}
		c.indexed(guardiansByHandle, append(padded16(g.Handle), k...), &persons, "the guardian")
		name := append([]byte(canteen.FoldKey(g.Surname, g.Name)), 0)
		c.indexed(guardiansByName, append(name, k...), &byName, "the guardian")
	})
	c.countIndex(guardiansByCF, byCF)
	c.countIndex(guardiansByHandle, persons)
	c.countIndex(guardiansByName, byName)
	byName = 0
	c.each(pupils, nil, func(k, v []byte) {
		p, ok := asJSON[canteen.Pupil](c, pupils, k, v)
		if !ok {
			return
		}
		c.named(pupils, k, uint64(p.PAN))
		c.byPAN[p.PAN] = int32(len(c.pupils))
		c.pupils = append(c.pupils, checkedPupil{pan: p.PAN, class: p.Class, spoken: 1})
		if _, ok := c.town.classes[p.Class]; !ok && p.Class != 0 {
			c.wrong(pupils, k, "the pupil has the unknown class %d", p.Class)
		}
		if p.CodiceFiscale != "" {
			c.indexed(pupilsByCF, append(padded16(string(p.CodiceFiscale)), k...), &ofPupils, "the pupil")
		}
		if len(p.Handle) != handleSize {
			c.wrong(pupils, k, "the handle is of %d characters", len(p.Handle))
		}
		c.indexed(pupilsByHandle, append(padded16(p.Handle), k...), &byHandle, "the pupil")
		name := append([]byte(canteen.FoldKey(p.Surname, p.Name)), 0)
		c.indexed(pupilsByName, append(name, k...), &byName, "the pupil")
		for i, g := range p.Guardians {
			id := binary.BigEndian.AppendUint64(nil, uint64(g))
			if c.value(guardians, id) == nil {
				c.wrong(pupils, k, "guardian %d of the pupil is unknown", g)
			}
			if slices.Contains(p.Guardians[:i], g) {
				c.wrong(pupils, k, "guardian %d is named twice", g)
				continue
			}
			c.indexed(pupilsByGuardian, append(id, k...), &byGuardian, "the pupil")
		}
	})
	c.rep.Pupils = len(c.pupils)
	c.countIndex(pupilsByCF, ofPupils)
	c.countIndex(pupilsByHandle, byHandle)
	c.countIndex(pupilsByName, byName)
	c.countIndex(pupilsByGuardian, byGuardian)
}

// padded16 is a codice fiscale or a handle as the first part of a key.
func padded16(s string) []byte {
	k := make([]byte, 16, 24)
	copy(k, s)
	return k
}

// checkedSeat is an enrolment with its pupil's place in checker.pupils.
type checkedSeat struct {
	pupil int32
	canteen.Enrolment
}

// enrolments reads the enrolments class by class, in order of PAN and day, which
// is the order of the registers.
func (c *checker) enrolments() {
	n, codes := 0, map[string]string{"": ""}
	var held []canteen.Enrolment // the validated ones
	c.each(enrolments, nil, func(k, v []byte) {
		e, ok := readEnrolment(k, v, codes)
		if !ok {
			c.wrong(enrolments, k, "the enrolment has not its form")
			return
		}
		c.rep.Enrolments++
		index := append(append(slices.Clone(k[4:12]), k[12:]...), k[:4]...)
		c.indexed(enrolmentsByPAN, index, &n, "the enrolment")
		pupil, known := c.byPAN[e.Pupil]
		if !known {
			c.wrong(enrolments, k, "the enrolment is of the unknown pupil %s", e.Pupil)
			return
		}
		if _, known := c.town.classes[e.Class]; !known {
			c.wrong(enrolments, k, "the enrolment is in the unknown class %d", e.Class)
			return
		}
		c.seats[e.Class] = append(c.seats[e.Class], checkedSeat{pupil, e})
		if e.State == canteen.Validated {
			held = append(held, e)
		}
	})
	c.countIndex(enrolmentsByPAN, n)
	slices.SortFunc(held, func(a, b canteen.Enrolment) int {
		return cmp.Or(cmp.Compare(a.Pupil, b.Pupil), cmp.Compare(a.From, b.From))
	})
	for i := 1; i < len(held); i++ {
		a, b := &held[i-1], &held[i]
		sameYear := c.town.classes[a.Class].Year == c.town.classes[b.Class].Year
		if a.Pupil == b.Pupil && (a.Until >= b.From || a.Until == 0 && sameYear) {
			c.problemf("enrolments: pupil %s is in %s and in %s on %s", a.Pupil, c.town.label(a.Class), c.town.label(b.Class), b.From)
		}
	}
}
