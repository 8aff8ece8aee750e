package store

import (
	"slices"
	"strings"

	"refettorio/canteen"
)

// putGuardian writes a person and its indexes; a new one gets its handle.
func (tx *tx) putGuardian(g canteen.Guardian) {
	key := key64(uint64(g.ID))
	if g.Handle == "" {
		g.Handle = tx.newHandle()
	}
	var old canteen.Guardian
	if tx.getJSON(guardians, key, &old) {
		if old.CodiceFiscale != g.CodiceFiscale && old.CodiceFiscale != "" {
			tx.del(guardiansByCF, append(keyCF(old.CodiceFiscale), key...))
		}
		if name := canteen.FoldKey(old.Surname, old.Name); name != canteen.FoldKey(g.Surname, g.Name) {
			tx.del(guardiansByName, keyPersonName(name, g.ID))
		}
	}
	tx.putJSON(guardians, key, g)
	if g.CodiceFiscale != "" {
		tx.putIndex(guardiansByCF, append(keyCF(g.CodiceFiscale), key...))
	}
	tx.putIndex(guardiansByHandle, append(keyHandle(g.Handle), key...))
	tx.putIndex(guardiansByName, keyPersonName(canteen.FoldKey(g.Surname, g.Name), g.ID))
}

func (tx *tx) guardian(id canteen.GuardianID) (g canteen.Guardian, ok bool) {
	ok = tx.getJSON(guardians, key64(uint64(id)), &g)
	return g, ok
}

// guardianByCF finds a person by codice fiscale: whoever it has been merged into,
// when the code was that of a double.
func (tx *tx) guardianByCF(cf canteen.CodiceFiscale) (canteen.GuardianID, bool) {
	var id canteen.GuardianID
	tx.scan(guardiansByCF, keyCF(cf), func(k, _ []byte) bool {
		id = canteen.GuardianID(be.Uint64(k[16:]))
		return false
	})
	if id == 0 {
		return 0, false
	}
	return tx.living(id), true
}

// putPupil writes a pupil and its indexes. The pupil's account moves with its
// class: accounts lie class by class, in the order in which a day closes.
func (tx *tx) putPupil(p canteen.Pupil) {
	key := keyPAN(p.PAN)
	var old canteen.Pupil
	if tx.getJSON(pupils, key, &old) {
		tx.dropPupilIndexes(&old, &p)
		if old.Class != p.Class {
			tx.moveAccount(p.PAN, old.Class, p.Class)
		}
	} else {
		tx.putAccount(p.Class, p.PAN, account{})
	}
	tx.putJSON(pupils, key, p)
	if p.CodiceFiscale != "" {
		tx.putIndex(pupilsByCF, append(keyCF(p.CodiceFiscale), key...))
	}
	tx.putIndex(pupilsByHandle, append(keyHandle(p.Handle), key...))
	tx.putIndex(pupilsByName, keyName(canteen.FoldKey(p.Surname, p.Name), p.PAN))
	for _, g := range p.Guardians {
		tx.putIndex(pupilsByGuardian, append(key64(uint64(g)), key...))
	}
}

func (tx *tx) dropPupilIndexes(old, p *canteen.Pupil) {
	key := keyPAN(p.PAN)
	if old.CodiceFiscale != p.CodiceFiscale && old.CodiceFiscale != "" {
		tx.del(pupilsByCF, append(keyCF(old.CodiceFiscale), key...))
	}
	if old.Handle != p.Handle {
		tx.del(pupilsByHandle, append(keyHandle(old.Handle), key...))
	}
	if name := canteen.FoldKey(old.Surname, old.Name); name != canteen.FoldKey(p.Surname, p.Name) {
		tx.del(pupilsByName, keyName(name, p.PAN))
	}
	for _, g := range old.Guardians {
		if !p.HasGuardian(g) {
			tx.del(pupilsByGuardian, append(key64(uint64(g)), key...))
		}
	}
}

// putIndex adds an index entry unless it is there: an unchanged index costs no
// page.
func (tx *tx) putIndex(t table, key []byte) {
	if !tx.has(t, key) {
		tx.putSealed(t, key, make([]byte, 0, sealSize), nil)
	}
}

func (tx *tx) pupil(pan canteen.PAN) (p canteen.Pupil, ok bool) {
	ok = tx.getJSON(pupils, keyPAN(pan), &p)
	return p, ok
}

