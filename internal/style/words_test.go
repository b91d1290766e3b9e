// Package style checks the words of everything that people read in this
// repository: documentation, comments, messages and test output.
package style

import (
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// word is a word that we avoid, and what to write instead.
type word struct {
	pattern *regexp.Regexp
	instead string
}

// words compiles patterns and what to write instead.
func words(patterns map[string]string) []word {
	var all []word
	for pattern, instead := range patterns {
		all = append(all, word{regexp.MustCompile(`(?i)\b(` + pattern + `)\b`), instead})
	}
	return all
}

// stiffWords are avoided everywhere.
var stiffWords = words(map[string]string{
	`whoever|somebody|nobody|everybody|anybody`: "you, or a role, for example senders",
	`shall|ought to`:                   "must or should",
	`mend|mends|mending|mended`:        "fix",
	`anew|once more`:                   "again",
	`beside|besides`:                   "in addition to",
	`living|dead`:                      "current, or no longer valid",
	`the service`:                      "CommPeak or the API",
	`is no part of|is none of`:         "a negated verb",
	`rests on documented|rests on ass`: "uses documented or assumed calls",
	`is told|are told|told of|tells of|told by|heeds?|ails`: "returns, reports, shows",
})

// pageWords are avoided in documentation in addition to [stiffWords].
var pageWords = words(map[string]string{`such as`: "for example"})

// id matches an ID in prose, but not a field of a form or a template, nor an anchor.
var id = regexp.MustCompile(`(^|[^.\w])[Ii]ds?\b[^:}=]`)

var (
	codeSpan   = regexp.MustCompile("`[^`\n]*`")
	codeFences = regexp.MustCompile("(?ms)^ *```.*?\n *```$")
	// comment matches a comment or a description in Terraform's language.
	comment = regexp.MustCompile(`(?m)^\s*#.*$|description\s*= ".*"$`)
)

func faultsOf(prose string, words []word) []string {
	var faults []string
	for _, word := range words {
		if found := word.pattern.FindString(prose); found != "" {
			faults = append(faults, fmt.Sprintf("%q: write %s", found, word.instead))
		}
	}
	return faults
}

// faultsOfPage checks Markdown outside code.
func faultsOfPage(page string) []string {
	prose := codeSpan.ReplaceAllString(codeFences.ReplaceAllString(page, ""), "")
	faults := append(faultsOf(prose, stiffWords), faultsOf(prose, pageWords)...)
	if found := id.FindString(prose); found != "" {
		faults = append(faults, fmt.Sprintf("%q: write ID", found))
	}
	return faults
}

// faultsOfGo checks the comments and string literals of a Go file.
func faultsOfGo(name string, source []byte) []string {
	var (
		faults  []string
		scan    scanner.Scanner
		fileSet = token.NewFileSet()
	)
	scan.Init(fileSet.AddFile(name, -1, len(source)), source, nil, scanner.ScanComments)
	for {
		position, kind, text := scan.Scan()
		switch kind {
		case token.EOF:
			return faults
		case token.STRING:
			if unquoted, err := strconv.Unquote(text); err == nil {
				text = unquoted
			}
		case token.COMMENT:
		default:
			continue
		}
		for _, fault := range faultsOf(text, stiffWords) {
			faults = append(faults, fmt.Sprintf("line %d: %s", fileSet.Position(position).Line, fault))
		}
	}
}

// files calls check with the content of each file below the root that git would track.
func files(t *testing.T, check func(path string, content []byte) []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == ".git" || name == ".bin" || name == ".terraform" || name == "testdata" && !strings.Contains(path, "provider") {
				return fs.SkipDir
			}
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, fault := range check(path, content) {
			t.Errorf("%s: %s", strings.TrimPrefix(path, root+"/"), fault)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPlainWords finds words that our style rules out.
func TestPlainWords(t *testing.T) {
	t.Parallel()
	files(t, func(path string, content []byte) []string {
		switch {
		case strings.HasPrefix(path, root+"/internal/style/"):
		case strings.HasSuffix(path, ".go"):
			return faultsOfGo(path, content)
		case strings.HasSuffix(path, ".md"), strings.HasSuffix(path, ".tmpl"), strings.Contains(path, "ISSUE_TEMPLATE/"):
			return faultsOfPage(string(content))
		case strings.HasSuffix(path, ".tf"), strings.HasSuffix(path, ".hcl"):
			return faultsOfPage(strings.Join(comment.FindAllString(string(content), -1), "\n"))
		case strings.HasSuffix(path, ".yml"), strings.HasSuffix(path, "GNUmakefile"), strings.Contains(path, "/testdata/messages/"):
			return faultsOf(string(content), stiffWords)
		}
		return nil
	})
}

// TestFaults shows what is found and what is not.
func TestFaults(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]bool{
		"Whoever sends.\n": true, "The service\n": true, "the id of a stream\n": true, "The ID of a stream, see `the service`.\n": false, "- id: what\n": false,
	} {
		if got := len(faultsOfPage(page)) > 0; got != want {
			t.Errorf("%q: a fault is found: %t", page, got)
		}
	}
	source := "package a\n\n// b is for whoever reads it.\nconst b = \"nobody\" + `beside`\n\nvar nobody = 1\n"
	if got := len(faultsOfGo("a.go", []byte(source))); got != 3 {
		t.Errorf("%d faults are found in the Go file, not 3", got)
	}
}
