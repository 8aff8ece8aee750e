package intake

import (
	"reflect"
	"strings"
	"testing"

	"refettorio/canteen"
)

// The headers of the tests, as offices write them.
const (
	schoolsHeader   = "Codice meccanografico;Denominazione plesso;Ordine;Istituto;Centro di cottura;Termine\n"
	classesHeader   = "Plesso;Classe;Sez.;Giorni mensa;A.S.;Docenti\n"
	guardiansHeader = "C.F.;Cognome;Nome;Tel.;E-mail;Indirizzo;CAP;Comune\n"
	pupilsHeader    = "PAN;Cognome;Nome;CF;Nato il;Sesso;Plesso;Classe;Sezione;CF genitore 1;CF genitore 2;Fascia;Dieta;Residente\n"
	balancesHeader  = "PAN;Credito\n"
	menuHeader      = "Stagione;Dal;Al;Settimana;Giorno;Ordine;Portata;Piatto;Allergeni;Tracce;Surgelato\n"
	calendarHeader  = "Ambito;Codice;Dal;Al;Tipo;Motivo\n"
)

// Lines without a mistake.
const (
	goodGuardian = "VRGNTN85C12E716Y;Vergaro;Antonio;333 0000101;a@example.org;Via Po;71036;Borgoluce\n"
	goodPupil    = "5200014;Vergaro;Niccolò;VRGNCL17B11E716M;11/02/2017;M;FGEE90001B;4;B;VRGNTN85C12E716Y;;F2;G1 senza glutine;\n"
	goodDish     = "Autunno;05/10/2026;26/03/2027;1;LUN;;Primo;Riso;9;;\n"
	goodYear     = "anno scolastico;2026/27;16/09/2026;09/06/2027;scuola;\n"
)

