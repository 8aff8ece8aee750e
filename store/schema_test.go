package store

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"refettorio/canteen"
)

// drawnTable is a line of a drawing of the schema.
type drawnTable struct{ name, key, value string }

var (
	inDoc    = regexp.MustCompile(`(?m)^//\t([a-z_.]+)\s+(.*?)\s+-> (.*)$`)
	inSchema = regexp.MustCompile(`(?m)newTable\(\d+, "([^"]+)", (?:true|false)\)\s*// (.*?)\s*-> (.*)$`)
	width    = regexp.MustCompile(`\((\d+)\)`)
)

func drawn(t *testing.T, file string, line *regexp.Regexp) (list []drawnTable) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range line.FindAllStringSubmatch(string(source), -1) {
		list = append(list, drawnTable{m[1], strings.TrimSpace(m[2]), strings.TrimSpace(m[3])})
	}
	return list
}

func TestSchema_drawingIsTheSchema(t *testing.T) {
	doc, schema := drawn(t, "doc.go", inDoc), drawn(t, "schema.go", inSchema)
	if len(schema) != tableCount {
		t.Fatalf("schema.go draws %d tables, want %d", len(schema), tableCount)
	}
	for i, want := range schema {
		if i >= len(doc) || doc[i] != want {
			t.Fatalf("line %d of the drawing in doc.go differs from schema.go, which says %+v", i, want)
		}
		if got := string(tables[i].name); got != want.name || tables[i].id != i {
			t.Errorf("table %d is %q with id %d, drawn as %q", i, got, tables[i].id, want.name)
		}
	}
	if len(doc) != tableCount {
		t.Errorf("doc.go draws %d tables, want %d", len(doc), tableCount)
	}
}

// TestSchema_filledFile fills every table and holds the buckets of the file, and
// the lengths of their keys, against the drawing.
func TestSchema_filledFile(t *testing.T) {
	s, c := open(t)
	town := closedTown(t, s, c)
	fillTheRest(t, s, c, town)
	lengths := map[string]int{} // of keys whose parts all have a width
	for _, d := range drawn(t, "doc.go", inDoc) {
		parts, widths := strings.Fields(d.key), width.FindAllStringSubmatch(d.key, -1)
		if len(parts) != len(widths) {
			continue
		}
		for _, w := range widths {
			n, _ := strconv.Atoi(w[1]) // the expression lets digits through only
			lengths[d.name] += n
		}
	}
	if len(lengths) < 20 {
		t.Errorf("only %d tables are drawn with keys of a fixed width", len(lengths))
	}
	var buckets []string
	err := s.db.View(func(b *bolt.Tx) error {
		return b.ForEach(func(name []byte, bucket *bolt.Bucket) error {
			buckets = append(buckets, string(name))
			n := 0
			err := bucket.ForEach(func(k, v []byte) error {
				n++
				if want, fixed := lengths[string(name)]; fixed && len(k) != want {
					t.Errorf("a key of %s has %d bytes, drawn with %d", name, len(k), want)
				}
				if v == nil {
					t.Errorf("%s holds a bucket, %q", name, k)
				}
				return nil
			})
			if n == 0 {
				t.Errorf("table %s is empty: this test must fill it", name)
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, table := range tables {
		want = append(want, string(table.name))
	}
	slices.Sort(want)
	if !slices.Equal(buckets, want) {
		t.Errorf("the buckets are %q, want %q", buckets, want)
	}
}

// fillTheRest puts a record into each table that a closed town leaves empty.
func fillTheRest(t *testing.T, s *Store, c *clock, town *smallTown) {
	t.Helper()
	day := canteen.DateOf(c.now())
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	must("beat", s.Beat(Job()))
	c.advance(10 * time.Minute)
	must("beat after a gap", s.Beat(Job()))
	must("rule", s.AddDayRule(office(), canteen.DayRule{Layer: canteen.Town, From: day.AddDays(30), To: day.AddDays(30), Reason: "Santo patrono"}))
	must("user", s.AddUser(Console(), User{Login: "cucina", Role: canteen.RoleKitchen, Kitchen: kitchenOne}, ""))
	_, err := s.AddToken(Console(), Token{Name: "voce", Scopes: []string{ScopeKitchen}})
	must("token", err)
	must("session", s.Sessions().CommitCtx(context.Background(), "hash of a token", []byte("data"), c.now().Add(time.Hour)))
	must("run", s.RecordRun(Job(), Run{Job: "close", Period: day.String()}))
	_, err = s.ImportMenus(Console(), []canteen.MenuRow{{Line: 2, Season: "Inverno", From: day, To: day.AddDays(90), Week: 1,
		Weekday: time.Monday, Dish: canteen.Dish{Course: canteen.CourseFirst, Name: "Riso"}}}, ImportOptions{})
	must("menu", err)
	act := town.family(town.coeliac)
	act.Once = "a form's id"
	town.sayAs(t, act, town.coeliac, canteen.White, day.AddDays(7))
	for _, fill := range []func(*testing.T, *Store, *clock, *smallTown){
		fillHouseholds,
		fillOutbox,
		fillApplications,
		fillDiets,
		fillAccesses,
		fillCounter,
	} {
		fill(t, s, c, town)
	}
}
