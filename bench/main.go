// Command bench measures what performance.md promises, as ratios to the least
// work on raw bbolt in the same run, pair by pair, so that a machine whose
// speed drifts says the same. It prints one table.
//
//	go run ./bench [-pupils 1500,20000,100000] [-pairs 9] [-dir DIR]
//	go run ./bench -parts logins [-logins 2000] [-over 5m]
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	sizes := flag.String("pupils", "1500,20000,100000", "towns to close")
	pairs := flag.Int("pairs", 9, "pairs of days per town")
	dir := flag.String("dir", "", "where the files go (default: a temporary folder)")
	parts := flag.String("parts", "close,memory,cancel,others,backup,year", "what to measure")
	whose := flag.String("alone", "", "only close one day of a file in -dir, and print the peak memory: ours or raw")
	day := flag.String("day", "", "that day")
	families := flag.Int("logins", 2000, "families that log in, in the part logins")
	over := flag.Duration("over", 5*time.Minute, "how long their logins take to come, ever more of them")
	flag.Parse()
	var err error
	if *whose != "" {
		err = alone(*dir, *whose, *day)
	} else if *parts == "logins" {
		err = inFolder(*dir, func(dir string) error { return logins(dir, *families, *over) })
	} else {
		err = run(*sizes, *pairs, *dir, *parts)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// inFolder runs a part in a folder, a temporary one when none is named.
func inFolder(dir string, do func(dir string) error) (err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "refettorio-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	return do(dir)
}

func run(sizes string, pairs int, dir, parts string) (err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "refettorio-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	fmt.Printf("%s, %d processors, %s\n\n", runtime.Version(), runtime.NumCPU(), time.Now().Format("2006-01-02"))
	fmt.Println("| work | ours | raw bbolt | ratio (median of pairs) | min … max |")
	fmt.Println("|---|---|---|---|---|")
	does := func(part string) bool { return slices.Contains(strings.Split(parts, ","), part) }
	for _, word := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(word)
		if err != nil {
			return err
		}
		folder := filepath.Join(dir, word)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		if does("close") || does("memory") || does("others") || does("backup") {
			if err := closes(folder, n, pairs, does); err != nil {
				return fmt.Errorf("%d pupils: %w", n, err)
			}
		}
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
	}
	if does("cancel") {
		if err := cancellations(dir); err != nil {
			return err
		}
	}
	if does("year") {
		return year(dir)
	}
	return nil
}

// row prints a line of the table from times measured in pairs.
func row(what string, ours, raw []time.Duration) {
	ratios := make([]float64, len(ours))
	for i := range ours {
		ratios[i] = ours[i].Seconds() / raw[i].Seconds()
	}
	slices.Sort(ratios)
	fmt.Printf("| %s | %s | %s | %.2f | %.2f … %.2f |\n", what, short(median(ours)), short(median(raw)),
		ratios[len(ratios)/2], ratios[0], ratios[len(ratios)-1])
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

func short(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1e3)
	}
	return fmt.Sprintf("%.0f µs", d.Seconds()*1e6)
}

// closes measures the close of a day, ours and raw in turn.
func closes(dir string, n, pairs int, does func(string) bool) error {
	ours, err := openOurs(dir, n)
	if err != nil {
		return err
	}
	defer ours.Close()
	raw, err := openRaw(filepath.Join(dir, "raw.db"), n)
	if err != nil {
		return err
	}
	defer raw.db.Close()
	var a, b []time.Duration
	for i := range pairs {
		if err := ours.nextDay(); err != nil {
			return err
		}
		if err := ours.absences(); err != nil {
			return err
		}
		if err := raw.absences(uint32(i + 1)); err != nil {
			return err
		}
		one := func() error { return timed(&a, ours.close) }
		two := func() error { return timed(&b, func() error { return raw.close(uint32(i+1), 10_000) }) }
		if i%2 == 1 {
			one, two = two, one
		}
		if err := one(); err != nil {
			return err
		}
		if err := two(); err != nil {
			return err
		}
	}
	if does("close") {
		row(fmt.Sprintf("close of %d pupils", n), a, b)
	}
	if does("others") {
		if err := others(ours); err != nil {
			return err
		}
	}
	if does("backup") {
		if err := backups(ours, dir); err != nil {
			return err
		}
	}
	if does("memory") {
		return memory(dir, ours, raw, uint32(pairs+1))
	}
	return nil
}

func timed(into *[]time.Duration, do func() error) error {
	start := time.Now()
	err := do()
	*into = append(*into, time.Since(start))
	return err
}
