package store

import (
	"reflect"
	"slices"

	"refettorio/canteen"
)

// ImportPupils takes the rows of alunni.csv: children with their guardians and
// their place in a class, which counts as validated.
//
// A child is known by its PAN; a row without one by its codice fiscale, else by
// name and birth, and when nobody is found it gets a new PAN. What a row leaves
// empty of a child's data, its guardians included, stays as the record has it.
// Band and diet are what the row says, also when it says none. See placer for
// what becomes of an enrolment and households for the rank among siblings.
func (s *Store) ImportPupils(act Act, rows []canteen.PupilRow, opt ImportOptions) (canteen.ImportReport, error) {
	return s.importRows(act, "pupils", len(rows), opt, func(tx *tx, log *importLog) func() error {
		p := newPupilsPlan(tx, log)
		for i := range rows {
			p.pans[rows[i].Pupil.PAN] = 0
		}
		for i := range rows {
			p.row(&rows[i])
		}
		if len(p.touched)+len(p.diets.changed) == 0 {
			return nil
		}
		return p.write
	})
}

// pupilsPlan decides the rows of a file of pupils.
type pupilsPlan struct {
	tx      *tx
	log     *importLog
	town    *town
	placer  *placer
	diets   dietBook
	persons map[canteen.CodiceFiscale]canteen.GuardianID // found so far, 0 for nobody

	pans    map[canteen.PAN]int // every PAN of the file, and the line it was taken on
	codes   firstLines[canteen.CodiceFiscale]
	touched []*plannedPupil
	years   map[string]bool // the school years of the rows that change something
}

// plannedPupil is a pupil as it will be, beside what it was.
type plannedPupil struct {
	canteen.Pupil
	known   bool                 // it is in the record
	differ  bool                 // the pupil itself is to be written
	sibling bool                 // no row is about it: only its rank may change
	left    []canteen.GuardianID // whose pupil it is no more
	places  []plannedPlace
	moved   canteen.Date // from this day on its communications are for school
	school  canteen.SchoolID
}

func newPupilsPlan(tx *tx, log *importLog) *pupilsPlan {
	town := tx.townNow()
	return &pupilsPlan{tx: tx, log: log, town: town, placer: newPlacer(tx),
		diets:   dietBook{have: town.diets, changed: map[string]canteen.Diet{}},
		persons: map[canteen.CodiceFiscale]canteen.GuardianID{}, pans: map[canteen.PAN]int{},
		codes: firstLines[canteen.CodiceFiscale]{}, years: map[string]bool{}}
}

// row decides one row. Nothing is planned for a refused one.
func (p *pupilsPlan) row(row *canteen.PupilRow) {
	key := labelOf(row)
	one, doubt, err := p.decide(row)
	if err != nil {
		p.log.refused(row.Line, key, err)
		return
	}
	moved := slices.ContainsFunc(one.places, func(e plannedPlace) bool { return e.change != placeKept })
	touched := one.differ || moved
	if touched {
		p.touched = append(p.touched, one)
		p.years[p.yearOf(row)] = true
	}
	explained := p.diets.learn(row.Diet)
	p.log.took(row.Line, key, outcome(one.known, touched || explained), doubt)
}

// labelOf calls a child by its PAN, else its codice fiscale, else its name.
func labelOf(row *canteen.PupilRow) string {
	switch {
	case row.Pupil.PAN != 0:
		return row.Pupil.PAN.String()
	case row.Pupil.CodiceFiscale != "":
		return string(row.Pupil.CodiceFiscale)
	}
	return row.Pupil.Surname + " " + row.Pupil.Name
}

func (p *pupilsPlan) yearOf(row *canteen.PupilRow) string {
	return said(row.Year, canteen.YearOf(p.placer.today))
}

// decide says what a row makes of a pupil; doubt is a warning to take it with.
func (p *pupilsPlan) decide(row *canteen.PupilRow) (one *plannedPupil, doubt, refusal *canteen.Error) {
	class, refusal := p.class(row)
	if refusal != nil {
		return nil, nil, refusal
	}
	parents, refusal := p.guardians(row.Guardians)
	if refusal != nil {
		return nil, nil, refusal
	}
	have, known, refusal := p.find(row)
	if refusal != nil {
		return nil, nil, refusal
	}
	one = &plannedPupil{Pupil: mergedPupil(have, row.Pupil, parents), known: known}
	if known {
		one.places = placesOf(p.tx.enrolmentsOf(have.PAN))
	}
	if doubt, refusal = p.placer.place(one, row, class); refusal != nil {
		return nil, nil, refusal
	}
	if refusal = p.once(row, have.PAN); refusal != nil {
		return nil, nil, refusal
	}
	one.Class = one.latestClass()
	one.differ = !known || !reflect.DeepEqual(one.Pupil, have)
	for _, g := range have.Guardians {
		if !one.HasGuardian(g) {
			one.left = append(one.left, g)
		}
	}
	return one, doubt, nil
}

// class finds the class a row names.
func (p *pupilsPlan) class(row *canteen.PupilRow) (*canteen.Class, *canteen.Error) {
	school := p.town.byCode[row.School]
	if school == nil {
		return nil, canteen.Invalid(columnSchool, "error.import.school", row.School)
	}
	year := p.yearOf(row)
	class := p.town.bySeat[classSeat{school.ID, year, row.Grade, row.Section}]
	if class == nil {
		return nil, canteen.Invalid(columnClass, "error.import.noClass", row.School, row.Grade+row.Section, year)
	}
	return class, nil
}

