package store

import (
	"errors"
	"math"
	"time"

	"refettorio/canteen"
)

// The hot records have a fixed binary form with a version byte in front: they
// are written once per pupil or class and day (performance.md has the prices).
// Parts that are in the key are not repeated. Fields are only ever added at the
// end, under a new version.

var errShort = errors.New("shorter than its form")

const (
	accountForm       = 1
	communicationForm = 1
	enrolmentForm     = 1
	registerForm      = 1
)

// account is the state of a pupil's ledger: a cache of its lines, written in
// the same transaction and recomputed by check.
type account struct {
	balance canteen.Cents
	lines   uint32 // how many lines it has: the last line's number
	spoken  canteen.Spoken
}

const accountSize = 1 + 8 + 4 + 1

func (a account) appendTo(v []byte) []byte {
	v = be.AppendUint64(append(v, accountForm), uint64(a.balance))
	return append(be.AppendUint32(v, a.lines), byte(a.spoken))
}

func decodeAccount(v []byte) (account, error) {
	if len(v) < accountSize || v[0] != accountForm {
		return account{}, errShort
	}
	return account{balance: canteen.Cents(be.Uint64(v[1:])), lines: be.Uint32(v[9:]), spoken: canteen.Spoken(v[13])}, nil
}

const communicationSize = 1 + 1 + 8 + 2 + 4

func encodeCommunication(c canteen.Communication) []byte {
	v := append(make([]byte, 0, communicationSize), communicationForm, byte(c.Kind))
	v = be.AppendUint64(v, uint64(c.Received.UnixNano()))
	return be.AppendUint32(be.AppendUint16(v, c.Receipt.Year), c.Receipt.N)
}

func decodeCommunication(v []byte) (canteen.Communication, error) {
	if len(v) < communicationSize || v[0] != communicationForm {
		return canteen.Communication{}, errShort
	}
	return canteen.Communication{Kind: canteen.CommunicationKind(v[1]),
		Received: time.Unix(0, int64(be.Uint64(v[2:]))).UTC(),
		Receipt:  canteen.ReceiptNumber{Year: be.Uint16(v[10:]), N: be.Uint32(v[12:])}}, nil
}

// encodeEnrolment writes what the key (class, pupil, from) does not say.
func encodeEnrolment(e *canteen.Enrolment) []byte {
	v := append(make([]byte, 0, 40), enrolmentForm, byte(e.State))
	v = be.AppendUint32(v, uint32(e.Until))
	var outside byte
	if e.Outside {
		outside = 1
	}
	v = append(v, byte(e.Weekdays), e.Rank, outside)
	return appendSinces(appendSinces(v, e.Bands), e.Diets)
}

func appendSinces(v []byte, list []canteen.Since) []byte {
	v = append(v, byte(len(list)))
	for _, s := range list {
		v = be.AppendUint32(v, uint32(s.From))
		v = append(append(v, byte(len(s.Code))), s.Code...)
	}
	return v
}

// decodeEnrolment fills e, reusing its lists, so that a close decodes without
// allocating; intern keeps one string per code.
func decodeEnrolment(k, v []byte, e *canteen.Enrolment, intern *interner) error {
	if len(v) < 10 || v[0] != enrolmentForm || len(k) != 16 {
		return errShort
	}
	e.Class, e.Pupil, e.From = enrolmentKeyParts(k)
	e.State = canteen.EnrolmentState(v[1])
	e.Until = canteen.Date(be.Uint32(v[2:]))
	e.Weekdays, e.Rank, e.Outside = canteen.Weekdays(v[6]), v[7], v[8] == 1
	var ok bool
	if e.Bands, v, ok = readSinces(e.Bands[:0], v[9:], intern); !ok {
		return errShort
	}
	if e.Diets, _, ok = readSinces(e.Diets[:0], v, intern); !ok {
		return errShort
	}
	return nil
}

func readSinces(list []canteen.Since, v []byte, intern *interner) ([]canteen.Since, []byte, bool) {
	if len(v) < 1 {
		return list, v, false
	}
	n := int(v[0])
	v = v[1:]
	for range n {
		if len(v) < 5 || len(v) < 5+int(v[4]) {
			return list, v, false
		}
		end := 5 + int(v[4])
		list = append(list, canteen.Since{From: canteen.Date(be.Uint32(v)), Code: intern.of(v[5:end])})
		v = v[end:]
	}
	return list, v, true
}

// interner keeps one string for each code it meets.
type interner struct{ seen map[string]string }

