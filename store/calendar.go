package store

import (
	"slices"
	"time"

	"refettorio/canteen"
)

// addRule appends a rule to the calendar; rules are in the order in which they
// were decided and none is edited.
func (tx *tx) addRule(r canteen.DayRule) {
	tx.putJSON(rules, key64(tx.next(rules)), r)
	tx.changed()
}

// LogLine is one change of something the office or the administrator keeps.
type LogLine struct {
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	What   string    `json:"what"`
	Key    string    `json:"key,omitempty"`
	Detail string    `json:"detail,omitempty"`

	OnBehalf string `json:"on_behalf,omitempty"` // the person an operator acted for
}

// logChange appends to the log of changes, in the transaction of the change.
func (tx *tx) logChange(what, key, detail string) {
	tx.putJSON(logs, key64(tx.next(logs)), LogLine{At: tx.now, Actor: tx.act.Actor.Login, What: what, Key: key, Detail: detail, OnBehalf: tx.act.OnBehalf})
}

// Log returns the newest changes, newest first.
func (s *Store) Log(act Act, limit int) (lines []LogLine, err error) {
	err = s.view(act, func(tx *tx) error {
		c := tx.bucket(logs).Cursor()
		for k, stored := c.Last(); k != nil && len(lines) < limit; k, stored = c.Prev() {
			var line LogLine
			if v := tx.open(logs, k, stored); v == nil || !tx.decode(logs, k, v, &line) {
				break
			}
			lines = append(lines, line)
		}
		return nil
	})
	return lines, err
}

func mayKeep(act Act) error {
	if act.Actor.Role == canteen.RoleOffice || act.Actor.Login == canteen.ConsoleActor.Login {
		return nil
	}
	return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
}

// AddDayRule adds a closure or an opening to the calendar. It may not touch a
// day that is closed already for a school it speaks for: what happened then
// needs a reversal, not a new calendar (KindConflict).
func (s *Store) AddDayRule(act Act, r canteen.DayRule) error {
	return s.updateOnce(act, r, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		if err := r.Validate(); err != nil {
			return err
		}
		if err := tx.ruleFits(r); err != nil {
			return err
		}
		tx.addRule(r)
		tx.logChange("calendar.rule", r.From.String()+".."+r.To.String(), r.Layer.String()+" "+r.Scope+" "+r.Reason)
		return nil
	})
}

// ruleFits refuses a rule for an unknown place or over a closed day.
func (tx *tx) ruleFits(r canteen.DayRule) error {
	town := tx.townNow()
	for i := range town.schools {
		school := &town.schools[i]
		if !town.speaksFor(r, school) {
			continue
		}
		for _, closed := range tx.closedDays(school.ID, r.From, r.To) {
			return canteen.Refuse(canteen.KindConflict, "error.calendar.closed", closed, school.Name)
		}
	}
	known := r.Layer < canteen.SchoolLayer || slices.ContainsFunc(town.schools, func(s canteen.School) bool { return town.speaksFor(r, &s) })
	if !known {
		return canteen.Invalid("scope", "error.calendar.scope", r.Scope)
	}
	return nil
}

// speaksFor tells whether a rule can touch a school.
func (t *town) speaksFor(r canteen.DayRule, school *canteen.School) bool {
	switch r.Layer {
	case canteen.SchoolLayer:
		return r.Scope == school.Code
	case canteen.ClassLayer:
		return slices.ContainsFunc(t.ofSchool[school.ID], func(c *canteen.Class) bool { return t.scope(c) == r.Scope })
	}
	return true
}

// closedDays lists the closed days of a school in a range.
func (tx *tx) closedDays(school canteen.SchoolID, from, to canteen.Date) (closed []canteen.Date) {
	c := tx.bucket(closings).Cursor()
	for k, _ := c.Seek(keyDay(from)); k != nil && dayOfKey(k) <= to; k, _ = c.Next() {
		if be.Uint16(k[4:]) == uint16(school) {
			closed = append(closed, dayOfKey(k))
		}
	}
	return closed
}

// PutSchoolYear sets the limits of a school year and of its canteen service.
func (s *Store) PutSchoolYear(act Act, y canteen.SchoolYear) error {
	return s.update(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		if y.From.IsZero() || y.To <= y.From || y.ServiceFrom != 0 && y.ServiceTo != 0 && y.ServiceTo < y.ServiceFrom {
			return canteen.Invalid("to", "error.dayRule.range", y.From, y.To)
		}
		tx.putYear(y)
		tx.logChange("calendar.year", y.Name, y.ServiceFrom.String()+".."+y.ServiceTo.String())
		return nil
	})
}

// AddTariff puts a new tariff in force from a day that no school has closed
// yet. Tariffs are versions: none is edited.
func (s *Store) AddTariff(act Act, t canteen.Tariff) error {
	return s.updateOnce(act, t, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		if err := t.Validate(); err != nil {
			return err
		}
		if k, _ := tx.bucket(closings).Cursor().Last(); k != nil && dayOfKey(k) >= t.From {
			return canteen.Refuse(canteen.KindConflict, "error.tariff.closed", dayOfKey(k))
		}
		t.ID = 1
		for _, have := range tx.townNow().tariffs {
			t.ID = max(t.ID, have.ID+1)
		}
		tx.putTariff(t)
		tx.logChange("tariff", t.From.String(), t.Act)
		return nil
	})
}

// PutDiet says what a diet leaves out.
func (s *Store) PutDiet(act Act, d canteen.Diet) error {
	return s.update(act, func(tx *tx) error {
		if err := mayKeepDiets(act); err != nil {
			return err
		}
		tx.putDiet(d)
		tx.logChange("diet", d.Code, d.Name)
		return nil
	})
}

// SetCutoff changes the cut-off of a kitchen, and how far it may be extended,
// from now on; days already closed keep theirs.
func (s *Store) SetCutoff(act Act, kitchen string, at, limit canteen.ClockTime) error {
	return s.update(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		for _, k := range tx.townNow().kitchens {
			if k.Code != kitchen {
				continue
			}
			if limit < at {
				return canteen.Invalid("limit", "error.cutoff.limit")
			}
			k.Cutoff, k.Limit = at, limit
			tx.putKitchen(k)
			tx.logChange("cutoff", kitchen, at.String()+" "+limit.String())
			return nil
		}
		return canteen.Refuse(canteen.KindNotFound, "error.kitchen.notFound", kitchen)
	})
}

// Town is the reference data as pages show it.
type Town struct {
	Kitchens []canteen.Kitchen
	Schools  []canteen.School
	Classes  []canteen.Class
	Years    []canteen.SchoolYear
	Rules    []canteen.DayRule
	Tariffs  []canteen.Tariff
	Diets    []canteen.Diet
	Levels   canteen.AlertLevels
}

// Town returns the places, calendar, tariffs and diets. The slices are shared
// and must not be changed.
func (s *Store) Town(act Act) (view Town, err error) {
	err = s.view(act, func(tx *tx) error {
		t := tx.townNow()
		view = Town{t.kitchens, t.schools, t.classes, t.calendar.Years, t.calendar.Rules, t.tariffs, nil, t.levels}
		for _, d := range t.diets {
			view.Diets = append(view.Diets, d)
		}
		slices.SortFunc(view.Diets, func(a, b canteen.Diet) int {
			if a.Code < b.Code {
				return -1
			}
			return 1
		})
		return nil
	})
	return view, err
}
