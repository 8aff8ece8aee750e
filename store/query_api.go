package store

import "refettorio/canteen"

// PupilSeat is a pupil's account and where it eats: the class of today, or
// outside the school year that of its latest enrolment.
type PupilSeat struct {
	Account  AccountView
	Class    string // "3A"
	School   canteen.School
	Kitchen  string // the kitchen's code
	Weekdays canteen.Weekdays
}

// PupilSeat returns the account and place of a pupil the actor may act for;
// KindNotFound otherwise.
func (s *Store) PupilSeat(act Act, pan canteen.PAN) (seat PupilSeat, err error) {
	err = s.view(act, func(tx *tx) error {
		p, err := tx.pupilFor(pan, canteen.RightPay)
		if err != nil {
			return err
		}
		tx.sawPupil(SawAccount, pan)
		town := tx.townNow()
		class, own := p.Class, canteen.Weekdays(0)
		if e := enrolmentOn(tx.enrolmentsOf(pan), canteen.DateOf(tx.now)); e != nil {
			class, own = e.Class, e.Weekdays
		}
		seat = PupilSeat{Account: tx.accountView(p)}
		c := town.byClass[class]
		if c == nil {
			return nil
		}
		seat.Class, seat.School, seat.Weekdays = c.Name(), *town.bySchool[c.School], c.Weekdays
		if own != 0 {
			seat.Weekdays &= own
		}
		seat.Kitchen = town.byKitchen[seat.School.Kitchen].Code
		return nil
	})
	return seat, err
}
