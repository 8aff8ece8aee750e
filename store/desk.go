package store

import (
	"strings"

	"refettorio/canteen"
)

// ReceiptRegistration is the kind of the receipt for a first registration at the
// counter.
const ReceiptRegistration = "registration"

// deskNeedsPerson refuses an act of the counter that names nobody: a desk user
// never acts without a person (mission 7).
func deskNeedsPerson(a canteen.Actor) error {
	if a.Role == canteen.RoleDesk && a.Guardian == 0 {
		return canteen.Refuse(canteen.KindForbidden, "error.desk.person")
	}
	return nil
}

// atDesk refuses whoever is not a desk user.
func atDesk(act Act) error {
	if act.Actor.Role != canteen.RoleDesk {
		return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
	}
	return nil
}

// DeskPerson returns the person behind a handle, for a desk user who will act for
// it. opened says that the desk user had not the person before it: then the
// register of accesses gets its line (rules R5.6). KindNotFound when the handle
// is nobody's.
func (s *Store) DeskPerson(act Act, handle string, opened bool) (g canteen.Guardian, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := atDesk(act); err != nil {
			return err
		}
		if g, err = tx.livingByHandle(handle); err != nil {
			return canteen.Refuse(canteen.KindNotFound, "error.desk.unknown")
		}
		if opened {
			tx.saw(look{what: "person", person: g.ID})
		}
		return nil
	})
	return g, err
}

// DeskRegistration is a family's first registration at the counter, from its
// papers: nobody needs an e-mail address (story 38). Of the identity document
// only that it was seen is kept.
type DeskRegistration struct {
	CodiceFiscale canteen.CodiceFiscale `json:"cf"`
	Surname       string                `json:"surname"`
	Name          string                `json:"name"`
	Address       string                `json:"address"`
	PostCode      string                `json:"postcode"`
	City          string                `json:"city"`
	Phone         string                `json:"phone"` // E.164, or empty
	Email         string                `json:"email"` // or empty
	DocumentSeen  bool                  `json:"document"`
	Privacy       int                   `json:"privacy"` // the version of the notice that was shown on paper and signed; 0: not signed
}

func (n *DeskRegistration) validate() error {
	for _, must := range []struct{ field, value string }{
		{"cf", string(n.CodiceFiscale)}, {"surname", n.Surname}, {"name", n.Name},
		{"address", n.Address}, {"postcode", n.PostCode}, {"city", n.City},
	} {
		if must.value == "" {
			return canteen.Invalid(must.field, "error.required")
		}
	}
	switch {
	case !n.DocumentSeen:
		return canteen.Invalid("document", "error.desk.document")
	case n.Privacy == 0:
		return canteen.Invalid("privacy", "error.desk.privacy")
	}
	return nil
}

// Registered is the answer to a registration: the word that stands for the person
// in addresses, and the receipt.
type Registered struct {
	Handle  string                `json:"handle"`
	Receipt canteen.ReceiptNumber `json:"receipt"`
}

// RegisterAtDesk enters a person who stands at the counter. It may return
// Invalid, Forbidden, and Conflict when the codice fiscale is known. A name that
// does not fit the code is the handler's to ask about: it never blocks (R11.1).
func (s *Store) RegisterAtDesk(act Act, n DeskRegistration) (done Registered, err error) {
	if err := n.validate(); err != nil {
		return done, err
	}
	act.Channel, act.OnBehalf = canteen.ChannelDesk, strings.TrimSpace(n.Name+" "+n.Surname)
	err = s.update(act, func(tx *tx) error {
		if err := atDesk(act); err != nil {
			return err
		}
		if known, err := tx.onceDone(n, &done); known || err != nil {
			return err
		}
		if _, known := tx.guardianByCF(n.CodiceFiscale); known {
			return &canteen.Error{Kind: canteen.KindConflict, Key: "error.desk.known", Field: "cf"}
		}
		g := canteen.Guardian{ID: canteen.GuardianID(tx.next(guardians)), Handle: tx.newHandle(), CodiceFiscale: n.CodiceFiscale,
			Surname: n.Surname, Name: n.Name, Phone: n.Phone, Email: n.Email, Address: n.Address, PostCode: n.PostCode, City: n.City}
		tx.putGuardian(g)
		p := Profile{Privacy: []PrivacySeen{{Version: n.Privacy, At: tx.now}}}
		if g.Phone != "" {
			p.Phone = ContactMark{Value: g.Phone, Source: "desk", At: tx.now}
		}
		if g.Email != "" {
			p.Email = ContactMark{Value: g.Email, Source: "desk", At: tx.now}
		}
		tx.putProfile(g.ID, p)
		tx.logChange("person.add", g.Handle, "")
		done = Registered{Handle: g.Handle, Receipt: tx.issue(Receipt{Kind: ReceiptRegistration, Person: g.ID})}
		tx.rememberOnce(n, done)
		return nil
	})
	return done, err
}

// DeskAct is a receipt of the counter with the names that belong to it.
type DeskAct struct {
	Receipt  Receipt
	Operator string // name of the desk user
	Handle   string // of the person, for addresses; empty when nobody is named
	Person   string
	Pupil    string // name of the pupil, if the act is about one
}

func (tx *tx) deskAct(r Receipt) DeskAct {
	a := DeskAct{Receipt: r, Operator: r.Actor, Person: r.OnBehalf}
	var u User
	if tx.getJSON(users, []byte(r.Actor), &u) && u.Name != "" {
		a.Operator = u.Name
	}
	if g, ok := tx.guardian(r.Person); ok {
		a.Handle = g.Handle
	}
	if p, ok := tx.pupil(r.Pupil); ok {
		a.Pupil = strings.TrimSpace(p.Name + " " + p.Surname)
	}
	return a
}

// DeskReceipt returns a receipt of the person the desk user acts for;
// KindNotFound for any other.
func (s *Store) DeskReceipt(act Act, n canteen.ReceiptNumber) (a DeskAct, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := deskNeedsPerson(act.Actor); err != nil {
			return err
		}
		var r Receipt
		if !tx.getJSON(receipts, keyReceipt(n), &r) {
			return canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
		}
		if r.Person != act.Actor.Guardian {
			if _, err := tx.ownPupil(r.Pupil); err != nil {
				return canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
			}
		}
		a = tx.deskAct(r)
		return nil
	})
	return a, err
}

// DeskDay lists what was done at the counter on a day, oldest first, by every
// desk user.
func (s *Store) DeskDay(act Act, day canteen.Date) (all []DeskAct, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := atDesk(act); err != nil {
			return err
		}
		all = nil
		tx.receiptsSince(day, func(k, v []byte) bool {
			var r Receipt
			if !tx.decode(receipts, k, v, &r) || canteen.DateOf(r.Written) != day {
				return false
			}
			if r.Channel == canteen.ChannelDesk {
				all = append(all, tx.deskAct(r))
			}
			return true
		})
		tx.saw(look{what: "desk.day"})
		return nil
	})
	return all, err
}
