package store

import (
	"cmp"
	"slices"

	"refettorio/canteen"
)

// SheetVersions returns every version issued of a kitchen's sheet for a day,
// oldest first; none before the day is closed. KindNotFound for an unknown
// kitchen.
func (s *Store) SheetVersions(act Act, day canteen.Date, kitchen string) (all []canteen.Sheet, err error) {
	err = s.view(act, func(tx *tx) error {
		all = nil
		for _, k := range tx.townNow().kitchens {
			if k.Code != kitchen {
				continue
			}
			tx.scan(sheets, append(keyDay(day), key16(uint16(k.ID))...), func(key, v []byte) bool {
				var sheet canteen.Sheet
				if tx.decode(sheets, key, v, &sheet) {
					all = append(all, sheet)
				}
				return true
			})
			return nil
		}
		return canteen.Refuse(canteen.KindNotFound, "error.kitchen.notFound", kitchen)
	})
	return all, err
}

// RuleEffect is what a rule of the calendar would do: the days on which
// somebody's meal appears or goes away, in order. Pupils counts each pupil once,
// Meals one for each pupil and day.
type RuleEffect struct {
	Days   []RuleEffectDay
	Pupils int
	Meals  int
}

// RuleEffectDay is the effect on one day. Meals are those of pupils who are not
// away by themselves.
type RuleEffectDay struct {
	Day     canteen.Date
	Classes int
	Meals   int
}

// PreviewRule tells what AddDayRule would do, and refuses what it would refuse.
func (s *Store) PreviewRule(act Act, r canteen.DayRule) (effect RuleEffect, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		if err := r.Validate(); err != nil {
			return err
		}
		if r.From.DaysUntil(r.To) >= maxRange {
			return canteen.Invalid("to", "error.communication.long", maxRange)
		}
		if err := tx.ruleFits(r); err != nil {
			return err
		}
		effect = tx.ruleEffect(r)
		return nil
	})
	return effect, err
}

func (tx *tx) ruleEffect(r canteen.DayRule) (effect RuleEffect) {
	town := tx.townNow()
	then := canteen.Calendar{Years: town.calendar.Years, Rules: append(slices.Clip(town.calendar.Rules), r)}
	seated, touched := tx.classLists(), map[canteen.PAN]bool{}
	for day := r.From; day <= r.To; day = day.AddDays(1) {
		one := RuleEffectDay{Day: day}
		before, after := town.calendar.Day(day), then.Day(day)
		for i := range town.schools {
			school := &town.schools[i]
			said := tx.said(day, school.ID)
			for _, class := range town.classesOn(school.ID, day) {
				was, _ := before.Service(school.Code, town.scope(class), class.Weekdays)
				is, _ := after.Service(school.Code, town.scope(class), class.Weekdays)
				if was == is {
					continue
				}
				one.Classes++
				for _, e := range seated(class.ID) {
					if _, ok := e.On(day, class.Weekdays); ok && said[e.Pupil] != canteen.Absence {
						one.Meals++
						touched[e.Pupil] = true
					}
				}
			}
		}
		if one.Meals > 0 {
			effect.Days, effect.Meals = append(effect.Days, one), effect.Meals+one.Meals
		}
	}
	effect.Pupils = len(touched)
	return effect
}

// said returns what the families of a school said for a day.
func (tx *tx) said(day canteen.Date, school canteen.SchoolID) map[canteen.PAN]canteen.CommunicationKind {
	said := map[canteen.PAN]canteen.CommunicationKind{}
	tx.scan(communications, keyDaySchool(day, school), func(k, v []byte) bool {
		c, err := decodeCommunication(v)
		if err != nil {
			tx.fail(err)
		}
		said[panAtEnd(k)] = c.Kind
		return err == nil
	})
	return said
}

// classLists reads the enrolments of a class once, however often they are asked
// for.
func (tx *tx) classLists() func(canteen.ClassID) []canteen.Enrolment {
	known := map[canteen.ClassID][]canteen.Enrolment{}
	return func(id canteen.ClassID) []canteen.Enrolment {
		list, ok := known[id]
		if ok {
			return list
		}
		var intern interner
		tx.scan(enrolments, key32(uint32(id)), func(k, v []byte) bool {
			var e canteen.Enrolment
			if err := decodeEnrolment(k, v, &e, &intern); err != nil {
				tx.fail(err)
				return false
			}
			list = append(list, e)
			return true
		})
		known[id] = list
		return list
	}
}

// TariffEffect compares the price of a meal before and after a new tariff, for
// the pupils enrolled on the day it starts (story 20: no price list without a
// rehearsal with totals by school).
type TariffEffect struct {
	Changes []PriceChange  // by old, then new price
	Schools []SchoolPrices // in order of the town
}

