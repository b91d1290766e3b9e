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

// registry is where the index and images link to: relative links do not work there.
const (
	registry   = "https://registry.terraform.io/providers/commpeak/commpeak/latest/docs"
	repository = "https://github.com/commpeak/terraform-provider-commpeak/"
	rawFiles   = "https://raw.githubusercontent.com/commpeak/terraform-provider-commpeak/main/"
)

// inRepository returns the file that a link leads to, and false if the link leads elsewhere.
func inRepository(page string, target *url.URL) (string, bool) {
	fragment := target.Fragment
	target.Fragment = ""
	link := target.String()
	target.Fragment = fragment
	if rest, ok := strings.CutPrefix(link, registry); ok {
		if rest = strings.Trim(rest, "/"); rest == "" {
			rest = "index"
		}
		return "docs/" + rest + ".md", true
	}
	for _, prefix := range []string{repository + "blob/main/", repository + "tree/main/", rawFiles} {
		if rest, ok := strings.CutPrefix(link, prefix); ok {
			return rest, true
		}
	}
	switch {
	case target.IsAbs():
		return "", false
	case target.Path == "":
		return page, true
	}
	return filepath.ToSlash(filepath.Join(filepath.Dir(page), target.Path)), true
}

// TestLinks follows every link to the repository or the registry's pages of the provider, to the heading.
func TestLinks(t *testing.T) {
	t.Parallel()
	all := pages(t)
	for page, text := range all {
		for _, link := range render(text).links {
			target, err := url.Parse(link)
			if err != nil {
				t.Errorf("%s: %s", page, err)
				continue
			}
			to, ok := inRepository(page, target)
			if !ok {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s: the link %s leads nowhere", page, link)
				continue
			}
			if target.Fragment != "" && !slices.Contains(render(all[to]).headings, target.Fragment) {
				t.Errorf("%s: the link %s leads to no heading", page, link)
			}
		}
	}
}

// slug returns the anchor of a heading.
func slug(title string) string {
	kept := regexp.MustCompile(`[^\pL\pN _-]`).ReplaceAllString(strings.ToLower(title), "")
	return strings.ReplaceAll(kept, " ", "-")
}

var (
	quotedError = regexp.MustCompile(`(?m)^\*\*(?:Error|Warning):\*\* (` + "`.+`" + `)$`)
	quoted      = regexp.MustCompile("`([^`]+)`")
)

// TestTroubleshootingQuotesErrors finds each error that the guide quotes in a message. It checks also that messages link only
// to sections that the guide has.
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
	all := pages(t)
	guide := all["docs/guides/troubleshooting.md"]
	checked := 0
	for _, line := range quotedError.FindAllStringSubmatch(guide, -1) {
		for _, words := range quoted.FindAllStringSubmatch(line[1], -1) {
			checked++
			if !strings.Contains(messages.String(), words[1]) {
				t.Errorf("no message contains %q", words[1])
			}
		}
	}
	if checked < 15 {
		t.Errorf("the guide quotes %d messages", checked)
	}
	for _, link := range regexp.MustCompile(regexp.QuoteMeta(registry)+`[^\s)]*`).FindAllString(messages.String(), -1) {
		target, err := url.Parse(strings.TrimRight(link, "."))
		if err != nil {
			t.Fatal(err)
		}
		to, _ := inRepository("", target)
		if page, ok := all[to]; !ok || target.Fragment != "" && !slices.Contains(render(page).headings, target.Fragment) {
			t.Errorf("a message links to %s, which does not exist", link)
		}
	}
}

// TestMarkdown checks the form of the pages that are written by hand.
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
