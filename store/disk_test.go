package store

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// syscallEvent is a call of a traced process on its files, begun or returned.
type syscallEvent struct {
	call     string // openat (that made a file), pwrite64, ftruncate, sync, rename, say
	returned bool
	begun    int // of a returned one: the event of its beginning
	file     int // which file, in order of creation; folder for the folder itself
	off      int64
	data     []byte
	from, to string // names
}

// folder is the file number of the folder the files lie in.
const folder = -1

// tracing turns the lines of strace into events.
type tracing struct {
	dir    string
	events []syscallEvent
	fds    map[int]int // descriptor -> file
	names  map[string]int
	made   int
	open   map[string]pendingCall // thread -> what it is in
}

type pendingCall struct {
	call, args string
	event      int // -1: none
}

// readTrace reads the events of the files in a folder, and what the process
// said, out of a trace with -f and -xx.
func readTrace(path, dir string) ([]syscallEvent, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // opened for reading
	tr := &tracing{dir: dir, fds: map[int]int{}, names: map[string]int{}, open: map[string]pendingCall{}}
	for r := bufio.NewReaderSize(f, 1<<20); ; {
		line, err := r.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return tr.events, nil
		}
		if err == nil {
			err = tr.line(strings.TrimSpace(line))
		}
		if err != nil {
			return nil, fmt.Errorf("trace: %.200q: %w", line, err)
		}
	}
}

func (tr *tracing) line(line string) error {
	thread, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	if body, resumed := strings.CutPrefix(rest, "<... "); resumed {
		call := tr.open[thread]
		return tr.end(call, body)
	}
	name, args, isCall := strings.Cut(rest, "(")
	if !isCall || strings.HasPrefix(rest, "+++") {
		return nil
	}
	call, err := tr.begin(name, args)
	if err != nil {
		return err
	}
	if strings.HasSuffix(rest, "<unfinished ...>") {
		tr.open[thread] = call
		return nil
	}
	return tr.end(call, rest)
}

func (tr *tracing) emit(e syscallEvent) int {
	tr.events = append(tr.events, e)
	return len(tr.events) - 1
}

// begin takes the beginning of a call.
func (tr *tracing) begin(name, args string) (pendingCall, error) {
	call := pendingCall{name, args, -1}
	parts := strings.Split(args, ", ")
	number, _, _ := strings.Cut(strings.Fields(parts[0])[0], ")")
	fd, err := strconv.Atoi(number)
	file, ours := tr.fds[fd]
	ours = ours && err == nil // AT_FDCWD and the like are no descriptors
	switch name {
	case "close":
		delete(tr.fds, fd)
	case "write":
		if fd == 1 {
			data, err := unquote(parts[1])
			call.event = tr.emit(syscallEvent{call: "say", data: data})
			return call, err
		}
		if ours {
			return call, errors.New("a plain write into a file: this replay knows only pwrite64")
		}
	case "pwrite64":
		if !ours {
			return call, nil
		}
		data, err := unquote(parts[1])
		off, offErr := strconv.ParseInt(strings.TrimRight(strings.Fields(parts[3])[0], ")"), 10, 64)
		call.event = tr.emit(syscallEvent{call: name, file: file, off: off, data: data})
		return call, errors.Join(err, offErr)
	case "ftruncate":
		size, err := strconv.ParseInt(strings.TrimRight(strings.Fields(parts[1])[0], ")"), 10, 64)
		if ours {
			call.event = tr.emit(syscallEvent{call: name, file: file, off: size})
		}
		return call, err
	case "fsync", "fdatasync":
		if ours {
			call.event = tr.emit(syscallEvent{call: "sync", file: file})
		}
	case "rename", "renameat", "renameat2":
		from, to, err := twoNames(args)
		call.event = tr.emit(syscallEvent{call: "rename", file: folder, from: filepath.Base(from), to: filepath.Base(to)})
		return call, err
	}
	return call, nil
}

// end takes the return of a call.
func (tr *tracing) end(call pendingCall, rest string) error {
	at := strings.LastIndex(rest, " = ")
	if at < 0 {
		return nil // the process ended in it
	}
	value, _, _ := strings.Cut(rest[at+3:], " ")
	result, err := strconv.Atoi(value)
	if err != nil || result < 0 {
		if call.event >= 0 {
			return fmt.Errorf("%s failed", call.call)
		}
		return nil
	}
	if call.call == "openat" {
		return tr.opened(call.args, result)
	}
	if call.event < 0 {
		return nil
	}
	e := tr.events[call.event]
	if e.call == "rename" {
		tr.names[e.to] = tr.names[e.from]
		delete(tr.names, e.from)
	}
	e.begun, e.returned = call.event, true
	tr.emit(e)
	return nil
}

func (tr *tracing) opened(args string, fd int) error {
	parts := strings.Split(args, ", ")
	raw, err := unquote(parts[1])
	path := string(raw)
	delete(tr.fds, fd)
	switch {
	case err != nil:
		return err
	case path == tr.dir:
		tr.fds[fd] = folder
	case filepath.Dir(path) == tr.dir:
		file, known := tr.names[filepath.Base(path)]
		if !known {
			file = tr.made
			tr.made++
			tr.names[filepath.Base(path)] = file
			e := syscallEvent{call: "openat", file: file, to: filepath.Base(path)}
			e.begun, e.returned = tr.emit(e), true
			tr.emit(e)
		}
		tr.fds[fd] = file
	}
	return nil
}

