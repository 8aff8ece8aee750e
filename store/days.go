package store

import (
	"time"

	"refettorio/canteen"
)

// closing is the record that a school's day is closed: the exactly-once marker
// of design §4, written in the transaction that charges the meals.
type closing struct {
	At      time.Time      `json:"at"`
	Cutoff  time.Time      `json:"cutoff"`
	Seq     int            `json:"seq"` // the school's place in the chain of the day
	Prev    []byte         `json:"prev,omitempty"`
	Root    []byte         `json:"root"` // over Prev and the school's registers, in order of class
	Counts  canteen.Counts `json:"counts"`
	Charged canteen.Cents  `json:"charged"`
	Charges int            `json:"charges"`
	Actor   string         `json:"actor"`
	// Generation is that of the reference data at the close: while it is the
	// file's own, calendar, timetables and places are as the close saw them.
	Generation uint64 `json:"generation"`
}

// dayRecord is the chain of a day so far.
type dayRecord struct {
	Schools int    `json:"schools"`
	Root    []byte `json:"root"`
}

func (tx *tx) closing(day canteen.Date, school canteen.SchoolID) (c closing, ok bool) {
	ok = tx.getJSON(closings, keyDaySchool(day, school), &c)
	return c, ok
}

// outagesOn returns the outages that touch a day, in order.
func (tx *tx) outagesOn(day canteen.Date) (all []canteen.Outage) {
	start, end := day.At(0), day.AddDays(1).At(0)
	c := tx.bucket(outages).Cursor()
	for k, stored := c.Seek(key64(uint64(start.UnixMilli()))); k != nil; k, stored = c.Next() {
		var o canteen.Outage
		if v := tx.open(outages, k, stored); v == nil || !tx.decode(outages, k, v, &o) || !o.From.Before(end) {
			break
		}
		all = append(all, o)
	}
	return all
}

// gapsOn is outagesOn for acts that share a transaction and mostly ask for the
// same day.
func (tx *tx) gapsOn(day canteen.Date) []canteen.Outage {
	if tx.gapsDay != day {
		tx.gapsDay, tx.gaps = day, tx.outagesOn(day)
	}
	return tx.gaps
}

// putOutage is the one writer of outages; their key is their end.
func (tx *tx) putOutage(o canteen.Outage) {
	tx.putJSON(outages, key64(uint64(o.To.UnixMilli())), o)
	tx.gapsDay = 0
}

// beatEvery is how often the heartbeat is written; a gap longer than beatSlack
// is an outage (design §3.4).
const (
	beatEvery = time.Minute
	beatSlack = beatEvery + 30*time.Second
)

// Beat writes the heartbeat: the process can serve now. When the last one is
// too old the time between is recorded as an outage, which moves the cut-offs
// it touched. It must be called before anything is closed after a start.
func (s *Store) Beat(act Act) error {
	return s.update(act, func(tx *tx) error {
		if v := tx.get(metas, keyBeat); len(v) == 8 {
			last := time.UnixMilli(int64(be.Uint64(v))).UTC()
			if tx.now.Sub(last) > beatSlack {
				tx.putOutage(canteen.Outage{From: last, To: tx.now})
			}
		}
		tx.put(metas, keyBeat, key64(uint64(tx.now.UnixMilli())))
		return nil
	})
}

// DeclareOutage records that the service could not be reached although this
// process ran (design §3.4: faults we cannot see). Only a stretch of today that
// has begun can be declared, and it moves only cut-offs of schools still open.
func (s *Store) DeclareOutage(act Act, from, to time.Time, reason string) error {
	return s.updateOnce(act, canteen.Outage{From: from, To: to}, func(tx *tx) error {
		today := canteen.DateOf(tx.now)
		switch {
		case act.Actor.Role != canteen.RoleOffice && act.Actor.Role != canteen.RoleAdmin:
			return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
		case !to.After(from), from.After(tx.now), canteen.DateOf(from) != today, canteen.DateOf(to) != today:
			return canteen.Invalid("to", "error.outage.range")
		case reason == "":
			return canteen.Invalid("reason", "error.required")
		}
		for _, o := range tx.outagesOn(today) {
			if from.Before(o.To) && o.From.Before(to) {
				return canteen.Refuse(canteen.KindConflict, "error.outage.overlap")
			}
		}
		tx.putOutage(canteen.Outage{From: from.UTC(), To: to.UTC()})
		tx.logChange("outage", today.String(), reason)
		return nil
	})
}

// cutoff returns the cut-off of a school on a day.
func (tx *tx) cutoff(day canteen.Date, school *canteen.School, gaps []canteen.Outage) canteen.Cutoff {
	at, limit := tx.townNow().cutoffRule(school)
	return canteen.CutoffOn(day, at, limit, gaps)
}

// pupilDays answers the rules' questions about one pupil, day after day.
type pupilDays struct {
	tx         *tx
	town       *town
	pupil      canteen.Pupil
	enrolments []canteen.Enrolment
}

func (tx *tx) pupilDays(p canteen.Pupil) *pupilDays {
	return &pupilDays{tx: tx, town: tx.townNow(), pupil: p, enrolments: tx.enrolmentsOf(p.PAN)}
}

// place returns the enrolment that holds on a day with its class and school.
func (d *pupilDays) place(day canteen.Date) (e *canteen.Enrolment, class *canteen.Class, school *canteen.School) {
	e = enrolmentOn(d.enrolments, day)
	if e == nil {
		return nil, nil, nil
	}
	class = d.town.byClass[e.Class]
	return e, class, d.town.bySchool[class.School]
}

// on gathers what the rules need for one day.
func (d *pupilDays) on(day canteen.Date) canteen.PupilDay {
	state := canteen.PupilDay{Day: day}
	e, class, school := d.place(day)
	if e == nil {
		state.Closure = canteen.Closure{Kind: canteen.OutOfService}
		return state
	}
	_, state.Enrolled = e.On(day, class.Weekdays)
	state.Service, state.Closure = d.town.calendar.Service(day, school.Code, d.town.scope(class), class.Weekdays)
	if state.Service && !state.Enrolled {
		// A class may open on a day that is not one of its own; a pupil's own days
		// still hold.
		state.Closure = canteen.Closure{Kind: canteen.OffWeekday}
	}
	state.Cutoff = d.tx.cutoff(day, school, d.tx.gapsOn(day))
	if c, closed := d.tx.closing(day, school.ID); closed {
		state.Closed, state.Cutoff.At = true, c.Cutoff // the one that was applied
	}
	if v := d.tx.get(communications, keyCommunication(day, school.ID, d.pupil.PAN)); v != nil {
		c, err := decodeCommunication(v)
		if err != nil {
			d.tx.fail(err)
		}
		state.Current = &c
	}
	return state
}

// next returns the first day after a given one on which a communication
// received at an instant would still be taken; 0 when none is in sight.
func (d *pupilDays) next(after canteen.Date, received time.Time) canteen.Date {
	day := max(after, canteen.DateOf(received).AddDays(-1))
	for range 120 {
		day = day.AddDays(1)
		state := d.on(day)
		if state.Enrolled && state.Service && !state.Closed && !state.Cutoff.Passed(received) {
			return day
		}
	}
	return 0
}
