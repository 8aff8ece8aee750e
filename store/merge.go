package store

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"

	"refettorio/canteen"
)

// Merge says that two records are of one person: From turns out to be Into
// (rules R11.1: a provisional codice fiscale and the final one; doubles).
type Merge struct {
	From   string `json:"from"` // handles
	Into   string `json:"into"`
	Reason string `json:"reason"`
}

// MergePreview is what a merge would move.
type MergePreview struct {
	From, Into   canteen.Guardian
	Result       canteen.Guardian
	Pupils       []canteen.Pupil // that get Into as guardian
	Shared       []canteen.Pupil // that have both already
	Delegations  int
	Applications int
	Logins       []string
}

// PreviewMerge says what MergePersons would do, without writing.
func (s *Store) PreviewMerge(act Act, m Merge) (p MergePreview, err error) {
	err = s.view(act, func(tx *tx) error {
		from, into, err := tx.mergeParts(m)
		if err != nil {
			return err
		}
		p = MergePreview{From: from, Into: into, Result: mergedPerson(into, from), Delegations: len(tx.delegationsTo(from.ID)),
			Applications: len(tx.applicationsBy(from.ID)), Logins: tx.loginsOf(from.ID)}
		for _, pupil := range tx.pupilsOf(from.ID) {
			if pupil.HasGuardian(into.ID) {
				p.Shared = append(p.Shared, pupil)
			} else {
				p.Pupils = append(p.Pupils, pupil)
			}
		}
		tx.saw(look{what: "person", person: from.ID})
		tx.saw(look{what: "person", person: into.ID})
		return nil
	})
	return p, err
}

// mergeParts finds the two persons: KindInvalid for one and the same, and for
// one that was merged already.
func (tx *tx) mergeParts(m Merge) (from, into canteen.Guardian, err error) {
	if err := mayKeepPeople(tx.act.Actor); err != nil {
		return from, into, err
	}
	from, ok := tx.personByHandle(m.From)
	if !ok {
		return from, into, canteen.Refuse(canteen.KindNotFound, "error.person.notFound")
	}
	if into, err = tx.livingByHandle(m.Into); err != nil {
		return from, into, err
	}
	if from.ID == into.ID || from.Merged != 0 {
		return from, into, canteen.Invalid("into", "error.person.same")
	}
	return from, into, nil
}

// mergedPerson is the person that stays, with what only the other knew. A final
// codice fiscale wins over a provisional one.
func mergedPerson(into, from canteen.Guardian) canteen.Guardian {
	into.Phone, into.Email = cmp.Or(into.Phone, from.Phone), cmp.Or(into.Email, from.Email)
	if into.Address == "" {
		into.Address, into.PostCode, into.City = from.Address, from.PostCode, from.City
	}
	if from.CodiceFiscale != "" && (into.CodiceFiscale == "" || into.CodiceFiscale.Provisional() && !from.CodiceFiscale.Provisional()) {
		into.CodiceFiscale = from.CodiceFiscale
	}
	return into
}

// MergePersons moves everything of one person to the other, in one transaction:
// pupils, delegations held and granted, invitations, applications, diet requests,
// logins, profile. The pupils' accounts are not touched. The merged person stays
// as a pointer to the other and is never deleted.
func (s *Store) MergePersons(act Act, m Merge) error {
	return s.updateOnce(act, m, func(tx *tx) error {
		from, into, err := tx.mergeParts(m)
		if err != nil {
			return err
		}
		if err := reasoned(m.Reason); err != nil {
			return err
		}
		tx.moveGranted(from.ID, into.ID)
		tx.movePupils(from.ID, into.ID)
		tx.moveDelegations(from.ID, into.ID)
		tx.moveApplications(from.ID, into.ID)
		for _, login := range tx.loginsOf(from.ID) {
			var u User
			if tx.getJSON(users, []byte(login), &u) {
				u.Guardian = into.ID
				tx.putUser(u)
			}
		}
		tx.moveProfile(from.ID, into.ID)
		if len(tx.pupilsOf(into.ID)) > 0 {
			tx.promote(into.ID)
		}
		result := mergedPerson(into, from)
		if result.CodiceFiscale == from.CodiceFiscale {
			from.CodiceFiscale = into.CodiceFiscale // the pointer keeps the code that was given up
		}
		from.Merged = into.ID
		tx.putGuardian(from)
		tx.putGuardian(result)
		tx.logCorrections(into.Handle, personWords(&into), personWords(&result))
		tx.logChange("person.merge", into.Handle, from.Handle+": "+m.Reason)
		return nil
	})
}

