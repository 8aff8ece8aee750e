package intake

import (
	"io"
	"slices"
	"strings"

	"refettorio/canteen"
)

var (
	pupilPAN = &column{name: "PAN",
		also: []string{"Codice PAN", "Codice alunno", "Codice utente"}}
	pupilSurname = &column{name: "Cognome", need: filled,
		also: []string{"Cognome alunno", "Surname", "Last name"}}
	pupilName = &column{name: "Nome", need: filled,
		also: []string{"Nome alunno", "Name", "First name"}}
	pupilCF = &column{name: "Codice fiscale",
		also: []string{"CF", "Cod. fisc.", "Cod. fiscale", "CF alunno", "Codice fiscale alunno", "Tax code"}}
	pupilBorn = &column{name: "Data di nascita",
		also: []string{"Data nascita", "Nato il", "Nata il", "Nato/a il", "Birth date", "Date of birth", "Born"}}
	pupilSex = &column{name: "Sesso",
		also: []string{"Genere", "Sex", "Gender"}}
	pupilBirthplace = &column{name: "Comune di nascita",
		also: []string{"Luogo di nascita", "Nato a", "Nata a", "Nato/a a", "Birthplace"}}
	pupilSchool = &column{name: "Plesso", need: filled,
		also: []string{"Codice meccanografico", "Cod. mecc.", "Codice plesso", "Codice scuola", "Scuola", "School"}}
	pupilGrade = &column{name: "Classe", need: filled,
		also: []string{"Anno di corso", "Class", "Grade"}}
	pupilSection = &column{name: "Sezione",
		also: []string{"Sez.", "Section"}}
	pupilGuardians = &column{name: "CF genitore", need: present, many: true,
		also: []string{"Codice fiscale genitore", "CF padre", "CF madre", "CF tutore", "Guardian", "Guardian tax code"}}
	pupilYear = &column{name: "Anno scolastico",
		also: []string{"A.S.", "School year"}}
	pupilFrom = &column{name: "Dal",
		also: []string{"Iscritto dal", "Decorrenza", "From"}}
	pupilBand = &column{name: "Fascia",
		also: []string{"Fascia ISEE", "Fascia tariffaria", "Tariffa", "Band"}}
	pupilDiet = &column{name: "Dieta",
		also: []string{"Diete", "Dieta speciale", "Codice dieta", "Diet"}}
	pupilResident = &column{name: "Residente",
		also: []string{"Residenza", "Residente nel comune", "Resident"}}

	pupilColumns = []*column{pupilPAN, pupilSurname, pupilName, pupilCF, pupilBorn, pupilSex, pupilBirthplace,
		pupilSchool, pupilGrade, pupilSection, pupilGuardians, pupilYear, pupilFrom, pupilBand, pupilDiet, pupilResident}
)

// Pupils reads alunni.csv. A PAN and a codice fiscale may each stand once; a
// child with neither may not come twice by name and birth. What does not agree
// with the child's codice fiscale is a warning (rules R11.1).
func Pupils(r io.Reader) (Result[canteen.PupilRow], error) {
	known := newPupilsSeen()
	return read(r, pupilColumns, pupilLabel, func(r *row) canteen.PupilRow {
		v := canteen.PupilRow{
			Line:      r.line,
			Pupil:     r.pupil(),
			School:    parse(r, pupilSchool, canteen.ParseSchoolCode),
			Year:      r.year(pupilYear),
			Guardians: r.guardianCodes(),
			Band:      parse(r, pupilBand, asBand),
			Diet:      r.diet(pupilDiet),
			From:      parse(r, pupilFrom, canteen.ParseDate),
		}
		v.Grade, v.Section = r.class(pupilGrade, pupilSection)
		v.Outside = v.Pupil.NonResident
		if len(v.Guardians) == 0 {
			r.warn(pupilGuardians, canteen.Invalid("", "warning.import.noGuardian"))
		}
		known.check(r, &v)
		return v
	})
}

