package commands

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"refettorio/canteen"
	"refettorio/control"
	"refettorio/store"
)

func closeCommand(env *Env) *cobra.Command {
	var date string
	var asJSON bool
	c := &cobra.Command{
		Use:   "close",
		Short: "close a day as the scheduler does, and print its sheets",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var args control.CloseArgs
			if date != "" {
				day, err := canteen.ParseDate(date)
				if err != nil {
					return err
				}
				args.Day = day
			}
			var result control.CloseResult
			if err := env.existing(c.Context(), "close", args, &result); err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), result.DaySheets)
			}
			printSheets(c.OutOrStdout(), result)
			return nil
		},
	}
	c.Flags().StringVar(&date, "date", "", "the day, as 2026-10-14 (default: today)")
	c.Flags().BoolVar(&asJSON, "json", false, "print the sheets as JSON")
	return c
}

func printSheets(w io.Writer, r control.CloseResult) {
	fmt.Fprintf(w, "%s: %d schools closed now\n", r.Date, r.Closed)
	if len(r.Sheets) == 0 {
		fmt.Fprintln(w, "no sheet: no service on this day, or schools that have still time")
	}
	for i := range r.Sheets {
		s := &r.Sheets[i]
		fmt.Fprintf(w, "\n%s, version %d, issued %s\n", s.Name, s.Version, s.IssuedAt.Format("15:04:05"))
		for _, row := range s.Rows {
			printCounts(w, row.School+" "+row.Class, row.Counts)
		}
		printCounts(w, "total", s.Totals)
	}
}

func printCounts(w io.Writer, label string, c canteen.Counts) {
	var diets []string
	for code, n := range c.Diets {
		diets = append(diets, fmt.Sprintf("%s %d", code, n))
	}
	slices.Sort(diets)
	fmt.Fprintf(w, "%-16s enrolled %5d  absent %4d  standard %5d  white %3d  staff %3d  total %5d  %s\n",
		label, c.Enrolled, c.Absent, c.Standard, c.White, c.Staff, c.Total, strings.Join(diets, ", "))
}

func checkCommand(env *Env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "prove the numbers: exit 0 and the figures, or 1 and every broken rule",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var report store.Report
			if err := env.existing(c.Context(), "check", control.None{}, &report); err != nil {
				return err
			}
			if asJSON {
				if err := printJSON(c.OutOrStdout(), report); err != nil {
					return err
				}
			} else {
				for _, p := range report.Problems {
					fmt.Fprintln(c.OutOrStdout(), "BROKEN:", p)
				}
				fmt.Fprintf(c.OutOrStdout(), "%d pupils, %d guardians, balances %s €, %d entries, %d days closed, %d problems\n",
					report.Pupils, report.Guardians, report.Balance, report.Entries, report.DaysClosed, len(report.Problems))
			}
			if len(report.Problems) > 0 {
				return ErrFound
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return c
}
