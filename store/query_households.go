package store

import (
	"slices"
	"time"

	"refettorio/canteen"
)

// Household is what a person sees of the pupils it acts for and of who else does.
type Household struct {
	Children    []HouseholdChild
	Invitations []OpenInvitation // of its own and of the other guardians for its pupils
}

// HouseholdChild is a pupil with everybody who acts for it. A delegate sees of
// the others nobody: People then holds only itself.
type HouseholdChild struct {
	Pupil  canteen.Pupil
	Own    bool
	People []Acting
}

// Acting is a person who acts for a pupil: a guardian, or a delegate with rights
// until a day. It carries no contact (design §12).
type Acting struct {
	Handle   string
	Name     string
	Me       bool
	Guardian bool
	Rights   []canteen.Right
	Until    canteen.Date
	Since    time.Time // zero for what came with an import
}

// OpenInvitation is a code that can still be used.
type OpenInvitation struct {
	Handle   string
	Code     string
	Pupils   []canteen.PAN
	Guardian bool
	Rights   []canteen.Right
	Until    canteen.Date
	Expires  time.Time
}

// Household returns the household of the actor; KindForbidden for who is nobody
// in it.
func (s *Store) Household(act Act) (h Household, err error) {
	if act.Actor.Guardian == 0 {
		return h, canteen.Refuse(canteen.KindForbidden, "error.forbidden")
	}
	err = s.view(act, func(tx *tx) error {
		h = Household{}
		for _, held := range tx.actsFor(act.Actor.Guardian) {
			h.Children = append(h.Children, tx.householdChild(&held))
		}
		for _, person := range tx.companions(act.Actor.Guardian) {
			open, _ := tx.openInvitations(person)
			for i := range open {
				if person != act.Actor.Guardian && !tx.concerns(&open[i], act.Actor.Guardian) {
					continue
				}
				shown, err := tx.openInvitation(&open[i])
				if err != nil {
					return err
				}
				h.Invitations = append(h.Invitations, shown)
			}
		}
		return nil
	})
	return h, err
}

func (tx *tx) householdChild(held *heldPupil) HouseholdChild {
	me, p := tx.act.Actor.Guardian, &held.pupil
	c := HouseholdChild{Pupil: *p, Own: slices.Contains(held.rights, canteen.RightOwn)}
	if c.Own {
		for _, id := range p.Guardians {
			c.People = append(c.People, tx.actingGuardian(id, p.PAN))
		}
	}
	today := canteen.DateOf(tx.now)
	for _, d := range tx.delegatesOf(p.PAN) {
		if d.Holds(p, today) && (c.Own || d.Delegate == me) {
			c.People = append(c.People, tx.actingDelegate(&d))
		}
	}
	return c
}

func (tx *tx) actingGuardian(id canteen.GuardianID, pan canteen.PAN) Acting {
	g, _ := tx.guardian(id)
	a := Acting{Handle: g.Handle, Name: fullName(&g), Me: id == tx.act.Actor.Guardian, Guardian: true}
	for _, mark := range tx.profile(id).Links {
		if mark.Pupil == pan {
			a.Since = mark.At
		}
	}
	return a
}

func (tx *tx) actingDelegate(d *canteen.Delegation) Acting {
	g, _ := tx.guardian(d.Delegate)
	return Acting{Handle: g.Handle, Name: fullName(&g), Me: d.Delegate == tx.act.Actor.Guardian, Rights: d.Rights, Until: d.Until, Since: d.Since}
}

// openInvitation shows an invitation, its code unsealed.
func (tx *tx) openInvitation(i *canteen.Invitation) (OpenInvitation, error) {
	shown := OpenInvitation{Handle: i.Handle, Pupils: i.Pupils, Guardian: i.Guardian, Rights: i.Rights, Until: i.Until, Expires: i.Expires}
	if tx.s.opt.Vault == nil {
		return shown, nil // the code cannot be read; it can still be revoked
	}
	code, err := tx.s.opt.Vault.Open(i.Sealed)
	shown.Code = string(code)
	return shown, err
}

func fullName(g *canteen.Guardian) string { return g.Name + " " + g.Surname }

// Siblings returns the pupils that have a guardian in common with a pupil of the
// actor's, eldest first (story 43).
func (s *Store) Siblings(act Act, pan canteen.PAN) (all []canteen.Pupil, err error) {
	err = s.view(act, func(tx *tx) error {
		p, err := tx.ownPupil(pan)
		if err != nil {
			return err
		}
		all = nil
		for _, g := range p.Guardians {
			for _, other := range tx.pupilsOf(g) {
				known := slices.ContainsFunc(all, func(have canteen.Pupil) bool { return have.PAN == other.PAN })
				if canteen.Siblings(&p, &other) && !known {
					all = append(all, other)
				}
			}
		}
		slices.SortStableFunc(all, func(a, b canteen.Pupil) int { return canteen.ByAge(&a, &b) })
		return nil
	})
	return all, err
}
