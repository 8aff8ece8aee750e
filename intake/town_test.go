package intake

import (
	"os"
	"path/filepath"
	"testing"

	"refettorio/canteen"
)

// townFolder holds the export of an invented town, beside the checkout.
const townFolder = "../../shared/data/town"

func openTown(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(townFolder, name))
	if os.IsNotExist(err) {
		t.Skipf("the town's export is not beside the checkout (%s): nothing to compare with", townFolder)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() }) // only read
	return f
}

func TestRead_takesEveryLineOfTheTown(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		file string
		want int
		rows func(*File) int
	}{
		{KindSchools, "plessi.csv", 8, func(f *File) int { return len(f.Schools) }},
		{KindClasses, "classi.csv", 40, func(f *File) int { return len(f.Classes) }},
		{KindGuardians, "genitori.csv", 1144, func(f *File) int { return len(f.Guardians) }},
		{KindPupils, "alunni.csv", 887, func(f *File) int { return len(f.Pupils) }},
		{KindBalances, "saldi.csv", 887, func(f *File) int { return len(f.Balances) }},
	} {
		f, err := Read(c.kind, openTown(t, c.file))
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		if got := c.rows(&f); got != c.want || len(f.Refused) > 0 || len(f.Warnings) > 0 {
			t.Errorf("%s: %d rows, want %d; refused %s; warnings %s", c.file, got, c.want, list(f.Refused), list(f.Warnings))
		}
	}
}

// The figures are those of the export's totals.json.
func TestTown_comesOutAsItsTotalsSay(t *testing.T) {
	pupils, err := Pupils(openTown(t, "alunni.csv"))
	if err != nil {
		t.Fatal(err)
	}
	exempt, diets := 0, map[string]int{}
	for i := range pupils.Rows {
		p := &pupils.Rows[i]
		if p.Band == canteen.BandExempt {
			exempt++
		}
		if p.Diet.Code != "" {
			diets[p.Diet.Code+" "+p.Diet.Name]++
		}
	}
	if exempt != 66 || diets["G1 senza glutine"] != 12 || diets["R1 no carne suina"] != 32 || len(diets) != 6 {
		t.Errorf("exempt %d, diets %v; want 66 exempt, 12 G1, 32 R1, 6 diets", exempt, diets)
	}
	balances, err := Balances(openTown(t, "saldi.csv"))
	if err != nil {
		t.Fatal(err)
	}
	sum, negative := canteen.Cents(0), 0
	for _, b := range balances.Rows {
		sum += b.Balance
		if b.Balance < 0 {
			negative++
		}
	}
	if sum != 1313533 || negative != 114 {
		t.Errorf("balances sum to %d with %d below zero; want 1313533 and 114", sum, negative)
	}
}
