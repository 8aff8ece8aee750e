package commands

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/spf13/cobra"

	"refettorio/canteen"
	"refettorio/control"
	"refettorio/store"
	"refettorio/vault"
)

// OpenVault gives a store the key its health data are sealed under. A record that
// names no key yet gets a new one at path. A key that is not the record's own, or
// is missing, is a refusal that says so: nothing is made or written over then.
func OpenVault(s *store.Store, path string, log *slog.Logger) error {
	recorded, err := s.VaultRecipient()
	if err != nil {
		return err
	}
	key, err := vault.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		if recorded != "" {
			return &canteen.Error{Kind: canteen.KindConflict, Key: "error.vault.missing", Args: []any{path, recorded}, Err: err}
		}
		if key, err = vault.Create(path); err == nil {
			log.Warn("a key for the health data was made: keep a copy of it, not with the backups; without it they are lost",
				"file", path, "public_key", key.Recipient())
		}
	}
	if err != nil {
		return err
	}
	return s.UseVault(key)
}

func keyCommand(env *Env) *cobra.Command {
	c := &cobra.Command{Use: "key", Short: "make or try the key of the health data"}
	c.AddCommand(keyNewCommand(), keyCheckCommand(env))
	return c
}

func keyNewCommand() *cobra.Command {
	return &cobra.Command{
		Use: "new FILE", Short: "make a key in a new file, for a service that has none yet", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, words []string) error {
			key, err := vault.Create(words[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: %s\nkeep a copy of it, not with the backups\n", words[0], key.Recipient())
			return nil
		},
	}
}

func keyCheckCommand(env *Env) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "check", Short: "try whether a key opens everything the database keeps sealed", Args: cobra.NoArgs,
		Long: "Opens every certificate and every text that the database keeps sealed, and shows none of them.\n" +
			"With the service running the key it runs with is tried, and must be the one in the file.",
		RunE: func(c *cobra.Command, _ []string) error { return env.checkKey(c, file) },
	}
	c.Flags().StringVar(&file, "key", "", "the key file (default: the one of the configuration)")
	return c
}

func (e *Env) checkKey(c *cobra.Command, file string) error {
	if file == "" {
		var err error
		if file, err = e.Key(); err != nil {
			return err
		}
	}
	key, err := vault.Load(file)
	if err != nil {
		return err
	}
	report, err := e.tryKey(c.Context(), key)
	if err != nil {
		return err
	}
	out := c.OutOrStdout()
	if report.Recipient == "" {
		fmt.Fprintln(out, "the database names no key yet")
		return nil
	}
	for _, p := range report.Problems {
		fmt.Fprintln(out, p)
	}
	if len(report.Problems) > 0 {
		return ErrFound
	}
	fmt.Fprintf(out, "%s: the right key, %d sealed parts open\n", file, report.Opened)
	return nil
}

// tryKey opens what is sealed: with the key when the file is free, with the
// service's own, which must be the same, when it runs.
func (e *Env) tryKey(ctx context.Context, key *vault.Key) (report store.VaultReport, err error) {
	e.Store.Vault = key
	if err := e.existing(ctx, "key.check", control.None{}, &report); err != nil {
		return report, err
	}
	if report.Recipient != "" && report.Recipient != key.Recipient() {
		return report, canteen.Refuse(canteen.KindConflict, "error.vault.wrong", key.Recipient(), report.Recipient)
	}
	return report, nil
}
