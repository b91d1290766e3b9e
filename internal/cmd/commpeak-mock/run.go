package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const usage = `Usage: commpeak-mock [flags] [command [argument ...]]

Serves a stand-in for a CommPeak account that uses the Streams API. No message is sent to anybody; webhooks are really called.
With a command, it runs that, with the account in its environment, and ends with it:

  commpeak-mock -quiet -expect-empty terraform test

Without one, it serves until it is stopped. Paste the lines that it prints into a shell, and Terraform there talks to it.
Change the account by hand, or make it misbehave, through its hooks:

  curl "$COMMPEAK_STREAMS_ENDPOINT/_mock/streams"
  curl -X PATCH "$COMMPEAK_STREAMS_ENDPOINT/_mock/streams/101" -d '{"name": "Renamed by hand"}'
  curl -X POST "$COMMPEAK_STREAMS_ENDPOINT/_mock/faults" -d '{"pattern": "POST /streams", "status": 503, "times": 2}'
  curl -X POST "$COMMPEAK_STREAMS_ENDPOINT/_mock/streams/101/incoming" -d '{"from": "447700900123", "to": "ACME", "text": "Hi"}'
  curl "$COMMPEAK_STREAMS_ENDPOINT/_mock/requests"

Flags:
`

// settings are what the flags say.
type settings struct {
	listen  string
	apiKey  string
	state   string
	latency time.Duration
	rate    float64
	delay   time.Duration
	trustIP bool
	bare    bool
	reads   bool
	quiet   bool
	empty   bool
	command []string // to run beside the server; none: serve until stopped
}

// run serves until ctx is done, or a command has ended. It returns the exit code: that of the command, else 0 after a clean
// stop, 1 if something failed, 2 for wrong flags.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	log := &lockedWriter{w: stderr}
	set, err := parse(args, log)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	err = serve(ctx, set, stdout, log)
	if exit := new(exec.ExitError); errors.As(err, &exit) && exit.Exited() {
		return exit.ExitCode() // The command has said why.
	}
	if err != nil {
		fmt.Fprintf(log, "commpeak-mock: %v\n", err)
		return 1
	}
	return 0
}

// parse reads the flags; what is wrong with them it has already written to stderr.
func parse(args []string, stderr io.Writer) (settings, error) {
	var set settings
	flags := flag.NewFlagSet("commpeak-mock", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&set.listen, "listen", "127.0.0.1:0", "`address` to listen on; port 0 takes a free one")
	flags.StringVar(&set.apiKey, "api-key", "", "the account's API `key`; default: the one in the state file, else a random one")
	flags.StringVar(&set.state, "state", "", "`file` that keeps the account, secrets included, across restarts")
	flags.DurationVar(&set.latency, "latency", 0, "time to wait before each answer, such as 200ms")
	flags.Float64Var(&set.rate, "rate-limit", 0, "`requests` a second beyond which 429 is answered; 0: no limit")
	flags.DurationVar(&set.delay, "delivery-delay", 2*time.Second, "time that a message is on its way; meanwhile its stream is sending")
	flags.BoolVar(&set.trustIP, "trust-client-ip", false, "take the header X-Mock-Client-Ip for the client's address, to try a stream's allowed IPs")
	flags.BoolVar(&set.bare, "documented-only", false, "offer what is publicly documented alone: fewer calls, and fewer fields")
	flags.BoolVar(&set.reads, "read-only", false, "refuse every call that creates, changes or deletes")
	flags.BoolVar(&set.quiet, "quiet", false, "log no requests")
	flags.BoolVar(&set.empty, "expect-empty", false, "fail if the command succeeds but leaves streams behind")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	set.command = flags.Args()
	return set, nil
}

// serve listens, says where, and answers until ctx is done, or the command has ended.
func serve(ctx context.Context, set settings, stdout io.Writer, stderr *lockedWriter) error {
	file := &stateFile{path: set.state}
	options := mockserver.Options{
		APIKey: set.apiKey, Latency: set.latency, RateLimit: set.rate, DeliveryDelay: set.delay, TrustClientIP: set.trustIP,
		DocumentedOnly: set.bare,
	}
	if set.reads {
		options.Writes = mockserver.WritesNotAllowed
	}
	options.OnChange = func() {
		if err := file.save(); err != nil {
			fmt.Fprintf(stderr, "commpeak-mock: %v\n", err)
		}
	}
	if !set.quiet {
		options.OnRequest = func(r mockserver.Request) { fmt.Fprintln(stderr, logLine(r)) }
	}
	account := mockserver.New(options)
	if err := file.load(account); err != nil {
		return err
	}
	if err := file.save(); err != nil { // Better now than after the first change.
		return err
	}

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", set.listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	addr, isTCP := listener.Addr().(*net.TCPAddr)
	if !isTCP {
		return fmt.Errorf("listen: %s is no TCP address", listener.Addr())
	}
	if !addr.IP.IsLoopback() {
		fmt.Fprintf(stderr, "commpeak-mock: warning: %s can be reached from other machines, and anybody there can change the account\n", addr)
	}
	env := environment(account.APIKey(), addr)
	server := &http.Server{Handler: account, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if len(set.command) > 0 {
		err = accompany(set.command, env, stdout, stderr.w)
		if err == nil && set.empty {
			err = leftovers(account)
		}
	} else {
		fmt.Fprint(stdout, exports(env))
		select {
		case err := <-failed:
			return fmt.Errorf("serve: %w", err)
		case <-ctx.Done():
		}
	}
	shutdown(server)
	return errors.Join(file.save(), err)
}

// accompany runs a command that finds the account in its environment. A Ctrl-C is for the command alone to answer: the
// terminal sends it there as well. A SIGTERM, which nobody else gets, is passed on.
func accompany(command, env []string, stdout, stderr io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	return cmd.Run()
}

// leftovers names the streams that are still there, as an error.
func leftovers(account *mockserver.Server) error {
	var names []string
	for _, stream := range account.Streams() {
		names = append(names, fmt.Sprintf("%q (%d)", stream.Name, stream.ID))
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("the command left streams behind: %s", strings.Join(names, ", "))
}

// shutdown lets requests under way finish, but not for long.
func shutdown(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}

// environment points the provider at the server.
func environment(apiKey string, addr *net.TCPAddr) []string {
	host := addr.String()
	if addr.IP.IsUnspecified() {
		host = net.JoinHostPort("127.0.0.1", fmt.Sprint(addr.Port))
	}
	return []string{
		"COMMPEAK_API_KEY=" + apiKey,
		"COMMPEAK_ENDPOINT=http://" + host + mockserver.ManagementPath,
		"COMMPEAK_STREAMS_ENDPOINT=http://" + host,
	}
}

// exports returns the shell lines that set the environment.
func exports(env []string) string {
	var lines strings.Builder
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		fmt.Fprintf(&lines, "export %s=%s\n", name, shellQuote(value))
	}
	return lines.String()
}

// logLine says what there is to say of a request without telling a secret: no query, header or body.
func logLine(r mockserver.Request) string {
	status := fmt.Sprint(r.Status)
	if r.Dropped {
		status = "dropped"
	}
	path := (&url.URL{Path: r.Path}).EscapedPath() // one line, whatever was asked for
	fault := ""
	if r.Faulted {
		fault = " (fault)"
	}
	return fmt.Sprintf("%s %s %s %s %s%s", r.Time.Format(time.TimeOnly), r.Method, path, status, r.Took.Round(10*time.Microsecond), fault)
}

// lockedWriter lets requests that finish at once write whole lines.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
