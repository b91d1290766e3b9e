package main

import (
	"strings"
	"testing"
)

const changelog = `# Changelog

## Unreleased

### Added

- Not released yet.

## 0.2.0 (2026-12-24)

### Added

- One line.
- An item that is long and
  continues here,
  and here.
  - A nested item.

### Fixed

- A bug.

## [0.1.1] - 2026-12-01

- The last fix.

## 0.1.0 (2026-11-30)
`

func TestNotesAreTheSectionOfTheVersion(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"0.2.0": "### Added\n\n- One line.\n- An item that is long and continues here, and here.\n  - A nested item.\n\n" +
			"### Fixed\n\n- A bug.\n",
		"0.1.1": "- The last fix.\n",
	} {
		notes, err := section(changelog, version)
		if err != nil {
			t.Fatal(err)
		}
		if notes != want {
			t.Errorf("the notes of %s are %q, want %q", version, notes, want)
		}
	}
}

func TestNoSectionMeansNoRelease(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"0.3.0": `CHANGELOG.md has no section for 0.3.0. Nothing was released. Replace its heading "Unreleased" with "0.3.0 (DATE)"`,
		"0.2":   "CHANGELOG.md has no section for 0.2.",
		"0.1.0": "the section for 0.1.0 in CHANGELOG.md is empty. Nothing was released.",
	} {
		notes, err := section(changelog, version)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: notes %q and error %v, want an error that begins with %q", version, notes, err, want)
		}
	}
}