// PriceChange counts the pupils who go from a price to a price, which may be the
// same.
type PriceChange struct {
	Old, New canteen.Cents
	Pupils   int
}

// SchoolPrices is the sum of the prices of a school's pupils for one meal each.
type SchoolPrices struct {
	School   canteen.School
	Pupils   int
	Old, New canteen.Cents
}

// PreviewTariff tells what AddTariff would do, and refuses what it would refuse.
func (s *Store) PreviewTariff(act Act, t canteen.Tariff) (effect TariffEffect, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		if err := t.Validate(); err != nil {
			return err
		}
		if k, _ := tx.bucket(closings).Cursor().Last(); k != nil && dayOfKey(k) >= t.From {
			return canteen.Refuse(canteen.KindConflict, "error.tariff.closed", dayOfKey(k))
		}
		effect = tx.tariffEffect(&t)
		return nil
	})
	return effect, err
}

func (tx *tx) tariffEffect(t *canteen.Tariff) (effect TariffEffect) {
	town, pairs := tx.townNow(), map[[2]canteen.Cents]int{}
	seated := tx.classLists()
	now, found := canteen.TariffOn(town.tariffs, t.From)
	for i := range town.schools {
		sum := SchoolPrices{School: town.schools[i]}
		for _, class := range town.classesOn(sum.School.ID, t.From) {
			for _, e := range seated(class.ID) {
				if enrolmentOn([]canteen.Enrolment{e}, t.From) == nil {
					continue
				}
				seat := canteen.Seat{Pupil: e.Pupil, Band: canteen.InForce(e.Bands, t.From), Rank: e.Rank, Outside: e.Outside}
				var old canteen.Cents
				if found {
					old, _ = now.Price(sum.School.Stage, seat)
				}
				price, _ := t.Price(sum.School.Stage, seat)
				pairs[[2]canteen.Cents{old, price}]++
				sum.Pupils, sum.Old, sum.New = sum.Pupils+1, sum.Old+old, sum.New+price
			}
		}
		if sum.Pupils > 0 {
			effect.Schools = append(effect.Schools, sum)
		}
	}
	for pair, n := range pairs {
		effect.Changes = append(effect.Changes, PriceChange{Old: pair[0], New: pair[1], Pupils: n})
	}
	slices.SortFunc(effect.Changes, func(a, b PriceChange) int {
		return cmp.Or(cmp.Compare(a.Old, b.Old), cmp.Compare(a.New, b.New))
	})
	return effect
}

// UnchargedDays lists the closed days from a day to a day on which meals were
// ordered and nobody was charged: a wrong tariff is seen the same morning and
// not after six months (story 22).
func (s *Store) UnchargedDays(act Act, from, to canteen.Date) (found []canteen.Date, err error) {
	err = s.view(act, func(tx *tx) error {
		found = nil
		charged, ordered := map[canteen.Date]canteen.Cents{}, map[canteen.Date]int{}
		c := tx.bucket(closings).Cursor()
		for k, stored := c.Seek(keyDay(from)); k != nil && dayOfKey(k) <= to; k, stored = c.Next() {
			var mark closing
			if v := tx.open(closings, k, stored); v == nil || !tx.decode(closings, k, v, &mark) {
				break
			}
			charged[dayOfKey(k)] += mark.Charged
			ordered[dayOfKey(k)] += mark.Counts.Ordered()
		}
		for day, n := range ordered {
			if n > 0 && charged[day] == 0 {
				found = append(found, day)
			}
		}
		slices.Sort(found)
		return nil
	})
	return found, err
}

// Outages returns the stretches of a day during which the service could not be
// reached, noticed or declared, in order.
func (s *Store) Outages(act Act, day canteen.Date) (all []canteen.Outage, err error) {
	err = s.view(act, func(tx *tx) error {
		all = tx.outagesOn(day)
		return nil
	})
	return all, err
}

// PupilsEnrolled counts the pupils with a validated enrolment on a day.
func (s *Store) PupilsEnrolled(act Act, day canteen.Date) (n int, err error) {
	err = s.view(act, func(tx *tx) error {
		n = 0
		seated := tx.classLists()
		for i := range tx.townNow().schools {
			for _, class := range tx.townNow().classesOn(tx.townNow().schools[i].ID, day) {
				for _, e := range seated(class.ID) {
					if enrolmentOn([]canteen.Enrolment{e}, day) != nil {
						n++
					}
				}
			}
		}
		return nil
	})
	return n, err
}
