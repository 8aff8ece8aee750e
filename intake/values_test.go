package intake

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

func TestSchools_readsALine(t *testing.T) {
	res, err := Schools(strings.NewReader(schoolsHeader + "fgmm90001c; Piazza  Nuova ;Secondaria I grado;;Cucina;9.15\n"))
	want := []canteen.SchoolRow{{Line: 2, Code: "FGMM90001C", Name: "Piazza Nuova", Stage: canteen.StageSecondaria,
		Kitchen: "Cucina", Cutoff: 9*60 + 15}}
	if err != nil || !reflect.DeepEqual(res.Rows, want) {
		t.Errorf("%v: %+v, refused %s; want %+v", err, res.Rows, list(res.Refused), want)
	}
}

func TestClasses_readsEveryFormOfAClass(t *testing.T) {
	for cells, want := range map[string]string{
		"1;A": "1A", "1ª;b": "1B", "2^;A": "2A", "3°;C": "3C", "IV;A": "4A", "v;A": "5A", "1;BLU": "1BLU",
		"1A;": "1A", "1ªA;": "1A", "1^ a;": "1A", "2 B;": "2B", "3-C;": "3C", "4/D;": "4D", "II A;": "2A", "IVªB;": "4B",
		"1A;-": "1A",
	} {
		res, err := Classes(strings.NewReader(classesHeader + "FGEE90001B;" + cells + ";LUN;;\n"))
		if err != nil || len(res.Rows) != 1 {
			t.Errorf("%q: %v, refused %s; want %s", cells, err, list(res.Refused), want)
			continue
		}
		if got := res.Rows[0].Grade + res.Rows[0].Section; got != want || len(res.Rows[0].Grade) != 1 {
			t.Errorf("%q: class %s, grade %q; want %s", cells, got, res.Rows[0].Grade, want)
		}
	}
	for _, cells := range []string{"A;", "IA;", "6A;", "0;A", "11A;", "1;;", "1A;A", "1A!;", "1;7", "=1A;", "1;A B"} {
		res, err := Classes(strings.NewReader(classesHeader + "FGEE90001B;" + cells + ";LUN;;\n"))
		if err != nil || len(res.Rows) > 0 || len(res.Refused) != 1 {
			t.Errorf("%q: %v, %+v; want it refused", cells, err, res.Rows)
		}
	}
}

func TestPupils_readsALine(t *testing.T) {
	res, err := Pupils(strings.NewReader(strings.Replace(pupilsHeader, "Residente", "Residente;CF genitore 3;A.S.;Dal;Nato a", 1) +
		"0041;D'Amico;Zoë;;1/4/2018;femmina;FGEE90001B;2ªA;;VRGNTN85C12E716Y;vrg ntn 85c12 e716y;e;-;fuori comune;DLLCRL87P65D643Q;2026-27;02/11/2026;Tirana\n"))
	pan, panErr := canteen.ParsePAN("0041")
	if err != nil || panErr != nil {
		t.Fatal(err, panErr)
	}
	want := []canteen.PupilRow{{
		Line: 2,
		Pupil: canteen.Pupil{PAN: pan, Surname: "D'Amico", Name: "Zoë", Born: canteen.NewDate(2018, 4, 1), Sex: "F",
			Birthplace: "Tirana", NonResident: true},
		School: "FGEE90001B", Year: "2026/27", Grade: "2", Section: "A",
		Guardians: []canteen.CodiceFiscale{"VRGNTN85C12E716Y", "DLLCRL87P65D643Q"},
		Band:      canteen.BandExempt, From: canteen.NewDate(2026, 11, 2), Outside: true,
	}}
	if !reflect.DeepEqual(res.Rows, want) {
		t.Errorf("%+v, refused %s; want %+v", res.Rows, list(res.Refused), want)
	}
}

