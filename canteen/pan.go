package canteen

import "strings"

// PAN is a pupil's code in the service: a string of 1 to 16 digits, leading
// zeros included. It has no meaning inside and is no secret: it pairs people and
// payments (mission 3). The zero PAN is "no code".
//
// The digits are packed from the left into 64 bits, four bits each, digit d as
// d+1, so that the length is kept and the order of the numbers is the order of
// the strings.
type PAN uint64

const panDigits = 16

// ParsePAN reads 1 to 16 digits, with spaces around them at most. Codes made by
// other programs are kept as they are, so no check digit is asked for. The error
// key is "error.pan".
func ParsePAN(s string) (PAN, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > panDigits {
		return 0, Invalid("", "error.pan")
	}
	var p PAN
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, Invalid("", "error.pan")
		}
		p |= PAN(d+1) << (60 - 4*i)
	}
	return p, nil
}

// The codes made here: eight digits and their check digit.
const (
	ownDigits = 8
	ownCodes  = 100_000_000
)

// NewPAN makes the code of a number: its last eight digits and a Luhn check
// digit. Numbers that differ by a multiple of a hundred million give the same
// code; whoever hands out codes checks that a code is new.
func NewPAN(n uint64) PAN {
	var text [ownDigits]byte
	n %= ownCodes
	for i := ownDigits - 1; i >= 0; i-- {
		text[i] = '0' + byte(n%10)
		n /= 10
	}
	body := string(text[:])
	p, err := ParsePAN(body + string(Luhn(body)))
	if err != nil {
		panic("canteen: a new PAN cannot be read back: " + err.Error())
	}
	return p
}

// ValidCheck tells whether the code has the form of those made here, nine digits
// with the right check digit. Imported codes need not.
func (p PAN) ValidCheck() bool {
	s := p.String()
	return len(s) == ownDigits+1 && Luhn(s[:ownDigits]) == s[ownDigits]
}

// String writes the digits; no code is "".
func (p PAN) String() string {
	var text [panDigits]byte
	n := 0
	for ; p != 0; p <<= 4 {
		text[n] = '0' + byte(p>>60) - 1
		n++
	}
	return string(text[:n])
}

// MarshalText writes String.
func (p PAN) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what ParsePAN reads; empty text is no code.
func (p *PAN) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*p = 0
		return nil
	}
	*p, err = ParsePAN(string(text))
	return err
}

// Luhn returns the check digit, '0' to '9', that belongs behind a string of
// digits (ISO/IEC 7812-1, annex B). It panics on anything but digits.
func Luhn(digits string) byte {
	sum := 0
	for i := range len(digits) {
		d := int(digits[i] - '0')
		if d > 9 {
			panic("canteen: a check digit was asked for a string that is not of digits")
		}
		if (len(digits)-i)%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return '0' + byte((10-sum%10)%10)
}
