package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// errBar says that a measurement is beyond what the provider is held to.
var errBar = errors.New("beyond the bar")

// ratio is how long a plan took in relation to the provider that sends no requests.
func (r result) ratio(variant string) float64 {
	return r.plans[variant].time.Seconds() / r.plans[idle].time.Seconds()
}

// beyond says which bars a scenario misses.
func (r result) beyond(latency time.Duration) []string {
	var misses []string
	miss := func(isMissed bool, format string, args ...any) {
		if isMissed {
			misses = append(misses, r.name+": "+fmt.Sprintf(format, args...))
		}
	}
	plan := r.plans[shared]
	bar := r.plans[idle].time*115/100 + time.Duration(r.trips)*latency
	miss(plan.time > bar, "a plan took %s, beyond %s", plan.time.Round(time.Millisecond), bar.Round(time.Millisecond))
	miss(plan.total() > r.requests, "a plan made %d requests, beyond %d", plan.total(), r.requests)
	miss(plan.memory > 150<<20, "the provider had %d MiB, beyond 150", plan.memory>>20)
	patches := r.applies[create].requests["PATCH /streams/{id}"]
	miss(patches > r.patches, "creating made %d PATCHes, beyond %d", patches, r.patches)
	for _, step := range r.steps() {
		made := r.applies[step].requests
		for pattern, number := range r.writes(step) {
			miss(made[pattern] != number, "%s made %d × %s, not %d", step, made[pattern], pattern, number)
		}
	}
	return misses
}

// report prints the tables, draws the plot, and fails where a bar is missed.
func report(ctx context.Context, set settings, results []result, crowds []crowd, variants []variant) error {
	var text strings.Builder
	tables(&text, set, results, variants)
	for _, c := range crowds {
		fmt.Fprintf(&text, "\n%s", c)
	}
	if err := startTable(ctx, &text, variants); err != nil {
		return err
	}
	fmt.Print(text.String())
	if set.table != "" {
		if err := os.WriteFile(set.table, []byte(text.String()), 0o644); err != nil { //nolint:gosec // it is there to be read.
			return err
		}
	}
	if set.plot != "" {
		if err := os.WriteFile(set.plot, []byte(plot(results, set.latency)), 0o644); err != nil { //nolint:gosec // as above.
			return err
		}
	}
	var misses []string
	for _, r := range results {
		misses = append(misses, r.beyond(set.latency)...)
	}
	for _, c := range crowds {
		misses = append(misses, c.beyond()...)
	}
	if len(misses) > 0 {
		return fmt.Errorf("%w:\n  %s", errBar, strings.Join(misses, "\n  "))
	}
	return nil
}

// kinds are the requests of a command by kind, the most frequent first.
func (c cost) kinds() string {
	patterns := slices.SortedFunc(maps.Keys(c.requests), func(a, b string) int {
		return cmp.Or(c.requests[b]-c.requests[a], strings.Compare(a, b))
	})
	var kinds []string
	for _, pattern := range patterns {
		kinds = append(kinds, fmt.Sprintf("%d × %s", c.requests[pattern], pattern))
	}
	return cmp.Or(strings.Join(kinds, ", "), "none")
}

// tables is for people; no word of the machine, whose times differ.
func tables(out io.Writer, set settings, results []result, variants []variant) {
	fmt.Fprintf(out, "A plan, on a service that takes %s to answer\n\n", set.latency)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "Managed\tProvider\tTime\tRatio\tMemory\tRequests")
	for _, r := range results {
		for _, v := range variants {
			plan := r.plans[v.name]
			fmt.Fprintf(table, "%s\t%s\t%.1f s\t%.2f\t%d MiB\t%s\n", r.name, v.name, plan.time.Seconds(), r.ratio(v.name), plan.memory>>20, plan.kinds())
		}
	}
	_ = table.Flush() // it writes to memory.

	fmt.Fprint(out, "\nAn apply, on the same service\n\n")
	fmt.Fprintln(table, "Managed\tWhat\tTime\tRequests")
	for _, r := range results {
		for _, step := range r.steps() {
			fmt.Fprintf(table, "%s\t%s\t%.1f s\t%s\n", r.name, step, r.applies[step].time.Seconds(), r.applies[step].kinds())
		}
	}
	_ = table.Flush()
}

func startTable(ctx context.Context, out io.Writer, variants []variant) error {
	fmt.Fprint(out, "\nBefore the first question\n\n")
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "Provider\tReady after\tProgram\tMemory")
	for _, v := range variants {
		if v.name == single {
			continue
		}
		s, err := startUp(ctx, v.program)
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%s\t%d ms\t%d MiB\t%d MiB\n", v.name, s.handshake.Milliseconds(), s.size>>20, s.memory>>20)
	}
	return table.Flush()
}
