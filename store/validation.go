package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"refettorio/canteen"
)

// ValidationRequest asks to validate one application. Class is the one the
// school corrects it to; 0 leaves the one asked.
type ValidationRequest struct {
	Handle string          `json:"handle"`
	Class  canteen.ClassID `json:"class,omitempty"`
}

// Validation is the answer for one application. Pupil, First and Start are set
// when it was validated: First is the first day on which the child can eat, or
// Start, from when it is enrolled, where the calendar does not reach yet.
type Validation struct {
	Handle  string                    `json:"handle"`
	Outcome canteen.ValidationOutcome `json:"outcome"`
	Pupil   canteen.PAN               `json:"pupil,omitempty"`
	Start   canteen.Date              `json:"start,omitempty"`
	First   canteen.Date              `json:"first,omitempty"`
}

// maxValidations bounds an act of validation: the writer is everybody's.
const maxValidations = 200

// Validate validates applications of the school's own, in order, and answers for
// each (mission 2 and 3): the child gets a PAN for life and an account if it has
// none, a place in its class, its rank among the siblings, the diet that is
// already approved; the family is told. What cannot be validated stays as it is.
// It may return Invalid and Forbidden; an application of another school is an
// outcome, "notFound".
func (s *Store) Validate(act Act, list []ValidationRequest) (out []Validation, err error) {
	switch {
	case len(list) == 0:
		return nil, canteen.Invalid("domande", "error.validation.none")
	case len(list) > maxValidations:
		return nil, canteen.Invalid("domande", "error.validation.many", maxValidations)
	}
	err = s.updateAlone(act, func(tx *tx) error {
		out = nil
		if done, err := tx.onceDone(list, &out); done || err != nil {
			return err
		}
		own, err := tx.validatedBy()
		if err != nil {
			return err
		}
		answers := make([]Validation, len(list))
		for i, req := range list {
			if answers[i], err = tx.validate(own, req); err != nil {
				return fmt.Errorf("validate %s: %w", req.Handle, err)
			}
		}
		out = answers
		tx.rememberOnce(list, out)
		return nil
	})
	return out, err
}

// schoolSet is the schools an actor acts for.
type schoolSet map[canteen.SchoolID]bool

// validatedBy returns the schools whose enrolments the actor decides: those of a
// school's login, and every one for the console.
func (tx *tx) validatedBy() (schoolSet, error) {
	a, own, town := tx.act.Actor, schoolSet{}, tx.townNow()
	switch {
	case a.Role == canteen.RoleSchool:
		var u User
		if !tx.getJSON(users, []byte(a.Login), &u) || u.Disabled {
			return nil, canteen.Refuse(canteen.KindForbidden, "error.forbidden")
		}
		for _, code := range u.Schools {
			if school := town.byCode[code]; school != nil {
				own[school.ID] = true
			}
		}
		return own, nil
	case a.Login == canteen.ConsoleActor.Login:
		for id := range town.bySchool {
			own[id] = true
		}
		return own, nil
	}
	return nil, canteen.Refuse(canteen.KindForbidden, "error.forbidden")
}

// validate decides one application and writes it when the answer is yes.
func (tx *tx) validate(own schoolSet, req ValidationRequest) (Validation, error) {
	v := Validation{Handle: req.Handle, Outcome: canteen.ValidationNotFound}
	a, ok := tx.application(req.Handle)
	if !ok || !own[a.School] || a.State == canteen.Draft {
		return v, nil
	}
	if a.State == canteen.Validated {
		v.Outcome, v.Pupil = canteen.ValidationAlready, a.Pupil
		return v, nil
	}
	state, err := a.State.Next(canteen.Validate)
	if err != nil {
		v.Outcome = canteen.ValidationMoved
		return v, nil
	}
	seat := newSeat{a: &a, class: tx.townNow().byClass[cmp.Or(req.Class, a.Class)]}
	if v.Outcome = tx.fitsSeat(&seat); v.Outcome != canteen.ValidationDone {
		return v, nil
	}
	a.State = state
	if err := tx.seat(&seat); err != nil {
		return v, err
	}
	v.Pupil, v.Start = seat.child.PAN, seat.start
	v.First = cmp.Or(tx.firstMeal(&seat), seat.start)
	tx.tell(a.Applicant, "enrolment.validated", Fact{Text: a.Child.Name}, Fact{Text: seat.class.Name()},
		Fact{Text: tx.townNow().bySchool[seat.class.School].Name}, Fact{Day: v.First})
	return v, tx.err
}

// newSeat is a place about to be given.
type newSeat struct {
	a     *canteen.Application
	class *canteen.Class
	child canteen.Pupil
	known bool // the child is in the service already
	start canteen.Date
}

