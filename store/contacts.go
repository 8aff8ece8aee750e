package store

import (
	"slices"
	"strings"
	"time"

	"refettorio/canteen"
)

// contactChange is a new contact on its way to be proved.
type contactChange struct {
	Person canteen.GuardianID `json:"person"`
	What   canteen.Channel    `json:"what"`
	Value  string             `json:"value"`
	Code   canteen.Code       `json:"code"`
}

// pendingLife is how long a contact waits to be proved: a new code can be asked
// for when the first has expired.
const pendingLife = time.Hour

// PersonView is what a person sees of itself.
type PersonView struct {
	Person  canteen.Guardian
	Profile Profile
	Pending map[canteen.Channel]string // contacts that wait for their code
}

// Verified tells whether the contact of a channel was proved.
func (v *PersonView) Verified(c canteen.Channel) bool {
	return verifiedContact(&v.Person, &v.Profile, c) != ""
}

// self returns the person behind the actor; KindNotFound for who is none.
func (tx *tx) self() (canteen.Guardian, error) {
	g, ok := tx.guardian(tx.act.Actor.Guardian)
	if !ok || tx.act.Actor.Guardian == 0 {
		return g, canteen.Refuse(canteen.KindNotFound, "error.notFound")
	}
	return g, nil
}

// Myself returns the data of the person behind the actor.
func (s *Store) Myself(act Act) (v PersonView, err error) {
	err = s.view(act, func(tx *tx) error {
		g, err := tx.self()
		if err != nil {
			return err
		}
		v = PersonView{Person: g, Profile: tx.profile(g.ID), Pending: map[canteen.Channel]string{}}
		for _, c := range []canteen.Channel{canteen.ChannelEmail, canteen.ChannelSMS} {
			if rec, ok := tx.codeRecordOf(contactKey(&g, c)); ok {
				v.Pending[c] = rec.Contact.Value
			}
		}
		return nil
	})
	return v, err
}

func contactKey(g *canteen.Guardian, c canteen.Channel) []byte {
	return codeKey(purposeContact, g.Handle+"/"+string(c))
}

// StartContact takes a new e-mail or number of the actor's and sends the code
// that proves it (mission 6); until then the old one stays. byCode is false when
// no code can reach it, and then it holds at once, unverified. It may return
// Invalid on "email" or "phone"; pending says that a code was sent.
func (s *Store) StartContact(act Act, c canteen.Channel, value string, byCode bool) (pending bool, err error) {
	value, field, err := parseContact(c, value)
	if err != nil {
		return false, err
	}
	err = s.update(act, func(tx *tx) error {
		pending = false
		g, err := tx.self()
		if err != nil {
			return err
		}
		p := tx.profile(g.ID)
		if contactOf(&g, c) == value && (verifiedContact(&g, &p, c) != "" || !byCode) {
			return nil
		}
		if !byCode || c == canteen.ChannelSMS && !canteen.IsMobile(value) {
			tx.changeContact(g, c, value, ContactMark{})
			return nil
		}
		if err := tx.mayWrite(field, value); err != nil {
			return err
		}
		key, kind := contactKey(&g, c), kindCodeEmail
		if c == canteen.ChannelSMS {
			kind = kindCodePhone
		}
		code := tx.sendCode(key, Message{Kind: kind, To: value, Channel: c, Lang: p.Lang})
		tx.written(value)
		tx.putCode(key, codeRecord{Purpose: purposeContact, Expires: tx.now.Add(pendingLife),
			Contact: &contactChange{Person: g.ID, What: c, Value: value, Code: code}})
		pending = true
		return nil
	})
	return pending, err
}

func parseContact(c canteen.Channel, value string) (parsed, field string, err error) {
	if c == canteen.ChannelSMS {
		if parsed, err = canteen.ParsePhone(value); err != nil {
			return "", "phone", canteen.Invalid("phone", "error.phone")
		}
		return parsed, "phone", nil
	}
	if parsed, err = canteen.ParseEmail(value); err != nil {
		return "", "email", canteen.Invalid("email", "error.email")
	}
	return parsed, "email", nil
}

func contactOf(g *canteen.Guardian, c canteen.Channel) string {
	if c == canteen.ChannelSMS {
		return g.Phone
	}
	return g.Email
}

