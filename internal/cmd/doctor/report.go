package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/contract"
)

// reportForm is the issue form that collects the reports.
const reportForm = "https://github.com/commpeak/terraform-provider-commpeak/issues/new?template=account.yml"

// report prints the findings. It reports whether every documented call that could be checked works as documented.
func (d *doctor) report(out io.Writer) bool {
	fmt.Fprintf(out, "Management API: %s\nMessaging API:  %s\n\n", d.config.Endpoint, d.config.MessagingEndpoint)
	d.reportCalls(out)
	if !d.hopeless {
		d.reportObjects(out)
	}
	conclusion, sound := d.conclusion()
	fmt.Fprintf(out, "RESULT\n%s\n", conclusion)
	if !d.hopeless {
		fmt.Fprintf(out, "\nPLEASE REPORT THIS\n%s\n", d.reportAdvice())
	}
	return sound
}

func (d *doctor) reportCalls(out io.Writer) {
	rows := [][]string{{"API CALL", "DOCUMENTED", "FOUND", "DETAILS"}}
	for _, f := range d.findings {
		isDocumented := "no"
		if f.Evidence == contract.Documented {
			isDocumented = "yes"
		}
		rows = append(rows, []string{f.call(), isDocumented, string(f.verdict), f.words})
	}
	writeTable(out, rows)
	var meanings [][]string
	for _, entry := range legend {
		if slices.ContainsFunc(d.findings, func(f finding) bool { return f.verdict == entry.verdict }) {
			meanings = append(meanings, []string{string(entry.verdict), entry.meaning})
		}
	}
	writeTable(out, meanings)
}

// writeTable writes rows in columns, followed by an empty line.
func writeTable(out io.Writer, rows [][]string) {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	_ = table.Flush() // A strings.Builder returns no errors.
	for line := range strings.Lines(text.String()) {
		fmt.Fprintln(out, strings.TrimRight(line, " \n"))
	}
	fmt.Fprintln(out)
}

// legend explains the verdicts.
var legend = []struct {
	verdict verdict
	meaning string
}{
	{works, "The call was made, and the response was as expected."},
	{offered, "The call was not made. The API lists its method."},
	{differs, "The call was made. The response can be read, but it is not as expected."},
	{missing, "The API does not have this call."},
	{refused, "The API refused the API key or the address of this machine."},
	{failed, "There was no response, or it could not be read."},
	{notChecked, "The call was not made, and it is not known whether the API has it."},
}

func (d *doctor) reportObjects(out io.Writer) {
	rows := [][]string{{"IN TERRAFORM", "", "WITH THIS ACCOUNT"}}
	for _, o := range objects {
		rows = append(rows, []string{o.name, o.kind, d.outlook(o)})
	}
	writeTable(out, rows)
	fmt.Fprintf(out, "Streams: %s.\n", d.streamCounts())
	if fields := d.notReturned(); len(fields) > 0 {
		fmt.Fprintf(out, "The API does not return %s of stream %s. Terraform cannot detect changes of %s.\n",
			list(fields), d.stream.ID, pronoun(len(fields)))
	}
	fmt.Fprintln(out)
}

// outlook returns what the findings mean for an object.
func (d *doctor) outlook(o object) string {
	isBad := func(v verdict) bool { return !v.good() && v != notChecked }
	all := slices.Concat(o.reads, o.writes)
	badReads, badWrites := d.those(o.reads, isBad), d.those(o.writes, isBad)
	dark := d.those(all, func(v verdict) bool { return v == notChecked })
	switch {
	case len(badReads) > 0:
		return "does not work: needs " + badReads.String()
	case len(badWrites) > 0 && o.kind == "action":
		return "does not work: needs " + badWrites.String()
	case len(badWrites) > 0:
		return "only import and drift detection: changes need " + badWrites.String()
	case len(dark) > 0:
		return "could not be checked: " + dark.String()
	case len(d.those(all, func(v verdict) bool { return v == differs })) > 0:
		return "should work, but a response is not as expected"
	case len(o.writes) > 0:
		return "should work; nothing was changed to try it"
	}
	return "works"
}

// calls are shown in one line.
type calls []string

