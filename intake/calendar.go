package intake

import (
	"io"
	"strings"

	"refettorio/canteen"
)

var (
	calendarScope = &column{name: "Ambito", need: filled,
		also: []string{"Livello", "Scope", "Layer"}}
	calendarCode = &column{name: "Codice", need: present,
		also: []string{"Codice meccanografico", "Plesso", "Riferimento", "Code"}}
	calendarFrom = &column{name: "Dal", need: filled,
		also: []string{"Data", "Inizio", "Data inizio", "From"}}
	calendarTo = &column{name: "Al",
		also: []string{"Fine", "Data fine", "To"}}
	calendarType = &column{name: "Tipo", need: filled,
		also: []string{"Stato", "Type"}}
	calendarReason = &column{name: "Motivo",
		also: []string{"Descrizione", "Note", "Reason"}}

	calendarColumns = []*column{calendarScope, calendarCode, calendarFrom, calendarTo, calendarType, calendarReason}
)

// scopeYear is the scope of the lines that limit a school year; it is no layer.
const scopeYear canteen.Layer = 0

var scopes = map[string]canteen.Layer{
	"annoscolastico": scopeYear, "anno": scopeYear, "schoolyear": scopeYear, "year": scopeYear,
	"regione": canteen.Region, "region": canteen.Region,
	"comune": canteen.Town, "town": canteen.Town,
	"plesso": canteen.SchoolLayer, "scuola": canteen.SchoolLayer, "school": canteen.SchoolLayer,
	"classe": canteen.ClassLayer, "class": canteen.ClassLayer,
}

// opens answers "open?" to the words of the column "Tipo" for a closure or an
// opening.
var opens = map[string]bool{
	"chiuso": false, "chiusa": false, "chiusura": false, "closed": false,
	"aperto": true, "aperta": true, "apertura": true, "open": true,
}

// services answers "of the canteen?" to the words of "Tipo" for a school year.
var services = map[string]bool{
	"scuola": false, "lezioni": false, "school": false,
	"mensa": true, "servizio": true, "canteen": true,
}

// Calendar reads calendario.csv: closures and openings of the region, the town, a
// school or a class, and the limits of school years. A school year may have two
// lines, one for the lessons and one for the canteen: they come out as one row,
// at the line of the first. Where a line lacks, the lessons are those of the name
// (1 September to 31 August) and the canteen has the limits of the lessons.
func Calendar(r io.Reader) (Result[canteen.CalendarRow], error) {
	known := calendarSeen{years: map[string]*yearLines{}, rules: seen[canteen.DayRule]{}}
	name := named(calendarScope, calendarCode, calendarFrom)
	return read(r, calendarColumns, name, func(r *row) canteen.CalendarRow {
		scope := word(r, calendarScope, scopes, "error.import.scope")
		from := parse(r, calendarFrom, canteen.ParseDate)
		to := parse(r, calendarTo, canteen.ParseDate)
		if to == 0 {
			to = from
		}
		if r.problem == nil && to < from {
			r.invalid(calendarTo, "error.dayRule.range", from.String(), to.String())
		}
		if scope == scopeYear && r.problem == nil {
			return known.year(r, from, to)
		}
		return known.rule(r, canteen.DayRule{Layer: scope, From: from, To: to})
	})
}

// calendarSeen holds what may stand once in a file.
type calendarSeen struct {
	years map[string]*yearLines
	rules seen[canteen.DayRule]
}

// rule reads a closure or an opening. The same layer, scope and days may stand
// once: twice, the later would silently win.
func (s *calendarSeen) rule(r *row, rule canteen.DayRule) canteen.CalendarRow {
	switch rule.Layer {
	case canteen.SchoolLayer:
		rule.Scope = code(r, canteen.ParseSchoolCode)
	case canteen.ClassLayer:
		rule.Scope = code(r, asClassKey)
	default:
		if cell := r.cell(calendarCode); cell != "" {
			r.invalid(calendarCode, "error.import.scopeCode", cell)
		}
	}
	once(s.rules, r, calendarFrom, rule)
	rule.Open = word(r, calendarType, opens, "error.import.dayType")
	rule.Reason = r.text(calendarReason)
	return canteen.CalendarRow{Line: r.line, Rule: rule}
}

// code reads the code of a line that must have one.
func code[T any](r *row, with func(string) (T, error)) T {
	if r.cell(calendarCode) == "" {
		r.invalid(calendarCode, "error.import.required")
	}
	return parse(r, calendarCode, with)
}

// asClassKey reads "FGEE82001P 1A" and gives it back in that form.
func asClassKey(s string) (string, error) {
	school, class, found := strings.Cut(s, " ")
	if !found {
		return "", canteen.Invalid("", "error.import.classCode", s)
	}
	code, err := canteen.ParseSchoolCode(school)
	if err != nil {
		return "", err
	}
	grade, section, err := parseClass(class)
	if err != nil {
		return "", err
	}
	return code + " " + grade + section, nil
}
