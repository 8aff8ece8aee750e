package store

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
	"time"

	"refettorio/canteen"
)

// Every binary form is read by two decoders that share no code, the store's and
// the check's. Both must give back what was written, and neither may fall over
// bytes nobody wrote.

func FuzzAccount_roundTrip(f *testing.F) {
	f.Add(int64(0), uint32(0), uint8(0))
	f.Add(int64(-15_01), uint32(7), uint8(0b00111))
	f.Add(int64(-1<<63), uint32(1<<32-1), uint8(31))
	f.Fuzz(func(t *testing.T, balance int64, lines uint32, spoken uint8) {
		want := account{canteen.Cents(balance), lines, canteen.Spoken(spoken % 32)}
		v := want.appendTo(nil)
		got, err := decodeAccount(v)
		if err != nil || got != want || len(v) != accountSize {
			t.Errorf("%+v reads back as %+v, %v (%d bytes)", want, got, err, len(v))
		}
		again, ok := readAccount(v)
		if !ok || again != checkedAccount(want) {
			t.Errorf("the check reads %+v as %+v, %t", want, again, ok)
		}
	})
}

func FuzzCommunication_roundTrip(f *testing.F) {
	f.Add(uint8(1), instant(monday, "09:15:00.250").UnixNano(), uint16(2026), uint32(4183))
	f.Add(uint8(0), int64(-1), uint16(0), uint32(1<<32-1))
	f.Fuzz(func(t *testing.T, kind uint8, received int64, year uint16, n uint32) {
		want := canteen.Communication{Kind: canteen.Absence + canteen.CommunicationKind(kind%2),
			Received: time.Unix(0, received).UTC(), Receipt: canteen.ReceiptNumber{Year: year, N: n}}
		v := encodeCommunication(want)
		if got, err := decodeCommunication(v); err != nil || got != want {
			t.Errorf("%+v reads back as %+v, %v", want, got, err)
		}
		got, ok := readCommunication(v)
		if got.Received = got.Received.UTC(); !ok || got != want {
			t.Errorf("the check reads %+v as %+v, %t", want, got, ok)
		}
	})
}

// sincesOf makes a history out of bytes: days that grow, codes of 0 to 12 letters.
func sincesOf(seed []byte) (list []canteen.Since) {
	day := canteen.Date(20260901)
	for i, b := range seed {
		if i == 200 {
			break
		}
		day += canteen.Date(1 + b>>4)
		list = append(list, canteen.Since{From: day, Code: "ABCDEFGHIJKL"[:b%13]})
	}
	return list
}

func FuzzEnrolment_roundTrip(f *testing.F) {
	f.Add(uint32(3), uint64(0x2111111150000000), uint32(20260901), uint32(0), uint8(3), uint8(0), uint8(0), false, []byte{}, []byte{})
	f.Add(uint32(3), uint64(0x2111111150000000), uint32(20260901), uint32(20270131), uint8(5), uint8(1), uint8(2), true, []byte{3, 0x25, 0}, []byte{0x1c})
	f.Add(uint32(1<<32-1), uint64(1), uint32(20260901), uint32(20260901), uint8(1), uint8(127), uint8(255), true, bytes.Repeat([]byte{0xff}, 200), []byte{0})
	f.Fuzz(func(t *testing.T, class uint32, pan uint64, from, until uint32, state, weekdays, rank uint8, outside bool, bands, diets []byte) {
		want := canteen.Enrolment{Class: canteen.ClassID(class), Pupil: canteen.PAN(pan), From: canteen.Date(from), Until: canteen.Date(until),
			State: canteen.Draft + canteen.EnrolmentState(state%5), Weekdays: canteen.Weekdays(weekdays), Rank: rank, Outside: outside,
			Bands: sincesOf(bands), Diets: sincesOf(diets)}
		if want.Until < want.From {
			want.Until = 0
		}
		k, v := keyEnrolment(want.Class, want.Pupil, want.From), encodeEnrolment(&want)
		got := canteen.Enrolment{Bands: []canteen.Since{{From: 1, Code: "old"}}} // what the one before left
		if err := decodeEnrolment(k, v, &got, &interner{}); err != nil || !sameEnrolment(got, want) {
			t.Errorf("%+v reads back as %+v, %v", want, got, err)
		}
		again, ok := readEnrolment(k, v, map[string]string{})
		if !ok || !sameEnrolment(again, want) {
			t.Errorf("the check reads %+v as %+v, %t", want, again, ok)
		}
	})
}

func sameEnrolment(a, b canteen.Enrolment) bool {
	same := slices.Equal(a.Bands, b.Bands) && slices.Equal(a.Diets, b.Diets)
	a.Bands, a.Diets, b.Bands, b.Diets = nil, nil, nil, nil
	return same && reflect.DeepEqual(a, b)
}

