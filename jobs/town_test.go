package jobs

import (
	"bytes"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// These tests run the bell and the real record in a bubble of fake time. The
// record's own clock can leap and hurry besides, so that a year takes seconds.

// monday is where the clock of most tests stands at first, at 8:00.
const monday canteen.Date = 20271011

// clock is the record's clock: an instant and how fast it goes.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	since time.Time // the bubble's time when it stood there
	speed time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at.Add(time.Since(c.since) * c.speed)
}

// leap puts the clock to an instant, from where it goes at a speed.
func (c *clock) leap(to time.Time, speed time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.since, c.speed = to, time.Now(), speed
}

// until lets the clock go on to an instant.
func (c *clock) until(t time.Time) {
	time.Sleep(t.Sub(c.now()) / c.speed)
}

// house is a small town with its record and its bell.
type house struct {
	*testing.T
	clock   *clock
	path    string
	backups string
	s       *store.Store
	r       *Runner
	log     *safeBuffer
	pupils  []canteen.PAN
}

// safeBuffer is a log several goroutines write.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

const pupilsPerClass = 2

// build makes the town: two kitchens, two schools that close at 09:30, three
// classes that eat from Monday to Friday, six pupils. The file is proved when
// the test is over.
func build(t *testing.T, at time.Time) *house {
	t.Helper()
	dir := t.TempDir()
	h := &house{T: t, clock: &clock{}, path: filepath.Join(dir, "town.db"), backups: filepath.Join(dir, "backups"), log: &safeBuffer{}}
	h.clock.leap(at, 1)
	h.open()
	schools := []canteen.SchoolRow{
		{Line: 2, Code: "FGEE00001A", Name: "Rodari", Stage: canteen.StagePrimaria, Kitchen: "Nord"},
		{Line: 3, Code: "FGMM00002B", Name: "Montessori", Stage: canteen.StageSecondaria, Kitchen: "Sud"},
	}
	classes := []canteen.ClassRow{
		{Line: 2, School: "FGEE00001A", Grade: "1", Section: "A", Weekdays: canteen.MonToFri},
		{Line: 3, School: "FGEE00001A", Grade: "2", Section: "A", Weekdays: canteen.MonToFri},
		{Line: 4, School: "FGMM00002B", Grade: "1", Section: "C", Weekdays: canteen.MonToFri},
	}
	var children []canteen.PupilRow
	for i := range len(classes) * pupilsPerClass {
		class, pan := classes[i/pupilsPerClass], canteen.NewPAN(uint64(i))
		children = append(children, canteen.PupilRow{Line: i + 2, School: class.School, Grade: class.Grade, Section: class.Section,
			Pupil: canteen.Pupil{PAN: pan, Surname: fmt.Sprintf("Gialli%02d", i), Name: "Sole", Born: 20190101}})
		h.pupils = append(h.pupils, pan)
	}
	_, err := h.s.ImportSchools(store.Console(), schools, store.ImportOptions{})
	if err == nil {
		_, err = h.s.ImportClasses(store.Console(), classes, store.ImportOptions{})
	}
	var report canteen.ImportReport
	if err == nil {
		report, err = h.s.ImportPupils(store.Console(), children, store.ImportOptions{})
	}
	if err != nil || !report.Written {
		t.Fatalf("import: %v %+v", err, report)
	}
	t.Cleanup(func() {
		h.check()
		if err := h.s.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// open opens the record and gives it a bell, as a start of the program does.
func (h *house) open() {
	h.Helper()
	s, err := store.Open(h.path, store.Options{Now: h.clock.now})
	if err != nil {
		h.Fatal(err)
	}
	h.s = s
	h.r = New(s, slog.New(slog.NewTextHandler(h.log, nil)), Options{Backups: h.backups, Keep: 3})
}

func (h *house) start() {
	h.Helper()
	if err := h.r.Start(h.Context()); err != nil {
		h.Fatal(err)
	}
}

// stop ends the program in good order: the bell, then the record.
func (h *house) stop() {
	h.Helper()
	if err := h.r.Stop(); err != nil {
		h.Error(err)
	}
	if err := h.s.Close(); err != nil {
		h.Error(err)
	}
}

// restart starts the program again on the same file at an instant.
func (h *house) restart(at time.Time) {
	h.Helper()
	h.clock.leap(at, 1)
	h.open()
	h.start()
}

func (h *house) check() {
	h.Helper()
	report, err := h.s.Check(store.Console(), nil)
	if err != nil || !report.OK {
		h.Errorf("%v: check: %v %q", h.clock.now(), err, report.Problems)
	}
}

func (h *house) day(day canteen.Date) store.DayStatus {
	h.Helper()
	status, err := h.s.Day(store.Console(), day)
	if err != nil {
		h.Fatal(err)
	}
	return status
}

// wantClosed says that a day was closed once, within five seconds of an instant.
func (h *house) wantClosed(day canteen.Date, from time.Time) {
	h.Helper()
	status := h.day(day)
	late := status.ClosedAt.Sub(from)
	if status.State != canteen.DayClosed || late < 0 || late > 5*time.Second {
		h.Errorf("%s: got %s at %v, want closed in the 5 s from %v", day, status.State, status.ClosedAt.In(canteen.Rome()), from)
	}
	for _, kitchen := range []string{"nord", "sud"} {
		versions, err := h.s.SheetVersions(store.Console(), day, kitchen)
		if err != nil || len(versions) != 1 {
			h.Errorf("%s: kitchen %s has %d versions of its sheet, %v; want 1", day, kitchen, len(versions), err)
		}
	}
}

// wantCharged says how many meals every pupil has been charged.
func (h *house) wantCharged(meals int) {
	h.Helper()
	for _, pan := range h.pupils {
		account, err := h.s.Account(store.Console(), pan, 0, 0)
		if want := canteen.Cents(270).Times(-meals); err != nil || account.Balance != want {
			h.Errorf("%v: pupil %s: balance %s, %v; want %s for %d meals", h.clock.now(), pan, account.Balance, err, want, meals)
		}
	}
}

// say sends a word of the counter's for a pupil and a day.
func (h *house) say(pan canteen.PAN, kind canteen.CommunicationKind, day canteen.Date) store.DayOutcome {
	h.Helper()
	act := store.Act{Actor: canteen.Actor{Login: "ufficio", Role: canteen.RoleOffice}, Channel: canteen.ChannelDesk}
	out, err := h.s.Communicate(act, store.CommunicationRequest{Pupils: []canteen.PAN{pan}, Kind: kind, From: day, To: day})
	if err != nil {
		h.Fatal(err)
	}
	return out[0].Days[0]
}

// at is a time of day in Rome.
func at(day canteen.Date, hour, minute, second int) time.Time {
	return day.At(canteen.ClockTime(hour*60 + minute)).Add(time.Duration(second) * time.Second)
}
