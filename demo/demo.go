package demo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// Options say which town to build. The zero Pupils and Seed are the default
// ones; History 0 is a town whose first day is today.
type Options struct {
	Path    string    // of the database file, which must not exist
	Now     time.Time // the instant at which the demo begins
	Pupils  int       // 1,500 unless given; at least MinPupils
	History int       // past service days to live through
	Seed    uint64    // 1 unless given
	Hash    func(password string) (string, error)
	Log     *slog.Logger // nothing is logged when nil
	Vault   store.Vault  // seals the town's health data; without it the town has none

	// Progress, when given, is called now and then by the goroutine that works.
	// The stages are StagePeople, once for each school year, and StageDays; done
	// reaches total at the end of each.
	Progress func(stage string, done, total int)
}

// The size of a town unless told otherwise, the smallest that has all three
// stages and the showcase families, and the longest history.
const (
	DefaultPupils  = 1500
	DefaultHistory = 90
	MinPupils      = 40
	MaxPupils      = 1_000_000
	MaxHistory     = 1000
)

// The stages of a build, as Progress names them.
const (
	StagePeople = "famiglie"
	StageDays   = "giorni di mensa"
)

func (o *Options) complete() error {
	if o.Pupils == 0 {
		o.Pupils = DefaultPupils
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	switch {
	case o.Path == "":
		return errors.New("demo: no path for the database")
	case o.Now.IsZero():
		return errors.New("demo: no instant to begin at")
	case o.Hash == nil:
		return errors.New("demo: no way to hash passwords")
	case o.Pupils < MinPupils || o.Pupils > MaxPupils:
		return fmt.Errorf("demo: %d pupils: a town has from %d to %d", o.Pupils, MinPupils, MaxPupils)
	case o.History < 0 || o.History > MaxHistory:
		return fmt.Errorf("demo: %d days of history: at most %d", o.History, MaxHistory)
	}
	if _, err := os.Stat(o.Path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("demo: %s exists already: %w", o.Path, fs.ErrExist)
	}
	return nil
}

// Build creates the file, fills it with a town that has lived until opt.Now and
// closes it. The same options give the same town. A build that fails or is
// cancelled leaves no file. fs.ErrExist is in the error when the file is there
// already.
func Build(ctx context.Context, opt Options) (*Town, error) {
	b, err := build(ctx, opt)
	if err != nil {
		return nil, err
	}
	return b.leaflet, nil
}

func build(ctx context.Context, opt Options) (*builder, error) {
	if err := opt.complete(); err != nil {
		return nil, err
	}
	b := newBuilder(opt)
	s, err := store.Open(opt.Path, store.Options{Now: b.clock.now, Log: opt.Log,
		Entropy: rand.NewChaCha8(seedOf(opt.Seed, "handles"))})
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	b.store = s
	if opt.Vault != nil {
		err = s.UseVault(opt.Vault)
	}
	if err == nil {
		err = b.fill(ctx)
	}
	if err = errors.Join(err, s.Close()); err != nil {
		return nil, fmt.Errorf("demo: %w", errors.Join(err, os.Remove(opt.Path)))
	}
	return b, nil
}

// builder is a town under construction. Years are counted back from the
// present school year: 0 is the present one.
type builder struct {
	opt     Options
	store   *store.Store
	clock   *clock
	today   canteen.Date
	present int            // the calendar year in which the present school year began
	years   int            // how many school years back the history goes
	days    []canteen.Date // of the history, oldest first
	places  *places
	census  *census
	life    *life
	leaflet *Town

	diary     []scene       // yet to be played
	newPupils []canteen.PAN // who came by an application
}

func newBuilder(opt Options) *builder {
	b := &builder{opt: opt, today: canteen.DateOf(opt.Now)}
	b.present = firstYearOf(b.today)
	b.days = serviceDays(b.today, opt.History)
	first := b.today
	if len(b.days) > 0 {
		first = b.days[0]
	}
	b.years = b.present - firstYearOf(first)
	b.clock = newClock(b.notAfterNow(first.At(switchOver)))
	b.places = newPlaces(streamOf(opt.Seed, "places"), opt.Pupils)
	b.census = populate(opt.Seed, b.places, b.present, b.years)
	b.life = newLife(b)
	return b
}

// switchOver is the time of the night before its first day at which the town
// takes Refettorio into service.
const switchOver = canteen.ClockTime(5 * 60)

func (b *builder) notAfterNow(t time.Time) time.Time {
	if t.After(b.opt.Now) {
		return b.opt.Now
	}
	return t
}

// fill makes the years of the history, one after the other, and this morning.
func (b *builder) fill(ctx context.Context) error {
	b.leaflet = newTown(&b.opt)
	lived := 0
	for back := b.years; back >= 0; back-- {
		if err := b.openYear(ctx, back); err != nil {
			return fmt.Errorf("school year %s: %w", schoolYear(b.present-back).Name, err)
		}
		for lived < len(b.days) && firstYearOf(b.days[lived]) == b.present-back {
			if err := b.life.day(ctx, b.days[lived], back); err != nil {
				return fmt.Errorf("day %s: %w", b.days[lived], err)
			}
			lived++
			b.opt.Progress(StageDays, lived, len(b.days))
		}
	}
	if err := b.life.thisMorning(); err != nil {
		return fmt.Errorf("day %s: %w", b.today, err)
	}
	return b.print()
}
