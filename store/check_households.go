package store

import (
	"encoding/binary"
	"slices"

	"refettorio/canteen"
)

// households holds delegations, invitations and logins against the persons they
// name, and that nothing names a person that was merged into another.
func (c *checker) households() {
	merged := c.mergedPersons()
	c.liveLinks(merged)
	c.delegations(merged)
	c.invitations()
	logins := 0
	c.each(users, nil, func(k, v []byte) {
		if u, ok := asJSON[User](c, users, k, v); ok && u.Guardian != 0 {
			c.indexed(usersByGuardian, append(number8(u.Guardian), k...), &logins, "the login")
			if merged[u.Guardian] {
				c.wrong(users, k, "login %q is of person %d, who was merged", u.Login, u.Guardian)
			}
		}
	})
	c.countIndex(usersByGuardian, logins)
}

// number8 is a number as eight bytes of a key.
func number8(g canteen.GuardianID) []byte { return binary.BigEndian.AppendUint64(nil, uint64(g)) }

// mergedPersons finds the pointers: each leads, over others perhaps, to a person
// that exists and stands for itself.
func (c *checker) mergedPersons() map[canteen.GuardianID]bool {
	into := map[canteen.GuardianID]canteen.GuardianID{}
	c.each(guardians, nil, func(k, v []byte) {
		if g, ok := asJSON[canteen.Guardian](c, guardians, k, v); ok && g.Merged != 0 {
			into[g.ID] = g.Merged
		}
	})
	merged := map[canteen.GuardianID]bool{}
	for from, to := range into {
		merged[from] = true
		for range into {
			if into[to] == 0 {
				break
			}
			to = into[to]
		}
		if into[to] != 0 || c.value(guardians, number8(to)) == nil {
			c.wrong(guardians, number8(from), "the person was merged, and the way to who it became ends at %d", to)
		}
	}
	return merged
}

// liveLinks looks for guardians that were merged away.
func (c *checker) liveLinks(merged map[canteen.GuardianID]bool) {
	for from := range merged {
		c.each(pupilsByGuardian, number8(from), func(k, _ []byte) {
			c.wrong(pupilsByGuardian, k, "the guardian was merged into another person")
		})
		c.each(applicationsByPerson, number8(from), func(k, _ []byte) {
			c.wrong(applicationsByPerson, k, "the applicant was merged into another person")
		})
	}
}

func (c *checker) delegations(merged map[canteen.GuardianID]bool) {
	byPerson := 0
	c.each(delegations, nil, func(k, v []byte) {
		d, ok := asJSON[canteen.Delegation](c, delegations, k, v)
		if !ok {
			return
		}
		if string(k) != string(append(binary.BigEndian.AppendUint64(nil, uint64(d.Pupil)), number8(d.Delegate)...)) {
			c.wrong(delegations, k, "the delegation is of person %d for pupil %s", d.Delegate, d.Pupil)
			return
		}
		if _, known := c.byPAN[d.Pupil]; !known || c.value(guardians, number8(d.Delegate)) == nil || merged[d.Delegate] {
			c.wrong(delegations, k, "the delegation is of an unknown or merged person, or for an unknown pupil")
		}
		for _, right := range d.Rights {
			if !slices.Contains(canteen.Rights[:], right) {
				c.wrong(delegations, k, "nobody can grant the right %q", right)
			}
		}
		if len(d.Rights) == 0 || d.By == 0 || d.By == d.Delegate || d.Since.IsZero() {
			c.wrong(delegations, k, "the delegation grants nothing, or nobody granted it")
		}
		c.indexed(delegationsByPerson, append(number8(d.Delegate), k[:8]...), &byPerson, "the delegation")
	})
	c.countIndex(delegationsByPerson, byPerson)
}

// invitations: each is for pupils that exist, is listed by whoever made it, and
// keeps its code only as long as it can be used.
func (c *checker) invitations() {
	c.each(invitations, nil, func(k, v []byte) {
		i, ok := asJSON[canteen.Invitation](c, invitations, k, v)
		if !ok {
			return
		}
		if len(i.Handle) != handleSize || len(i.Pupils) == 0 || i.Guardian == (len(i.Rights) > 0) || !i.Expires.After(i.Made) {
			c.wrong(invitations, k, "the invitation has not its form")
		}
		if used := !i.Used.IsZero(); used != (i.UsedBy != 0) || used != (len(i.Sealed) == 0) {
			c.wrong(invitations, k, "used is %t, by person %d, and its code has %d bytes", used, i.UsedBy, len(i.Sealed))
		}
		for _, pan := range i.Pupils {
			if _, known := c.byPAN[pan]; !known {
				c.wrong(invitations, k, "the invitation is for the unknown pupil %s", pan)
			}
		}
		profile, ok := asJSON[Profile](c, profiles, number8(i.By), orEmpty(c.value(profiles, number8(i.By))))
		if ok && !slices.ContainsFunc(profile.Invited, func(key []byte) bool { return string(key) == string(k) }) {
			c.wrong(invitations, k, "person %d, who made it, does not list it", i.By)
		}
	})
}

// orEmpty is a record's value, or an empty object where there is none.
func orEmpty(v []byte) []byte {
	if v == nil {
		return []byte("{}")
	}
	return v
}