func TestMistakes_areRefusedWithTheirLineFieldAndReason(t *testing.T) {
	for _, c := range []struct {
		name      string
		kind      Kind
		text      string
		line      int
		key       string
		field     string
		sentence  string
		arguments []any
	}{
		{"bad school code", KindSchools, schoolsHeader + "FG1;Rodari;Primaria;;Cucina;\n",
			2, "FG1", "Codice meccanografico", "error.schoolCode", []any{"FG1"}},
		{"unknown stage", KindSchools, schoolsHeader + "FGEE90001B;Rodari;Liceo;;Cucina;\n",
			2, "FGEE90001B", "Ordine", "error.stage", []any{"Liceo"}},
		{"bad clock", KindSchools, schoolsHeader + "FGEE90001B;Rodari;Primaria;;Cucina;25:00\n",
			2, "FGEE90001B", "Termine", "error.clock", []any{"25:00"}},
		{"the same school", KindSchools, schoolsHeader + "FGEE90001B;Rodari;Primaria;;Cucina;\nfgee90001b;Rodari;Primaria;;Cucina;\n",
			3, "fgee90001b", "Codice meccanografico", "error.import.duplicate", []any{2}},
		{"no class", KindClasses, classesHeader + "FGEE90001B;prima A;;LUN;;\n",
			2, "FGEE90001B prima A", "Classe", "error.import.class", []any{"prima A"}},
		{"grade out of a school", KindClasses, classesHeader + "FGEE90001B;9;A;LUN;;\n",
			2, "FGEE90001B 9 A", "Classe", "error.import.class", []any{"9"}},
		{"bad weekdays", KindClasses, classesHeader + "FGEE90001B;1;A;LUN-FOO;;\n",
			2, "FGEE90001B 1 A", "Giorni mensa", "error.weekdays", []any{"LUN-FOO"}},
		{"bad school year", KindClasses, classesHeader + "FGEE90001B;1;A;LUN;2026/28;\n",
			2, "FGEE90001B 1 A", "A.S.", "error.schoolYear", []any{"2026/28"}},
		{"too many teachers", KindClasses, classesHeader + "FGEE90001B;1;A;LUN;;500\n",
			2, "FGEE90001B 1 A", "Docenti", "error.import.number", []any{"500", 0, maxStaff}},
		{"the same class in two forms", KindClasses, classesHeader + "FGEE90001B;1;A;LUN;;\nFGEE90001B;1ªA;;MAR;;\n",
			3, "FGEE90001B 1ªA", "Classe", "error.import.duplicate", []any{2}},
		{"bad codice fiscale", KindGuardians, guardiansHeader + "VRGNTN85C12E716A;Vergaro;Antonio;;;;;\n",
			2, "VRGNTN85C12E716A", "C.F.", "error.codiceFiscale.check", nil},
		{"bad phone", KindGuardians, guardiansHeader + "VRGNTN85C12E716Y;Vergaro;Antonio;333;;;;\n",
			2, "VRGNTN85C12E716Y", "Tel.", "error.phone", nil},
		{"bad e-mail", KindGuardians, guardiansHeader + "VRGNTN85C12E716Y;Vergaro;Antonio;;a@@b;;;\n",
			2, "VRGNTN85C12E716Y", "E-mail", "error.email", nil},
		{"post code that lost its zero", KindGuardians, guardiansHeader + "VRGNTN85C12E716Y;Vergaro;Antonio;;;;184;\n",
			2, "VRGNTN85C12E716Y", "CAP", "error.import.postCode", []any{"184"}},
		{"no surname", KindGuardians, guardiansHeader + "VRGNTN85C12E716Y;;Antonio;;;;;\n",
			2, "VRGNTN85C12E716Y", "Cognome", "error.import.required", nil},
		{"letter lost by an earlier conversion", KindGuardians, guardiansHeader + "VRGNTN85C12E716Y;Vergaro;Niccol\ufffd;;;;;\n",
			2, "VRGNTN85C12E716Y", "Nome", "error.import.text", []any{"Niccol?"}},
		{"text too long", KindGuardians, guardiansHeader + "VRGNTN85C12E716Y;Vergaro;" + strings.Repeat("à", 201) + ";;;;;\n",
			2, "VRGNTN85C12E716Y", "Nome", "error.import.tooLong", []any{maxTextRunes}},
		{"the same guardian with other data", KindGuardians, guardiansHeader + goodGuardian + strings.Replace(goodGuardian, "Via Po", "Via Arno", 1),
			3, "VRGNTN85C12E716Y", "C.F.", "error.import.duplicate", []any{2}},
		{"bad PAN", KindPupils, pupilsHeader + strings.Replace(goodPupil, "5200014", "4,1E+06", 1),
			2, "4,1E+06", "PAN", "error.pan", nil},
		{"bad birth date", KindPupils, pupilsHeader + strings.Replace(goodPupil, "11/02/2017", "31/02/2017", 1),
			2, "5200014", "Nato il", "error.date", []any{"31/02/2017"}},
		{"bad sex", KindPupils, pupilsHeader + strings.Replace(goodPupil, ";M;", ";Z;", 1),
			2, "5200014", "Sesso", "error.import.sex", []any{"Z"}},
		{"bad guardian", KindPupils, pupilsHeader + strings.Replace(goodPupil, ";;F2", ";VRG;F2", 1),
			2, "5200014", "CF genitore 2", "error.codiceFiscale.length", nil},
		{"bad band", KindPupils, pupilsHeader + strings.Replace(goodPupil, "F2", "F 2", 1),
			2, "5200014", "Fascia", "error.code", []any{"F 2"}},
		{"diet without a code", KindPupils, pupilsHeader + strings.Replace(goodPupil, "G1 senza", "senza", 1),
			2, "5200014", "Dieta", "error.import.diet", []any{"senza glutine"}},
		{"diet code explained in two ways", KindPupils, pupilsHeader + goodPupil +
			"7;Rossi;Anna;;;;FGEE90001B;4;B;VRGNTN85C12E716Y;;;G1 senza latte;\n",
			3, "7", "Dieta", "error.import.dietName", []any{"G1", "senza glutine", 2}},
		{"bad residence", KindPupils, pupilsHeader + strings.Replace(goodPupil, "glutine;", "glutine;boh", 1),
			2, "5200014", "Residente", "error.import.resident", []any{"boh"}},
		{"the same PAN", KindPupils, pupilsHeader + goodPupil + "5200014;Rossi;Anna;;;;FGEE90001B;4;B;;;;;\n",
			3, "5200014", "PAN", "error.import.duplicate", []any{2}},
		{"the same child with two PANs", KindPupils, pupilsHeader + goodPupil + strings.Replace(goodPupil, "5200014", "5200015", 1),
			3, "5200015", "CF", "error.import.duplicate", []any{2}},
		{"the same child without codes", KindPupils, pupilsHeader + strings.Repeat(";Rossi;Anna;;01/04/2018;;FGEE90001B;4;B;;;;;\n", 2),
			3, "Rossi Anna", "Cognome", "error.import.duplicate", []any{2}},
		{"bad amount", KindBalances, balancesHeader + "1;12,345\n",
			2, "1", "Credito", "error.money", []any{"12,345"}},
		{"amount out of sense", KindBalances, balancesHeader + "1;-2864000,00\n",
			2, "1", "Credito", "error.import.amount", []any{"-2864000,00", "100.000,00"}},
		{"the same balance", KindBalances, balancesHeader + "1;1\n2;3\n1;1\n",
			4, "1", "PAN", "error.import.duplicate", []any{2}},
		{"no word on allergens", KindMenu, menuHeader + strings.Replace(goodDish, ";9;", ";;", 1),
			2, "Autunno 1 LUN Riso", "Allergeni", "error.import.required", nil},
		{"allergen that is none", KindMenu, menuHeader + strings.Replace(goodDish, ";9;", ";1,15;", 1),
			2, "Autunno 1 LUN Riso", "Allergeni", "error.import.allergen", []any{"15"}},
		{"traces of what is no allergen", KindMenu, menuHeader + strings.Replace(goodDish, ";9;;", ";9;sale;", 1),
			2, "Autunno 1 LUN Riso", "Tracce", "error.import.allergen", []any{"sale"}},
		{"unknown course", KindMenu, menuHeader + strings.Replace(goodDish, "Primo", "Antipasto", 1),
			2, "Autunno 1 LUN Riso", "Portata", "error.import.course", []any{"Antipasto"}},
		{"tenth week", KindMenu, menuHeader + strings.Replace(goodDish, ";1;LUN", ";10;LUN", 1),
			2, "Autunno 10 LUN Riso", "Settimana", "error.import.number", []any{"10", 1, maxWeeks}},
		{"two days", KindMenu, menuHeader + strings.Replace(goodDish, "LUN", "LUN-MAR", 1),
			2, "Autunno 1 LUN-MAR Riso", "Giorno", "error.import.weekday", []any{"LUN-MAR"}},
		{"neither yes nor no", KindMenu, menuHeader + strings.Replace(goodDish, ";9;;", ";9;;forse", 1),
			2, "Autunno 1 LUN Riso", "Surgelato", "error.import.yesNo", []any{"forse"}},
		{"a menu that ends before it begins", KindMenu, menuHeader + strings.Replace(goodDish, "26/03/2027", "26/03/2026", 1),
			2, "Autunno 1 LUN Riso", "Al", "error.dayRule.range", []any{"2026-10-05", "2026-03-26"}},
		{"one menu with two sets of days", KindMenu, menuHeader + goodDish + strings.NewReplacer("Riso", "Orzo", "26/03", "27/03").Replace(goodDish),
			3, "Autunno 1 LUN Orzo", "Dal", "error.import.season", []any{"Autunno", "2026-10-05", "2027-03-26", 2}},
		{"the same dish", KindMenu, menuHeader + goodDish + goodDish,
			3, "Autunno 1 LUN Riso", "Piatto", "error.import.duplicate", []any{2}},
		{"unknown scope", KindCalendar, calendarHeader + "nazione;;01/11/2026;;chiuso;\n",
			2, "nazione 01/11/2026", "Ambito", "error.import.scope", []any{"nazione"}},
		{"unknown type", KindCalendar, calendarHeader + "comune;;01/11/2026;;forse;\n",
			2, "comune 01/11/2026", "Tipo", "error.import.dayType", []any{"forse"}},
		{"school without a code", KindCalendar, calendarHeader + "plesso;;02/11/2026;;chiuso;\n",
			2, "plesso 02/11/2026", "Codice", "error.import.required", nil},
		{"town with a code", KindCalendar, calendarHeader + "comune;Foggia;02/11/2026;;chiuso;\n",
			2, "comune Foggia 02/11/2026", "Codice", "error.import.scopeCode", []any{"Foggia"}},
		{"class without a school", KindCalendar, calendarHeader + "classe;1A;02/11/2026;;chiuso;\n",
			2, "classe 1A 02/11/2026", "Codice", "error.import.classCode", []any{"1A"}},
		{"days backwards", KindCalendar, calendarHeader + "comune;;06/01/2027;23/12/2026;chiuso;\n",
			2, "comune 06/01/2027", "Al", "error.dayRule.range", []any{"2027-01-06", "2026-12-23"}},
		{"the same days of one place", KindCalendar, calendarHeader + "comune;;02/11/2026;;chiuso;\ncomune;;02/11/2026;02/11/2026;aperto;\n",
			3, "comune 02/11/2026", "Dal", "error.import.duplicate", []any{2}},
		{"unknown half of a year", KindCalendar, calendarHeader + strings.Replace(goodYear, ";scuola", ";chiuso", 1),
			2, "anno scolastico 2026/27 16/09/2026", "Tipo", "error.import.yearType", []any{"chiuso"}},
		{"year limits of another year", KindCalendar, calendarHeader + strings.Replace(goodYear, "2027;s", "2028;s", 1),
			2, "anno scolastico 2026/27 16/09/2026", "Dal", "error.import.yearLimits", []any{"2026/27", "2026-09-01", "2027-08-31"}},
		{"meals outside the lessons", KindCalendar, calendarHeader + goodYear + "anno scolastico;2026/27;01/10/2026;30/06/2027;mensa;\n",
			3, "anno scolastico 2026/27 01/10/2026", "Dal", "error.import.service", []any{"2026-09-16", "2027-06-09"}},
		{"the same half of a year", KindCalendar, calendarHeader + goodYear + goodYear,
			3, "anno scolastico 2026/27 16/09/2026", "Codice", "error.import.duplicate", []any{2}},
	} {
		f, err := Read(c.kind, strings.NewReader(c.text))
		if err != nil || len(f.Refused) != 1 {
			t.Errorf("%s: %v, refused %s; want one refusal", c.name, err, list(f.Refused))
			continue
		}
		got := f.Refused[0]
		want := canteen.RowResult{Line: c.line, Key: c.key, Outcome: canteen.RowRefused,
			Reason: canteen.Invalid(c.field, c.sentence, append([]any{}, c.arguments...)...)}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: line %d, key %q, reason %v; want line %d, key %q, reason %v",
				c.name, got.Line, got.Key, got.Reason, want.Line, want.Key, want.Reason)
		}
	}
}

