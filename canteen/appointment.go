package canteen

import (
	"cmp"
	"slices"
	"time"
)

// DeskHours say when the counter receives by appointment. Families choose among
// the times they make (rules C.SE.2.2).
type DeskHours struct {
	Openings []DeskOpening `json:"openings"` // in order of weekday and time, without overlap
	Minutes  int           `json:"minutes"`  // how long an appointment lasts
	Places   int           `json:"places"`   // how many appointments at the same time
	Ahead    int           `json:"ahead"`    // how many days ahead can be booked
	Closed   []Date        `json:"closed,omitempty"`
}

// DeskOpening is one opening of the counter in a week: from From until To.
type DeskOpening struct {
	Weekday time.Weekday `json:"weekday"`
	From    ClockTime    `json:"from"`
	To      ClockTime    `json:"to"`
}

// DefaultDeskHours are those of a new service: mornings, and two afternoons for
// who works.
var DefaultDeskHours = DeskHours{Minutes: 15, Places: 1, Ahead: 30, Openings: []DeskOpening{
	{time.Monday, 9 * 60, 12*60 + 30}, {time.Tuesday, 9 * 60, 12*60 + 30}, {time.Tuesday, 15*60 + 30, 17*60 + 30},
	{time.Wednesday, 9 * 60, 12*60 + 30}, {time.Thursday, 9 * 60, 12*60 + 30}, {time.Thursday, 15*60 + 30, 17*60 + 30},
	{time.Friday, 9 * 60, 12*60 + 30},
}}

// The bounds of the counter's hours. The night is left out, so that no
// appointment falls into an hour that a change of the clocks takes or repeats.
const (
	deskEarliest   ClockTime = 6 * 60
	deskLatest     ClockTime = 22 * 60
	deskMostAhead            = 90
	deskMostPlaces           = 20
)

// Validate refuses hours from which no appointment can be made; KindInvalid with
// the field: openings, minutes, places or ahead.
func (h *DeskHours) Validate() error {
	switch {
	case h.Minutes < 5 || h.Minutes > 120:
		return Invalid("minutes", "error.desk.minutes")
	case h.Places < 1 || h.Places > deskMostPlaces:
		return Invalid("places", "error.desk.places", deskMostPlaces)
	case h.Ahead < 1 || h.Ahead > deskMostAhead:
		return Invalid("ahead", "error.desk.ahead", deskMostAhead)
	}
	for i, o := range h.Openings {
		if o.Weekday < time.Sunday || o.Weekday > time.Saturday || o.From < deskEarliest || o.To > deskLatest || o.To < o.From+ClockTime(h.Minutes) {
			return Invalid("openings", "error.desk.opening", o.From, o.To)
		}
		for _, other := range h.Openings[:i] {
			if other.Weekday == o.Weekday && other.From < o.To && o.From < other.To {
				return Invalid("openings", "error.desk.overlap", o.From, o.To)
			}
		}
	}
	return nil
}

// Receives tells whether the counter receives on a day at all: not on a national
// holiday, on a day of its own closing, or on one without an opening.
func (h *DeskHours) Receives(day Date) bool {
	if _, holiday := NationalHoliday(day); holiday || slices.Contains(h.Closed, day) {
		return false
	}
	return slices.ContainsFunc(h.Openings, func(o DeskOpening) bool { return o.Weekday == day.Weekday() })
}

// Times lists the times of a day at which an appointment can begin, in order.
func (h *DeskHours) Times(day Date) (times []ClockTime) {
	if !h.Receives(day) {
		return nil
	}
	for _, o := range h.Openings {
		if o.Weekday != day.Weekday() {
			continue
		}
		for at := o.From; at+ClockTime(h.Minutes) <= o.To; at += ClockTime(h.Minutes) {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, func(a, b ClockTime) int { return cmp.Compare(a, b) })
	return times
}

// Place decides a booking: the lowest place that is free at a time, from 1. taken
// are the places of the appointments that stand at that time. KindInvalid for a
// time that is none of the counter's, KindTooLate for one that has passed,
// KindConflict when every place is taken.
func (h *DeskHours) Place(day Date, at ClockTime, taken []int, now time.Time) (place int, err error) {
	today := DateOf(now)
	switch {
	case day < today || day == today && !now.Before(day.At(at)):
		return 0, &Error{Kind: KindTooLate, Key: "error.appointment.past", Field: "at"}
	case today.DaysUntil(day) > h.Ahead:
		return 0, Invalid("at", "error.appointment.far", today.AddDays(h.Ahead))
	case !slices.Contains(h.Times(day), at):
		return 0, Invalid("at", "error.appointment.closed")
	}
	for place := 1; place <= h.Places; place++ {
		if !slices.Contains(taken, place) {
			return place, nil
		}
	}
	return 0, &Error{Kind: KindConflict, Key: "error.appointment.taken", Args: []any{at}, Field: "at"}
}

// AppointmentState is where an appointment stands.
type AppointmentState string

// The states of an appointment.
const (
	AppointmentBooked    AppointmentState = "booked"
	AppointmentCalled    AppointmentState = "called"
	AppointmentDone      AppointmentState = "done"
	AppointmentMissed    AppointmentState = "missed" // nobody came
	AppointmentCancelled AppointmentState = "cancelled"
)

// AppointmentEvent is what happens to an appointment.
type AppointmentEvent string

// The events. Who comes late can still be called.
const (
	AppointmentCall   AppointmentEvent = "call"
	AppointmentFinish AppointmentEvent = "finish"
	AppointmentMiss   AppointmentEvent = "miss"
	AppointmentCancel AppointmentEvent = "cancel"
)

// appointmentMoves are all moves there are.
var appointmentMoves = map[AppointmentState]map[AppointmentEvent]AppointmentState{
	AppointmentBooked: {AppointmentCall: AppointmentCalled, AppointmentFinish: AppointmentDone, AppointmentMiss: AppointmentMissed, AppointmentCancel: AppointmentCancelled},
	AppointmentCalled: {AppointmentCall: AppointmentCalled, AppointmentFinish: AppointmentDone, AppointmentMiss: AppointmentMissed},
	AppointmentMissed: {AppointmentCall: AppointmentCalled},
}

// Next returns the state after an event; KindConflict when it cannot happen.
func (s AppointmentState) Next(e AppointmentEvent) (AppointmentState, error) {
	next, ok := appointmentMoves[s][e]
	if !ok {
		return s, Refuse(KindConflict, "error.appointment.move")
	}
	return next, nil
}

// Appointment is a visit to the counter that somebody has booked. Without a
// person it is nobody's by name: the code says whose turn it is.
type Appointment struct {
	Handle string           `json:"handle"` // in addresses; for who has no login also the key to it
	Code   string           `json:"code"`   // what is called out: four letters and digits
	Day    Date             `json:"day"`
	At     ClockTime        `json:"at"`
	Place  int              `json:"place"` // from 1; no two appointments stand on one
	Person GuardianID       `json:"person,omitempty"`
	About  string           `json:"about"` // one of AppointmentSubjects
	State  AppointmentState `json:"state"`
	Steps  []StepTaken      `json:"steps"`
}

// AppointmentSubjects are what one can come for: a word, so that nobody writes
// about health or money into a queue.
var AppointmentSubjects = []string{"enrolment", "diet", "account", "login", "other"}

// Stands tells whether the appointment keeps its place.
func (a *Appointment) Stands() bool { return a.State != AppointmentCancelled }

// Open tells whether the visit is still to come.
func (a *Appointment) Open() bool { return a.State == AppointmentBooked }
