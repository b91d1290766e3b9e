package simulation_test

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"text/tabwriter"
)

// seen is how often each fault hit each operation.
var seen = coverage{hits: map[string]map[string]int{}}

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
