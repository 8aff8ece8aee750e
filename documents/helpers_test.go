package documents

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"refettorio/canteen"
)

var refresh = flag.Bool("update", false, "write the golden files again")

// golden compares bytes with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *refresh {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what was written:\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

// italian is the Italian side of the catalogue, as the documents need it.
var italian = map[string]string{
	"date.long":         "%s %d %s %d",
	"document.lang":     "it",
	"document.page":     "pagina %v di %v",
	"date.month.may":    "maggio",
	"date.month.june":   "giugno",
	"date.month.july":   "luglio",
	"date.month.august": "agosto",

	"date.weekday.sunday": "domenica", "date.weekday.monday": "lunedì", "date.weekday.tuesday": "martedì",
	"date.weekday.wednesday": "mercoledì", "date.weekday.thursday": "giovedì", "date.weekday.friday": "venerdì",
	"date.weekday.saturday": "sabato",

	"date.month.january": "gennaio", "date.month.february": "febbraio", "date.month.march": "marzo",
	"date.month.april": "aprile", "date.month.september": "settembre", "date.month.october": "ottobre",
	"date.month.november": "novembre", "date.month.december": "dicembre",

	"document.sheet.absent":       "Assenti",
	"document.sheet.allergens":    "allergeni: %s",
	"document.sheet.changes":      "Variazioni",
	"document.sheet.class":        "Classe",
	"document.sheet.continued":    "%s (segue)",
	"document.sheet.cutoff":       "Termine applicato",
	"document.sheet.cutoffAhead":  "Termine previsto",
	"document.sheet.day":          "Giorno",
	"document.sheet.diet":         "Dieta",
	"document.sheet.dietName":     "Nome",
	"document.sheet.enrolled":     "Iscritti",
	"document.sheet.excludes":     "Alimenti da escludere",
	"document.sheet.forecast":     "Previsione",
	"document.sheet.issued":       "emessa alle %s",
	"document.sheet.issuedOn":     "emessa il %s alle %s",
	"document.sheet.kitchen":      "Centro di cottura",
	"document.sheet.legend":       "Diete speciali: alimenti da escludere",
	"document.sheet.meals":        "%d pasti",
	"document.sheet.moreDiets":    "Altre diete",
	"document.sheet.notIssued":    "non ancora emessa",
	"document.sheet.ofWhich":      "di cui %s",
	"document.sheet.oneMeal":      "1 pasto",
	"document.sheet.receivedAt":   "Ora",
	"document.sheet.receivedBy":   "Ricevuto da",
	"document.sheet.school":       "Scuola",
	"document.sheet.schoolClass":  "Scuola e classe",
	"document.sheet.signature":    "Firma",
	"document.sheet.staff":        "Personale",
	"document.sheet.standard":     "Standard",
	"document.sheet.tab":          "Produzione",
	"document.sheet.tileDiets":    "diete speciali",
	"document.sheet.tileStaff":    "personale",
	"document.sheet.tileStandard": "standard",
	"document.sheet.tileTotal":    "pasti in tutto",
	"document.sheet.tileWhite":    "in bianco",
	"document.sheet.title":        "Foglio di produzione",
	"document.sheet.total":        "Totale",
	"document.sheet.version":      "Versione %d",
	"document.sheet.white":        "In bianco",
	"document.sheet.whiteDiets":   "In bianco con dieta",
	"document.sheet.without":      "escludere: %s",

	"document.request.due":        "Risposta entro",
	"document.request.next":       "Cosa succede adesso",
	"document.request.number":     "Numero della ricevuta",
	"document.request.officer":    "Responsabile del procedimento",
	"document.request.received":   "Ricevuta il",
	"document.request.receivedAt": "%s, ore %s",

	"document.statement.amount":  "Importo (€)",
	"document.statement.at":      "Registrato il",
	"document.statement.balance": "Saldo (€)",
	"document.statement.closing": "Saldo finale",
	"document.statement.credits": "Entrate",
	"document.statement.day":     "Giorno",
	"document.statement.debits":  "Uscite",
	"document.statement.empty":   "Nessun movimento nel periodo.",
	"document.statement.fromTo":  "dal %s al %s",
	"document.statement.issued":  "Aggiornato al %s, ore %s",
	"document.statement.opening": "Saldo iniziale",
	"document.statement.pan":     "Codice PAN",
	"document.statement.period":  "Periodo",
	"document.statement.pupil":   "Alunno",
	"document.statement.title":   "Estratto del conto mensa",
	"document.statement.updated": "Aggiornato al",
	"document.statement.what":    "Movimento",
}

// words translates into Italian and fails the test on an unknown key.
func words(t testing.TB) Translate {
	return func(key string, args ...any) string {
		sentence, ok := italian[key]
		if !ok {
			t.Errorf("the key %q has no sentence", key)
			return key
		}
		if len(args) == 0 {
			return sentence
		}
		return fmt.Sprintf(sentence, args...)
	}
}

// testFonts reads the fonts of the asset build.
func testFonts(t testing.TB) Fonts {
	t.Helper()
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("..", "assets", "dist", "pdf", name))
		if errors.Is(err, os.ErrNotExist) {
			t.Skip("the fonts of the PDFs are not built: run the build of assets first")
		}
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	return Fonts{Regular: read("titillium-web-regular.ttf"), Bold: read("titillium-web-700.ttf")}
}

// extract runs a tool on a PDF and returns what it prints.
func extract(t testing.TB, pdf []byte, tool string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skip(tool + " is not installed: the PDF was made but not looked into")
	}
	path := filepath.Join(t.TempDir(), "out.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, slices.Replace(slices.Clone(args), slices.Index(args, "FILE"), slices.Index(args, "FILE")+1, path)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", tool, args, err, out)
	}
	return string(out)
}

