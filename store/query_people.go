package store

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"refettorio/canteen"
)

// mayKeepPeople: who keeps the register of persons.
func mayKeepPeople(a canteen.Actor) error {
	if a.Role == canteen.RoleOffice || a.Role == canteen.RoleDesk || a.Login == canteen.ConsoleActor.Login {
		return nil
	}
	return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
}

// isContact tells a search for an e-mail address or a telephone from one for a
// name or a code.
func isContact(query string) bool {
	_, phone := canteen.ParsePhone(query)
	return phone == nil || strings.Contains(query, "@")
}

// FindPersons searches persons by the start of surname and name, by codice
// fiscale, by the whole e-mail address or by telephone, for the office and the
// counter. At most limit are returned; persons that were merged are not.
func (s *Store) FindPersons(act Act, query string, limit int) (found []canteen.Guardian, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeepPeople(act.Actor); err != nil {
			return err
		}
		found = tx.findPersons(query, limit)
		tx.saw(look{what: SawSearch})
		return nil
	})
	return found, err
}

func (tx *tx) findPersons(query string, limit int) (found []canteen.Guardian) {
	if cf, err := canteen.ParseCodiceFiscale(query); err == nil {
		if id, ok := tx.guardianByCF(cf); ok {
			g, _ := tx.guardian(id)
			found = append(found, g)
		}
		return found
	}
	if isContact(query) {
		return tx.personsByContact(query, limit)
	}
	for _, prefix := range namePrefixes(query) {
		tx.scan(guardiansByName, []byte(prefix), func(k, _ []byte) bool {
			g, ok := tx.guardian(canteen.GuardianID(be.Uint64(k[len(k)-8:])))
			if ok && g.Merged == 0 && !slices.ContainsFunc(found, func(have canteen.Guardian) bool { return have.ID == g.ID }) {
				found = append(found, g)
			}
			return len(found) < limit
		})
		if len(found) >= limit {
			break
		}
	}
	return found
}

// personsByContact looks through every person for a contact: there is no index,
// because few ask and every change of a contact would pay for it. Only records in
// which the bytes occur are decoded.
func (tx *tx) personsByContact(query string, limit int) (found []canteen.Guardian) {
	want := strings.ToLower(strings.TrimSpace(query))
	if phone, err := canteen.ParsePhone(query); err == nil {
		want = phone
	}
	needle, err := json.Marshal(want)
	if err != nil {
		return nil
	}
	tx.scan(guardians, nil, func(k, v []byte) bool {
		if !bytes.Contains(bytes.ToLower(v), needle) {
			return true
		}
		var g canteen.Guardian
		if tx.decode(guardians, k, v, &g) && g.Merged == 0 && (g.Phone == want || strings.ToLower(g.Email) == want) {
			found = append(found, g)
		}
		return len(found) < limit
	})
	return found
}

// pupilsOfPersons returns the pupils of several persons, each once.
func (tx *tx) pupilsOfPersons(persons []canteen.Guardian, limit int) (all []canteen.Pupil) {
	for i := range persons {
		for _, p := range tx.pupilsOf(persons[i].ID) {
			if !slices.ContainsFunc(all, func(have canteen.Pupil) bool { return have.PAN == p.PAN }) && len(all) < limit {
				all = append(all, p)
			}
		}
	}
	return all
}

// PersonFile is everything the office knows of a person.
type PersonFile struct {
	Person       canteen.Guardian
	Profile      Profile
	Logins       []User // without their hashes
	Pupils       []canteen.Pupil
	Delegations  []PersonDelegation
	Applications []canteen.Application // newest first
	Log          []LogLine             // newest first
}

// PersonDelegation is a delegation of a person with the pupil it is for.
type PersonDelegation struct {
	canteen.Delegation
	Name  string // of the pupil
	Holds bool
}

// PersonFile returns the file of a person, by the word in its address; the file
// of whoever it was merged into. The read is noted (rules R5.6).
func (s *Store) PersonFile(act Act, handle string) (f PersonFile, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeepPeople(act.Actor); err != nil {
			return err
		}
		g, err := tx.livingByHandle(handle)
		if err != nil {
			return err
		}
		f = tx.personFile(g)
		tx.saw(look{what: "person", person: g.ID})
		return nil
	})
	return f, err
}

// livingByHandle returns the person behind the word in an address, or whom it
// was merged into; KindNotFound when there is none.
func (tx *tx) livingByHandle(handle string) (canteen.Guardian, error) {
	g, ok := tx.personByHandle(handle)
	if ok && g.Merged != 0 {
		g, ok = tx.guardian(tx.living(g.ID))
	}
	if !ok {
		return g, canteen.Refuse(canteen.KindNotFound, "error.person.notFound")
	}
	return g, nil
}

