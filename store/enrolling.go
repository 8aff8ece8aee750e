package store

import (
	"slices"

	"refettorio/canteen"
)

// StartApplication opens a draft for a school year, for a pupil of the actor's or
// (0) for a child the service does not know yet. One who asks twice for the same
// pupil gets the same application, whichever guardian began it. It may return
// Forbidden (the actor is no person), NotFound (not the actor's pupil), TooLate
// (outside the window, see canteen.EnrolmentWindow.MayStart) and Conflict (the
// child has its place already).
func (s *Store) StartApplication(act Act, year string, pupil canteen.PAN) (handle string, err error) {
	type request struct {
		Year  string
		Pupil canteen.PAN
	}
	err = s.update(act, func(tx *tx) error {
		handle = ""
		if done, err := tx.onceDone(request{year, pupil}, &handle); done || err != nil {
			return err
		}
		a, isNew, err := tx.newApplication(year, pupil)
		if err != nil {
			return err
		}
		if isNew {
			a.Handle = tx.newHandle()
			tx.putApplication(&a)
		}
		handle = a.Handle
		tx.rememberOnce(request{year, pupil}, handle)
		return nil
	})
	return handle, err
}

// maxDrafts bounds the drafts a person may have open: more than any family has
// children, fewer than a machine would make.
const maxDrafts = 20

// newApplication is the draft to begin with, or the application that is there.
func (tx *tx) newApplication(year string, pan canteen.PAN) (a canteen.Application, isNew bool, err error) {
	who := tx.act.Actor.Guardian
	if who == 0 {
		return a, false, canteen.Refuse(canteen.KindForbidden, "error.forbidden")
	}
	a = canteen.Application{State: canteen.Draft, Applicant: who, Year: year, Started: tx.now}
	if pan != 0 {
		p, ok := tx.pupil(pan)
		if !ok || !p.HasGuardian(who) {
			return a, false, canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
		}
		a.Pupil, a.Child = pan, canteen.ChildOf(&p)
		for _, other := range tx.applicationsFor(&a) {
			if other.State != canteen.Withdrawn {
				return other, false, nil
			}
		}
		if tx.enrolledIn(pan, year) {
			return a, false, canteen.Refuse(canteen.KindConflict, "error.application.enrolled", year)
		}
	}
	if err := tx.windowOpen(year); err != nil {
		return a, false, err
	}
	open := 0
	for _, other := range tx.applicationsOf(who) {
		if other.State == canteen.Draft {
			open++
		}
	}
	if open >= maxDrafts {
		return a, false, canteen.Refuse(canteen.KindConflict, "error.application.many", maxDrafts)
	}
	a.History = []canteen.StepTaken{tx.step(canteen.Draft.String(), "")}
	return a, true, nil
}

// SaveApplication keeps what a family answered on one step of a draft, or of an
// application that was sent back. Only the fields of the step are taken from
// answers. It may return NotFound, Conflict (it can no longer be changed) and
// Invalid with the field that cannot stand; then nothing is saved.
func (s *Store) SaveApplication(act Act, handle string, step canteen.ApplicationStep, answers canteen.Application) (a canteen.Application, err error) {
	err = s.update(act, func(tx *tx) error {
		if a, err = tx.ownApplication(handle); err != nil {
			return err
		}
		if !a.Editable() {
			return canteen.Refuse(canteen.KindConflict, "error.application.sent")
		}
		a.Take(step, &answers)
		if err := a.Check(step, tx.offer(a.Year)); err != nil {
			return err
		}
		tx.putApplication(&a)
		return nil
	})
	return a, err
}

// SubmitApplication sends an application: it gets its number, its person in
// charge and the last day for an answer, and the family a message (L. 241/1990,
// C.SE.1.10). One that was sent already keeps what it has: two tabs or a double
// click give one receipt. It may return NotFound, TooLate (a draft outside the
// window; it is kept), Conflict (the child has an application or a place for that
// year), and Invalid when a step no longer holds, for example because the class
// was closed meanwhile.
func (s *Store) SubmitApplication(act Act, handle string) (a canteen.Application, err error) {
	err = s.update(act, func(tx *tx) error {
		if a, err = tx.ownApplication(handle); err != nil {
			return err
		}
		if a.State == canteen.Submitted || a.State == canteen.Validated {
			return nil
		}
		if err := tx.maySubmit(&a); err != nil {
			return err
		}
		tx.submit(&a, canteen.Submitted.String())
		tx.tell(a.Applicant, "application.received", Fact{Text: a.Child.Name}, Fact{Text: a.Year},
			Fact{Text: a.Receipt.String()}, Fact{Day: tx.dueDay()})
		return nil
	})
	return a, err
}

