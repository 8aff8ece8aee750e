package store

import (
	"encoding/base32"
	"fmt"
	"io"
	"slices"

	"refettorio/canteen"
)

// settingDeskHours names the counter's hours.
const settingDeskHours = "desk-hours"

// mostOpen is how many visits one person may have booked at the same time.
const mostOpen = 3

func keyAppointment(a *canteen.Appointment) []byte {
	return append(append(keyDay(a.Day), key16(uint16(a.At))...), a.Handle...)
}

// putAppointment is the one writer of appointments.
func (tx *tx) putAppointment(a *canteen.Appointment) {
	tx.putJSON(appointments, keyAppointment(a), a)
}

// appointmentsFrom visits the appointments of a day and of those after it, in
// order of time.
func (tx *tx) appointmentsFrom(day canteen.Date, visit func(*canteen.Appointment) bool) {
	c := tx.bucket(appointments).Cursor()
	for k, stored := c.Seek(keyDay(day)); k != nil; k, stored = c.Next() {
		v := tx.open(appointments, k, stored)
		var a canteen.Appointment
		if v == nil || !tx.decode(appointments, k, v, &a) || !visit(&a) {
			return
		}
	}
}

// appointment finds one of today's or later by its handle: there are few enough
// of them to look at each.
func (tx *tx) appointment(handle string) (found canteen.Appointment, err error) {
	err = canteen.Refuse(canteen.KindNotFound, "error.appointment.unknown")
	tx.appointmentsFrom(canteen.DateOf(tx.now), func(a *canteen.Appointment) bool {
		if a.Handle == handle {
			found, err = *a, nil
		}
		return err != nil
	})
	return found, err
}

func (tx *tx) deskHours() canteen.DeskHours {
	h := canteen.DefaultDeskHours
	if v := tx.get(settings, []byte(settingDeskHours)); v != nil {
		h = canteen.DeskHours{}
		tx.decode(settings, []byte(settingDeskHours), v, &h)
	}
	return h
}

// DeskHours returns when the counter receives; everybody may know.
func (s *Store) DeskHours(act Act) (h canteen.DeskHours, err error) {
	err = s.view(act, func(tx *tx) error { h = tx.deskHours(); return nil })
	return h, err
}

// SetDeskHours changes when the counter receives, for bookings from now on; what
// is booked stands. It may return Invalid and Forbidden.
func (s *Store) SetDeskHours(act Act, h canteen.DeskHours) error {
	if err := h.Validate(); err != nil {
		return err
	}
	return s.updateOnce(act, h, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		tx.putSetting(settingDeskHours, h)
		tx.logChange("desk.hours", "", "")
		return nil
	})
}

// DeskDayTimes is a day on which the counter receives and the times at which a
// place is free; there may be none left.
type DeskDayTimes struct {
	Day   canteen.Date
	Times []canteen.ClockTime
}

// FreeTimes lists the days that can be booked, from today, with their free times.
func (s *Store) FreeTimes(act Act) (days []DeskDayTimes, err error) {
	err = s.view(act, func(tx *tx) error {
		days = nil
		hours, today := tx.deskHours(), canteen.DateOf(tx.now)
		taken := map[canteen.Date]map[canteen.ClockTime][]int{}
		tx.appointmentsFrom(today, func(a *canteen.Appointment) bool {
			if taken[a.Day] == nil {
				taken[a.Day] = map[canteen.ClockTime][]int{}
			}
			if a.Stands() {
				taken[a.Day][a.At] = append(taken[a.Day][a.At], a.Place)
			}
			return true
		})
		for day := today; today.DaysUntil(day) <= hours.Ahead; day = day.AddDays(1) {
			all := hours.Times(day)
			if len(all) == 0 {
				continue
			}
			free := DeskDayTimes{Day: day}
			for _, at := range all {
				if _, err := hours.Place(day, at, taken[day][at], tx.now); err == nil {
					free.Times = append(free.Times, at)
				}
			}
			days = append(days, free)
		}
		return nil
	})
	return days, err
}

// AppointmentRequest asks for a visit.
type AppointmentRequest struct {
	Day   canteen.Date      `json:"day"`
	At    canteen.ClockTime `json:"at"`
	About string            `json:"about"`
}

// BookAppointment books a visit for the actor, or for nobody by name when there
// is no actor. It may return Invalid, TooLate, and Conflict when the last place
// has just gone or the person has enough visits booked.
func (s *Store) BookAppointment(act Act, req AppointmentRequest) (a canteen.Appointment, err error) {
	if !slices.Contains(canteen.AppointmentSubjects, req.About) {
		return a, canteen.Invalid("about", "error.required")
	}
	err = s.update(act, func(tx *tx) error {
		if err := deskNeedsPerson(act.Actor); err != nil {
			return err
		}
		if done, err := tx.onceDone(req, &a); done || err != nil {
			return err
		}
		place, err := tx.placeFor(req)
		if err != nil {
			return err
		}
		a = canteen.Appointment{Handle: tx.newHandle(), Code: tx.drawQueueCode(), Day: req.Day, At: req.At, Place: place, About: req.About,
			Person: act.Actor.Guardian, State: canteen.AppointmentBooked, Steps: []canteen.StepTaken{tx.step("booked", "")}}
		tx.putAppointment(&a)
		tx.rememberOnce(req, a)
		return nil
	})
	return a, err
}

