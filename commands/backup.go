package commands

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"refettorio/control"
	"refettorio/store"
)

func backupCommand(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "copy the database to a file and verify the copy; the service goes on",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, words []string) error {
			path, err := filepath.Abs(words[0]) // the service may stand in another folder
			if err != nil {
				return err
			}
			var result control.BackupResult
			if err := env.existing(c.Context(), "backup", control.BackupArgs{Path: path}, &result); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: %d bytes, verified\n", result.Path, result.Size)
			return nil
		},
	}
}

func restoreCommand(env *Env) *cobra.Command {
	var only bool
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "put a verified backup in the place of the database; the service must be stopped",
		Long: "Verifies the backup and puts a copy of it in the place of the database. The file that was\n" +
			"there stays beside it under another name. With --check nothing is replaced: the backup is\n" +
			"only read through and its numbers are proved.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, words []string) error {
			report, err := store.CheckFile(words[0])
			if err != nil {
				return err
			}
			if len(report.Problems) > 0 {
				return fmt.Errorf("the backup is not good, nothing was touched: %s (%d problems)", report.Problems[0], len(report.Problems))
			}
			out := c.OutOrStdout()
			fmt.Fprintf(out, "backup: %d pupils, %d entries, %d days closed, no problems\n", report.Pupils, report.Entries, report.DaysClosed)
			if only {
				return nil
			}
			db, err := env.file()
			if err != nil {
				return err
			}
			kept, err := store.Restore(words[0], db, time.Now())
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "restored to %s\n", db)
			if kept != "" {
				fmt.Fprintf(out, "the file that was there is now %s\n", kept)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&only, "check", false, "only prove that the backup is good")
	return c
}
