package canteen

import (
	"strings"
	"time"
)

// InvitationLife is how long the code of an invitation can be used.
const InvitationLife = 7 * 24 * time.Hour

// Invitation asks somebody to act for pupils, as a further guardian or as a
// delegate. Whoever brings its code becomes that, once. The code itself is kept
// sealed; Handle stands for the invitation in addresses.
type Invitation struct {
	Handle   string     `json:"handle"`
	By       GuardianID `json:"by"`
	Pupils   []PAN      `json:"pupils"`
	Guardian bool       `json:"guardian,omitempty"` // with equal rights; else a delegate with Rights until Until
	Rights   []Right    `json:"rights,omitempty"`
	Until    Date       `json:"until,omitempty"`
	Sealed   []byte     `json:"sealed"` // the code, for the guardians to read again
	Made     time.Time  `json:"made"`
	Expires  time.Time  `json:"expires"`
	Used     time.Time  `json:"used,omitzero"`
	UsedBy   GuardianID `json:"used_by,omitempty"`
}

// Open refuses an invitation that cannot be used any more at an instant:
// KindConflict when somebody has used it, KindTooLate when it has expired.
func (i *Invitation) Open(now time.Time) error {
	switch {
	case !i.Used.IsZero():
		return &Error{Kind: KindConflict, Field: "code", Key: "error.invitation.used"}
	case !now.Before(i.Expires):
		return &Error{Kind: KindTooLate, Field: "code", Key: "error.invitation.expired", Args: []any{DateOf(i.Expires)}}
	}
	return nil
}

// codeLetters are those of an invitation's code: no letter is taken for a digit,
// so that it can be read over the telephone. There are 32: five bits each.
const codeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// codeLength is how many letters a code has: 40 bits, and few tries to guess it.
const codeLength = 8

// InvitationCode writes eight random bytes as a code, "K7RM-2XQD".
func InvitationCode(random [codeLength]byte) string {
	var code strings.Builder
	for i, b := range random {
		if i == codeLength/2 {
			code.WriteByte('-')
		}
		code.WriteByte(codeLetters[b%byte(len(codeLetters))])
	}
	return code.String()
}

// ParseInvitationCode reads a code as people type it: any case, with or without
// spaces and dashes. A text that cannot be one is refused on the field "code".
func ParseInvitationCode(s string) (string, error) {
	var code strings.Builder
	for _, r := range strings.ToUpper(s) {
		switch {
		case r < 128 && strings.ContainsRune(codeLetters, r):
			code.WriteRune(r)
		case strings.ContainsRune(" -–\u00a0\t", r):
		default:
			return "", Invalid("code", "error.invitation.unknown")
		}
	}
	if code.Len() != codeLength {
		return "", Invalid("code", "error.invitation.unknown")
	}
	plain := code.String()
	return plain[:codeLength/2] + "-" + plain[codeLength/2:], nil
}

// Tries counts the attempts somebody has made since an instant.
type Tries struct {
	Since time.Time `json:"since"`
	Made  int       `json:"made"`
}

// TryLimit is how many attempts may be made in a stretch of time.
type TryLimit struct {
	Most int
	In   time.Duration
}

// The limits on guessing: a person who types a PAN or a code from a sheet of
// paper needs one or two tries; behind one address there may be a whole school.
var (
	PersonTries  = TryLimit{Most: 5, In: 24 * time.Hour}
	AddressTries = TryLimit{Most: 40, In: 24 * time.Hour}
)

// Spend counts one more attempt. When there is none left it refuses with
// KindConflict and says from when there will be one.
func (l TryLimit) Spend(t Tries, now time.Time) (Tries, error) {
	if now.Sub(t.Since) >= l.In || now.Before(t.Since) {
		t = Tries{Since: now}
	}
	if t.Made >= l.Most {
		again := t.Since.Add(l.In)
		return t, Refuse(KindConflict, "error.household.tries", DateOf(again), again)
	}
	t.Made++
	return t, nil
}
