package store

import (
	"slices"
	"time"

	"refettorio/canteen"
)

// actsForEverybody tells the actors whose work is with every family: the office,
// the counter before it acts for a person, the console, the scheduler, and the token of a gateway that passes
// on what families say.
func actsForEverybody(a canteen.Actor) bool {
	switch a.Role {
	case canteen.RoleOffice:
		return true
	case canteen.RoleDesk:
		return a.Guardian == 0 // acting for a person it may what the person may
	case canteen.RoleAdmin:
		return a.Login == canteen.ConsoleActor.Login
	case "":
		return a.HasScope(ScopeFamilyGateway) || a.Login == canteen.JobActor.Login
	}
	return false
}

// mayActFor tells whether an actor may do for a pupil what a guardian may. A
// stranger learns nothing: the pupil is not found.
func mayActFor(a canteen.Actor, p *canteen.Pupil) error {
	if a.Guardian != 0 && p.HasGuardian(a.Guardian) || actsForEverybody(a) {
		return nil
	}
	return canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
}

// may tells whether the actor has a right on a pupil. It is the one place that
// decides what may be done for whom: a guardian everything for its own, with
// equal rights (story 35), a delegate what was granted, until it ends. Only who
// is no guardian costs a look at the delegations.
func (tx *tx) may(p *canteen.Pupil, right canteen.Right) bool {
	if mayActFor(tx.act.Actor, p) == nil {
		return true
	}
	if tx.act.Actor.Guardian == 0 || right == canteen.RightOwn {
		return false
	}
	d, ok := tx.delegation(p.PAN, tx.act.Actor.Guardian)
	today := canteen.DateOf(tx.act.received(tx.now))
	return ok && d.Holds(p, today) && d.Allows(right, today)
}

// pupilFor returns a pupil on which the actor has a right: KindForbidden for a
// delegate to whom another right was granted, KindNotFound for everybody else.
func (tx *tx) pupilFor(pan canteen.PAN, right canteen.Right) (canteen.Pupil, error) {
	p, ok := tx.pupil(pan)
	switch {
	case ok && tx.may(&p, right):
		return p, nil
	case ok && right != canteen.RightSee && tx.may(&p, canteen.RightSee):
		return canteen.Pupil{}, canteen.Refuse(canteen.KindForbidden, "error.household.right")
	}
	return canteen.Pupil{}, canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
}

// ownPupil returns a pupil for whom the actor may do what only guardians may.
func (tx *tx) ownPupil(pan canteen.PAN) (canteen.Pupil, error) {
	return tx.pupilFor(pan, canteen.RightOwn)
}

// heldPupil is a pupil with the rights a person has on it.
type heldPupil struct {
	pupil  canteen.Pupil
	rights []canteen.Right
}

// everyRight is what a guardian has.
var everyRight = append([]canteen.Right{canteen.RightOwn}, canteen.Rights[:]...)

// actsFor returns the pupils a person acts for today: its own, then those of
// others, each eldest first.
func (tx *tx) actsFor(person canteen.GuardianID) []heldPupil {
	var all []heldPupil
	for _, p := range tx.pupilsOf(person) {
		all = append(all, heldPupil{p, everyRight})
	}
	own, today := len(all), canteen.DateOf(tx.now)
	for _, d := range tx.delegationsTo(person) {
		p, ok := tx.pupil(d.Pupil)
		if !ok || !d.Holds(&p, today) {
			continue
		}
		rights := []canteen.Right{canteen.RightSee}
		for _, right := range canteen.Rights[1:] {
			if d.Allows(right, today) {
				rights = append(rights, right)
			}
		}
		all = append(all, heldPupil{p, rights})
	}
	slices.SortStableFunc(all[own:], func(a, b heldPupil) int { return int(a.pupil.Born) - int(b.pupil.Born) })
	return all
}

// hidePrices takes the money out of days shown to who may not see it.
func hidePrices(days []PupilDayView) {
	for i := range days {
		days[i].Price = 0
	}
}

// The ways in which somebody becomes a guardian.
const (
	LinkInvitation = "invitation"
	LinkPairing    = "pairing"
	LinkOffice     = "office"
)

// LinkMark says since when and how a person is a guardian of a pupil. Links that
// came with an import have none.
type LinkMark struct {
	Pupil canteen.PAN `json:"pupil"`
	At    time.Time   `json:"at"`
	How   string      `json:"how"`
}