func TestPupils_bandsOfTheExemptAreOne(t *testing.T) {
	for in, want := range map[string]string{
		"ESENTE": "ESENTE", "esonerato": "ESENTE", "E": "ESENTE", "Esenzione": "ESENTE", "f1": "F1", "F-2": "F-2", "EST": "EST",
	} {
		if got, err := asBand(in); err != nil || got != want {
			t.Errorf("asBand(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestPupils_dietsAreACodeAndWhatItMeans(t *testing.T) {
	for in, want := range map[string]canteen.Diet{
		"G1 senza glutine":   {Code: "G1", Name: "senza glutine"},
		"g1 senza glutine":   {Code: "G1", Name: "senza glutine"},
		"G1 - senza glutine": {Code: "G1", Name: "senza glutine"},
		"G1: senza glutine":  {Code: "G1", Name: "senza glutine"},
		"VEG vegetariana":    {Code: "VEG", Name: "vegetariana"},
		"G1":                 {Code: "G1"},
		"vegetariana":        {Code: "VEGETARIANA"},
		"nessuna":            {},
		"NO":                 {},
		"-":                  {},
		"":                   {},
	} {
		got, problem := dietOf(in)
		if problem != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("diet %q = %+v, %v; want %+v", in, got, problem, want)
		}
	}
	if got, problem := dietOf("no carne suina"); problem == nil {
		t.Errorf(`diet "no carne suina" = %+v; want it refused for lack of a code`, got)
	}
}

func TestMenu_readsALine(t *testing.T) {
	res, err := Menu(strings.NewReader(menuHeader + "Menù d'inverno;05/10/2026;26/03/2027;2;venerdì;tutti;Secondo piatto;Platessa;1, Pesce ;7;Sì\n"))
	want := []canteen.MenuRow{{
		Line: 2, Season: "Menù d'inverno", From: canteen.NewDate(2026, 10, 5), To: canteen.NewDate(2027, 3, 26),
		Week: 2, Weekday: time.Friday,
		Dish: canteen.Dish{Course: canteen.CourseSecond, Name: "Platessa", Allergens: []int{1, 4}, Traces: []int{7}, Frozen: true},
	}}
	if err != nil || !reflect.DeepEqual(res.Rows, want) {
		t.Errorf("%v: %+v, refused %s; want %+v", err, res.Rows, list(res.Refused), want)
	}
}

func TestMenu_weekdays(t *testing.T) {
	for in, want := range map[string]time.Weekday{
		"LUN": time.Monday, "mar": time.Tuesday, "Mercoledì": time.Wednesday, "gio": time.Thursday, "VEN": time.Friday,
		"sabato": time.Saturday, "DOM": time.Sunday,
	} {
		if got, err := asWeekday(in); err != nil || got != want {
			t.Errorf("asWeekday(%q) = %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestMenu_allergensByNumberOrName(t *testing.T) {
	for in, want := range map[string][]int{
		"1,3,7": {1, 3, 7}, "7;3;1;3": {1, 3, 7}, "1 3 7": {1, 3, 7}, "1.3.7": {1, 3, 7}, "13": {13}, "1 3": {1, 3}, "14": {14},
		"glutine, uova, latte": {1, 3, 7}, "Frutta a guscio": {8}, "GLUTINE/Sesamo": {1, 11}, "1 glutine, 7 latte": {1, 7},
		"anidride solforosa e solfiti": {12}, "nessuno": nil, "-": nil, "Nessun allergene": nil, "no": nil,
	} {
		if got, err := asAllergens(in); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("asAllergens(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{",", "0", "15", "01", "-1", "3-7", "1-glutine", "137", "sale", "latte e uova", "nessuno, latte", "03-lug", "1,?"} {
		if got, err := asAllergens(in); err == nil {
			t.Errorf("asAllergens(%q) = %v; want it refused", in, got)
		}
	}
}

func TestMenu_everyAllergenOfTheLawHasItsNumber(t *testing.T) {
	// Reg. EU 1169/2011, Annex II, in order.
	annex := []string{"glutine", "crostacei", "uova", "pesce", "arachidi", "soia", "latte", "frutta a guscio", "sedano", "senape",
		"semi di sesamo", "solfiti", "lupini", "molluschi"}
	for i, name := range annex {
		if got, err := asAllergens(name); err != nil || !reflect.DeepEqual(got, []int{i + 1}) {
			t.Errorf("asAllergens(%q) = %v, %v; want %d", name, got, err, i+1)
		}
	}
}

func TestCalendar_readsRulesOfEveryLayer(t *testing.T) {
	res, err := Calendar(strings.NewReader(calendarHeader +
		"Regione;;23/12/2026;06/01/2027;Chiuso;Natale\ncomune;;16/08/2027;;chiusura;\nPlesso;fgee90001b;02/11/2026;;APERTO;Recupero\nclasse;fgee90001b 1ªA;14/04/2027;;chiuso;Gita\n"))
	want := []canteen.DayRule{
		{Layer: canteen.Region, From: canteen.NewDate(2026, 12, 23), To: canteen.NewDate(2027, 1, 6), Reason: "Natale"},
		{Layer: canteen.Town, From: canteen.NewDate(2027, 8, 16), To: canteen.NewDate(2027, 8, 16)},
		{Layer: canteen.SchoolLayer, Scope: "FGEE90001B", From: canteen.NewDate(2026, 11, 2), To: canteen.NewDate(2026, 11, 2), Open: true, Reason: "Recupero"},
		{Layer: canteen.ClassLayer, Scope: "FGEE90001B 1A", From: canteen.NewDate(2027, 4, 14), To: canteen.NewDate(2027, 4, 14), Reason: "Gita"},
	}
	if err != nil || len(res.Rows) != len(want) {
		t.Fatalf("%v: %+v, refused %s; want %d rows", err, res.Rows, list(res.Refused), len(want))
	}
	for i, row := range res.Rows {
		if err := row.Rule.Validate(); row.Rule != want[i] || row.Year != nil || row.Line != i+2 || err != nil {
			t.Errorf("row %+v, %v; want rule %+v on line %d", row, err, want[i], i+2)
		}
	}
}

func TestCalendar_theTwoLinesOfASchoolYearAreOneRow(t *testing.T) {
	const lessons, meals = goodYear, "anno scolastico;2026-27;05/10/2026;04/06/2027;mensa;\n"
	for _, c := range []struct {
		name, text string
		want       canteen.SchoolYear
	}{
		{"both", lessons + "comune;;16/08/2027;;chiuso;\n" + meals, canteen.SchoolYear{From: 20260916, To: 20270609, ServiceFrom: 20261005, ServiceTo: 20270604}},
		{"both, the other way round", meals + "comune;;16/08/2027;;chiuso;\n" + lessons, canteen.SchoolYear{From: 20260916, To: 20270609, ServiceFrom: 20261005, ServiceTo: 20270604}},
		{"lessons alone", lessons + "comune;;16/08/2027;;chiuso;\n", canteen.SchoolYear{From: 20260916, To: 20270609}},
		{"meals alone", meals + "comune;;16/08/2027;;chiuso;\n", canteen.SchoolYear{From: 20260901, To: 20270831, ServiceFrom: 20261005, ServiceTo: 20270604}},
	} {
		c.want.Name = "2026/27"
		res, err := Calendar(strings.NewReader(calendarHeader + c.text))
		if err != nil || len(res.Rows) != 2 || len(res.Refused)+len(res.Warnings) > 0 || res.Rows[0].Year == nil {
			t.Errorf("%s: %v: %+v, refused %s; want the year and a rule", c.name, err, res.Rows, list(res.Refused))
			continue
		}
		if got := *res.Rows[0].Year; got != c.want || res.Rows[0].Line != 2 {
			t.Errorf("%s: %+v on line %d; want %+v on line 2", c.name, got, res.Rows[0].Line, c.want)
		}
	}
}
