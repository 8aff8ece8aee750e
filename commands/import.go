package commands

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"refettorio/canteen"
	"refettorio/control"
	"refettorio/intake"
)

func importCommand(env *Env) *cobra.Command {
	var args control.ImportArgs
	var asJSON bool
	var kinds []string
	for _, k := range intake.Kinds {
		kinds = append(kinds, string(k))
	}
	c := &cobra.Command{
		Use:       "import {" + strings.Join(kinds, "|") + "} FILE",
		Short:     "bring in a town's lists (docs/import describes the files)",
		Args:      cobra.ExactArgs(2),
		ValidArgs: kinds,
		RunE: func(c *cobra.Command, words []string) (err error) {
			if args.Kind = words[0]; args.Kind == "menus" {
				args.Kind = string(intake.KindMenu)
			}
			if args.File, err = readFile(words[1]); err != nil {
				return err
			}
			var result control.ImportResult
			meter := newMeter(c.ErrOrStderr())
			ctx := control.WithProgress(c.Context(), func(done, total int) { meter.step(words[0], done, total) })
			err = env.run(ctx, "import", args, &result)
			meter.end()
			if err != nil {
				return err
			}
			if asJSON {
				err = printJSON(c.OutOrStdout(), inWords(result))
			} else {
				printImport(c.OutOrStdout(), result, args.DryRun)
			}
			if err == nil && result.Refused > 0 && !args.SkipBad {
				return ErrFound
			}
			return err
		},
	}
	c.Flags().BoolVar(&args.DryRun, "dry-run", false, "say what would happen and write nothing")
	c.Flags().BoolVar(&args.SkipBad, "skip-bad", false, "take the good rows although others are refused")
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return c
}

// maxFile is more than any list of a town: beyond it the file is not read at all.
const maxFile = 64 << 20

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxFile {
		return nil, canteen.Invalid("", "error.import.tooLarge", maxFile>>20)
	}
	return body, nil
}

// inWords puts the sentence in the place of each reason's key.
func inWords(r control.ImportResult) control.ImportResult {
	for i := range r.Rows {
		r.Rows[i].Reason = reason(&r.Rows[i])
		r.Rows[i].Args = nil
	}
	return r
}

func reason(row *control.ImportRow) string {
	if row.Reason == "" {
		return ""
	}
	args := make([]any, len(row.Args))
	for i, a := range row.Args {
		args[i] = a
	}
	return sentence(row.Reason, args...)
}

func printImport(w io.Writer, r control.ImportResult, dry bool) {
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Reason == "" {
			continue
		}
		label := row.Outcome
		if label != string(canteen.RowRefused) {
			label += ", warning"
		}
		field := ""
		if row.Field != "" {
			field = " [" + row.Field + "]"
		}
		fmt.Fprintf(w, "line %d %s%s (%s): %s\n", row.Line, row.Key, field, label, reason(row))
	}
	fmt.Fprintf(w, "created %d, updated %d, unchanged %d, refused %d\n", r.Created, r.Updated, r.Unchanged, r.Refused)
	switch {
	case dry:
		fmt.Fprintln(w, "dry run: nothing was written")
	case !r.Written && r.Refused > 0:
		fmt.Fprintln(w, "nothing was written: mend the refused lines, or take the others with --skip-bad")
	}
}
