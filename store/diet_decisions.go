package store

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"refettorio/canteen"
)

// DietDecision is what the officer decides about a request. Step is approve,
// return, refuse, extend or revoke. An approval needs Code and Category; zero
// From and Until are the first day that can still be cooked and the last one the
// category allows. The other steps need a Reason, which the family reads.
type DietDecision struct {
	Step     canteen.DietStep
	Code     string
	Category canteen.DietCategory
	From     canteen.Date
	Until    canteen.Date
	Reason   string
}

// maxDietReason bounds the reason of a decision, in characters.
const maxDietReason = 500

func mayDecideDiets(act Act) error {
	if act.Actor.Role == canteen.RoleDiets {
		return nil
	}
	return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
}

// DecideDiet takes a decision about a request. Invalid names the field that
// cannot be; KindConflict says that the request is not where the decision
// supposes it, or was changed meanwhile.
//
// The decision lies sealed in the record, and sealing is done outside the
// transaction: so the request is read first, the note added to those it has, and
// the act only done on the request as it was read.
func (s *Store) DecideDiet(act Act, handle string, d DietDecision) error {
	if err := mayDecideDiets(act); err != nil {
		return err
	}
	d.Reason = strings.TrimSpace(d.Reason)
	if utf8.RuneCountInString(d.Reason) > maxDietReason {
		return canteen.Invalid("reason", "error.tooLong", maxDietReason)
	}
	var read canteen.DietRequest
	var planned dietPlan
	var known bool
	err := s.view(act, func(tx *tx) (err error) {
		var nothing struct{}
		if known, err = tx.onceDone(d.once(handle), &nothing); known || err != nil {
			return err
		}
		if read, err = tx.anyDiet(handle); err != nil {
			return err
		}
		planned, err = tx.planDiet(&read, d)
		return err
	})
	if known || err != nil {
		return err
	}
	var notes []canteen.DietNote
	if err := s.openJSON(read.Notes, &notes); err != nil {
		return err
	}
	notes = append(notes, canteen.DietNote{At: s.instant(), Actor: act.Actor.Login, Step: d.Step, Category: d.Category,
		Code: planned.code, From: planned.from, Until: planned.until, Reason: d.Reason})
	sealed, err := s.sealJSON(notes)
	if err != nil {
		return err
	}
	return s.updateOnce(act, d.once(handle), func(tx *tx) error { return tx.decideDiet(handle, d, planned, read.Changed, sealed) })
}

// dietOnce stands for a decision among the acts that were done, by its hash: the
// reason must not lie open there.
type dietOnce struct {
	Handle string `json:"handle"`
	Hash   []byte `json:"hash"`
}

func (d DietDecision) once(handle string) dietOnce { return dietOnce{handle, hashOf(d)} }

// dietPlan is a decision with everything filled in.
type dietPlan struct {
	state       canteen.DietState
	code        string
	from, until canteen.Date
}

// anyDiet returns a request to the officer.
func (tx *tx) anyDiet(handle string) (canteen.DietRequest, error) {
	r, ok := tx.dietRequest(handle)
	if !ok {
		return r, canteen.Refuse(canteen.KindNotFound, "error.diet.notFound")
	}
	return r, nil
}

// planDiet holds a decision against the rules without writing.
func (tx *tx) planDiet(r *canteen.DietRequest, d DietDecision) (plan dietPlan, err error) {
	plan = dietPlan{code: r.Code, from: r.From, until: r.Until}
	if plan.state, err = r.Standing(canteen.DateOf(tx.now)).Next(d.Step); err != nil {
		return plan, err
	}
	switch d.Step {
	case canteen.DietApprove:
		return plan, tx.planApproval(r, d, &plan)
	case canteen.DietExtend:
		return plan, tx.planExtension(r, d, &plan)
	case canteen.DietReturn, canteen.DietRefuse, canteen.DietRevoke:
		if d.Reason == "" {
			return plan, canteen.Invalid("reason", "error.required")
		}
		return plan, nil
	}
	return plan, canteen.Refuse(canteen.KindForbidden, "error.forbidden") // a step of the family's or of time's
}

func (tx *tx) planApproval(r *canteen.DietRequest, d DietDecision, plan *dietPlan) error {
	if _, known := tx.townNow().diets[d.Code]; !known {
		return canteen.Invalid("code", "error.diet.code")
	}
	where := tx.dietPlace(r)
	plan.code, plan.from = d.Code, d.From
	if plan.from == 0 {
		plan.from = where.earliest
	}
	if plan.from < where.earliest {
		return canteen.Invalid("from", "error.diet.from", where.earliest)
	}
	return tx.planEnd(r, d, where, plan.from, plan)
}

func (tx *tx) planExtension(r *canteen.DietRequest, d DietDecision, plan *dietPlan) error {
	if d.Reason == "" {
		return canteen.Invalid("reason", "error.required")
	}
	return tx.planEnd(r, d, tx.dietPlace(r), canteen.DateOf(tx.now), plan)
}

// planEnd sets the last day of validity: at most what the category allows from a
// day on (rules R9.3).
func (tx *tx) planEnd(r *canteen.DietRequest, d DietDecision, where dietPlace, from canteen.Date, plan *dietPlan) error {
	allowed := false
	for _, c := range canteen.CategoriesOf(r.Kind) {
		allowed = allowed || c == d.Category
	}
	if !allowed {
		return canteen.Invalid("category", "error.required")
	}
	last := tx.townNow().dietRules.Last(d.Category, from, where.stage, where.grade)
	plan.until = d.Until
	switch {
	case plan.until == 0:
		plan.until = last
	case plan.until < from:
		return canteen.Invalid("until", "error.diet.ended", from)
	case plan.until > last:
		return canteen.Invalid("until", "error.diet.until", last)
	}
	return nil
}

