package store

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"refettorio/canteen"
)

// monday is the day on which the clock of a test starts, at 8:00.
const monday canteen.Date = 20261012

// clock is a clock a test can set.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// at sets the clock to a time of a day in Rome, "09:30" or "09:30:00.250".
func (c *clock) at(day canteen.Date, hour string) {
	c.set(instant(day, hour))
}

func (c *clock) advance(d time.Duration) { c.set(c.now().Add(d)) }

// instant is a time of a day in Rome.
func instant(day canteen.Date, hour string) time.Time {
	for _, layout := range []string{"15:04", "15:04:05", "15:04:05.000"} {
		if t, err := time.Parse(layout, hour); err == nil {
			midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, canteen.Rome())
			return midnight.Add(t.Sub(t.Truncate(24 * time.Hour)))
		}
	}
	panic("no such hour: " + hour)
}

// open opens a new record with a settable clock. When the test is over the
// record is proved twice, open and closed.
func open(t testing.TB) (*Store, *clock) {
	t.Helper()
	s, c := openUnproved(t)
	t.Cleanup(func() {
		if !s.done { // the test has not closed it itself
			prove(t, s)
		}
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		report, err := CheckFile(s.Path())
		if err != nil || !report.OK {
			t.Errorf("check of the closed file: %v %q", err, report.Problems)
		}
	})
	return s, c
}

// openUnproved opens a new record that the test means to damage.
func openUnproved(t testing.TB) (*Store, *clock) {
	t.Helper()
	c := &clock{}
	c.at(monday, "08:00")
	s, err := Open(filepath.Join(t.TempDir(), "town.db"), Options{Now: c.now, Wall: c.now, Vault: testVault{}})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() }) // it may be closed, or unfit to be closed, by then
	return s, c
}

// prove checks a live record and fails the test on every broken rule.
func prove(t testing.TB, s *Store) Report {
	t.Helper()
	report, err := s.Check(Console(), nil)
	if err != nil {
		t.Errorf("check: %v", err)
	}
	for _, p := range report.Problems {
		t.Error("check:", p)
	}
	return report
}

// office is an act of an official.
func office() Act {
	return Act{Actor: canteen.Actor{Login: "ufficio", Role: canteen.RoleOffice}, Channel: canteen.ChannelWeb}
}

// smallTown is what fill builds: 2 kitchens, a school of each stage, 7 classes
// with different weeks, 63 pupils.
type smallTown struct {
	s       *Store
	class   map[string]canteen.ClassID // "primaria 3B"
	pupils  []canteen.PAN              // in order of class and list
	of      map[string][]canteen.PAN   // by class
	parent  map[canteen.PAN]canteen.GuardianID
	exempt  canteen.PAN // of infanzia 1A
	coeliac canteen.PAN // of primaria 1A, diet SG
	younger canteen.PAN // of infanzia 1A, sibling of elder, second rank
	elder   canteen.PAN // of primaria 1A
	outside canteen.PAN // of primaria 3B, not a resident
	monOnly canteen.PAN // of infanzia 2A, eats on Mondays only
}

// The places of the small town.
const (
	infanzia   canteen.SchoolID = 1 // kitchen 1
	primaria   canteen.SchoolID = 2 // kitchen 1, own cut-off 9:15
	secondaria canteen.SchoolID = 3 // kitchen 2, cut-off 9:00

	kitchenOne = "via-appulo"
	kitchenTwo = "borgo-nuovo"
)

var schoolNames = map[canteen.SchoolID]string{infanzia: "infanzia", primaria: "primaria", secondaria: "secondaria"}

// Weeks of classes.
const (
	monWedFri = canteen.Weekdays(0b10101)
	tueThu    = canteen.Weekdays(0b01010)
	monWed    = canteen.Weekdays(0b00101)
)

// fill writes the small town in one transaction.
func fill(t testing.TB, s *Store) *smallTown {
	t.Helper()
	town := &smallTown{s: s}
	err := s.updateAlone(Console(), func(tx *tx) error {
		*town = smallTown{s: s, class: map[string]canteen.ClassID{}, of: map[string][]canteen.PAN{}, parent: map[canteen.PAN]canteen.GuardianID{}}
		town.places(tx)
		for _, name := range []string{"infanzia 1A", "infanzia 2A", "primaria 1A", "primaria 3B", "primaria 5A", "secondaria 1C", "secondaria 2C"} {
			for range 9 {
				if err := town.pupil(tx, name); err != nil {
					return err
				}
			}
		}
		town.openings(tx)
		return tx.err
	})
	if err != nil {
		t.Fatalf("fill: %v", err)
	}
	return town
}

