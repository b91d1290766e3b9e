//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// account is a mock server that runs, and a look into it.
type account struct {
	env    []string // points the provider at it: NAME=value
	admin  string   // URL of the mock server's own endpoints
	client *commpeak.Client
	log    *tail
	stop   context.CancelFunc
	ended  chan struct{}
	err    error // of the program, once it ended
}

// open starts the program and waits until it says where it listens.
func open(program string) (*account, error) {
	ctx, stop := context.WithCancel(context.Background())
	a := &account{log: &tail{}, stop: stop, ended: make(chan struct{})}
	cmd := cli.Command(ctx, program)
	cmd.Stderr = a.log
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		stop()
		return nil, fmt.Errorf("start the mock server: %w", err)
	}
	ready := make(chan []string)
	go func() { ready <- exports(stdout) }()
	select {
	case a.env = <-ready:
	case <-time.After(30 * time.Second):
		stop()
		<-ready
	}
	go func() {
		if a.err = cli.Wait(cmd); a.err == nil {
			a.err = errors.New("it ended by itself")
		}
		close(a.ended)
	}()
	if err := a.reach(); err != nil {
		stop()
		<-a.ended
		return nil, fmt.Errorf("start the mock server: %w\n%s", err, a.log.tail())
	}
	return a, nil
}

// exports reads the lines `export NAME=value`, as many as there will be.
func exports(stdout io.Reader) []string {
	var env []string
	lines := bufio.NewScanner(stdout)
	for len(env) < 3 && lines.Scan() {
		if assignment, ok := strings.CutPrefix(lines.Text(), "export "); ok {
			env = append(env, assignment)
		}
	}
	return env
}

// reach makes a client of what the program said.
func (a *account) reach() error {
	said := map[string]string{}
	for _, assignment := range a.env {
		name, value, _ := strings.Cut(assignment, "=")
		said[name] = value
	}
	config := commpeak.Config{
		APIKey:            said["COMMPEAK_API_KEY"],
		Endpoint:          said["COMMPEAK_ENDPOINT"],
		MessagingEndpoint: said["COMMPEAK_MESSAGING_ENDPOINT"],
		RequestTimeout:    commpeak.DefaultRequestTimeout,
		UserAgent:         "commpeak-demo",
	}
	if config.APIKey == "" || config.Endpoint == "" || config.MessagingEndpoint == "" {
		return errors.New("it does not say where it listens")
	}
	a.admin = config.MessagingEndpoint + "/_mock"
	a.client = commpeak.New(config)
	return nil
}

// close stops the program.
func (a *account) close() error {
	a.stop()
	<-a.ended
	if errors.Is(a.err, context.Canceled) {
		return nil // It did what it was told.
	}
	return fmt.Errorf("the mock server: %w\n%s", a.err, a.log.tail())
}

func (a *account) streams(ctx context.Context) ([]commpeak.Stream, error) {
	var all []commpeak.Stream
	for stream, err := range a.client.Streams(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, stream)
	}
	return all, nil
}

func (a *account) stream(ctx context.Context, id string) (commpeak.Stream, error) {
	return a.client.Stream(ctx, id)
}

// sent counts the messages of a stream.
func (a *account) sent(ctx context.Context, id string) (int64, error) {
	return a.client.CountMessages(ctx, commpeak.MessageFilter{StreamID: id})
}

// endpoint is one of the mock server's own endpoints.
type endpoint struct{ Method, Path, Help string }

// endpoints lists the mock server's own endpoints.
func (a *account) endpoints(ctx context.Context) ([]endpoint, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.admin, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var list struct{ Endpoints []endpoint }
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil {
		return nil, fmt.Errorf("read the endpoints of the mock server: %w", err)
	}
	return list.Endpoints, nil
}

// change is what happens to a stream in the console.
const change = `{"state": "disabled", "description": "Paused until Monday"}`

// tamper changes a stream as the console does.
func (a *account) tamper(ctx context.Context, id string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPatch, a.admin+"/streams/"+id, strings.NewReader(change))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("change stream %s by hand: %s", id, resp.Status)
	}
	return nil
}

// tail keeps the end of what a program says, and can pass all of it on.
type tail struct {
	mu   sync.Mutex
	kept []byte
	also io.Writer
}

// enough is the longest output that is read.
const enough = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	t.kept = t.kept[max(0, len(t.kept)-enough):]
	if t.also != nil {
		return t.also.Write(p)
	}
	return len(p), nil
}

func (t *tail) tail() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.kept)
}

// follow passes on what comes from now on.
func (t *tail) follow(out io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.also = out
}
