package store

import (
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// outbox holds profiles, codes and what is due against persons and messages.
func (c *checker) outbox() {
	c.profilesOfPersons()
	c.codesUnderWay()
	c.dueMessages()
	c.loginsOfPersons()
}

// profilesOfPersons: a profile is of somebody, and says since when its contacts
// are proved.
func (c *checker) profilesOfPersons() {
	type mark struct {
		Value, Source string
		At            time.Time
	}
	type profile struct {
		Email, Phone mark
		Privacy      []struct {
			Version int
			At      time.Time
		}
	}
	c.each(profiles, nil, func(k, v []byte) {
		p, ok := asJSON[profile](c, profiles, k, v)
		if !ok {
			return
		}
		if c.value(guardians, k) == nil {
			c.wrong(profiles, k, "the profile is of nobody")
		}
		for _, m := range []mark{p.Email, p.Phone} {
			if m.Value != "" && (m.At.IsZero() || m.Source == "") {
				c.wrong(profiles, k, "a contact is proved and nobody knows how and when")
			}
		}
		for _, seen := range p.Privacy {
			if seen.Version < 1 || seen.At.IsZero() {
				c.wrong(profiles, k, "a privacy notice of version %d was seen at %s", seen.Version, seen.At)
			}
		}
	})
}

// codesUnderWay: a code record has the one part of its purpose, no digits in it,
// and no more tries than there are.
func (c *checker) codesUnderWay() {
	type code struct {
		Hash  []byte
		Tries int
	}
	type record struct {
		Purpose      string
		Expires      time.Time
		Registration *struct {
			EmailCode code `json:"email_code"`
			PhoneCode code `json:"phone_code"`
		}
		Contact *struct {
			Person uint64
			Code   code
		}
		Reset *struct{ Code code }
		Sent  []time.Time
		Tries *struct {
			Since time.Time
			Made  int
		}
	}
	c.each(codes, nil, func(k, v []byte) {
		r, ok := asJSON[record](c, codes, k, v)
		if !ok {
			return
		}
		var kept []code
		fits := false
		switch {
		case r.Purpose == "registration" && r.Registration != nil:
			kept, fits = []code{r.Registration.EmailCode, r.Registration.PhoneCode}, true
		case r.Purpose == "contact" && r.Contact != nil:
			kept, fits = []code{r.Contact.Code}, c.value(guardians, binary.BigEndian.AppendUint64(nil, r.Contact.Person)) != nil
		case r.Purpose == "reset" && r.Reset != nil:
			kept, fits = []code{r.Reset.Code}, true
		case r.Purpose == "sent":
			fits = len(r.Sent) > 0
		case r.Purpose == "tries" && r.Tries != nil: // of pairing, see households
			fits = r.Tries.Made > 0 && r.Tries.Since.Before(r.Expires)
		}
		if !fits || r.Expires.IsZero() {
			c.wrong(codes, k, "the record is not what its purpose %q says", r.Purpose)
		}
		for _, one := range kept {
			if one.Tries > 5 || one.Tries < 0 || len(one.Hash) != 0 && len(one.Hash) != 32 {
				c.wrong(codes, k, "a code with %d tries and a hash of %d bytes", one.Tries, len(one.Hash))
			}
		}
	})
}

// dueMessages: every message that is queued is due at one instant, no other is,
// and no code stays behind a message that is finished.
func (c *checker) dueMessages() {
	type message struct {
		Number  uint64
		Kind    string
		Person  uint64
		Facts   []json.RawMessage
		State   string
		At, Due time.Time
	}
	states := []string{"queued", "sent", "failed", "unknown", "nobody", "expired"}
	queued := 0
	c.each(messages, nil, func(k, v []byte) {
		m, ok := asJSON[message](c, messages, k, v)
		if !ok {
			return
		}
		secret := strings.HasPrefix(m.Kind, "code")
		if !slices.Contains(states, m.State) {
			c.wrong(messages, k, "the message is in the unknown state %q", m.State)
		}
		if m.Person != 0 && c.value(guardians, binary.BigEndian.AppendUint64(nil, m.Person)) == nil {
			c.wrong(messages, k, "the message is to the unknown person %d", m.Person)
		}
		if m.State != "queued" {
			if secret && len(m.Facts) > 0 {
				c.wrong(messages, k, "the code of a finished message is still in it")
			}
			return
		}
		at := m.Due
		if at.IsZero() {
			if at = m.At; secret {
				at = at.Add(-10 * time.Minute)
			}
		}
		due := binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli()))
		c.indexed(messagesDue, append(due, k...), &queued, "the message")
	})
	c.countIndex(messagesDue, queued)
}

// loginsOfPersons: every login of a person is found under it.
func (c *checker) loginsOfPersons() {
	n := 0
	c.each(users, nil, func(k, v []byte) {
		u, ok := asJSON[struct{ Guardian uint64 }](c, users, k, v)
		if ok && u.Guardian != 0 {
			c.indexed(usersByGuardian, append(binary.BigEndian.AppendUint64(nil, u.Guardian), k...), &n, "the login")
		}
	})
	c.countIndex(usersByGuardian, n)
}
