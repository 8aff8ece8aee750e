package canteen

import "time"

// CommunicationKind is what a family says about a meal (comunicazione).
type CommunicationKind uint8

// The two communications of mission 11: the child is away, or eats in bianco.
const (
	Absence CommunicationKind = iota + 1
	White
)

// String names the kind as the API and the catalogues do.
func (k CommunicationKind) String() string {
	switch k {
	case Absence:
		return "absence"
	case White:
		return "white"
	}
	return ""
}

// ParseCommunicationKind reads a kind by its name.
func ParseCommunicationKind(s string) (CommunicationKind, error) {
	switch s {
	case "absence":
		return Absence, nil
	case "white":
		return White, nil
	}
	return 0, Invalid("kind", "error.communication.kind", s)
}

// Communication is what stands for one pupil and day: a kind, when the server
// received it and the receipt it gave.
type Communication struct {
	Kind     CommunicationKind
	Received time.Time
	Receipt  ReceiptNumber
}

// PupilDay is everything the rules need to decide about one pupil and day.
type PupilDay struct {
	Day      Date
	Enrolled bool    // a validated enrolment holds and the day is one of the pupil's
	Service  bool    // the canteen is open for the pupil's class
	Closure  Closure // why not, when Service is false
	Cutoff   Cutoff
	Closed   bool           // the day is closed for the pupil's school
	Current  *Communication // what stands now, nil for a plain meal
}

// Outcome is the answer to a communication for one day; there is nothing
// between accepted and a reason (mission 11).
type Outcome string

// The outcomes, in the words of the API.
const (
	Accepted  Outcome = "accepted"
	Already   Outcome = "already"    // it stands like this already; the receipt is the old one
	NoService Outcome = "no-service" // nothing to cancel: no meal is planned that day
	TooLate   Outcome = "too-late"
	OverLimit Outcome = "white-limit" // one white meal in a row too many: it needs a certificate (rules R9.4)
)

// Decide says what becomes of a communication received at an instant. It never
// looks at a clock: the instant is the one at which the request reached the
// server, however long it waited since.
func (d *PupilDay) Decide(kind CommunicationKind, received time.Time) Outcome {
	switch {
	case !d.Enrolled || !d.Service:
		return NoService
	case d.Closed || d.Cutoff.Passed(received):
		if d.Current != nil && d.Current.Kind == kind {
			return Already
		}
		return TooLate
	case d.Current != nil && d.Current.Kind == kind:
		return Already
	}
	return Accepted
}

// DecideRevocation says what becomes of taking a communication back: the meal
// is ordered again. Already means that nothing stood.
func (d *PupilDay) DecideRevocation(received time.Time) Outcome {
	switch {
	case d.Current == nil:
		return Already
	case d.Closed || d.Cutoff.Passed(received):
		return TooLate
	}
	return Accepted
}
