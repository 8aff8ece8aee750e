package canteen

import (
	"crypto/sha256"
	"crypto/subtle"
	"strconv"
	"strings"
	"time"
)

// The rules of a code that proves a contact (rules R3.1), and how often one may
// be sent: a text message costs money, and a flood of them is a nuisance.
const (
	CodeLife    = 10 * time.Minute
	CodeTries   = 5
	CodePause   = time.Minute // between two codes to the same contact
	CodesHourly = 5           // codes to the same contact in an hour
	codeDigits  = 6
)

// Code is a code on its way to a contact: what is kept of it is a salted hash.
// The zero Code was never sent, and nothing proves it; trying it takes the same
// steps, so that nobody learns from the answer whether one was sent.
type Code struct {
	Hash  []byte    `json:"hash,omitempty"`
	At    time.Time `json:"at,omitzero"`
	Tries int       `json:"tries,omitempty"`
}

// CodeOutcome is the answer to a try.
type CodeOutcome uint8

// The answers. A code that is too old or was tried too often needs a new one.
const (
	CodeWrong CodeOutcome = iota
	CodeRight
	CodeExpired
	CodeSpent
)

// CodeText makes the six digits out of a random number. It is false for the few
// numbers that would make some codes likelier than others: draw another.
func CodeText(random uint32) (string, bool) {
	const all = 1_000_000
	if random >= (1<<32)/all*all {
		return "", false
	}
	digits := strconv.FormatUint(uint64(random%all), 10)
	return strings.Repeat("0", codeDigits-len(digits)) + digits, true
}

// NewCode is the code of six digits as it is kept. Salt makes equal digits
// differ.
func NewCode(salt, digits string, now time.Time) Code {
	return Code{Hash: codeHash(salt, digits), At: now}
}

func codeHash(salt, digits string) []byte {
	sum := sha256.Sum256([]byte(salt + "\x00" + digits))
	return sum[:]
}

// Try holds what somebody typed against the code and counts the try. Spaces and
// dashes that people put between digits do not matter.
func (c *Code) Try(salt, typed string, now time.Time) CodeOutcome {
	switch age := now.Sub(c.At); {
	case age < 0 || age > CodeLife:
		return CodeExpired
	case c.Tries >= CodeTries:
		return CodeSpent
	}
	c.Tries++
	typed = strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(typed)
	if subtle.ConstantTimeCompare(codeHash(salt, typed), c.Hash) == 1 {
		return CodeRight
	}
	if c.Tries >= CodeTries {
		return CodeSpent
	}
	return CodeWrong
}

// Left is how many tries the code still allows.
func (c *Code) Left() int { return max(0, CodeTries-c.Tries) }

// MayIssue tells whether another code may go to a contact that was sent codes at
// these instants, and otherwise from when on it may.
func MayIssue(sent []time.Time, now time.Time) (next time.Time, ok bool) {
	n := 0
	for _, at := range sent {
		if since := now.Sub(at); since >= 0 && since < time.Hour {
			n++
		}
		if until := at.Add(CodePause); !at.After(now) && until.After(now) && until.After(next) {
			next = until
		}
	}
	if n >= CodesHourly {
		if until := sent[len(sent)-CodesHourly].Add(time.Hour); until.After(next) {
			next = until
		}
	}
	return next, next.IsZero()
}

// MinPassword is the length of the shortest password; nothing is asked of its
// composition (NIST SP 800-63B §5.1.1.2, as AgID's guidelines follow it).
const MinPassword = 10

// CheckPassword refuses a password that is too short, or so long that hashing it
// would be work for nothing. Error keys: "error.password.short",
// "error.password.long".
func CheckPassword(password string) error {
	switch n := len([]rune(password)); {
	case n < MinPassword:
		return Invalid("password", "error.password.short", MinPassword)
	case n > 200:
		return Invalid("password", "error.password.long")
	}
	return nil
}

// IsMobile tells whether a number in E.164 can receive a text message: Italian
// mobiles begin with 3; of other countries we cannot know.
func IsMobile(phone string) bool {
	return strings.HasPrefix(phone, "+393") || phone != "" && !strings.HasPrefix(phone, "+39")
}
