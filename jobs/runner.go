package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/google/uuid"

	"refettorio/canteen"
	"refettorio/store"
)

// How often the bells ring. The short one closes days: families and kitchens
// see the sheet seconds after the cut-off.
const (
	bellEvery  = 2 * time.Second
	nightEvery = 30 * time.Second
	beatEvery  = time.Minute
)

// Options of the runner. Backups is the folder of the nightly backup, empty for
// none; Keep how many stay. Post carries messages out; without it they wait.
type Options struct {
	Backups string
	Keep    int
	Post    *Post
}

// Runner rings and does what is due.
type Runner struct {
	store   *store.Store
	log     *slog.Logger
	opt     Options
	nightly []job

	scheduler gocron.Scheduler
	cancel    context.CancelFunc
	running   sync.WaitGroup

	mu   sync.Mutex
	beat time.Time // the last heartbeat written
	loud map[string]string

	posting chan struct{} // one delivery at a time, so that nobody gets a letter twice
	swept   time.Time     // when messages last expired
	closed  time.Time     // when there was no way out
}

// New prepares a runner; Start rings.
func New(s *store.Store, log *slog.Logger, opt Options) *Runner {
	return &Runner{store: s, log: log, opt: opt, nightly: nightly, loud: map[string]string{}, posting: make(chan struct{}, 1)}
}

// Start does what is due now, a missed close first of all, and then rings until
// Stop. It returns an error only when the scheduler cannot be made.
func (r *Runner) Start(ctx context.Context) error {
	ctx, r.cancel = context.WithCancel(ctx)
	r.Bell(ctx)
	scheduler, err := gocron.NewScheduler(gocron.WithLocation(canteen.Rome()),
		gocron.WithGlobalJobOptions(
			gocron.WithSingletonMode(gocron.LimitModeReschedule),
			gocron.WithEventListeners(gocron.AfterJobRunsWithPanic(r.panicked))))
	if err != nil {
		return err
	}
	r.scheduler = scheduler
	for _, bell := range []struct {
		every time.Duration
		ring  func(context.Context)
		name  string
	}{{bellEvery, r.Bell, "bell"}, {nightEvery, r.Night, "night"}, {postEvery, r.Deliver, "post"}} {
		task := gocron.NewTask(func() {
			if r.enter(ctx) {
				defer r.running.Done()
				bell.ring(ctx)
			}
		})
		if _, err := scheduler.NewJob(gocron.DurationJob(bell.every), task, gocron.WithName(bell.name)); err != nil {
			return fmt.Errorf("bell %s: %w", bell.name, err)
		}
	}
	scheduler.Start()
	r.running.Go(func() { r.listen(ctx) })
	return nil
}

// enter counts a ring as running, unless Stop was called before: under the same
// lock, so that Stop misses none.
func (r *Runner) enter(ctx context.Context) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx.Err() != nil {
		return false
	}
	r.running.Add(1)
	return true
}

// Stop rings no more and waits for what is running.
func (r *Runner) Stop() error {
	r.mu.Lock()
	r.cancel()
	r.mu.Unlock()
	r.running.Wait()
	return r.scheduler.Shutdown()
}

// panicked is the net under every job: without it a panic ends the process.
func (r *Runner) panicked(_ uuid.UUID, name string, data any) {
	r.log.Error("panic in a job", "job", name, "panic", data)
}

// Bell does what must follow the clock closely: the heartbeat, then the close
// of what is due. The heartbeat comes first, because a gap in it moves the
// cut-off that the close asks for.
func (r *Runner) Bell(ctx context.Context) {
	r.attempt("heartbeat", "now", func() (string, error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		now := r.store.Now()
		if since := now.Sub(r.beat); since >= 0 && since < beatEvery {
			return "", nil
		}
		if err := r.store.Beat(store.Job()); err != nil {
			return "", err
		}
		r.beat = now
		return "", nil
	})
	day := canteen.DateOf(r.store.Now())
	r.attempt("close", day.String(), func() (string, error) {
		start := time.Now()
		closed, err := r.store.CloseDue(ctx, store.Job())
		if closed == 0 {
			return "", err
		}
		r.log.Info("day closed", "day", day, "schools", closed, "ms", time.Since(start).Milliseconds())
		return fmt.Sprintf("%d plessi", closed), err
	})
}

// Night does the jobs of the day that are due, the latest missed one of each.
func (r *Runner) Night(ctx context.Context) {
	for _, j := range r.nightly {
		period := latestDue(r.store.Now(), j.at).String()
		run, ran, err := r.store.RunOf(j.name, period)
		if err != nil {
			r.log.Error("the diary cannot be read", "job", j.name, "error", err)
			return
		}
		if isDue(run, ran, r.store.Now()) && ctx.Err() == nil {
			r.attempt(j.name, period, func() (string, error) { return j.do(r, ctx) })
		}
	}
}

// attempt runs a job and writes its outcome into the diary, in Italian for the
// office: when it did
// something (detail), or failed. A panic is caught, logged and shown like any
// failure. A failure that repeats is written once.
func (r *Runner) attempt(name, period string, do func() (string, error)) {
	detail, err := guarded(do)
	key := name + "/" + period
	r.mu.Lock()
	before := r.loud[name]
	r.mu.Unlock()
	switch {
	case err != nil && before == key+err.Error():
		return
	case err != nil:
		r.log.Error("job failed", "job", name, "period", period, "error", err)
	case detail == "" && before == "":
		return
	}
	run := store.Run{Job: name, Period: period, Detail: detail}
	said := ""
	if err != nil {
		run.Error = err.Error()
		if name == "heartbeat" || name == "close" || name == "messages" {
			said = key + err.Error()
		}
	}
	r.mu.Lock()
	r.loud[name] = said
	r.mu.Unlock()
	if err := r.store.RecordRun(store.Job(), run); err != nil {
		r.log.Error("the diary cannot be written", "job", name, "error", err)
	}
}

func guarded(do func() (string, error)) (detail string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}
