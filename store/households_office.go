package store

import (
	"strings"

	"refettorio/canteen"
)

// maxOfficeReason bounds what an official writes beside an act, in bytes.
const maxOfficeReason = 300

// reasoned refuses an act of the office without a reason.
func reasoned(reason string) error {
	switch {
	case strings.TrimSpace(reason) == "":
		return canteen.Invalid("reason", "error.required")
	case len(reason) > maxOfficeReason:
		return canteen.Invalid("reason", "error.tooLong", maxOfficeReason)
	}
	return nil
}

// LinkChange links a person to a pupil as its guardian, or unlinks it, with the
// reason: a birth certificate shown at the desk, a court's order.
type LinkChange struct {
	Person string      `json:"person"` // handle
	Pupil  canteen.PAN `json:"pupil"`
	Reason string      `json:"reason"`
}

// LinkGuardian makes a person a guardian of a pupil, by the office.
func (s *Store) LinkGuardian(act Act, c LinkChange) error {
	return s.updateOnce(act, c, func(tx *tx) error {
		g, p, err := tx.linkParts(c)
		switch {
		case err != nil:
			return err
		case p.HasGuardian(g.ID):
			return &canteen.Error{Kind: canteen.KindConflict, Field: "pan", Key: "error.household.linked"}
		case len(p.Guardians) >= canteen.MaxGuardians:
			return &canteen.Error{Kind: canteen.KindConflict, Field: "pan", Key: "error.household.full", Args: []any{canteen.MaxGuardians}}
		}
		tx.link(&p, g.ID, LinkOffice, c.Reason)
		return nil
	})
}

// UnlinkGuardian ends that a person is a guardian of a pupil, by the office, and
// with it the delegations the person has granted for it. The last guardian stays
// (KindConflict): link the new one first.
func (s *Store) UnlinkGuardian(act Act, c LinkChange) error {
	return s.updateOnce(act, []any{"unlink", c}, func(tx *tx) error {
		g, p, err := tx.linkParts(c)
		if err != nil {
			return err
		}
		if err := mayUnlink(&p, g.ID); err != nil {
			return err
		}
		tx.unlink(&p, g.ID, c.Reason)
		tx.tellAbout(g.ID, &p, "household.removed")
		return nil
	})
}

func (tx *tx) linkParts(c LinkChange) (g canteen.Guardian, p canteen.Pupil, err error) {
	if err := mayKeepPeople(tx.act.Actor); err != nil {
		return g, p, err
	}
	if g, err = tx.livingByHandle(c.Person); err != nil {
		return g, p, err
	}
	p, ok := tx.pupil(c.Pupil)
	if !ok {
		return g, p, canteen.Invalid("pan", "error.pupil.notFound")
	}
	return g, p, reasoned(c.Reason)
}

// AddPerson creates a person for the office or the counter and returns its
// handle. KindConflict when the codice fiscale is somebody's.
func (s *Store) AddPerson(act Act, person canteen.Guardian) (handle string, err error) {
	err = s.update(act, func(tx *tx) error {
		if done, err := tx.onceDone(person, &handle); done || err != nil {
			return err
		}
		if err := mayKeepPeople(act.Actor); err != nil {
			return err
		}
		g := person
		if err := tidyPerson(&g, ""); err != nil {
			return err
		}
		if g.CodiceFiscale != "" {
			if _, known := tx.guardianByCF(g.CodiceFiscale); known {
				return &canteen.Error{Kind: canteen.KindConflict, Field: "cf", Key: "error.person.known"}
			}
		}
		g.ID, g.Handle, g.Merged = canteen.GuardianID(tx.next(guardians)), tx.newHandle(), 0
		handle = g.Handle
		tx.putGuardian(g)
		tx.logChange("person.add", g.Handle, "")
		tx.rememberOnce(person, handle)
		return nil
	})
	return handle, err
}

// maxName bounds a name and each part of an address, in bytes.
const maxName = 100

