package store

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"refettorio/canteen"
)

// maxOpenInvitations bounds the codes a person can have out at the same time.
const maxOpenInvitations = 20

// InvitationRequest asks for a code by which somebody becomes a guardian, or a
// delegate with rights until a day, for pupils of the actor's.
type InvitationRequest struct {
	Pupils   []string        `json:"pupils"` // handles
	Guardian bool            `json:"guardian"`
	Rights   []canteen.Right `json:"rights,omitempty"`
	Until    canteen.Date    `json:"until,omitempty"`
}

func (r *InvitationRequest) validate(today canteen.Date) error {
	if len(r.Pupils) == 0 {
		return canteen.Invalid("pupils", "error.communication.pupils")
	}
	if r.Guardian {
		return nil
	}
	return canteen.CheckDelegation(r.Rights, r.Until, today)
}

// keyInvitation is the hash of a code.
func keyInvitation(code string) []byte {
	sum := sha256.Sum256([]byte("invitation\x00" + code))
	return sum[:16]
}

// Invite makes an invitation; its code is read with Household. It may return
// Invalid, NotFound (a pupil that is not the actor's own), Conflict (too many
// open ones), Unavailable (no key to seal the code with).
func (s *Store) Invite(act Act, req InvitationRequest) error {
	if act.Actor.Guardian == 0 {
		return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
	}
	if s.opt.Vault == nil {
		return unavailable(errors.New("an invitation needs a vault"))
	}
	var random [8]byte
	_, _ = rand.Read(random[:]) // it never fails, says its documentation
	code := canteen.InvitationCode(random)
	sealed, err := s.opt.Vault.Seal([]byte(code))
	if err != nil {
		return err
	}
	return s.updateOnce(act, req, func(tx *tx) error {
		if err := req.validate(canteen.DateOf(tx.now)); err != nil {
			return err
		}
		invitation := canteen.Invitation{By: act.Actor.Guardian, Guardian: req.Guardian, Rights: req.Rights, Until: req.Until,
			Sealed: sealed, Made: tx.now, Expires: tx.now.Add(canteen.InvitationLife)}
		for _, handle := range req.Pupils {
			p, err := tx.ownPupil(tx.panOf(handle))
			if err != nil {
				return err
			}
			invitation.Pupils = append(invitation.Pupils, p.PAN)
		}
		open, keys := tx.openInvitations(act.Actor.Guardian)
		if len(open) >= maxOpenInvitations {
			return canteen.Refuse(canteen.KindConflict, "error.invitation.many", maxOpenInvitations)
		}
		key := keyInvitation(code)
		if tx.has(invitations, key) { // one in 2^40; the form is sent again
			return unavailable(errors.New("the code drawn is in use"))
		}
		invitation.Handle = tx.newHandle()
		tx.putJSON(invitations, key, invitation)
		profile := tx.profile(act.Actor.Guardian)
		profile.Invited = append(keys, key)
		tx.putProfile(act.Actor.Guardian, profile)
		return nil
	})
}

// openInvitations returns the invitations of a person that can still be used,
// oldest first, and the keys of all that are still in the record.
func (tx *tx) openInvitations(person canteen.GuardianID) (open []canteen.Invitation, keys [][]byte) {
	for _, key := range tx.profile(person).Invited {
		var i canteen.Invitation
		if !tx.getJSON(invitations, key, &i) {
			continue
		}
		keys = append(keys, key)
		if i.Open(tx.now) == nil {
			open = append(open, i)
		}
	}
	return open, keys
}

// RevokeInvitation takes back an open invitation of the actor's own, or of
// another guardian of one of its pupils.
func (s *Store) RevokeInvitation(act Act, handle string) error {
	return s.updateOnce(act, []string{"revoke", handle}, func(tx *tx) error {
		for _, person := range tx.companions(act.Actor.Guardian) {
			for _, key := range tx.profile(person).Invited {
				var i canteen.Invitation
				if !tx.getJSON(invitations, key, &i) || i.Handle != handle || i.Open(tx.now) != nil {
					continue
				}
				if person == act.Actor.Guardian || tx.concerns(&i, act.Actor.Guardian) {
					tx.del(invitations, key)
					return nil
				}
			}
		}
		return canteen.Refuse(canteen.KindNotFound, "error.invitation.gone")
	})
}

