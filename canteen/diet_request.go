package canteen

import "time"

// DietKind is why a diet is asked. Only the family and the diets officer see it
// (rules R5.3).
type DietKind string

// The kinds of mission 8.
const (
	DietHealth  DietKind = "health"  // with the specialist's certificate
	DietEthical DietKind = "ethical" // ethical or religious, self-declared
)

// ParseDietKind reads a kind by its name.
func ParseDietKind(s string) (DietKind, error) {
	if k := DietKind(s); k == DietHealth || k == DietEthical {
		return k, nil
	}
	return "", Invalid("kind", "error.required")
}

// DietState is where a diet request stands (rules R9.3).
type DietState string

// The states. A health diet past its expiry is served and flagged until the
// officer decides; it never lapses by itself.
const (
	DietIncomplete DietState = "incomplete" // being written by the family, or sent back to it
	DietSent       DietState = "sent"
	DietApproved   DietState = "approved"
	DietRefused    DietState = "refused"
	DietExpired    DietState = "expired"
	DietRevoked    DietState = "revoked"
)

// DietStates lists every state in the order of a request's life.
var DietStates = [...]DietState{DietIncomplete, DietSent, DietApproved, DietRefused, DietExpired, DietRevoked}

// DietStep is something that happens to a diet request.
type DietStep string

// The steps. The family saves, sends and withdraws; the officer returns,
// approves, refuses, extends and revokes; a later approval for the same pupil
// replaces (§9: a new certificate takes the place of the old); time expires.
const (
	DietSave     DietStep = "save"
	DietSend     DietStep = "send"
	DietWithdraw DietStep = "withdraw"
	DietReturn   DietStep = "return"
	DietApprove  DietStep = "approve"
	DietRefuse   DietStep = "refuse"
	DietExtend   DietStep = "extend"
	DietRevoke   DietStep = "revoke"
	DietReplace  DietStep = "replace"
	DietExpire   DietStep = "expire"
)

// DietSteps lists every step.
var DietSteps = [...]DietStep{DietSave, DietSend, DietWithdraw, DietReturn, DietApprove, DietRefuse, DietExtend,
	DietRevoke, DietReplace, DietExpire}

var dietSteps = map[DietState]map[DietStep]DietState{
	DietIncomplete: {DietSave: DietIncomplete, DietSend: DietSent, DietWithdraw: DietRevoked},
	DietSent:       {DietReturn: DietIncomplete, DietApprove: DietApproved, DietRefuse: DietRefused, DietWithdraw: DietRevoked},
	DietApproved:   {DietExtend: DietApproved, DietRevoke: DietRevoked, DietReplace: DietRevoked, DietExpire: DietExpired},
	DietExpired:    {DietExtend: DietApproved, DietRevoke: DietRevoked, DietReplace: DietRevoked},
}

// Next returns the state after a step, or a refusal (KindConflict) when the step
// is not legal from s.
func (s DietState) Next(step DietStep) (DietState, error) {
	if to, ok := dietSteps[s][step]; ok {
		return to, nil
	}
	return s, Refuse(KindConflict, "error.diet.step")
}

// Allows tells whether a step is legal from s.
func (s DietState) Allows(step DietStep) bool {
	_, ok := dietSteps[s][step]
	return ok
}

// Open tells whether a request still waits for the family or the officer.
func (s DietState) Open() bool { return s == DietIncomplete || s == DietSent }

// DietRequest asks for a special diet for a pupil, or for the child of an
// application that has no PAN yet. What the family wrote (DietWords), what the
// officer decided and why (a list of DietNote) are encrypted in Sealed and Notes,
// the document in a record of its own: they open only with the key that is kept
// outside the database (design §9).
type DietRequest struct {
	Handle      string        `json:"handle"`
	State       DietState     `json:"state"`
	Kind        DietKind      `json:"kind"`
	Pupil       PAN           `json:"pupil,omitempty"`
	Application string        `json:"application,omitempty"` // handle, for a child without a PAN
	AskedBy     GuardianID    `json:"asked_by"`
	Sealed      []byte        `json:"sealed,omitempty"`      // DietWords
	Notes       []byte        `json:"notes,omitempty"`       // DietNote, oldest first
	Certificate string        `json:"certificate,omitempty"` // media type of the stored document, empty for none
	Code        string        `json:"code,omitempty"`        // the diet the officer chose
	From        Date          `json:"from,omitempty"`        // first day served
	Until       Date          `json:"until,omitempty"`       // last day of validity; 0: no end
	Warned      Date          `json:"warned,omitempty"`      // the Until of which the family was warned
	Receipt     ReceiptNumber `json:"receipt,omitzero"`
	Sent        time.Time     `json:"sent,omitzero"`
	Changed     time.Time     `json:"changed"`
	History     []StepTaken   `json:"history,omitempty"`
}

// DietWords is what a family writes in its own words.
type DietWords struct {
	Asked string `json:"asked"`
}

// MaxDietWords bounds a text of a diet request, in characters.
const MaxDietWords = 1000

// DietNote is a decision of the diets officer with its reason. The category says
// the illness or the belief, so it lies encrypted too.
type DietNote struct {
	At       time.Time    `json:"at"`
	Actor    string       `json:"actor"`
	Step     DietStep     `json:"step"`
	Category DietCategory `json:"category,omitempty"`
	Code     string       `json:"code,omitempty"`
	From     Date         `json:"from,omitempty"`
	Until    Date         `json:"until,omitempty"`
	Reason   string       `json:"reason,omitempty"`
}

// Standing is the state of a request on a day: an approval whose last day of
// validity is over has expired, whether or not the nightly job has said so yet.
func (r *DietRequest) Standing(day Date) DietState {
	if r.State == DietApproved && r.Until != 0 && day > r.Until {
		return DietExpired
	}
	return r.State
}

// Served tells whether the canteen cooks the request's diet on a day. An expired
// health diet stays served until the officer decides (rules R9.3, for safety); an
// ethical one ends with its last day.
func (r *DietRequest) Served(day Date) bool {
	switch r.Standing(day) {
	case DietApproved:
		return r.From <= day
	case DietExpired:
		return r.Kind == DietHealth && r.From <= day
	}
	return false
}

// Expiring tells whether an approval ends within a number of days, today
// included, and is not over yet.
func (r *DietRequest) Expiring(today Date, days int) bool {
	return r.State == DietApproved && r.Until != 0 && r.Until >= today && today.DaysUntil(r.Until) <= days
}

// Complete refuses a request that cannot be sent yet: a health diet needs the
// specialist's certificate (mission 8), every one the family's words.
func (r *DietRequest) Complete() error {
	switch {
	case len(r.Sealed) == 0:
		return Invalid("asked", "error.required")
	case r.Kind == DietHealth && r.Certificate == "":
		return Invalid("certificate", "error.diet.certificate")
	}
	return nil
}
