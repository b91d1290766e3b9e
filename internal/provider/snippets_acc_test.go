package provider_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// snippet is a configuration that stands in a page.
var snippet = regexp.MustCompile("(?ms)^ *```terraform\n(.*?\n) *```$")

// requirements tell where the provider comes from.
const requirements = `terraform {
  required_providers {
    commpeak = { source = "commpeak/commpeak" }
  }
}
`

// TestAccSnippets validates every configuration that is written in a page. Those
// that are files of the examples have tests of their own.
func TestAccSnippets(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorkspace(t, acctest.NewAccount(t))
	files := exampleFiles(t)
	number := 0
	for page, text := range pages(t) {
		for _, found := range snippet.FindAllStringSubmatch(text, -1) {
			if files[strings.TrimSpace(found[1])] {
				continue
			}
			number++
			name := fmt.Sprintf("snippet%d", number)
			if err := os.Mkdir(filepath.Join(w.Dir, name), 0o700); err != nil {
				t.Fatal(err)
			}
			w.Write(filepath.Join(name, "main.tf"), found[1])
			if !strings.Contains(found[1], "required_providers") {
				w.Write(filepath.Join(name, "versions.tf"), requirements)
			}
			if said, err := w.Try("-chdir="+name, "validate"); err != nil {
				t.Errorf("%s: %s\n%s", page, found[1], said)
			}
		}
	}
	if said, err := w.Try("fmt", "-check", "-diff", "-recursive"); err != nil {
		t.Errorf("terraform fmt would change snippets:\n%s", said)
	}
	if number < 8 {
		t.Errorf("only %d snippets are found", number)
	}
}

// exampleFiles are the texts of the examples, without what a CLI installed there.
func exampleFiles(t *testing.T) map[string]bool {
	t.Helper()
	texts := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err == nil && entry.Name() == ".terraform":
			return fs.SkipDir
		case err != nil || entry.IsDir():
			return err
		}
		text, err := os.ReadFile(path)
		texts[strings.TrimSpace(string(text))] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