func twoNames(args string) (from, to string, err error) {
	parts := strings.Split(args, `"`)
	if len(parts) < 4 {
		return "", "", errors.New("a rename without two names")
	}
	a, errA := unquote(`"` + parts[1] + `"`)
	b, errB := unquote(`"` + parts[3] + `"`)
	return string(a), string(b), errors.Join(errA, errB)
}

// unquote reads a string of strace -xx.
func unquote(s string) ([]byte, error) {
	if strings.HasSuffix(s, "...") {
		return nil, errors.New("a string that strace has cut")
	}
	return hex.DecodeString(strings.ReplaceAll(strings.Trim(s, `"`), `\x`, ""))
}

// disk is what a disk holds for sure, and what it may hold, at one moment.
type disk struct {
	at      int // events so far
	said    []string
	files   []*diskFile
	names   map[string]int    // for sure
	inDoubt []*diskOp         // creations and renames not synced
	covers  map[int][]*diskOp // sync under way -> what had returned when it began
}

type diskFile struct {
	image   []byte // for sure, up to its last byte written
	size    int64
	inDoubt []*diskOp // writes and truncations not synced
}

type diskOp struct {
	syscallEvent
	done bool
}

func newDisk() *disk { return &disk{names: map[string]int{}, covers: map[int][]*diskOp{}} }

// pending is the list an event's file keeps its unsynced operations in.
func (d *disk) pending(file int) *[]*diskOp {
	if file == folder {
		return &d.inDoubt
	}
	for len(d.files) <= file {
		d.files = append(d.files, &diskFile{})
	}
	return &d.files[file].inDoubt
}

// step takes one event.
func (d *disk) step(e syscallEvent) {
	list := d.pending(e.file)
	if e.call == "openat" {
		list = d.pending(folder)
	}
	switch {
	case e.call == "say":
		if !e.returned { // it may have been read before the call returned
			d.said = append(d.said, strings.Split(strings.TrimSuffix(string(e.data), "\n"), "\n")...)
		}
	case e.call == "sync" && !e.returned:
		for _, op := range *list {
			if op.done {
				d.covers[d.at] = append(d.covers[d.at], op)
			}
		}
	case e.call == "sync":
		for _, op := range d.covers[e.begun] {
			d.settle(op)
		}
		*list = slices.DeleteFunc(*list, func(op *diskOp) bool { return slices.Contains(d.covers[e.begun], op) })
		delete(d.covers, e.begun)
	case !e.returned:
		*list = append(*list, &diskOp{syscallEvent: e})
	default:
		for _, op := range *list {
			if op.call == e.call && op.file == e.file && !op.done && op.off == e.off && op.to == e.to {
				op.done = true
			}
		}
	}
	d.at++
}

// settle makes an operation certain.
func (d *disk) settle(op *diskOp) {
	if op.call == "openat" || op.call == "rename" {
		op.name(d.names)
		return
	}
	f := d.files[op.file]
	op.apply(f, nil)
}

func (op *diskOp) name(names map[string]int) {
	if op.call == "openat" {
		names[op.to] = op.file
		return
	}
	if file, ok := names[op.from]; ok {
		names[op.to] = file
		delete(names, op.from)
	}
}

// sector is what a disk writes whole.
const sector = 512

// apply changes a file; torn, when given, says which sectors arrive.
func (op *diskOp) apply(f *diskFile, torn func() bool) {
	if op.call == "ftruncate" {
		f.size = op.off
		f.image = f.image[:min(int64(len(f.image)), op.off)]
		return
	}
	for at := 0; at < len(op.data); at += sector {
		piece := op.data[at:min(at+sector, len(op.data))]
		if torn != nil && torn() {
			continue
		}
		end := op.off + int64(at+len(piece))
		if grow := end - int64(len(f.image)); grow > 0 {
			f.image = append(f.image, make([]byte, grow)...)
		}
		copy(f.image[op.off+int64(at):], piece)
		f.size = max(f.size, end)
	}
}

// crash writes the folder as it could be found after a power cut now: of what
// was not synced each operation is lost, kept or torn, in any order.
func (d *disk) crash(dir string, r *rand.Rand) error {
	keep := []float64{0, 1, 0.5, r.Float64()}[r.IntN(4)]
	tear := []float64{0, 0, 0.5, r.Float64()}[r.IntN(4)]
	names := maps.Clone(d.names)
	for _, op := range d.inDoubt {
		if r.Float64() < keep {
			op.name(names)
		}
	}
	for name, file := range names {
		f := diskFile{image: slices.Clone(d.files[file].image), size: d.files[file].size}
		ops := slices.Clone(d.files[file].inDoubt)
		if r.IntN(2) == 0 {
			r.Shuffle(len(ops), func(i, j int) { ops[i], ops[j] = ops[j], ops[i] })
		}
		for _, op := range ops {
			if r.Float64() < keep {
				op.apply(&f, func() bool { return r.Float64() < tear })
			}
		}
		path := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(path, f.image, 0o600), os.Truncate(path, f.size)); err != nil {
			return err
		}
	}
	return nil
}

// forEachCut replays events and calls judge at n random moments, one in ten of
// them while the file is being made, until it returns false.
func forEachCut(events []syscallEvent, r *rand.Rand, n int, judge func(n int, d *disk) bool) {
	made := slices.IndexFunc(events, func(e syscallEvent) bool { return e.call == "say" })
	cuts := make([]int, n)
	for i := range cuts {
		cuts[i] = r.IntN(len(events) + 1)
		if i%10 == 0 {
			cuts[i] = r.IntN(made + 1)
		}
	}
	slices.Sort(cuts)
	d := newDisk()
	for i, cut := range cuts {
		for d.at < cut {
			d.step(events[d.at])
		}
		if !judge(i, d) {
			return
		}
	}
}
