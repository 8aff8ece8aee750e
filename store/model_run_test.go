package store

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"refettorio/canteen"
)

// modelRun is one history: the same random acts on a record and on the model.
type modelRun struct {
	*testing.T
	r     *rand.Rand
	m     *modelTown
	s     *Store
	clock *clock
	town  *smallTown
	sent  []modelSent // acts with an id, to be sent again
	refs  int
	done  map[string]int // how often each outcome was seen
}

// historyLength is how many acts one history has: about a school year.
const historyLength = 2500

// operations is how many acts a run of the model test does; figure R5 of the
// reliability goals asks for a million.
func operations() (n int, patience time.Duration) {
	switch {
	case os.Getenv("REFETTORIO_LONG") != "":
		return 1_000_000, 5 * time.Minute
	case testing.Short():
		return 2000, time.Minute
	}
	return 20_000, time.Minute
}

func TestModel_randomHistories(t *testing.T) {
	want, patience := operations()
	began, done, seen := time.Now(), 0, map[string]int{}
	for done < want && time.Since(began) < patience && !t.Failed() {
		seed := rand.Uint64()
		ok := t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			run := newModelRun(t, seed)
			for i := 0; i < min(historyLength, want) && !t.Failed() && canteen.DateOf(run.m.now) < 20270620; i++ {
				run.step()
				done++
				if i%250 == 249 {
					run.compare()
				}
			}
			run.compare()
			prove(t, run.s)
			for what, n := range run.done {
				seen[what] += n
			}
		})
		if !ok {
			return
		}
	}
	for _, what := range []string{"accepted", "already", "no-service", "too-late", "again", "foreign", "closed", "unattended", "void",
		"paid", "moved", "rule", "rule refused", "notice", "late sheet"} {
		if seen[what] == 0 && !testing.Short() {
			t.Errorf("%d acts and never %q: the histories are too tame", done, what)
		}
	}
	t.Logf("%d acts in %v: %v", done, time.Since(began).Round(time.Second), seen)
}

