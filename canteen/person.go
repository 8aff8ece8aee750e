package canteen

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// keySeparator stands between surname and name in a FoldKey. It sorts before the
// space, so that Rossi comes before Rossi Bianchi.
const keySeparator = "\x1f"

// FoldKey returns the key by which lists of people are sorted and searched:
// Fold(surname), the ASCII unit separator, Fold(name).
func FoldKey(surname, name string) string {
	return Fold(surname) + keySeparator + Fold(name)
}

// Fold brings a name to the form in which it is compared: lower case, letters of
// the Latin alphabet without their marks, no apostrophes ("D'Amico" is
// "damico", and "Nicolo'" is "nicolo" like "Nicolò"), words parted by one space
// whatever stood between them. Letters of other alphabets stay, in lower case.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	pending := false
	for _, r := range s {
		letters, kind := foldRune(r)
		switch kind {
		case foldBreak:
			pending = b.Len() > 0
		case foldLetter, foldForeign:
			if pending {
				b.WriteByte(' ')
				pending = false
			}
			b.WriteString(letters)
		}
	}
	return b.String()
}

type foldKind uint8

const (
	foldDrop    foldKind = iota // an apostrophe, a combining mark
	foldBreak                   // whatever parts words
	foldLetter                  // one or two letters a–z, or a digit
	foldForeign                 // a letter without a Latin equivalent
)

// foldRune folds one character.
func foldRune(r rune) (string, foldKind) {
	r = unicode.ToLower(r)
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return string(r), foldLetter
	case strings.ContainsRune("'’‘ʼʹ`´′", r), unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		return "", foldDrop
	}
	if letters, ok := latin[r]; ok {
		return letters, foldLetter
	}
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return string(r), foldForeign
	}
	return "", foldBreak
}

// latin folds the marked letters of the languages written in Latin letters:
// those of Italy's own registers and of the families that came from elsewhere
// (Romanian, Albanian, Polish, Turkish, Croatian, Vietnamese, …).
var latin = latinTable()

func latinTable() map[rune]string {
	table := map[rune]string{}
	for letters, marked := range map[string]string{
		"a":  "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặª",
		"b":  "ƀɓḃḅḇ",
		"c":  "çćĉċčƈḉ",
		"d":  "ďđðɖɗḋḍḏḑḓ",
		"e":  "èéêëēĕėęěȅȇȩǝəḕḗḙḛḝẹẻẽếềểễệ",
		"f":  "ƒḟ",
		"g":  "ĝğġģǥǧǵɠḡ",
		"h":  "ĥħȟḣḥḧḩḫẖ",
		"i":  "ìíîïĩīĭįıǐȉȋɨḭḯỉị",
		"j":  "ĵǰ",
		"k":  "ķĸƙǩḱḳḵ",
		"l":  "ĺļľŀłƚḷḹḻḽ",
		"m":  "ḿṁṃ",
		"n":  "ñńņňŉŋǹɲṅṇṉṋ",
		"o":  "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợº",
		"p":  "ƥṕṗ",
		"q":  "ʠ",
		"r":  "ŕŗřȑȓṙṛṝṟ",
		"s":  "śŝşšșſṡṣṥṧṩ",
		"t":  "ţťŧƭțṫṭṯṱẗ",
		"u":  "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
		"v":  "ṽṿʋ",
		"w":  "ŵẁẃẅẇẉẘ",
		"x":  "ẋẍ",
		"y":  "ýÿŷƴȳẏẙỳỵỷỹ",
		"z":  "źżžƶẑẓẕ",
		"ae": "æǣǽ",
		"dz": "ǆǳ",
		"ij": "ĳ",
		"lj": "ǉ",
		"nj": "ǌ",
		"oe": "œ",
		"ss": "ß",
		"th": "þ",
	} {
		for _, r := range marked {
			table[r] = letters
		}
	}
	return table
}

// Initials writes a child's name where the whole is too much (trays, the
// refectory's tiles): the first name and the initial of the surname, "Giulia R.".
func Initials(surname, name string) string {
	short := strings.Join(strings.Fields(name), " ")
	i := strings.IndexFunc(surname, unicode.IsLetter)
	if i < 0 {
		return short
	}
	r, _ := utf8.DecodeRuneInString(surname[i:])
	return strings.TrimSpace(short + " " + string(unicode.ToUpper(r)) + ".")
}
