package store

import (
	"cmp"
	"slices"

	"refettorio/canteen"
)

// exporter knows who asks for an export, and how to name everybody else.
type exporter struct {
	self     canteen.Guardian
	children []canteen.Pupil
	logins   []string                // of the person
	roles    map[string]canteen.Role // of other authors, as far as they were met
}

func (tx *tx) exporter(g canteen.Guardian) exporter {
	return exporter{self: g, children: tx.pupilsOf(g.ID), logins: tx.loginsOf(g.ID), roles: map[string]canteen.Role{}}
}

// Who did something, as the export names it.
const (
	ExportYou      = "you"
	ExportGuardian = "guardian" // another guardian, or a delegate of one
)

// by names the author of a record without naming anybody: the person itself,
// another of the family, or a role of the staff. What an operator did for
// somebody is the operator's here: for whom is not for another guardian to read.
func (e *exporter) by(tx *tx, login string) string {
	if slices.Contains(e.logins, login) {
		return ExportYou
	}
	switch role := tx.roleOf(login, e.roles); role {
	case canteen.RoleGuardian, canteen.RoleDelegate:
		return ExportGuardian
	case "":
		return string(canteen.RoleOffice)
	default:
		return string(role)
	}
}

// subjects are whom the export is about.
func (e *exporter) subjects() []canteen.Subject {
	all := []canteen.Subject{canteen.PersonSubject(e.self.Handle)}
	for i := range e.children {
		all = append(all, canteen.PupilSubject(e.children[i].Handle))
	}
	return all
}

// childNamed is the first name of a pupil of the person; empty for others.
func (e *exporter) childNamed(of func(*canteen.Pupil) bool) (name string, ok bool) {
	for i := range e.children {
		if of(&e.children[i]) {
			return e.children[i].Name, true
		}
	}
	return "", false
}

// person gathers what can be read by key.
func (e *exporter) person(tx *tx) FamilyExport {
	g := &e.self
	x := FamilyExport{Format: ExportFormat, Made: tx.now, Person: ExportPerson{CodiceFiscale: g.CodiceFiscale, Surname: g.Surname,
		Name: g.Name, Phone: g.Phone, Email: g.Email, Address: g.Address, PostCode: g.PostCode, City: g.City}, Profile: e.profile(tx),
		Logins: []ExportLogin{}, Sessions: e.sessions(tx), Children: []ExportChild{}, Applications: []ExportRequest{}, Messages: []ExportMessage{},
		Accesses: []ExportAccess{}, Corrections: tx.correctionsOf(&e.self, e.children)}
	if x.Corrections == nil {
		x.Corrections = []Correction{}
	}
	for _, login := range e.logins {
		var u User
		if tx.getJSON(users, []byte(login), &u) {
			x.Logins = append(x.Logins, ExportLogin{u.Login, u.Role, u.Since, u.Disabled})
		}
	}
	for i := range e.children {
		x.Children = append(x.Children, e.child(tx, &e.children[i]))
	}
	tx.scan(applicationsByPerson, key64(uint64(e.self.ID)), func(k, _ []byte) bool {
		if a, ok := tx.application(string(k[8:])); ok {
			x.Applications = append(x.Applications, e.application(tx, &a))
		}
		return true
	})
	return x
}

// profile is the person's, without the keys by which the record finds the
// invitations it has made.
func (e *exporter) profile(tx *tx) Profile {
	p := tx.profile(e.self.ID)
	p.Invited = nil
	return p
}

// sessions lists where the person is logged in, the newest first.
func (e *exporter) sessions(tx *tx) []ExportSession {
	all := []ExportSession{}
	tx.eachSession(func(_ []byte, one Session) {
		if slices.Contains(e.logins, one.Login) && !one.Half {
			all = append(all, ExportSession{one.Began.UTC(), one.Deadline.UTC(), one.Device, one.Address, one.Provider})
		}
	})
	slices.SortFunc(all, func(a, b ExportSession) int { return b.Began.Compare(a.Began) })
	return all
}

