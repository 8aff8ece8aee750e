package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"refettorio/control"
	"refettorio/demo"
	"refettorio/handlers"
	"refettorio/vault"
)

// KeyName is the file of the vault's key in the folder of a demo town.
const KeyName = "refettorio.key"

// Serve runs the service on a file with a clock until ctx ends, and calls ready
// with its address.
type Serve func(ctx context.Context, db, listen, backups string, now func() time.Time, ready func(base string)) error

// demoSettings are the flags of demo.
type demoSettings struct {
	dir, now, listen string
	pupils, history  int
	prepare          bool
}

// Demo builds an invented town and serves it on a clock of its own (design §10).
func Demo(serve Serve) *cobra.Command {
	var d demoSettings
	c := &cobra.Command{
		Use:   "demo",
		Short: "build an invented town and serve it",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return d.run(c, serve) },
	}
	c.Flags().StringVar(&d.dir, "dir", "", "folder of the town (default: a temporary one)")
	c.Flags().StringVar(&d.now, "now", "", "where its clock begins, as 2026-10-14T08:45:00+02:00 (default: 08:45 of a service day)")
	c.Flags().StringVar(&d.listen, "listen", "127.0.0.1:8080", "address to answer on")
	c.Flags().IntVar(&d.pupils, "pupils", 1500, "number of pupils")
	c.Flags().IntVar(&d.history, "history", 90, "past service days to live through")
	c.Flags().BoolVar(&d.prepare, "prepare", false, "build and end")
	return c
}

func (d *demoSettings) run(c *cobra.Command, serve Serve) error {
	begin, err := d.begin()
	if err != nil {
		return err
	}
	if err := d.folder(); err != nil {
		return err
	}
	db := filepath.Join(d.dir, "refettorio.db")
	meter := newMeter(c.ErrOrStderr())
	key, err := vault.Create(filepath.Join(d.dir, KeyName))
	if err != nil {
		return err
	}
	town, err := demo.Build(c.Context(), demo.Options{Path: db, Now: begin, Pupils: d.pupils, History: d.history, Seed: 1, Vault: key,
		Hash:     func(password string) (string, error) { return argon2id.CreateHash(password, handlers.PasswordParams) },
		Progress: meter.step})
	meter.end()
	if err != nil {
		return err
	}
	town.Now, town.DB, town.ControlSocket = begin, db, control.SocketPath(db)
	if d.prepare {
		fmt.Fprintln(c.OutOrStdout(), "town ready in", d.dir)
		return d.write(town)
	}
	boot := time.Now()
	clock := func() time.Time { return begin.Add(time.Since(boot)) }
	var failed error
	err = serve(c.Context(), db, d.listen, filepath.Join(d.dir, "backups"), clock, func(base string) {
		town.BaseURL, town.PagoPAURL = base, base
		failed = d.write(town)
		greet(c.OutOrStdout(), town, d.dir)
	})
	if err == nil {
		err = failed
	}
	return err
}

func (d *demoSettings) begin() (time.Time, error) {
	if d.now == "" {
		return demo.DefaultNow(time.Now()), nil
	}
	at, err := time.Parse(time.RFC3339, d.now)
	if err != nil {
		return at, fmt.Errorf("--now: write it as 2026-10-14T08:45:00+02:00: %w", err)
	}
	return at, nil
}

// folder makes the town's folder; one that has a town already is left alone.
func (d *demoSettings) folder() (err error) {
	if d.dir == "" {
		d.dir, err = os.MkdirTemp("", "refettorio-demo-")
		return err
	}
	if _, err := os.Stat(filepath.Join(d.dir, "refettorio.db")); err == nil {
		return fmt.Errorf("%s holds a town already: remove it or choose another folder", d.dir)
	}
	return os.MkdirAll(d.dir, 0o700)
}

// write leaves demo.json beside the town, whole or not at all.
func (d *demoSettings) write(town *demo.Town) error {
	body, err := json.MarshalIndent(town, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(d.dir, "demo.json")
	if err := os.WriteFile(path+".part", append(body, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

func greet(w io.Writer, town *demo.Town, dir string) {
	fmt.Fprintf(w, "\nComune di Borgoluce is at %s, where it is %s\n\n", town.BaseURL, town.Now.Format("Monday 2 January 2006, 15:04"))
	for _, u := range town.Users {
		fmt.Fprintf(w, "  %-10s %-24s %s\n", u.Role, u.Login, u.Password)
		if u.TOTPSecret != "" {
			fmt.Fprintf(w, "  %-10s %-24s and a code of an authenticator app: %s\n", "", "", spaced(u.TOTPSecret))
		}
	}
	fmt.Fprintf(w, "\nEvery message that is sent can be read at %s/posta\n", town.BaseURL)
	fmt.Fprintf(w, "\nAll of it, with the API's tokens, is in %s\nStop it with Ctrl-C.\n", filepath.Join(dir, "demo.json"))
}

// spaced writes a secret in groups of four, as apps show it and people type it.
func spaced(secret string) string {
	var groups []string
	for group := range slices.Chunk([]byte(secret), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}

// meter says on a terminal how far a long work is; in a pipe it is silent.
type meter struct {
	w    *os.File
	last time.Time
}

func newMeter(w io.Writer) *meter {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return &meter{w: f}
	}
	return &meter{}
}

func (m *meter) step(stage string, done, total int) {
	if m.w == nil || time.Since(m.last) < 100*time.Millisecond && done < total {
		return
	}
	m.last = time.Now()
	const width = 30
	full := width
	if total > 0 {
		full = width * done / total
	}
	fmt.Fprintf(m.w, "\r\033[K%-14s %s%s %d/%d", stage, bar(full, '█'), bar(width-full, '░'), done, total)
}

func (m *meter) end() {
	if m.w != nil {
		fmt.Fprint(m.w, "\r\033[K")
	}
}

func bar(n int, r rune) string {
	b := make([]rune, max(n, 0))
	for i := range b {
		b[i] = r
	}
	return string(b)
}
