package store

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"refettorio/canteen"
)

// Some things can be proved only on a process that dies: the tests of crashes,
// power cuts and I/O errors run this test binary again as a child, give it an
// errand and read one line for each act it has finished.

// childEnv carries the errand; it is set in children only.
const childEnv = "REFETTORIO_CHILD"

func TestMain(m *testing.M) {
	if spec := os.Getenv(childEnv); spec != "" {
		os.Exit(childMain(spec))
	}
	os.Exit(m.Run())
}

// errand tells a child what to do.
type errand struct {
	Work    string
	Path    string
	Seed    uint64
	Workers int    // families at work at the same time
	From    []int  // per worker, the first act: those before it are done
	Acts    int    // per worker; 0: until killed
	Limit   uint64 // the greatest size of a file in bytes, see limited
	NoSync  bool
	Others  []string // other files of the errand
}

// child is the process that runs an errand.
type child struct {
	errand
	clock   clock
	s       *Store
	people  people
	refused sync.Map // worker -> true when an act of the last phase was refused
}

var childWorks map[string]func(*child) error

func init() {
	childWorks = map[string]func(*child) error{
		"families": (*child).families, "closes": (*child).closes, "imports": (*child).imports,
		"payments": (*child).payments, "backups": (*child).backups, "restores": (*child).restores,
		"town": (*child).town, "judge": (*child).judge,
		"limited": (*child).limited, "full": (*child).full, "failing": (*child).failing,
	}
}

func childMain(spec string) int {
	c := &child{}
	err := json.Unmarshal([]byte(spec), &c.errand)
	if err == nil {
		c.clock.at(monday, "08:00")
		err = childWorks[c.Work](c)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		return 1
	}
	return 0
}

// say acknowledges: one line, one write.
func (c *child) say(format string, args ...any) {
	fmt.Fprintf(os.Stdout, format+"\n", args...)
}

func (c *child) open() (err error) {
	if c.s, err = Open(c.Path, Options{Now: c.clock.now, noSync: c.NoSync}); err != nil {
		return err
	}
	c.people, err = peopleOf(c.s)
	return err
}

// each runs a worker for every family and waits for all.
func (c *child) each(work func(w int) error) error {
	errs := make(chan error, c.Workers)
	for w := range c.Workers {
		go func() { errs <- work(w) }()
	}
	var first error
	for range c.Workers {
		if err := <-errs; first == nil {
			first = err
		}
	}
	return first
}

// family sends the acts of a worker, each with an id of its own.
func (c *child) family(w int) error {
	for n := c.From[w]; c.Acts == 0 || n < c.From[w]+c.Acts; n++ {
		in := c.people.intent(c.errand, w, n)
		act := Act{Actor: canteen.Actor{Login: "famiglia", Role: canteen.RoleGuardian, Guardian: c.people.parent[in.pan]},
			Channel: canteen.ChannelWeb, Once: fmt.Sprintf("%d/%d", w, n)}
		out, err := c.s.Communicate(act, CommunicationRequest{Pupils: []canteen.PAN{in.pan}, Kind: in.kind, From: in.from, To: in.to})
		switch {
		case canteen.KindOf(err) == canteen.KindUnavailable:
			c.refused.Store(w, true)
			c.say("refused %d %d", w, n)
		case err != nil:
			return fmt.Errorf("act %d of family %d: %w", n, w, err)
		default:
			c.say("act %d %d %s", w, n, answerOf(out[0]))
		}
	}
	return nil
}

// answerOf writes an answer as the tests compare it: the receipt and its days,
// or "nothing" when no day was accepted.
func answerOf(out PupilOutcome) string {
	text := "nothing"
	for _, d := range out.Days {
		if d.Outcome == canteen.Accepted && text == "nothing" {
			text = d.Receipt.String()
		}
		if d.Outcome == canteen.Accepted {
			text += "," + d.Day.String()
		}
	}
	return text
}

