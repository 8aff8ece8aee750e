package store

import (
	"slices"
	"strings"
	"unicode"

	"refettorio/canteen"
)

// DeskFound is a person the counter may act for, with enough to tell namesakes
// apart.
type DeskFound struct {
	Person   canteen.Guardian
	Children []DeskChild
}

// DeskChild is a child of a person found.
type DeskChild struct {
	Pupil  canteen.Pupil
	Class  string // "2A"; empty without a place
	School string
}

// DeskSearch is the answer to a search. Exact says that a code was typed, not a
// name: one person found is then the one meant.
type DeskSearch struct {
	Found []DeskFound
	Exact bool
	More  bool
	Alone []DeskChild // children found who have no guardian: the office links one
}

// FindFamilies searches persons by what a desk user may type: PAN or codice
// fiscale (of a person or a child), phone, e-mail, name and surname of a person
// or a child in either order. At most limit persons are returned, in the order
// found. A search by phone or e-mail reads every person: see its test for what
// that costs.
func (s *Store) FindFamilies(act Act, query string, limit int) (out DeskSearch, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := atDesk(act); err != nil {
			return err
		}
		f := deskFinder{tx: tx, limit: limit}
		f.find(query)
		out = f.out
		tx.saw(look{what: "search"})
		return nil
	})
	return out, err
}

// deskFinder gathers what a search finds, each person once.
type deskFinder struct {
	tx    *tx
	limit int
	out   DeskSearch
	seen  []canteen.GuardianID
	alone []canteen.PAN
}

func (f *deskFinder) find(query string) {
	query = strings.TrimSpace(query)
	pan, noPAN := canteen.ParsePAN(query)
	cf, isCF := searchedCode(query)
	phone, noPhone := canteen.ParsePhone(query)
	if noPAN == nil {
		f.pupil(pan)
	}
	if isCF {
		f.tx.scan(guardiansByCF, keyCF(cf), func(k, _ []byte) bool { return f.person(canteen.GuardianID(be.Uint64(k[16:]))) })
		f.tx.scan(pupilsByCF, keyCF(cf), func(k, _ []byte) bool { return f.pupil(panAtEnd(k)) })
	}
	if noPhone == nil {
		f.contact(phone)
	}
	switch {
	case noPAN == nil, isCF, noPhone == nil:
		f.out.Exact = true
	case strings.Contains(query, "@"):
		f.out.Exact = true
		f.contact(query)
	default:
		f.byName(query)
	}
}

// searchedCode reads what may be a codice fiscale. Its check character is not
// asked for: a code in the record is found as it was written.
func searchedCode(query string) (canteen.CodiceFiscale, bool) {
	code := strings.ToUpper(strings.ReplaceAll(query, " ", ""))
	digit := strings.IndexFunc(code, unicode.IsDigit) >= 0
	return canteen.CodiceFiscale(code), digit && (len(code) == 16 || len(code) == 11)
}

// person adds a person; false when there are enough.
func (f *deskFinder) person(id canteen.GuardianID) bool {
	if slices.Contains(f.seen, id) {
		return true
	}
	if len(f.out.Found) == f.limit {
		f.out.More = true
		return false
	}
	g, ok := f.tx.guardian(id)
	if !ok {
		return true
	}
	one := DeskFound{Person: g}
	for _, p := range f.tx.pupilsOf(id) {
		one.Children = append(one.Children, f.child(p))
	}
	f.seen, f.out.Found = append(f.seen, id), append(f.out.Found, one)
	return true
}

// pupil adds the guardians of a pupil.
func (f *deskFinder) pupil(pan canteen.PAN) bool {
	p, ok := f.tx.pupil(pan)
	if !ok {
		return true
	}
	if len(p.Guardians) == 0 && !slices.Contains(f.alone, pan) && len(f.alone) < f.limit {
		f.alone, f.out.Alone = append(f.alone, pan), append(f.out.Alone, f.child(p))
	}
	for _, id := range p.Guardians {
		if !f.person(id) {
			return false
		}
	}
	return true
}

func (f *deskFinder) child(p canteen.Pupil) DeskChild {
	c, town := DeskChild{Pupil: p}, f.tx.townNow()
	if class := town.byClass[p.Class]; class != nil {
		c.Class, c.School = class.Name(), town.bySchool[class.School].Name
	}
	return c
}

// contact adds the persons with a contact.
func (f *deskFinder) contact(value string) {
	for _, g := range f.tx.personsByContact(value, f.limit+1) {
		if !f.person(g.ID) {
			return
		}
	}
}

// byName searches persons, then children, by the starts of their names.
func (f *deskFinder) byName(query string) {
	for _, start := range deskPrefixes(query) {
		f.tx.scan(guardiansByName, []byte(start), func(k, _ []byte) bool { return f.person(canteen.GuardianID(be.Uint64(k[len(k)-8:]))) })
	}
	for _, start := range deskPrefixes(query) {
		f.tx.scan(pupilsByName, []byte(start), func(k, _ []byte) bool { return f.pupil(panAtEnd(k)) })
	}
}

// deskPrefixes are the beginnings of sort keys that a name may mean: surname
// first, as registers write it, or name first, as people say it.
func deskPrefixes(query string) []string {
	words := strings.Fields(canteen.Fold(query))
	if len(words) == 0 {
		return nil
	}
	starts := namePrefixes(query)
	for n := 1; n < len(words); n++ {
		starts = append(starts, canteen.FoldKey(strings.Join(words[n:], " "), strings.Join(words[:n], " ")))
	}
	return starts
}
