package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"refettorio/canteen"
)

// checkedDay is one closed day under examination. It is all that is held in
// memory of the registers; the next day replaces it.
type checkedDay struct {
	day      canteen.Date
	tariff   *canteen.Tariff
	view     canteen.DayView
	said     map[canteen.PAN]checkedWord
	marks    []checkedMark // in order of school
	bySchool map[canteen.SchoolID]*checkedMark
	counts   map[canteen.ClassID]tally
}

// checkedWord is what a family said for the day, and the school it was said for.
type checkedWord struct {
	school canteen.SchoolID
	kind   canteen.CommunicationKind
}

// checkedMark is the closing of a school with the registers it answers for.
type checkedMark struct {
	closing
	school    canteen.SchoolID
	key       []byte
	registers []checkedRoll
}

// checkedRoll is a register as stored: the foglio presenze of one class.
type checkedRoll struct {
	class      canteen.ClassID
	key, value []byte
}

// days examines the closed days one after the other.
func (c *checker) days() {
	for _, day := range c.closedDays() {
		d := c.loadDay(day)
		c.chain(d)
		for i := range d.marks {
			c.closing(d, &d.marks[i])
		}
		c.sheets(d)
	}
}

// closedDays lists every day that any table of the closed days speaks of.
func (c *checker) closedDays() []canteen.Date {
	found := map[canteen.Date]bool{}
	for _, t := range []table{closings, registers, days, sheets} {
		cur := c.b.Bucket(t.name).Cursor()
		for k, _ := cur.First(); k != nil; {
			day := binary.BigEndian.Uint32(k)
			found[canteen.Date(day)] = true
			k, _ = cur.Seek(binary.BigEndian.AppendUint32(nil, day+1))
		}
	}
	all := make([]canteen.Date, 0, len(found))
	for day := range found {
		all = append(all, day)
	}
	slices.Sort(all)
	return all
}

func (c *checker) loadDay(day canteen.Date) *checkedDay {
	prefix := binary.BigEndian.AppendUint32(nil, uint32(day))
	d := &checkedDay{day: day, view: c.town.calendar.Day(day), said: map[canteen.PAN]checkedWord{},
		bySchool: map[canteen.SchoolID]*checkedMark{}, counts: map[canteen.ClassID]tally{}}
	d.tariff, _ = canteen.TariffOn(c.town.tariffs, day)
	c.each(communications, prefix, func(k, v []byte) {
		if said, ok := readCommunication(v); ok {
			d.said[canteen.PAN(binary.BigEndian.Uint64(k[6:]))] = checkedWord{canteen.SchoolID(binary.BigEndian.Uint16(k[4:])), said.Kind}
		}
	})
	c.each(closings, prefix, func(k, v []byte) {
		if one, ok := asJSON[closing](c, closings, k, v); ok {
			d.marks = append(d.marks, checkedMark{closing: one, school: canteen.SchoolID(binary.BigEndian.Uint16(k[4:])), key: k})
		}
	})
	for i := range d.marks {
		d.bySchool[d.marks[i].school] = &d.marks[i]
	}
	c.each(registers, prefix, func(k, v []byte) {
		class := canteen.ClassID(binary.BigEndian.Uint32(k[4:]))
		mark := d.bySchool[c.town.classes[class].School]
		if mark == nil {
			c.wrong(registers, k, "there is a register of %s on %s, and its school has not closed the day", c.town.label(class), day)
			return
		}
		mark.registers = append(mark.registers, checkedRoll{class, k, v})
	})
	return d
}

// chain follows the day's chain of hashes from its first school to its last.
func (c *checker) chain(d *checkedDay) {
	key := binary.BigEndian.AppendUint32(nil, uint32(d.day))
	v := c.value(days, key)
	if v == nil {
		c.wrong(days, key, "the day %s has closed schools or registers and no record", d.day)
		return
	}
	rec, ok := asJSON[dayRecord](c, days, key, v)
	if !ok {
		return
	}
	c.rep.DaysClosed++
	inOrder := make([]*checkedMark, len(d.marks))
	for i := range d.marks {
		inOrder[i] = &d.marks[i]
	}
	slices.SortFunc(inOrder, func(a, b *checkedMark) int { return cmp.Compare(a.Seq, b.Seq) })
	var root []byte
	for i, m := range inOrder {
		if m.Seq != i+1 {
			c.wrong(closings, m.key, "the school is number %d in the chain of the day and should be %d", m.Seq, i+1)
		}
		if !bytes.Equal(m.Prev, root) {
			c.wrong(closings, m.key, "the chain of the day is broken in front of this school")
		}
		sum := sha256.New()
		sum.Write(root)
		for _, r := range m.registers { // read in order of class
			sum.Write(r.key)
			sum.Write(r.value)
		}
		if root = sum.Sum(nil); !bytes.Equal(m.Root, root) {
			c.wrong(closings, m.key, "the registers of the school have not the sum they were closed with")
		}
	}
	if rec.Schools != len(inOrder) || !bytes.Equal(rec.Root, root) {
		c.wrong(days, key, "the record of the day says %d schools and root %x; there are %d and %x", rec.Schools, rec.Root, len(inOrder), root)
	}
}

