package store

import (
	"cmp"
	"slices"
	"strings"

	"refettorio/canteen"
)

// ApplicationView is an application with what its pages say about it.
type ApplicationView struct {
	canteen.Application
	SchoolName string
	Stage      canteen.Stage
	ClassName  string // empty while no class is chosen
	Applicant  canteen.Guardian
	Own        bool // the actor is the applicant: others do not see its contacts
	Window     canteen.EnrolmentWindow
	Offer      canteen.Offer
	Missing    canteen.ApplicationStep // the first step that does not hold; 0 when all do
	Why        error                   // why Missing does not hold
	Doubts     []string                // what the codice fiscale does not confirm: surname, name, born, sex
	Officer    string                  // the person in charge, of the receipt
	Operator   string                  // the desk user who sent it for the applicant; empty when the applicant did
	Due        canteen.Date            // the last day for an answer, of the receipt
	Diet       canteen.DietState       // of the request it opened; empty for none
	FirstMeal  canteen.Date            // the first day the child could eat, were it admitted today; 0 when nobody can tell
}

// Applications returns the applications of the actor and those for its pupils,
// the newest school year first, in it the newest application.
func (s *Store) Applications(act Act) (all []ApplicationView, err error) {
	err = s.view(act, func(tx *tx) error {
		all = nil
		who := act.Actor.Guardian
		if who == 0 {
			return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
		}
		list := tx.applicationsOf(who)
		for _, p := range tx.pupilsOf(who) {
			for _, g := range p.Guardians {
				for _, a := range tx.applicationsOf(g) {
					if a.Pupil == p.PAN && !slices.ContainsFunc(list, func(b canteen.Application) bool { return b.Handle == a.Handle }) {
						list = append(list, a)
					}
				}
			}
		}
		slices.SortStableFunc(list, func(a, b canteen.Application) int {
			return cmp.Or(cmp.Compare(b.Year, a.Year), b.Changed.Compare(a.Changed))
		})
		for i := range list {
			all = append(all, tx.applicationView(&list[i]))
		}
		return nil
	})
	return all, err
}

// Application returns one application the actor may act for; KindNotFound
// otherwise.
func (s *Store) Application(act Act, handle string) (v ApplicationView, err error) {
	err = s.view(act, func(tx *tx) error {
		a, err := tx.ownApplication(handle)
		if err == nil {
			v = tx.applicationView(&a)
		}
		return err
	})
	return v, err
}

func (tx *tx) applicationView(a *canteen.Application) ApplicationView {
	town, settings := tx.townNow(), tx.enrolmentSettings()
	v := ApplicationView{Application: *a, Own: a.Applicant == tx.act.Actor.Guardian, Window: settings.Window(a.Year), Offer: *tx.offer(a.Year)}
	v.Applicant, _ = tx.guardian(a.Applicant)
	if tx.act.Actor.Guardian != 0 {
		v.History = familyHistory(a.History)
	}
	if school := town.bySchool[a.School]; school != nil {
		v.SchoolName, v.Stage = school.Name, school.Stage
	}
	if class := town.byClass[a.Class]; class != nil {
		v.ClassName = class.Name()
		days := class.Weekdays
		if a.Weekdays != 0 {
			days &= a.Weekdays
		}
		v.FirstMeal, _ = canteen.FirstMeal(&town.calendar, a.Year, canteen.DateOf(tx.now), a.From, town.bySchool[class.School].Code, town.scope(class), days)
	}
	if a.Editable() {
		v.Missing, v.Why = a.Complete(&v.Offer)
	}
	if cf := a.Child.CodiceFiscale; cf != "" && a.Pupil == 0 {
		var sex byte
		if a.Child.Sex != "" {
			sex = a.Child.Sex[0]
		}
		v.Doubts = cf.Mismatch(a.Child.Surname, a.Child.Name, a.Child.Born, sex)
	}
	var r Receipt
	if !a.Receipt.IsZero() && tx.getJSON(receipts, keyReceipt(a.Receipt), &r) {
		v.Officer, v.Due = r.Officer, r.Due
		if r.Channel == canteen.ChannelDesk {
			v.Operator = tx.deskAct(r).Operator
		}
	}
	if diet, ok := tx.dietRequest(a.DietAsked); ok {
		v.Diet = diet.State
	}
	return v
}

