package store

import (
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"refettorio/canteen"
)

// mayReadRegister: the auditor, who is also the data protection officer here.
func mayReadRegister(act Act) error {
	if act.Actor.Role == canteen.RoleAuditor {
		return nil
	}
	return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
}

// AccessFilter chooses lines of the register. Empty fields ask nothing. Before
// is the number of the line to go on before; Limit how many lines are wanted.
type AccessFilter struct {
	From, To canteen.Date
	Login    string
	What     string
	Whose    canteen.Subject
	Before   uint64
	Limit    int
}

// AccessLine is a line of the register with the name of whose file was read.
type AccessLine struct {
	Access
	Whose string // "Rossi Maria"; empty for a line about nobody
}

// AccessPage is a stretch of the register, newest line first. Next is where the
// rest goes on, 0 at the end.
type AccessPage struct {
	Lines []AccessLine
	Next  uint64
}

// How much one question looks at: lines are read in stretches, so that no read
// of the file is long, and opened outside it.
const (
	accessStretch = 500
	accessMost    = 5000
)

// sealedAccess is a line that is still closed.
type sealedAccess struct {
	number uint64
	accessRecord
}

// Accesses returns lines of the register, newest first: at most f.Limit, and
// fewer when it had to look at many others; then Next says where to go on. Who
// reads the register is in it. It may return Forbidden and Unavailable (no key,
// or another one).
func (s *Store) Accesses(act Act, f AccessFilter) (page AccessPage, err error) {
	var subjects []canteen.Subject
	if f.Whose != "" {
		subjects = append(subjects, f.Whose)
	}
	first := true
	for looked := 0; looked < accessMost; {
		var closed []sealedAccess
		var next uint64
		err = s.view(act, func(tx *tx) error {
			if err := mayReadRegister(act); err != nil {
				return err
			}
			if first { // one line for one question
				tx.saw(look{what: SawRegister})
			}
			closed, next = tx.accessStretch(&f, subjects)
			return nil
		})
		if err != nil {
			return page, err
		}
		first = false
		for i := range closed {
			a, err := s.openAccess(closed[i].number, &closed[i].accessRecord)
			if err != nil {
				return page, err
			}
			if !f.fits(&a, subjects) {
				continue
			}
			page.Lines = append(page.Lines, AccessLine{Access: a})
			if len(page.Lines) == f.Limit && (i+1 < len(closed) || next != 0) {
				page.Next = a.Number
				return page, s.nameLines(act, page.Lines)
			}
		}
		looked += accessStretch
		f.Before, page.Next = next, next
		if next == 0 {
			break
		}
	}
	return page, s.nameLines(act, page.Lines)
}

func (f *AccessFilter) fits(a *Access, subjects []canteen.Subject) bool {
	return (f.Login == "" || a.Login == f.Login) && (f.What == "" || a.What == f.What) &&
		(len(subjects) == 0 || a.about(subjects))
}

// accessStretch reads lines from f.Before back, of the days and about the
// subjects asked for, and returns where the next stretch begins: 0 at the end.
func (tx *tx) accessStretch(f *AccessFilter, subjects []canteen.Subject) (closed []sealedAccess, next uint64) {
	c := tx.bucket(accesses).Cursor()
	k, stored := c.Last()
	if f.Before != 0 {
		k, stored = before(c, f.Before)
	}
	for n := 0; k != nil; k, stored = c.Prev() {
		var rec accessRecord
		if v := tx.open(accesses, k, stored); v == nil || !tx.decode(accesses, k, v, &rec) {
			return closed, 0
		}
		day := canteen.DateOf(rec.At)
		if !f.From.IsZero() && day < f.From {
			return closed, 0
		}
		if n++; n > accessStretch {
			return closed, be.Uint64(k) + 1
		}
		if (f.To.IsZero() || day <= f.To) && (len(subjects) == 0 || rec.marked(subjects)) {
			closed = append(closed, sealedAccess{be.Uint64(k), rec})
		}
	}
	return closed, 0
}

// before moves to the last record whose number is smaller.
func before(c *bolt.Cursor, number uint64) (k, stored []byte) {
	if k, _ := c.Seek(key64(number)); k == nil {
		return c.Last()
	}
	return c.Prev()
}

