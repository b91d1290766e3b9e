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
	if set.version {
		fmt.Fprintln(stdout, version())
		return 0
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

// serve listens, prints where, and answers until ctx is done or the command has ended.
func serve(ctx context.Context, set settings, stdout io.Writer, stderr *lockedWriter) error {
	file := &stateFile{path: set.state}
	options := set.account
	options.OnChange = func() {
		if err := file.save(); err != nil {
			fmt.Fprintf(stderr, "commpeak-mock: %v\n", err)
		}
	}
	if !set.quiet {
		options.OnRequest = func(r mockserver.Request) { fmt.Fprintln(stderr, logLine(r)) }
	}
	account := mockserver.New(options)
	if err := plant(account, set.seed); err != nil {
		return err
	}
	if err := file.load(account); err != nil {
		return err
	}
	for _, text := range set.faults {
		fault, err := account.ParseFault(text)
		if err != nil {
			return err
		}
		account.Inject(fault)
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
		fmt.Fprintf(stderr, "commpeak-mock: warning: %s can be reached from other machines, and their users can change the account\n", addr)
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
		if !set.quiet {
			fmt.Fprintf(stderr, "commpeak-mock: watch the account at http://%s/_mock\n", reachable(addr))
		}
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
// terminal sends it there as well. A SIGTERM is passed on.
func accompany(command, env []string, stdout, stderr io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	return cmd.Run()
}

// leftovers names the streams that the seed does not have, as an error.
func leftovers(account *mockserver.Server) error {
	var names []string
	for _, stream := range account.Leftovers() {
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

// reachable returns a host and port at which this machine finds the server.
func reachable(addr *net.TCPAddr) string {
	if addr.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", fmt.Sprint(addr.Port))
	}
	return addr.String()
}

// environment points the provider at the server.
func environment(apiKey string, addr *net.TCPAddr) []string {
	host := reachable(addr)
	return []string{
		"COMMPEAK_API_KEY=" + apiKey,
		"COMMPEAK_ENDPOINT=http://" + host + mockserver.ManagementPath,
		"COMMPEAK_MESSAGING_ENDPOINT=http://" + host,
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
