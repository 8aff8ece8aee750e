package store

import (
	"fmt"

	"refettorio/canteen"
)

// putEnrolment is the one writer of enrolments. A pupil has one class on a day:
// an enrolment that overlaps another of the same pupil is refused, so that two
// registers can never hold the same child.
func (tx *tx) putEnrolment(e *canteen.Enrolment) error {
	for _, other := range tx.enrolmentsOf(e.Pupil) {
		same := other.Class == e.Class && other.From == e.From
		if !same && overlap(&other, e) {
			return canteen.Refuse(canteen.KindConflict, "error.enrolment.overlap", e.Pupil.String(), other.From)
		}
	}
	if len(e.Bands) > 200 || len(e.Diets) > 200 {
		return canteen.Refuse(canteen.KindConflict, "error.enrolment.history")
	}
	tx.put(enrolments, keyEnrolment(e.Class, e.Pupil, e.From), encodeEnrolment(e))
	tx.putIndex(enrolmentsByPAN, keyEnrolmentByPAN(e.Pupil, e.From, e.Class))
	return nil
}

// dropEnrolment takes back an enrolment of which no day was closed.
func (tx *tx) dropEnrolment(e *canteen.Enrolment) {
	tx.del(enrolments, keyEnrolment(e.Class, e.Pupil, e.From))
	tx.del(enrolmentsByPAN, keyEnrolmentByPAN(e.Pupil, e.From, e.Class))
}

// overlap tells whether two enrolments of one pupil hold on a common day. One
// that was withdrawn holds until its last day.
func overlap(a, b *canteen.Enrolment) bool {
	end := func(e *canteen.Enrolment) canteen.Date {
		if e.Until != 0 {
			return e.Until
		}
		return endOfYear(e.From)
	}
	live := func(e *canteen.Enrolment) bool { return e.State == canteen.Validated }
	return live(a) && live(b) && a.From <= end(b) && b.From <= end(a)
}

// endOfYear is the last day of the school year a day belongs to.
func endOfYear(d canteen.Date) canteen.Date {
	year := d.Year()
	if d.Month() >= 9 {
		year++
	}
	return canteen.NewDate(year, 8, 31)
}

// enrolmentsOf returns every enrolment of a pupil, oldest first.
func (tx *tx) enrolmentsOf(pan canteen.PAN) []canteen.Enrolment {
	var all []canteen.Enrolment
	var intern interner
	tx.scan(enrolmentsByPAN, keyPAN(pan), func(k, _ []byte) bool {
		from, class := canteen.Date(be.Uint32(k[8:])), canteen.ClassID(be.Uint32(k[12:]))
		key := keyEnrolment(class, pan, from)
		var e canteen.Enrolment
		if v := tx.get(enrolments, key); v == nil {
			tx.fail(fmt.Errorf("enrolment %x is in the index only", key))
		} else if err := decodeEnrolment(key, v, &e, &intern); err != nil {
			tx.fail(fmt.Errorf("enrolment %x: %w", key, err))
		}
		all = append(all, e)
		return tx.err == nil
	})
	return all
}

// enrolmentOn returns the validated enrolment that holds on a day, if any.
func enrolmentOn(list []canteen.Enrolment, day canteen.Date) *canteen.Enrolment {
	for i := range list {
		e := &list[i]
		if e.State == canteen.Validated && e.From <= day && (e.Until == 0 && day <= endOfYear(e.From) || e.Until != 0 && day <= e.Until) {
			return e
		}
	}
	return nil
}

// Enrolments returns the enrolments of a pupil the actor may act for, oldest
// first.
func (s *Store) Enrolments(act Act, pan canteen.PAN) (all []canteen.Enrolment, err error) {
	err = s.view(act, func(tx *tx) error {
		if _, err := tx.ownPupil(pan); err != nil {
			return err
		}
		tx.sawPupil(SawEnrolments, pan)
		all = tx.enrolmentsOf(pan)
		return nil
	})
	return all, err
}
