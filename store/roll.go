package store

import (
	"cmp"
	"slices"
	"strings"

	"refettorio/canteen"
)

// ownSchools returns the schools of which an actor may see the class rolls: a
// school's login its own (rules R10.4); the office, the counter and the console
// every one.
func (tx *tx) ownSchools() (schoolSet, error) {
	if r := tx.act.Actor.Role; r != canteen.RoleOffice && r != canteen.RoleDesk {
		return tx.validatedBy()
	}
	all := schoolSet{}
	for id := range tx.townNow().bySchool {
		all[id] = true
	}
	return all, nil
}

// RollState says how a pupil stands in a class today.
type RollState string

// The states of a line of a roll.
const (
	RollPresent RollState = "present" // it holds today
	RollComing  RollState = "coming"  // it begins later
	RollLeft    RollState = "left"    // it has ended
)

// RollLine is a pupil of a class: no money, no band, no diet but the fact that
// there is one (rules R5.4).
type RollLine struct {
	Pupil    canteen.Pupil
	From     canteen.Date
	Until    canteen.Date     // 0: the end of the year
	Weekdays canteen.Weekdays // on which the pupil eats
	Own      bool             // they are not all those of the class
	Special  bool             // a special diet, whatever it is
	State    RollState
}

// ClassRoll is the roll of a class, in order of name.
type ClassRoll struct {
	School canteen.School
	Class  canteen.Class
	Day    canteen.Date
	Lines  []RollLine
}

// Count returns how many pupils are in a state.
func (r *ClassRoll) Count(state RollState) (n int) {
	for i := range r.Lines {
		if r.Lines[i].State == state {
			n++
		}
	}
	return n
}

// ClassRoll returns the roll of a class of the actor's schools; KindNotFound for
// any other.
func (s *Store) ClassRoll(act Act, id canteen.ClassID) (roll ClassRoll, err error) {
	err = s.view(act, func(tx *tx) error {
		own, err := tx.ownSchools()
		if err != nil {
			return err
		}
		class := tx.townNow().byClass[id]
		if class == nil || !own[class.School] {
			return canteen.Refuse(canteen.KindNotFound, "error.class.notFound")
		}
		roll = ClassRoll{School: *tx.townNow().bySchool[class.School], Class: *class, Day: canteen.DateOf(tx.now)}
		tx.saw(look{what: "roll", why: tx.townNow().scope(class)})
		for _, e := range tx.classLists()(id) {
			if e.State == canteen.Validated {
				roll.Lines = append(roll.Lines, tx.rollLine(&e, class, roll.Day))
			}
		}
		slices.SortFunc(roll.Lines, func(a, b RollLine) int {
			return cmp.Or(cmp.Compare(canteen.FoldKey(a.Pupil.Surname, a.Pupil.Name), canteen.FoldKey(b.Pupil.Surname, b.Pupil.Name)),
				cmp.Compare(a.From, b.From), cmp.Compare(a.Pupil.PAN, b.Pupil.PAN))
		})
		return nil
	})
	return roll, err
}

func (tx *tx) rollLine(e *canteen.Enrolment, class *canteen.Class, today canteen.Date) RollLine {
	line := RollLine{From: e.From, Until: e.Until, Weekdays: class.Weekdays, State: RollPresent}
	line.Pupil, _ = tx.pupil(e.Pupil)
	if e.Weekdays != 0 {
		line.Weekdays &= e.Weekdays
		line.Own = line.Weekdays != class.Weekdays
	}
	switch {
	case e.From > today:
		line.State = RollComing
	case e.Until != 0 && e.Until < today, endOfYear(e.From) < today:
		line.State = RollLeft
	}
	line.Special = canteen.InForce(e.Diets, max(today, e.From)) != ""
	return line
}

// PupilPlace is a pupil of one of the actor's schools with the place it has now,
// or will have next.
type PupilPlace struct {
	Pupil    canteen.Pupil
	School   canteen.School
	Class    canteen.Class
	From     canteen.Date
	Until    canteen.Date
	Earliest canteen.Date // the earliest last day of a withdrawal; before From: the place can be taken back whole
	Others   []PlaceClass // the other classes of the year in the actor's schools, by school and name: where it may be moved
}

// PlaceClass is a class with its school.
type PlaceClass struct {
	School canteen.School
	Class  canteen.Class
}

// PupilPlace returns a pupil by the word in an address; KindNotFound when it has
// no place, now or to come, in the actor's schools.
func (s *Store) PupilPlace(act Act, handle string) (view PupilPlace, err error) {
	err = s.view(act, func(tx *tx) error {
		own, err := tx.ownSchools()
		if err != nil {
			return err
		}
		if view, _, err = tx.pupilPlace(own, handle); err == nil {
			view.Others = tx.otherClasses(own, &view.Class)
			tx.saw(look{what: "pupil", pupil: view.Pupil.PAN})
		}
		return err
	})
	return view, err
}

