package canteen

import (
	"net/mail"
	"strings"
	"unicode"
)

// ParsePhone brings a telephone number to its one international form, E.164:
// "333 1234567", "+39 333/1234567" and "0039333-1234567" are all
// "+393331234567" (rules R11.4). A number without a country is Italian.
//
// Italian numbers are those a family can have: mobiles, which begin with 3 and
// have 9 or 10 digits, and lines, which keep their 0 and have 6 to 11. Numbers
// of other countries are kept when written with "+" or "00", if they have 6 to
// 15 digits in all. The error key is "error.phone"; it does not repeat the
// number, which is personal.
func ParsePhone(s string) (string, error) {
	number, ok := dialled(s)
	national, abroad := strings.CutPrefix(number, "+")
	if !abroad {
		national, abroad = strings.CutPrefix(number, "00")
	}
	switch {
	case !ok:
	case !abroad && italianNumber(national):
		return "+39" + national, nil
	case abroad && strings.HasPrefix(national, "39"):
		if italianNumber(national[2:]) {
			return "+" + national, nil
		}
	case abroad && len(national) >= 6 && len(national) <= 15 && national[0] != '0':
		return "+" + national, nil
	}
	return "", Invalid("", "error.phone")
}

// dialled strips what people write between digits: spaces, dashes, slashes, dots,
// brackets, and the invisible marks that come along when a number is copied. It
// is false when anything else is left but digits and a leading plus.
func dialled(s string) (string, bool) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case strings.ContainsRune("/.()", r), unicode.In(r, unicode.White_Space, unicode.Pd, unicode.Cf):
		default:
			return "", false
		}
	}
	return b.String(), true
}

func italianNumber(s string) bool {
	switch {
	case strings.HasPrefix(s, "3"):
		return len(s) == 9 || len(s) == 10
	case strings.HasPrefix(s, "0"):
		return len(s) >= 6 && len(s) <= 11
	}
	return false
}

// Limits of an address: RFC 5321, §4.5.3.1, with the path's brackets taken off.
const (
	maxEmail     = 254
	maxLocalPart = 64
)

// ParseEmail checks a bare e-mail address, "anna@example.org", and returns it
// with its domain in lower case. Names, comments, quoted local parts, addresses
// in brackets, domains without a dot and letters outside ASCII are refused: our
// mail must arrive through any server. The error key is "error.email"; it does
// not repeat the address, which is personal.
func ParseEmail(s string) (string, error) {
	s = strings.TrimSpace(s)
	local, domain, found := strings.Cut(s, "@")
	if !found || len(s) > maxEmail || len(local) > maxLocalPart || !validDomain(domain) {
		return "", Invalid("", "error.email")
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return "", Invalid("", "error.email")
		}
	}
	if a, err := mail.ParseAddress(s); err != nil || a.Name != "" || a.Address != s {
		return "", Invalid("", "error.email")
	}
	return local + "@" + strings.ToLower(domain), nil
}

// validDomain tells whether a domain has two labels or more of letters, digits
// and inner hyphens, the last of them not a number.
func validDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			c := label[i] | 0x20
			if (c < 'a' || c > 'z') && (label[i] < '0' || label[i] > '9') && label[i] != '-' {
				return false
			}
		}
	}
	_, number := digits(labels[len(labels)-1])
	return len(labels) >= 2 && !number
}