func TestMistakes_ofARowDoNotStopTheOthers(t *testing.T) {
	res, err := Balances(strings.NewReader(balancesHeader + "1;1,00\nX;2,00\n3;3,00\n4;boh\n5;5,00\n"))
	if err != nil || len(res.Rows) != 3 || len(res.Refused) != 2 {
		t.Fatalf("%v: rows %v, refused %s; want rows of lines 2, 4, 6", err, res.Rows, list(res.Refused))
	}
	for i, line := range []int{2, 4, 6} {
		if res.Rows[i].Line != line {
			t.Errorf("row %d is of line %d; want %d", i, res.Rows[i].Line, line)
		}
	}
}

func TestMistakes_warningsLeaveTheRow(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kind       Kind
		rows       int
		want       []canteen.RowResult
	}{
		{"a child that is not its codice fiscale's", pupilsHeader + strings.NewReplacer("Vergaro", "Vergari", "2017", "2016", ";M;", ";F;").Replace(goodPupil),
			KindPupils, 1, []canteen.RowResult{
				{Line: 2, Key: "5200014", Reason: canteen.Invalid("Nato il", "warning.import.codiceFiscale")},
				{Line: 2, Key: "5200014", Reason: canteen.Invalid("Sesso", "warning.import.codiceFiscale")},
			}},
		{"a child without guardians", pupilsHeader + strings.Replace(goodPupil, "VRGNTN85C12E716Y", "-", 1),
			KindPupils, 1, []canteen.RowResult{
				{Line: 2, Key: "5200014", Reason: canteen.Invalid("CF genitore 1", "warning.import.noGuardian")},
			}},
		{"a guardian that is not its codice fiscale's", guardiansHeader + strings.Replace(goodGuardian, "Antonio", "Marco", 1),
			KindGuardians, 1, []canteen.RowResult{
				{Line: 2, Key: "VRGNTN85C12E716Y", Reason: canteen.Invalid("Nome", "warning.import.codiceFiscale")},
			}},
		{"a guardian twice the same", guardiansHeader + goodGuardian + goodGuardian,
			KindGuardians, 1, []canteen.RowResult{
				{Line: 3, Key: "VRGNTN85C12E716Y", Reason: canteen.Invalid("C.F.", "warning.import.repeated", 2)},
			}},
	} {
		f, err := Read(c.kind, strings.NewReader(c.text))
		rows := len(f.Pupils) + len(f.Guardians)
		if err != nil || rows != c.rows || len(f.Refused) > 0 || len(f.Warnings) != len(c.want) {
			t.Errorf("%s: %v, %d rows, refused %s, warnings %s; want %d rows, %d warnings",
				c.name, err, rows, list(f.Refused), list(f.Warnings), c.rows, len(c.want))
			continue
		}
		for i, w := range c.want {
			got := f.Warnings[i]
			if got.Line != w.Line || got.Key != w.Key || got.Outcome != "" || got.Reason.Error() != w.Reason.Error() {
				t.Errorf("%s: warning %+v (%v); want %+v (%v)", c.name, got, got.Reason, w, w.Reason)
			}
		}
	}
}
