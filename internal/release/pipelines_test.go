package release_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A tag of an action can be moved to other code. A commit cannot. The version in the comment is for readers and for Dependabot.
func TestActionsArePinnedByCommit(t *testing.T) {
	t.Parallel()
	uses := regexp.MustCompile(`(?m)^\s*(?:- )?uses: (.*)$`)
	pinned := regexp.MustCompile(`^(?:\./\S+|[\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$`)
	found := 0
	for _, dir := range []string{"../../.github", "../../examples", "../../templates"} {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, match := range uses.FindAllStringSubmatch(string(text), -1) {
				found++
				if !pinned.MatchString(match[1]) {
					t.Errorf("%s: %q is not pinned as OWNER/NAME@COMMIT # vX.Y.Z", path, match[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found == 0 {
		t.Error("no action was found")
	}
}

// A tool directive makes its module an indirect requirement, which Dependabot updates only if the module is listed.
func TestDependabotUpdatesEachTool(t *testing.T) {
	t.Parallel()
	config, err := os.ReadFile("../../.github/dependabot.yml")
	if err != nil {
		t.Fatal(err)
	}
	modules, err := filepath.Glob("../../tools/*/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	tool := regexp.MustCompile(`(?m)^tool (\S+)$`)
	for _, module := range modules {
		text, err := os.ReadFile(module)
		if err != nil {
			t.Fatal(err)
		}
		match := tool.FindStringSubmatch(string(text))
		if match == nil {
			t.Errorf("%s has no tool directive", module)
			continue
		}
		// The module is what go.mod requires; the tool can be a package in it.
		name := match[1]
		for !strings.Contains(string(text), "\t"+name+" v") && strings.Contains(name, "/") {
			name = name[:strings.LastIndex(name, "/")]
		}
		if !strings.Contains(string(config), "dependency-name: "+name+"\n        dependency-type: all\n") {
			t.Errorf(".github/dependabot.yml does not allow updates of %s", name)
		}
	}
}

func TestPipelinesCallTargetsThatExist(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../GNUmakefile")
	if err != nil {
		t.Fatal(err)
	}
	workflows, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`(?m)run: .*?\bmake (\S+)`)
	found := 0
	for _, workflow := range workflows {
		text, err := os.ReadFile(workflow)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range call.FindAllStringSubmatch(string(text), -1) {
			found++
			if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(match[1]) + `:`).Match(makefile) {
				t.Errorf("%s calls make %s, which GNUmakefile does not have", workflow, match[1])
			}
		}
	}
	if found == 0 {
		t.Error("no call of make was found")
	}
}
