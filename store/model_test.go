package store

import (
	"cmp"
	"slices"
	"time"

	"refettorio/canteen"
)

// modelTown is the small town as a clerk would keep it on paper, after the
// rules of the mission and with nothing of the record's code: who has a place
// where, what was said, what was ordered, who owes what. The model test holds
// the record against it.
type modelTown struct {
	now      time.Time
	class    map[canteen.ClassID]modelClass
	places   map[canteen.PAN][]modelPlace // oldest first
	parent   map[canteen.PAN]canteen.GuardianID
	rules    []canteen.DayRule
	said     map[pupilDay]canteen.CommunicationKind
	receipts map[int]uint32 // by calendar year
	closed   map[schoolDay]bool
	orders   map[pupilDay]modelOrder
	balance  map[canteen.PAN]canteen.Cents
	quiet    map[canteen.PAN]map[string]bool // notices that have spoken
	notices  map[modelNotice]int
	paid     map[string]modelPayment
	versions map[kitchenDay]int
}

type (
	pupilDay struct {
		pan canteen.PAN
		day canteen.Date
	}
	schoolDay struct {
		school canteen.SchoolID
		day    canteen.Date
	}
	kitchenDay struct {
		kitchen string
		day     canteen.Date
	}
	modelPayment struct {
		pan    canteen.PAN
		amount canteen.Cents
	}
	modelNotice struct {
		pan     canteen.PAN
		what    string
		balance canteen.Cents
	}
	modelClass struct {
		id     canteen.ClassID
		school canteen.SchoolID
		name   string // "3B"
		week   canteen.Weekdays
		staff  int
	}
	// modelPlace is a pupil's seat from a day to a day; until 0 is the end.
	modelPlace struct {
		class       canteen.ClassID
		from, until canteen.Date
		bands       []canteen.Since
		diets       []canteen.Since
		rank        int
		outside     bool
		week        canteen.Weekdays // the pupil's own, 0: the class's
	}
	modelOrder struct {
		class canteen.ClassID
		meal  canteen.Meal
		diet  string
		price canteen.Cents
	}
)

type modelSchool struct {
	code    string
	kitchen string
	cutoff  canteen.ClockTime
}

var modelSchools = map[canteen.SchoolID]modelSchool{
	infanzia:   {"FGAA00001A", kitchenOne, 9*60 + 30},
	primaria:   {"FGEE00002B", kitchenOne, 9*60 + 15},
	secondaria: {"FGMM00003C", kitchenTwo, 9 * 60},
}

// placeOn is the place a pupil has on a day.
func (m *modelTown) placeOn(pan canteen.PAN, day canteen.Date) *modelPlace {
	for i := range m.places[pan] {
		p := &m.places[pan][i]
		if day >= p.from && (p.until == 0 || day <= p.until) {
			return p
		}
	}
	return nil
}

func inForce(list []canteen.Since, day canteen.Date) (code string) {
	for _, s := range list {
		if s.From <= day {
			code = s.Code
		}
	}
	return code
}

// serves says whether a class has a canteen day. The nearest layer that speaks
// decides and of two words of one layer the later; an opening of the class
// stands above the days of its week.
func (m *modelTown) serves(c modelClass, day canteen.Date) bool {
	if day < 20260901 || day > 20270630 {
		return false
	}
	layer, open := canteen.Layer(0), true
	if _, holiday := canteen.NationalHoliday(day); holiday {
		layer, open = canteen.Nation, false
	}
	for _, r := range m.rules {
		if day < r.From || day > r.To || r.Layer < layer || !m.speaksTo(r, c) {
			continue
		}
		layer, open = r.Layer, r.Open
	}
	return open && (layer == canteen.ClassLayer || c.week.Has(day.Weekday()))
}

func (m *modelTown) speaksTo(r canteen.DayRule, c modelClass) bool {
	code := modelSchools[c.school].code
	return r.Scope == "" || r.Scope == code || r.Scope == code+" "+c.name
}

// eats says whether a pupil has a meal on a day unless it is cancelled.
func (m *modelTown) eats(pan canteen.PAN, day canteen.Date) bool {
	p := m.placeOn(pan, day)
	if p == nil || !m.serves(m.class[p.class], day) {
		return false
	}
	return p.week == 0 || p.week.Has(day.Weekday()) && m.class[p.class].week.Has(day.Weekday())
}

// late says whether a word received at an instant comes after the cut-off.
func late(school canteen.SchoolID, day canteen.Date, received time.Time) bool {
	return received.After(day.At(modelSchools[school].cutoff))
}

