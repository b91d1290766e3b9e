package provider_test

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
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
	fenced  = regexp.MustCompile("(?ms)^[ ]*```.*?^[ ]*```$")
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
