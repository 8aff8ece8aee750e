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

// DietState is where a diet request stands (rules R9.3).
type DietState string

// The states. A health diet past its expiry is served and flagged until the
// officer decides; it never lapses by itself.
const (
	DietIncomplete DietState = "incomplete" // opened by an enrolment; text or certificate still missing
	DietSent       DietState = "sent"
	DietApproved   DietState = "approved"
	DietRefused    DietState = "refused"
	DietExpired    DietState = "expired"
	DietRevoked    DietState = "revoked"
)

// DietRequest asks for a special diet for a pupil, or for the child of an
// application that has no PAN yet. What the family wrote is encrypted in Sealed
// and the document in a record of its own: both open only with the key that is
// kept outside the database (design §9).
type DietRequest struct {
	Handle      string        `json:"handle"`
	State       DietState     `json:"state"`
	Kind        DietKind      `json:"kind"`
	Pupil       PAN           `json:"pupil,omitempty"`
	Application string        `json:"application,omitempty"` // handle, for a child without a PAN
	AskedBy     GuardianID    `json:"asked_by"`
	Sealed      []byte        `json:"sealed,omitempty"`
	Certificate string        `json:"certificate,omitempty"` // media type of the stored document, empty for none
	Code        string        `json:"code,omitempty"`        // the diet the officer chose
	Category    string        `json:"category,omitempty"`    // decides the expiry, rules R9.3
	From        Date          `json:"from,omitempty"`
	Until       Date          `json:"until,omitempty"` // last day of validity; 0: the whole school cycle
	Receipt     ReceiptNumber `json:"receipt,omitzero"`
	Sent        time.Time     `json:"sent,omitzero"`
	Changed     time.Time     `json:"changed"`
	History     []StepTaken   `json:"history,omitempty"`
}