// pupilsOf returns the pupils of a guardian, eldest first.
func (tx *tx) pupilsOf(g canteen.GuardianID) []canteen.Pupil {
	var pans []canteen.PAN
	tx.scan(pupilsByGuardian, key64(uint64(g)), func(k, _ []byte) bool {
		pans = append(pans, panAtEnd(k))
		return true
	})
	all := make([]canteen.Pupil, 0, len(pans))
	for _, pan := range pans {
		if p, ok := tx.pupil(pan); ok {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b canteen.Pupil) int { return int(a.Born) - int(b.Born) })
	return all
}

// Pupils returns the pupils a guardian acts for, eldest first.
func (s *Store) Pupils(act Act) (all []canteen.Pupil, err error) {
	err = s.view(act, func(tx *tx) error {
		if act.Actor.Guardian != 0 {
			all = tx.pupilsOf(act.Actor.Guardian)
		}
		return nil
	})
	return all, err
}

// Pupil returns one pupil the actor may act for; KindNotFound otherwise.
func (s *Store) Pupil(act Act, pan canteen.PAN) (p canteen.Pupil, err error) {
	err = s.view(act, func(tx *tx) error {
		if p, err = tx.pupilFor(pan, canteen.RightSee); err == nil {
			tx.sawPupil(SawPupil, pan)
		}
		return err
	})
	return p, err
}

// PupilByHandle returns the pupil behind the word in an address; KindNotFound
// when there is none or it is not the actor's.
func (s *Store) PupilByHandle(act Act, handle string) (p canteen.Pupil, err error) {
	err = s.view(act, func(tx *tx) error {
		pan := tx.panOf(handle)
		if p, err = tx.pupilFor(pan, canteen.RightSee); err == nil {
			tx.sawPupil(SawPupil, pan)
		}
		return err
	})
	return p, err
}

// FindPupils searches pupils by the start of surname and name, by PAN, by codice
// fiscale, and by the telephone, e-mail or codice fiscale of a guardian, for the
// office and the counter. At most limit are returned, in order of name.
func (s *Store) FindPupils(act Act, query string, limit int) (found []canteen.Pupil, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayActFor(act.Actor, &canteen.Pupil{}); err != nil {
			return err
		}
		tx.saw(look{what: SawSearch})
		add := func(pan canteen.PAN) bool {
			if p, ok := tx.pupil(pan); ok {
				found = append(found, p)
			}
			return len(found) < limit
		}
		if pan, err := canteen.ParsePAN(query); err == nil {
			if add(pan); len(found) > 0 {
				return nil
			}
		}
		if cf, err := canteen.ParseCodiceFiscale(query); err == nil {
			tx.scan(pupilsByCF, keyCF(cf), func(k, _ []byte) bool { return add(panAtEnd(k)) })
			if id, known := tx.guardianByCF(cf); known && len(found) == 0 {
				found = tx.pupilsOf(id)
			}
			return nil
		}
		if isContact(query) {
			found = tx.pupilsOfPersons(tx.personsByContact(query, limit), limit)
			return nil
		}
		for _, prefix := range namePrefixes(query) {
			if len(found) >= limit {
				break
			}
			tx.scan(pupilsByName, []byte(prefix), func(k, _ []byte) bool { return add(panAtEnd(k)) })
		}
		return nil
	})
	return found, err
}

// namePrefixes are the beginnings of a sort key that a search may mean: all of
// it a surname, or its first words the surname and the rest the start of a name.
func namePrefixes(query string) []string {
	words := strings.Fields(canteen.Fold(query))
	prefixes := []string{strings.Join(words, " ")}
	for n := 1; n < len(words); n++ {
		prefixes = append(prefixes, canteen.FoldKey(strings.Join(words[:n], " "), strings.Join(words[n:], " ")))
	}
	return prefixes
}

// Guardians returns the guardians of a pupil the actor may act for, as the
// office sees them.
func (s *Store) Guardians(act Act, pan canteen.PAN) (all []canteen.Guardian, err error) {
	err = s.view(act, func(tx *tx) error {
		p, err := tx.ownPupil(pan)
		if err != nil {
			return err
		}
		if act.Actor.Role != canteen.RoleOffice && act.Actor.Role != canteen.RoleDesk {
			return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
		}
		all = nil
		tx.sawPupil(SawGuardians, pan)
		for _, id := range p.Guardians {
			if g, ok := tx.guardian(id); ok {
				all = append(all, g)
			}
		}
		return nil
	})
	return all, err
}

// ScopeFamilyGateway is the scope of a token that may act for families (an SMS
// or voice gateway).
const ScopeFamilyGateway = "family-gateway"

// handleSize is the length of a pupil's handle: 80 random bits in base32.
const handleSize = 16
