package store

import "refettorio/canteen"

// The three changes of a place during the year. Each acts from a day on that no
// school concerned has closed, so that past days keep their class, and none edits
// what was eaten.

// TransferPupil moves a pupil to another class of the same school year from a day
// on, as the family asked: days before keep the old class, what the family said
// for later days moves along, tariff band, diet and rank stay. Days of the week
// the family chose stay where the new class eats on them. The office may, and a
// school's login between the schools it has. It may return Forbidden,
// NotFound, Invalid (the class or the day) and Conflict (a day is closed already,
// or the pupil has no place then).
func (s *Store) TransferPupil(act Act, pan canteen.PAN, class canteen.ClassID, from canteen.Date) error {
	type request struct {
		Pupil canteen.PAN
		Class canteen.ClassID
		From  canteen.Date
	}
	return s.updateOnce(act, request{pan, class, from}, func(tx *tx) error {
		c, err := tx.placeChange(pan, from)
		if err != nil {
			return err
		}
		to := tx.townNow().byClass[class]
		switch {
		case to == nil || to.Year != canteen.YearOf(from):
			return canteen.Invalid("class", "error.application.class")
		case to.ID == c.present.Class:
			return canteen.Invalid("class", "error.transfer.same")
		}
		if err := tx.mayTransfer(&c, to); err != nil {
			return err
		}
		if err := c.free(to.School); err != nil {
			return err
		}
		next := c.carry(to.ID)
		if next.Weekdays &= to.Weekdays; next.Weekdays == to.Weekdays {
			next.Weekdays = 0
		}
		if err := c.replace(&next); err != nil {
			return err
		}
		tx.logChange("transfer", pan.String(), from.String())
		return tx.relocate(map[canteen.PAN]relocation{pan: {from, to.School}})
	})
}

// ChangeWeekdays gives a pupil other canteen days from a day on; 0 are all days
// of its class. Its guardians may, and the office. Errors are those of
// TransferPupil, with Invalid for days on which the class does not eat.
func (s *Store) ChangeWeekdays(act Act, pan canteen.PAN, days canteen.Weekdays, from canteen.Date) error {
	type request struct {
		Pupil canteen.PAN
		Days  canteen.Weekdays
		From  canteen.Date
	}
	return s.updateOnce(act, request{pan, days, from}, func(tx *tx) error {
		c, err := tx.placeChange(pan, from)
		if err != nil {
			return err
		}
		if _, err := tx.ownPupil(pan); err != nil {
			return err
		}
		class := tx.townNow().byClass[c.present.Class]
		if days&^class.Weekdays != 0 {
			return canteen.Invalid("weekdays", "error.application.weekdays", class.Weekdays)
		}
		if days == class.Weekdays {
			days = 0
		}
		if days == c.present.Weekdays {
			return canteen.Invalid("weekdays", "error.transfer.sameDays")
		}
		next := c.carry(class.ID)
		next.Weekdays = days
		if err := c.replace(&next); err != nil {
			return err
		}
		tx.logChange("weekdays", pan.String(), from.String()+" "+days.String())
		return tx.err
	})
}

// LeaveService ends a pupil's place: last is the last day on which it eats. The
// account stays, with what is on it. Its guardians may, and the office; a school
// ends it by EndPlace, with a reason. Errors are those of TransferPupil.
func (s *Store) LeaveService(act Act, pan canteen.PAN, last canteen.Date) error {
	type request struct {
		Pupil canteen.PAN
		Last  canteen.Date
	}
	return s.updateOnce(act, request{pan, last}, func(tx *tx) error {
		if last.IsZero() {
			return canteen.Invalid("from", "error.required")
		}
		c, err := tx.placeChange(pan, last.AddDays(1))
		if err != nil {
			return err
		}
		if _, err := tx.ownPupil(pan); err != nil {
			return err
		}
		if err := tx.endPlaces(nil, &c.pupil, canteen.YearOf(last), last, ""); err != nil {
			return err
		}
		tx.logChange("leave", pan.String(), last.String())
		for _, g := range c.pupil.Guardians {
			tx.tell(g, "enrolment.left", Fact{Text: c.pupil.Name}, Fact{Day: last})
		}
		return tx.err
	})
}

