package simulation_test

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
)

var (
	// seen is how often each fault hit each operation of the provider.
	seen = coverage{hits: map[string]map[string]int{}}
	// met is how often each operation of Terraform met each kind of object.
	met = coverage{hits: map[string]map[string]int{}}
)

type coverage struct {
	mu   sync.Mutex
	hits map[string]map[string]int
}

func (c *coverage) count(fault, operation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hits[operation] == nil {
		c.hits[operation] = map[string]int{}
	}
	c.hits[operation][fault]++
}

// print writes the table: a line for each operation, a column for each fault.
func (c *coverage) print(w io.Writer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	table := tabwriter.NewWriter(w, 0, 0, 1, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\t")
	for i := range faults() {
		fmt.Fprintf(table, "%d\t", i+1)
	}
	fmt.Fprintln(table)
	for _, operation := range slices.Sorted(maps.Keys(c.hits)) {
		fmt.Fprintf(table, "%s\t", operation)
		for _, f := range faults() {
			fmt.Fprintf(table, "%d\t", c.hits[operation][f.name])
		}
		fmt.Fprintln(table)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for i, f := range faults() {
		fmt.Fprintf(w, "%3d %s\n", i+1, f.name)
	}
	return nil
}

// printKinds writes a line for each operation of Terraform, and a column for each
// kind of object.
func (c *coverage) printKinds(w io.Writer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	kinds := []string{streamType, eventType, webhookType, entryType, wholeType, tokenType}
	table := tabwriter.NewWriter(w, 0, 0, 1, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\t"+strings.Join(kinds, "\t")+"\t")
	for _, operation := range slices.Sorted(maps.Keys(c.hits)) {
		fmt.Fprintf(table, "%s\t", operation)
		for _, kind := range kinds {
			fmt.Fprintf(table, "%d\t", c.hits[operation][kind])
		}
		fmt.Fprintln(table)
	}
	return table.Flush()
}