// people are the pupils of a record and who acts for them.
type people struct {
	pupils []canteen.PAN
	parent map[canteen.PAN]canteen.GuardianID
}

func peopleOf(s *Store) (p people, err error) {
	p.parent = map[canteen.PAN]canteen.GuardianID{}
	err = s.view(Console(), func(tx *tx) error {
		for _, one := range loadAll[canteen.Pupil](tx, pupils) {
			p.pupils = append(p.pupils, one.PAN)
			if len(one.Guardians) > 0 {
				p.parent[one.PAN] = one.Guardians[0]
			}
		}
		return nil
	})
	return p, err
}

// intent is what a worker's nth act asks for: always the same, so that a child
// can send it again and the parent knows it without having been told.
type intent struct {
	pan      canteen.PAN
	kind     canteen.CommunicationKind // 0 takes back
	from, to canteen.Date
}

// intent draws an act. A pupil belongs to one worker, so that its acts have an
// order.
func (p *people) intent(e errand, w, n int) intent {
	r := rand.New(rand.NewPCG(e.Seed, uint64(w)<<32|uint64(n)))
	own := (len(p.pupils) - w + e.Workers - 1) / e.Workers
	in := intent{pan: p.pupils[w+e.Workers*r.IntN(own)]}
	in.kind = []canteen.CommunicationKind{canteen.Absence, canteen.Absence, canteen.White, 0}[r.IntN(4)]
	in.from = monday.AddDays(r.IntN(90))
	in.to = in.from.AddDays(r.IntN(4))
	return in
}

// process is a child as its parent sees it.
type process struct {
	cmd    *exec.Cmd
	lines  chan string
	errOut bytes.Buffer
}

// childEnviron carries an errand. A child under the race detector would sleep
// for a second before it exits.
func childEnviron(t testing.TB, e errand) []string {
	t.Helper()
	spec, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), childEnv+"="+string(spec), "GORACE=atexit_sleep_ms=0 "+os.Getenv("GORACE"))
}

// start runs a child, under a program such as strace when one is given.
func start(t testing.TB, e errand, under ...string) *process {
	t.Helper()
	args := append(under, os.Args[0], "-test.run=^$")
	p := &process{cmd: exec.Command(args[0], args[1:]...), lines: make(chan string, 1)}
	p.cmd.Env = childEnviron(t, e)
	p.cmd.Stderr = &p.errOut
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for r := bufio.NewReader(out); ; {
			line, err := r.ReadString('\n')
			if err != nil { // a line without an end was not said
				return
			}
			p.lines <- strings.TrimSuffix(line, "\n")
		}
	}()
	return p
}

// finish reads what a child says until it ends by itself.
func (p *process) finish(t testing.TB, hear func(string)) {
	t.Helper()
	for line := range p.lines {
		hear(line)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Fatalf("the child failed: %v\n%s", err, p.errOut.Bytes())
	}
}

// kill ends a child with SIGKILL some time after its first line, and hears all
// it has said.
func (p *process) kill(t testing.TB, after time.Duration, hear func(string)) {
	t.Helper()
	first, ok := <-p.lines
	if !ok {
		_ = p.cmd.Wait() // it has failed: its own words say why
		t.Fatalf("the child ended before its first act\n%s", p.errOut.Bytes())
	}
	hear(first)
	timer := time.AfterFunc(after, func() { _ = p.cmd.Process.Kill() }) // it may have ended: Wait tells
	defer timer.Stop()
	for line := range p.lines {
		hear(line)
	}
	if err := p.cmd.Wait(); err == nil || p.cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the child ended by itself: %v\n%s", err, p.errOut.Bytes())
	}
}

// baseTown makes a file with the small town.
func baseTown(t testing.TB, path string) {
	t.Helper()
	c := &clock{}
	c.at(monday, "07:00")
	s, err := Open(path, Options{Now: c.now, noSync: true})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, s)
	if err := s.db.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// childTB lets a child use what tests use. It only ever fails.
type childTB struct{ testing.TB }

func (childTB) Helper() {}

func (childTB) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
