package store

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"refettorio/canteen"
)

// The children of these tests work until they are killed; figure R1 of the
// reliability goals. REFETTORIO_CRASH says how often each is killed.

const (
	familiesAtWork = 8
	payers         = 4
	batchSize      = 25
)

// kills is how often a child is killed in this run.
func kills(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("REFETTORIO_CRASH")); err == nil && n > 0 {
		return n
	}
	if testing.Short() {
		return 2
	}
	return 6
}

// crashing kills a child again and again at random moments; between two lives
// the file is proved, closed and open.
type crashing struct {
	t      *testing.T
	r      *rand.Rand
	e      errand
	hear   func(string)
	resume func() []int          // where the next child goes on
	prove  func(*Store) []string // what is wrong with what the last one left
}

func (c *crashing) run() {
	t := c.t
	t.Helper()
	seed := rand.Uint64()
	c.r = rand.New(rand.NewPCG(seed, 0))
	said, rounds := 0, kills(t)
	for round := range rounds {
		c.e.From = c.resume()
		after := time.Duration(1+c.r.IntN(300)) * time.Millisecond
		start(t, c.e).kill(t, after, func(line string) { said++; c.hear(line) })
		report, err := CheckFile(c.e.Path)
		if err != nil || !report.OK {
			t.Errorf("seed %d, kill %d: check of the file: %v %q", seed, round, err, report.Problems)
		}
		c.reopen(seed, round)
		if t.Failed() {
			return
		}
	}
	t.Logf("seed %d: %d kills, %d acts acknowledged", seed, rounds, said)
}

func (c *crashing) reopen(seed uint64, round int) {
	var now clock
	now.at(monday, "08:00")
	s, err := Open(c.e.Path, Options{Now: now.now})
	if err != nil {
		c.t.Errorf("seed %d, kill %d: open: %v", seed, round, err)
		return
	}
	for _, problem := range c.prove(s) {
		c.t.Errorf("seed %d, kill %d: %s", seed, round, problem)
	}
	if err := s.Close(); err != nil {
		c.t.Errorf("seed %d, kill %d: close: %v", seed, round, err)
	}
}

// newCrashing makes a file with the small town for a child's work.
func newCrashing(t *testing.T, work string, workers int) (*crashing, *acknowledged) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "town.db")
	baseTown(t, path)
	e := errand{Work: work, Path: path, Seed: rand.Uint64(), Workers: workers}
	said := newAcknowledged(e)
	return &crashing{t: t, e: e, hear: said.hear, resume: said.again, prove: said.verify}, said
}

// again lets every worker begin with its last answered act, so that it is sent
// twice.
func (a *acknowledged) again() []int {
	from := slices.Clone(a.next)
	for w := range from {
		from[w] = max(0, from[w]-1)
	}
	return from
}

func TestCrash_cancellations(t *testing.T) {
	c, _ := newCrashing(t, "families", familiesAtWork)
	c.run()
}

func (c *child) families() error {
	if err := c.open(); err != nil {
		return err
	}
	return c.each(c.family)
}

func TestCrash_closes(t *testing.T) {
	c, said := newCrashing(t, "closes", 0)
	c.resume = func() []int {
		if len(said.closed) > 60 { // much of the school year is over: another file
			next, fresh := newCrashing(t, "closes", 0)
			c.e.Path, *said = next.e.Path, *fresh
		}
		return []int{len(said.closed)}
	}
	c.run()
}

// closes closes one weekday after the other, its schools as their cut-offs pass.
// A day that was under way is found late, like by a server that was down.
func (c *child) closes() error {
	if err := c.open(); err != nil {
		return err
	}
	for n := c.From[0]; ; n++ {
		day := weekday(n)
		if day > 20270625 { // school is over: nothing is left but to be killed
			time.Sleep(time.Hour)
		}
		hours := []string{"09:00:00.001", "09:15:00.001", "09:30:00.001"}
		if n == c.From[0] {
			hours = []string{"09:45"}
		} else if err := c.someAbsent(day); err != nil {
			return err
		}
		for _, hour := range hours {
			c.clock.at(day, hour)
			if _, err := c.s.CloseDue(context.Background(), Job()); err != nil {
				return err
			}
		}
		status, err := c.s.Day(Console(), day)
		if err != nil {
			return err
		}
		c.say("closed %s %s", day, status.Charged)
	}
}

// weekday is the nth service day of the small town since monday: every day that
// is neither of a weekend nor a national holiday.
func weekday(n int) canteen.Date {
	for day := monday; ; day = day.AddDays(1) {
		if _, holiday := canteen.NationalHoliday(day); holiday || !canteen.MonToFri.Has(day.Weekday()) {
			continue
		}
		if n == 0 {
			return day
		}
		n--
	}
}

func (c *child) someAbsent(day canteen.Date) error {
	c.clock.at(day, "08:00")
	var all []Communication
	for i := day.Day() % 5; i < len(c.people.pupils); i += 5 {
		all = append(all, Communication{Act: office(), Request: CommunicationRequest{
			Pupils: c.people.pupils[i : i+1], Kind: canteen.Absence, From: day, To: day}})
	}
	c.s.CommunicateAll(all)
	for _, one := range all {
		if one.Err != nil {
			return one.Err
		}
	}
	return nil
}

func TestCrash_payments(t *testing.T) {
	c, said := newCrashing(t, "payments", 0)
	c.resume = func() []int {
		from := make([]int, payers)
		for w := range from {
			for from[w] = w; said.paid[from[w]]; from[w] += payers {
			}
		}
		return from
	}
	c.run()
}

// payments enters payments, every third of them twice.
func (c *child) payments() error {
	if err := c.open(); err != nil {
		return err
	}
	c.Workers = payers
	return c.each(func(w int) error {
		for n := c.From[w]; ; n += payers {
			for range 1 + n%3/2 {
				if err := c.s.RecordOutsidePayment(office(), c.people.payment(n)); err != nil {
					return err
				}
			}
			c.say("paid %d", n)
		}
	})
}
