package canteen

import "time"

// heardWithin is how long after the call a note on paper can still be entered.
const heardWithin = 14 * 24 * time.Hour

// DecideHeard decides a communication that a family gave by telephone or on paper
// at the instant heard, on the day of the meal itself, and that is entered later
// (story 49). What we promise rests on when the server received it: entered
// before the cut-off it is an ordinary communication; entered after it the sheet
// stays as it is and the note becomes a request that the office decides. Who
// called after the cut-off was late itself (KindTooLate). It may also return
// Invalid, with the field heard or day, and Conflict when that is what stands.
func (d *PupilDay) DecideHeard(kind CommunicationKind, heard, received time.Time) (request bool, err error) {
	switch {
	case heard.After(received):
		return false, Invalid("heard", "error.heard.future")
	case DateOf(heard) != d.Day || received.Sub(heard) > heardWithin:
		return false, Invalid("heard", "error.heard.old", int(heardWithin/(24*time.Hour)))
	case !d.Enrolled || !d.Service:
		return false, Invalid("day", "error.heard.noService")
	case d.Current != nil && d.Current.Kind == kind:
		return false, Refuse(KindConflict, "error.heard.already")
	case d.Cutoff.Passed(heard):
		return false, &Error{Kind: KindTooLate, Key: "error.heard.late", Args: []any{d.Cutoff.At}, Field: "heard"}
	}
	return d.Closed || d.Cutoff.Passed(received), nil
}
