package store

import (
	"encoding/binary"
	"time"

	"refettorio/canteen"
)

// The decoders of the check, written from the forms as codec.go documents them
// and not from its code. They are stricter: a record has its length to the
// byte.

type checkedAccount struct {
	balance canteen.Cents
	lines   uint32
	spoken  canteen.Spoken
}

// readAccount: form(1) balance(8) lines(4) spoken(1).
func readAccount(v []byte) (a checkedAccount, ok bool) {
	if len(v) != 14 || v[0] != 1 || v[13] >= 32 {
		return a, false
	}
	return checkedAccount{canteen.Cents(binary.BigEndian.Uint64(v[1:9])), binary.BigEndian.Uint32(v[9:13]), canteen.Spoken(v[13])}, true
}

// readCommunication: form(1) kind(1) received(8, nanoseconds) year(2) number(4).
func readCommunication(v []byte) (said canteen.Communication, ok bool) {
	if len(v) != 16 || v[0] != 1 {
		return said, false
	}
	said.Kind = canteen.CommunicationKind(v[1])
	said.Received = time.Unix(0, int64(binary.BigEndian.Uint64(v[2:10])))
	said.Receipt = canteen.ReceiptNumber{Year: binary.BigEndian.Uint16(v[10:12]), N: binary.BigEndian.Uint32(v[12:16])}
	return said, said.Kind == canteen.Absence || said.Kind == canteen.White
}

// readEnrolment: key class(4) pupil(8) from(4); value form(1) state(1) until(4)
// weekdays(1) rank(1) outside(1), then bands and diets, each count(1) and
// entries from(4) length(1) code.
func readEnrolment(k, v []byte, codes map[string]string) (e canteen.Enrolment, ok bool) {
	if len(k) != 16 || len(v) < 11 || v[0] != 1 || v[8] > 1 {
		return e, false
	}
	e = canteen.Enrolment{
		Class: canteen.ClassID(binary.BigEndian.Uint32(k)), Pupil: canteen.PAN(binary.BigEndian.Uint64(k[4:])),
		From: canteen.Date(binary.BigEndian.Uint32(k[12:])), State: canteen.EnrolmentState(v[1]),
		Until:    canteen.Date(binary.BigEndian.Uint32(v[2:])),
		Weekdays: canteen.Weekdays(v[6]), Rank: v[7], Outside: v[8] == 1}
	rest := v[9:]
	if e.Bands, rest, ok = readHistory(rest, codes); !ok {
		return e, false
	}
	e.Diets, rest, ok = readHistory(rest, codes)
	return e, ok && len(rest) == 0 && e.State.String() != "" && (e.Until == 0 || e.Until >= e.From)
}

// readHistory reads a list of codes in force, which must be in order of day.
func readHistory(v []byte, codes map[string]string) (list []canteen.Since, rest []byte, ok bool) {
	if len(v) == 0 {
		return nil, v, false
	}
	n, v := int(v[0]), v[1:]
	var before canteen.Date
	for range n {
		if len(v) < 5 || len(v) < 5+int(v[4]) {
			return nil, v, false
		}
		from, size := canteen.Date(binary.BigEndian.Uint32(v)), int(v[4])
		if from <= before {
			return nil, v, false
		}
		code, known := codes[string(v[5:5+size])]
		if !known {
			code = string(v[5 : 5+size])
			codes[code] = code
		}
		list, before, v = append(list, canteen.Since{From: from, Code: code}), from, v[5+size:]
	}
	return list, v, true
}

// checkedRegister is a register as it lies in the file: form(1) tariff(2)
// staff(2) closed(8, milliseconds) orders(2) codes(1), the codes as length(1)
// and text, then per order pupil(8) meal(1) diet(1) price(4) rate(1) line(4)
// balance(8).
type checkedRegister struct {
	tariff uint16
	staff  int
	closed time.Time
	codes  []string
	raw    []byte
}

const rawOrder = 27

func readRegister(v []byte) (r checkedRegister, ok bool) {
	if len(v) < 16 || v[0] != 1 {
		return r, false
	}
	r.tariff, r.staff = binary.BigEndian.Uint16(v[1:]), int(binary.BigEndian.Uint16(v[3:]))
	r.closed = time.UnixMilli(int64(binary.BigEndian.Uint64(v[5:])))
	n, codes, rest := int(binary.BigEndian.Uint16(v[13:])), int(v[15]), v[16:]
	for range codes {
		if len(rest) == 0 || len(rest) < 1+int(rest[0]) {
			return r, false
		}
		r.codes = append(r.codes, string(rest[1:1+int(rest[0])]))
		rest = rest[1+int(rest[0]):]
	}
	r.raw = rest
	return r, len(rest) == n*rawOrder
}

func (r *checkedRegister) len() int { return len(r.raw) / rawOrder }

// order reads the order at a place; ok is false when its parts are impossible.
func (r *checkedRegister) order(i int) (o canteen.Order, ok bool) {
	v := r.raw[i*rawOrder : (i+1)*rawOrder]
	o.Pupil, o.Meal = canteen.PAN(binary.BigEndian.Uint64(v)), canteen.Meal(v[8])
	o.Price, o.Rate = canteen.Cents(binary.BigEndian.Uint32(v[10:])), v[14]
	o.Line, o.Balance = binary.BigEndian.Uint32(v[15:]), canteen.Cents(binary.BigEndian.Uint64(v[19:]))
	diet := int(v[9])
	if o.Meal.String() == "" || diet > len(r.codes) {
		return o, false
	}
	if diet > 0 {
		o.Diet = r.codes[diet-1]
	}
	return o, true
}
