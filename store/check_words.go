package store

import (
	"encoding/binary"
	"slices"
	"strings"

	"refettorio/canteen"
)

// logbook reads the log of changes for what the record keeps no history of: the
// days on which a cut-off may have been moved, and the last import of pupils.
func (c *checker) logbook() {
	c.each(logs, nil, func(k, v []byte) {
		line, ok := asJSON[LogLine](c, logs, k, v)
		if !ok {
			return
		}
		if line.What == "cutoff" || strings.HasPrefix(line.What, "import.") {
			c.logged[canteen.DateOf(line.At)] = true
		}
		if (line.What == "import.pupils" || line.What == "ranks") && line.At.After(c.ranked) {
			c.ranked = line.At
		}
	})
}

// receipts holds the numbers of each year: 1, 2, 3… with no gap (mission 11).
func (c *checker) receipts() {
	var before canteen.ReceiptNumber
	c.each(receipts, nil, func(k, v []byte) {
		r, ok := asJSON[Receipt](c, receipts, k, v)
		if !ok {
			return
		}
		c.rep.Receipts++
		number := canteen.ReceiptNumber{Year: binary.BigEndian.Uint16(k), N: binary.BigEndian.Uint32(k[2:])}
		want := uint32(1)
		if number.Year == before.Year {
			want = before.N + 1
		}
		before = number
		if number.N != want {
			c.wrong(receipts, k, "receipt %s stands where number %d of the year should", number, want)
		}
		if r.Number != number || canteen.DateOf(r.Written).Year() != int(number.Year) {
			c.wrong(receipts, k, "the receipt calls itself %s, written at %s", r.Number, r.Written)
		}
		_, known := c.byPAN[r.Pupil]
		if days := r.Kind == ReceiptCommunication || r.Kind == ReceiptRevocation; days && (!known || len(r.Days) == 0) {
			c.wrong(receipts, k, "receipt %s is for pupil %s and %d days", number, r.Pupil, len(r.Days))
		}
		c.deskReceipt(k, &r)
	})
}

// communications holds what stands against the receipts families hold, and what
// was received against the cut-off that was applied.
func (c *checker) communications() {
	c.each(communications, nil, func(k, v []byte) {
		c.rep.Communications++
		said, ok := readCommunication(v)
		day, school := canteen.Date(binary.BigEndian.Uint32(k)), canteen.SchoolID(binary.BigEndian.Uint16(k[4:]))
		pan := canteen.PAN(binary.BigEndian.Uint64(k[6:]))
		_, known := c.byPAN[pan]
		if _, is := c.town.schools[school]; !ok || !known || !is {
			c.wrong(communications, k, "the communication has not its form, or is of an unknown pupil or school")
			return
		}
		key := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint16(nil, said.Receipt.Year), said.Receipt.N)
		raw := c.value(receipts, key)
		if raw == nil {
			c.wrong(communications, k, "its receipt %s does not exist", said.Receipt)
			return
		}
		r, ok := asJSON[Receipt](c, receipts, key, raw)
		if ok && (r.Kind != ReceiptCommunication || r.Pupil != pan || !slices.Contains(r.Days, day) ||
			r.What != said.Kind.String() || !r.Received.Equal(said.Received)) {
			c.wrong(communications, k, "its receipt %s is for %s of pupil %s, received at %s", said.Receipt, r.What, r.Pupil, r.Received)
		}
		c.inTime(k, day, said)
	})
}

// inTime looks at a communication of a closed day: one received behind the
// cut-off must not stand. On a day on which the rule itself was changed an
// earlier cut-off may have been put behind what was accepted before.
func (c *checker) inTime(k []byte, day canteen.Date, said canteen.Communication) {
	v := c.value(closings, k[:6])
	if v == nil {
		return
	}
	mark, ok := asJSON[closing](c, closings, k[:6], v)
	if ok && (said.Received.After(mark.At) || said.Received.After(mark.Cutoff) && !c.logged[day]) {
		c.wrong(communications, k, "received at %s, after the cut-off %s of %s", said.Received, mark.Cutoff, day)
	}
}

// access decodes what opens doors, and the diaries.
func (c *checker) access() {
	c.each(users, nil, func(k, v []byte) {
		u, ok := asJSON[User](c, users, k, v)
		if !ok {
			return
		}
		c.rep.Users++
		if _, err := canteen.ParseRole(string(u.Role)); err != nil || u.Login != string(k) {
			c.wrong(users, k, "the record is of login %q with role %q", u.Login, u.Role)
		}
		if u.Guardian != 0 && c.value(guardians, binary.BigEndian.AppendUint64(nil, uint64(u.Guardian))) == nil {
			c.wrong(users, k, "login %q is of the unknown guardian %d", u.Login, u.Guardian)
		}
	})
	c.each(sessions, nil, func(k, v []byte) {
		if len(v) < 8 {
			c.problemf("sessions: a session has no expiry") // its key would open it
		}
	})
	c.each(tokens, nil, func(k, v []byte) { asJSON[Token](c, tokens, k, v) })
	c.each(once, nil, func(k, v []byte) { asJSON[onceRecord](c, once, k, v) })
	c.each(runs, nil, func(k, v []byte) {
		if r, ok := asJSON[Run](c, runs, k, v); ok && r.Job+"/"+r.Period != string(k) {
			c.wrong(runs, k, "the line is of %s/%s", r.Job, r.Period)
		}
	})
	c.each(outages, nil, func(k, v []byte) {
		if o, ok := asJSON[canteen.Outage](c, outages, k, v); ok &&
			(!o.To.After(o.From) || uint64(o.To.UnixMilli()) != binary.BigEndian.Uint64(k)) {
			c.wrong(outages, k, "the outage is from %s to %s", o.From, o.To)
		}
	})
}
