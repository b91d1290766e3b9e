// Command releasenotes prints the notes of a release: the section of CHANGELOG.md for its version.
package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "Usage: releasenotes VERSION")
		os.Exit(2)
	}
	changelog, err := os.ReadFile("CHANGELOG.md")
	if err == nil {
		var notes string
		if notes, err = section(string(changelog), strings.TrimPrefix(os.Args[1], "v")); err == nil {
			fmt.Print(notes)
			return
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// wrapped matches the line break in a list item. GitHub shows line breaks in release notes, so each item must be one line.
var wrapped = regexp.MustCompile(`\n {2,}([^\s-])`)

// section returns the text below the heading of the version, which may have brackets around it and a date after it.
func section(changelog, version string) (string, error) {
	var notes strings.Builder
	found := false
	for line := range strings.Lines(changelog) {
		heading, isHeading := strings.CutPrefix(line, "## ")
		switch {
		case isHeading && found:
			return finish(notes.String(), version)
		case isHeading:
			name, _, _ := strings.Cut(strings.TrimSpace(heading), " ")
			found = strings.Trim(name, "[]") == version
		case found:
			notes.WriteString(line)
		}
	}
	if !found {
		return "", fmt.Errorf("CHANGELOG.md has no section for %[1]s. Nothing was released. "+
			"Replace its heading \"Unreleased\" with \"%[1]s (DATE)\", commit, and tag that commit", version)
	}
	return finish(notes.String(), version)
}

func finish(notes, version string) (string, error) {
	notes = strings.TrimSpace(notes)
	if notes == "" {
		return "", fmt.Errorf("the section for %s in CHANGELOG.md is empty. Nothing was released. "+
			"Describe the release there, commit, and tag that commit", version)
	}
	return wrapped.ReplaceAllString(notes, " $1") + "\n", nil
}
