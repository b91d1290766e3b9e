// Package acctest is the rig of the tests that drive the provider: an account
// to work on, the CLI to work with, and what must hold after every step.
package acctest

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commpeak/terraform-provider-commpeak/internal/contract"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
	"github.com/commpeak/terraform-provider-commpeak/internal/provider"
)

// Version is what the provider under test calls itself.
const Version = "0.0.0-test"

// Account is a mock account of one test. Between it and the provider stands the
// contract: a call or an answer that the contract does not know fails the test.
type Account struct {
	*mockserver.Server
	// Endpoint and MessagingEndpoint are the base URLs of its two APIs.
	Endpoint, MessagingEndpoint string

	// documentedOnly: the account returns documented fields only.
	documentedOnly bool
	mu             sync.Mutex
	breaches       []string
	tolerated      map[int]bool
	guarded        []string
	exposed        bool
}

// NewAccount starts an account that lasts as long as the test.
func NewAccount(tb testing.TB, options ...func(*mockserver.Options)) *Account {
	tb.Helper()
	var opts mockserver.Options
	for _, option := range options {
		option(&opts)
	}
	validator, err := contract.NewValidator()
	if err != nil {
		tb.Fatalf("the contract cannot be read: %s", err)
	}
	account := &Account{Server: mockserver.New(opts), documentedOnly: opts.DocumentedOnly, tolerated: map[int]bool{}}
	server := httptest.NewServer(validator.Middleware(account.Server, account.breach))
	tb.Cleanup(func() {
		server.Close()
		for _, breach := range account.breaches {
			tb.Errorf("the contract was broken: %s", breach)
		}
		if keepFailed(tb) {
			account.writeRequests(tb)
		}
	})
	account.MessagingEndpoint = server.URL
	account.Endpoint = server.URL + mockserver.ManagementPath
	return account
}

func (a *Account) breach(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.breaches = append(a.breaches, err.Error())
}

// Tolerate expects refusals of this HTTP status; any other refusal that is no
// injected fault fails the test.
func (a *Account) Tolerate(status int) { a.tolerated[status] = true }

// Guard adds secrets that the account does not know as such, like the headers of
// a webhook: none of them may be in a plan, a state or a log.
func (a *Account) Guard(secrets ...string) { a.guarded = append(a.guarded, secrets...) }

// Expose marks that the test shows the secrets of the account on purpose, for example through a
// provider that stores them.
func (a *Account) Expose() { a.exposed = true }

// Env is the environment in which the provider finds the account.
func (a *Account) Env(name string) string {
	return map[string]string{
		"COMMPEAK_API_KEY":            a.APIKey(),
		"COMMPEAK_ENDPOINT":           a.Endpoint,
		"COMMPEAK_MESSAGING_ENDPOINT": a.MessagingEndpoint,
	}[name]
}

// Providers serves the provider under test, configured for the account.
func (a *Account) Providers() map[string]func() (tfprotov6.ProviderServer, error) {
	drive(a)
	return map[string]func() (tfprotov6.ProviderServer, error){
		"commpeak": func() (tfprotov6.ProviderServer, error) {
			return provider.NewServer(provider.New(Version, a.Env)()), nil
		},
	}
}

// CheckState demands of a state that it equals the account, and holds no secret.
func (a *Account) CheckState(tb testing.TB, state *tfjson.State) {
	tb.Helper()
	if err := errors.Join(a.checkStore(state), a.checkSecrets("the state", state)); err != nil {
		tb.Error(err)
	}
}

// writes are the requests since the mark that change something, in the form
// "PATCH /streams/{id} {body}".
func (a *Account) writes(requests []mockserver.Request) []string {
	var lines []string
	for _, request := range requests {
		if request.Method == http.MethodGet {
			continue
		}
		lines = append(lines, strings.TrimSpace(request.Pattern+" "+string(request.Body)))
	}
	return lines
}

// unexpected are refusals that the test neither injected nor tolerates, and
// calls that the API does not have.
func (a *Account) unexpected() []string {
	var lines []string
	for _, request := range a.Requests() {
		refused := request.Status >= 400 && !request.Faulted && !a.tolerated[request.Status]
		if refused || request.Pattern == "" {
			lines = append(lines, fmt.Sprintf("%s %s: HTTP %d", request.Method, request.Path, request.Status))
		}
	}
	return lines
}
