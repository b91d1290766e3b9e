package provider_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// rendered is a page as a Markdown renderer understands it.
type rendered struct {
	description string
	titles      []string // headings of level 1
	headings    []string
	links       []string // targets of links and images
	code        []string // contents of fenced blocks
	faults      []string
}

var (
	frontMatter = regexp.MustCompile(`(?s)\A---\n(.*?)\n---\n`)
	described   = regexp.MustCompile(`(?s)\ndescription: \|-\n(.*)\z`)
	htmlAnchor  = regexp.MustCompile(`<a id="([^"]+)">`)
	// strayCode is how a paragraph begins that was meant to be code.
	strayCode = regexp.MustCompile("^(```|(resource|data|provider|variable|output|module|list|action|ephemeral) \"|terraform \\{|export [A-Z])")
)

// nestedFence is a fence that did not end the block of code before it.
var nestedFence = regexp.MustCompile("(?m)^ *```")

func render(page string) rendered {
	var r rendered
	if front := frontMatter.FindStringSubmatch(page); front != nil {
		page = page[len(front[0]):]
		if found := described.FindStringSubmatch("\n" + front[1]); found != nil {
			r.description = strings.TrimSpace(found[1])
		}
	}
	source := []byte(page)
	tree := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	err := ast.Walk(tree, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			r.add(node, source)
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		r.faults = append(r.faults, err.Error())
	}
	for _, named := range htmlAnchor.FindAllStringSubmatch(page, -1) {
		r.headings = append(r.headings, named[1])
	}
	return r
}

func (r *rendered) add(node ast.Node, source []byte) {
	fault := func(format string, args ...any) { r.faults = append(r.faults, fmt.Sprintf(format, args...)) }
	switch node := node.(type) {
	case *ast.Heading:
		title := raw(node, source)
		if node.Level == 1 {
			r.titles = append(r.titles, title)
		}
		r.headings = append(r.headings, slug(title))
		if strayCode.MatchString(title) {
			fault("the heading %q is code", title)
		}
	case *ast.Paragraph, *ast.TextBlock:
		if content := raw(node, source); strayCode.MatchString(content) {
			fault("a paragraph is code outside of a fence: %.60s", content)
		}
	case *ast.CodeBlock:
		fault("an indented block of code: %.60s", raw(node, source))
	case *ast.FencedCodeBlock:
		content := raw(node, source)
		r.code = append(r.code, content)
		switch {
		case strings.TrimSpace(content) == "":
			fault("an empty block of code")
		case nestedFence.MatchString(content):
			fault("a fence inside a block of code: %.60s", content)
		}
	case *ast.Link:
		r.links = append(r.links, string(node.Destination))
	case *ast.Image:
		r.links = append(r.links, string(node.Destination))
	}
}

// raw returns the source lines of a block.
func raw(node ast.Node, source []byte) string {
	return string(node.Lines().Value(source))
}

// longestDescription is what search results show of a page.
const longestDescription = 160

// TestDocsRender renders every page of docs/ as the registry does.
func TestDocsRender(t *testing.T) {
	t.Parallel()
	for name, page := range pages(t) {
		r := render(page)
		faults := r.faults
		if len(r.titles) != 1 {
			faults = append(faults, fmt.Sprintf("the headings of level 1 are %q, not exactly one", r.titles))
		}
		if strings.HasPrefix(name, "docs/") {
			faults = append(faults, registryFaults(name, r)...)
		}
		for _, fault := range faults {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// registryFaults are faults of a page that matter in the registry only.
func registryFaults(name string, r rendered) []string {
	var faults []string
	if length := utf8.RuneCountInString(r.description); length == 0 || length > longestDescription {
		faults = append(faults, fmt.Sprintf("the description has %d characters, not 1 to %d: %s", length, longestDescription, r.description))
	}
	// The registry serves the index below a different path, and does not serve files.
	for _, link := range r.links {
		relative := !strings.Contains(link, "://") && !strings.HasPrefix(link, "#")
		if relative && (name == "docs/index.md" || !strings.Contains(link, ".md")) {
			faults = append(faults, "the registry cannot follow the relative link "+link)
		}
	}
	return faults
}

// TestObjectPagesHaveOneStructure finds the same sections, in the same order, on the page of every object that calls the API.
func TestObjectPagesHaveOneStructure(t *testing.T) {
	t.Parallel()
	order := []string{"example-usage", "schema", "import", "notes", "api-calls"}
	checked := 0
	for name, page := range pages(t) {
		kind, _, _ := strings.Cut(strings.TrimPrefix(name, "docs/"), "/")
		required := []string{"example-usage", "schema", "api-calls"}
		switch kind {
		case "resources":
			required = []string{"example-usage", "schema", "import", "api-calls"}
		case "data-sources", "actions", "ephemeral-resources", "list-resources":
		default:
			continue
		}
		checked++
		var found []string
		for _, heading := range render(page).headings {
			if slices.Contains(order, heading) {
				found = append(found, heading)
			}
		}
		if !slices.IsSortedFunc(found, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) }) {
			t.Errorf("%s: the sections are in the order %q", name, found)
		}
		for _, section := range required {
			if !slices.Contains(found, section) {
				t.Errorf("%s: the section %q is missing", name, section)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d pages are checked", checked)
	}
}

func TestRenderFaults(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		"# A\n\n```sh\na\n```\n":                              "",
		"# A\n\n- b\n\n  ```sh\n  a\n  ```\n":                 "",
		"# A\n\n1. b\n\n   ```terraform\nprovider \"c\" {}\n": "an empty block of code; a paragraph is code outside of a fence: provider \"c\"",
		"# A\n\nresource \"a\" \"b\" {\n":                     "a paragraph is code",
		"# A\n\n    terraform init\n":                         "an indented block of code",
		"# A\n\n- b\n\n  export KEY=1\n":                      "a paragraph is code",
	} {
		if got := strings.Join(render(page).faults, "; "); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%q: the faults are %q, not %q", page, got, want)
		}
	}
	r := render("---\ndescription: |-\n  Short.\n---\n\n# A `b`\n\n[c](d.md) ![e](f.svg) <https://g>\n")
	if r.description != "Short." || !slices.Equal(r.titles, []string{"A `b`"}) || !slices.Equal(r.links, []string{"d.md", "f.svg"}) {
		t.Errorf("the page is read as %+v", r)
	}
	if got := registryFaults("docs/index.md", r); len(got) != 2 {
		t.Errorf("the faults of the index are %q", got)
	}
	if got := registryFaults("docs/guides/a.md", r); len(got) != 1 || !strings.Contains(got[0], "f.svg") {
		t.Errorf("the faults of a guide are %q", got)
	}
}
