package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"

	"refettorio/canteen"
)

// User is a login. Hash is the argon2id hash of its password; who hashes is the
// web, behind a semaphore, never the record.
type User struct {
	Login    string             `json:"login"`
	Name     string             `json:"name"`
	Role     canteen.Role       `json:"role"`
	Guardian canteen.GuardianID `json:"guardian,omitempty"`
	Schools  []string           `json:"schools,omitempty"` // codes, for school and refectory
	Kitchen  string             `json:"kitchen,omitempty"` // code, for the kitchen
	Email    string             `json:"email,omitempty"`   // of staff: where invitations go
	Lang     string             `json:"lang,omitempty"`
	Hash     string             `json:"hash,omitempty"`
	Disabled bool               `json:"disabled,omitempty"`
	Since    time.Time          `json:"since"`
	Epoch    int                `json:"epoch"` // grows when every session of the user must end
	Factor   Factor             `json:"factor,omitzero"`
	Invite   Invite             `json:"invite,omitzero"`
}

// Actor is the user as the author of an act.
func (u *User) Actor() canteen.Actor {
	return canteen.Actor{Login: u.Login, Role: u.Role, Guardian: u.Guardian}
}

// CleanLogin is a login as it is kept: trimmed and in lower case.
func CleanLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

func mayManageUsers(act Act) error {
	if act.Actor.Role == canteen.RoleAdmin {
		return nil
	}
	return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
}

// AddUser creates a login; KindConflict when it is taken. A guardian's login
// names the guardian by codice fiscale. It may return Invalid, naming the field.
func (s *Store) AddUser(act Act, u User, guardian canteen.CodiceFiscale) error {
	u.Login = CleanLogin(u.Login)
	return s.update(act, func(tx *tx) error { return tx.addUser(u, guardian) })
}

func (tx *tx) addUser(u User, guardian canteen.CodiceFiscale) error {
	if err := mayManageUsers(tx.act); err != nil {
		return err
	}
	switch {
	case u.Login == "" || len(u.Login) > maxLogin || strings.ContainsFunc(u.Login, unicode.IsControl):
		return canteen.Invalid("login", "error.required")
	case reserved(u.Login):
		return canteen.Invalid("login", "error.user.reserved", u.Login)
	case tx.has(users, []byte(u.Login)):
		return &canteen.Error{Kind: canteen.KindConflict, Key: "error.user.taken", Field: "login", Args: []any{u.Login}}
	}
	if err := tx.placeUser(&u, guardian); err != nil {
		return err
	}
	u.Since = tx.now
	tx.putUser(u)
	tx.logChange("user.add", u.Login, string(u.Role))
	return nil
}

// maxLogin bounds a login, in bytes.
const maxLogin = 100

// reserved tells whether a login is one of the actors that are nobody's: a
// person under such a name could pass for the scheduler or the console.
func reserved(login string) bool {
	return login == canteen.JobActor.Login || login == canteen.ConsoleActor.Login || strings.HasPrefix(login, tokenLogin) ||
		strings.HasPrefix(login, identityLogin) || strings.HasPrefix(login, foreignLogin) || strings.HasPrefix(login, signinLogin)
}

// tokenLogin begins the name under which an API token acts.
const tokenLogin = "token:"

// placeUser ties a user to the person or places its role needs.
func (tx *tx) placeUser(u *User, guardian canteen.CodiceFiscale) error {
	town := tx.townNow()
	switch u.Role {
	case canteen.RoleGuardian, canteen.RoleDelegate:
		id, ok := tx.guardianByCF(guardian)
		if !ok {
			return canteen.Invalid("guardian", "error.user.guardian", string(guardian))
		}
		u.Guardian = id
	case canteen.RoleKitchen:
		if !slices.ContainsFunc(town.kitchens, func(k canteen.Kitchen) bool { return k.Code == u.Kitchen }) {
			return canteen.Invalid("kitchen", "error.kitchen.notFound", u.Kitchen)
		}
	case canteen.RoleSchool, canteen.RoleRefectory:
		for _, code := range u.Schools {
			if town.byCode[code] == nil {
				return canteen.Invalid("schools", "error.school.notFound", code)
			}
		}
		if len(u.Schools) == 0 {
			return canteen.Invalid("schools", "error.required")
		}
	}
	return nil
}

// ChangeUser changes a login through a function: its hash, its role, whether it
// is disabled. Every session of it ends (design: sessions end on role change).
func (s *Store) ChangeUser(act Act, login, what string, change func(*User)) error {
	return s.update(act, func(tx *tx) error {
		if err := mayManageUsers(act); err != nil {
			return err
		}
		var u User
		if !tx.getJSON(users, []byte(CleanLogin(login)), &u) {
			return canteen.Refuse(canteen.KindNotFound, "error.user.notFound", login)
		}
		guardian := u.Guardian
		change(&u)
		u.Epoch++
		if u.Role == canteen.RoleGuardian && guardian == 0 {
			return canteen.Invalid("role", "error.user.guardian", login)
		}
		u.Invite = u.Invite.unless(u.Disabled)
		tx.putUser(u)
		tx.logChange("user."+what, u.Login, string(u.Role))
		return nil
	})
}

