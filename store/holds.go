package store

import (
	"strings"

	"refettorio/canteen"
)

// mayAudit: the auditor and the administrator see the reports of retention, the
// holds and the periods.
func mayAudit(act Act) error {
	switch act.Actor.Role {
	case canteen.RoleAuditor, canteen.RoleAdmin:
		return nil
	}
	return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
}

// maxReason is the longest reason of a hold, in bytes.
const maxReason = 500

// PutHold keeps everything about a person or a pupil from the retention job
// (legal hold); a hold that stands already gets the new reason and end. It may
// return Forbidden (administrators only), Invalid ("reason", "until") and
// NotFound (nobody has that handle).
func (s *Store) PutHold(act Act, h canteen.Hold) error {
	h.Reason = strings.TrimSpace(h.Reason)
	return s.updateOnce(act, h, func(tx *tx) error {
		if err := mayManageUsers(act); err != nil {
			return err
		}
		today := canteen.DateOf(tx.now)
		switch {
		case h.Reason == "":
			return canteen.Invalid("reason", "error.required")
		case len(h.Reason) > maxReason:
			return canteen.Invalid("reason", "error.tooLong", maxReason)
		case !h.Until.IsZero() && h.Until < today:
			return canteen.Invalid("until", "error.hold.until")
		}
		if _, known := tx.subjectName(h.Subject); !known {
			return canteen.Refuse(canteen.KindNotFound, "error.notFound")
		}
		h.By, h.Since = act.Actor.Login, today
		tx.putJSON(holds, []byte(h.Subject), h)
		tx.logChange("hold.put", string(h.Subject), h.Reason)
		return nil
	})
}

// EndHold lifts a hold; KindNotFound when there is none.
func (s *Store) EndHold(act Act, subject canteen.Subject) error {
	return s.updateOnce(act, subject, func(tx *tx) error {
		if err := mayManageUsers(act); err != nil {
			return err
		}
		if subject == "" || !tx.has(holds, []byte(subject)) {
			return canteen.Refuse(canteen.KindNotFound, "error.notFound")
		}
		tx.del(holds, []byte(subject))
		tx.logChange("hold.end", string(subject), "")
		return nil
	})
}

// HoldView is a hold with the name of whom it is about.
type HoldView struct {
	canteen.Hold
	Name string
}

// Holds lists the holds that were put and not lifted, for auditors and
// administrators. Who reads the names is in the register.
func (s *Store) Holds(act Act) (all []HoldView, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayAudit(act); err != nil {
			return err
		}
		all = nil
		for _, h := range loadAll[canteen.Hold](tx, holds) {
			name, _ := tx.subjectName(h.Subject)
			all = append(all, HoldView{h, name})
		}
		if len(all) > 0 {
			tx.saw(look{what: SawHolds})
		}
		return nil
	})
	return all, err
}

// subjectName writes who a subject is, "Rossi Maria".
func (tx *tx) subjectName(s canteen.Subject) (name string, ok bool) {
	kind, handle, _ := strings.Cut(string(s), "/")
	switch kind {
	case "person":
		if g, ok := tx.personByHandle(handle); ok {
			return g.Surname + " " + g.Name, true
		}
	case "pupil":
		if p, ok := tx.pupilByHandle(handle); ok {
			return p.Surname + " " + p.Name, true
		}
	}
	return "", false
}

// pupilByHandle finds the pupil behind the word in an address. Who may see it is
// the caller's question.
func (tx *tx) pupilByHandle(handle string) (p canteen.Pupil, ok bool) {
	if len(handle) != handleSize {
		return p, false
	}
	tx.scan(pupilsByHandle, keyHandle(handle), func(k, _ []byte) bool {
		p, ok = tx.pupil(panAtEnd(k))
		return false
	})
	return p, ok
}

// keeping is what the retention job asks before it removes something.
type keeping struct {
	tx     *tx
	today  canteen.Date
	held   map[canteen.Subject]bool
	owes   map[canteen.PAN]bool // asked once for each pupil
	holds  []canteen.Subject    // those that stand today
	period canteen.Periods
}

func (tx *tx) keeping() *keeping {
	k := &keeping{tx: tx, today: canteen.DateOf(tx.now), held: map[canteen.Subject]bool{}, owes: map[canteen.PAN]bool{}, period: tx.periods()}
	for _, h := range loadAll[canteen.Hold](tx, holds) {
		if h.On(k.today) {
			k.held[h.Subject], k.holds = true, append(k.holds, h.Subject)
		}
	}
	return k
}

// holdsBack tells whether what is about a person or a pupil must stay: a hold
// stands, or there is a debt that is not paid (rules R5.7).
func (k *keeping) holdsBack(person canteen.GuardianID, pupil canteen.PAN) bool {
	if p, ok := k.tx.pupil(pupil); ok && (k.held[canteen.PupilSubject(p.Handle)] || k.debt(&p)) {
		return true
	}
	g, ok := k.tx.guardian(person)
	if !ok {
		return false
	}
	if k.held[canteen.PersonSubject(g.Handle)] {
		return true
	}
	for _, p := range k.tx.pupilsOf(person) {
		if k.debt(&p) {
			return true
		}
	}
	return false
}

func (k *keeping) debt(p *canteen.Pupil) bool {
	owes, asked := k.owes[p.PAN]
	if !asked {
		a, _ := k.tx.account(p.Class, p.PAN)
		owes = a.balance < 0
		k.owes[p.PAN] = owes
	}
	return owes
}