func (town *smallTown) places(tx *tx) {
	for _, k := range []canteen.Kitchen{
		{Code: kitchenOne, Name: "Centro di cottura Via Appulo", Cutoff: 9*60 + 30, Limit: 10 * 60},
		{Code: kitchenTwo, Name: "Centro di cottura Borgo Nuovo", Cutoff: 9 * 60, Limit: 9*60 + 30},
	} {
		k.ID = canteen.KitchenID(tx.next(kitchens))
		tx.putKitchen(k)
	}
	for _, school := range []canteen.School{
		{Code: "FGAA00001A", Name: "Il Girasole", Stage: canteen.StageInfanzia, Kitchen: 1},
		{Code: "FGEE00002B", Name: "Gianni Rodari", Stage: canteen.StagePrimaria, Kitchen: 1, Cutoff: 9*60 + 15},
		{Code: "FGMM00003C", Name: "Maria Montessori", Stage: canteen.StageSecondaria, Kitchen: 2},
	} {
		school.ID, school.Institute = canteen.SchoolID(tx.next(schools)), "I.C. Porta Nuova"
		tx.putSchool(school)
	}
	for _, c := range []canteen.Class{
		{School: infanzia, Grade: "1", Section: "A", Weekdays: canteen.MonToFri, Staff: 2},
		{School: infanzia, Grade: "2", Section: "A", Weekdays: canteen.MonToFri, Staff: 2},
		{School: primaria, Grade: "1", Section: "A", Weekdays: canteen.MonToFri, Staff: 1},
		{School: primaria, Grade: "3", Section: "B", Weekdays: monWedFri, Staff: 1},
		{School: primaria, Grade: "5", Section: "A", Weekdays: tueThu},
		{School: secondaria, Grade: "1", Section: "C", Weekdays: monWed, Staff: 1},
		{School: secondaria, Grade: "2", Section: "C", Weekdays: tueThu},
	} {
		c.ID, c.Year = canteen.ClassID(tx.next(classes)), "2026/27"
		tx.putClass(c)
		town.class[schoolNames[c.School]+" "+c.Name()] = c.ID
	}
	tx.putDiet(canteen.Diet{Code: "SG", Name: "Senza glutine", Excludes: "glutine", Allergens: []int{1}})
	tx.putDiet(canteen.Diet{Code: "NM", Name: "Senza carne di maiale", Excludes: "maiale"})
	tx.putTariff(canteen.Tariff{ID: 2, From: 20260901, Act: "D.G.C. 41/2026", Rates: []canteen.Rate{
		{Band: canteen.BandExempt}, {Residence: canteen.Outside, Price: 420}, {Rank: 2, Price: 200},
		{Stage: canteen.StageInfanzia, Band: "F1", Price: 120}, {Band: "F1", Price: 150}, {Price: 270}}})
}

// pupil adds the next pupil of a class with a parent, shared by two children in
// a row of every nine.
func (town *smallTown) pupil(tx *tx, class string) error {
	n, place := len(town.pupils), len(town.of[class])
	pan := canteen.NewPAN(uint64(1000 + 7*n))
	e := canteen.Enrolment{Pupil: pan, Class: town.class[class], State: canteen.Validated, From: 20260901}
	p := canteen.Pupil{PAN: pan, Handle: fmt.Sprintf("h%015d", n), CodiceFiscale: canteen.CodiceFiscale(fmt.Sprintf("ALN%013d", n)),
		Surname: fmt.Sprintf("Verdi%02d", n), Name: "Aria", Born: 20180305, Class: e.Class}
	switch {
	case class == "infanzia 1A" && place == 0:
		town.exempt = pan
		e.Bands = []canteen.Since{{From: 20260901, Code: canteen.BandExempt}}
	case class == "infanzia 1A" && place == 1:
		town.younger, e.Rank = pan, 2
	case class == "infanzia 2A" && place == 0:
		town.monOnly, e.Weekdays = pan, 1
	case class == "primaria 1A" && place == 0:
		town.elder, e.Rank = pan, 1
		p.Guardians = []canteen.GuardianID{town.parent[town.younger]}
	case class == "primaria 1A" && place == 1:
		town.coeliac = pan
		e.Diets = []canteen.Since{{From: 20260901, Code: "SG"}}
	case class == "primaria 3B" && place == 0:
		town.outside, e.Outside = pan, true
	case place == 4:
		e.Bands = []canteen.Since{{From: 20260901, Code: "F1"}, {From: 20261101, Code: ""}}
	case place == 5:
		e.Diets = []canteen.Since{{From: 20260901, Code: "NM"}}
	}
	if p.Guardians == nil {
		g := canteen.Guardian{ID: canteen.GuardianID(tx.next(guardians)), Surname: p.Surname, Name: "Sole",
			CodiceFiscale: canteen.CodiceFiscale(fmt.Sprintf("GRD%013d", n)), Phone: "+393330000000"}
		tx.putGuardian(g)
		p.Guardians = []canteen.GuardianID{g.ID}
	}
	tx.putPupil(p)
	town.pupils, town.of[class], town.parent[pan] = append(town.pupils, pan), append(town.of[class], pan), p.Guardians[0]
	return tx.putEnrolment(&e)
}

