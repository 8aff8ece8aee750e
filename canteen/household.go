package canteen

import (
	"cmp"
	"slices"
	"time"
)

// Right is one thing a delegate may be allowed to do for a pupil (mission 5).
// A guardian may do all of them and more.
type Right string

// The rights a guardian may grant.
const (
	RightSee    Right = "see"    // the calendar and what is eaten
	RightCancel Right = "cancel" // absences and white meals
	RightPay    Right = "pay"    // the account, and to top it up
)

// RightOwn stands for everything only a guardian may do: enrol, ask for a diet,
// name delegates. Nobody can grant it.
const RightOwn Right = "own"

// Rights lists every right that can be granted, in a fixed order.
var Rights = [...]Right{RightSee, RightCancel, RightPay}

// MaxGuardians bounds the guardians of one pupil: two parents, and tutors beside
// them for the rare household that has both.
const MaxGuardians = 6

// ParseRights reads the rights somebody wants to grant: known ones, each once,
// in the order of Rights. None at all is refused on the field "rights".
func ParseRights(words []string) ([]Right, error) {
	var rights []Right
	for _, right := range Rights {
		if slices.Contains(words, string(right)) {
			rights = append(rights, right)
		}
	}
	if len(rights) == 0 {
		return nil, Invalid("rights", "error.household.rights")
	}
	return rights, nil
}

// Delegation lets a person act for a pupil, within listed rights, until a day
// (included; zero has no end). Only a guardian of the pupil grants it.
type Delegation struct {
	Pupil    PAN        `json:"pupil"`
	Delegate GuardianID `json:"delegate"`
	Rights   []Right    `json:"rights"`
	Until    Date       `json:"until,omitempty"`
	By       GuardianID `json:"by"`
	Since    time.Time  `json:"since"`
}

// Allows tells whether the delegation grants a right on a day. To see is part
// of every right: nobody cancels what it cannot look at.
func (d *Delegation) Allows(right Right, day Date) bool {
	if d.Until != 0 && day > d.Until {
		return false
	}
	if right == RightSee {
		return len(d.Rights) > 0
	}
	return right != RightOwn && slices.Contains(d.Rights, right)
}

// Holds tells whether the delegation has a meaning on a day: it has not ended,
// and who granted it is still a guardian of the pupil and the delegate is not.
func (d *Delegation) Holds(p *Pupil, day Date) bool {
	return d.Allows(RightSee, day) && p.HasGuardian(d.By) && !p.HasGuardian(d.Delegate)
}

// CheckDelegation refuses rights and an end that grant nothing: no right at all,
// or a last day that has passed already.
func CheckDelegation(rights []Right, until, today Date) error {
	for _, right := range rights {
		if !slices.Contains(Rights[:], right) {
			return Invalid("rights", "error.household.rights")
		}
	}
	switch {
	case len(rights) == 0:
		return Invalid("rights", "error.household.rights")
	case until != 0 && until < today:
		return Invalid("until", "error.household.until")
	}
	return nil
}

// JoinDelegations makes one delegation of two that turn out to be of the same
// person for the same pupil: every right of either, until the later end.
func JoinDelegations(a, b Delegation) Delegation {
	joined := a
	joined.Rights = nil
	for _, right := range Rights {
		if slices.Contains(a.Rights, right) || slices.Contains(b.Rights, right) {
			joined.Rights = append(joined.Rights, right)
		}
	}
	if joined.Until = max(a.Until, b.Until); a.Until == 0 || b.Until == 0 {
		joined.Until = 0
	}
	return joined
}

// Siblings tells whether two pupils have a guardian in common. It is a declared
// link: surnames say nothing (story 43).
func Siblings(a, b *Pupil) bool {
	return a.PAN != b.PAN && slices.ContainsFunc(a.Guardians, b.HasGuardian)
}

// ByAge orders siblings, the eldest first, as a tariff's sibling discount counts
// them (Enrolment.Rank): those whose birth nobody has told us come last, twins are
// in the order of their PAN.
func ByAge(a, b *Pupil) int {
	if (a.Born == 0) != (b.Born == 0) {
		return cmp.Compare(b.Born, a.Born)
	}
	return cmp.Or(cmp.Compare(a.Born, b.Born), cmp.Compare(a.PAN, b.PAN))
}
