package canteen

import (
	"slices"
	"strings"
	"time"
)

// CodiceFiscale is a person's tax code in its normal form: 16 capital letters and
// digits, or the 11 digits of a provisional one. ParseCodiceFiscale makes it; on
// a string that is not one the methods answer "unknown".
//
// The form is that of the D.M. 23-12-1976: six letters of surname and name, year,
// month and day of birth (40 more for women), the Belfiore code of the place, a
// check letter. Where two people would have the same code the Agenzia delle
// Entrate gives one of them letters for digits (omocodia).
type CodiceFiscale string

const (
	finalLength       = 16
	provisionalLength = 11

	monthLetters  = "ABCDEHLMPRST"
	omocodia      = "LMNPQRSTUV"                 // the letters for 0 to 9
	oddPlaceOrder = "BAKPLCQDREVOSFTGUHMINJWZYX" // letters (and their digits) by value in odd places
	femaleDays    = 40
)

// numericPlaces are the seven that hold digits, or letters for them.
var numericPlaces = [...]int{6, 7, 9, 10, 12, 13, 14}

// ParseCodiceFiscale reads a tax code in any case, with or without spaces, and
// checks its form, its birth date and its check character. Codes with omocodia
// and provisional ones of 11 digits are accepted, all zeros are not. Error keys:
// "error.codiceFiscale.length", ".form", ".date", ".check"; none repeats the
// code, which is personal.
func ParseCodiceFiscale(s string) (CodiceFiscale, error) {
	c := CodiceFiscale(normalCode(s))
	switch len(c) {
	case provisionalLength:
		return c.checkProvisional()
	case finalLength:
		return c.checkFinal()
	}
	return "", Invalid("", "error.codiceFiscale.length")
}