func (e *exporter) child(tx *tx, p *canteen.Pupil) ExportChild {
	view := tx.accountView(*p)
	c := ExportChild{PAN: p.PAN, CodiceFiscale: p.CodiceFiscale, Surname: p.Surname, Name: p.Name, Born: p.Born, Sex: p.Sex,
		Birthplace: p.Birthplace, NonResident: p.NonResident, Guardians: len(p.Guardians), Balance: view.Balance,
		Delegates: []ExportDelegate{}, Enrolments: []ExportEnrolment{}, Communications: []ExportReceipt{},
		Movements: []ExportMovement{}, Diets: []ExportDiet{}}
	tx.scan(delegations, keyPAN(p.PAN), func(k, v []byte) bool {
		var d canteen.Delegation
		if !tx.decode(delegations, k, v, &d) {
			return false
		}
		if g, ok := tx.guardian(d.Delegate); ok {
			c.Delegates = append(c.Delegates, ExportDelegate{g.Surname, g.Name, d.Rights, d.Until, d.Since})
		}
		return true
	})
	town := tx.townNow()
	for _, enrolment := range tx.enrolmentsOf(p.PAN) {
		class := town.byClass[enrolment.Class]
		c.Enrolments = append(c.Enrolments, ExportEnrolment{Year: class.Year, School: town.bySchool[class.School].Name, Class: class.Name(),
			State: enrolment.State.String(), From: enrolment.From, Until: enrolment.Until, Weekdays: enrolment.Weekdays,
			Rank: enrolment.Rank, Bands: enrolment.Bands, Diets: enrolment.Diets})
	}
	c.Movements = e.movements(tx, p)
	tx.scan(dietRequestsByPAN, keyPAN(p.PAN), func(k, _ []byte) bool {
		if r, ok := tx.dietRequest(string(k[8:])); ok {
			c.Diets = append(c.Diets, e.diet(tx, &r))
		}
		return true
	})
	return c
}

// forever bounds the days of an account.
const forever canteen.Date = 99991231

// movements writes the child's account. Who paid is known only where the payment
// is the person's own act; of every other payment for a child with several
// guardians the amount stands, because the balance must add up, and what could
// lead to the payer does not.
func (e *exporter) movements(tx *tx, p *canteen.Pupil) []ExportMovement {
	lines := append(tx.charges(*p, 0, forever), tx.otherLines(p.PAN, 0, forever)...)
	slices.SortFunc(lines, func(a, b AccountLine) int { return cmp.Compare(a.Line, b.Line) })
	all := make([]ExportMovement, 0, len(lines))
	for i := range lines {
		l := &lines[i]
		m := ExportMovement{Line: l.Line, Day: l.Day, At: l.At, Kind: l.Kind, Amount: l.Amount, Balance: l.Balance, Diet: l.Diet}
		if l.Kind == canteen.EntryCharge {
			m.Meal, m.Tariff = l.Meal.String(), l.Price.Act
		} else if len(p.Guardians) == 1 || l.Kind == canteen.EntryOpening {
			m.Source, m.Reason = l.Source, l.Reason
		}
		all = append(all, m)
	}
	return all
}

func (e *exporter) diet(tx *tx, r *canteen.DietRequest) ExportDiet {
	d := ExportDiet{Handle: r.Handle, State: r.State, Kind: r.Kind, Code: r.Code, From: r.From, Until: r.Until, Sent: r.Sent,
		Certificate: r.Certificate, AskedBy: ExportGuardian, History: e.steps(tx, r.History), sealed: r.Sealed}
	if r.AskedBy == e.self.ID {
		d.AskedBy = ExportYou
	}
	return d
}

func (e *exporter) application(tx *tx, a *canteen.Application) ExportRequest {
	r := ExportRequest{Handle: a.Handle, State: a.State.String(), Year: a.Year, Child: a.Child, Grade: a.Grade, Weekdays: a.Weekdays,
		From: a.From, Band: a.Band, Diet: a.Diet, Privacy: a.Privacy, Receipt: a.Receipt, Started: a.Started, Submitted: a.Submitted,
		History: e.steps(tx, familyHistory(a.History))}
	if school := tx.townNow().bySchool[a.School]; school != nil {
		r.School = school.Name
	}
	return r
}

func (e *exporter) steps(tx *tx, history []canteen.StepTaken) []ExportStep {
	all := make([]ExportStep, 0, len(history))
	for _, s := range history {
		all = append(all, ExportStep{At: s.At, By: e.by(tx, s.Actor), What: s.What, Reason: s.Reason})
	}
	return all
}
