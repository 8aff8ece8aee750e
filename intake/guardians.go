package intake

import (
	"io"

	"refettorio/canteen"
)

var (
	guardianCF = &column{name: "Codice fiscale", need: filled,
		also: []string{"CF", "Cod. fisc.", "Cod. fiscale", "CF genitore", "Codice fiscale genitore", "Tax code"}}
	guardianSurname = &column{name: "Cognome", need: filled,
		also: []string{"Cognome genitore", "Surname", "Last name"}}
	guardianName = &column{name: "Nome", need: filled,
		also: []string{"Nome genitore", "Name", "First name"}}
	guardianPhone = &column{name: "Cellulare",
		also: []string{"Telefono", "Tel.", "Cell.", "Numero di telefono", "Recapito telefonico", "Mobile", "Phone"}}
	guardianEmail = &column{name: "E-mail",
		also: []string{"Mail", "Posta elettronica", "Indirizzo e-mail", "E-mail address"}}
	guardianAddress = &column{name: "Indirizzo",
		also: []string{"Via", "Residenza", "Indirizzo di residenza", "Address"}}
	guardianPostCode = &column{name: "CAP",
		also: []string{"Codice postale", "Post code", "Zip"}}
	guardianCity = &column{name: "Comune",
		also: []string{"Città", "Comune di residenza", "Località", "City", "Town"}}

	guardianColumns = []*column{guardianCF, guardianSurname, guardianName, guardianPhone, guardianEmail,
		guardianAddress, guardianPostCode, guardianCity}
)

// Guardians reads genitori.csv. Exports with a line for each child repeat the
// parents: a codice fiscale that comes again with the same data is taken once
// with a warning, with other data it is refused.
func Guardians(r io.Reader) (Result[canteen.GuardianRow], error) {
	type first struct {
		line     int
		guardian canteen.Guardian
	}
	known := map[canteen.CodiceFiscale]first{}
	return read(r, guardianColumns, named(guardianCF), func(r *row) canteen.GuardianRow {
		v := canteen.GuardianRow{Line: r.line, Guardian: r.guardian()}
		if r.problem != nil {
			return v
		}
		cf := v.Guardian.CodiceFiscale
		had, again := known[cf]
		switch {
		case !again:
			known[cf] = first{r.line, v.Guardian}
		case had.guardian == v.Guardian:
			r.again = true
			r.warn(guardianCF, canteen.Invalid("", "warning.import.repeated", had.line))
		default:
			r.invalid(guardianCF, "error.import.duplicate", had.line)
		}
		return v
	})
}

func (r *row) guardian() canteen.Guardian {
	g := canteen.Guardian{
		CodiceFiscale: parse(r, guardianCF, canteen.ParseCodiceFiscale),
		Surname:       r.text(guardianSurname),
		Name:          r.text(guardianName),
		Phone:         parse(r, guardianPhone, canteen.ParsePhone),
		Email:         parse(r, guardianEmail, canteen.ParseEmail),
		Address:       r.text(guardianAddress),
		PostCode:      parse(r, guardianPostCode, asPostCode),
		City:          r.text(guardianCity),
	}
	r.doubt(g.CodiceFiscale.Mismatch(g.Surname, g.Name, 0, 0), guardianData)
	return g
}

// guardianData are the columns of the data a mismatch can name.
var guardianData = map[string]*column{"surname": guardianSurname, "name": guardianName}

// asPostCode reads a CAP, five digits: a spreadsheet that took it for a number
// has dropped its zeros, and nobody should guess them. Post codes with letters
// are of other countries and are taken as they are.
func asPostCode(s string) (string, error) {
	const mostForeign = 10
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', i > 0 && (c == ' ' || c == '-'):
		default:
			return "", canteen.Invalid("", "error.import.postCode", s)
		}
	}
	if digits == len(s) && digits != 5 || len(s) > mostForeign {
		return "", canteen.Invalid("", "error.import.postCode", s)
	}
	return s, nil
}