// drawQueueCode draws the four letters by which a visit is called.
func (tx *tx) drawQueueCode() string {
	var random [5]byte
	if _, err := io.ReadFull(tx.s.entropy, random[:]); err != nil {
		tx.fail(fmt.Errorf("draw a code of the queue: %w", err))
	}
	return base32.StdEncoding.EncodeToString(random[:])[:4]
}

// placeFor decides a request against what stands.
func (tx *tx) placeFor(req AppointmentRequest) (int, error) {
	var taken []int
	open := 0
	tx.appointmentsFrom(canteen.DateOf(tx.now), func(a *canteen.Appointment) bool {
		if a.Stands() && a.Day == req.Day && a.At == req.At {
			taken = append(taken, a.Place)
		}
		if a.Open() && a.Person != 0 && a.Person == tx.act.Actor.Guardian {
			open++
		}
		return true
	})
	if open >= mostOpen {
		return 0, canteen.Refuse(canteen.KindConflict, "error.appointment.many", mostOpen)
	}
	hours := tx.deskHours()
	return hours.Place(req.Day, req.At, taken, tx.now)
}

// mayHold tells whose an appointment is: a person's own, or of whoever has the
// handle of one that names nobody. To others it does not exist.
func mayHold(a canteen.Actor, of *canteen.Appointment) error {
	if of.Person == 0 || of.Person == a.Guardian {
		return nil
	}
	return canteen.Refuse(canteen.KindNotFound, "error.appointment.unknown")
}

// Appointment returns a visit that is the actor's, or nobody's by name;
// KindNotFound otherwise.
func (s *Store) Appointment(act Act, handle string) (a canteen.Appointment, err error) {
	err = s.view(act, func(tx *tx) error {
		if a, err = tx.appointment(handle); err != nil {
			return err
		}
		return mayHold(act.Actor, &a)
	})
	return a, err
}

// Appointments lists the visits of the person at hand, from today, in order.
func (s *Store) Appointments(act Act) (all []canteen.Appointment, err error) {
	err = s.view(act, func(tx *tx) error {
		all = nil
		tx.appointmentsFrom(canteen.DateOf(tx.now), func(a *canteen.Appointment) bool {
			if a.Person != 0 && a.Person == act.Actor.Guardian && a.Stands() {
				all = append(all, *a)
			}
			return true
		})
		return nil
	})
	return all, err
}

// CancelAppointment gives a visit's place back. KindNotFound when it is not the
// actor's, KindConflict when it is over.
func (s *Store) CancelAppointment(act Act, handle string) error {
	return s.update(act, func(tx *tx) error {
		a, err := tx.appointment(handle)
		if err != nil {
			return err
		}
		if err := mayHold(act.Actor, &a); err != nil {
			return err
		}
		if a.State == canteen.AppointmentCancelled {
			return nil // a double click
		}
		return tx.moveAppointment(&a, canteen.AppointmentCancel)
	})
}

func (tx *tx) moveAppointment(a *canteen.Appointment, e canteen.AppointmentEvent) (err error) {
	if a.State, err = a.State.Next(e); err != nil {
		return err
	}
	a.Steps = append(a.Steps, tx.step(string(a.State), ""))
	tx.putAppointment(a)
	return nil
}

// QueueItem is a visit of today with the name to greet, if it is booked by name.
type QueueItem struct {
	canteen.Appointment
	Name   string
	Family string // the person's handle, to act for it
}

// DeskQueue lists the visits of a day that stand, in order.
func (s *Store) DeskQueue(act Act, day canteen.Date) (all []QueueItem, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := atDesk(act); err != nil {
			return err
		}
		all = nil
		tx.appointmentsFrom(day, func(a *canteen.Appointment) bool {
			if a.Day != day {
				return false
			}
			if a.Stands() {
				item := QueueItem{Appointment: *a}
				if g, ok := tx.guardian(a.Person); ok {
					item.Name, item.Family = g.Name+" "+g.Surname, g.Handle
				}
				all = append(all, item)
			}
			return true
		})
		tx.saw(look{what: "desk.queue"})
		return nil
	})
	return all, err
}

// MoveAppointment calls, finishes or misses a visit of today; KindNotFound for an
// unknown one, KindConflict for a move that cannot happen.
func (s *Store) MoveAppointment(act Act, handle string, e canteen.AppointmentEvent) error {
	return s.update(act, func(tx *tx) error {
		if err := atDesk(act); err != nil {
			return err
		}
		a, err := tx.appointment(handle)
		if err != nil {
			return err
		}
		if a.Day != canteen.DateOf(tx.now) {
			return canteen.Refuse(canteen.KindConflict, "error.appointment.move")
		}
		return tx.moveAppointment(&a, e)
	})
}

// CallNext calls the first visit of today that waits; KindNotFound when nobody
// does. Two desk users who call at once call two people. An act sent twice calls
// one.
func (s *Store) CallNext(act Act) (code string, err error) {
	err = s.update(act, func(tx *tx) error {
		if err := atDesk(act); err != nil {
			return err
		}
		if done, err := tx.onceDone("next", &code); done || err != nil {
			return err
		}
		today := canteen.DateOf(tx.now)
		var next *canteen.Appointment
		tx.appointmentsFrom(today, func(a *canteen.Appointment) bool {
			if a.Day == today && a.Open() {
				next = a
			}
			return a.Day == today && next == nil
		})
		if next == nil {
			return canteen.Refuse(canteen.KindNotFound, "error.appointment.nobody")
		}
		if err := tx.moveAppointment(next, canteen.AppointmentCall); err != nil {
			return err
		}
		code = next.Code
		tx.rememberOnce("next", code)
		return nil
	})
	return code, err
}
