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

// report prints what was found, and reports whether every documented call that could be made was answered as documented.
func (d *doctor) report(out io.Writer) bool {
	fmt.Fprintf(out, "Management API  %s\nRun-time API    %s\n\n", d.config.Endpoint, d.config.MessagingEndpoint)

	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CALL\tEVIDENCE\tFOUND")
	for _, f := range d.findings {
		line := fmt.Sprintf("%s\t%s\t%s\t%s", f.call(), f.Evidence, f.verdict, f.words)
		fmt.Fprintln(table, strings.TrimRight(line, "\t"))
	}
	if !d.hopeless {
		fmt.Fprintln(table)
		fmt.Fprintln(table, "OF THE PROVIDER\t\tWITH THIS ACCOUNT")
		for _, o := range objects {
			fmt.Fprintf(table, "%s\t%s\t%s\n", o.name, o.kind, d.outlook(o))
		}
		fmt.Fprintf(table, "\nStreams looked at: %s\n", d.counted())
	}
	_ = table.Flush() // What cannot be shown to anybody cannot be reported to anybody.

	if lacking := d.unreported(); len(lacking) > 0 {
		fmt.Fprintf(out, "Stream %s does not report %s: there, no drift is found, and an import counts the defaults.\n",
			d.stream.ID, strings.Join(lacking, ", "))
	}
	advice, sound := d.advice()
	fmt.Fprintf(out, "\n%s\n", advice)
	return sound
}

// outlook tells what the findings mean for an object.
func (d *doctor) outlook(o object) string {
	badReads := d.those(o.reads, func(v verdict) bool { return !v.good() && v != unknown })
	badWrites := d.those(o.writes, func(v verdict) bool { return !v.good() && v != unknown })
	dark := d.those(slices.Concat(o.reads, o.writes), func(v verdict) bool { return v == unknown })
	halts := o.kind == "action" // where a call is missing, nothing is left
	switch {
	case len(badReads) > 0:
		return "does not work, for want of " + badReads.String()
	case len(badWrites) > 0 && halts:
		return "does not work in full, for want of " + badWrites.String()
	case len(badWrites) > 0:
		return "import and drift only, for want of " + badWrites.String()
	case len(dark) > 0:
		return "cannot be told: " + dark.String()
	case len(d.those(slices.Concat(o.reads, o.writes), func(v verdict) bool { return v == differs })) > 0:
		return "should work; an answer differs from the contract"
	case len(o.writes) > 0:
		return "should work; writes were not tried"
	}
	return "works"
}

// calls are what was called, for a line to hold.
type calls []string

func (c calls) String() string {
	const most = 2
	if more := len(c) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(c[:most], ", "), more)
	}
	return strings.Join(c, ", ")
}

// those are the calls of which something was found.
func (d *doctor) those(ids []string, so func(verdict) bool) calls {
	var calls calls
	for _, f := range d.findings {
		if slices.Contains(ids, f.ID) && so(f.verdict) {
			calls = append(calls, f.call())
		}
	}
	return calls
}

// counted are the streams by type: numbers, not names.
func (d *doctor) counted() string {
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
		parts = append(parts, "of the first page")
	}
	return strings.Join(parts, ", ")
}

// unreported are the attributes that the stream that was read says nothing of.
func (d *doctor) unreported() []string {
	if d.stream == nil {
		return nil
	}
	var names []string
	for _, field := range []struct {
		name    string
		lacking bool
	}{
		{"default_sender", d.stream.DefaultSender == nil},
		{"demo", d.stream.Demo == nil},
		{"restricted", d.stream.Restricted == nil},
		{"otp", d.stream.Type == commpeak.OTP && d.stream.OTP == nil},
		{"whatsapp", d.stream.Type == commpeak.WhatsApp && d.stream.WhatsApp == nil},
	} {
		if field.lacking {
			names = append(names, field.name)
		}
	}
	return names
}

// advice is what to do about it all.
func (d *doctor) advice() (words string, sound bool) {
	of := func(evidence contract.Evidence, verdicts ...verdict) bool {
		return slices.ContainsFunc(d.findings, func(f finding) bool {
			return f.Evidence == evidence && slices.Contains(verdicts, f.verdict)
		})
	}
	switch {
	case d.hopeless && d.findings[0].verdict == refused:
		return "The API key is not accepted: compare COMMPEAK_API_KEY with the console (Settings > API Keys). The key stands alone, without \"Bearer\".", false
	case d.hopeless:
		return "This is not CommPeak's API, or it cannot be reached: check COMMPEAK_ENDPOINT, and proxies on the way.", false
	case of(contract.Documented, refused):
		return "Documented calls are refused: check which addresses and which objects the API key is for (console: Settings > API Keys).", false
	case of(contract.Documented, missing, failed):
		return "Documented calls are not answered. Try again later; should it last, ask CommPeak which calls this account has.", false
	case of(contract.Documented, differs), of(contract.Assumed, differs):
		return "An answer differs from the contract. The provider reads tolerantly and may well cope; please report the difference, without any secret.", false
	case of(contract.Assumed, missing):
		return "Everything documented works. Where calls are missing, use the provider for what it reads, and read_only = true to keep plans from trying.", true
	case of(contract.Assumed, unknown), of(contract.Documented, unknown):
		return "What was looked at works. Only a change will tell of the rest: try one on a stream made for it.", true
	}
	return "Every call that the provider makes is there. What writes do was not tried: try them on a stream made for it.", true
}