// write runs a document and returns its bytes.
func write(t testing.TB, document func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := document(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	lunchDay = canteen.NewDate(2026, 10, 14)
	cutoff   = lunchDay.At(canteen.DefaultCutoff)
)

// The diets of the samples.
var sampleDiets = []canteen.Diet{
	{Code: "G1", Name: "Senza glutine", Excludes: "grano, farro, orzo, segale, avena e quanto ne contiene", Allergens: []int{1}},
	{Code: "L1", Name: "Senza latte", Excludes: "latte, burro, formaggi, yogurt, panna", Allergens: []int{7}},
	{Code: "N1", Name: "Senza frutta a guscio", Excludes: "noci, nocciole, mandorle, pistacchi, pinoli", Allergens: []int{8}},
	{Code: "R1", Name: "Senza maiale", Excludes: "carne e derivati del maiale, strutto, gelatina"},
	{Code: "U1", Name: "Senza uova", Excludes: "uova, pasta all'uovo, maionese", Allergens: []int{3}},
	{Code: "V1", Name: "Vegetariana", Excludes: "carne e pesce"},
}

// sampleSheet makes a sheet of so many schools and classes with the first
// diets of the samples; the numbers follow from the places alone.
func sampleSheet(schools, classes, diets int) *canteen.Sheet {
	names := []string{
		"Scuola primaria Gianni Rodari", "Scuola dell'infanzia Collodi", "Scuola primaria Edmondo De Amicis",
		"Scuola dell'infanzia Il Girasole", "Scuola secondaria di I grado Alessandro Manzoni",
		"Scuola dell'infanzia Arcobaleno", "Scuola primaria Maria Montessori", "Scuola primaria Lombardo Radice",
	}
	s := &canteen.Sheet{
		Date: lunchDay, Kitchen: "via-appulo", Name: "Centro di cottura Via Appulo", Version: 1,
		IssuedAt: cutoff.Add(2 * time.Second), Cutoff: cutoff,
	}
	for i := range classes {
		school := i * schools / classes
		r := canteen.SheetRow{
			School: fmt.Sprintf("FGEE8190%02d", school), SchoolName: names[school%len(names)],
			Class: fmt.Sprintf("%d%c", i%5+1, 'A'+i/5%6),
		}
		for pupil := range 18 + i*7%8 {
			switch n := i*31 + pupil*17; {
			case n%11 == 0:
				r.AddMeal(canteen.MealAbsent, "")
			case n%53 == 1:
				r.AddMeal(canteen.MealWhite, "")
			case n%97 == 2 && diets > 0:
				r.AddMeal(canteen.MealWhite, sampleDiets[0].Code)
			case n%23 == 3 && diets > 0:
				r.AddMeal(canteen.MealDiet, sampleDiets[(i+pupil)%diets].Code)
			default:
				r.AddMeal(canteen.MealStandard, "")
			}
		}
		r.AddStaff(1 + i%2)
		s.Rows = append(s.Rows, r)
	}
	s.Legend = slices.Clone(sampleDiets[:diets])
	sum(s)
	return s
}

// sum makes the totals of a sheet from its rows.
func sum(s *canteen.Sheet) {
	s.Totals = canteen.Counts{}
	for _, r := range s.Rows {
		s.Totals.Add(r.Counts)
	}
}

// nextVersion is the sheet after a trip and two late decisions: the second
// class has gone, the third has one meal less and one diet, a class was added.
func nextVersion(s *canteen.Sheet) *canteen.Sheet {
	n := *s
	n.Version, n.IssuedAt = s.Version+1, s.IssuedAt.Add(47*time.Minute)
	n.Rows = slices.Clone(s.Rows)
	n.Rows[1].Counts = canteen.Counts{Enrolled: s.Rows[1].Enrolled, Absent: s.Rows[1].Enrolled}
	c := &n.Rows[2].Counts
	c.Absent, c.Standard, c.Total = c.Absent+1, c.Standard-1, c.Total-1
	added := canteen.SheetRow{School: s.Rows[0].School, SchoolName: s.Rows[0].SchoolName, Class: "5Z"}
	added.AddMeal(canteen.MealStandard, "")
	added.AddMeal(canteen.MealDiet, "G1")
	n.Rows = append(n.Rows, added)
	slices.SortStableFunc(n.Rows, func(a, b canteen.SheetRow) int { return cmp.Compare(a.School, b.School) })
	sum(&n)
	return &n
}

// sampleStatement is an account with so many days of meals after a top-up.
func sampleStatement(days int) *Statement {
	pan, err := canteen.ParsePAN("4100010")
	if err != nil {
		panic(err)
	}
	s := &Statement{
		Town: "Comune di Roccaforte", Pupil: "Ginevra D'Alò", PAN: pan,
		From: canteen.NewDate(2026, 9, 1), To: lunchDay, Issued: cutoff.Add(time.Hour), Opening: -5_59,
	}
	balance := s.Opening
	add := func(day canteen.Date, what string, amount canteen.Cents) {
		balance += amount
		s.Lines = append(s.Lines, StatementLine{
			Day: day, At: day.At(canteen.DefaultCutoff).Add(time.Second), What: what, Amount: amount, Balance: balance,
		})
	}
	if days > 0 {
		add(s.From, "Ricarica pagoPA, ricevuta 2026/118", 1250_00)
	}
	for i := range days {
		add(s.From.AddDays(i+1), "Pasto ordinato", -2_70)
	}
	return s
}