// ordersOf makes the orders of a class out of bytes, in order of PAN.
func ordersOf(seed []byte) (list []canteen.Order) {
	diets := []string{"", "SG", "NM", "LATTOSIO-ABC"}
	for i := 0; i+3 <= len(seed) && len(list) < 60; i += 3 {
		o := canteen.Order{Pupil: canteen.PAN(i+1) << 40, Meal: canteen.MealAbsent + canteen.Meal(seed[i]%4), Diet: diets[seed[i]/4%4],
			Price: canteen.Cents(seed[i+1]) * 37, Rate: seed[i+2], Line: uint32(seed[i+2]) << seed[i]}
		o.Balance = canteen.Cents(int8(seed[i+1])) * canteen.Cents(seed[i+2]) * 1_000_003
		list = append(list, o)
	}
	return list
}

func FuzzRegister_roundTrip(f *testing.F) {
	f.Add(uint16(2), uint16(3), int64(1791703800000), []byte{})
	f.Add(uint16(2), uint16(0), int64(1791703800000), []byte{1, 2, 3, 0xff, 0xfe, 0x80, 6, 7, 8, 13, 200, 1})
	f.Add(uint16(1<<16-1), uint16(1<<16-1), int64(0), bytes.Repeat([]byte{0xff, 0x80, 0x7f}, 60))
	f.Fuzz(func(t *testing.T, tariff, staff uint16, closed int64, seed []byte) {
		closed %= 1 << 45
		want := canteen.Register{Day: monday, Class: 7, Tariff: tariff, Staff: int(staff), Closed: time.UnixMilli(closed).UTC(), Orders: ordersOf(seed)}
		v, err := encodeRegister(nil, &want)
		if err != nil {
			t.Fatalf("encode %+v: %v", want, err)
		}
		view, err := viewRegister(v)
		if err != nil {
			t.Fatalf("read %+v: %v", want, err)
		}
		got := view.decode(monday, 7)
		if orders := got.Orders; !slices.Equal(orders, want.Orders) || got.Tariff != want.Tariff || got.Staff != want.Staff || !got.Closed.Equal(want.Closed) {
			t.Errorf("%+v reads back as %+v", want, got)
		}
		for _, o := range want.Orders {
			if found, ok := view.find(o.Pupil); !ok || found != o {
				t.Errorf("order %+v is found as %+v, %t", o, found, ok)
			}
		}
		again, ok := readRegister(v)
		if !ok || again.len() != len(want.Orders) || again.tariff != tariff || again.staff != int(staff) || !again.closed.Equal(want.Closed) {
			t.Errorf("the check reads %+v as %+v, %t", want, again, ok)
		}
		for i, o := range want.Orders {
			if got, ok := again.order(i); !ok || got != o {
				t.Errorf("the check reads order %+v as %+v, %t", o, got, ok)
			}
		}
	})
}

func TestRegister_refusesWhatDoesNotFit(t *testing.T) {
	for name, r := range map[string]canteen.Register{
		"pupils": {Orders: make([]canteen.Order, 1<<16)}, "adults": {Staff: 1 << 16},
	} {
		if _, err := encodeRegister(nil, &r); err == nil {
			t.Errorf("a register with too many %s was encoded", name)
		}
	}
}

// FuzzDecoders_standAnyBytes: a decoder says no, it does not fall over; what the
// check accepts the store reads as the same.
func FuzzDecoders_standAnyBytes(f *testing.F) {
	reg, err := encodeRegister(nil, &canteen.Register{Tariff: 2, Orders: ordersOf([]byte{6, 7, 8, 13, 200, 1})})
	if err != nil {
		f.Fatal(err)
	}
	e := canteen.Enrolment{State: canteen.Validated, Bands: sincesOf([]byte{5, 9}), Diets: sincesOf([]byte{0x43})}
	key := keyEnrolment(1, canteen.NewPAN(1), 20260901)
	for _, v := range [][]byte{{}, {1}, reg, reg[:len(reg)-1], encodeEnrolment(&e), account{balance: -1, lines: 2}.appendTo(nil),
		encodeCommunication(canteen.Communication{Kind: canteen.White})} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v []byte) {
		if a, ok := readAccount(v); ok {
			if b, err := decodeAccount(v); err != nil || b.balance != a.balance || b.lines != a.lines || b.spoken != a.spoken {
				t.Errorf("%x: the check reads %+v and the store %+v, %v", v, a, b, err)
			}
		}
		if a, ok := readCommunication(v); ok {
			if b, err := decodeCommunication(v); err != nil || b.Kind != a.Kind || !b.Received.Equal(a.Received) || b.Receipt != a.Receipt {
				t.Errorf("%x: the check reads %+v and the store %+v, %v", v, a, b, err)
			}
		}
		var b canteen.Enrolment
		err := decodeEnrolment(key, v, &b, &interner{})
		if a, ok := readEnrolment(key, v, map[string]string{}); ok && (err != nil || !sameEnrolment(a, b)) {
			t.Errorf("%x: the check reads %+v and the store %+v, %v", v, a, b, err)
		}
		view, err := viewRegister(v)
		a, ok := readRegister(v)
		if ok != (err == nil) {
			t.Fatalf("%x: a register for the check is %t, for the store %v", v, ok, err)
		}
		if !ok {
			return
		}
		for i := range a.len() {
			if o, fits := a.order(i); fits && o != view.order(i) {
				t.Errorf("%x: the check reads order %+v and the store %+v", v, o, view.order(i))
			}
		}
	})
}
