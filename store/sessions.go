package store

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"
	"time"

	"refettorio/canteen"
)

// Session is one browser in which somebody is logged in: what the web keeps of
// it between two requests, in one line.
type Session struct {
	ID       string    // stands for it in addresses; not kept, it follows from the key
	Login    string    // who; of a half session, who is to be
	Epoch    int       // the user's when the session began
	Half     bool      // the password was right and the second factor is still to come: it opens nothing
	Began    time.Time // to the second, on the machine's clock, like the deadline
	Deadline time.Time
	Device   string // a word for the browser: "firefox/android"
	Address  string // the address it began at, masked
	Provider string // the provider of the identity it came in by; empty for a password
}

// sessionForm begins every line of this form; sessions of another are nobody's.
const sessionForm = "2"

// Line writes a session as it is kept. Sessions are read on every page: the line
// is short, and the login, which may hold spaces, comes last.
func (s *Session) Line() []byte {
	half := "-"
	if s.Half {
		half = "h"
	}
	return []byte(strings.Join([]string{sessionForm, strconv.FormatInt(s.Deadline.UnixMilli(), 36), strconv.FormatInt(s.Began.Unix(), 36),
		strconv.Itoa(s.Epoch), half, wordOr(s.Device), wordOr(s.Address), wordOr(s.Provider), s.Login}, " "))
}

// wordOr is a text without spaces, and "-" for none.
func wordOr(s string) string {
	if s == "" {
		return "-"
	}
	return strings.ReplaceAll(s, " ", "_")
}

// ParseSession reads what Line wrote; anything else is a session of nobody.
func ParseSession(line []byte) (s Session, ok bool) {
	parts := strings.SplitN(string(line), " ", 9)
	if len(parts) != 9 || parts[0] != sessionForm {
		return Session{}, false
	}
	deadline, err1 := strconv.ParseInt(parts[1], 36, 64)
	began, err2 := strconv.ParseInt(parts[2], 36, 64)
	epoch, err3 := strconv.Atoi(parts[3])
	if err1 != nil || err2 != nil || err3 != nil {
		return Session{}, false
	}
	word := func(i int) string { return strings.TrimPrefix(parts[i], "-") }
	return Session{Deadline: time.UnixMilli(deadline), Began: time.Unix(began, 0), Epoch: epoch, Half: parts[4] == "h",
		Device: word(5), Address: word(6), Provider: word(7), Login: parts[8]}, true
}

// sessionID is the word for a session in addresses: it tells nothing of the
// token, whose hash is the key.
func sessionID(key []byte) string {
	sum := sha256.Sum256(append([]byte("session "), key...))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// SessionsOf lists the live sessions of the actor, the newest first. It reads the
// whole table, which holds the sessions of one month at most.
func (s *Store) SessionsOf(act Act) (all []Session, err error) {
	err = s.view(act, func(tx *tx) error {
		var u User
		if !tx.getJSON(users, []byte(act.Actor.Login), &u) {
			return canteen.Refuse(canteen.KindNotFound, "error.user.notFound", act.Actor.Login)
		}
		tx.eachSession(func(_ []byte, one Session) {
			if one.Login == u.Login && one.Epoch == u.Epoch && !one.Half {
				all = append(all, one)
			}
		})
		return nil
	})
	slices.SortFunc(all, func(a, b Session) int { return b.Began.Compare(a.Began) })
	return all, err
}

// eachSession visits the sessions that have not expired.
func (tx *tx) eachSession(visit func(key []byte, one Session)) {
	now := time.Now()
	tx.scan(sessions, nil, func(k, v []byte) bool {
		if len(v) < 8 || time.UnixMilli(int64(be.Uint64(v))).Before(now) {
			return true
		}
		if one, ok := ParseSession(v[8:]); ok {
			one.ID = sessionID(k)
			visit(k, one)
		}
		return true
	})
}

// EndSession ends one session of the actor's own; KindNotFound when it is
// somebody else's or has ended already.
func (s *Store) EndSession(act Act, id string) error {
	return s.update(act, func(tx *tx) error {
		var key []byte
		tx.eachSession(func(k []byte, one Session) {
			if one.ID == id && one.Login == act.Actor.Login {
				key = slices.Clone(k)
			}
		})
		if key == nil {
			return canteen.Refuse(canteen.KindNotFound, "error.session.notFound")
		}
		tx.del(sessions, key)
		return nil
	})
}

// EndOtherSessions ends every session of the actor's but one, and says how many.
func (s *Store) EndOtherSessions(act Act, keep string) (ended int, err error) {
	err = s.update(act, func(tx *tx) error {
		var keys [][]byte
		tx.eachSession(func(k []byte, one Session) {
			if one.ID != keep && one.Login == act.Actor.Login {
				keys = append(keys, slices.Clone(k))
			}
		})
		for _, key := range keys {
			tx.del(sessions, key)
		}
		ended = len(keys)
		return nil
	})
	return ended, err
}

// SessionID is the ID of the session whose token has a hash, as the web keeps it.
func SessionID(tokenHash string) string { return sessionID([]byte(tokenHash)) }

// Sessions is the store of web sessions, in the form scs asks for. Tokens come
// hashed; a session is its expiry and scs's own bytes. Sessions live on the
// machine's clock, as cookies do, also where the service's clock is another.
type Sessions struct{ s *Store }

// Sessions returns the store of web sessions.
func (s *Store) Sessions() Sessions { return Sessions{s} }

// FindCtx returns the data of a live session.
func (w Sessions) FindCtx(_ context.Context, token string) (data []byte, found bool, err error) {
	err = w.s.view(Act{}, func(tx *tx) error {
		v := tx.get(sessions, []byte(token))
		if len(v) < 8 || time.UnixMilli(int64(be.Uint64(v))).Before(time.Now()) {
			return nil
		}
		data, found = slices.Clone(v[8:]), true
		return nil
	})
	return data, found, err
}

// CommitCtx writes a session.
func (w Sessions) CommitCtx(_ context.Context, token string, data []byte, expiry time.Time) error {
	return w.s.update(Act{}, func(tx *tx) error {
		tx.put(sessions, []byte(token), append(key64(uint64(expiry.UnixMilli())), data...))
		return nil
	})
}

// DeleteCtx ends a session.
func (w Sessions) DeleteCtx(_ context.Context, token string) error {
	return w.s.update(Act{}, func(tx *tx) error {
		tx.del(sessions, []byte(token))
		return nil
	})
}

// Find, Commit and Delete are the forms without a context, which scs asks for
// as well.
func (w Sessions) Find(token string) ([]byte, bool, error) {
	return w.FindCtx(context.Background(), token)
}

// Commit writes a session.
func (w Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return w.CommitCtx(context.Background(), token, data, expiry)
}

// Delete ends a session.
func (w Sessions) Delete(token string) error { return w.DeleteCtx(context.Background(), token) }
