package store

import (
	"encoding/json"

	"refettorio/canteen"
)

// Preview says what Communicate would answer now to a request, without writing:
// the step before the confirmation. It may return Invalid and NotFound, as
// Communicate does.
func (s *Store) Preview(act Act, req CommunicationRequest) (out []PupilOutcome, err error) {
	if err := req.validate(); err != nil {
		return nil, err
	}
	err = s.view(act, func(tx *tx) error {
		out = make([]PupilOutcome, 0, len(req.Pupils))
		for _, pan := range req.Pupils {
			p, err := tx.pupilFor(pan, canteen.RightCancel)
			if err != nil {
				return err
			}
			tx.sawPupil(SawCalendar, pan)
			out = append(out, tx.pupilDays(p).decide(req, act.received(tx.now)))
		}
		return nil
	})
	return out, err
}

// CommunicationAnswer returns what Communicate answered to the act of this actor
// that carried Act.Once; KindNotFound when there was none or it wrote nothing.
func (s *Store) CommunicationAnswer(act Act) (out []PupilOutcome, err error) {
	err = s.view(act, func(tx *tx) error {
		var rec onceRecord
		if act.Once == "" || !tx.getJSON(once, tx.onceKey(), &rec) {
			return canteen.Refuse(canteen.KindNotFound, "error.notFound")
		}
		return json.Unmarshal(rec.Answer, &out)
	})
	return out, err
}

// MealPrice is the price of a pupil's meal on a day and where it comes from.
type MealPrice struct {
	Price  canteen.Cents
	Band   string // the pupil's own, also where no rate asks for it
	Source PriceSource
}

// MealPrice explains the price of a pupil's meal on a day (story 24). ok is
// false when the pupil has no place or no tariff is in force.
func (s *Store) MealPrice(act Act, pan canteen.PAN, day canteen.Date) (m MealPrice, ok bool, err error) {
	err = s.view(act, func(tx *tx) error {
		if _, err := tx.pupilFor(pan, canteen.RightPay); err != nil {
			return err
		}
		tx.sawPupil(SawPrice, pan)
		town := tx.townNow()
		e := enrolmentOn(tx.enrolmentsOf(pan), day)
		tariff, inForce := canteen.TariffOn(town.tariffs, day)
		if e == nil || !inForce {
			return nil
		}
		seat := canteen.Seat{Pupil: pan, Band: canteen.InForce(e.Bands, day), Rank: e.Rank, Outside: e.Outside}
		price, rate := tariff.Price(town.bySchool[town.byClass[e.Class].School].Stage, seat)
		m, ok = MealPrice{price, seat.Band, PriceSource{Act: tariff.Act, From: tariff.From, Rate: tariff.Rates[rate]}}, true
		return nil
	})
	return m, ok, err
}
