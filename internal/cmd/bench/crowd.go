package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// crowded is the scenario of a service that admits few requests a second: an
// apply that creates many streams is held up by nothing else.
var crowded = scenario{name: "1,000 creates, 50 requests a second", streams: 1000}

const admitted = 50 // requests a second.

// crowd is what the crowded apply took.
type crowd struct {
	cost
	// least is the least possible time.
	least time.Duration
	// refused requests had to be made again.
	refused int
}

// measureCrowd applies the crowded scenario, planned beforehand. An apply that
// fails is an error.
func measureCrowd(ctx context.Context, set settings, v variant, dir string) (crowd, error) {
	b := bed{settings: set, account: mockserver.New(mockserver.Options{Latency: set.latency, RateLimit: admitted})}
	server := httptest.NewServer(b.account)
	defer server.Close()
	b.url = server.URL

	var err error
	if b.dir, err = os.MkdirTemp(dir, "crowd-"); err != nil {
		return crowd{}, err
	}
	if err := os.WriteFile(filepath.Join(b.dir, "main.tf"), []byte(crowded.config(b.account, create)), 0o600); err != nil {
		return crowd{}, err
	}
	if _, err := b.run(ctx, v, "plan", "-out=plan"); err != nil {
		return crowd{}, err
	}
	// An API that was idle admits the requests of one second at once.
	measured := crowd{least: time.Duration(crowded.streams-admitted) * time.Second / admitted}
	if measured.cost, err = b.run(ctx, v, "apply", "plan"); err != nil {
		return crowd{}, err
	}
	for _, request := range b.account.Requests() {
		if request.Status == http.StatusTooManyRequests {
			measured.refused++
		}
	}
	return measured, nil
}

func (c crowd) String() string {
	return fmt.Sprintf("%s\n\nThe apply took %.1f s, %.2f times the least possible %.0f s. %d requests were refused and made again.\n",
		crowded.name, c.time.Seconds(), c.ratio(), c.least.Seconds(), c.refused)
}

func (c crowd) ratio() float64 { return c.time.Seconds() / c.least.Seconds() }

// beyond says which bars the apply misses.
func (c crowd) beyond() []string {
	var misses []string
	if c.ratio() > 1.2 {
		misses = append(misses, fmt.Sprintf("%s: the apply took %.2f times the least possible time, beyond 1.2", crowded.name, c.ratio()))
	}
	if made := c.requests["POST /streams"]; made != crowded.streams {
		misses = append(misses, fmt.Sprintf("%s: %d streams were created, not %d", crowded.name, made, crowded.streams))
	}
	return misses
}