// decideDiet writes a decision that was planned on the request as it was at an
// instant.
func (tx *tx) decideDiet(handle string, d DietDecision, planned dietPlan, changed time.Time, notes []byte) error {
	r, err := tx.anyDiet(handle)
	if err != nil {
		return err
	}
	plan, err := tx.planDiet(&r, d)
	switch {
	case err != nil:
		return err
	case plan != planned || !r.Changed.Equal(changed):
		return canteen.Refuse(canteen.KindConflict, "error.diet.changed")
	}
	r.State, r.Code, r.From, r.Until, r.Notes = plan.state, plan.code, plan.from, plan.until, notes
	r.History = append(r.History, tx.step(string(d.Step), "")) // the reason is in the notes
	switch d.Step {
	case canteen.DietApprove:
		err = tx.beginDiet(&r)
	case canteen.DietExtend:
		r.Warned = 0
		err = tx.serveDiet(&r, tx.dietPlace(&r).earliest)
	case canteen.DietRevoke:
		err = tx.endDiet(&r)
	}
	if err != nil {
		return err
	}
	tx.putDietRequest(&r)
	switch d.Step {
	case canteen.DietApprove:
		tx.tellDiet(&r, "diet.approved", Fact{Day: r.From}, yearFact(r.From))
	case canteen.DietRefuse:
		tx.tellDiet(&r, "diet.refused")
	case canteen.DietReturn:
		tx.tellDiet(&r, "diet.returned")
	case canteen.DietExtend:
		tx.tellDiet(&r, "diet.extended", Fact{Day: r.Until}, yearFact(r.Until))
	case canteen.DietRevoke:
		tx.tellDiet(&r, "diet.revoked")
	}
	tx.logChange("diet."+string(d.Step), handle, r.Code)
	return nil
}

// beginDiet puts an approved diet on the pupil's plate, in the place of what was
// approved before (§9: a new certificate replaces the old).
func (tx *tx) beginDiet(r *canteen.DietRequest) error {
	if r.Pupil == 0 {
		return nil // the validation of the enrolment serves it
	}
	if err := tx.serveDiet(r, r.From); err != nil {
		return err
	}
	for _, other := range tx.dietsOf(r.Pupil) {
		if other.Handle == r.Handle || !other.State.Allows(canteen.DietReplace) {
			continue
		}
		other.State, _ = other.State.Next(canteen.DietReplace) // allowed, see above
		other.History = append(other.History, tx.step("replaced", ""))
		tx.putDietRequest(&other)
	}
	return nil
}

// serveDiet writes a request's diet into the pupil's enrolments from a day on;
// what was said for earlier days stays as it is. An ethical diet ends with its
// last day; a health diet has no end of its own, because it stays served until
// the officer decides (rules R9.3).
func (tx *tx) serveDiet(r *canteen.DietRequest, from canteen.Date) error {
	for _, e := range tx.enrolmentsFrom(r.Pupil, from) {
		first, ends := max(from, e.From), r.Kind == canteen.DietEthical && r.Until != 0
		if ends && r.Until < first {
			continue
		}
		e.Diets = canteen.SetFrom(e.Diets, first, r.Code)
		if ends {
			e.Diets = canteen.SetFrom(e.Diets, r.Until.AddDays(1), "")
		}
		if err := tx.putEnrolment(&e); err != nil {
			return err
		}
	}
	return nil
}

// enrolmentsFrom returns the validated enrolments of a pupil that hold on a day
// or begin after it.
func (tx *tx) enrolmentsFrom(pan canteen.PAN, from canteen.Date) []canteen.Enrolment {
	return slices.DeleteFunc(tx.enrolmentsOf(pan), func(e canteen.Enrolment) bool {
		last := e.Until
		if last == 0 {
			last = endOfYear(e.From)
		}
		return e.State != canteen.Validated || last < from
	})
}

// endDiet takes a request's diet off from the next day that can still be cooked;
// an enrolment with another diet keeps it.
func (tx *tx) endDiet(r *canteen.DietRequest) error {
	from := tx.dietPlace(r).earliest
	for _, e := range tx.enrolmentsFrom(r.Pupil, from) {
		if canteen.InForce(e.Diets, max(from, e.From)) != r.Code {
			continue
		}
		e.Diets = canteen.SetFrom(e.Diets, max(from, e.From), "")
		if err := tx.putEnrolment(&e); err != nil {
			return err
		}
	}
	return nil
}

// dietPlace is where the child of a request eats, and from when a decision can
// still be cooked.
type dietPlace struct {
	school   canteen.School
	class    string
	stage    canteen.Stage
	grade    string
	earliest canteen.Date
}

// dietPlace finds the place of a request's child: the class of its pupil, else
// what its application says. The earliest day is the first service day of the
// pupil's whose cut-off has not passed; tomorrow where none is in sight.
func (tx *tx) dietPlace(r *canteen.DietRequest) (where dietPlace) {
	town := tx.townNow()
	where.earliest = canteen.DateOf(tx.now).AddDays(1)
	if r.Pupil == 0 {
		if a, ok := tx.application(r.Application); ok {
			where.grade = a.Grade
			if school := town.bySchool[a.School]; school != nil {
				where.school, where.stage = *school, school.Stage
			}
		}
		return where
	}
	p, _ := tx.pupil(r.Pupil)
	if next := tx.pupilDays(p).next(0, tx.act.received(tx.now)); next != 0 {
		where.earliest = next
	}
	if class := town.byClass[p.Class]; class != nil {
		where.class, where.grade = class.Name(), class.Grade
		where.school = *town.bySchool[class.School]
		where.stage = where.school.Stage
	}
	return where
}
