package demo

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

func TestBuild_theTownPassesItsCheck(t *testing.T) {
	b := buildTown(t, optionsOf(t, 300, 15))
	rep, err := store.CheckFile(b.opt.Path)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range rep.Problems {
		t.Error("check:", p)
	}
	if rep.Pupils != 300+len(b.newPupils) || len(b.newPupils) != 2 || rep.DaysClosed != 15 {
		t.Errorf("got %d pupils, %d of them new, and %d days closed, want 302, 2 and 15", rep.Pupils, len(b.newPupils), rep.DaysClosed)
	}
	if rep.Users != len(b.leaflet.Users) {
		t.Errorf("got %d users in the record and %d on the leaflet", rep.Users, len(b.leaflet.Users))
	}
}

func TestBuild_leavesNoDayUnattended(t *testing.T) {
	for _, c := range []struct {
		name    string
		now     time.Time
		history int
	}{
		{"an ordinary morning", anyMorning, 15},
		{"before any history", anyMorning, 0},
		{"after the cut-off", anyMorning.Add(3 * time.Hour), 12},
		{"ten minutes after midnight", canteen.NewDate(2026, 11, 24).At(10), 12},
		{"ten minutes after midnight, no history", canteen.NewDate(2026, 11, 24).At(10), 0},
		{"a Sunday", canteen.NewDate(2026, 11, 22).At(morning), 12},
		{"the first day of the service", canteen.NewDate(2026, 9, 28).At(morning), 12},
		{"the first days of September", canteen.NewDate(2026, 9, 3).At(morning), 12},
		{"summer", canteen.NewDate(2027, 7, 20).At(morning), 12},
		{"after Christmas", canteen.NewDate(2027, 1, 7).At(morning), 20},
		{"three school years", canteen.NewDate(2026, 11, 24).At(morning), 220},
	} {
		t.Run(c.name, func(t *testing.T) {
			opt := optionsOf(t, 60, c.history)
			opt.Now = c.now
			b := buildTown(t, opt)
			s := reopen(t, b)
			days, err := s.Unattended(store.Console(), 10)
			if err != nil || len(days) != 0 {
				t.Errorf("unattended: got %v, %v, want none", days, err)
			}
			rep, err := s.Check(store.Job(), nil)
			if err != nil || !rep.OK {
				t.Errorf("check: got %v, %v, want no problem", rep.Problems, err)
			}
			if rep.DaysClosed != c.history {
				t.Errorf("days closed: got %d, want %d", rep.DaysClosed, c.history)
			}
			if len(b.days) > 0 && b.days[len(b.days)-1] >= canteen.DateOf(c.now) {
				t.Errorf("the history ends on %s, want before %s", b.days[len(b.days)-1], c.now)
			}
		})
	}
}

func TestBuild_sameOptionsGiveTheSameTown(t *testing.T) {
	first := dump(t, buildTown(t, optionsOf(t, 300, 15)))
	second := dump(t, buildTown(t, optionsOf(t, 300, 15)))
	if first != second {
		t.Errorf("two builds with the same options differ: %x and %x", sha256.Sum256([]byte(first)), sha256.Sum256([]byte(second)))
		showFirstDifference(t, first, second)
	}
	opt := optionsOf(t, 300, 15)
	opt.Seed = 2
	if dump(t, buildTown(t, opt)) == first {
		t.Error("another seed gives the same town")
	}
}

// dump writes what a town holds, as people see it.
func dump(t *testing.T, b *builder) string {
	t.Helper()
	s := reopen(t, b)
	var out strings.Builder
	add := func(v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(body, '\n'))
	}
	leaflet := *b.leaflet
	leaflet.DB = ""
	add(leaflet, nil)
	add(s.Town(office))
	add(s.Menus(office))
	last := b.today.AddDays(14)
	for _, p := range b.leaflet.Pupils {
		add(s.Pupil(store.Console(), p.PAN))
		add(s.Guardians(office, p.PAN))
		add(s.Enrolments(store.Console(), p.PAN))
		add(s.Account(store.Console(), p.PAN, b.days[0], last))
		add(s.PupilCalendar(store.Console(), p.PAN, b.days[0], last))
	}
	add(s.SchoolApplications(secretary))
	add(s.DietDesk(officer))
	add(s.DeskQueue(atDesk(0, ""), b.today))
	add(s.Disposals(auditor, 20))
	add(s.EnrolmentSettings(office))
	for _, day := range b.days {
		add(s.Sheets(store.Console(), day, "", 0, false))
	}
	return out.String()
}

func showFirstDifference(t *testing.T, a, b string) {
	t.Helper()
	left, right := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(left), len(right)) {
		if left[i] != right[i] {
			t.Logf("line %d:\n%.600s\n%.600s", i, left[i], right[i])
			return
		}
	}
}