func newModelRun(t *testing.T, seed uint64) *modelRun {
	t.Helper()
	c := &clock{}
	c.at(monday, "07:00")
	s, err := Open(filepath.Join(t.TempDir(), "town.db"), Options{Now: c.now, noSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	run := &modelRun{T: t, r: rand.New(rand.NewPCG(seed, 0)), s: s, clock: c, town: fill(t, s), done: map[string]int{}}
	run.m = modelOf(run.town)
	run.tick(0)
	return run
}

// modelOf writes down the small town as fill describes it.
func modelOf(town *smallTown) *modelTown {
	m := &modelTown{class: map[canteen.ClassID]modelClass{}, places: map[canteen.PAN][]modelPlace{}, parent: town.parent,
		said: map[pupilDay]canteen.CommunicationKind{}, receipts: map[int]uint32{}, closed: map[schoolDay]bool{},
		orders: map[pupilDay]modelOrder{}, balance: map[canteen.PAN]canteen.Cents{}, quiet: map[canteen.PAN]map[string]bool{},
		notices: map[modelNotice]int{}, paid: map[string]modelPayment{}, versions: map[kitchenDay]int{}}
	for _, c := range []struct {
		name   string
		school canteen.SchoolID
		week   canteen.Weekdays
		staff  int
	}{
		{"infanzia 1A", infanzia, canteen.MonToFri, 2}, {"infanzia 2A", infanzia, canteen.MonToFri, 2},
		{"primaria 1A", primaria, canteen.MonToFri, 1}, {"primaria 3B", primaria, monWedFri, 1}, {"primaria 5A", primaria, tueThu, 0},
		{"secondaria 1C", secondaria, monWed, 1}, {"secondaria 2C", secondaria, tueThu, 0},
	} {
		id := town.class[c.name]
		m.class[id] = modelClass{id, c.school, c.name[len(c.name)-2:], c.week, c.staff}
		for i, pan := range town.of[c.name] {
			p := modelPlace{class: id, from: 20260901, outside: pan == town.outside}
			switch {
			case pan == town.exempt:
				p.bands = []canteen.Since{{From: 20260901, Code: canteen.BandExempt}}
			case pan == town.younger:
				p.rank = 2
			case pan == town.monOnly:
				p.week = 1
			case pan == town.coeliac:
				p.diets = []canteen.Since{{From: 20260901, Code: "SG"}}
			case i == 4:
				p.bands = []canteen.Since{{From: 20260901, Code: "F1"}, {From: 20261101}}
			case i == 5:
				p.diets = []canteen.Since{{From: 20260901, Code: "NM"}}
			}
			m.places[pan] = []modelPlace{p}
		}
	}
	for i, pan := range town.pupils {
		m.balance[pan] = []canteen.Cents{50_00, 12_40, 8_20, 0, 2_70, -13_00, -49_00, 100_00}[i%8]
	}
	return m
}

func (run *modelRun) tick(d time.Duration) {
	run.clock.advance(d.Truncate(time.Millisecond))
	run.m.now = run.clock.now()
}

// step does one random act.
func (run *modelRun) step() {
	switch n := run.r.IntN(100); {
	case n < 50:
		run.communicate()
	case n < 55:
		run.again()
	case n < 70:
		run.jump()
	case n < 80:
		run.closeDue()
	case n < 83:
		run.decidePast()
	case n < 90:
		run.pay()
	case n < 93:
		run.moveClass()
	default:
		run.addRule()
	}
}

// sameSheets compares versions and totals of a day's sheets.
func (run *modelRun) sameSheets(day canteen.Date) {
	for _, kitchen := range []string{kitchenOne, kitchenTwo} {
		all, err := run.s.SheetVersions(Console(), day, kitchen)
		want := run.m.versions[kitchenDay{kitchen, day}]
		if err != nil || len(all) != want {
			run.Errorf("%v: sheet of %s on %s: got %d versions, %v; want %d", run.m.now, kitchen, day, len(all), err, want)
			continue
		}
		if want == 0 || run.m.kitchenOpen(kitchen, day) {
			continue
		}
		if want > 1 {
			run.done["second version"]++
		}
		got := all[len(all)-1].Totals
		got.WhiteDiets = nil
		if sum := run.m.counts(kitchen, day); !reflect.DeepEqual(got, sum) {
			run.Errorf("%v: sheet of %s on %s: got %+v, want %+v", run.m.now, kitchen, day, got, sum)
		}
	}
}

// compare holds all the record says against the model.
func (run *modelRun) compare() {
	run.Helper()
	for _, pan := range run.town.pupils {
		if got, _ := run.town.balance(run, pan); got != run.m.balance[pan] {
			run.Errorf("%v: balance of %s: got %s, want %s", run.m.now, pan, got, run.m.balance[pan])
		}
	}
	said, orders := map[pupilDay]canteen.CommunicationKind{}, map[pupilDay]modelOrder{}
	err := run.s.view(Console(), func(tx *tx) error {
		tx.scan(communications, nil, func(k, v []byte) bool {
			c, err := decodeCommunication(v)
			if err != nil {
				tx.fail(err)
				return false
			}
			said[pupilDay{panAtEnd(k), dayOfKey(k)}] = c.Kind
			return true
		})
		tx.scan(registers, nil, func(k, v []byte) bool {
			reg, err := viewRegister(v)
			if err != nil {
				tx.fail(err)
				return false
			}
			class := canteen.ClassID(be.Uint32(k[4:]))
			for i := range reg.len() {
				o := reg.order(i)
				orders[pupilDay{o.Pupil, dayOfKey(k)}] = modelOrder{class, o.Meal, o.Diet, o.Price}
			}
			return true
		})
		return tx.err
	})
	if err != nil || !maps.Equal(said, run.m.said) {
		run.Errorf("%v: %v; communications: got and not wanted %v, wanted and not got %v", run.m.now, err,
			beyond(said, run.m.said), beyond(run.m.said, said))
	}
	if !maps.Equal(orders, run.m.orders) {
		run.Errorf("%v: orders: got and not wanted %v, wanted and not got %v", run.m.now,
			beyond(orders, run.m.orders), beyond(run.m.orders, orders))
	}
	days, err := run.s.Unattended(Console(), 1000)
	if want := run.unattended(); err != nil || !slices.Equal(days, want) {
		run.Errorf("%v: unattended: got %v, %v; want %v", run.m.now, days, err, want)
	}
	queued, err := run.s.PendingMessages(office(), 1_000_000)
	notices := map[modelNotice]int{}
	for _, m := range queued {
		notices[modelNotice{m.Pupil, m.Alert, m.Balance}]++
		run.done["notice"]++
	}
	if err != nil || !maps.Equal(notices, run.m.notices) {
		run.Errorf("%v: %v; notices: got and not wanted %v, wanted and not got %v", run.m.now, err,
			beyond(notices, run.m.notices), beyond(run.m.notices, notices))
	}
}

// beyond is what a has and b has not.
func beyond[K comparable, V comparable](a, b map[K]V) map[K]V {
	more := maps.Clone(a)
	maps.DeleteFunc(more, func(k K, v V) bool { return b[k] == v })
	return more
}

// counts adds up the orders of a kitchen's schools on a day.
func (m *modelTown) counts(kitchen string, day canteen.Date) (total canteen.Counts) {
	total.Diets = map[string]int{}
	classes := map[canteen.ClassID]canteen.Counts{}
	for key, o := range m.orders {
		c := m.class[o.class]
		if key.day != day || modelSchools[c.school].kitchen != kitchen {
			continue
		}
		sum := classes[o.class]
		sum.Enrolled++
		switch o.meal {
		case canteen.MealAbsent:
			sum.Absent++
		case canteen.MealStandard:
			sum.Standard++
		case canteen.MealWhite:
			sum.White++
		case canteen.MealDiet:
			total.Diets[o.diet]++
			sum.Total++ // counted here, named there
		}
		classes[o.class] = sum
	}
	for id, sum := range classes {
		total.Enrolled, total.Absent = total.Enrolled+sum.Enrolled, total.Absent+sum.Absent
		total.Standard, total.White = total.Standard+sum.Standard, total.White+sum.White
		cooked := sum.Standard + sum.White + sum.Total
		if cooked > 0 {
			total.Staff += m.class[id].staff
			cooked += m.class[id].staff
		}
		total.Total += cooked
	}
	return total
}