// companions returns a person and the other guardians of its pupils.
func (tx *tx) companions(person canteen.GuardianID) []canteen.GuardianID {
	if person == 0 {
		return nil
	}
	all := []canteen.GuardianID{person}
	for _, p := range tx.pupilsOf(person) {
		for _, g := range p.Guardians {
			if !slices.Contains(all, g) {
				all = append(all, g)
			}
		}
	}
	return all
}

// concerns tells whether a person is a guardian of a pupil of an invitation.
func (tx *tx) concerns(i *canteen.Invitation, person canteen.GuardianID) bool {
	return slices.ContainsFunc(i.Pupils, func(pan canteen.PAN) bool {
		p, ok := tx.pupil(pan)
		return ok && p.HasGuardian(person)
	})
}

// AcceptInvitation makes the actor what an invitation says. A code that nobody
// made is refused on the field "code" and counts as a try, by person and by
// network address; one that was used, that has expired, or that came from
// somebody who is no guardian any more, is refused with its reason.
func (s *Store) AcceptInvitation(act Act, typed, address string) error {
	if act.Actor.Guardian == 0 {
		return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
	}
	code, err := canteen.ParseInvitationCode(typed)
	if err != nil {
		return err
	}
	return s.guess(act, "invitation", address, code, func(tx *tx) error {
		var i canteen.Invitation
		if !tx.getJSON(invitations, keyInvitation(code), &i) {
			return wrongGuess{canteen.Invalid("code", "error.invitation.unknown")}
		}
		joins, err := tx.joins(&i)
		if err != nil {
			return err
		}
		tx.join(&i, joins)
		i.Used, i.UsedBy, i.Sealed = tx.now, tx.me(), nil
		tx.putJSON(invitations, keyInvitation(code), i)
		return nil
	})
}

// joins returns the pupils an invitation brings to the actor, or why it cannot be
// used. It writes nothing.
func (tx *tx) joins(i *canteen.Invitation) ([]canteen.Pupil, error) {
	me := tx.me()
	if err := i.Open(tx.now); err != nil {
		if i.UsedBy == me {
			return nil, &canteen.Error{Kind: canteen.KindConflict, Field: "code", Key: "error.invitation.yours"}
		}
		return nil, err
	}
	var all []canteen.Pupil
	for _, pan := range i.Pupils {
		p, ok := tx.pupil(pan)
		switch {
		case !ok || !p.HasGuardian(i.By):
			return nil, &canteen.Error{Kind: canteen.KindConflict, Field: "code", Key: "error.invitation.withdrawn"}
		case p.HasGuardian(me):
			continue
		case i.Guardian && len(p.Guardians) >= canteen.MaxGuardians:
			return nil, &canteen.Error{Kind: canteen.KindConflict, Field: "code", Key: "error.household.full", Args: []any{canteen.MaxGuardians}}
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		return nil, &canteen.Error{Kind: canteen.KindConflict, Field: "code", Key: "error.invitation.already"}
	}
	if !i.Guardian {
		return all, canteen.CheckDelegation(i.Rights, i.Until, canteen.DateOf(tx.now))
	}
	return all, nil
}

// join writes what joins has found possible.
func (tx *tx) join(i *canteen.Invitation, all []canteen.Pupil) {
	for n := range all {
		if i.Guardian {
			tx.link(&all[n], tx.me(), LinkInvitation, "")
			continue
		}
		d := canteen.Delegation{Pupil: all[n].PAN, Delegate: tx.me(), Rights: i.Rights, Until: i.Until, By: i.By}
		if had, ok := tx.delegation(d.Pupil, d.Delegate); ok && had.Holds(&all[n], canteen.DateOf(tx.now)) {
			d = canteen.JoinDelegations(d, had)
		}
		tx.grant(&all[n], d)
		tx.tellAbout(i.By, &all[n], "household.delegated")
	}
}

// keepInvitation is how long an invitation that cannot be used any more is kept,
// so that a late code gets a clear answer.
const keepInvitation = 30 * 24 * time.Hour

// sweepInvitations removes old invitations and tries that count no more.
func (tx *tx) sweepInvitations() int {
	n := tx.sweep(invitations, func(k, v []byte) bool {
		var i canteen.Invitation
		return tx.decode(invitations, k, v, &i) && tx.now.Sub(i.Expires) > keepInvitation
	})
	return n + tx.sweep(codes, func(k, v []byte) bool {
		var t tryRecord
		return tx.decode(codes, k, v, &t) && t.Purpose == purposeTries && tx.now.After(t.Expires)
	})
}
