package store

import (
	"encoding/binary"
	"slices"

	"refettorio/canteen"
)

// counter holds appointments together: each is where its key says, its person
// exists, and no two that stand are on one place of one time.
func (c *checker) counter() {
	type seat struct {
		day   canteen.Date
		at    canteen.ClockTime
		place int
	}
	seats, handles := map[seat]bool{}, map[string]bool{}
	c.each(appointments, nil, func(k, v []byte) {
		a, ok := asJSON[canteen.Appointment](c, appointments, k, v)
		if !ok {
			return
		}
		day, minute := canteen.Date(binary.BigEndian.Uint32(k)), canteen.ClockTime(binary.BigEndian.Uint16(k[4:]))
		if a.Day != day || a.At != minute || a.Handle != string(k[6:]) || handles[a.Handle] {
			c.wrong(appointments, k, "the appointment calls itself %s of %s at %s", a.Handle, a.Day, a.At)
		}
		handles[a.Handle] = true
		if a.Person != 0 && c.value(guardians, binary.BigEndian.AppendUint64(nil, uint64(a.Person))) == nil {
			c.wrong(appointments, k, "the appointment is of the unknown person %d", a.Person)
		}
		if n := len(a.Steps); n == 0 || a.Steps[n-1].What != string(a.State) || !slices.Contains(appointmentWords, string(a.State)) {
			c.wrong(appointments, k, "the appointment is %q and its history has %d steps", a.State, len(a.Steps))
		}
		place := seat{a.Day, a.At, a.Place}
		if a.State != canteen.AppointmentCancelled && seats[place] || a.Place < 1 {
			c.wrong(appointments, k, "place %d of %s at %s is taken twice", a.Place, a.Day, a.At)
		}
		seats[place] = seats[place] || a.State != canteen.AppointmentCancelled
	})
}

// appointmentWords are the states the record may hold.
var appointmentWords = []string{"booked", "called", "done", "missed", "cancelled"}

// deskReceipt says that a receipt of the counter names a person who exists, and
// that the registration of a person names one.
func (c *checker) deskReceipt(k []byte, r *Receipt) {
	c.paperReceipt(k, r)
	if r.Person == 0 && r.Kind != ReceiptRegistration {
		return
	}
	if c.value(guardians, binary.BigEndian.AppendUint64(nil, uint64(r.Person))) == nil {
		c.wrong(receipts, k, "receipt %s is for the unknown person %d", r.Number, r.Person)
	}
	if r.Channel != canteen.ChannelDesk {
		c.wrong(receipts, k, "receipt %s names person %d and came by %s", r.Number, r.Person, r.Channel)
	}
}

// paperReceipt says that a request rests on a call of its day that came before it
// was entered, and that an answer has a request before it and is the only one.
func (c *checker) paperReceipt(k []byte, r *Receipt) {
	switch r.Kind {
	case ReceiptPaper:
		if _, known := c.byPAN[r.Pupil]; !known || len(r.Days) != 1 || r.Why == "" || !r.Heard.Before(r.Received) || canteen.DateOf(r.Heard) != r.Days[0] {
			c.wrong(receipts, k, "request %s of pupil %s rests on a call at %s", r.Number, r.Pupil, r.Heard)
		}
		c.asked[r.Number] = true
	case ReceiptPaperAnswer:
		if !c.asked[r.Answers] {
			c.wrong(receipts, k, "answer %s is to %s, which is no request or has its answer", r.Number, r.Answers)
		}
		delete(c.asked, r.Answers)
	}
}