func TestBuild_accountsAreThoseTheFamiliesKept(t *testing.T) {
	b := buildTown(t, optionsOf(t, 300, 60)) // two school years, two tariffs
	s := reopen(t, b)
	for _, one := range b.census.children {
		view, err := s.Account(store.Console(), one.pan, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		if view.Balance != one.purse.balance {
			t.Errorf("balance of %s: got %s, want %s", one.pan, view.Balance, one.purse.balance)
		}
		if view.Price != one.purse.price {
			t.Errorf("price of %s: got %s, want %s", one.pan, view.Price, one.purse.price)
		}
		if one.purse.left != 0 {
			t.Errorf("%s has %d canteen days left at the end of the history", one.pan, one.purse.left)
		}
	}
}

func TestBuild_refusesWhatMakesNoTown(t *testing.T) {
	for name, spoil := range map[string]func(*Options){
		"no path":         func(o *Options) { o.Path = "" },
		"no instant":      func(o *Options) { o.Now = time.Time{} },
		"no hash":         func(o *Options) { o.Hash = nil },
		"too few pupils":  func(o *Options) { o.Pupils = MinPupils - 1 },
		"too many pupils": func(o *Options) { o.Pupils = MaxPupils + 1 },
		"history ahead":   func(o *Options) { o.History = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			opt := optionsOf(t, 60, 1)
			spoil(&opt)
			if town, err := Build(t.Context(), opt); err == nil {
				t.Errorf("got a town of %d pupils, want a refusal", len(town.Pupils))
			}
		})
	}
}

func TestBuild_doesNotTouchAFileThatIsThere(t *testing.T) {
	opt := optionsOf(t, 60, 1)
	if err := os.WriteFile(opt.Path, []byte("somebody's"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Build(t.Context(), opt); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want %v", err, fs.ErrExist)
	}
	if body, err := os.ReadFile(opt.Path); err != nil || string(body) != "somebody's" {
		t.Errorf("the file holds %q, %v", body, err)
	}
}

func TestBuild_cancelledLeavesNoFile(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	opt := optionsOf(t, 60, 10)
	opt.Progress = func(stage string, done, total int) {
		if stage == StageDays && done == 3 {
			cancel()
		}
	}
	if _, err := Build(ctx, opt); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if _, err := os.Stat(opt.Path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
}

func TestBuild_tellsItsProgressToTheEnd(t *testing.T) {
	opt := optionsOf(t, 60, 4)
	last := map[string]string{}
	opt.Progress = func(stage string, done, total int) { last[stage] = fmt.Sprint(done == total) }
	buildTown(t, opt)
	for _, stage := range []string{StagePeople, StageDays} {
		if last[stage] != "true" {
			t.Errorf("stage %q: got finished %q, want \"true\"", stage, last[stage])
		}
	}
}

func TestTown_hasTheShapeOfTheContract(t *testing.T) {
	body, err := json.Marshal(buildTown(t, optionsOf(t, 60, 0)).leaflet)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, "town", all, "base_url", "control_socket", "db", "now", "pagopa", "pagopa_url", "pupils", "schools", "tokens", "users")
	for name, keys := range map[string][]string{
		"users":   {"login", "pans", "password", "role", "totp_secret"},
		"pupils":  {"class", "pan", "school"},
		"schools": {"code", "kitchen"},
	} {
		var rows []map[string]json.RawMessage
		if err := json.Unmarshal(all[name], &rows); err != nil || len(rows) == 0 {
			t.Fatalf("%s: %d rows, %v", name, len(rows), err)
		}
		for _, row := range rows {
			wantKeys(t, name, row, keys...)
		}
	}
	var pagopa, tokens map[string]string
	if err := errors.Join(json.Unmarshal(all["pagopa"], &pagopa), json.Unmarshal(all["tokens"], &tokens)); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, "pagopa", pagopa, "id_broker", "id_pa", "id_station", "segregation")
	wantKeys(t, "tokens", tokens, "family-gateway", "kitchen", "statistics")
	if id := pagopa["id_pa"]; len(id) != 11 || canteen.Luhn(id[:10]) != id[10] {
		t.Errorf("id_pa: got %q, want 11 digits with their check digit", id)
	}
	if strings.Contains(string(body), "null") {
		t.Errorf("a list of nobody is null: %s", body)
	}
	if want := `"now":"2026-11-24T08:45:00+01:00"`; !strings.Contains(string(body), want) {
		t.Errorf("got %.300s, want %s in it", body, want)
	}
}

func wantKeys[T any](t *testing.T, what string, got map[string]T, want ...string) {
	t.Helper()
	var keys []string
	for k := range got {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	if !slices.Equal(keys, want) {
		t.Errorf("keys of %s: got %v, want %v", what, keys, want)
	}
}