// User returns a login; KindNotFound when there is none.
func (s *Store) User(login string) (u User, err error) {
	err = s.view(Act{}, func(tx *tx) error {
		if !tx.getJSON(users, []byte(CleanLogin(login)), &u) {
			return canteen.Refuse(canteen.KindNotFound, "error.user.notFound", login)
		}
		return nil
	})
	return u, err
}

// Users lists every login by name, without what proves who somebody is.
func (s *Store) Users(act Act) (all []User, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayManageUsers(act); err != nil {
			return err
		}
		all = loadAll[User](tx, users)
		for i := range all {
			all[i] = all[i].bare()
		}
		return nil
	})
	return all, err
}

// The scopes of API tokens (design §11).
const (
	ScopeKitchen    = "kitchen"
	ScopeStatistics = "statistics"
)

// Scopes lists the scopes a token may carry.
var Scopes = []string{ScopeFamilyGateway, ScopeKitchen, ScopeStatistics}

// Token is a bearer token of the API; its secret is shown once and kept only
// as a hash.
type Token struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Scopes  []string  `json:"scopes"`
	Expires time.Time `json:"expires,omitzero"`
	Since   time.Time `json:"since"`
}

// TokenPrefix begins every secret, so that one that leaked can be recognised.
const TokenPrefix = "rft_"

// AddToken makes a token and returns its secret.
func (s *Store) AddToken(act Act, t Token) (secret string, err error) {
	return s.AddTokenSecret(act, t, TokenPrefix+strings.ToLower(rand.Text()))
}

// AddTokenSecret makes a token with a secret the caller has drawn. The same form
// sent twice is a KindConflict: its secret can be shown once only.
func (s *Store) AddTokenSecret(act Act, t Token, secret string) (string, error) {
	hash := sha256.Sum256([]byte(secret))
	err := s.update(act, func(tx *tx) error {
		if err := mayManageUsers(act); err != nil {
			return err
		}
		if err := tx.onlyOnce(t.Name); err != nil {
			return err
		}
		if t.Name == "" || len(t.Scopes) == 0 {
			return canteen.Invalid("scopes", "error.required")
		}
		for _, scope := range t.Scopes {
			if !slices.Contains(Scopes, scope) {
				return canteen.Invalid("scopes", "error.token.scope", scope)
			}
		}
		t.ID, t.Since = hex.EncodeToString(hash[:4]), tx.now
		tx.putToken(hash[:], t)
		tx.rememberOnce(t.Name, struct{}{})
		tx.logChange("token.add", t.Name, strings.Join(t.Scopes, ","))
		return nil
	})
	return secret, err
}

// RevokeToken removes a token by its ID.
func (s *Store) RevokeToken(act Act, id string) error {
	return s.update(act, func(tx *tx) error {
		if err := mayManageUsers(act); err != nil {
			return err
		}
		var key []byte
		var name string
		tx.scan(tokens, nil, func(k, v []byte) bool {
			var t Token
			if tx.decode(tokens, k, v, &t) && t.ID == id {
				key, name = slices.Clone(k), t.Name
			}
			return key == nil
		})
		if key == nil {
			return canteen.Refuse(canteen.KindNotFound, "error.token.notFound", id)
		}
		tx.del(tokens, key)
		tx.changed()
		tx.logChange("token.revoke", name, id)
		return nil
	})
}

// Tokens lists the tokens, without secrets.
func (s *Store) Tokens(act Act) (all []Token, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayManageUsers(act); err != nil {
			return err
		}
		all = loadAll[Token](tx, tokens)
		return nil
	})
	return all, err
}

// TokenActor finds the actor behind a bearer secret; KindUnauthenticated when
// there is none or it has expired.
func (s *Store) TokenActor(secret string) (a canteen.Actor, err error) {
	known := s.town.Load() // as of the last commit: a token just revoked is not in it
	if known == nil {
		err = s.view(Act{}, func(tx *tx) error { known = tx.townNow(); return nil })
		if err != nil {
			return a, err
		}
	}
	hash := sha256.Sum256([]byte(secret))
	t, ok := known.tokens[string(hash[:])]
	if !ok || !t.Expires.IsZero() && t.Expires.Before(s.now()) {
		return a, canteen.Refuse(canteen.KindUnauthenticated, "error.token")
	}
	return canteen.Actor{Login: tokenLogin + t.Name, Scopes: t.Scopes}, nil
}
