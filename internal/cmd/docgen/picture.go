package main

import (
	"bufio"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"
)

const (
	columns    = 100 // longer lines are cut.
	charWidth  = 8.4
	lineHeight = 19
	margin     = 20
	titleBar   = 34
)

// styles color lines by how they begin, as a terminal does.
var styles = []struct {
	begin *regexp.Regexp
	class string
}{
	{regexp.MustCompile(`^\s*\$ `), "command"},
	{regexp.MustCompile(`^──`), "title"},
	{regexp.MustCompile(`^\s*\+ |^\s*\+/- `), "add"},
	{regexp.MustCompile(`^\s*~ `), "change"},
	{regexp.MustCompile(`^\s*- `), "remove"},
	{regexp.MustCompile(`^(Plan:|Apply complete|Destroy complete|No changes)`), "result"},
	{regexp.MustCompile(`^[│╷╵]`), "warning"},
}

// picture draws what a program printed as a terminal, in SVG: for each pair of arguments FROM and TO, the lines from the
// first that contains FROM up to the next that contains TO. `make picture` draws the demo.
func picture(words []string, from io.Reader, to io.Writer) error {
	if len(words) == 0 || len(words)%2 != 0 {
		return errors.New("usage: docgen picture FROM TO [FROM TO …]")
	}
	text, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	rest := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	var lines []string
	for pair := range slices.Chunk(words, 2) {
		found, after, err := section(rest, pair[0], pair[1])
		if err != nil {
			return err
		}
		lines, rest = append(lines, found...), after
	}
	return draw(lines, to)
}

// section returns the lines from the first that contains begin up to the next that contains end, and the rest from there.
func section(lines []string, begin, end string) (found, rest []string, err error) {
	contains := func(words string) func(string) bool {
		return func(line string) bool { return strings.Contains(line, words) }
	}
	first := slices.IndexFunc(lines, contains(begin))
	if first < 0 {
		return nil, nil, fmt.Errorf("no line contains %q", begin)
	}
	length := slices.IndexFunc(lines[first+1:], contains(end)) + 1
	if length == 0 {
		return nil, nil, fmt.Errorf("no line after %q contains %q", begin, end)
	}
	return lines[first : first+length], lines[first+length:], nil
}

// draw writes the lines as a picture.
func draw(lines []string, to io.Writer) error {
	width := 2*margin + columns*charWidth
	height := titleBar + 2*margin + len(lines)*lineHeight
	out := bufio.NewWriter(to)
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" viewBox="0 0 %.0f %d" role="img" aria-label="make demo in a terminal">
<style>
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d6deeb; white-space: pre }
  .command { fill: #ffffff; font-weight: bold } .title { fill: #7fdbca; font-weight: bold }
  .add, .result { fill: #7fd88f } .change, .warning { fill: #f2cc60 } .remove { fill: #ff7b72 }
</style>
<rect width="100%%" height="100%%" rx="10" fill="#011627"/>
<circle cx="22" cy="19" r="6" fill="#ff5f56"/><circle cx="42" cy="19" r="6" fill="#ffbd2e"/><circle cx="62" cy="19" r="6" fill="#27c93f"/>
`, width, height, width, height)
	for i, line := range lines {
		fmt.Fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"%s\" xml:space=\"preserve\">%s</text>\n",
			margin, titleBar+margin+i*lineHeight, classOf(line), html.EscapeString(cut(line)))
	}
	fmt.Fprintln(out, "</svg>")
	return out.Flush()
}

func classOf(line string) string {
	for _, style := range styles {
		if style.begin.MatchString(line) {
			return style.class
		}
	}
	return "plain"
}

func cut(line string) string {
	runes := []rune(strings.ReplaceAll(line, "\t", "  "))
	if len(runes) <= columns {
		return string(runes)
	}
	return string(runes[:columns-1]) + "…"
}
