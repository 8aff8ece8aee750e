// Package commands holds the commands of the program that work on a file and
// end: import, close, check, backup, restore, user, token. They do it through
// the running service when there is one (package control). serve and demo, which
// stay, are in main.
package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"refettorio/assets"
	"refettorio/canteen"
	"refettorio/control"
	"refettorio/handlers/render"
	"refettorio/store"
)

// Env is what a command needs to know of the program: the file it works on
// unless --db names another, and the options to open it with.
type Env struct {
	Database func() (string, error)
	Key      func() (string, error) // the file of the vault's key
	Store    store.Options
	db       string
}

// ErrFound ends a command with exit status 1 after it has said why itself.
var ErrFound = errors.New("")

// All returns the commands.
func All(env *Env) []*cobra.Command {
	all := []*cobra.Command{importCommand(env), closeCommand(env), checkCommand(env), backupCommand(env),
		restoreCommand(env), userCommand(env), tokenCommand(env), keyCommand(env)}
	for _, c := range all {
		c.PersistentFlags().StringVar(&env.db, "db", "", "the database file (default: the one of the configuration)")
	}
	return all
}

// file is the database a command works on.
func (e *Env) file() (string, error) {
	if e.db != "" {
		return e.db, nil
	}
	return e.Database()
}

// run does a command of package control on the file.
func (e *Env) run(ctx context.Context, name string, args, result any) error {
	db, err := e.file()
	if err != nil {
		return err
	}
	return control.Run(ctx, db, e.Store, name, args, result)
}

// existing is run for commands that must not create a file by a slip of the pen.
func (e *Env) existing(ctx context.Context, name string, args, result any) error {
	db, err := e.file()
	if err != nil {
		return err
	}
	if _, err := os.Stat(db); err != nil {
		return fmt.Errorf("no database at %s (name it with --db, or in the configuration)", db)
	}
	return control.Run(ctx, db, e.Store, name, args, result)
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// Sentence writes an error for the person at the console: a refusal in words,
// in Italian unless the machine's language is another of ours; anything else as
// it is.
func Sentence(err error) string {
	refused, ok := errors.AsType[*canteen.Error](err)
	if !ok {
		return err.Error()
	}
	text := sentence(refused.Key, refused.Args...)
	if refused.Field != "" {
		text = refused.Field + ": " + text
	}
	return text
}

// catalogue is read once, when the first sentence is needed.
var catalogue = sync.OnceValues(func() (*render.Catalog, error) { return render.LoadCatalog(assets.Locales()) })

// sentence is a message of the catalogue in the machine's language.
func sentence(key string, args ...any) string {
	catalog, err := catalogue()
	if err != nil {
		return fmt.Sprintln(key, args)
	}
	lang, _, _ := strings.Cut(os.Getenv("LANG"), "_")
	return catalog.T(catalog.Negotiate(lang, ""), key, args...)
}
