package provider_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const root = "../.."

// pages are the Markdown files that people read, by their paths from the root.
func pages(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "examples/*/README.md", "examples/*/*/README.md"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				t.Fatal(err)
			}
			found[filepath.ToSlash(name)] = string(text)
		}
	}
	if len(found) < 30 {
		t.Fatalf("only %d pages are found", len(found))
	}
	return found
}

var (
	fenced  = regexp.MustCompile("(?ms)^ *```.*?\n *```$")
	links   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	anchor  = regexp.MustCompile(`<a id="([^"]+)">`)
)

// TestLinks follows every link within the repository, to the heading.
func TestLinks(t *testing.T) {
	t.Parallel()
	all := pages(t)
	for page, text := range all {
		for _, link := range links.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			target, err := url.Parse(link[1])
			if err != nil {
				t.Errorf("%s: %s", page, err)
				continue
			}
			if target.IsAbs() {
				continue
			}
			to := page
			if target.Path != "" {
				to = filepath.ToSlash(filepath.Join(filepath.Dir(page), target.Path))
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s: the link %s leads nowhere", page, link[1])
				continue
			}
			if target.Fragment != "" && !slices.Contains(anchors(all[to]), target.Fragment) {
				t.Errorf("%s: the link %s leads to no heading", page, link[1])
			}
		}
	}
}

// anchors are the places of a page that a link may lead to.
func anchors(text string) []string {
	var found []string
	for _, title := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		found = append(found, slug(title[1]))
	}
	for _, named := range anchor.FindAllStringSubmatch(text, -1) {
		found = append(found, named[1])
	}
	return found
}

// slug is the name of a heading in a link.
func slug(title string) string {
	kept := regexp.MustCompile(`[^\pL\pN _-]`).ReplaceAllString(strings.ToLower(title), "")
	return strings.ReplaceAll(kept, " ", "-")
}

// TestTroubleshootingQuotesErrors finds each heading of the guide in a message.
func TestTroubleshootingQuotesErrors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/messages/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var messages strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		unboxed := strings.ReplaceAll(string(text), "│", " ")
		messages.WriteString(strings.Join(strings.Fields(unboxed), " ") + "\n")
	}
	guide := pages(t)["docs/guides/troubleshooting.md"]
	titles := regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(fenced.ReplaceAllString(guide, ""), -1)
	if len(titles) < 15 {
		t.Fatalf("the guide has %d headings", len(titles))
	}
	for _, title := range titles {
		if !strings.Contains(messages.String(), title[1]) {
			t.Errorf("no message says %q", title[1])
		}
	}
}

// TestMarkdown holds the pages that people write to one form.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, pattern := range []string{"*.md", "templates/*.tmpl", "templates/*/*.tmpl", "examples/*/README.md", "examples/*/*/README.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	if len(paths) < 10 {
		t.Fatalf("only %d pages are found", len(paths))
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range markdownFaults(string(text)) {
			t.Errorf("%s: %s", path, fault)
		}
	}
}

// longestLine is as wide as prose is written; tables and links may be wider.
const longestLine = 150

func markdownFaults(text string) []string {
	var faults []string
	if !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") {
		faults = append(faults, "it does not end with one line break")
	}
	code, level, before := false, 0, ""
	for i, line := range strings.Split(text, "\n") {
		report := func(fault string) { faults = append(faults, fmt.Sprintf("line %d: %s", i+1, fault)) }
		trimmed := strings.TrimSpace(line)
		fence := strings.HasPrefix(trimmed, "```")
		depth := len(line) - len(strings.TrimLeft(line, "#"))
		switch {
		case line != strings.TrimRight(line, " \t"):
			report("white space at the end")
		case fence && !code && trimmed == "```":
			report("a block of code does not name its language")
		case code || fence:
		case strings.Contains(line, "\t"):
			report("a tab")
		case line == "" && before == "" && i > 0 && i < strings.Count(text, "\n"):
			report("two empty lines")
		case depth > level+1 && level > 0:
			report("a heading that leaves out a level")
		case depth > 0 && before != "":
			report("no empty line above a heading")
		case utf8.RuneCountInString(line) > longestLine && !strings.Contains(line, "|") && !strings.Contains(line, "]("):
			report("a line too wide to read")
		}
		if fence {
			code = !code
		}
		if depth > 0 && !code {
			level = depth
		}
		before = line
	}
	return faults
}

func TestMarkdownFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"# A\n\n## B\n\nc\n":             "",
		"```sh\n# a\n\n\n\tb\n```\n":     "",
		"a":                              "one line break",
		"a \n":                           "line 1: white space",
		"a\n\n\nb\n":                     "line 3: two empty lines",
		"```\na\n```\n":                  "line 1: a block of code",
		"# A\n\n### B\n":                 "line 3: a heading that leaves out",
		"a\n# B\n":                       "line 2: no empty line",
		"a\tb\n":                         "line 1: a tab",
		strings.Repeat("a ", 80) + "b\n": "line 1: a line too wide",
	} {
		got := strings.Join(markdownFaults(text), "; ")
		if got != want && (want == "" || !strings.Contains(got, want)) {
			t.Errorf("%q: the faults are %q, not %q", text, got, want)
		}
	}
}
