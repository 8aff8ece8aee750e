package store

import (
	"bytes"
	"cmp"
	"testing"

	"refettorio/canteen"
)

// keyParts are the parts of which keys are made.
type keyParts struct {
	day, from uint32
	school    uint16
	class     uint32
	pan       uint64
	version   uint16
}

// fixedKeys are the keys of several parts: how each is made, and how the things
// it stands for are ordered.
var fixedKeys = []struct {
	table table
	key   func(p keyParts) []byte
	order func(a, b keyParts) int
}{
	{communications, func(p keyParts) []byte {
		return keyCommunication(canteen.Date(p.day), canteen.SchoolID(p.school), canteen.PAN(p.pan))
	}, func(a, b keyParts) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.school, b.school), cmp.Compare(a.pan, b.pan))
	}},
	{registers, func(p keyParts) []byte { return keyRegister(canteen.Date(p.day), canteen.ClassID(p.class)) },
		func(a, b keyParts) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.class, b.class)) }},
	{closings, func(p keyParts) []byte { return keyDaySchool(canteen.Date(p.day), canteen.SchoolID(p.school)) },
		func(a, b keyParts) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.school, b.school)) }},
	{days, func(p keyParts) []byte { return keyDay(canteen.Date(p.day)) },
		func(a, b keyParts) int { return cmp.Compare(a.day, b.day) }},
	{sheets, func(p keyParts) []byte {
		return keySheet(canteen.Date(p.day), canteen.KitchenID(p.school), int(p.version))
	}, func(a, b keyParts) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.school, b.school), cmp.Compare(a.version, b.version))
	}},
	{accounts, func(p keyParts) []byte { return keyAccount(canteen.ClassID(p.class), canteen.PAN(p.pan)) },
		func(a, b keyParts) int { return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.pan, b.pan)) }},
	{enrolments, func(p keyParts) []byte {
		return keyEnrolment(canteen.ClassID(p.class), canteen.PAN(p.pan), canteen.Date(p.from))
	}, func(a, b keyParts) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.pan, b.pan), cmp.Compare(a.from, b.from))
	}},
	{enrolmentsByPAN, func(p keyParts) []byte {
		return keyEnrolmentByPAN(canteen.PAN(p.pan), canteen.Date(p.from), canteen.ClassID(p.class))
	}, func(a, b keyParts) int {
		return cmp.Or(cmp.Compare(a.pan, b.pan), cmp.Compare(a.from, b.from), cmp.Compare(a.class, b.class))
	}},
	{receipts, func(p keyParts) []byte { return keyReceipt(canteen.ReceiptNumber{Year: p.version, N: p.class}) },
		func(a, b keyParts) int {
			return cmp.Or(cmp.Compare(a.version, b.version), cmp.Compare(a.class, b.class))
		}},
	{pupils, func(p keyParts) []byte { return keyPAN(canteen.PAN(p.pan)) },
		func(a, b keyParts) int { return cmp.Compare(a.pan, b.pan) }},
}

func sign(n int) int { return cmp.Compare(n, 0) }

func FuzzKeys_orderOfBytesIsOrderOfThings(f *testing.F) {
	f.Add(uint32(20261012), uint32(20260901), uint16(1), uint32(1), uint64(0x2111111150000000), uint16(1),
		uint32(20261013), uint32(20260902), uint16(2), uint32(256), uint64(0x2111111160000000), uint16(2))
	f.Add(uint32(20261012), uint32(20260901), uint16(255), uint32(255), uint64(1), uint16(255),
		uint32(20261012), uint32(20260901), uint16(256), uint32(256), uint64(256), uint16(256))
	f.Add(uint32(20261012), uint32(20260901), uint16(7), uint32(1<<31), uint64(1<<63), uint16(1),
		uint32(20261012), uint32(20260901), uint16(7), uint32(1<<31-1), uint64(1<<63-1), uint16(1))
	f.Fuzz(func(t *testing.T, d1, f1 uint32, s1 uint16, c1 uint32, p1 uint64, v1 uint16,
		d2, f2 uint32, s2 uint16, c2 uint32, p2 uint64, v2 uint16) {
		a, b := keyParts{d1, f1, s1, c1, p1, v1}, keyParts{d2, f2, s2, c2, p2, v2}
		for _, k := range fixedKeys {
			ka, kb := k.key(a), k.key(b)
			if got, want := sign(bytes.Compare(ka, kb)), sign(k.order(a, b)); got != want {
				t.Errorf("%s: keys %x and %x compare %d, their things %d", k.table.name, ka, kb, got, want)
			}
		}
	})
}

