package control

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

const townDir = "../../shared/data/town"

// totals is what must come out of the town's own files.
type totals struct {
	Schools      int            `json:"schools"`
	Classes      int            `json:"classes"`
	Guardians    int            `json:"guardians"`
	Pupils       int            `json:"pupils"`
	BalanceCents int64          `json:"balance_cents"`
	Negative     int            `json:"negative"`
	Diets        map[string]int `json:"diets"`
	Exempt       int            `json:"exempt"`
	ByWeekday    map[string]int `json:"by_weekday"`
}

var townFiles = []struct{ kind, file string }{
	{"schools", "plessi.csv"}, {"classes", "classi.csv"}, {"guardians", "genitori.csv"}, {"pupils", "alunni.csv"}, {"balances", "saldi.csv"},
}

// realTown skips where the town's files are not at hand.
func realTown(t *testing.T) (want totals) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(townDir, "totals.json"))
	if err != nil {
		t.Skip("the town's files are not beside the project:", err)
	}
	if err := json.Unmarshal(body, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

// at is a store whose clock stands at an hour of a day.
func at(day canteen.Date, hour canteen.ClockTime) store.Options {
	return store.Options{Now: func() time.Time { return day.At(hour) }}
}

func importTown(t *testing.T, db string, opt store.Options) (all []ImportResult) {
	t.Helper()
	for _, f := range townFiles {
		body, err := os.ReadFile(filepath.Join(townDir, f.file))
		if err != nil {
			t.Fatal(err)
		}
		var r ImportResult
		if err := Run(t.Context(), db, opt, "import", ImportArgs{Kind: f.kind, File: body}, &r); err != nil {
			t.Fatalf("import %s: %v", f.file, err)
		}
		if r.Refused != 0 {
			t.Errorf("import %s: %d refused, the first %+v", f.file, r.Refused, r.Rows[0])
		}
		all = append(all, r)
	}
	return all
}

// TestTown_goesInUnedited imports a town's files as an incumbent hands them over
// and holds the result against the totals that came with them.
func TestTown_goesInUnedited(t *testing.T) {
	want := realTown(t)
	db := filepath.Join(t.TempDir(), "town.db")
	wednesday := canteen.NewDate(2026, 11, 18)
	opt := at(wednesday, 12*60)

	created := importTown(t, db, opt)
	for i, n := range []int{want.Schools, want.Classes, want.Guardians, want.Pupils} {
		if created[i].Created != n || created[i].Updated != 0 {
			t.Errorf("%s: created %d, updated %d; want %d, 0", townFiles[i].file, created[i].Created, created[i].Updated, n)
		}
	}
	var report store.Report
	if err := Run(t.Context(), db, opt, "check", None{}, &report); err != nil || len(report.Problems) > 0 {
		t.Fatalf("check: %v %v", err, report.Problems)
	}
	if report.Pupils != want.Pupils || report.Guardians != want.Guardians || int64(report.Balance) != want.BalanceCents {
		t.Errorf("check: %d pupils, %d guardians, %d cents; want %d, %d, %d", report.Pupils, report.Guardians, report.Balance,
			want.Pupils, want.Guardians, want.BalanceCents)
	}
	for i, again := range importTown(t, db, opt) {
		if again.Created+again.Updated != 0 || again.Unchanged != len(again.Rows) {
			t.Errorf("%s again: created %d, updated %d, unchanged %d of %d", townFiles[i].file, again.Created, again.Updated, again.Unchanged, len(again.Rows))
		}
	}
}

// TestTown_feedsItsChildren closes a day of each weekday: at the table is who
// the town said, with its diets, and the exempt are not charged.
func TestTown_feedsItsChildren(t *testing.T) {
	want := realTown(t)
	db := filepath.Join(t.TempDir(), "town.db")
	monday := canteen.NewDate(2026, 11, 16)
	importTown(t, db, at(monday, 8*60))
	diets := map[string]int{}
	for n, name := range []string{"LUN", "MAR", "MER", "GIO", "VEN"} {
		day := monday.AddDays(n)
		var r CloseResult
		if err := Run(t.Context(), db, at(day, 12*60), "close", CloseArgs{Day: day}, &r); err != nil {
			t.Fatalf("close %s: %v", day, err)
		}
		if len(r.Sheets) != 2 {
			t.Fatalf("%s: %d sheets, want one a kitchen", day, len(r.Sheets))
		}
		eating, ofDiets := 0, map[string]int{}
		for _, s := range r.Sheets {
			eating += s.Totals.Ordered()
			if s.Totals.White != 0 || s.Totals.Absent != 0 {
				t.Errorf("%s: %d white, %d absent, nobody said so", day, s.Totals.White, s.Totals.Absent)
			}
			for code, k := range s.Totals.Diets {
				ofDiets[code] += k
			}
		}
		if eating != want.ByWeekday[name] {
			t.Errorf("%s: %d at the table, want %d", name, eating, want.ByWeekday[name])
		}
		for code, k := range ofDiets {
			diets[code] = max(diets[code], k)
		}
	}
	codes := map[string]bool{}
	for name := range want.Diets {
		codes[name[:2]] = true
	}
	for code := range diets {
		if !codes[code] {
			t.Errorf("a diet %q nobody has: %v", code, slices.Sorted(maps.Keys(codes)))
		}
	}
	if len(diets) != len(codes) {
		t.Errorf("diets on the sheets: %v, want the codes %v", diets, slices.Sorted(maps.Keys(codes)))
	}
	var report store.Report
	if err := Run(t.Context(), db, at(monday.AddDays(5), 12*60), "check", None{}, &report); err != nil || len(report.Problems) > 0 {
		t.Fatalf("check: %v %v", err, report.Problems)
	}
}
