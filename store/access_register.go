package store

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"refettorio/canteen"
)

// Access is a line of the register of accesses: who came in (rules R1.13), and
// who of the staff read what of whom (rules R5.6). It lies sealed in the file.
type Access struct {
	Number   uint64          `json:"-"` // its place in the register
	At       time.Time       `json:"-"`
	Login    string          `json:"login,omitempty"` // empty: a login nobody has
	Role     canteen.Role    `json:"role,omitempty"`
	Channel  canteen.Channel `json:"channel,omitempty"`
	What     string          `json:"what"`
	Person   string          `json:"person,omitempty"` // handle of whose file it is; of a login, who came in
	Pupil    string          `json:"pupil,omitempty"`  // handle
	Why      string          `json:"why,omitempty"`
	Result   string          `json:"result"`
	Provider string          `json:"provider,omitempty"` // of a login: "local", or the name of the gateway
	ACR      string          `json:"acr,omitempty"`      // the level the gateway vouches for
	Message  string          `json:"message,omitempty"`  // the gateway's own identifiers of the exchange
	Address  string          `json:"address,omitempty"`  // of the network
	Missed   int             `json:"missed,omitempty"`   // refused logins before this one that were too many to write
	Count    int             `json:"count,omitempty"`    // of lines taken away by the job of retention
}

// The results of an access.
const (
	AccessDone    = "done"
	AccessRefused = "refused"
)

// accessRecord is a line as it lies in the file. At is in clear for the job of
// retention; Prev chains it to the line before; Marks are one byte for each
// person or pupil it is about, so that a family's own lines are found without
// opening all of them: among 2,000 families a byte points at eight.
type accessRecord struct {
	At     time.Time `json:"at"`
	Prev   []byte    `json:"prev,omitempty"`
	Marks  []byte    `json:"marks,omitempty"`
	Sealed []byte    `json:"sealed"`
}

// accessAnchor is the place of the register's first line after retention took
// the older ones away: the number and the hash of the last one that is gone.
type accessAnchor struct {
	Number uint64 `json:"number"`
	Hash   []byte `json:"hash"`
}

// settingAccessAnchor names the anchor among the settings.
const settingAccessAnchor = "access-anchor"

// accessHash is what the next line carries of a line: SHA-256 over its number
// and its record.
func accessHash(key, value []byte) []byte {
	h := sha256.New()
	h.Write(key)
	h.Write(value)
	return h.Sum(nil)
}

// accessMark is the byte by which the lines about a subject are found.
func accessMark(s canteen.Subject) byte {
	sum := sha256.Sum256([]byte(s))
	return sum[0]
}

func (a *Access) marks() (marks []byte) {
	if a.Person != "" {
		marks = append(marks, accessMark(canteen.PersonSubject(a.Person)))
	}
	if a.Pupil != "" {
		marks = append(marks, accessMark(canteen.PupilSubject(a.Pupil)))
	}
	return marks
}

// sealAccesses seals lines; KindUnavailable without a vault.
func (s *Store) sealAccesses(lines []Access) ([]accessRecord, error) {
	if s.opt.Vault == nil {
		return nil, canteen.Refuse(canteen.KindUnavailable, "error.register.key")
	}
	records := make([]accessRecord, 0, len(lines))
	for i := range lines {
		plain, err := json.Marshal(&lines[i])
		if err != nil {
			panic("store: a line of the register that is not JSON: " + err.Error())
		}
		sealed, err := s.opt.Vault.Seal(plain)
		if err != nil {
			return nil, &canteen.Error{Kind: canteen.KindUnavailable, Key: "error.register.key", Err: err}
		}
		records = append(records, accessRecord{At: lines[i].At, Marks: lines[i].marks(), Sealed: sealed})
	}
	return records, nil
}

// openAccess opens a line; KindUnavailable without its key.
func (s *Store) openAccess(number uint64, rec *accessRecord) (a Access, err error) {
	if s.opt.Vault == nil {
		return a, canteen.Refuse(canteen.KindUnavailable, "error.register.key")
	}
	plain, err := s.opt.Vault.Open(rec.Sealed)
	if err == nil {
		err = json.Unmarshal(plain, &a)
	}
	if err != nil {
		return a, &canteen.Error{Kind: canteen.KindUnavailable, Key: "error.register.key", Err: err}
	}
	a.Number, a.At = number, rec.At
	return a, nil
}

// appendAccesses is the one writer of the register: each line carries the hash
// of the one before it, so that one changed or taken out shows.
func (tx *tx) appendAccesses(records []accessRecord) {
	var before []byte
	if k, v := tx.last(accesses, nil); k != nil {
		before = accessHash(k, v)
	}
	for i := range records {
		rec, key := records[i], key64(tx.next(accesses))
		rec.Prev = before
		value := marshal(accesses, rec)
		before = accessHash(key, value)
		tx.putSealed(accesses, key, value, nil)
	}
}

// Login is an attempt to come in, for the register (rules R1.13).
type Login struct {
	Login    string // as it was typed; one that nobody has is not written down: people type passwords there
	Provider string
	ACR      string
	Message  string
	Address  string
	Refused  bool
}

// RecordLogin writes an attempt to come in. Refused attempts are written sixty
// times a minute and then counted: the next line says how many there were. A
// store without a vault has no register and cannot write one; it says so in the
// log of the machine and lets people in.
func (s *Store) RecordLogin(l Login) error {
	if s.opt.Vault == nil {
		s.log.Warn("a login is not in the register: the service has no key")
		return nil
	}
	missed, write := s.refusals.count(l.Refused, s.instant())
	if !write {
		return nil
	}
	line := Access{What: AccessLogin, Provider: l.Provider, ACR: l.ACR, Message: l.Message, Address: l.Address,
		Missed: missed, Result: AccessDone, Channel: canteen.ChannelWeb}
	if l.Refused {
		line.Result = AccessRefused
	}
	err := s.view(Act{}, func(tx *tx) error {
		line.At = tx.now
		var u User
		if tx.getJSON(users, []byte(CleanLogin(l.Login)), &u) {
			line.Login, line.Role = u.Login, u.Role
			if g, ok := tx.guardian(u.Guardian); ok {
				line.Person = g.Handle
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.register(Act{}, []Access{line})
}

// refusalsPerMinute bounds what guessers can make the register grow by.
const refusalsPerMinute = 60

// refusals counts refused logins within a minute.
type refusals struct {
	mu     sync.Mutex
	since  time.Time
	n      int
	missed int
}

// count tells whether an attempt is to be written, and how many before it were
// not.
func (r *refusals) count(refused bool, now time.Time) (missed int, write bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if since := now.Sub(r.since); since >= time.Minute || since < 0 {
		r.since, r.n = now, 0
	}
	if refused {
		if r.n++; r.n > refusalsPerMinute {
			r.missed++
			return 0, false
		}
	}
	missed, r.missed = r.missed, 0
	return missed, true
}

// about tells whether a line is about one of several subjects.
func (a *Access) about(subjects []canteen.Subject) bool {
	return a.Person != "" && slices.Contains(subjects, canteen.PersonSubject(a.Person)) ||
		a.Pupil != "" && slices.Contains(subjects, canteen.PupilSubject(a.Pupil))
}

// marked tells whether a record may be about one of several subjects.
func (rec *accessRecord) marked(subjects []canteen.Subject) bool {
	for _, s := range subjects {
		if slices.Contains(rec.Marks, accessMark(s)) {
			return true
		}
	}
	return false
}
