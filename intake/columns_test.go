package intake

import (
	"strings"
	"testing"
)

// columnsOf are the columns of each kind.
var columnsOf = map[Kind][]*column{
	KindSchools: schoolColumns, KindClasses: classColumns, KindGuardians: guardianColumns, KindPupils: pupilColumns,
	KindBalances: balanceColumns, KindMenu: menuColumns, KindCalendar: calendarColumns,
}

func TestColumns_eachNameMeansOneColumn(t *testing.T) {
	for _, k := range Kinds {
		owner := map[string]string{}
		for _, c := range columnsOf[k] {
			for _, name := range append([]string{c.name}, c.also...) {
				folded := c.fold(name)
				if other, taken := owner[folded]; taken {
					t.Errorf("%s: %q of column %q is also of %q", k, name, c.name, other)
				}
				owner[folded] = c.name
			}
		}
	}
}

func TestColumns_areFoundHoweverTheyAreWritten(t *testing.T) {
	names := acceptedNames(pupilColumns)
	for header, want := range map[string]*column{
		"Codice meccanografico": pupilSchool, "cod. mecc.": pupilSchool, "COD_MECC": pupilSchool, "Plesso": pupilSchool,
		"C.F.": pupilCF, "codice-fiscale": pupilCF, "  Cod. Fisc. ": pupilCF,
		"DATA DI NASCITA": pupilBorn, "Nato/a il": pupilBorn, "birth_date": pupilBorn,
		"CF genitore 1": pupilGuardians, "cf_genitore2": pupilGuardians, "CF genitore 12": pupilGuardians, "CF madre": pupilGuardians,
		"Codice fiscale genitore": pupilGuardians, "Séxo": nil, "Sesso": pupilSex, "Nome 1": nil, "PAN2": nil, "1": nil, "…": nil,
	} {
		if got := names.find(header); got != want {
			t.Errorf("header %q is found as %v; want %v", header, got, want)
		}
	}
}

func TestColumns_aMissingOneRefusesTheFileAndSaysWhatWasFound(t *testing.T) {
	_, err := Balances(strings.NewReader("PAN;Totale;;Note\n1;2;;\n"))
	e := refusal(t, err)
	if e.Key != "error.import.columnMissing" || e.Field != "Saldo" || len(e.Args) != 3 {
		t.Fatalf("%v; want error.import.columnMissing on Saldo with 3 arguments", e)
	}
	for i, want := range []string{"Saldo", "Credito, Importo", "PAN, Totale, Note"} {
		if got, isText := e.Args[i].(string); !isText || !strings.Contains(got, want) {
			t.Errorf("argument %d is %v; want it to name %q", i, e.Args[i], want)
		}
	}
	if _, err := Pupils(strings.NewReader("Cognome;Nome;Plesso;Classe\n")); refusal(t, err).Field != "CF genitore" {
		t.Errorf("pupils without a guardian column: %v; want the column named", err)
	}
}

func TestColumns_theListOfWhatWasFoundIsBounded(t *testing.T) {
	header := strings.Repeat(strings.Repeat("x", 200)+";", 150)
	_, err := Balances(strings.NewReader(header + "\n"))
	if e := refusal(t, err); len(e.Error()) > 2000 {
		t.Errorf("a message of %d bytes; want at most 2000", len(e.Error()))
	}
}

func TestColumns_theSameOneTwiceRefusesTheFile(t *testing.T) {
	for _, text := range []string{
		"PAN;Saldo;Credito\n", "PAN;Saldo;saldo\n", "PAN;PAN;Saldo\n",
	} {
		_, err := Balances(strings.NewReader(text))
		if e := refusal(t, err); e.Key != "error.import.columnTwice" || len(e.Args) != 3 {
			t.Errorf("%q: %v; want error.import.columnTwice with 3 arguments", text, e)
		}
	}
	_, err := Pupils(strings.NewReader("Cognome;Nome;Plesso;Classe;CF genitore 1;CF genitore 1\n"))
	if e := refusal(t, err); e.Key != "error.import.columnTwice" {
		t.Errorf("a numbered column twice: %v; want error.import.columnTwice", e)
	}
}

func TestColumns_unknownOnesAreWarnings(t *testing.T) {
	res, err := Balances(strings.NewReader("\nPAN;Note;Saldo;Note\n1;x;2;y\n"))
	if err != nil || len(res.Rows) != 1 || len(res.Warnings) != 2 {
		t.Fatalf("%v: %d rows, warnings %s; want 1 row and 2 warnings", err, len(res.Rows), list(res.Warnings))
	}
	if w := res.Warnings[0]; w.Line != 2 || w.Key != "Note" || w.Outcome != "" || w.Reason.Key != "warning.import.column" {
		t.Errorf("warning %+v, %v; want warning.import.column on line 2 about Note", w, w.Reason)
	}
}

func TestRead_refusesAnUnknownKind(t *testing.T) {
	_, err := Read("alunni", strings.NewReader(""))
	if e := refusal(t, err); e.Key != "error.import.kind" {
		t.Errorf("%v; want error.import.kind", e)
	}
	for _, k := range Kinds {
		if got, err := ParseKind(string(k)); err != nil || got != k {
			t.Errorf("ParseKind(%q) = %q, %v", k, got, err)
		}
	}
}
