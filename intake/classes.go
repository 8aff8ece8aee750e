package intake

import (
	"io"
	"regexp"
	"strings"

	"refettorio/canteen"
)

var (
	classSchool = &column{name: "Plesso", need: filled,
		also: []string{"Codice meccanografico", "Cod. mecc.", "Codice plesso", "Codice scuola", "Scuola", "School"}}
	classGrade = &column{name: "Classe", need: filled,
		also: []string{"Anno di corso", "Class", "Grade"}}
	classSection = &column{name: "Sezione",
		also: []string{"Sez.", "Section"}}
	classWeekdays = &column{name: "Giorni mensa", need: filled,
		also: []string{"Giorni", "Giorni di mensa", "Rientri", "Weekdays", "Days"}}
	classYear = &column{name: "Anno scolastico",
		also: []string{"A.S.", "Anno", "School year", "Year"}}
	classStaff = &column{name: "Personale",
		also: []string{"Pasti personale", "Adulti", "Docenti", "Insegnanti", "Staff"}}

	classColumns = []*column{classSchool, classGrade, classSection, classWeekdays, classYear, classStaff}
)

// maxStaff is more adults than ever ate with one class.
const maxStaff = 50

// Classes reads classi.csv. A class may stand once for each school year.
func Classes(r io.Reader) (Result[canteen.ClassRow], error) {
	type key struct{ school, year, name string }
	classes := seen[key]{}
	return read(r, classColumns, named(classSchool, classGrade, classSection), func(r *row) canteen.ClassRow {
		v := canteen.ClassRow{
			Line:     r.line,
			School:   parse(r, classSchool, canteen.ParseSchoolCode),
			Year:     r.year(classYear),
			Weekdays: parse(r, classWeekdays, canteen.ParseWeekdays),
			Staff:    r.number(classStaff, 0, maxStaff),
		}
		v.Grade, v.Section = r.class(classGrade, classSection)
		once(classes, r, classGrade, key{v.School, v.Year, v.Grade + v.Section})
		return v
	})
}

// The forms of a class: "1", "1ª", "1^", "I" beside a section of its own; "1A",
// "1ªA", "1^ A", "1/A", "I A" in one cell. A Roman number needs something after
// it in one cell: "IA" could be anything.
var (
	gradeAlone   = regexp.MustCompile(`^([1-5]|III|II|IV|I|V)[ªº°^]?$`)
	gradeSection = regexp.MustCompile(`^([1-5]|(?:III|II|IV|I|V)[ªº°^ ])[ªº°^]? ?[-/]? ?([A-Z][A-Z0-9-]*)$`)
	grades       = map[string]string{"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}
)

// class reads a class from two columns, or from the first alone.
func (r *row) class(gradeColumn, sectionColumn *column) (grade, section string) {
	cell := r.need(gradeColumn)
	if cell == "" {
		return "", ""
	}
	if alone := r.cell(sectionColumn); alone != "" {
		section = parse(r, sectionColumn, asSection)
		m := gradeAlone.FindStringSubmatch(strings.ToUpper(cell))
		if m == nil {
			r.invalid(gradeColumn, "error.import.class", cell)
			return "", ""
		}
		return arabic(m[1]), section
	}
	grade, section, err := parseClass(cell)
	if err != nil {
		r.refuse(gradeColumn, err)
	}
	return grade, section
}

// parseClass reads a class written in one cell. The error key is
// "error.import.class".
func parseClass(s string) (grade, section string, err error) {
	m := gradeSection.FindStringSubmatch(strings.ToUpper(s))
	if m == nil {
		return "", "", canteen.Invalid("", "error.import.class", s)
	}
	if section, err = asSection(m[2]); err != nil {
		return "", "", err
	}
	return arabic(strings.TrimRight(m[1], "ªº°^ ")), section, nil
}

// asSection reads a section. It begins with a letter, so that grade and section
// written together are read back as they were.
func asSection(s string) (string, error) {
	section, err := canteen.ParseCode("", s)
	if err == nil && (section[0] < 'A' || section[0] > 'Z') {
		return "", canteen.Invalid("", "error.import.section", s)
	}
	return section, err
}

func arabic(grade string) string {
	if digit, roman := grades[grade]; roman {
		return digit
	}
	return grade
}
