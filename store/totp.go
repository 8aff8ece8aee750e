package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"refettorio/canteen"
)

// Factor is the second factor of a login: a secret shared with an authenticator
// app, sealed by the vault, and recovery codes, kept as hashes. The zero Factor
// is none.
type Factor struct {
	Sealed   []byte    `json:"sealed,omitempty"`
	Last     int64     `json:"last,omitempty"`     // the period of the last code used: none up to it is good any more
	Recovery []string  `json:"recovery,omitempty"` // of the codes not yet used
	Since    time.Time `json:"since,omitzero"`
}

// IsZero tells whether there is no second factor.
func (f Factor) IsZero() bool { return f.Since.IsZero() }

// bare is a user without what proves who somebody is, for lists.
func (u User) bare() User {
	u.Hash, u.Factor, u.Invite.Hash = "", Factor{Since: u.Factor.Since}, ""
	return u
}

// recoveryCodes is how many recovery codes a person gets.
const recoveryCodes = 10

// Staff tells whether a role is of somebody who works here.
func Staff(r canteen.Role) bool {
	return r != canteen.RoleGuardian && r != canteen.RoleDelegate && r != ""
}

// settingFactor names the roles that must have a second factor.
const settingFactor = "staff-totp"

// FactorRoles lists the roles that must have a second factor.
func (s *Store) FactorRoles() (roles []canteen.Role, err error) {
	err = s.view(Act{}, func(tx *tx) error { roles = tx.factorRoles(); return nil })
	return roles, err
}

func (tx *tx) factorRoles() (roles []canteen.Role) {
	tx.getJSON(settings, []byte(settingFactor), &roles)
	return roles
}

// SetFactorRoles says which roles must have a second factor. Who has none sets
// it up at the next login; sessions go on. KindUnavailable without a vault: nobody
// could set it up.
func (s *Store) SetFactorRoles(act Act, roles []canteen.Role) error {
	return s.updateOnce(act, roles, func(tx *tx) error {
		if err := mayManageUsers(act); err != nil {
			return err
		}
		for _, r := range roles {
			if !slices.Contains(canteen.Roles[:], r) || !Staff(r) {
				return canteen.Invalid("roles", "error.role", string(r))
			}
		}
		if len(roles) > 0 && s.opt.Vault == nil {
			return noVault()
		}
		tx.putSetting(settingFactor, roles)
		tx.logChange("setting.factor", settingFactor, joinRoles(roles))
		return nil
	})
}

func joinRoles(roles []canteen.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, ",")
}

func noVault() error {
	return &canteen.Error{Kind: canteen.KindUnavailable, Key: "error.vault", Err: errors.New("no key for what must be sealed")}
}

// NewFactorSecret draws the secret of a second factor, as apps take it: base32.
func NewFactorSecret() string {
	secret := make([]byte, canteen.TOTPSecretSize)
	_, _ = rand.Read(secret) // never fails: crypto/rand ends the program instead
	return base32.StdEncoding.EncodeToString(secret)
}

func parseFactorSecret(text string) ([]byte, error) {
	secret, err := base32.StdEncoding.DecodeString(text)
	if err != nil || len(secret) != canteen.TOTPSecretSize {
		return nil, canteen.Invalid("secret", "error.form")
	}
	return secret, nil
}

// cleanCode takes out what people type between the digits.
func cleanCode(code string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "\t", "").Replace(code))
}

// SetFactor gives a login its second factor, proved by a first code of the app,
// and returns the recovery codes, which nobody will ever see again. login is the
// actor's own, or that of a half session. KindConflict when it has one already;
// Invalid when the code is not right.
func (s *Store) SetFactor(act Act, login, secret, code string) (recovery []string, err error) {
	key, err := parseFactorSecret(secret)
	if err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	hashes := make([]string, recoveryCodes)
	for i := range codes {
		plain := strings.ToLower(rand.Text()[:16])
		hashes[i] = hashCode(plain)
		codes[i] = plain[:4] + "-" + plain[4:8] + "-" + plain[8:12] + "-" + plain[12:]
	}
	err = s.update(act, func(tx *tx) error {
		u, err := tx.staff(login)
		if err != nil {
			return err
		}
		if !u.Factor.IsZero() {
			return canteen.Refuse(canteen.KindConflict, "error.factor.have")
		}
		if s.opt.Vault == nil {
			return noVault()
		}
		step, ok := canteen.MatchTOTP(key, cleanCode(code), tx.s.opt.Wall(), 0)
		if !ok {
			return canteen.Invalid("code", "error.factor.code")
		}
		sealed, err := s.opt.Vault.Seal(key)
		if err != nil {
			return err
		}
		u.Factor = Factor{Sealed: sealed, Last: step, Recovery: hashes, Since: tx.now}
		tx.putUser(u)
		tx.logChange("user.factor", u.Login, "on")
		return nil
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

func (tx *tx) staff(login string) (u User, err error) {
	if !tx.getJSON(users, []byte(login), &u) || u.Disabled || !Staff(u.Role) {
		return u, canteen.Refuse(canteen.KindNotFound, "error.user.notFound", login)
	}
	return u, nil
}

// hashCode is how a recovery code is kept: it is drawn at random with 80 bits, so
// a plain hash cannot be guessed back.
func hashCode(plain string) string {
	sum := sha256.Sum256([]byte("recovery " + plain))
	return hex.EncodeToString(sum[:16])
}

// PassFactor checks a code of a login's app, or one of its recovery codes, and
// uses it up in the same transaction. Invalid when it is not right or not good
// any more.
func (s *Store) PassFactor(act Act, login, code string) error {
	return s.update(act, func(tx *tx) error {
		u, err := tx.staff(login)
		if err != nil {
			return err
		}
		return tx.passFactor(&u, cleanCode(code))
	})
}

func (tx *tx) passFactor(u *User, code string) error {
	if at := slices.Index(u.Factor.Recovery, hashCode(code)); at >= 0 {
		u.Factor.Recovery = slices.Delete(u.Factor.Recovery, at, at+1)
		tx.putUser(*u)
		tx.logChange("user.recovery", u.Login, "")
		return nil
	}
	if tx.s.opt.Vault == nil {
		return noVault()
	}
	key, err := tx.s.opt.Vault.Open(u.Factor.Sealed)
	if err != nil {
		return &canteen.Error{Kind: canteen.KindUnavailable, Key: "error.vault", Err: err}
	}
	step, ok := canteen.MatchTOTP(key, code, tx.s.opt.Wall(), u.Factor.Last)
	if !ok {
		return canteen.Invalid("code", "error.factor.code")
	}
	u.Factor.Last = step
	tx.putUser(*u)
	return nil
}

// DropFactor takes away the actor's own second factor, against a code of it.
// KindConflict when the role must have one.
func (s *Store) DropFactor(act Act, code string) error {
	return s.update(act, func(tx *tx) error {
		u, err := tx.staff(act.Actor.Login)
		switch {
		case err != nil:
			return err
		case u.Factor.IsZero():
			return canteen.Refuse(canteen.KindConflict, "error.factor.none")
		case slices.Contains(tx.factorRoles(), u.Role):
			return canteen.Refuse(canteen.KindConflict, "error.factor.required")
		}
		if err := tx.passFactor(&u, cleanCode(code)); err != nil {
			return err
		}
		u.Factor = Factor{}
		tx.putUser(u)
		tx.logChange("user.factor", u.Login, "off")
		return nil
	})
}