// normalCode drops spaces and raises a to z. Only ASCII: strings.ToUpper would
// take foreign letters for ours.
func normalCode(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0':
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

func (c CodiceFiscale) checkProvisional() (CodiceFiscale, error) {
	if !isDigits(string(c)) || strings.Trim(string(c), "0") == "" {
		return "", Invalid("", "error.codiceFiscale.form")
	}
	if Luhn(string(c[:provisionalLength-1])) != c[provisionalLength-1] {
		return "", Invalid("", "error.codiceFiscale.check")
	}
	return c, nil
}

func (c CodiceFiscale) checkFinal() (CodiceFiscale, error) {
	plain, ok := c.plain()
	if !ok {
		return "", Invalid("", "error.codiceFiscale.form")
	}
	// A leap day exists if it does in any century; 2000 stands for all, since a
	// two-digit year is leap in one of them if and only if four divides it.
	if y, m, d, _ := plain.birth(); !validDay(2000+y, m, d) {
		return "", Invalid("", "error.codiceFiscale.date")
	}
	if checkLetter(string(c[:finalLength-1])) != c[finalLength-1] {
		return "", Invalid("", "error.codiceFiscale.check")
	}
	return c, nil
}

// plain undoes omocodia without touching the check letter; ok is false when the
// code has not the form of one of 16 characters.
func (c CodiceFiscale) plain() (plain CodiceFiscale, ok bool) {
	if len(c) != finalLength {
		return "", false
	}
	b := []byte(c)
	for i := range b {
		if !slices.Contains(numericPlaces[:], i) {
			if b[i] < 'A' || b[i] > 'Z' {
				return "", false
			}
			continue
		}
		if d := strings.IndexByte(omocodia, b[i]); d >= 0 {
			b[i] = '0' + byte(d)
		}
		if b[i] < '0' || b[i] > '9' {
			return "", false
		}
	}
	return CodiceFiscale(b), strings.IndexByte(monthLetters, b[8]) >= 0
}

// birth reads the date of a plain code; the day without the 40 of women.
func (c CodiceFiscale) birth() (yearOfCentury, month, day int, sex byte) {
	yearOfCentury, _ = digits(string(c[6:8]))
	month = strings.IndexByte(monthLetters, c[8]) + 1
	day, _ = digits(string(c[9:11]))
	if day > femaleDays {
		return yearOfCentury, month, day - femaleDays, 'F'
	}
	return yearOfCentury, month, day, 'M'
}

// Base returns the code with omocodia undone and the check letter recomputed: the
// code its holder would have if nobody else had the same. It serves to find a
// person written in two ways, not to tell people apart: two holders of an
// omocodia have one base. A provisional code is its own base.
func (c CodiceFiscale) Base() CodiceFiscale {
	plain, ok := c.plain()
	if !ok {
		return c
	}
	body := plain[:finalLength-1]
	return body + CodiceFiscale(checkLetter(string(body)))
}

// Provisional tells whether the code is one of 11 digits, which says nothing
// about its holder and is replaced by a final one later.
func (c CodiceFiscale) Provisional() bool { return len(c) == provisionalLength }

// Born returns the birth date, in the last century in which it does not lie after
// ref: the code has two digits of the year only. False for a provisional code.
func (c CodiceFiscale) Born(ref Date) (Date, bool) {
	plain, ok := c.plain()
	if !ok || ref.IsZero() {
		return 0, false
	}
	y, m, d, _ := plain.birth()
	for century := ref.Year() / 100; century >= ref.Year()/100-1; century-- {
		if born := packDate(century*100+y, m, d); born <= ref && validDay(century*100+y, m, d) {
			return born, true
		}
	}
	return 0, false
}

// Sex returns 'M' or 'F', and 0 for a provisional code.
func (c CodiceFiscale) Sex() byte {
	plain, ok := c.plain()
	if !ok {
		return 0
	}
	_, _, _, sex := plain.birth()
	return sex
}

// Birthplace returns the Belfiore code of the town or, with a Z, of the foreign
// country of birth; empty for a provisional code.
func (c CodiceFiscale) Birthplace() string {
	plain, ok := c.plain()
	if !ok {
		return ""
	}
	return string(plain[11:15])
}

// ComputeCodiceFiscale computes the code that follows from a person's data. The
// real one can differ (omocodia, a name registered otherwise): only the Agenzia
// delle Entrate gives codes, so use the result to warn. Sex is 'M' or 'F'. Error
// keys: "error.name.letters", "error.sex", "error.date", "error.belfiore".
func ComputeCodiceFiscale(surname, name string, sex byte, born Date, belfiore string) (CodiceFiscale, error) {
	surnameCode, ok := surnameLetters(surname)
	if !ok {
		return "", Invalid("surname", "error.name.letters")
	}
	nameCode, ok := nameLetters(name)
	if !ok {
		return "", Invalid("name", "error.name.letters")
	}
	day := born.Day()
	switch sex {
	case 'M':
	case 'F':
		day += femaleDays
	default:
		return "", Invalid("sex", "error.sex")
	}
	if !validDay(born.Year(), int(born.Month()), born.Day()) {
		return "", Invalid("born", "error.date", "")
	}
	place := normalCode(belfiore)
	if len(place) != 4 || place[0] < 'A' || place[0] > 'Z' || !isDigits(place[1:]) {
		return "", Invalid("birthplace", "error.belfiore")
	}
	body := surnameCode + nameCode + twoDigits(born.Year()%100) + monthLetters[born.Month()-1:born.Month()] + twoDigits(day) + place
	return CodiceFiscale(body + string(checkLetter(body))), nil
}

// Mismatch names the data that do not agree with the code, among "surname",
// "name", "born" and "sex". Data that are missing (empty, zero) are not compared,
// nor is anything with a provisional code. A mismatch is a reason to warn, never
// to refuse (rules R11.1): registers and the Agenzia delle Entrate do differ.
func (c CodiceFiscale) Mismatch(surname, name string, born Date, sex byte) []string {
	plain, ok := c.plain()
	if !ok {
		return nil
	}
	var fields []string
	if code, _ := surnameLetters(surname); surname != "" && code != string(plain[:3]) {
		fields = append(fields, "surname")
	}
	if code, _ := nameLetters(name); name != "" && code != string(plain[3:6]) {
		fields = append(fields, "name")
	}
	y, m, d, codeSex := plain.birth()
	if !born.IsZero() && (born.Year()%100 != y || born.Month() != time.Month(m) || born.Day() != d) {
		fields = append(fields, "born")
	}
	if sex != 0 && sex != codeSex {
		fields = append(fields, "sex")
	}
	return fields
}

// surnameLetters are the first three consonants, then vowels, then X. It is false
// for a name without a letter that can be written in Latin, or with one that
// cannot.
func surnameLetters(s string) (string, bool) {
	consonants, vowels, ok := lettersOf(s)
	return (consonants + vowels + "XXX")[:3], ok
}

// nameLetters are those of a surname, except that of four consonants or more the
// second is left out.
func nameLetters(s string) (string, bool) {
	consonants, vowels, ok := lettersOf(s)
	if len(consonants) >= 4 {
		consonants = consonants[:1] + consonants[2:]
	}
	return (consonants + vowels + "XXX")[:3], ok
}

func lettersOf(s string) (consonants, vowels string, ok bool) {
	for _, r := range s {
		letters, kind := foldRune(r)
		if kind == foldForeign {
			return "", "", false
		}
		for i := range len(letters) {
			letter := letters[i] - 'a' + 'A'
			switch {
			case letter < 'A' || letter > 'Z': // a digit in a name
			case strings.IndexByte("AEIOU", letter) >= 0:
				vowels += string(letter)
			default:
				consonants += string(letter)
			}
		}
	}
	if consonants+vowels == "" {
		return "", "", false
	}
	return consonants, vowels, true
}

func twoDigits(n int) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }

func isDigits(s string) bool {
	_, ok := digits(s)
	return ok
}

// checkLetter computes the last character from the fifteen before: letters and
// digits count by one table in odd places (the first is odd), by their place in
// the alphabet or their value in even ones, and the remainder by 26 is the letter.
func checkLetter(body string) byte {
	sum := 0
	for i := range len(body) {
		value := body[i]
		if value <= '9' {
			value += 'A' - '0'
		}
		if i%2 == 0 {
			sum += strings.IndexByte(oddPlaceOrder, value)
		} else {
			sum += int(value - 'A')
		}
	}
	return 'A' + byte(sum%26)
}