// nameLines fills in whose file each line is about.
func (s *Store) nameLines(act Act, lines []AccessLine) error {
	return s.view(act, func(tx *tx) error {
		known := map[canteen.Subject]string{}
		for i := range lines {
			for _, subject := range []canteen.Subject{canteen.PupilSubject(lines[i].Pupil), canteen.PersonSubject(lines[i].Person)} {
				name, asked := known[subject]
				if !asked {
					name, _ = tx.subjectName(subject)
					known[subject] = name
				}
				if lines[i].Whose == "" {
					lines[i].Whose = name
				}
			}
		}
		return nil
	})
}

// RegisterState tells how the register stands: its first and last line, how many
// there are, and whether lines before the first were taken away in good order.
type RegisterState struct {
	First, Last uint64
	Since       time.Time // of the first line
	Until       time.Time // of the last line
	Dropped     uint64    // how many lines were taken away before the first
}

// Lines is how many lines the register has.
func (r RegisterState) Lines() int {
	if r.Last == 0 {
		return 0
	}
	return int(r.Last - r.First + 1)
}

// RegisterState reads where the register begins and ends. That the lines between
// form one chain is proved every night by the check.
func (s *Store) RegisterState(act Act) (state RegisterState, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayReadRegister(act); err != nil {
			return err
		}
		var rec accessRecord
		if k, stored := tx.bucket(accesses).Cursor().First(); k != nil {
			tx.decode(accesses, k, tx.open(accesses, k, stored), &rec)
			state.First, state.Since = be.Uint64(k), rec.At
		}
		if k, v := tx.last(accesses, nil); k != nil {
			tx.decode(accesses, k, v, &rec)
			state.Last, state.Until = be.Uint64(k), rec.At
		}
		var anchor accessAnchor
		tx.getJSON(settings, []byte(settingAccessAnchor), &anchor)
		state.Dropped = anchor.Number
		return nil
	})
	return state, err
}

// SubjectFound is a person or pupil a search found, with enough to tell it from
// others of the same name.
type SubjectFound struct {
	Subject canteen.Subject
	Name    string
	Born    canteen.Date // of a pupil
}

// FindSubjects searches persons and pupils by the start of surname and name, by
// codice fiscale or PAN, for the filters of the auditor and the holds of the
// administrator. The search is in the register.
func (s *Store) FindSubjects(act Act, query string, limit int) (found []SubjectFound, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayAudit(act); err != nil {
			return err
		}
		found = nil
		if strings.TrimSpace(query) == "" {
			return canteen.Invalid("q", "error.required")
		}
		tx.saw(look{what: SawSearch})
		found = tx.findSubjects(query, limit)
		return nil
	})
	return found, err
}

func (tx *tx) findSubjects(query string, limit int) (found []SubjectFound) {
	addPupil := func(pan canteen.PAN) bool {
		if p, ok := tx.pupil(pan); ok {
			found = append(found, SubjectFound{canteen.PupilSubject(p.Handle), p.Surname + " " + p.Name, p.Born})
		}
		return len(found) < limit
	}
	addPerson := func(k []byte) bool {
		if g, ok := tx.guardian(canteen.GuardianID(be.Uint64(k[len(k)-8:]))); ok {
			found = append(found, SubjectFound{Subject: canteen.PersonSubject(g.Handle), Name: g.Surname + " " + g.Name})
		}
		return len(found) < limit
	}
	if pan, err := canteen.ParsePAN(query); err == nil {
		if addPupil(pan); len(found) > 0 {
			return found
		}
	}
	if cf, err := canteen.ParseCodiceFiscale(query); err == nil {
		tx.scan(pupilsByCF, keyCF(cf), func(k, _ []byte) bool { return addPupil(panAtEnd(k)) })
		tx.scan(guardiansByCF, keyCF(cf), func(k, _ []byte) bool { return addPerson(k) })
		return found
	}
	for _, prefix := range namePrefixes(query) {
		if prefix == "" || len(found) >= limit {
			break
		}
		tx.scan(pupilsByName, []byte(prefix), func(k, _ []byte) bool { return addPupil(panAtEnd(k)) })
		if len(found) < limit {
			tx.scan(guardiansByName, []byte(prefix), func(k, _ []byte) bool { return addPerson(k) })
		}
	}
	return found
}

// SubjectName returns the name of a subject, for auditors and administrators who
// have found it; KindNotFound when nobody has that handle.
func (s *Store) SubjectName(act Act, subject canteen.Subject) (name string, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayAudit(act); err != nil {
			return err
		}
		var ok bool
		if name, ok = tx.subjectName(subject); !ok {
			return canteen.Refuse(canteen.KindNotFound, "error.notFound")
		}
		return nil
	})
	return name, err
}
