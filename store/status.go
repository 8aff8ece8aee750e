package store

import (
	"time"

	"refettorio/canteen"
)

// DayStatus is where a day stands, for the whole town and school by school.
type DayStatus struct {
	Date     canteen.Date
	State    canteen.DayState
	Cutoff   canteen.Cutoff // the latest of the schools'
	ClosedAt time.Time      // when the last school closed; zero unless all are
	Counts   canteen.Counts
	Charged  canteen.Cents
	Schools  []SchoolDay
}

// SchoolDay is where a day stands for one school.
type SchoolDay struct {
	School   canteen.School
	Kitchen  string
	State    canteen.DayState
	Closure  canteen.Closure // why there is no service, when State is void
	Cutoff   canteen.Cutoff
	ClosedAt time.Time
	Counts   canteen.Counts // as closed, or as it would close now
	Charged  canteen.Cents
}

// Day tells where a day stands.
func (s *Store) Day(act Act, day canteen.Date) (status DayStatus, err error) {
	err = s.view(act, func(tx *tx) error {
		status = tx.dayStatus(day)
		return nil
	})
	return status, err
}

func (tx *tx) dayStatus(day canteen.Date) DayStatus {
	town := tx.townNow()
	status := DayStatus{Date: day, Schools: make([]SchoolDay, 0, len(town.schools))}
	view, gaps := town.calendar.Day(day), tx.outagesOn(day)
	for i := range town.schools {
		one := tx.schoolDay(&town.schools[i], day, &view, gaps)
		if one.State != canteen.DayVoid && one.Cutoff.At.After(status.Cutoff.At) {
			status.Cutoff = one.Cutoff
		}
		if one.ClosedAt.After(status.ClosedAt) {
			status.ClosedAt = one.ClosedAt
		}
		status.Counts.Add(one.Counts)
		status.Charged += one.Charged
		status.Schools = append(status.Schools, one)
	}
	status.State = townState(status.Schools)
	if status.State != canteen.DayClosed {
		status.ClosedAt = time.Time{}
	}
	return status
}

// schoolDay tells where a day stands for a school: from its closing when there
// is one, else from what would be cooked now.
func (tx *tx) schoolDay(school *canteen.School, day canteen.Date, view *canteen.DayView, gaps []canteen.Outage) SchoolDay {
	one := SchoolDay{School: *school, Kitchen: tx.townNow().byKitchen[school.Kitchen].Code, Cutoff: tx.cutoff(day, school, gaps)}
	if c, closed := tx.closing(day, school.ID); closed {
		one.State, one.ClosedAt, one.Counts, one.Charged = canteen.DayClosed, c.At, c.Counts, c.Charged
		one.Cutoff.At = c.Cutoff
		return one
	}
	serving := tx.serving(view, school, day)
	one.State = canteen.StateOf(day, len(serving) > 0, false, one.Cutoff, tx.now)
	if len(serving) == 0 {
		_, one.Closure = view.Service(school.Code, "", canteen.MonToFri)
		if one.Closure.Kind == canteen.NotClosed {
			one.Closure.Kind = canteen.OffWeekday
		}
		return one
	}
	one.Counts = tx.expected(school, serving, day)
	return one
}

// expected counts what a school would order if it closed now.
func (tx *tx) expected(school *canteen.School, serving []*canteen.Class, day canteen.Date) (total canteen.Counts) {
	said := map[canteen.PAN]canteen.CommunicationKind{}
	tx.scan(communications, keyDaySchool(day, school.ID), func(k, v []byte) bool {
		c, err := decodeCommunication(v)
		if err != nil {
			tx.fail(err)
		}
		said[panAtEnd(k)] = c.Kind
		return err == nil
	})
	for _, class := range serving {
		total.Add(tx.expectedClass(class, day, said))
	}
	return total
}