func (tx *tx) personFile(g canteen.Guardian) PersonFile {
	f := PersonFile{Person: g, Profile: tx.profile(g.ID), Pupils: tx.pupilsOf(g.ID), Log: tx.logOf(g.Handle)}
	for _, login := range tx.loginsOf(g.ID) {
		var u User
		if tx.getJSON(users, []byte(login), &u) {
			u.Hash = ""
			f.Logins = append(f.Logins, u)
		}
	}
	for _, d := range tx.delegationsTo(g.ID) {
		p, _ := tx.pupil(d.Pupil)
		f.Delegations = append(f.Delegations, PersonDelegation{d, p.Name + " " + p.Surname, d.Holds(&p, canteen.DateOf(tx.now))})
	}
	f.Applications = tx.applicationsBy(g.ID)
	slices.SortStableFunc(f.Applications, func(a, b canteen.Application) int { return b.Started.Compare(a.Started) })
	return f
}

// applicationsBy returns the applications a person has made.
func (tx *tx) applicationsBy(person canteen.GuardianID) (all []canteen.Application) {
	tx.scan(applicationsByPerson, key64(uint64(person)), func(k, _ []byte) bool {
		if a, ok := tx.application(string(k[8:])); ok {
			all = append(all, a)
		}
		return true
	})
	return all
}

// The bounds of a person's history: how many lines of the log are looked through
// and how many are shown.
const (
	logRead  = 20_000
	logShown = 50
)

// logOf returns the newest changes kept under a key.
func (tx *tx) logOf(key string) (lines []LogLine) {
	needle := []byte(`"` + key + `"`)
	tx.lastLines(func(v []byte) bool { return bytes.Contains(v, needle) }, func(line LogLine) {
		if line.Key == key {
			lines = append(lines, line)
		}
	}, func() bool { return len(lines) < logShown })
	return lines
}

// lastLines visits the newest lines of the log whose bytes may be what is looked
// for, newest first, while there is room for more.
func (tx *tx) lastLines(may func([]byte) bool, visit func(LogLine), room func() bool) {
	c := tx.bucket(logs).Cursor()
	n := 0
	for k, stored := c.Last(); k != nil && n < logRead && room(); k, stored = c.Prev() {
		n++
		v := tx.open(logs, k, stored)
		var line LogLine
		if v != nil && may(v) && tx.decode(logs, k, v, &line) {
			visit(line)
		}
	}
}

// HouseholdChange is a change of a household that the office may want to look
// at: somebody was linked, invited, made a delegate.
type HouseholdChange struct {
	LogLine
	Person canteen.Guardian
}

// HouseholdChanges returns the newest changes of households, newest first: the
// way in which the office is told of pairings (rules R1.10).
func (s *Store) HouseholdChanges(act Act, limit int) (all []HouseholdChange, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeepPeople(act.Actor); err != nil {
			return err
		}
		all = nil
		tx.lastLines(func(v []byte) bool { return bytes.Contains(v, []byte(`"household.`)) }, func(line LogLine) {
			if strings.HasPrefix(line.What, "household.") {
				g, _ := tx.livingByHandle(line.Key)
				all = append(all, HouseholdChange{line, g})
			}
		}, func() bool { return len(all) < limit })
		return nil
	})
	return all, err
}

// Unidentified are the pupils and persons without a final codice fiscale: with
// none at all, or with a provisional one of eleven digits (rules R11.1, R11.2).
type Unidentified struct {
	Pupils  []canteen.Pupil
	Persons []canteen.Guardian
	More    bool // there are more than were asked for
}

// Unidentified lists whoever still needs a final codice fiscale, at most limit of
// each. It reads keys alone, so it is quick also in a large town.
func (s *Store) Unidentified(act Act, limit int) (u Unidentified, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeepPeople(act.Actor); err != nil {
			return err
		}
		u = Unidentified{}
		for _, id := range tx.withoutFinalCode(pupils, pupilsByCF) {
			if p, ok := tx.pupil(canteen.PAN(id)); ok && len(u.Pupils) < limit {
				u.Pupils = append(u.Pupils, p)
			} else {
				u.More = true
			}
		}
		for _, id := range tx.withoutFinalCode(guardians, guardiansByCF) {
			g, ok := tx.guardian(canteen.GuardianID(id))
			switch {
			case ok && g.Merged != 0:
			case ok && len(u.Persons) < limit:
				u.Persons = append(u.Persons, g)
			default:
				u.More = true
			}
			if u.More {
				break
			}
		}
		return nil
	})
	return u, err
}

// withoutFinalCode returns the numbers in a table that its index by codice
// fiscale does not hold with one of 16 characters, in order.
func (tx *tx) withoutFinalCode(t, byCF table) []uint64 {
	final := map[uint64]bool{}
	index := tx.bucket(byCF).Cursor()
	for k, _ := index.First(); k != nil; k, _ = index.Next() {
		if k[15] != 0 {
			final[be.Uint64(k[16:])] = true
		}
	}
	var open []uint64
	all := tx.bucket(t).Cursor()
	for k, _ := all.First(); k != nil; k, _ = all.Next() {
		if id := be.Uint64(k); !final[id] {
			open = append(open, id)
		}
	}
	return open
}
