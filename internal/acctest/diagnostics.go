package acctest

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Errors are the diagnostics that are errors.
func Errors(all []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	return ofSeverity(all, tfprotov6.DiagnosticSeverityError)
}

// Warnings are the diagnostics that are warnings.
func Warnings(all []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	return ofSeverity(all, tfprotov6.DiagnosticSeverityWarning)
}

func ofSeverity(all []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity) []*tfprotov6.Diagnostic {
	var some []*tfprotov6.Diagnostic
	for _, diagnostic := range all {
		if diagnostic.Severity == severity {
			some = append(some, diagnostic)
		}
	}
	return some
}

// Texts writes each diagnostic as "at attribute.path: summary: detail".
func Texts(diagnostics []*tfprotov6.Diagnostic) []string {
	var texts []string
	for _, d := range diagnostics {
		text := d.Summary + ": " + d.Detail
		if d.Attribute != nil {
			text = "at " + attributeName(d) + ": " + text
		}
		texts = append(texts, text)
	}
	return texts
}

// attributeName is the dotted name of the attribute that a diagnostic is on.
func attributeName(d *tfprotov6.Diagnostic) string {
	path := d.Attribute.String()
	path = strings.ReplaceAll(path, `AttributeName("`, "")
	return strings.ReplaceAll(path, `")`, "")
}

// Expect demands exactly one diagnostic that holds all of these words.
func Expect(tb testing.TB, diagnostics []*tfprotov6.Diagnostic, words ...string) {
	tb.Helper()
	texts := Texts(diagnostics)
	if len(texts) != 1 {
		tb.Fatalf("%d diagnostics, not one: %q", len(texts), texts)
	}
	for _, word := range words {
		if !strings.Contains(texts[0], word) {
			tb.Errorf("the diagnostic does not say %q: %s", word, texts[0])
		}
	}
}

// ExpectNone demands that there is no diagnostic.
func ExpectNone(tb testing.TB, diagnostics []*tfprotov6.Diagnostic) {
	tb.Helper()
	if texts := Texts(diagnostics); len(texts) > 0 {
		tb.Fatalf("unexpected: %q", texts)
	}
}