// link makes a person a guardian of a pupil: a delegation it had means nothing
// any more, the other guardians are told, and the log keeps it.
func (tx *tx) link(p *canteen.Pupil, person canteen.GuardianID, how, reason string) {
	if p.HasGuardian(person) {
		return
	}
	for _, other := range p.Guardians {
		tx.tellAbout(other, p, "household.joined")
	}
	p.Guardians = append(slices.Clone(p.Guardians), person)
	tx.putPupil(*p)
	tx.dropDelegation(p.PAN, person)
	profile := tx.profile(person)
	profile.Unproved = profile.Unproved && how != LinkOffice
	profile.Links = append(slices.DeleteFunc(profile.Links, func(l LinkMark) bool { return l.Pupil == p.PAN }), LinkMark{p.PAN, tx.now, how})
	tx.putProfile(person, profile)
	tx.promote(person)
	tx.logHousehold(person, p, "household.link."+how, reason)
}

// unlink ends that a person is a guardian of a pupil, and with it what it has
// granted for the pupil.
func (tx *tx) unlink(p *canteen.Pupil, person canteen.GuardianID, reason string) {
	p.Guardians = slices.DeleteFunc(slices.Clone(p.Guardians), func(g canteen.GuardianID) bool { return g == person })
	tx.putPupil(*p)
	for _, d := range tx.delegatesOf(p.PAN) {
		if d.By == person {
			tx.dropDelegation(p.PAN, d.Delegate)
		}
	}
	for _, other := range p.Guardians {
		tx.tellAbout(other, p, "household.left")
	}
	tx.logHousehold(person, p, "household.unlink", reason)
}

// mayUnlink refuses to leave a pupil without any guardian, and to unlink who is
// none.
func mayUnlink(p *canteen.Pupil, person canteen.GuardianID) error {
	switch {
	case !p.HasGuardian(person):
		return canteen.Refuse(canteen.KindNotFound, "error.person.notFound")
	case len(p.Guardians) == 1:
		return canteen.Refuse(canteen.KindConflict, "error.household.last")
	}
	return nil
}

// LeavePupil ends that the actor is a guardian of a pupil. The last one cannot:
// somebody must answer for the child (KindConflict).
func (s *Store) LeavePupil(act Act, handle string) error {
	return s.updateOnce(act, []string{"leave", handle}, func(tx *tx) error {
		p, err := tx.ownPupil(tx.panOf(handle))
		if err != nil {
			return err
		}
		if err := mayUnlink(&p, act.Actor.Guardian); err != nil {
			return err
		}
		tx.unlink(&p, act.Actor.Guardian, "")
		return nil
	})
}

// promote gives the logins of a delegate who has become a guardian the role of
// one. Their sessions end with the change of role.
func (tx *tx) promote(person canteen.GuardianID) {
	for _, login := range tx.loginsOf(person) {
		var u User
		if tx.getJSON(users, []byte(login), &u) && u.Role == canteen.RoleDelegate {
			u.Role = canteen.RoleGuardian
			u.Epoch++
			tx.putUser(u)
			tx.logChange("user.role", u.Login, string(u.Role))
		}
	}
}

// tellAbout tells a person something about a pupil, whom it names by the first
// name alone.
func (tx *tx) tellAbout(person canteen.GuardianID, p *canteen.Pupil, kind string) {
	tx.queue(Message{Kind: kind, Person: person, Pupil: p.PAN, Facts: []Fact{{Text: p.Name}}})
}

// logHousehold keeps a change of a household under the handle of the person it
// is about.
func (tx *tx) logHousehold(person canteen.GuardianID, p *canteen.Pupil, what, reason string) {
	g, _ := tx.guardian(person)
	detail := "PAN " + p.PAN.String()
	if reason != "" {
		detail += ": " + reason
	}
	tx.logChange(what, g.Handle, detail)
}

// living follows a person that was merged to the one it has become. A person is
// merged only into one that stands for itself, so the way has an end.
func (tx *tx) living(id canteen.GuardianID) canteen.GuardianID {
	for {
		g, ok := tx.guardian(id)
		if !ok || g.Merged == 0 {
			return id
		}
		id = g.Merged
	}
}

// me is the person behind the act. A request may have come in under a record
// that was merged while it waited.
func (tx *tx) me() canteen.GuardianID { return tx.living(tx.act.Actor.Guardian) }

// panOf returns the PAN behind the word in an address; 0 when there is none.
func (tx *tx) panOf(handle string) (pan canteen.PAN) {
	if len(handle) == handleSize {
		tx.scan(pupilsByHandle, keyHandle(handle), func(k, _ []byte) bool {
			pan = panAtEnd(k)
			return false
		})
	}
	return pan
}