// answer decides one day of a request (mission 11); it changes nothing.
func (m *modelTown) answer(pan canteen.PAN, kind canteen.CommunicationKind, day canteen.Date, received time.Time) canteen.Outcome {
	standing := m.said[pupilDay{pan, day}]
	p := m.placeOn(pan, day)
	shut := p != nil && (m.closed[schoolDay{m.class[p.class].school, day}] || late(m.class[p.class].school, day, received))
	switch {
	case kind == 0 && standing == 0:
		return canteen.Already
	case kind != 0 && !m.eats(pan, day):
		return canteen.NoService
	case kind != 0 && standing == kind:
		return canteen.Already
	case shut:
		return canteen.TooLate
	}
	return canteen.Accepted
}

// communicate answers a request for one pupil and writes it down: the outcomes
// in order of day and the receipt's number, 0 for none.
func (m *modelTown) communicate(pan canteen.PAN, kind canteen.CommunicationKind, from, to canteen.Date, received time.Time) (all []canteen.Outcome, receipt uint32) {
	for day := from; day <= to; day = day.AddDays(1) {
		all = append(all, m.answer(pan, kind, day, received))
	}
	if kind == canteen.White {
		m.limitWhite(pan, from, all)
	}
	if !slices.Contains(all, canteen.Accepted) {
		return all, 0
	}
	for i, one := range all {
		if key := (pupilDay{pan, from.AddDays(i)}); one == canteen.Accepted && kind == 0 {
			delete(m.said, key)
		} else if one == canteen.Accepted {
			m.said[key] = kind
		}
	}
	year := canteen.DateOf(m.now).Year()
	m.receipts[year]++
	return all, m.receipts[year]
}

// price is that of the town's tariff, read from the top.
func (m *modelTown) price(p *modelPlace, day canteen.Date) canteen.Cents {
	band := inForce(p.bands, day)
	switch {
	case band == canteen.BandExempt:
		return 0
	case p.outside:
		return 420
	case p.rank >= 2:
		return 200
	case band == "F1" && m.class[p.class].school == infanzia:
		return 120
	case band == "F1":
		return 150
	}
	return 270
}

// open lists the schools of a day that somebody must still close.
func (m *modelTown) open(day canteen.Date) (ids []canteen.SchoolID) {
	for _, c := range m.class {
		if m.serves(c, day) && !m.closed[schoolDay{c.school, day}] && !slices.Contains(ids, c.school) {
			ids = append(ids, c.school)
		}
	}
	return ids
}

// close closes the schools of a day whose cut-off has passed and returns how
// many; a kitchen whose last school is closed gets the next version of its
// sheet.
func (m *modelTown) close(day canteen.Date) (n int) {
	issued := map[string]bool{}
	for _, school := range m.open(day) {
		if !late(school, day, m.now) {
			continue
		}
		n++
		m.closed[schoolDay{school, day}] = true
		issued[modelSchools[school].kitchen] = true
		for pan := range m.places {
			if p := m.placeOn(pan, day); p != nil && m.class[p.class].school == school && m.eats(pan, day) {
				m.order(pan, p, day)
			}
		}
	}
	m.issue(day, issued)
	return n
}

// issue gives their sheet to the kitchens whose schools are all closed: to those
// a school of which was closed just now, and to those that have none.
func (m *modelTown) issue(day canteen.Date, now map[string]bool) {
	for id, school := range modelSchools {
		done, key := m.closed[schoolDay{id, day}], kitchenDay{school.kitchen, day}
		if !done || m.kitchenOpen(school.kitchen, day) {
			continue
		}
		if now[school.kitchen] || m.versions[key] == 0 {
			m.versions[key]++
			delete(now, school.kitchen)
		}
	}
}

// void says that whoever is not closed on a day had no service, whatever the
// calendar said.
func (m *modelTown) void(day canteen.Date) {
	for id, c := range m.class {
		school := modelSchools[c.school].code
		if m.closed[schoolDay{c.school, day}] {
			continue
		}
		m.rules = append(m.rules, canteen.DayRule{Layer: canteen.SchoolLayer, Scope: school, From: day, To: day})
		if m.serves(m.class[id], day) { // the class itself was opened
			m.rules = append(m.rules, canteen.DayRule{Layer: canteen.ClassLayer, Scope: school + " " + c.name, From: day, To: day})
		}
	}
	m.issue(day, nil)
}