// closing examines one school's closed day.
func (c *checker) closing(d *checkedDay, m *checkedMark) {
	c.rep.Closings++
	school, known := c.town.schools[m.school]
	if !known {
		c.wrong(closings, m.key, "the closing is of the unknown school %d", m.school)
		return
	}
	if !m.At.After(m.Cutoff) || canteen.DateOf(m.Cutoff) != d.day {
		c.wrong(closings, m.key, "%s closed %s at %s with cut-off %s", school.Code, d.day, m.At, m.Cutoff)
	}
	if d.tariff == nil {
		c.wrong(closings, m.key, "no tariff was in force on %s", d.day)
		return
	}
	var all tally
	charges, charged := 0, canteen.Cents(0)
	for _, r := range m.registers {
		t := c.register(d, m, &r)
		d.counts[r.class] = t
		all.add(t)
		charges += t.charges
		charged += t.charged
	}
	if !all.equals(m.Counts) {
		c.wrong(closings, m.key, "%s closed %s with %+v and its registers hold %+v", school.Code, d.day, m.Counts, all.Counts)
	}
	if m.Charges != charges || m.Charged != charged {
		c.wrong(closings, m.key, "%s charged %d meals, %s, on %s and its registers hold %d, %s",
			school.Code, m.Charges, m.Charged, d.day, charges, charged)
	}
	c.rep.Charges += charges
	c.rep.Charged += charged
	if m.Generation == c.town.generation {
		c.served(d, m, &school)
	}
}

// served holds the registers of a school against the classes that had a canteen
// day. Timetables and calendar keep no history, so this is asked only while
// they are as they were at the close.
func (c *checker) served(d *checkedDay, m *checkedMark, school *canteen.School) {
	for _, id := range c.town.ofSchool[school.ID] {
		open := c.open(d, school, id)
		held := slices.ContainsFunc(m.registers, func(r checkedRoll) bool { return r.class == id })
		if open != held {
			c.wrong(closings, m.key, "%s on %s: the canteen was open is %t, there is a register is %t", c.town.label(id), d.day, open, held)
		}
	}
}

// open tells whether a class has a canteen day by the calendar as it is.
func (c *checker) open(d *checkedDay, school *canteen.School, id canteen.ClassID) bool {
	class := c.town.classes[id]
	if class.Year != canteen.YearOf(d.day) {
		return false
	}
	open, _ := d.view.Service(school.Code, c.town.label(id), class.Weekdays)
	return open
}

// register examines one class's orders against its enrolments, walking both in
// order of PAN.
func (c *checker) register(d *checkedDay, m *checkedMark, r *checkedRoll) (t tally) {
	reg, ok := readRegister(r.value)
	if !ok {
		c.wrong(registers, r.key, "the register has not its form")
		return t
	}
	c.rep.Registers++
	if reg.tariff != d.tariff.ID || !reg.closed.Equal(m.At.Truncate(time.Millisecond)) {
		c.wrong(registers, r.key, "%s was priced by tariff %d at %s, but tariff %d was in force and the school closed at %s",
			c.town.label(r.class), reg.tariff, reg.closed, d.tariff.ID, m.At)
	}
	seats := c.seats[r.class]
	for i := range reg.len() {
		o, ok := reg.order(i)
		if !ok {
			c.wrong(registers, r.key, "order %d of %s has not its form", i, c.town.label(r.class))
			continue
		}
		c.rep.Orders++
		for len(seats) > 0 && seats[0].Pupil < o.Pupil {
			c.missing(d, m, r, &seats[0])
			seats = seats[1:]
		}
		for len(seats) > 1 && seats[0].Pupil == o.Pupil && !c.holds(d, m, &seats[0]).maybe() {
			seats = seats[1:]
		}
		if len(seats) == 0 || seats[0].Pupil != o.Pupil || !c.holds(d, m, &seats[0]).maybe() {
			c.wrong(registers, r.key, "pupil %s has an order in %s and was not enrolled there on %s", o.Pupil, c.town.label(r.class), d.day)
			continue
		}
		c.order(d, m, r, &seats[0], o)
		t.order(o)
		seats = seats[1:]
	}
	for i := range seats {
		c.missing(d, m, r, &seats[i])
	}
	t.staff(reg.staff)
	return t
}

// missing reports a seat without an order.
func (c *checker) missing(d *checkedDay, m *checkedMark, r *checkedRoll, s *checkedSeat) {
	if c.holds(d, m, s) == seatedSurely {
		c.wrong(registers, r.key, "pupil %s was enrolled in %s on %s and has no order", s.Pupil, c.town.label(r.class), d.day)
	}
}

// seating says whether an enrolment held on a day.
type seating uint8

const (
	seatedNot seating = iota
	seatedPerhaps
	seatedSurely
)

func (h seating) maybe() bool { return h != seatedNot }

// holds decides whether an enrolment gave a seat on the day. A pupil with days
// of its own has the days of the class as well; those keep no history, so they
// decide only while they are as they were at the close.
func (c *checker) holds(d *checkedDay, m *checkedMark, s *checkedSeat) seating {
	switch {
	case s.State != canteen.Validated, d.day < s.From, s.Until != 0 && d.day > s.Until:
		return seatedNot
	case s.Weekdays == 0:
		return seatedSurely
	case !s.Weekdays.Has(d.day.Weekday()):
		return seatedNot
	case m.Generation != c.town.generation:
		return seatedPerhaps
	case c.town.classes[s.Class].Weekdays.Has(d.day.Weekday()):
		return seatedSurely
	}
	return seatedNot
}