// openings gives most pupils a balance carried over: some far from every
// threshold, some just above one, some in debt.
func (town *smallTown) openings(tx *tx) {
	amounts := []canteen.Cents{50_00, 12_40, 8_20, 0, 2_70, -13_00, -49_00, 100_00}
	for i, pan := range town.pupils {
		if amount := amounts[i%len(amounts)]; amount != 0 {
			tx.post(canteen.Entry{ID: "opening/" + pan.String(), Kind: canteen.EntryOpening, Day: monday, At: tx.now,
				Actor: tx.act.Actor.Login, Postings: canteen.Transfer(canteen.LedgerOpening, canteen.LedgerOf(pan), amount)})
		}
	}
}

// family is an act of a pupil's parent.
func (town *smallTown) family(pan canteen.PAN) Act {
	return Act{Actor: canteen.Actor{Login: "famiglia", Role: canteen.RoleGuardian, Guardian: town.parent[pan]}, Channel: canteen.ChannelWeb}
}

// say sends a communication of a pupil's parent for one day and returns its
// outcome.
func (town *smallTown) say(t testing.TB, pan canteen.PAN, kind canteen.CommunicationKind, day canteen.Date) DayOutcome {
	t.Helper()
	return town.sayAs(t, town.family(pan), pan, kind, day)
}

func (town *smallTown) sayAs(t testing.TB, act Act, pan canteen.PAN, kind canteen.CommunicationKind, day canteen.Date) DayOutcome {
	t.Helper()
	out, err := town.s.Communicate(act, CommunicationRequest{Pupils: []canteen.PAN{pan}, Kind: kind, From: day, To: day})
	if err != nil {
		t.Fatalf("communicate %s %q on %s: %v", pan, kind, day, err)
	}
	return out[0].Days[0]
}

// order returns the order of a pupil on a day in a class, straight from the
// register.
func (town *smallTown) order(t testing.TB, day canteen.Date, class string, pan canteen.PAN) (o canteen.Order, ok bool) {
	t.Helper()
	err := town.s.view(Console(), func(tx *tx) error {
		o, _, ok = tx.order(day, town.class[class], pan)
		return nil
	})
	if err != nil {
		t.Fatalf("order of %s on %s: %v", pan, day, err)
	}
	return o, ok
}

// balance returns a pupil's balance and how many lines the account has.
func (town *smallTown) balance(t testing.TB, pan canteen.PAN) (balance canteen.Cents, lines uint32) {
	t.Helper()
	err := town.s.view(Console(), func(tx *tx) error {
		p, _ := tx.pupil(pan)
		a, ok := tx.account(p.Class, pan)
		if !ok {
			return fmt.Errorf("no account")
		}
		balance, lines = a.balance, a.lines
		return nil
	})
	if err != nil {
		t.Fatalf("balance of %s: %v", pan, err)
	}
	return balance, lines
}

// closeDue closes what is due and returns how many schools that was.
func closeDue(t testing.TB, s *Store) int {
	t.Helper()
	n, err := s.CloseDue(context.Background(), Job())
	if err != nil {
		t.Fatalf("close: %v", err)
	}
	return n
}

// closeDays closes every weekday from a day to a day at 10:00.
func closeDays(t testing.TB, s *Store, c *clock, from, to canteen.Date) {
	t.Helper()
	for day := from; day <= to; day = day.AddDays(1) {
		c.at(day, "10:00")
		closeDue(t, s)
	}
}

// decode reads a register whole.
func (r *registerView) decode(day canteen.Date, class canteen.ClassID) canteen.Register {
	reg := canteen.Register{Day: day, Class: class, Tariff: r.tariff(), Staff: r.staff(), Closed: r.closed(),
		Orders: make([]canteen.Order, r.len())}
	for i := range reg.Orders {
		reg.Orders[i] = r.order(i)
	}
	return reg
}

// testVault seals by turning every bit: fast, and no plain text stays.
type testVault struct{}

func (testVault) Seal(plain []byte) ([]byte, error)  { return turned(plain), nil }
func (testVault) Open(sealed []byte) ([]byte, error) { return turned(sealed), nil }
func (testVault) Recipient() string                  { return "test" }

func turned(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = ^b[i]
	}
	return out
}
