package intake

import (
	"os"
	"path/filepath"
	"testing"

	"refettorio/canteen"
)

// exampleFiles are the examples of the guide, by kind.
var exampleFiles = map[Kind]string{
	KindSchools: "plessi.csv", KindClasses: "classi.csv", KindGuardians: "genitori.csv", KindPupils: "alunni.csv",
	KindBalances: "saldi.csv", KindMenu: "menu.csv", KindCalendar: "calendario.csv",
}

func readExample(t *testing.T, k Kind) File {
	t.Helper()
	r, err := os.Open(filepath.Join("..", "docs", "import", exampleFiles[k]))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }() // only read
	f, err := Read(k, r)
	if err != nil || len(f.Refused) > 0 || len(f.Warnings) > 0 {
		t.Fatalf("%s: %v; refused %s; warnings %s", exampleFiles[k], err, list(f.Refused), list(f.Warnings))
	}
	return f
}

func TestExamples_ofTheGuideAreTakenInFull(t *testing.T) {
	for _, k := range Kinds {
		f := readExample(t, k)
		lists := map[Kind]int{
			KindSchools: len(f.Schools), KindClasses: len(f.Classes), KindGuardians: len(f.Guardians), KindPupils: len(f.Pupils),
			KindBalances: len(f.Balances), KindMenu: len(f.Menu), KindCalendar: len(f.Calendar),
		}
		for kind, n := range lists {
			if (n > 0) != (kind == k) {
				t.Errorf("%s: %d rows of kind %s; want rows of kind %s alone", exampleFiles[k], n, kind, k)
			}
		}
	}
}

// The examples are imported one after the other by whoever tries the program:
// each may only name what those before it have made.
func TestExamples_nameOnlyWhatTheEarlierOnesMake(t *testing.T) {
	schools := map[string]bool{}
	for _, s := range readExample(t, KindSchools).Schools {
		schools[s.Code] = true
	}
	classes := map[string]bool{}
	for _, c := range readExample(t, KindClasses).Classes {
		if !schools[c.School] {
			t.Errorf("class %s%s is of the unknown school %q", c.Grade, c.Section, c.School)
		}
		classes[c.School+" "+c.Grade+c.Section] = true
	}
	guardians := map[canteen.CodiceFiscale]bool{}
	for _, g := range readExample(t, KindGuardians).Guardians {
		guardians[g.Guardian.CodiceFiscale] = true
	}
	pans := map[canteen.PAN]bool{}
	for _, p := range readExample(t, KindPupils).Pupils {
		if !classes[p.School+" "+p.Grade+p.Section] {
			t.Errorf("pupil %s is in the unknown class %s %s%s", p.Pupil.PAN, p.School, p.Grade, p.Section)
		}
		for _, g := range p.Guardians {
			if !guardians[g] {
				t.Errorf("pupil %s has the unknown guardian %s", p.Pupil.PAN, g)
			}
		}
		pans[p.Pupil.PAN] = true
	}
	for _, b := range readExample(t, KindBalances).Balances {
		if !pans[b.PAN] {
			t.Errorf("a balance is of the unknown PAN %s", b.PAN)
		}
	}
	for _, c := range readExample(t, KindCalendar).Calendar {
		if scope := c.Rule.Scope; scope != "" && !schools[scope] && !classes[scope] {
			t.Errorf("a rule is of the unknown place %q", scope)
		}
	}
}