// otherClasses lists the classes of a year in some schools but one.
func (tx *tx) otherClasses(own schoolSet, but *canteen.Class) (all []PlaceClass) {
	town := tx.townNow()
	for _, c := range town.classes {
		if own[c.School] && c.Year == but.Year && c.ID != but.ID {
			all = append(all, PlaceClass{*town.bySchool[c.School], c})
		}
	}
	return all
}

// pupilPlace finds the pupil and its place that holds now or begins next.
func (tx *tx) pupilPlace(own schoolSet, handle string) (view PupilPlace, place canteen.Enrolment, err error) {
	var pan canteen.PAN
	if len(handle) == handleSize {
		tx.scan(pupilsByHandle, keyHandle(handle), func(k, _ []byte) bool {
			pan = panAtEnd(k)
			return false
		})
	}
	town, today := tx.townNow(), canteen.DateOf(tx.now)
	for _, e := range tx.enrolmentsOf(pan) {
		class := town.byClass[e.Class]
		over := e.Until != 0 && e.Until < today || endOfYear(e.From) < today
		if e.State != canteen.Validated || over || class == nil || !own[class.School] {
			continue
		}
		view = PupilPlace{School: *town.bySchool[class.School], Class: *class, From: e.From, Until: e.Until}
		view.Pupil, _ = tx.pupil(pan)
		view.Earliest = today
		if tx.openFor(class.School, today) {
			view.Earliest = today.AddDays(-1)
		}
		return view, e, nil
	}
	return view, place, canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
}

// EndPlace ends a pupil's place in the actor's schools after a last day, with a
// reason; the guardians are told. What is ordered already stays ordered
// (Invalid, with the earliest day); a place that has not begun by then is taken
// back. It may return NotFound and Invalid.
func (s *Store) EndPlace(act Act, handle string, last canteen.Date, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.updateOnce(act, []any{handle, last, reason}, func(tx *tx) error {
		own, err := tx.validatedBy()
		if err != nil {
			return err
		}
		view, place, err := tx.pupilPlace(own, handle)
		switch {
		case err != nil:
			return err
		case last.IsZero():
			return canteen.Invalid("last", "error.required")
		case last < view.Earliest:
			return canteen.Invalid("last", "error.place.ordered", view.Earliest)
		case last > endOfYear(place.From) || place.Until != 0 && last > place.Until:
			return canteen.Invalid("last", "error.place.over", cmp.Or(place.Until, endOfYear(place.From)))
		case reason == "":
			return canteen.Invalid("reason", "error.required")
		case len(reason) > maxGrounds:
			return canteen.Invalid("reason", "error.tooLong", maxGrounds)
		}
		p := &view.Pupil
		if err := tx.endPlaces(own, p, view.Class.Year, last, reason); err != nil {
			return err
		}
		tx.logChange("enrolment.end", p.PAN.String(), last.String())
		for _, g := range p.Guardians {
			tx.tell(g, "enrolment.ended", Fact{Text: p.Name}, Fact{Day: last}, Fact{Text: reason})
		}
		return tx.err
	})
}

// endPlaces ends or takes back every place of a pupil in a school year in some
// schools (nil: in all), and its application; siblings may move up.
func (tx *tx) endPlaces(own schoolSet, p *canteen.Pupil, year string, last canteen.Date, reason string) error {
	town := tx.townNow()
	left := plannedPupil{Pupil: *p, places: placesOf(tx.enrolmentsOf(p.PAN))}
	for i := range left.places {
		e := &left.places[i]
		class := town.byClass[e.Class]
		switch {
		case !e.live() || class == nil || class.Year != year || own != nil && !own[class.School]:
		case e.From > last:
			e.change = placeDropped
		case e.Until == 0 || e.Until > last:
			e.Until = last
			e.touch()
		}
	}
	if class := left.latestPlace(); class != 0 && class != p.Class {
		p.Class = class
		tx.putPupil(*p)
	}
	tx.withdrawApplications(p, year, reason)
	return tx.settle(&left, year)
}

// latestPlace is the class of the latest place that stays; 0 when none does.
func (p *plannedPupil) latestPlace() canteen.ClassID {
	for i := len(p.places) - 1; i >= 0; i-- {
		if p.places[i].live() {
			return p.places[i].Class
		}
	}
	return 0
}

// withdrawApplications closes the applications a place came from.
func (tx *tx) withdrawApplications(p *canteen.Pupil, year, reason string) {
	var handles []string
	prefix := append(keyCF(p.CodiceFiscale), key16(firstYear(year))...)
	tx.scan(applicationsByChild, prefix, func(k, _ []byte) bool {
		handles = append(handles, string(k[18:]))
		return true
	})
	for _, handle := range handles {
		a, ok := tx.application(handle)
		if !ok || a.State != canteen.Validated || a.Pupil != p.PAN {
			continue
		}
		a.State = canteen.Withdrawn
		a.History = append(a.History, tx.step(a.State.String(), reason))
		tx.putApplication(&a)
	}
}