// fitsSeat tells whether a place can be given, and works out whose and from when.
func (tx *tx) fitsSeat(s *newSeat) canteen.ValidationOutcome {
	if s.class == nil || s.class.School != s.a.School || s.class.Year != s.a.Year {
		return canteen.ValidationNoClass
	}
	var twins bool
	if s.child, s.known, twins = tx.childOf(s.a); twins {
		return canteen.ValidationTwins
	}
	if s.known && tx.placeInYear(s.child.PAN, s.a.Year) != nil {
		return canteen.ValidationAlready
	}
	if s.known && !s.child.HasGuardian(s.a.Applicant) {
		return canteen.ValidationStranger
	}
	if tx.debtGate(s.a).Stopped {
		return canteen.ValidationStopped
	}
	if s.start = tx.startDay(s.a, s.class); s.start == 0 {
		return canteen.ValidationOver
	}
	return canteen.ValidationDone
}

// placeInYear returns a pupil's last validated place of a school year, nil
// without one.
func (tx *tx) placeInYear(pan canteen.PAN, year string) (place *canteen.Enrolment) {
	town := tx.townNow()
	for _, e := range tx.enrolmentsOf(pan) {
		if class := town.byClass[e.Class]; class != nil && class.Year == year && e.State == canteen.Validated {
			place = &e
		}
	}
	return place
}

// startDay is the day from which a place in a class can hold.
func (tx *tx) startDay(a *canteen.Application, class *canteen.Class) canteen.Date {
	year, err := canteen.ParseYear(a.Year)
	if err != nil {
		return 0
	}
	for _, y := range tx.townNow().calendar.Years {
		if y.Name == a.Year {
			year.From, year.To = y.From, max(y.To, y.ServiceTo)
		}
	}
	today := canteen.DateOf(tx.now)
	return canteen.StartDay(year, a.From, today, tx.openFor(class.School, today))
}

// openFor tells whether meals of a school can still be ordered for a day.
func (tx *tx) openFor(id canteen.SchoolID, day canteen.Date) bool {
	school := tx.townNow().bySchool[id]
	return !tx.has(closings, keyDaySchool(day, id)) && !tx.cutoff(day, school, tx.gapsOn(day)).Passed(tx.act.received(tx.now))
}

// firstMeal is the first day on which the child of a place eats; 0 when the
// calendar does not say yet.
func (tx *tx) firstMeal(s *newSeat) canteen.Date {
	town, days := tx.townNow(), s.class.Weekdays
	if s.a.Weekdays != 0 {
		days &= s.a.Weekdays
	}
	day, ok := town.calendar.NextService(s.start.AddDays(-1), town.bySchool[s.class.School].Code, town.scope(s.class), days)
	if !ok || canteen.YearOf(day) != s.a.Year {
		return 0
	}
	return day
}

// seat writes the child, its place and the application.
func (tx *tx) seat(s *newSeat) error {
	tx.fillChild(s)
	if s.child.PAN == 0 {
		pan, err := tx.drawPAN(func(canteen.PAN) bool { return false })
		if err != nil {
			return err
		}
		s.child.PAN, s.child.Handle = pan, tx.newHandle()
	}
	e := canteen.Enrolment{Pupil: s.child.PAN, Class: s.class.ID, State: canteen.Validated, From: s.start,
		Weekdays: s.a.Weekdays, Outside: s.child.NonResident, Diets: tx.dietsFor(s)}
	if e.Weekdays == s.class.Weekdays {
		e.Weekdays = 0 // so that the child follows its class when its days change
	}
	if err := tx.seatAmongSiblings(s, e); err != nil {
		return err
	}
	s.a.Pupil, s.a.Class = s.child.PAN, s.class.ID
	s.a.History = append(s.a.History, tx.step(s.a.State.String(), ""))
	tx.putApplication(s.a)
	tx.logChange("enrolment.validate", s.a.Handle, tx.townNow().scope(s.class))
	return tx.err
}

// fillChild makes the pupil of a place: a new one as declared, of whoever applies
// for it, or one in the service as the record has it, with what it lacked. An
// application gives nobody a child that has guardians already: whoever typed its
// codice fiscale would read all of it (story 34).
func (tx *tx) fillChild(s *newSeat) {
	c, p := &s.a.Child, &s.child
	if !s.known {
		*p = canteen.Pupil{CodiceFiscale: c.CodiceFiscale, Surname: c.Surname, Name: c.Name, Born: c.Born, Sex: c.Sex,
			Birthplace: c.Birthplace, Class: s.class.ID}
		if s.a.Applicant != 0 {
			p.Guardians = []canteen.GuardianID{s.a.Applicant}
		}
	}
	p.CodiceFiscale = cmp.Or(p.CodiceFiscale, c.CodiceFiscale)
	p.Born = cmp.Or(p.Born, c.Born)
	p.NonResident = c.NonResident
}