func (n *interner) of(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := n.seen[string(b)]; ok {
		return s
	}
	if n.seen == nil {
		n.seen = map[string]string{}
	}
	s := string(b)
	n.seen[s] = s
	return s
}

// orderSize is the length of one order in a register: pupil(8) meal(1) diet(1)
// price(4) rate(1) line(4) balance(8). The diet is a place in the register's
// own list of codes, 0 for none.
const orderSize = 8 + 1 + 1 + 4 + 1 + 4 + 8

// registerHead is the length before the list of codes: form(1) tariff(2)
// staff(2) closed(8) orders(2) codes(1).
const registerHead = 1 + 2 + 2 + 8 + 2 + 1

// encodeRegister appends a register to v. The day and the class are in its key
// and the school in the class.
func encodeRegister(v []byte, r *canteen.Register) ([]byte, error) {
	codes := make([]string, 0, 8)
	places := make([]byte, len(r.Orders))
	for i := range r.Orders {
		places[i] = place(&codes, r.Orders[i].Diet)
	}
	if len(r.Orders) > math.MaxUint16 || len(codes) > 255 || r.Staff > math.MaxUint16 {
		return nil, errors.New("a class too large for a register")
	}
	v = be.AppendUint16(append(v, registerForm), r.Tariff)
	v = be.AppendUint64(be.AppendUint16(v, uint16(r.Staff)), uint64(r.Closed.UnixMilli()))
	v = append(be.AppendUint16(v, uint16(len(r.Orders))), byte(len(codes)))
	for _, c := range codes {
		v = append(append(v, byte(len(c))), c...)
	}
	for i := range r.Orders {
		o := &r.Orders[i]
		v = be.AppendUint64(v, uint64(o.Pupil))
		v = append(v, byte(o.Meal), places[i])
		v = append(be.AppendUint32(v, uint32(o.Price)), o.Rate)
		v = be.AppendUint64(be.AppendUint32(v, o.Line), uint64(o.Balance))
	}
	return v, nil
}

func place(codes *[]string, code string) byte {
	if code == "" {
		return 0
	}
	for i, c := range *codes {
		if c == code {
			return byte(i + 1)
		}
	}
	*codes = append(*codes, code)
	return byte(len(*codes))
}

// registerView reads a register without decoding it whole.
type registerView struct {
	head   []byte
	codes  []string
	orders []byte
}

func viewRegister(v []byte) (registerView, error) {
	if len(v) < registerHead || v[0] != registerForm {
		return registerView{}, errShort
	}
	r := registerView{head: v[:registerHead]}
	n, rest := int(be.Uint16(v[13:])), v[registerHead:]
	for range int(v[15]) {
		if len(rest) < 1 || len(rest) < 1+int(rest[0]) {
			return registerView{}, errShort
		}
		end := 1 + int(rest[0])
		r.codes = append(r.codes, string(rest[1:end]))
		rest = rest[end:]
	}
	if len(rest) != n*orderSize {
		return registerView{}, errShort
	}
	r.orders = rest
	return r, nil
}

func (r *registerView) tariff() uint16 { return be.Uint16(r.head[1:]) }
func (r *registerView) staff() int     { return int(be.Uint16(r.head[3:])) }
func (r *registerView) closed() time.Time {
	return time.UnixMilli(int64(be.Uint64(r.head[5:]))).UTC()
}
func (r *registerView) len() int { return len(r.orders) / orderSize }

func (r *registerView) pupil(i int) canteen.PAN {
	return canteen.PAN(be.Uint64(r.orders[i*orderSize:]))
}

func (r *registerView) order(i int) canteen.Order {
	v := r.orders[i*orderSize : (i+1)*orderSize]
	o := canteen.Order{Pupil: canteen.PAN(be.Uint64(v)), Meal: canteen.Meal(v[8]),
		Price: canteen.Cents(be.Uint32(v[10:])), Rate: v[14], Line: be.Uint32(v[15:]), Balance: canteen.Cents(be.Uint64(v[19:]))}
	if d := int(v[9]); d > 0 && d <= len(r.codes) {
		o.Diet = r.codes[d-1]
	}
	return o
}

// find returns the order of a pupil; orders are in order of PAN.
func (r *registerView) find(p canteen.PAN) (canteen.Order, bool) {
	lo, hi := 0, r.len()
	for lo < hi {
		mid := (lo + hi) / 2
		switch got := r.pupil(mid); {
		case got == p:
			return r.order(mid), true
		case got < p:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return canteen.Order{}, false
}