// tidyPerson trims what was typed and brings contacts to their one form. It
// refuses the field it cannot read; a codice fiscale may be missing only at the
// office, which is asked for it until it is there, and one that came with an
// import (known) is kept as it came.
func tidyPerson(g *canteen.Guardian, known canteen.CodiceFiscale) (err error) {
	for _, part := range []struct {
		field    string
		value    *string
		required bool
	}{
		{"surname", &g.Surname, true}, {"name", &g.Name, true}, {"address", &g.Address, false},
		{"postcode", &g.PostCode, false}, {"city", &g.City, false},
	} {
		*part.value = strings.Join(strings.Fields(*part.value), " ")
		switch {
		case part.required && *part.value == "":
			return canteen.Invalid(part.field, "error.required")
		case part.required && canteen.Fold(*part.value) == "":
			return canteen.Invalid(part.field, "error.name.letters")
		case len(*part.value) > maxName:
			return canteen.Invalid(part.field, "error.tooLong", maxName)
		}
	}
	if g.CodiceFiscale != known && g.CodiceFiscale == "" {
		return canteen.Invalid("cf", "error.required")
	}
	if g.CodiceFiscale != known {
		if g.CodiceFiscale, err = canteen.ParseCodiceFiscale(string(g.CodiceFiscale)); err != nil {
			return onField("cf", err)
		}
	}
	if g.Email != "" {
		if g.Email, err = canteen.ParseEmail(g.Email); err != nil {
			return onField("email", err)
		}
	}
	if g.Phone != "" {
		if g.Phone, err = canteen.ParsePhone(g.Phone); err != nil {
			return onField("phone", err)
		}
	}
	return nil
}

// CorrectPerson corrects the registry data of a person. Each value that changes
// leaves a line with the old and the new one (rules R5.8). A codice fiscale that
// is another person's is refused with KindConflict: the two are to be merged.
// Contacts that change lose their proof, because nobody has proved the new ones.
func (s *Store) CorrectPerson(act Act, handle string, to canteen.Guardian) error {
	return s.updateOnce(act, []any{"correct", handle, to}, func(tx *tx) error {
		if err := mayKeepPeople(act.Actor); err != nil {
			return err
		}
		have, err := tx.livingByHandle(handle)
		if err != nil {
			return err
		}
		next := to
		if err := tidyPerson(&next, have.CodiceFiscale); err != nil {
			return err
		}
		next.ID, next.Handle, next.Merged = have.ID, have.Handle, 0
		if next.CodiceFiscale != have.CodiceFiscale {
			if id, taken := tx.guardianByCF(next.CodiceFiscale); taken && id != have.ID {
				return &canteen.Error{Kind: canteen.KindConflict, Field: "cf", Key: "error.person.double"}
			}
		}
		tx.putGuardian(next)
		tx.logCorrections(have.Handle, personWords(&have), personWords(&next))
		return nil
	})
}

// field is one value of a record with its name in the log of corrections.
type field struct{ name, value string }

func personWords(g *canteen.Guardian) []field {
	return []field{{"cf", string(g.CodiceFiscale)}, {"surname", g.Surname}, {"name", g.Name}, {"phone", g.Phone}, {"email", g.Email},
		{"address", g.Address}, {"postcode", g.PostCode}, {"city", g.City}}
}

// logCorrections writes a line for each value that differs, "old → new".
func (tx *tx) logCorrections(key string, old, now []field) {
	for i := range now {
		if old[i].value != now[i].value {
			tx.logChange("correction."+now[i].name, key, old[i].value+" → "+now[i].value)
		}
	}
}

// CorrectPupilCode gives a pupil its codice fiscale, or the final one in place of
// a provisional one (rules R11.1, R11.2). PAN and account stay as they are.
// KindConflict when another pupil has the code.
func (s *Store) CorrectPupilCode(act Act, handle string, cf canteen.CodiceFiscale, reason string) error {
	return s.updateOnce(act, []any{"pupil-code", handle, cf}, func(tx *tx) error {
		if err := mayKeepPeople(act.Actor); err != nil {
			return err
		}
		p, ok := tx.pupil(tx.panOf(handle))
		if !ok {
			return canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
		}
		code, err := canteen.ParseCodiceFiscale(string(cf))
		if err != nil {
			return onField("cf", err)
		}
		if err := reasoned(reason); err != nil {
			return err
		}
		taken := false
		tx.scan(pupilsByCF, keyCF(code), func(k, _ []byte) bool {
			taken = panAtEnd(k) != p.PAN
			return !taken
		})
		if taken {
			return &canteen.Error{Kind: canteen.KindConflict, Field: "cf", Key: "error.pupil.double"}
		}
		old := p.CodiceFiscale
		p.CodiceFiscale = code
		tx.putPupil(p)
		tx.logChange("correction.cf", p.Handle, string(old)+" → "+string(code)+": "+reason)
		return nil
	})
}

// onField puts a refusal of a parser beside the field it is about.
func onField(name string, err error) error {
	if refusal, ok := err.(*canteen.Error); ok {
		copied := *refusal
		copied.Field = name
		return &copied
	}
	return err
}
