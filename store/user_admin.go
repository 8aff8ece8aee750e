package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"refettorio/canteen"
)

// InviteLife is how long an invitation to choose a password is good.
const InviteLife = 72 * time.Hour

// MessageInvited is the kind of the message with an invitation; its facts are the
// link, and the day and the hour until which it is good.
const MessageInvited = "user.invited"

// Invite is the way in of a login that has to choose its password: the hash of a
// word only its owner gets. The zero Invite is none.
type Invite struct {
	Hash  string    `json:"hash,omitempty"`
	Until time.Time `json:"until,omitzero"`
}

// IsZero tells whether there is no invitation.
func (i Invite) IsZero() bool { return i.Until.IsZero() }

// unless withdraws an invitation.
func (i Invite) unless(withdrawn bool) Invite {
	if withdrawn {
		return Invite{}
	}
	return i
}

func inviteHash(secret string) string {
	sum := sha256.Sum256([]byte("invite " + secret))
	return hex.EncodeToString(sum[:16])
}

// onlyOnce refuses a form that was sent before: its answer held a secret, which is
// shown once.
func (tx *tx) onlyOnce(request any) error {
	var nothing struct{}
	done, err := tx.onceDone(request, &nothing)
	if err == nil && done {
		err = canteen.Refuse(canteen.KindConflict, "error.shownOnce")
	}
	return err
}

// StaffUsers lists the logins of who works here, by login. Families' logins are
// no business of the administrator's (design §12).
func (s *Store) StaffUsers(act Act) (all []User, err error) {
	every, err := s.Users(act)
	for _, u := range every {
		if Staff(u.Role) {
			all = append(all, u)
		}
	}
	slices.SortFunc(all, func(a, b User) int { return cmp.Compare(a.Login, b.Login) })
	return all, err
}

// StaffUser returns one login of who works here, without what proves who it is;
// KindNotFound for anything else.
func (s *Store) StaffUser(act Act, login string) (u User, err error) {
	err = s.view(act, func(tx *tx) error {
		u, err = tx.managed(login)
		u = u.bare()
		return err
	})
	return u, err
}

// managed returns a login the administrator may change.
func (tx *tx) managed(login string) (u User, err error) {
	if err := mayManageUsers(tx.act); err != nil {
		return u, err
	}
	if !tx.getJSON(users, []byte(CleanLogin(login)), &u) || !Staff(u.Role) {
		return User{}, canteen.Refuse(canteen.KindNotFound, "error.user.notFound", login)
	}
	return u, nil
}

// InviteUser adds a login without a password and invites its owner to choose
// one. secret is the word of the invitation, link the address with it in, which
// also goes to the owner's e-mail, if there is one.
func (s *Store) InviteUser(act Act, u User, secret, link string) error {
	u = User{Login: CleanLogin(u.Login), Name: u.Name, Role: u.Role, Schools: u.Schools, Kitchen: u.Kitchen, Email: u.Email}
	return s.update(act, func(tx *tx) error {
		if err := tx.onlyOnce(u); err != nil {
			return err
		}
		if !Staff(u.Role) {
			return canteen.Invalid("role", "error.user.staff")
		}
		invited := u
		invited.Invite = Invite{Hash: inviteHash(secret), Until: tx.now.Add(InviteLife)}
		if err := tx.addUser(invited, ""); err != nil {
			return err
		}
		tx.rememberOnce(u, struct{}{})
		tx.tellInvited(&invited, link)
		return nil
	})
}

// ReinviteUser takes a login's password and second factor away and invites its
// owner to choose a new one: the way back for who has lost them. Its sessions end.
func (s *Store) ReinviteUser(act Act, login, secret, link string) error {
	return s.update(act, func(tx *tx) error {
		if err := tx.onlyOnce(login); err != nil {
			return err
		}
		u, err := tx.managed(login)
		switch {
		case err != nil:
			return err
		case u.Disabled:
			return canteen.Refuse(canteen.KindConflict, "error.user.disabled", u.Login)
		case u.Login == act.Actor.Login:
			return canteen.Refuse(canteen.KindConflict, "error.user.self")
		}
		u.Hash, u.Factor, u.Invite = "", Factor{}, Invite{Hash: inviteHash(secret), Until: tx.now.Add(InviteLife)}
		u.Epoch++
		tx.putUser(u)
		tx.rememberOnce(login, struct{}{})
		tx.logChange("user.invite", u.Login, string(u.Role))
		tx.tellInvited(&u, link)
		return nil
	})
}

