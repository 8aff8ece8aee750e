package store

import (
	"errors"
	"math"

	"refettorio/canteen"
)

// ImportSchools takes the rows of plessi.csv. A school is known by its codice
// meccanografico, a kitchen by its name, whatever its case and spaces; a name
// nobody has heard makes a new kitchen with the default cut-off. An empty
// institute or cut-off leaves what the record has.
func (s *Store) ImportSchools(act Act, rows []canteen.SchoolRow, opt ImportOptions) (canteen.ImportReport, error) {
	return s.importRows(act, "schools", len(rows), opt, func(tx *tx, log *importLog) func() error {
		return planSchools(tx, rows, log)
	})
}

// plannedSchool is a school to be written; its kitchen may have no number yet.
type plannedSchool struct {
	school  canteen.School
	kitchen *canteen.Kitchen
}

func planSchools(tx *tx, rows []canteen.SchoolRow, log *importLog) func() error {
	town := tx.townNow()
	kitchens := newKitchenBook(town)
	codes := firstLines[string]{}
	var changed []plannedSchool
	for i := range rows {
		row := &rows[i]
		if twice := codes.again(row.Code, row.Line, columnCode); twice != nil {
			log.refused(row.Line, row.Code, twice)
			continue
		}
		have, known := town.byCode[row.Code]
		next := plannedSchool{kitchen: kitchens.named(row.Kitchen)}
		if known {
			next.school = *have
		}
		takeSchool(&next.school, row, next.kitchen.ID)
		differs := !known || next.school != *have
		if differs {
			changed = append(changed, next)
		}
		log.took(row.Line, row.Code, outcome(known, differs), nil)
	}
	if len(changed) == 0 {
		return nil
	}
	return func() error { return writeSchools(tx, changed, log) }
}

func writeSchools(tx *tx, changed []plannedSchool, log *importLog) error {
	for _, one := range changed {
		if one.kitchen.ID == 0 {
			id, err := tx.next16(kitchens)
			if err != nil {
				return err
			}
			one.kitchen.ID = canteen.KitchenID(id)
			tx.putKitchen(*one.kitchen)
		}
		if one.school.ID == 0 {
			id, err := tx.next16(schools)
			if err != nil {
				return err
			}
			one.school.ID = canteen.SchoolID(id)
		}
		one.school.Kitchen = one.kitchen.ID
		tx.putSchool(one.school)
		log.step()
	}
	return tx.err
}

// takeSchool gives a school what a row says of it.
func takeSchool(school *canteen.School, row *canteen.SchoolRow, kitchen canteen.KitchenID) {
	school.Code, school.Name, school.Stage, school.Kitchen = row.Code, row.Name, row.Stage, kitchen
	school.Institute = said(row.Institute, school.Institute)
	school.Cutoff = said(row.Cutoff, school.Cutoff)
}

// said is what a cell says, or what the record has where the cell says nothing:
// a file without a column must not empty it.
func said[T comparable](cell, have T) T {
	var nothing T
	if cell == nothing {
		return have
	}
	return cell
}

// next16 is the next number of a table whose numbers have two bytes. A number
// that came round would be another's.
func (tx *tx) next16(t table) (uint16, error) {
	n := tx.next(t)
	if n > math.MaxUint16 {
		return 0, errors.New("no number is left in " + string(t.name))
	}
	return uint16(n), nil
}

// kitchenBook finds kitchens by name and makes those that are missing.
type kitchenBook struct {
	byName map[string]*canteen.Kitchen
	codes  map[string]bool
}

func newKitchenBook(town *town) *kitchenBook {
	b := &kitchenBook{byName: map[string]*canteen.Kitchen{}, codes: map[string]bool{}}
	for _, k := range town.kitchens {
		b.byName[canteen.Fold(k.Name)], b.codes[k.Code] = &k, true
	}
	return b
}

// named returns the kitchen of a name. One that is new has no ID yet.
func (b *kitchenBook) named(name string) *canteen.Kitchen {
	key := canteen.Fold(name)
	if k := b.byName[key]; k != nil {
		return k
	}
	code := kitchenCode(name, func(code string) bool { return b.codes[code] })
	k := &canteen.Kitchen{Code: code, Name: name, Cutoff: canteen.DefaultCutoff, Limit: canteen.DefaultLimit}
	b.byName[key], b.codes[code] = k, true
	return k
}

// ImportClasses takes the rows of classi.csv. A class is known by school, school
// year and name; without a year it is of the present one. Where a row says
// nothing of the staff's meals, the record's number stays.
func (s *Store) ImportClasses(act Act, rows []canteen.ClassRow, opt ImportOptions) (canteen.ImportReport, error) {
	return s.importRows(act, "classes", len(rows), opt, func(tx *tx, log *importLog) func() error {
		return planClasses(tx, rows, log)
	})
}

func planClasses(tx *tx, rows []canteen.ClassRow, log *importLog) func() error {
	town, today := tx.townNow(), canteen.DateOf(tx.now)
	seats := firstLines[classSeat]{}
	var changed []canteen.Class
	for i := range rows {
		row := &rows[i]
		key := row.School + " " + row.Grade + row.Section
		class, refusal := town.classOf(row, today)
		if refusal == nil {
			refusal = seats.again(seatOf(&class), row.Line, columnClass)
		}
		if refusal != nil {
			log.refused(row.Line, key, refusal)
			continue
		}
		have, known := town.bySeat[seatOf(&class)]
		if known {
			class.ID, class.Staff = have.ID, said(class.Staff, have.Staff)
		}
		differs := !known || class != *have
		if differs {
			changed = append(changed, class)
		}
		log.took(row.Line, key, outcome(known, differs), nil)
	}
	if len(changed) == 0 {
		return nil
	}
	return func() error {
		for _, class := range changed {
			if class.ID == 0 {
				class.ID = canteen.ClassID(tx.next(classes))
			}
			tx.putClass(class)
			log.step()
		}
		return tx.err
	}
}

// classOf is the class a row speaks of, without its number.
func (t *town) classOf(row *canteen.ClassRow, today canteen.Date) (canteen.Class, *canteen.Error) {
	school := t.byCode[row.School]
	if school == nil {
		return canteen.Class{}, canteen.Invalid(columnSchool, "error.import.school", row.School)
	}
	name := said(row.Year, canteen.YearOf(today))
	year, err := canteen.ParseYear(name)
	if err != nil {
		return canteen.Class{}, canteen.Invalid(columnYear, "error.schoolYear", name)
	}
	if row.Weekdays == 0 {
		return canteen.Class{}, canteen.Invalid(columnWeekdays, "error.weekdays", "")
	}
	return canteen.Class{School: school.ID, Year: year.Name, Grade: row.Grade, Section: row.Section,
		Weekdays: row.Weekdays, Staff: row.Staff}, nil
}

func seatOf(c *canteen.Class) classSeat { return classSeat{c.School, c.Year, c.Grade, c.Section} }