// pupilLabel calls a child by its PAN, else its codice fiscale, else its name.
func pupilLabel(r *row) string {
	for _, c := range []*column{pupilPAN, pupilCF} {
		if s := r.cell(c); s != "" {
			return s
		}
	}
	return strings.TrimSpace(r.cell(pupilSurname) + " " + r.cell(pupilName))
}

func (r *row) pupil() canteen.Pupil {
	p := canteen.Pupil{
		PAN:           parse(r, pupilPAN, canteen.ParsePAN),
		CodiceFiscale: parse(r, pupilCF, canteen.ParseCodiceFiscale),
		Surname:       r.text(pupilSurname),
		Name:          r.text(pupilName),
		Born:          parse(r, pupilBorn, canteen.ParseDate),
		Sex:           word(r, pupilSex, sexes, "error.import.sex"),
		Birthplace:    r.text(pupilBirthplace),
		NonResident:   word(r, pupilResident, nonResidents, "error.import.resident"),
	}
	var sex byte
	if p.Sex != "" {
		sex = p.Sex[0]
	}
	r.doubt(p.CodiceFiscale.Mismatch(p.Surname, p.Name, p.Born, sex), pupilData)
	return p
}

// pupilData are the columns of the data a mismatch can name.
var pupilData = map[string]*column{"surname": pupilSurname, "name": pupilName, "born": pupilBorn, "sex": pupilSex}

var sexes = map[string]string{
	"m": "M", "maschio": "M", "maschile": "M", "male": "M",
	"f": "F", "femmina": "F", "femminile": "F", "female": "F",
}

// nonResidents answers "lives outside?" to what the column "Residente" says.
var nonResidents = func() map[string]bool {
	words := map[string]bool{"residente": false, "resident": false, "nonresidente": true, "fuoricomune": true, "nonresident": true}
	for yes, resident := range yesNo {
		words[yes] = !resident
	}
	return words
}()

// guardianCodes reads the codici fiscali of all the guardian columns, each once.
func (r *row) guardianCodes() []canteen.CodiceFiscale {
	var codes []canteen.CodiceFiscale
	for _, i := range r.layout.at[pupilGuardians] {
		cell := r.cells[i]
		if cell == "" || isDash(cell) {
			continue
		}
		cf, err := canteen.ParseCodiceFiscale(cell)
		if err != nil {
			if r.problem == nil {
				r.problem = r.about(r.layout.header[i], err)
			}
			continue
		}
		if !slices.Contains(codes, cf) {
			codes = append(codes, cf)
		}
	}
	return codes
}

// asBand reads a tariff band; the ways of writing "exempt" are one band.
func asBand(s string) (string, error) {
	switch fold(s) {
	case "e", "esente", "esenti", "esonero", "esonerato", "esonerata", "esenzione", "exempt":
		return canteen.BandExempt, nil
	}
	return canteen.ParseCode("", s)
}

// pupilsSeen holds what may stand once in a file of pupils, and its diets.
type pupilsSeen struct {
	pans  seen[canteen.PAN]
	codes seen[canteen.CodiceFiscale]
	names seen[nameAndBirth]
	diets diets
}

type nameAndBirth struct {
	surname, name string
	born          canteen.Date
}

func newPupilsSeen() *pupilsSeen {
	return &pupilsSeen{
		pans:  seen[canteen.PAN]{},
		codes: seen[canteen.CodiceFiscale]{},
		names: seen[nameAndBirth]{},
		diets: diets{},
	}
}

func (s *pupilsSeen) check(r *row, v *canteen.PupilRow) {
	s.diets.check(r, pupilDiet, v.Diet)
	p := &v.Pupil
	if p.PAN != 0 {
		once(s.pans, r, pupilPAN, p.PAN)
	}
	if p.CodiceFiscale != "" {
		once(s.codes, r, pupilCF, p.CodiceFiscale)
	}
	if p.PAN == 0 && p.CodiceFiscale == "" {
		once(s.names, r, pupilSurname, nameAndBirth{canteen.Fold(p.Surname), canteen.Fold(p.Name), p.Born})
	}
}
