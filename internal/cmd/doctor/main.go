// Command doctor shows which API calls work on an account, and what that means for the provider.
//
// It reads the account from the same variables as the provider: COMMPEAK_API_KEY, COMMPEAK_ENDPOINT, COMMPEAK_MESSAGING_ENDPOINT,
// COMMPEAK_CA_FILE. It does not change anything: it makes the calls that read. For a call that writes, it only requests the methods of
// the path (OPTIONS). It does not print credentials. Of the account, it prints only IDs and numbers of streams.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

const usage = `Usage: doctor

Shows which calls of the CommPeak Streams API work on an account, and which parts of the provider work with them. It only reads.
The account is the one of COMMPEAK_API_KEY (and COMMPEAK_ENDPOINT, COMMPEAK_MESSAGING_ENDPOINT, COMMPEAK_CA_FILE).
The exit code is 1 if the API cannot be reached, or if a documented call does not work as documented.
`

// run returns the exit code: 0 if every documented call that could be checked works as documented, 1 if not, 2 if the
// account is not configured.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, usage) }
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	config, err := account(getenv)
	if err != nil {
		fmt.Fprintf(stderr, "doctor: %v\n", err)
		return 2
	}
	d, err := newDoctor(config)
	if err != nil {
		fmt.Fprintf(stderr, "doctor: %v\n", err)
		return 1
	}
	d.examine(ctx)
	if d.report(stdout) {
		return 0
	}
	return 1
}

// account reads the environment as the provider does.
func account(getenv func(string) string) (commpeak.Config, error) {
	config := commpeak.Config{APIKey: getenv("COMMPEAK_API_KEY"), ReadOnly: true, DisableReadCache: true, UserAgent: "commpeak-doctor"}
	if strings.TrimSpace(config.APIKey) == "" {
		return config, errors.New("COMMPEAK_API_KEY is not set. The console shows API keys under Settings > API Keys")
	}
	for _, endpoint := range []struct {
		variable, fallback string
		into               *string
	}{
		{"COMMPEAK_ENDPOINT", commpeak.DefaultEndpoint, &config.Endpoint},
		{"COMMPEAK_MESSAGING_ENDPOINT", commpeak.DefaultMessagingEndpoint, &config.MessagingEndpoint},
	} {
		text := getenv(endpoint.variable)
		if text == "" {
			text = endpoint.fallback
		}
		parsed, err := commpeak.ParseEndpoint(text)
		if err != nil {
			return config, fmt.Errorf("%s: %w", endpoint.variable, err)
		}
		*endpoint.into = parsed
	}
	if file := getenv("COMMPEAK_CA_FILE"); file != "" {
		roots, err := commpeak.ReadRootCAs(file)
		if err != nil {
			return config, fmt.Errorf("COMMPEAK_CA_FILE: %w", err)
		}
		config.RootCAs = roots
	}
	return config, nil
}
