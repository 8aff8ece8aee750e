package store

import (
	"time"

	"refettorio/canteen"
)

// Profile is what only the portal knows of a person. A contact is verified when
// it is the one its mark names: who changes a contact has to prove the new one
// (rules R3.1).
type Profile struct {
	Lang    string                       `json:"lang,omitempty"`
	Email   ContactMark                  `json:"email,omitzero"`
	Phone   ContactMark                  `json:"phone,omitzero"`
	Privacy []PrivacySeen                `json:"privacy,omitempty"` // rules R5.9
	Wants   map[string][]canteen.Channel `json:"wants,omitempty"`   // by kind of message; a missing kind has its default
	Foreign string                       `json:"foreign,omitempty"` // identifier of an eIDAS login, to be paired by the office (rules R1.4)
	Claimed string                       `json:"claimed,omitempty"` // surname and name a provider gives, where they differ from the record's (rules R1.7)
	Links   []LinkMark                   `json:"links,omitempty"`   // since when and how the person is a guardian of whom
	Invited [][]byte                     `json:"invited,omitempty"` // keys of the invitations the person has made

	// Unproved says that the person came by a registration of its own and nobody
	// has yet seen who it is: a codice fiscale is no secret. See Store.SignIn.
	Unproved bool `json:"unproved,omitempty"`
}

// ContactMark says which value of a contact was proved, how and when.
type ContactMark struct {
	Value   string    `json:"value"`
	Source  string    `json:"source"` // "self", "desk", "claim"
	At      time.Time `json:"at"`
	Bounced bool      `json:"bounced,omitempty"`
}

// PrivacySeen is one time a privacy notice was shown and accepted.
type PrivacySeen struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
}

func (tx *tx) profile(id canteen.GuardianID) (p Profile) {
	tx.getJSON(profiles, key64(uint64(id)), &p)
	return p
}

func (tx *tx) putProfile(id canteen.GuardianID, p Profile) {
	tx.putJSON(profiles, key64(uint64(id)), p)
}

// personByHandle finds the person behind the word in an address.
func (tx *tx) personByHandle(handle string) (g canteen.Guardian, ok bool) {
	if len(handle) != handleSize {
		return g, false
	}
	tx.scan(guardiansByHandle, keyHandle(handle), func(k, _ []byte) bool {
		g, ok = tx.guardian(canteen.GuardianID(be.Uint64(k[16:])))
		return false
	})
	return g, ok
}

// addPeople is the migration that brings the tables of people to an older file.
func addPeople(tx *tx) error {
	for _, t := range tables {
		if _, err := tx.b.CreateBucketIfNotExists(t.name); err != nil {
			return err
		}
	}
	for _, g := range loadAll[canteen.Guardian](tx, guardians) {
		tx.putGuardian(g)
	}
	for _, u := range loadAll[User](tx, users) {
		tx.putUser(u)
	}
	tx.addDue()
	return tx.err
}

// putUser writes a login and its index by person.
func (tx *tx) putUser(u User) {
	key := []byte(u.Login)
	var old User
	if tx.getJSON(users, key, &old) && old.Guardian != 0 && old.Guardian != u.Guardian {
		tx.del(usersByGuardian, append(key64(uint64(old.Guardian)), key...))
	}
	tx.putJSON(users, key, u)
	if u.Guardian != 0 {
		tx.putIndex(usersByGuardian, append(key64(uint64(u.Guardian)), key...))
	}
}

// loginsOf returns the logins of a person.
func (tx *tx) loginsOf(id canteen.GuardianID) (logins []string) {
	tx.scan(usersByGuardian, key64(uint64(id)), func(k, _ []byte) bool {
		logins = append(logins, string(k[8:]))
		return true
	})
	return logins
}

// newHandle draws the word that stands for something new in addresses.
func (tx *tx) newHandle() string {
	handle, err := tx.s.drawHandle()
	if err != nil {
		tx.fail(err)
	}
	return handle
}