// expectedClass counts what a class would order.
func (tx *tx) expectedClass(class *canteen.Class, day canteen.Date, said map[canteen.PAN]canteen.CommunicationKind) (c canteen.Counts) {
	var e canteen.Enrolment
	var intern interner
	tx.scan(enrolments, key32(uint32(class.ID)), func(k, v []byte) bool {
		if err := decodeEnrolment(k, v, &e, &intern); err != nil {
			tx.fail(err)
			return false
		}
		if seat, ok := e.On(day, class.Weekdays); ok {
			c.AddMeal(canteen.MealOf(seat, said[seat.Pupil]), seat.Diet)
		}
		return true
	})
	c.AddStaff(class.Staff)
	return c
}

// townState sums up the schools: the state that asks most of somebody.
func townState(schools []SchoolDay) canteen.DayState {
	rank := []canteen.DayState{canteen.DayUnattended, canteen.DayClosing, canteen.DayOpen, canteen.DayPlanned, canteen.DayClosed}
	best := len(rank)
	for i := range schools {
		for r, state := range rank {
			if schools[i].State == state {
				best = min(best, r)
			}
		}
	}
	if best == len(rank) {
		return canteen.DayVoid
	}
	return rank[best]
}

// Unattended lists the service days since the file began that nobody closed,
// oldest first, at most limit (design §4): the office closes each or declares
// it without service.
func (s *Store) Unattended(act Act, limit int) (found []canteen.Date, err error) {
	err = s.view(act, func(tx *tx) error {
		today := canteen.DateOf(tx.now)
		for day := max(tx.begun(), today.AddDays(-400)); day < today && len(found) < limit; day = day.AddDays(1) {
			if tx.unattended(day) {
				found = append(found, day)
			}
		}
		return nil
	})
	return found, err
}

// unattended tells whether a past day has a school with service and pupils that
// nobody closed.
func (tx *tx) unattended(day canteen.Date) bool {
	town := tx.townNow()
	view := town.calendar.Day(day)
	for i := range town.schools {
		school := &town.schools[i]
		if tx.has(closings, keyDaySchool(day, school.ID)) {
			continue
		}
		if serving := tx.serving(&view, school, day); len(serving) > 0 && tx.seats(serving) > 0 {
			return true
		}
	}
	return false
}

// begun is the day the file was made.
func (tx *tx) begun() canteen.Date {
	at, err := time.Parse(time.RFC3339, string(tx.get(metas, keyCreated)))
	if err != nil {
		tx.fail(err)
	}
	return canteen.DateOf(at)
}

// VoidDay declares that a day nobody closed had no service: rules for the
// schools left open close it, with the official's reason, and it is charged to
// nobody.
func (s *Store) VoidDay(act Act, day canteen.Date, reason string) error {
	return s.updateOnce(act, day, func(tx *tx) error {
		if err := mayDecideDays(act); err != nil {
			return err
		}
		if reason == "" {
			return canteen.Invalid("reason", "error.required")
		}
		if day >= canteen.DateOf(tx.now) || tx.dayStatus(day).State != canteen.DayUnattended {
			return canteen.Refuse(canteen.KindConflict, "error.void.state", day)
		}
		town := tx.townNow()
		for i := range town.schools {
			if !tx.has(closings, keyDaySchool(day, town.schools[i].ID)) {
				tx.addRule(canteen.DayRule{Layer: canteen.SchoolLayer, Scope: town.schools[i].Code, From: day, To: day, Reason: reason})
			}
		}
		view := tx.townNow().calendar.Day(day)
		for i := range town.schools {
			if tx.has(closings, keyDaySchool(day, town.schools[i].ID)) {
				continue
			}
			for _, class := range tx.serving(&view, &town.schools[i], day) { // opened by a rule of its own
				tx.addRule(canteen.DayRule{Layer: canteen.ClassLayer, Scope: town.scope(class), From: day, To: day, Reason: reason})
			}
		}
		view = tx.townNow().calendar.Day(day)
		for _, id := range tx.withoutSheet(&view, day) {
			tx.issueSheet(&view, id, day)
		}
		tx.logChange("day.void", day.String(), reason)
		return nil
	})
}
