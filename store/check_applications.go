package store

import (
	"encoding/binary"
	"strconv"

	"refettorio/canteen"
)

// applications holds the applications against their indexes, their receipts and
// what they name; then the receipts of applications, and the ratings.
func (c *checker) applications() {
	byPerson, bySchool, byChild := 0, 0, 0
	c.each(applications, nil, func(k, v []byte) {
		a, ok := asJSON[canteen.Application](c, applications, k, v)
		if !ok {
			return
		}
		if a.Handle != string(k) {
			c.wrong(applications, k, "the record is of application %q", a.Handle)
			return
		}
		person := binary.BigEndian.AppendUint64(nil, uint64(a.Applicant))
		if c.value(guardians, person) == nil {
			c.wrong(applications, k, "the applicant %d is unknown", a.Applicant)
		}
		c.indexed(applicationsByPerson, append(person, k...), &byPerson, "the application")
		year := checkedFirstYear(a.Year)
		if year == 0 {
			c.wrong(applications, k, "the school year is %q", a.Year)
		}
		if a.School != 0 {
			key := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, uint16(a.School)), year)
			c.indexed(applicationsBySchool, append(key, k...), &bySchool, "the application")
		}
		if cf := string(a.Child.CodiceFiscale); cf != "" {
			key := binary.BigEndian.AppendUint16(padded16(cf), year)
			c.indexed(applicationsByChild, append(key, k...), &byChild, "the application")
		}
		c.applicationNames(k, &a)
		c.applicationState(k, &a)
	})
	c.countIndex(applicationsByPerson, byPerson)
	c.countIndex(applicationsBySchool, bySchool)
	c.countIndex(applicationsByChild, byChild)
	c.applicationReceipts()
	c.each(ratings, nil, func(k, v []byte) {
		if r, ok := asJSON[canteen.Rating](c, ratings, k, v); ok && (r.Validate() != nil || r.Day.IsZero()) {
			c.wrong(ratings, k, "no such rating can be: %d stars, answer %d", r.Stars, r.Reason)
		}
	})
}

// checkedFirstYear reads "2026" of "2026/27"; 0 when it is no school year.
func checkedFirstYear(name string) uint16 {
	if len(name) != 7 || name[4] != '/' {
		return 0
	}
	y, err := strconv.ParseUint(name[:4], 10, 16)
	if err != nil {
		return 0
	}
	return uint16(y)
}

// applicationNames: the pupil, the school, the class and the diet request that an
// application names exist and agree with it. A draft may name a class that was
// taken away since: its family is told before it can be sent.
func (c *checker) applicationNames(k []byte, a *canteen.Application) {
	if _, known := c.byPAN[a.Pupil]; a.Pupil != 0 && !known {
		c.wrong(applications, k, "the pupil %s is unknown", a.Pupil)
	}
	if _, known := c.town.schools[a.School]; a.School != 0 && !known {
		c.wrong(applications, k, "the school %d is unknown", a.School)
	}
	if class, known := c.town.classes[a.Class]; a.Class != 0 && a.State != canteen.Draft &&
		(!known || class.School != a.School || class.Year != a.Year) {
		c.wrong(applications, k, "class %d is not of school %d in %s", a.Class, a.School, a.Year)
	}
	if a.DietAsked == "" {
		return
	}
	raw := c.value(dietRequests, []byte(a.DietAsked))
	if raw == nil {
		c.wrong(applications, k, "the diet request it opened does not exist")
		return
	}
	if r, ok := asJSON[canteen.DietRequest](c, dietRequests, []byte(a.DietAsked), raw); ok && r.Application != a.Handle {
		c.wrong(applications, k, "the diet request it opened is of another application")
	}
}

// applicationState: what was submitted has a receipt of the same instant, what was
// not has none, and what was accepted has its pupil.
func (c *checker) applicationState(k []byte, a *canteen.Application) {
	if a.State.String() == "" || len(a.History) == 0 {
		c.wrong(applications, k, "the application is in state %d with %d lines of history", a.State, len(a.History))
		return
	}
	if a.State == canteen.Validated && a.Pupil == 0 {
		c.wrong(applications, k, "it was accepted and has no pupil")
	}
	if a.Submitted.IsZero() != a.Receipt.IsZero() {
		c.wrong(applications, k, "submitted at %s with receipt %q", a.Submitted, a.Receipt)
		return
	}
	if a.Receipt.IsZero() {
		if a.State != canteen.Draft && a.State != canteen.Withdrawn {
			c.wrong(applications, k, "it is %s and has no receipt", a.State)
		}
		return
	}
	key := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint16(nil, a.Receipt.Year), a.Receipt.N)
	raw := c.value(receipts, key)
	if raw == nil {
		c.wrong(applications, k, "its receipt %s does not exist", a.Receipt)
		return
	}
	if r, ok := asJSON[Receipt](c, receipts, key, raw); ok && (r.Application != a.Handle || !r.Received.Equal(a.Submitted)) {
		c.wrong(applications, k, "its receipt %s is of application %q, received at %s", a.Receipt, r.Application, r.Received)
	}
}

// applicationReceipts: each receipt of an application has the application, whose
// last one may be newer.
func (c *checker) applicationReceipts() {
	c.each(receipts, nil, func(k, v []byte) {
		r, ok := asJSON[Receipt](c, receipts, k, v)
		if !ok || r.Kind != ReceiptApplication {
			return
		}
		if len(r.Application) != handleSize || c.value(applications, []byte(r.Application)) == nil {
			c.wrong(receipts, k, "receipt %s is of the unknown application %q", r.Number, r.Application)
		}
		if r.Due.IsZero() {
			c.wrong(receipts, k, "receipt %s names no last day for the answer", r.Number)
		}
	})
}