// guardians finds the persons a row names.
func (p *pupilsPlan) guardians(codes []canteen.CodiceFiscale) ([]canteen.GuardianID, *canteen.Error) {
	var found []canteen.GuardianID
	for _, cf := range codes {
		id, asked := p.persons[cf]
		if !asked {
			id, _ = p.tx.guardianByCF(cf)
			p.persons[cf] = id
		}
		if id == 0 {
			return nil, canteen.Invalid(columnGuardians, "error.import.guardian", string(cf))
		}
		if !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	return found, nil
}

// find looks for the child of a row in the record. A codice fiscale that
// belongs to another PAN refuses the row: two accounts for one child, or one
// code for two, would never come apart again.
func (p *pupilsPlan) find(row *canteen.PupilRow) (have canteen.Pupil, known bool, refusal *canteen.Error) {
	pan := row.Pupil.PAN
	owners := p.tx.pupilsWithCF(row.Pupil.CodiceFiscale)
	switch {
	case pan != 0:
		for _, owner := range owners {
			if owner != pan {
				return have, false, canteen.Invalid(columnCF, "error.import.cfTaken", owner.String())
			}
		}
	case len(owners) > 1:
		return have, false, canteen.Invalid(columnCF, "error.import.ambiguous", owners[0].String(), owners[1].String())
	case len(owners) == 1:
		pan = owners[0]
	default:
		if pan, refusal = p.tx.namesake(&row.Pupil); refusal != nil {
			return have, false, refusal
		}
	}
	if pan != 0 {
		have, known = p.tx.pupil(pan)
		have.PAN = pan
	}
	return have, known, nil
}

// once refuses a child that an earlier row of the file was about. It is asked
// last: a row refused for something else takes no code, so that its correction
// may follow in the same file.
func (p *pupilsPlan) once(row *canteen.PupilRow, pan canteen.PAN) *canteen.Error {
	if first := p.pans[pan]; pan != 0 && first != 0 {
		return canteen.Invalid(columnPAN, "error.import.duplicate", first)
	}
	if cf := row.Pupil.CodiceFiscale; cf != "" {
		if twice := p.codes.again(cf, row.Line, columnCF); twice != nil {
			return twice
		}
	}
	p.pans[pan] = row.Line
	return nil
}

// pupilsWithCF returns the pupils that have a codice fiscale.
func (tx *tx) pupilsWithCF(cf canteen.CodiceFiscale) (pans []canteen.PAN) {
	if cf == "" {
		return nil
	}
	tx.scan(pupilsByCF, keyCF(cf), func(k, _ []byte) bool {
		pans = append(pans, panAtEnd(k))
		return true
	})
	return pans
}

// namesake finds the pupil of a row that has no code we know: the same name and
// birth, and not another codice fiscale. 0 is nobody; more than one is refused.
func (tx *tx) namesake(row *canteen.Pupil) (pan canteen.PAN, refusal *canteen.Error) {
	if row.CodiceFiscale != "" && row.Born == 0 {
		return 0, nil
	}
	name := keyName(canteen.FoldKey(row.Surname, row.Name), 0)
	tx.scan(pupilsByName, name[:len(name)-8], func(k, _ []byte) bool {
		other, ok := tx.pupil(panAtEnd(k))
		if !ok || other.Born != row.Born || other.CodiceFiscale != "" && row.CodiceFiscale != "" {
			return tx.err == nil
		}
		if pan != 0 {
			refusal = canteen.Invalid(columnSurname, "error.import.ambiguous", pan.String(), other.PAN.String())
		}
		pan = other.PAN
		return refusal == nil
	})
	return pan, refusal
}

// mergedPupil is a pupil with what a row says of it.
func mergedPupil(have, row canteen.Pupil, parents []canteen.GuardianID) canteen.Pupil {
	next := have
	next.CodiceFiscale = said(row.CodiceFiscale, have.CodiceFiscale)
	next.Surname, next.Name = said(row.Surname, have.Surname), said(row.Name, have.Name)
	next.Born, next.Sex = said(row.Born, have.Born), said(row.Sex, have.Sex)
	next.Birthplace = said(row.Birthplace, have.Birthplace)
	next.NonResident = row.NonResident
	if len(parents) > 0 && !sameGuardians(parents, have.Guardians) {
		next.Guardians = parents
	}
	return next
}

// sameGuardians compares without order: guardians have equal rights.
func sameGuardians(a, b []canteen.GuardianID) bool {
	if len(a) != len(b) {
		return false
	}
	for _, id := range a {
		if !slices.Contains(b, id) {
			return false
		}
	}
	return true
}

// dietBook learns the diets that rows name.
type dietBook struct {
	have    map[string]canteen.Diet
	changed map[string]canteen.Diet
}

// learn takes the diet of a row: a new code, or the name of one that had none.
// A diet that has a name keeps it. It tells whether a known diet got its name.
func (b *dietBook) learn(d canteen.Diet) bool {
	if d.Code == "" {
		return false
	}
	known, ok := b.changed[d.Code]
	if !ok {
		known, ok = b.have[d.Code]
	}
	switch {
	case !ok:
		known = canteen.Diet{Code: d.Code, Name: d.Name}
	case known.Name == "" && d.Name != "":
		known.Name = d.Name
	default:
		return false
	}
	b.changed[d.Code] = known
	return ok
}
