package store

import (
	"refettorio/canteen"
)

// passwordReset is a forgotten password on its way to be set anew. Login is
// empty when nobody can do so by this name: the record is kept all the same, so
// that no answer tells which names exist.
type passwordReset struct {
	Login string       `json:"login,omitempty"`
	Code  canteen.Code `json:"code"`
}

// StartReset sends a code to the verified e-mail of a login's person. The word
// is the form's own: sent again it changes nothing. Whoever asks learns nothing:
// the answer is the same for a name nobody has. It may return Invalid on "login":
// another code was asked for a moment ago.
func (s *Store) StartReset(act Act, word, login string) error {
	login = CleanLogin(login)
	if login == "" || len(login) > 254 {
		return canteen.Invalid("login", "error.required")
	}
	if len(word) < 16 {
		return canteen.Refuse(canteen.KindInvalid, "error.form")
	}
	key := codeKey(purposeReset, word)
	return s.update(act, func(tx *tx) error {
		if _, ok := tx.codeRecordOf(key); ok {
			return nil
		}
		throttle := purposeReset + "/" + login
		if err := tx.mayWrite("login", throttle); err != nil {
			return err
		}
		reset := passwordReset{Code: canteen.Code{At: tx.now}}
		if to, lang := tx.resetAddress(login); to != "" {
			reset.Login = login
			reset.Code = tx.sendCode(key, Message{Kind: kindCodeReset, To: to, Channel: canteen.ChannelEmail, Lang: lang})
		}
		tx.written(throttle)
		tx.putCode(key, codeRecord{Purpose: purposeReset, Expires: tx.now.Add(pendingLife), Reset: &reset})
		return nil
	})
}

// resetAddress is the e-mail that proves whose login it is; empty when there is
// none, when the login is closed, or when it has no password to forget.
func (tx *tx) resetAddress(login string) (to, lang string) {
	var u User
	if !tx.getJSON(users, []byte(login), &u) || u.Disabled || u.Hash == "" || u.Guardian == 0 {
		return "", ""
	}
	g, _ := tx.guardian(u.Guardian)
	p := tx.profile(u.Guardian)
	return verifiedContact(&g, &p, canteen.ChannelEmail), p.Lang
}

// FinishReset sets the password when the code is right; every session of the
// login ends and its person is told. A wrong code is a try spent, and Invalid on
// "code"; KindNotFound when no reset is under way.
func (s *Store) FinishReset(act Act, word, typed, hash string) error {
	key := codeKey(purposeReset, word)
	var refused error
	err := s.update(act, func(tx *tx) error {
		rec, ok := tx.codeRecordOf(key)
		if !ok {
			return canteen.Refuse(canteen.KindNotFound, "error.reset.notFound")
		}
		outcome := rec.Reset.Code.Try(string(key), typed, tx.now)
		if refused = codeRefusal("code", outcome, &rec.Reset.Code); refused != nil {
			tx.putCode(key, rec)
			return nil
		}
		var u User
		if !tx.getJSON(users, []byte(rec.Reset.Login), &u) || u.Disabled {
			return canteen.Refuse(canteen.KindNotFound, "error.reset.notFound")
		}
		tx.del(codes, key)
		tx.setPassword(u, hash)
		tx.logChange("user.reset", u.Login, "self")
		return nil
	})
	if err == nil {
		err = refused
	}
	return err
}

// ChangePassword gives the actor's own login another password; its other
// sessions end. Who asks has just typed the old one. It returns the login as it
// is now, for the session that goes on.
func (s *Store) ChangePassword(act Act, hash string) (u User, err error) {
	err = s.update(act, func(tx *tx) error {
		if !tx.getJSON(users, []byte(act.Actor.Login), &u) || u.Disabled || u.Hash == "" {
			return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
		}
		u = tx.setPassword(u, hash)
		tx.logChange("user.password", u.Login, "self")
		return nil
	})
	return u, err
}

// setPassword ends every session of a login with its old password.
func (tx *tx) setPassword(u User, hash string) User {
	u.Hash = hash
	u.Epoch++
	tx.putUser(u)
	if u.Guardian != 0 {
		tx.tell(u.Guardian, kindPassword)
	}
	return u
}
