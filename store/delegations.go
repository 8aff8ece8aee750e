package store

import (
	"slices"

	"refettorio/canteen"
)

func keyDelegation(pan canteen.PAN, person canteen.GuardianID) []byte {
	return be.AppendUint64(be.AppendUint64(make([]byte, 0, 16), uint64(pan)), uint64(person))
}

func keyDelegationByPerson(person canteen.GuardianID, pan canteen.PAN) []byte {
	return be.AppendUint64(be.AppendUint64(make([]byte, 0, 16), uint64(person)), uint64(pan))
}

// putDelegation is the one writer of delegations and their index.
func (tx *tx) putDelegation(d canteen.Delegation) {
	tx.putJSON(delegations, keyDelegation(d.Pupil, d.Delegate), d)
	tx.putIndex(delegationsByPerson, keyDelegationByPerson(d.Delegate, d.Pupil))
}

// dropDelegation removes a delegation, if it is there.
func (tx *tx) dropDelegation(pan canteen.PAN, person canteen.GuardianID) {
	tx.del(delegations, keyDelegation(pan, person))
	tx.del(delegationsByPerson, keyDelegationByPerson(person, pan))
}

func (tx *tx) delegation(pan canteen.PAN, person canteen.GuardianID) (d canteen.Delegation, ok bool) {
	ok = tx.getJSON(delegations, keyDelegation(pan, person), &d)
	return d, ok
}

// delegatesOf returns the delegations for a pupil, also those that have ended.
func (tx *tx) delegatesOf(pan canteen.PAN) (all []canteen.Delegation) {
	tx.scan(delegations, keyPAN(pan), func(k, v []byte) bool {
		var d canteen.Delegation
		if tx.decode(delegations, k, v, &d) {
			all = append(all, d)
		}
		return true
	})
	return all
}

// delegationsTo returns what a person was granted, also what has ended.
func (tx *tx) delegationsTo(person canteen.GuardianID) (all []canteen.Delegation) {
	var pans []canteen.PAN
	tx.scan(delegationsByPerson, key64(uint64(person)), func(k, _ []byte) bool {
		pans = append(pans, panAtEnd(k))
		return true
	})
	for _, pan := range pans {
		if d, ok := tx.delegation(pan, person); ok {
			all = append(all, d)
		}
	}
	return all
}

// grant makes a person a delegate for a pupil, or changes what it may do, from
// now on. Who is told is the delegate and the guardians that did not do it.
func (tx *tx) grant(p *canteen.Pupil, d canteen.Delegation) {
	d.Pupil, d.Since = p.PAN, tx.now
	tx.putDelegation(d)
	for _, g := range p.Guardians {
		if g != d.By {
			tx.tellAbout(g, p, "household.delegated")
		}
	}
	words := ""
	for _, right := range d.Rights {
		words += " " + string(right)
	}
	if d.Until != 0 {
		words += " until " + d.Until.String()
	}
	tx.logHousehold(d.Delegate, p, "household.delegate", words)
}

// DelegationChange is what a guardian wants a delegate to be able to do for a
// pupil: nothing at all when Rights is empty.
type DelegationChange struct {
	Pupil  string          `json:"pupil"`  // handle
	Person string          `json:"person"` // handle
	Rights []canteen.Right `json:"rights"`
	Until  canteen.Date    `json:"until"`
}

// ChangeDelegation changes or, without rights, revokes at once what a delegate
// may do for a pupil of the actor's, whichever guardian granted it: guardians
// have equal rights. KindNotFound when there is no such delegate.
func (s *Store) ChangeDelegation(act Act, c DelegationChange) error {
	return s.updateOnce(act, c, func(tx *tx) error {
		p, err := tx.ownPupil(tx.panOf(c.Pupil))
		if err != nil {
			return err
		}
		person, known := tx.personByHandle(c.Person)
		if !known {
			return canteen.Refuse(canteen.KindNotFound, "error.person.notFound")
		}
		d, ok := tx.delegation(p.PAN, person.ID)
		if !ok {
			return canteen.Refuse(canteen.KindNotFound, "error.person.notFound")
		}
		if len(c.Rights) == 0 {
			tx.dropDelegation(p.PAN, person.ID)
			tx.tellAbout(person.ID, &p, "household.revoked")
			tx.logHousehold(person.ID, &p, "household.revoke", "")
			return nil
		}
		if err := canteen.CheckDelegation(c.Rights, c.Until, canteen.DateOf(tx.now)); err != nil {
			return err
		}
		d.Rights, d.Until = slices.Clone(c.Rights), c.Until
		if act.Actor.Guardian != 0 {
			d.By = act.Actor.Guardian
		} else if !p.HasGuardian(d.By) { // at the counter: in the name of a guardian there is
			d.By = p.Guardians[0]
		}
		tx.grant(&p, d)
		return nil
	})
}
