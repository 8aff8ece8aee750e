package store

import (
	"refettorio/canteen"
)

// PreviewPromotion plans the classes of the school year after a year, without
// writing: what PromoteClasses would do.
func (s *Store) PreviewPromotion(act Act, year string) (plan []canteen.ClassPromotion, err error) {
	err = s.view(act, func(tx *tx) error {
		plan, err = tx.promotion(year)
		return err
	})
	return plan, err
}

// PromoteClasses creates next year's classes from those of a year, and the next
// school year itself with its ordinary limits where the calendar has none. Doing
// it again adds only what is missing. It returns what was planned; Exists tells
// what was there before. It may return Forbidden and Invalid (no such year, or a
// year without classes).
func (s *Store) PromoteClasses(act Act, year string) (plan []canteen.ClassPromotion, err error) {
	err = s.update(act, func(tx *tx) error {
		if plan, err = tx.promotion(year); err != nil {
			return err
		}
		next := canteen.NextYear(year)
		tx.haveYear(next)
		for i := range plan {
			if p := &plan[i]; !p.Exists && !p.Leaves() {
				class := p.New
				class.ID = canteen.ClassID(tx.next(classes))
				tx.putClass(class)
			}
		}
		tx.logChange("promotion", next, "")
		return nil
	})
	return plan, err
}

func (tx *tx) promotion(year string) ([]canteen.ClassPromotion, error) {
	if err := mayKeep(tx.act); err != nil {
		return nil, err
	}
	if canteen.NextYear(year) == "" {
		return nil, canteen.Invalid("year", "error.schoolYear", year)
	}
	town := tx.townNow()
	var this, next []canteen.Class
	for _, c := range town.classes {
		switch c.Year {
		case year:
			this = append(this, c)
		case canteen.NextYear(year):
			next = append(next, c)
		}
	}
	if len(this) == 0 {
		return nil, canteen.Invalid("year", "error.promotion.noClasses", year)
	}
	return canteen.Promote(town.schools, this, next), nil
}

// haveYear gives the calendar a school year it lacks.
func (tx *tx) haveYear(name string) {
	for _, y := range tx.townNow().calendar.Years {
		if y.Name == name {
			return
		}
	}
	if y, err := canteen.ParseYear(name); err == nil {
		tx.putYear(canteen.DefaultYear(y.From))
	}
}