func (tx *tx) maySubmit(a *canteen.Application) error {
	if _, err := a.State.Next(canteen.Submit); err != nil {
		return err
	}
	if _, err := a.Complete(tx.offer(a.Year)); err != nil {
		return err
	}
	if a.State == canteen.Draft && !a.Renewal { // what was asked in time may be corrected later
		if err := tx.windowOpen(a.Year); err != nil {
			return err
		}
	}
	for _, other := range tx.applicationsFor(a) {
		// Of an application that is not its own nobody is told: it would say that
		// the child is known here. The school gives the child one place only.
		if other.Handle != a.Handle && other.Live() && tx.mayHandle(&other) {
			return canteen.Refuse(canteen.KindConflict, "error.application.duplicate", a.Year)
		}
	}
	if a.Pupil != 0 && tx.enrolledIn(a.Pupil, a.Year) {
		return canteen.Refuse(canteen.KindConflict, "error.application.enrolled", a.Year)
	}
	return nil
}

// windowOpen refuses what reached the server outside the window of a year.
func (tx *tx) windowOpen(year string) error {
	settings := tx.enrolmentSettings()
	window := settings.Window(year)
	return window.MayStart(canteen.DateOf(tx.act.received(tx.now)))
}

// submit writes an application that may be submitted, its receipt and the diet
// request it opens.
func (tx *tx) submit(a *canteen.Application, what string) {
	settings := tx.enrolmentSettings()
	a.State, a.Submitted = canteen.Submitted, tx.act.received(tx.now)
	a.Receipt = tx.issue(Receipt{Kind: ReceiptApplication, Application: a.Handle, Officer: settings.Officer, Due: tx.dueDay()})
	a.History = append(slices.Clone(a.History), tx.step(what, ""))
	tx.askDiet(a)
	tx.putApplication(a)
}

// dueDay is the last day for an answer to what is submitted now.
func (tx *tx) dueDay() canteen.Date {
	settings := tx.enrolmentSettings()
	return canteen.DateOf(tx.act.received(tx.now)).AddDays(settings.Term())
}

// askDiet opens the request for the diet an application asks for; its words and
// its certificate follow on the request's own page. One that is asked no more is
// revoked while nobody has worked on it.
func (tx *tx) askDiet(a *canteen.Application) {
	r, open := tx.dietRequest(a.DietAsked)
	switch {
	case open && r.State == canteen.DietIncomplete && r.Kind != a.Diet:
		tx.dropDiet(&r)
	case open || a.Diet == "":
		return
	}
	a.DietAsked = ""
	if a.Diet == "" {
		return
	}
	a.DietAsked = tx.newHandle()
	tx.putDietRequest(&canteen.DietRequest{Handle: a.DietAsked, State: canteen.DietIncomplete, Kind: a.Diet, Pupil: a.Pupil,
		Application: a.Handle, AskedBy: a.Applicant, History: []canteen.StepTaken{tx.step(string(canteen.DietIncomplete), "")}})
}

func (tx *tx) dropDiet(r *canteen.DietRequest) {
	r.State = canteen.DietRevoked
	r.History = append(slices.Clone(r.History), tx.step(string(canteen.DietRevoked), ""))
	tx.putDietRequest(r)
}

// WithdrawApplication takes back an application that has not been accepted yet.
// Doing it twice does it once. It may return NotFound, and Conflict for one that
// was accepted: its child leaves the service instead, see LeaveService.
func (s *Store) WithdrawApplication(act Act, handle string) error {
	return s.update(act, func(tx *tx) error {
		a, err := tx.ownApplication(handle)
		if err != nil || a.State == canteen.Withdrawn {
			return err
		}
		if a.State == canteen.Validated {
			return canteen.Refuse(canteen.KindConflict, "error.application.accepted")
		}
		if a.State, err = a.State.Next(canteen.Withdraw); err != nil {
			return err
		}
		a.History = append(slices.Clone(a.History), tx.step(a.State.String(), ""))
		if r, ok := tx.dietRequest(a.DietAsked); ok && r.State == canteen.DietIncomplete {
			tx.dropDiet(&r)
		}
		tx.putApplication(&a)
		return nil
	})
}
