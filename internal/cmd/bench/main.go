// Command bench measures what a plan costs: it drives the real CLI over
// generated configurations, against a mock server that answers slowly, and
// compares the provider with two others in the same run: one that sends no requests, and one that
// sends one GET for each object.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// settings say what to measure.
type settings struct {
	root    string
	cli     string
	latency time.Duration
	rate    float64
	runs    int
	only    *regexp.Regexp
	table   string
	plot    string
}

func main() {
	var set settings
	only := ""
	flag.StringVar(&set.root, "root", ".", "folder of the project")
	flag.StringVar(&set.cli, "cli", ".bin/terraform", "the Terraform or OpenTofu to drive")
	flag.DurationVar(&set.latency, "latency", 50*time.Millisecond, "how long the API takes to answer")
	flag.Float64Var(&set.rate, "rate", 0, "requests a second that the API admits; 0 for any number")
	flag.IntVar(&set.runs, "runs", 3, "how often each plan of up to 1,000 objects is measured; the fastest counts")
	flag.StringVar(&only, "only", ".", "regular expression: which scenarios")
	flag.StringVar(&set.table, "table", "", "file for the table, in addition to the standard output")
	flag.StringVar(&set.plot, "plot", "", "file for the plot, an SVG")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := bench(ctx, set, only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to clean up.
	}
}

func bench(ctx context.Context, set settings, only string) error {
	var err error
	if set.only, err = regexp.Compile(only); err != nil {
		return err
	}
	if set.cli, err = filepath.Abs(set.cli); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "commpeak-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	variants, err := buildVariants(ctx, set.root, dir)
	if err != nil {
		return err
	}
	var results []result
	for _, s := range scenarios {
		if !set.only.MatchString(s.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s …\n", s.name)
		measured, err := measure(ctx, set, s, variants, dir)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		results = append(results, measured)
	}
	var crowds []crowd
	for _, v := range variants {
		if v.name != shared || !set.only.MatchString(crowded.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s …\n", crowded.name)
		measured, err := measureCrowd(ctx, set, v, dir)
		if err != nil {
			return fmt.Errorf("%s: %w", crowded.name, err)
		}
		crowds = append(crowds, measured)
	}
	return report(ctx, set, results, crowds, variants)
}