func FuzzKeys_readBack(f *testing.F) {
	f.Add(uint32(20261012), uint32(20260901), uint16(1), uint32(1), uint64(0x2111111150000000), uint16(1))
	f.Add(uint32(0), uint32(1<<32-1), uint16(1<<16-1), uint32(1<<32-1), uint64(1<<64-1), uint16(0))
	f.Fuzz(func(t *testing.T, day, from uint32, school uint16, class uint32, pan uint64, version uint16) {
		k := keyEnrolment(canteen.ClassID(class), canteen.PAN(pan), canteen.Date(from))
		if c, p, d := enrolmentKeyParts(k); c != canteen.ClassID(class) || p != canteen.PAN(pan) || d != canteen.Date(from) {
			t.Errorf("enrolment %d %d %d reads back as %d %d %d", class, pan, from, c, p, d)
		}
		if got := dayOfKey(keyRegister(canteen.Date(day), canteen.ClassID(class))); got != canteen.Date(day) {
			t.Errorf("day %d reads back as %d", day, got)
		}
		for _, k := range [][]byte{
			keyCommunication(canteen.Date(day), canteen.SchoolID(school), canteen.PAN(pan)),
			keyAccount(canteen.ClassID(class), canteen.PAN(pan)), keyName("verdi\x1faria", canteen.PAN(pan)),
		} {
			if got := panAtEnd(k); got != canteen.PAN(pan) {
				t.Errorf("PAN %d reads back from %x as %d", pan, k, got)
			}
		}
	})
}

// FuzzKeyName_keepsPeopleApart: namesakes stand side by side, in order of PAN,
// and a name is never taken for the beginning of another's.
func FuzzKeyName_keepsPeopleApart(f *testing.F) {
	f.Add("Rossi", "Anna", uint64(7), "Rossi", "Anna", uint64(8))
	f.Add("Rossi", "Anna", uint64(9), "Rossi Bianchi", "Anna", uint64(8))
	f.Add("D'Amico", "Zoé", uint64(1), "Damico", "Zoe", uint64(0xff00000000000000))
	f.Fuzz(func(t *testing.T, surname1, name1 string, p1 uint64, surname2, name2 string, p2 uint64) {
		a, b := canteen.FoldKey(surname1, name1), canteen.FoldKey(surname2, name2)
		got := sign(bytes.Compare(keyName(a, canteen.PAN(p1)), keyName(b, canteen.PAN(p2))))
		if want := sign(cmp.Or(cmp.Compare(a, b), cmp.Compare(p1, p2))); got != want {
			t.Errorf("%q %d and %q %d compare %d, want %d", a, p1, b, p2, got, want)
		}
	})
}

func TestKeys_fitTheCheck(t *testing.T) {
	pan := canteen.NewPAN(42)
	for _, c := range []struct {
		table table
		key   []byte
		fits  bool
	}{
		{closings, keyDaySchool(monday, 1), true},
		{closings, keyDay(monday), false},
		{closings, keyDaySchool(20260230, 1), false},
		{days, keyDay(monday), true},
		{days, keyDay(0), false},
		{pupils, keyPAN(pan), true},
		{pupils, keyPAN(pan | 0xf), false},
		{pupils, key64(5), false},
		{pupilsByName, keyName("verdi\x1faria", pan), true},
		{pupilsByName, keyName("", pan), false},
		{pupilsByName, keyPAN(pan), false},
		{guardiansByCF, append(keyCF("ABCDEF12G34H567I"), key64(1)...), true},
		{guardiansByCF, key64(1), false},
		{years, []byte("2026/27"), true},
		{years, []byte("2026/2027"), false},
		{metas, []byte("version"), true},
		{metas, []byte("versions"), false},
		{users, []byte("maria.rossi"), true},
		{users, []byte{0xff, 0xfe}, false},
		{tokens, make([]byte, 32), true},
		{once, make([]byte, 15), false},
	} {
		if got := keyFits(c.table, c.key); got != c.fits {
			t.Errorf("keyFits(%s, %x) = %t, want %t", c.table.name, c.key, got, c.fits)
		}
	}
}
