package release_test

import (
	"go/version"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The pipelines install the toolchain that the root's go.mod names, and forbid Go to download a newer one.
func TestToolsBuildWithTheToolchainOfTheRoot(t *testing.T) {
	t.Parallel()
	root := goVersions(t, "../../go.mod")["toolchain"]
	if root == "" {
		t.Fatal("go.mod has no toolchain line")
	}
	modules, err := filepath.Glob("../../tools/*/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if len(modules) == 0 {
		t.Fatal("there are no modules in tools/")
	}
	for _, module := range modules {
		for line, needed := range goVersions(t, module) {
			if version.Compare(needed, root) > 0 {
				t.Errorf("%s needs %s (%s line), but the toolchain of the root's go.mod is %s: raise the toolchain", module, needed, line, root)
			}
		}
	}
}

var goLine = regexp.MustCompile(`(?m)^(?:(go) |(toolchain) go)(\d\S*)$`)

// goVersions returns the versions in a go.mod, by the name of their line: go or toolchain.
func goVersions(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for _, line := range goLine.FindAllStringSubmatch(string(text), -1) {
		versions[line[1]+line[2]] = "go" + line[3]
	}
	if versions["go"] == "" {
		t.Errorf("%s has no go line", path)
	}
	return versions
}