// ProveContact tries the code of a contact that waits. The right one makes the
// contact the person's own, tells the old one, and renames a login that was the
// old e-mail: the login then to be used is returned. A wrong one is a try spent,
// and Invalid on "code"; KindNotFound when nothing waits.
func (s *Store) ProveContact(act Act, c canteen.Channel, typed string) (login string, err error) {
	var refused error
	err = s.update(act, func(tx *tx) error {
		login, refused = act.Actor.Login, nil
		g, err := tx.self()
		if err != nil {
			return err
		}
		key := contactKey(&g, c)
		rec, ok := tx.codeRecordOf(key)
		if !ok {
			return canteen.Refuse(canteen.KindNotFound, "error.contact.notPending")
		}
		change := rec.Contact
		outcome := change.Code.Try(string(key), typed, tx.now)
		if refused = codeRefusal("code", outcome, &change.Code); refused != nil {
			tx.putCode(key, rec)
			return nil
		}
		tx.del(codes, key)
		old := CleanLogin(g.Email)
		tx.changeContact(g, c, change.Value, ContactMark{Value: change.Value, Source: "self", At: tx.now})
		if c == canteen.ChannelEmail && old == act.Actor.Login && act.Actor.Role != canteen.RoleDesk {
			login = tx.renameLogin(old, CleanLogin(change.Value))
		}
		return nil
	})
	if err == nil {
		err = refused
	}
	return login, err
}

// changeContact writes a person's new contact. Who can be reached at the old one
// is told there.
func (tx *tx) changeContact(g canteen.Guardian, c canteen.Channel, value string, mark ContactMark) {
	p := tx.profile(g.ID)
	if old := verifiedContact(&g, &p, c); old != "" && old != value {
		tx.queue(Message{Kind: kindChanged, To: old, Channel: c, Lang: p.Lang})
	}
	if c == canteen.ChannelSMS {
		g.Phone, p.Phone = value, mark
	} else {
		g.Email, p.Email = value, mark
	}
	tx.putGuardian(g)
	tx.putProfile(g.ID, p)
	tx.logChange("person."+string(c), g.Handle, "")
}

// renameLogin lets a person log in by its new e-mail, unless somebody else does.
// It returns the login that holds.
func (tx *tx) renameLogin(from, to string) string {
	var u User
	if from == to || tx.has(users, []byte(to)) || reserved(to) || !tx.getJSON(users, []byte(from), &u) {
		return from
	}
	tx.del(users, []byte(from))
	tx.del(usersByGuardian, append(key64(uint64(u.Guardian)), from...))
	u.Login = to
	tx.putUser(u)
	return to
}

// MoveHouse changes the actor's address.
func (s *Store) MoveHouse(act Act, address, postCode, city string) error {
	moved := canteen.Guardian{Address: address, PostCode: postCode, City: city}
	if err := checkAddress(&moved); err != nil {
		return err
	}
	return s.updateOnce(act, moved, func(tx *tx) error {
		g, err := tx.self()
		if err != nil {
			return err
		}
		g.Address, g.PostCode, g.City = moved.Address, moved.PostCode, moved.City
		tx.putGuardian(g)
		tx.logChange("person.address", g.Handle, "")
		return nil
	})
}

// Preferences are how a person wants to be spoken to: in which language, and by
// which channels for each topic.
type Preferences struct {
	Lang  string                       `json:"lang"`
	Wants map[string][]canteen.Channel `json:"wants"`
}

// ChangePreferences writes the actor's preferences. A topic needs a channel: no
// answer at all is not a choice (mission 22).
func (s *Store) ChangePreferences(act Act, want Preferences) error {
	for _, topic := range canteen.Topics {
		channels := want.Wants[topic]
		known := func(c canteen.Channel) bool { return c == canteen.ChannelEmail || c == canteen.ChannelSMS }
		if len(channels) == 0 || slices.ContainsFunc(channels, func(c canteen.Channel) bool { return !known(c) }) {
			return canteen.Invalid(topic, "error.required")
		}
	}
	return s.updateOnce(act, want, func(tx *tx) error {
		g, err := tx.self()
		if err != nil {
			return err
		}
		p := tx.profile(g.ID)
		p.Lang, p.Wants = want.Lang, map[string][]canteen.Channel{}
		for _, topic := range canteen.Topics {
			p.Wants[topic] = slices.Clone(want.Wants[topic])
		}
		tx.putProfile(g.ID, p)
		tx.logChange("person.preferences", g.Handle, strings.TrimSpace(want.Lang))
		return nil
	})
}
