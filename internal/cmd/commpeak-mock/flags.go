package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const usage = `Usage: commpeak-mock [flags] [command [argument ...]]

Serves a stand-in for a CommPeak account that uses the Streams API. No message is sent to a phone. Webhooks are really called.
With a command, it runs the command, with the account in its environment, and ends with it:

  commpeak-mock -quiet -expect-empty terraform test

Without a command, it serves until it is stopped. Paste the lines that it prints into a shell, and Terraform in that shell uses
the account. Open the page in a browser to watch the account and to change it by hand, or use curl:

  curl "$COMMPEAK_MESSAGING_ENDPOINT/_mock"
  curl -X PATCH "$COMMPEAK_MESSAGING_ENDPOINT/_mock/streams/101" -d '{"name": "Renamed by hand"}'
  curl -X POST "$COMMPEAK_MESSAGING_ENDPOINT/_mock/faults" -d '{"pattern": "POST /streams", "status": 503, "times": 2}'
  curl -X POST "$COMMPEAK_MESSAGING_ENDPOINT/_mock/streams/101/incoming" -d '{"from": "447700900123", "to": "ACME", "text": "Hi"}'
  curl "$COMMPEAK_MESSAGING_ENDPOINT/_mock/requests"

Flags:
`

// settings are what the flags set.
type settings struct {
	account  mockserver.Options
	listen   string
	seed     string
	state    string
	faults   []string
	version  bool
	readOnly bool
	quiet    bool
	empty    bool
	command  []string // to run with the account in its environment; none: serve until stopped
}

// parse reads the flags. It has already written to stderr what is wrong with them.
func parse(args []string, stderr io.Writer) (settings, error) {
	var set settings
	flags := flag.NewFlagSet("commpeak-mock", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	set.addGeneral(flags)
	set.addAccount(flags)
	set.addStyle(flags)
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	set.command = flags.Args()
	if set.readOnly {
		set.account.Writes = mockserver.WritesNotAllowed
	}
	return set, nil
}

func (set *settings) addGeneral(flags *flag.FlagSet) {
	flags.StringVar(&set.listen, "listen", "127.0.0.1:0", "`address` to listen on; port 0 takes a free one")
	flags.StringVar(&set.seed, "seed", "", "`file` with the account to start from, written by hand; only read. Ignored if the -state file exists")
	flags.Func("fault", "make requests fail, for example `'POST /streams=503x2'`; may be given several times. Instead of a status: drop, truncate.\n"+
		"+2s adds a delay, xall hits every request, @after lets the server act first", func(text string) error {
		set.faults = append(set.faults, text)
		return nil
	})
	flags.BoolVar(&set.version, "version", false, "print the version and exit")
	flags.StringVar(&set.state, "state", "", "`file` that keeps the account, secrets included, across restarts")
	flags.BoolVar(&set.quiet, "quiet", false, "do not log requests")
	flags.BoolVar(&set.empty, "expect-empty", false, "fail if the command succeeds but leaves streams behind that the seed does not have")
}

func (set *settings) addAccount(flags *flag.FlagSet) {
	opts := &set.account
	flags.StringVar(&opts.APIKey, "api-key", "", "API `key` of the account; default: the key in the state file, or a random key")
	flags.DurationVar(&opts.Latency, "latency", 0, "time to wait before each answer, for example 200ms")
	flags.Float64Var(&opts.RateLimit, "rate-limit", 0, "`requests` per second beyond which 429 is answered; 0: no limit")
	flags.DurationVar(&opts.DeliveryDelay, "delivery-delay", 2*time.Second, "time until a message is delivered; until then its stream is sending")
	flags.BoolVar(&opts.TrustClientIP, "trust-client-ip", false,
		"take the header X-Mock-Client-Ip for the address of the client, to try the allowed IPs of a stream")
	flags.BoolVar(&opts.DocumentedOnly, "documented-only", false, "offer only calls and fields that are publicly documented")
	flags.BoolVar(&set.readOnly, "read-only", false, "refuse every call that creates, changes or deletes with 405")
}

func (set *settings) addStyle(flags *flag.FlagSet) {
	opts := &set.account
	choice(flags, (*string)(&opts.MessageVersion), "messages", "`version` of the reference in which messages are listed", map[string]string{
		"a": string(mockserver.VersionA), "b": string(mockserver.VersionB),
	})
	choice(flags, &opts.TotalName, "total-name", "`name` of the total of a page of messages", same("total", "totalItems", "total_items"))
	choice(flags, &opts.ErrorKey, "error-key", "`field` that holds the text of every error; default: message, or title and detail",
		same("message", "error", "detail", "title"))
	choice(flags, (*string)(&opts.Spelling.Case), "spelling", "`spelling` of types, states and statuses", map[string]string{
		"canonical": string(mockserver.Canonical), "title": string(mockserver.Title), "upper": string(mockserver.Upper),
		"labels": string(mockserver.Labels), "other-labels": string(mockserver.OtherLabels),
	})
	flags.BoolVar(&opts.Spelling.StringIDs, "string-ids", false, "answer IDs as text")
	flags.BoolVar(&opts.PHPArrays, "php-arrays", false, `answer empty objects as [] and some lists as {"0": …}, as PHP can do`)
	flags.BoolVar(&opts.MaskHeaders, "mask-headers", false, "answer ******** for the value of every webhook header")
	flags.BoolVar(&opts.IgnoreStatusFilter, "ignore-status-filter", false, "ignore the filter of messages by status")
	flags.BoolVar(&opts.ReplaceNested, "replace-nested", false, "let a change replace nested objects whole instead of merging them")
}

// choice adds a flag whose value is one of a few words.
func choice(flags *flag.FlagSet, target *string, name, help string, values map[string]string) {
	words := make([]string, 0, len(values))
	for word := range values {
		words = append(words, word)
	}
	slices.Sort(words)
	list := strings.Join(words, ", ")
	flags.Func(name, help+": "+list, func(word string) error {
		value, known := values[word]
		if !known {
			return errors.New("must be one of " + list)
		}
		*target = value
		return nil
	})
}

// same returns values that are their own words.
func same(words ...string) map[string]string {
	values := map[string]string{}
	for _, word := range words {
		values[word] = word
	}
	return values
}
