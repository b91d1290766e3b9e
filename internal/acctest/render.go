package acctest

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/mitchellh/go-wordwrap"
)

// Render writes diagnostics on an object as the terminal shows them, apart from
// the lines of the configuration that Terraform quotes.
func Render(address string, diagnostics []*tfprotov6.Diagnostic) string {
	var out strings.Builder
	for _, d := range diagnostics {
		out.WriteString(renderOne(address, d))
	}
	return out.String()
}

func renderOne(address string, d *tfprotov6.Diagnostic) string {
	kind := "Error"
	if d.Severity == tfprotov6.DiagnosticSeverityWarning {
		kind = "Warning"
	}
	where := "  with " + address
	if d.Attribute != nil {
		where += ", at " + attributeName(d)
	}
	var out strings.Builder
	out.WriteString("╷\n")
	for line := range strings.SplitSeq(kind+": "+d.Summary+"\n\n"+where+"\n\n"+wrap(d.Detail), "\n") {
		out.WriteString(strings.TrimRight("│ "+line, " ") + "\n")
	}
	out.WriteString("╵\n")
	return out.String()
}

// wrap breaks lines as Terraform does in a terminal of 80 columns: indented ones
// stay as they are.
func wrap(text string) string {
	const width = 78
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, " ") {
			lines[i] = wordwrap.WrapString(line, width)
		}
	}
	return strings.Join(lines, "\n")
}