func (tx *tx) tellInvited(u *User, link string) {
	if u.Email != "" {
		tx.queue(Message{Kind: MessageInvited, To: u.Email, Facts: []Fact{{Text: link}, {Day: canteen.DateOf(u.Invite.Until)}, {At: u.Invite.Until}}})
	}
}

// Invited returns the login an invitation is for; KindNotFound when it is not
// good, not any more, or was used.
func (s *Store) Invited(secret string) (u User, err error) {
	err = s.view(Act{}, func(tx *tx) error {
		u, err = tx.invited(secret)
		u = u.bare()
		return err
	})
	return u, err
}

// invited looks through the logins for one with an invitation: who asks is slowed
// down before, and only records that hold the hash are decoded.
func (tx *tx) invited(secret string) (found User, err error) {
	hash := inviteHash(secret)
	tx.scan(users, nil, func(k, v []byte) bool {
		var u User
		if bytes.Contains(v, []byte(hash)) && tx.decode(users, k, v, &u) &&
			u.Invite.Hash == hash && !u.Disabled && tx.now.Before(u.Invite.Until) {
			found = u
		}
		return found.Login == ""
	})
	if found.Login == "" {
		return found, canteen.Refuse(canteen.KindNotFound, "error.invite")
	}
	return found, nil
}

// AcceptInvite gives a login the password its owner has chosen, once.
func (s *Store) AcceptInvite(act Act, secret, hash string) error {
	return s.update(act, func(tx *tx) error {
		u, err := tx.invited(secret)
		if err != nil {
			return err
		}
		u.Hash, u.Invite = hash, Invite{}
		u.Epoch++
		tx.putUser(u)
		tx.act.Actor.Login = u.Login
		tx.logChange("user.accept", u.Login, string(u.Role))
		return nil
	})
}

// PlaceUser changes the name, the e-mail address, the role and the places of a
// login. Where the role or the places change its sessions end. Nobody changes the
// own role: the last administrator would lock the town out.
func (s *Store) PlaceUser(act Act, to User) error {
	return s.updateOnce(act, to, func(tx *tx) error {
		u, err := tx.managed(to.Login)
		if err != nil {
			return err
		}
		if !Staff(to.Role) {
			return canteen.Invalid("role", "error.user.staff")
		}
		moved := u.Role != to.Role || u.Kitchen != to.Kitchen || !slices.Equal(u.Schools, to.Schools)
		if moved && u.Login == act.Actor.Login {
			return canteen.Refuse(canteen.KindConflict, "error.user.self")
		}
		u.Name, u.Email, u.Role, u.Schools, u.Kitchen = to.Name, to.Email, to.Role, to.Schools, to.Kitchen
		if err := tx.placeUser(&u, ""); err != nil {
			return err
		}
		if moved {
			u.Epoch++
		}
		tx.putUser(u)
		tx.logChange("user.role", u.Login, string(u.Role))
		return nil
	})
}

// SwitchUser disables a login or lets it in again. Its sessions and its
// invitation end. Nobody disables the own login.
func (s *Store) SwitchUser(act Act, login string, disabled bool) error {
	return s.updateOnce(act, []any{login, disabled}, func(tx *tx) error {
		u, err := tx.managed(login)
		switch {
		case err != nil:
			return err
		case u.Login == act.Actor.Login:
			return canteen.Refuse(canteen.KindConflict, "error.user.self")
		case u.Disabled == disabled:
			return nil
		}
		u.Disabled, u.Invite = disabled, Invite{}
		u.Epoch++
		tx.putUser(u)
		what := "user.enable"
		if disabled {
			what = "user.disable"
		}
		tx.logChange(what, u.Login, string(u.Role))
		return nil
	})
}