// dietsFor are the diets of a new place: the one an officer has approved for the
// request the application opened, else what the child had in the year before. A
// diet is never dropped by a change of year (rules R9.3).
func (tx *tx) dietsFor(s *newSeat) []canteen.Since {
	var diets []canteen.Since
	if s.known {
		if last := tx.placeInYear(s.child.PAN, canteen.PreviousYear(s.a.Year)); last != nil {
			diets = canteen.SetFrom(nil, s.start, canteen.InForce(last.Diets, endOfYear(last.From)))
		}
	}
	r, ok := tx.dietRequest(s.a.DietAsked)
	if !ok || r.Pupil != 0 && r.Pupil != s.child.PAN {
		return diets
	}
	if r.Pupil == 0 {
		r.Pupil = s.child.PAN
		r.History = append(r.History, tx.step("pupil", ""))
		tx.putDietRequest(&r)
	}
	if r.State == canteen.DietApproved {
		diets = canteen.SetFrom(diets, max(r.From, s.start), r.Code)
	}
	return diets
}

// seatAmongSiblings writes the pupil and the place, and the ranks that change in
// the household: siblings are those who share a guardian, whatever their
// surnames (story 43).
func (tx *tx) seatAmongSiblings(s *newSeat, e canteen.Enrolment) error {
	one := &plannedPupil{Pupil: s.child, known: s.known}
	if s.known {
		one.places = placesOf(tx.enrolmentsOf(s.child.PAN))
	}
	one.places = append(one.places, plannedPlace{Enrolment: e, change: placeNew})
	one.Class = one.latestClass()
	tx.putPupil(one.Pupil)
	return tx.settle(one, s.a.Year)
}

// drawPAN draws a code nobody has or has had: not a pupil, not an account, not a
// place (mission 3: for life, never reused). Taken names further codes to avoid.
func (tx *tx) drawPAN(taken func(canteen.PAN) bool) (canteen.PAN, error) {
	for range maxDraws {
		var word [8]byte
		if _, err := io.ReadFull(tx.s.entropy, word[:]); err != nil {
			return 0, fmt.Errorf("draw a PAN: %w", err)
		}
		pan := canteen.NewPAN(be.Uint64(word[:]))
		if !taken(pan) && !tx.has(pupils, keyPAN(pan)) && !tx.hasPrefix(entriesByPAN, keyPAN(pan)) &&
			!tx.hasPrefix(enrolmentsByPAN, keyPAN(pan)) {
			return pan, nil
		}
	}
	return 0, fmt.Errorf("no PAN is free after %d draws", maxDraws)
}

func (tx *tx) hasPrefix(t table, prefix []byte) (found bool) {
	tx.scan(t, prefix, func(_, _ []byte) bool {
		found = true
		return false
	})
	return found
}

// Return sends an application back to the family with a reason (mission 2). It
// may return NotFound, Conflict (it does not wait any more) and Invalid.
func (s *Store) Return(act Act, handle, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.updateOnce(act, []string{handle, reason}, func(tx *tx) error {
		own, err := tx.validatedBy()
		if err != nil {
			return err
		}
		a, ok := tx.application(handle)
		if !ok || !own[a.School] || a.State == canteen.Draft {
			return canteen.Refuse(canteen.KindNotFound, "error.candidate.notFound")
		}
		state, err := a.State.Next(canteen.Return)
		switch {
		case err != nil:
			return canteen.Refuse(canteen.KindConflict, "error.application.decided")
		case reason == "":
			return canteen.Invalid("reason", "error.required")
		case len(reason) > maxGrounds:
			return canteen.Invalid("reason", "error.tooLong", maxGrounds)
		}
		a.State = state
		a.History = append(a.History, tx.step(state.String(), reason))
		tx.putApplication(&a)
		tx.logChange("enrolment.return", a.Handle, "")
		tx.tell(a.Applicant, "enrolment.returned", Fact{Text: a.Child.Name}, Fact{Text: reason})
		return nil
	})
}

// ValidationAnswer returns what Validate answered to the act of this actor that
// carried Act.Once; KindNotFound when there was none.
func (s *Store) ValidationAnswer(act Act) (out []Validation, err error) {
	err = s.view(act, func(tx *tx) error {
		var rec onceRecord
		if act.Once == "" || !tx.getJSON(once, tx.onceKey(), &rec) || json.Unmarshal(rec.Answer, &out) != nil ||
			!slices.ContainsFunc(out, func(v Validation) bool { return v.Handle != "" }) {
			return canteen.Refuse(canteen.KindNotFound, "error.notFound")
		}
		return nil
	})
	return out, err
}
