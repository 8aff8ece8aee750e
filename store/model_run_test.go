package store

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
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

type modelSent struct {
	act Act
	req CommunicationRequest
	out []PupilOutcome
	at  time.Time
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
		"paid", "moved", "rule", "rule refused", "notice", "late sheet", "second version"} {
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

// jump moves the clock forward: a little, to the edge of a cut-off, or to
// another morning.
func (run *modelRun) jump() {
	today := canteen.DateOf(run.m.now)
	edge := today.At(modelSchools[canteen.SchoolID(1+run.r.IntN(3))].cutoff).Add(time.Duration(run.r.IntN(3)-1) * time.Millisecond)
	switch n := run.r.IntN(10); {
	case n < 3:
		run.tick(time.Duration(run.r.Int64N(int64(20 * time.Minute))))
	case n < 7 && edge.After(run.m.now):
		run.tick(edge.Sub(run.m.now))
	case n < 9:
		if close := today.At(9*60 + 30).Add(time.Millisecond); close.After(run.m.now) && run.r.IntN(3) > 0 {
			run.tick(close.Sub(run.m.now)) // most days are closed in time
			run.closeDue()
		}
		run.tick(today.AddDays(1).At(canteen.ClockTime(7*60 + run.r.IntN(180))).Sub(run.m.now))
	default:
		run.tick(today.AddDays(1 + run.r.IntN(3)).At(canteen.ClockTime(run.r.IntN(24 * 60))).Sub(run.m.now))
	}
}

func (run *modelRun) pupil() canteen.PAN { return run.town.pupils[run.r.IntN(len(run.town.pupils))] }

func (run *modelRun) communicate() {
	pan := run.pupil()
	act, today := run.town.family(pan), canteen.DateOf(run.m.now)
	from := today.AddDays(run.r.IntN(12) - 3)
	req := CommunicationRequest{Pupils: []canteen.PAN{pan}, Kind: canteen.CommunicationKind(run.r.IntN(3)),
		From: from, To: from.AddDays(run.r.IntN(5))}
	if pan == run.town.elder {
		req.Pupils = append(req.Pupils, run.town.younger)
	}
	if run.r.IntN(3) == 0 { // it waited in a queue
		act.Received = run.m.now.Add(-time.Duration(run.r.IntN(3*60*60*1000)) * time.Millisecond)
	}
	if run.r.IntN(2) == 0 {
		act.Once = fmt.Sprint("once ", run.r.Uint64())
	}
	if stranger := run.pupil(); run.r.IntN(15) == 0 && run.m.parent[stranger] != run.m.parent[pan] {
		req.Pupils = append(req.Pupils, stranger)
		if _, err := run.s.Communicate(act, req); canteen.KindOf(err) != canteen.KindNotFound {
			run.Errorf("%v: %+v with another family's child: got %v, want not found", run.m.now, req, err)
		}
		run.done["foreign"]++
		return
	}
	out, err := run.s.Communicate(act, req)
	if err != nil {
		run.Errorf("%v: %+v: %v", run.m.now, req, err)
		return
	}
	received := act.Received
	if received.IsZero() {
		received = run.m.now
	}
	wrote := false
	for i, one := range req.Pupils {
		want, number := run.m.communicate(one, req.Kind, req.From, req.To, received)
		run.sameAnswer(req, received, out[i], want, number)
		wrote = wrote || number > 0
	}
	if act.Once != "" && wrote {
		run.sent = append(run.sent, modelSent{act, req, out, run.m.now})
	}
}

func (run *modelRun) sameAnswer(req CommunicationRequest, received time.Time, out PupilOutcome, want []canteen.Outcome, number uint32) {
	for i, day := range out.Days {
		run.done[string(want[i])]++
		if day.Outcome != want[i] || day.Outcome == canteen.Accepted && day.Receipt.N != number {
			run.Errorf("%v, received %v: %+v on %s: got %s with receipt %s, want %s with %d",
				run.m.now, received, req, day.Day, day.Outcome, day.Receipt, want[i], number)
		}
	}
	if n := out.Next; n != 0 {
		p := run.m.placeOn(out.Pupil, n)
		if school := run.m.class[p.class].school; !run.m.eats(out.Pupil, n) || late(school, n, received) || run.m.closed[schoolDay{school, n}] {
			run.Errorf("%v: %+v: the next possible day is said to be %s", run.m.now, req, n)
		}
	}
}

// again sends an earlier act a second time: the same answer, and nothing is done.
// Its id with another wish is refused.
func (run *modelRun) again() {
	if len(run.sent) == 0 {
		return
	}
	old := run.sent[run.r.IntN(len(run.sent))]
	run.done["again"]++
	if run.r.IntN(4) == 0 {
		other := old.req
		other.To = other.To.AddDays(1)
		if _, err := run.s.Communicate(old.act, other); canteen.KindOf(err) != canteen.KindConflict {
			run.Errorf("%v: the id of %+v for %+v: got %v, want conflict", run.m.now, old.req, other, err)
		}
		return
	}
	out, err := run.s.Communicate(old.act, old.req)
	if err != nil || hashText(out) != hashText(old.out) {
		run.Errorf("%v: %+v again: got %+v, %v; want %+v", run.m.now, old.req, out, err, old.out)
	}
}

func hashText(v any) string { return string(hashOf(v)) }

func (run *modelRun) closeDue() {
	today := canteen.DateOf(run.m.now)
	n, err := run.s.CloseDue(context.Background(), Job())
	issued := len(run.m.versions)
	want := run.m.close(today)
	if want == 0 && len(run.m.versions) > issued {
		run.done["late sheet"]++
	}
	if err != nil || n != want {
		run.Errorf("%v: close: got %d schools, %v; want %d", run.m.now, n, err, want)
	}
	run.done["closed"] += n
	run.sameSheets(today)
	if open := run.m.open(today); n > 0 && len(open) > 0 && run.r.IntN(3) == 0 { // snow: the others go home
		slices.Sort(open)
		run.addThisRule(canteen.DayRule{Layer: canteen.SchoolLayer, Scope: modelSchools[open[len(open)-1]].code, From: today, To: today, Reason: "neve"})
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

// decidePast closes or voids a day nobody closed.
func (run *modelRun) decidePast() {
	days := run.unattended()
	if len(days) == 0 {
		return
	}
	day := days[run.r.IntN(len(days))]
	if run.r.IntN(2) == 0 {
		run.done["unattended"]++
		n, err := run.s.CloseDay(context.Background(), office(), day)
		if want := run.m.close(day); err != nil || n != want {
			run.Errorf("%v: close of %s: got %d, %v; want %d", run.m.now, day, n, err, want)
		}
		run.sameSheets(day)
		return
	}
	run.done["void"]++
	if err := run.s.VoidDay(office(), day, "neve"); err != nil {
		run.Errorf("%v: void %s: %v", run.m.now, day, err)
	}
	for id, school := range modelSchools {
		if !run.m.closed[schoolDay{id, day}] {
			run.m.rules = append(run.m.rules, canteen.DayRule{Layer: canteen.SchoolLayer, Scope: school.code, From: day, To: day})
		}
	}
}

func (run *modelRun) unattended() (days []canteen.Date) {
	for day := monday; day < canteen.DateOf(run.m.now); day = day.AddDays(1) {
		if len(run.m.open(day)) > 0 {
			days = append(days, day)
		}
	}
	return days
}

func (run *modelRun) pay() {
	run.refs++
	p := OutsidePayment{Pupil: run.pupil(), Amount: canteen.Cents(run.r.IntN(40_00)), Reference: fmt.Sprint("rif ", run.refs),
		Day: canteen.DateOf(run.m.now), Means: "bank"}
	switch run.r.IntN(10) {
	case 0:
		p.Day = p.Day.AddDays(1)
	case 1, 2, 3: // a reference that was there before, mostly with the same payment
		p.Reference = fmt.Sprint("rif ", 1+run.r.IntN(run.refs))
		if before, ok := run.m.paid[p.Reference]; ok && run.r.IntN(3) > 0 {
			p.Pupil, p.Amount = before.pan, before.amount
		}
	}
	run.done["paid"]++
	want := run.m.pay(p)
	if err := run.s.RecordOutsidePayment(office(), p); err == nil && want != 0 || err != nil && canteen.KindOf(err) != want {
		run.Errorf("%v: %+v: got %v, want kind %d", run.m.now, p, err, want)
	}
}

// moveClass gives a pupil who waits for no other change another class, with the
// list of the office.
func (run *modelRun) moveClass() {
	pan, today := run.pupil(), canteen.DateOf(run.m.now)
	last := run.m.places[pan][len(run.m.places[pan])-1]
	id := canteen.ClassID(1 + run.r.IntN(len(run.m.class)))
	if last.from > today || last.class == id {
		return
	}
	c := run.m.class[id]
	band := []string{"", "", "F1", canteen.BandExempt}[run.r.IntN(4)]
	diet := []string{"", "", "SG", "NM"}[run.r.IntN(4)]
	row := canteen.PupilRow{Line: 2, Pupil: canteen.Pupil{PAN: pan}, School: modelSchools[c.school].code, Grade: c.name[:1], Section: c.name[1:],
		Band: band, Diet: canteen.Diet{Code: diet}, Outside: run.r.IntN(6) == 0}
	report, err := run.s.ImportPupils(office(), []canteen.PupilRow{row}, ImportOptions{})
	if err != nil || !report.Written || report.Count(canteen.RowUpdated) != 1 {
		run.Errorf("%v: %+v: got %+v, %v", run.m.now, row, report, err)
		return
	}
	run.done["moved"]++
	run.m.moveClass(pan, modelPlace{class: id, bands: []canteen.Since{{Code: band}}, diets: []canteen.Since{{Code: diet}}, outside: row.Outside})
}

func (run *modelRun) addRule() {
	c := run.m.class[canteen.ClassID(1+run.r.IntN(len(run.m.class)))]
	from := canteen.DateOf(run.m.now).AddDays(run.r.IntN(17) - 2)
	r := canteen.DayRule{Layer: canteen.Town, From: from, To: from.AddDays(run.r.IntN(3)), Open: run.r.IntN(2) == 0, Reason: "sciopero"}
	what := run.r.IntN(3)
	if run.r.IntN(2) == 0 { // in the middle of the day, when one school of a kitchen may be closed
		what, r.From, r.To = run.r.IntN(2), canteen.DateOf(run.m.now), canteen.DateOf(run.m.now)
	}
	switch what {
	case 0:
		r.Layer, r.Scope = canteen.SchoolLayer, modelSchools[c.school].code
	case 1:
		r.Layer, r.Scope = canteen.ClassLayer, modelSchools[c.school].code+" "+c.name
	}
	run.addThisRule(r)
}

func (run *modelRun) addThisRule(r canteen.DayRule) {
	want := run.m.rule(r)
	if err := run.s.AddDayRule(office(), r); err == nil && want != 0 || err != nil && canteen.KindOf(err) != want {
		run.Errorf("%v: %+v: got %v, want kind %d", run.m.now, r, err, want)
	}
	run.done[map[bool]string{true: "rule", false: "rule refused"}[want == 0]]++
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
		run.Errorf("%v: %v; %d communications stand, want %d, or they differ", run.m.now, err, len(said), len(run.m.said))
	}
	if !maps.Equal(orders, run.m.orders) {
		run.Errorf("%v: %d orders, want %d, or they differ", run.m.now, len(orders), len(run.m.orders))
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
		run.Errorf("%v: %v; notices: got %v, want %v", run.m.now, err, notices, run.m.notices)
	}
}

// The bank test: sixty-four callers move money, close days and cancel, and every
// snapshot anybody takes sums to zero.
func TestModel_everySnapshotSumsToZero(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	moves := 30
	if testing.Short() {
		moves = 5
	}
	var all sync.WaitGroup
	for w := range 64 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 1))
			for n := range moves {
				pan := town.pupils[r.IntN(len(town.pupils))]
				switch w % 4 {
				case 0:
					p := OutsidePayment{Pupil: pan, Amount: canteen.Cents(1 + r.IntN(5000)), Day: monday, Reference: fmt.Sprint(w, "/", n), Means: "post"}
					if err := s.RecordOutsidePayment(office(), p); err != nil {
						t.Error(err)
					}
				case 1:
					tomorrow := canteen.DateOf(c.now()).AddDays(1)
					if _, err := s.Communicate(town.family(pan), CommunicationRequest{Pupils: []canteen.PAN{pan},
						Kind: canteen.CommunicationKind(r.IntN(3)), From: tomorrow, To: tomorrow}); err != nil {
						t.Error(err)
					}
				case 2:
					if w == 2 { // the only one that moves the clock
						c.at(weekday(n), "10:00")
					}
					if _, err := s.CloseDue(t.Context(), Job()); err != nil {
						t.Error(err)
					}
				case 3:
					if sum := sumOf(t, s); sum != 0 {
						t.Errorf("a snapshot sums to %s, want 0", sum)
					}
				}
			}
		})
	}
	all.Wait()
	if sum := sumOf(t, s); sum != 0 {
		t.Errorf("the end sums to %s, want 0", sum)
	}
}

// sumOf adds up every account and ledger in one read.
func sumOf(t *testing.T, s *Store) (sum canteen.Cents) {
	t.Helper()
	err := s.view(Console(), func(tx *tx) error {
		tx.scan(accounts, nil, func(_, v []byte) bool {
			a, err := decodeAccount(v)
			sum += a.balance
			return err == nil
		})
		tx.scan(ledgers, nil, func(_, v []byte) bool {
			sum += canteen.Cents(be.Uint64(v))
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}
