package store

import (
	"encoding/binary"

	"refettorio/canteen"
)

// Keys are fixed-width, big-endian parts, so that the order of bytes is the
// order of the things. Each has its reader beside it where one is needed.

var be = binary.BigEndian

func key16(v uint16) []byte { return be.AppendUint16(nil, v) }
func key32(v uint32) []byte { return be.AppendUint32(nil, v) }
func key64(v uint64) []byte { return be.AppendUint64(nil, v) }

func keyDay(d canteen.Date) []byte { return key32(uint32(d)) }

func dayOfKey(k []byte) canteen.Date { return canteen.Date(be.Uint32(k)) }

func keyPAN(p canteen.PAN) []byte { return key64(uint64(p)) }

// panAtEnd reads the PAN in the last 8 bytes of a key.
func panAtEnd(k []byte) canteen.PAN { return canteen.PAN(be.Uint64(k[len(k)-8:])) }

func keyDaySchool(d canteen.Date, s canteen.SchoolID) []byte {
	return be.AppendUint16(keyDay(d), uint16(s))
}

func keyCommunication(d canteen.Date, s canteen.SchoolID, p canteen.PAN) []byte {
	return be.AppendUint64(be.AppendUint16(be.AppendUint32(make([]byte, 0, 14), uint32(d)), uint16(s)), uint64(p))
}

func keyRegister(d canteen.Date, c canteen.ClassID) []byte {
	return be.AppendUint32(be.AppendUint32(make([]byte, 0, 8), uint32(d)), uint32(c))
}

func keySheet(d canteen.Date, k canteen.KitchenID, version int) []byte {
	return be.AppendUint16(be.AppendUint16(keyDay(d), uint16(k)), uint16(version))
}

func keyAccount(c canteen.ClassID, p canteen.PAN) []byte {
	return be.AppendUint64(be.AppendUint32(make([]byte, 0, 12), uint32(c)), uint64(p))
}

func keyEnrolment(c canteen.ClassID, p canteen.PAN, from canteen.Date) []byte {
	k := be.AppendUint64(be.AppendUint32(make([]byte, 0, 16), uint32(c)), uint64(p))
	return be.AppendUint32(k, uint32(from))
}

// enrolmentKeyParts reads a key of enrolments.
func enrolmentKeyParts(k []byte) (canteen.ClassID, canteen.PAN, canteen.Date) {
	return canteen.ClassID(be.Uint32(k)), canteen.PAN(be.Uint64(k[4:])), canteen.Date(be.Uint32(k[12:]))
}

func keyEnrolmentByPAN(p canteen.PAN, from canteen.Date, c canteen.ClassID) []byte {
	k := be.AppendUint64(make([]byte, 0, 16), uint64(p))
	return be.AppendUint32(be.AppendUint32(k, uint32(from)), uint32(c))
}

func keyReceipt(n canteen.ReceiptNumber) []byte {
	return be.AppendUint32(key16(n.Year), n.N)
}

// keyCF pads a codice fiscale (16 or 11 characters) to its fixed width. It is
// kept as written: omocodia exists because two people have one base form.
func keyCF(cf canteen.CodiceFiscale) []byte {
	k := make([]byte, 16, 24)
	copy(k, cf)
	return k
}

func keyHandle(handle string) []byte {
	k := make([]byte, 16, 24)
	copy(k, handle)
	return k
}

func keyName(folded string, p canteen.PAN) []byte {
	k := append(make([]byte, 0, len(folded)+9), folded...)
	return be.AppendUint64(append(k, 0), uint64(p))
}

func keyPersonName(folded string, g canteen.GuardianID) []byte {
	k := append(make([]byte, 0, len(folded)+9), folded...)
	return be.AppendUint64(append(k, 0), uint64(g))
}