// moveGranted puts the one in place of the other where it granted something.
func (tx *tx) moveGranted(from, into canteen.GuardianID) {
	for _, p := range tx.pupilsOf(from) {
		for _, d := range tx.delegatesOf(p.PAN) {
			if d.By == from {
				d.By = into
				tx.putDelegation(d)
			}
		}
	}
	for _, key := range tx.profile(from).Invited {
		var i canteen.Invitation
		if tx.getJSON(invitations, key, &i) {
			i.By = into
			tx.putJSON(invitations, key, i)
		}
	}
}

func (tx *tx) movePupils(from, into canteen.GuardianID) {
	for _, p := range tx.pupilsOf(from) {
		kept := make([]canteen.GuardianID, 0, len(p.Guardians))
		for _, g := range p.Guardians {
			if g == from {
				g = into
			}
			if !slices.Contains(kept, g) {
				kept = append(kept, g)
			}
		}
		p.Guardians = kept
		tx.putPupil(p)
		tx.dropDelegation(p.PAN, into)
	}
}

func (tx *tx) moveDelegations(from, into canteen.GuardianID) {
	for _, d := range tx.delegationsTo(from) {
		tx.dropDelegation(d.Pupil, from)
		p, ok := tx.pupil(d.Pupil)
		if !ok || p.HasGuardian(into) || d.By == into {
			continue
		}
		d.Delegate = into
		if had, both := tx.delegation(d.Pupil, into); both {
			d = canteen.JoinDelegations(had, d)
		}
		tx.putDelegation(d)
	}
}

func (tx *tx) moveApplications(from, into canteen.GuardianID) {
	for _, a := range tx.applicationsBy(from) {
		tx.del(applicationsByPerson, append(key64(uint64(from)), a.Handle...))
		a.Applicant = into
		tx.putApplication(&a)
	}
	asked := []byte(`"asked_by":` + strconv.FormatUint(uint64(from), 10))
	var moved []canteen.DietRequest
	tx.scan(dietRequests, nil, func(k, v []byte) bool {
		var r canteen.DietRequest
		if bytes.Contains(v, asked) && tx.decode(dietRequests, k, v, &r) && r.AskedBy == from {
			moved = append(moved, r)
		}
		return true
	})
	for i := range moved {
		moved[i].AskedBy = into
		tx.putDietRequest(&moved[i])
	}
}

// moveProfile gives the person that stays what only the other's profile knew.
func (tx *tx) moveProfile(from, into canteen.GuardianID) {
	old, kept := tx.profile(from), tx.profile(into)
	kept.Lang, kept.Foreign = cmp.Or(kept.Lang, old.Lang), cmp.Or(kept.Foreign, old.Foreign)
	if kept.Email.Value == "" {
		kept.Email = old.Email
	}
	if kept.Phone.Value == "" {
		kept.Phone = old.Phone
	}
	for kind, channels := range old.Wants {
		if _, said := kept.Wants[kind]; !said {
			if kept.Wants == nil {
				kept.Wants = map[string][]canteen.Channel{}
			}
			kept.Wants[kind] = channels
		}
	}
	kept.Privacy = append(slices.Clone(kept.Privacy), old.Privacy...)
	slices.SortStableFunc(kept.Privacy, func(a, b PrivacySeen) int { return a.At.Compare(b.At) })
	for _, mark := range old.Links {
		if !slices.ContainsFunc(kept.Links, func(have LinkMark) bool { return have.Pupil == mark.Pupil }) {
			kept.Links = append(kept.Links, mark)
		}
	}
	kept.Invited = append(slices.Clone(kept.Invited), old.Invited...)
	tx.putProfile(into, kept)
	tx.putProfile(from, Profile{})
}