func (m *modelTown) kitchenOpen(kitchen string, day canteen.Date) bool {
	return slices.ContainsFunc(m.open(day), func(id canteen.SchoolID) bool { return modelSchools[id].kitchen == kitchen })
}

// order writes down and charges the meal of a pupil: present by default.
func (m *modelTown) order(pan canteen.PAN, p *modelPlace, day canteen.Date) {
	o := modelOrder{class: p.class, meal: canteen.MealStandard, diet: inForce(p.diets, day)}
	if o.diet != "" {
		o.meal = canteen.MealDiet
	}
	switch m.said[pupilDay{pan, day}] {
	case canteen.Absence:
		o.meal, o.diet = canteen.MealAbsent, ""
	case canteen.White:
		o.meal = canteen.MealWhite
	}
	if o.meal != canteen.MealAbsent {
		o.price = m.price(p, day)
	}
	m.orders[pupilDay{pan, day}] = o
	if o.price > 0 {
		m.move(pan, -o.price, o.price)
	}
}

// move changes a balance; a fall below a threshold that has not spoken since the
// balance was last above it gives one notice, of the gravest (mission 22).
func (m *modelTown) move(pan canteen.PAN, amount, price canteen.Cents) {
	m.balance[pan] += amount
	if m.quiet[pan] == nil {
		m.quiet[pan] = map[string]bool{}
	}
	balance, quiet, gravest := m.balance[pan], m.quiet[pan], ""
	for _, threshold := range []struct {
		name  string
		below bool
	}{
		{"low", balance < 3*price}, {"empty", balance <= 0}, {"debt-1", balance < -15_00},
		{"debt-2", balance < -50_00}, {"debt-3", balance < -100_00},
	} {
		if !threshold.below {
			quiet[threshold.name] = false
		} else if amount < 0 && !quiet[threshold.name] {
			quiet[threshold.name], gravest = true, threshold.name
		}
	}
	if gravest != "" {
		m.notices[modelNotice{pan, gravest, balance}]++
	}
}

// pay credits a payment once for each reference and says what becomes of it.
func (m *modelTown) pay(p OutsidePayment) canteen.Kind {
	today := canteen.DateOf(m.now)
	before, known := m.paid[p.Reference]
	switch {
	case p.Amount <= 0 || p.Reference == "" || p.Day > today:
		return canteen.KindInvalid
	case known && before == modelPayment{p.Pupil, p.Amount}:
		return 0
	case known:
		return canteen.KindConflict
	}
	m.paid[p.Reference] = modelPayment{p.Pupil, p.Amount}
	m.move(p.Pupil, p.Amount, m.price(m.placeOn(p.Pupil, today), today))
	return 0
}

// rule adds a rule of the calendar unless it speaks about a closed day.
func (m *modelTown) rule(r canteen.DayRule) canteen.Kind {
	for key := range m.closed {
		touches := r.Scope == "" || r.Scope[:10] == modelSchools[key.school].code
		if touches && key.day >= r.From && key.day <= r.To {
			return canteen.KindConflict
		}
	}
	m.rules = append(m.rules, r)
	return 0
}

// moveClass gives a pupil a place in another class from the first day that is
// closed neither there nor where it was. The place is what the office's list
// says now; siblings are counted again, the eldest first and twins by code.
func (m *modelTown) moveClass(pan canteen.PAN, to modelPlace) {
	today := canteen.DateOf(m.now)
	list := m.places[pan]
	last := &list[len(list)-1]
	day := today
	for key := range m.closed {
		if key.school == m.class[to.class].school || key.school == m.class[last.class].school {
			day = max(day, key.day.AddDays(1))
		}
	}
	to.from, to.week = day, last.week
	to.bands, to.diets = []canteen.Since{{From: day, Code: to.bands[0].Code}}, []canteen.Since{{From: day, Code: to.diets[0].Code}}
	if last.from >= day {
		list = list[:len(list)-1]
	} else {
		last.until = day.AddDays(-1)
	}
	m.places[pan] = append(list, to)
	home := []canteen.PAN{}
	for other, parent := range m.parent {
		if parent == m.parent[pan] {
			home = append(home, other)
		}
	}
	slices.SortFunc(home, func(a, b canteen.PAN) int { return cmp.Compare(a, b) }) // all are born on one day
	for i, one := range home {
		for j := range m.places[one] {
			if p := &m.places[one][j]; p.until == 0 || p.until >= today {
				p.rank = i + 1
			}
		}
	}
}
