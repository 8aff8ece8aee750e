package canteen

import (
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

// Rights lists every right in a fixed order.
var Rights = [...]Right{RightSee, RightCancel, RightPay}

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
	return slices.Contains(d.Rights, right)
}