// placeChanger is a change of a pupil's place from a day on, decided and not yet
// written.
type placeChanger struct {
	tx      *tx
	placer  *placer
	pupil   canteen.Pupil
	from    canteen.Date
	present canteen.Enrolment   // that holds on from
	later   []canteen.Enrolment // of the same year, which begin from that day on
}

// placeChange finds the place a pupil has on a day, and refuses a day the record
// has closed.
func (tx *tx) placeChange(pan canteen.PAN, from canteen.Date) (c placeChanger, err error) {
	if from.IsZero() {
		return c, canteen.Invalid("from", "error.required")
	}
	p, ok := tx.pupil(pan)
	if !ok {
		return c, canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
	}
	c = placeChanger{tx: tx, placer: newPlacer(tx), pupil: p, from: from}
	if from < c.placer.today {
		return c, canteen.Invalid("from", "error.transfer.past", c.placer.today)
	}
	all := tx.enrolmentsOf(pan)
	present := enrolmentOn(all, from)
	if present == nil {
		return c, canteen.Invalid("from", "error.transfer.noPlace", from)
	}
	c.present = *present
	for _, e := range all {
		if e.State == canteen.Validated && e.From >= from && e.From <= endOfYear(from) && e.From != present.From {
			c.later = append(c.later, e)
		}
	}
	return c, c.free(c.placer.schoolOf(present.Class).ID)
}

// free refuses a day a school has closed already.
func (c *placeChanger) free(school canteen.SchoolID) error {
	if first := c.placer.after(school); first > c.from {
		return canteen.Invalid("from", "error.transfer.closed", first)
	}
	return nil
}

// carry is the pupil's place from the day on, in a class: the same bands and
// diets, those of the past as one.
func (c *placeChanger) carry(class canteen.ClassID) canteen.Enrolment {
	next := c.present
	next.Class, next.From = class, c.from
	next.Bands, next.Diets = carried(c.present.Bands, c.from), carried(c.present.Diets, c.from)
	return next
}

// carried is what a list says from a day on.
func carried(list []canteen.Since, from canteen.Date) []canteen.Since {
	var kept []canteen.Since
	if code := canteen.InForce(list, from); code != "" {
		kept = append(kept, canteen.Since{From: from, Code: code})
	}
	for _, s := range list {
		if s.From > from {
			kept = append(kept, s)
		}
	}
	return kept
}

// replace ends the present place the day before and begins the next; places that
// were to begin later in the year give way.
func (c *placeChanger) replace(next *canteen.Enrolment) error {
	for i := range c.later {
		c.tx.dropEnrolment(&c.later[i])
	}
	if c.present.From >= c.from { // it has not begun: nothing was eaten in it
		c.tx.dropEnrolment(&c.present)
	} else {
		old := c.present
		old.Until = c.from.AddDays(-1)
		if err := c.tx.putEnrolment(&old); err != nil {
			return err
		}
	}
	if err := c.tx.putEnrolment(next); err != nil {
		return err
	}
	if c.pupil.Class != next.Class {
		c.pupil.Class = next.Class
		c.tx.putPupil(c.pupil)
	}
	return nil
}

// mayTransfer: the office anybody; a school's login from a school it has to one
// it has, since what another school has to know goes through the office.
func (tx *tx) mayTransfer(c *placeChanger, to *canteen.Class) error {
	if tx.act.Actor.Role != canteen.RoleSchool {
		return mayKeep(tx.act)
	}
	own, err := tx.validatedBy()
	if err != nil {
		return err
	}
	if present := tx.townNow().byClass[c.present.Class]; !own[present.School] || !own[to.School] {
		return canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
	}
	return nil
}