// familyHistory is a history without what officials noted on old debts: they
// may be another guardian's (design §12). The family reads its own on a page of
// their own (ApplicationStop).
func familyHistory(history []canteen.StepTaken) []canteen.StepTaken {
	return slices.DeleteFunc(slices.Clone(history), func(s canteen.StepTaken) bool { return strings.HasPrefix(s.What, debtStep) })
}

// ownApplication returns an application the actor may act for: the applicant, a
// guardian of the pupil it names (mission 5), the office. What is a stranger's
// and what does not exist look the same.
func (tx *tx) ownApplication(handle string) (canteen.Application, error) {
	a, ok := tx.application(handle)
	if !ok || !tx.mayHandle(&a) {
		return canteen.Application{}, canteen.Refuse(canteen.KindNotFound, "error.application.notFound")
	}
	return a, nil
}

func (tx *tx) mayHandle(a *canteen.Application) bool {
	actor := tx.act.Actor
	if actor.Guardian == 0 {
		if actor.Role != canteen.RoleOffice {
			return false
		}
		tx.saw(look{what: "application", person: a.Applicant, pupil: a.Pupil})
		return true
	}
	if a.Applicant == actor.Guardian {
		return true
	}
	p, ok := tx.pupil(a.Pupil)
	return ok && p.HasGuardian(actor.Guardian)
}

// applicationsOf returns the applications a person made.
func (tx *tx) applicationsOf(id canteen.GuardianID) (all []canteen.Application) {
	tx.scan(applicationsByPerson, key64(uint64(id)), func(k, _ []byte) bool {
		if a, ok := tx.application(string(k[8:])); ok {
			all = append(all, a)
		}
		return true
	})
	return all
}

// applicationsFor returns the applications for the same child and year, a's own
// among them.
func (tx *tx) applicationsFor(a *canteen.Application) (all []canteen.Application) {
	add := func(b canteen.Application) {
		if b.Year == a.Year && a.SameChild(&b) && !slices.ContainsFunc(all, func(c canteen.Application) bool { return c.Handle == b.Handle }) {
			all = append(all, b)
		}
	}
	if cf := a.Child.CodiceFiscale; cf != "" {
		prefix := append(keyCF(cf), key16(firstYear(a.Year))...)
		tx.scan(applicationsByChild, prefix, func(k, _ []byte) bool {
			if b, ok := tx.application(string(k[len(prefix):])); ok {
				add(b)
			}
			return true
		})
	}
	if p, ok := tx.pupil(a.Pupil); ok {
		for _, g := range p.Guardians {
			for _, b := range tx.applicationsOf(g) {
				add(b)
			}
		}
	}
	return all
}

// enrolledIn tells whether a pupil has a validated place in a school year that
// has not ended yet.
func (tx *tx) enrolledIn(pan canteen.PAN, year string) bool {
	today, town := canteen.DateOf(tx.now), tx.townNow()
	return slices.ContainsFunc(tx.enrolmentsOf(pan), func(e canteen.Enrolment) bool {
		class := town.byClass[e.Class]
		return e.State == canteen.Validated && class != nil && class.Year == year && (e.Until == 0 || e.Until >= today)
	})
}

// offer is what can be chosen for a school year.
func (tx *tx) offer(year string) *canteen.Offer {
	town, today := tx.townNow(), canteen.DateOf(tx.now)
	role := tx.act.Actor.Role
	o := &canteen.Offer{Year: year, Schools: town.schools, Today: today, Office: role == canteen.RoleOffice || role == canteen.RoleDesk}
	for i := range town.classes {
		if town.classes[i].Year == year {
			o.Classes = append(o.Classes, town.classes[i])
		}
	}
	now, _ := canteen.TariffOn(town.tariffs, today)
	for i := range town.tariffs {
		if t := &town.tariffs[i]; t == now || t.From > today {
			for _, r := range t.Rates {
				if r.Band != "" && !slices.Contains(o.Bands, r.Band) {
					o.Bands = append(o.Bands, r.Band)
				}
			}
		}
	}
	slices.Sort(o.Bands)
	return o
}
