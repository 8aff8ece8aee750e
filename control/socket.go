package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// SocketPath is where the service of a file listens for commands.
func SocketPath(db string) string { return db + ".sock" }

// WithProgress returns a context whose commands tell how far they are. tell may
// be called from another goroutine.
func WithProgress(ctx context.Context, tell func(done, total int)) context.Context {
	return context.WithValue(ctx, progressKey{}, tell)
}

type progressKey struct{}

// progressOf is what a command tells; it may be nil.
func progressOf(ctx context.Context) func(done, total int) {
	tell, _ := ctx.Value(progressKey{}).(func(done, total int))
	return tell
}

// answer is a command's result or its refusal, on the wire. Answers with only
// Progress may come before it.
type answer struct {
	Progress *progress       `json:"progress,omitempty"`
	Result   json.RawMessage `json:"result,omitempty"`
	Refusal  *refusal        `json:"refusal,omitempty"`
	Failure  string          `json:"failure,omitempty"`
}

type progress struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

type refusal struct {
	Kind  canteen.Kind `json:"kind"`
	Key   string       `json:"key"`
	Args  []string     `json:"args"`
	Field string       `json:"field"`
}

// Server answers commands on the socket beside the file.
type Server struct {
	http     http.Server
	listener net.Listener
}

// Listen opens the socket of a store, mode 0600. A socket left behind by a
// process that died is replaced: the file's lock says that no other serves it.
func Listen(s *store.Store) (*Server, error) {
	path := SocketPath(s.Path())
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	srv := &Server{listener: l}
	srv.http = http.Server{Handler: serve(s), ReadHeaderTimeout: 5 * time.Second}
	return srv, nil
}

// Serve answers until Shutdown.
func (s *Server) Serve() error {
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Shutdown lets the command at hand finish and removes the socket.
func (s *Server) Shutdown(ctx context.Context) error { return s.http.Shutdown(ctx) }

func serve(s *store.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		var a answer
		if err == nil {
			ctx := WithProgress(r.Context(), teller(w))
			a = perform(ctx, s, strings.TrimPrefix(r.URL.Path, "/"), raw)
		} else {
			a.Failure = err.Error()
		}
		_ = json.NewEncoder(w).Encode(a) // a command that went away asks again
	})
}

// tellEvery is how often a command's progress goes over the socket.
const tellEvery = 100 * time.Millisecond

// teller writes progress into an answer that is not finished. The command tells
// it from one goroutine, and none tells once it has its result.
func teller(w http.ResponseWriter) func(done, total int) {
	var last time.Time
	return func(done, total int) {
		if time.Since(last) < tellEvery {
			return
		}
		last = time.Now()
		_ = json.NewEncoder(w).Encode(answer{Progress: &progress{done, total}}) // nobody may be looking
		_ = http.NewResponseController(w).Flush()
	}
}

func perform(ctx context.Context, s *store.Store, name string, raw json.RawMessage) (a answer) {
	do, ok := actions[name]
	if !ok {
		return answer{Failure: "unknown command " + name + ": is the running service of another version?"}
	}
	result, err := do(ctx, s, raw)
	if refused, ok := errors.AsType[*canteen.Error](err); ok {
		return answer{Refusal: &refusal{refused.Kind, refused.Key, words(refused.Args), refused.Field}}
	}
	if err != nil {
		return answer{Failure: err.Error()}
	}
	if a.Result, err = json.Marshal(result); err != nil {
		a.Failure = err.Error()
	}
	return a
}

// Run does a command on the file at db: through the service that holds it, or
// on the file itself when nobody does. result may be nil.
func Run(ctx context.Context, db string, opt store.Options, name string, args, result any) error {
	raw, err := json.Marshal(args)
	if err != nil {
		return err
	}
	a, err := ask(ctx, db, name, raw)
	if errors.Is(err, errNobody) {
		a, err = alone(ctx, db, opt, name, raw)
	}
	switch {
	case err != nil:
		return err
	case a.Refusal != nil:
		e := &canteen.Error{Kind: a.Refusal.Kind, Key: a.Refusal.Key, Field: a.Refusal.Field}
		for _, w := range a.Refusal.Args {
			e.Args = append(e.Args, w)
		}
		return e
	case a.Failure != "":
		return errors.New(a.Failure)
	case result == nil:
		return nil
	}
	return json.Unmarshal(a.Result, result)
}

var errNobody = errors.New("no service is running")

// ask sends a command to the running service; errNobody when there is none.
func ask(ctx context.Context, db, name string, raw []byte) (a answer, err error) {
	path := SocketPath(db)
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx, "", "")
	if err != nil {
		return a, errNobody
	}
	_ = conn.Close() // only to see whether somebody listens
	client := http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://service/"+name, bytes.NewReader(raw))
	if err != nil {
		return a, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return a, fmt.Errorf("the running service did not answer: %w", err)
	}
	defer resp.Body.Close()
	for answers := json.NewDecoder(resp.Body); ; {
		a = answer{}
		if err := answers.Decode(&a); err != nil || a.Progress == nil {
			return a, err
		}
		if tell := progressOf(ctx); tell != nil {
			tell(a.Progress.Done, a.Progress.Total)
		}
	}
}

// alone does a command on the file itself.
func alone(ctx context.Context, db string, opt store.Options, name string, raw []byte) (a answer, err error) {
	s, err := store.Open(db, opt)
	if err != nil {
		return a, err
	}
	a = perform(ctx, s, name, raw)
	return a, s.Close()
}
