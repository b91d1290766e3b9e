//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// note adds a line to the summary.
func (d *demo) note(label, format string, args ...any) {
	d.notes = append(d.notes, fmt.Sprintf("%-10s %s", label+":", fmt.Sprintf(format, args...)))
}

func (d *demo) summarize() {
	d.heading("Summary")
	for _, note := range d.notes {
		d.say("%s", note)
	}
	d.say("")
	if !d.verbose {
		d.say("`VERBOSE=1 make demo` shows everything that %s prints.", d.cli.Name)
	}
	d.say("`make play` starts an account for a configuration of your own.")
}

// managedResources returns how many resources a state has, and their types.
func managedResources(state []byte) (number int, types string, err error) {
	var document struct {
		Resources []struct {
			Mode, Type string
			Instances  []json.RawMessage
		}
	}
	if err := json.Unmarshal(state, &document); err != nil {
		return 0, "", fmt.Errorf("read the state: %w", err)
	}
	counts := map[string]int{}
	for _, resource := range document.Resources {
		if resource.Mode == "managed" {
			counts[strings.TrimPrefix(resource.Type, "commpeak_")] += len(resource.Instances)
			number += len(resource.Instances)
		}
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
	}
	return number, strings.Join(parts, ", "), nil
}