func (c calls) String() string {
	const maxShown = 2
	if more := len(c) - maxShown; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(c[:maxShown], ", "), more)
	}
	return list(c)
}

// list joins words with commas and "and".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

func pronoun(number int) string {
	if number == 1 {
		return "it"
	}
	return "them"
}

// those returns the calls among these whose verdict matches.
func (d *doctor) those(ids []string, matches func(verdict) bool) calls {
	var calls calls
	for _, f := range d.findings {
		if slices.Contains(ids, f.ID) && matches(f.verdict) {
			calls = append(calls, f.call())
		}
	}
	return calls
}

// streamCounts returns the numbers of streams by type, without their names.
func (d *doctor) streamCounts() string {
	counts := map[commpeak.StreamType]int{}
	for _, stream := range d.streams {
		counts[stream.Type]++
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
	}
	switch {
	case len(parts) == 0:
		return "none"
	case len(d.streams) == pageOfStreams:
		return list(parts) + " among the first 100"
	}
	return list(parts)
}

// notReturned returns the attributes that the response for a stream did not contain.
func (d *doctor) notReturned() []string {
	if d.stream == nil {
		return nil
	}
	var names []string
	for _, field := range []struct {
		name      string
		isMissing bool
	}{
		{"default_sender", d.stream.DefaultSender == nil},
		{"demo", d.stream.Demo == nil},
		{"restricted", d.stream.Restricted == nil},
		{"otp", d.stream.Type == commpeak.OTP && d.stream.OTP == nil},
		{"whatsapp", d.stream.Type == commpeak.WhatsApp && d.stream.WhatsApp == nil},
	} {
		if field.isMissing {
			names = append(names, field.name)
		}
	}
	return names
}

// found reports whether a call of this evidence has one of the verdicts.
func (d *doctor) found(evidence contract.Evidence, verdicts ...verdict) bool {
	return slices.ContainsFunc(d.findings, func(f finding) bool {
		return f.Evidence == evidence && slices.Contains(verdicts, f.verdict)
	})
}

// conclusion returns the result and what to do next.
func (d *doctor) conclusion() (words string, sound bool) {
	switch {
	case d.hopeless && d.findings[0].verdict == refused:
		return "CommPeak does not accept the API key. Compare COMMPEAK_API_KEY with the console (Settings > API Keys). " +
			"The variable contains only the key, without \"Bearer\".", false
	case d.hopeless:
		return "This is not CommPeak's API, or it cannot be reached. Check COMMPEAK_ENDPOINT and the proxies of this machine.", false
	case d.found(contract.Documented, refused):
		return "The API refuses documented calls. Check which addresses may use the API key (console: Settings > API Keys).", false
	case d.found(contract.Documented, missing, failed):
		return "Documented calls do not work. Run this again later. If they still do not work, ask CommPeak's support which calls the account may use.", false
	case d.found(contract.Documented, differs), d.found(contract.Assumed, differs):
		return "A response is not as expected. The provider can probably read it.", false
	case d.found(contract.Assumed, missing):
		return "All documented calls that could be checked work. Calls that CommPeak does not document are missing, so Terraform cannot change everything.\n" +
			"Set read_only = true on the provider, so that a plan warns of what Terraform cannot change.", true
	case d.found(contract.Documented, notChecked) && len(d.streams) == 0:
		return "Most calls could not be checked, because the account does not have streams. Create one of each type in the console, and run this again.", true
	case d.found(contract.Assumed, notChecked), d.found(contract.Documented, notChecked):
		return "Some calls could not be checked: see DETAILS above. All others work or are offered. To check what writes do, use a demo stream.", true
	}
	return "The API has every call that the provider makes. Writes were not tried. To try them, use a demo stream.", true
}

// reportAdvice returns what to report, and where.
func (d *doctor) reportAdvice() string {
	wanted := "which of the calls that CommPeak does not document exist"
	if d.found(contract.Documented, differs) || d.found(contract.Assumed, differs) {
		wanted = "which response is not as expected"
	}
	return "Your report shows " + wanted + ". It does not contain keys, tokens, names or messages.\n" +
		"Copy all of it to the form \"Account report\": " + reportForm
}
