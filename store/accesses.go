package store

import "refettorio/canteen"

// Vault seals what must not lie readable in the file: health data, certificates,
// the register of accesses, second factors. Its key is kept outside the database
// (design §9). Recipient names the key, so that a wrong one is noticed.
type Vault interface {
	Seal(plain []byte) ([]byte, error)
	Open(sealed []byte) ([]byte, error)
	Recipient() string
}

// look is one thing a member of the staff has read of somebody (rules R5.6).
type look struct {
	what   string // one of SawPupil and the others
	person canteen.GuardianID
	pupil  canteen.PAN
	why    string // asked for certificates
}

// What the staff reads of somebody, and the other lines of the register.
const (
	SawSearch       = "search"    // a search by name or code: nobody's, because it may find anybody
	SawPupil        = "pupil"     // who a pupil is
	SawGuardians    = "guardians" // a pupil's guardians with their contacts
	SawEnrolments   = "enrolments"
	SawAccount      = "account"
	SawApplications = "applications" // a school's list of those that wait
	SawCalendar     = "calendar"     // the days of a pupil: what it eats
	SawPrice        = "price"        // the band behind the price of a meal
	SawReceipt      = "receipt"
	SawRegister     = "register" // the register of accesses itself
	SawHolds        = "holds"    // who is kept from the retention job
	AccessLogin     = "login"
	AccessDropped   = "dropped" // the job of retention took the oldest lines away
)

// saw notes that the actor reads something personal. Families reading their own
// are not noted, nor are machines; nor is the console, whose commands show
// nobody's file and whose user holds the database itself.
func (tx *tx) saw(l look) {
	switch tx.act.Actor.Role {
	case "", canteen.RoleGuardian, canteen.RoleDelegate:
		return
	}
	if tx.act.Actor.Login == canteen.ConsoleActor.Login {
		return
	}
	tx.looks = append(tx.looks, l)
}

// sawPupil notes a read of a pupil's file. An operator of the counter who acts
// for a person has opened that person, and the counter notes it once.
func (tx *tx) sawPupil(what string, pan canteen.PAN) {
	if tx.act.Actor.Guardian == 0 {
		tx.saw(look{what: what, pupil: pan})
	}
}

// sightings are the lines of the register that the looks of this transaction ask
// for.
func (tx *tx) sightings() []Access {
	lines := make([]Access, 0, len(tx.looks))
	for _, l := range tx.looks {
		line := tx.accessOf(tx.act)
		line.What, line.Why = l.what, l.why
		if g, ok := tx.guardian(l.person); ok {
			line.Person = g.Handle
		}
		if p, ok := tx.pupil(l.pupil); ok {
			line.Pupil = p.Handle
		}
		lines = append(lines, line)
	}
	return lines
}

// accessOf begins a line with the author of an act.
func (tx *tx) accessOf(act Act) Access {
	return Access{At: tx.now, Login: act.Actor.Login, Role: act.Actor.Role, Channel: act.Channel, Result: AccessDone}
}

// register writes what a read has shown, before it is shown: without the line
// there is no answer (rules R5.6). The sealing is done here and not by the
// writer, who has other families waiting.
func (s *Store) register(act Act, lines []Access) error {
	sealed, err := s.sealAccesses(lines)
	if err != nil {
		return err
	}
	return s.update(Act{Actor: act.Actor, Channel: act.Channel}, func(tx *tx) error {
		tx.appendAccesses(sealed)
		return nil
	})
}

// registerLooks writes what an act has shown, in its own transaction.
func (tx *tx) registerLooks() error {
	if len(tx.looks) == 0 {
		return nil
	}
	sealed, err := tx.s.sealAccesses(tx.sightings())
	if err == nil {
		tx.appendAccesses(sealed)
	}
	return err
}
