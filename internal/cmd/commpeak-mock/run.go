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
	"sync"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const usage = `Usage: commpeak-mock [flags]

Serves a stand-in for a CommPeak account that uses the Streams API. No message is sent to anybody; webhooks are really called.
Paste the lines that it prints into a shell, and Terraform there talks to it.
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
	quiet   bool
}

// run serves until ctx is done. It returns the exit code: 0 after a clean stop, 1 if something failed, 2 for wrong flags.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	stderr = &lockedWriter{w: stderr}
	set, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	if err := serve(ctx, set, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "commpeak-mock: %v\n", err)
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
	flags.BoolVar(&set.quiet, "quiet", false, "log no requests")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	if flags.NArg() > 0 {
		err := fmt.Errorf("unexpected argument %q", flags.Arg(0))
		fmt.Fprintf(stderr, "commpeak-mock: %v; -h tells how it is used\n", err)
		return set, err
	}
	return set, nil
}

// serve listens, says where, and answers until ctx is done.
func serve(ctx context.Context, set settings, stdout, stderr io.Writer) error {
	file := &stateFile{path: set.state}
	options := mockserver.Options{
		APIKey: set.apiKey, Latency: set.latency, RateLimit: set.rate, DeliveryDelay: set.delay, TrustClientIP: set.trustIP,
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
	fmt.Fprint(stdout, exports(account.APIKey(), addr))

	server := &http.Server{Handler: account, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	shutdown(server)
	return file.save()
}

// shutdown lets requests under way finish, but not for long.
func shutdown(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}

// exports returns the shell lines that point the provider at the server.
func exports(apiKey string, addr *net.TCPAddr) string {
	host := addr.String()
	if addr.IP.IsUnspecified() {
		host = net.JoinHostPort("127.0.0.1", fmt.Sprint(addr.Port))
	}
	return fmt.Sprintf("export COMMPEAK_API_KEY=%s\nexport COMMPEAK_ENDPOINT=http://%s%s\nexport COMMPEAK_STREAMS_ENDPOINT=http://%s\n",
		shellQuote(apiKey), host, mockserver.ManagementPath, host)
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
