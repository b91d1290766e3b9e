// Package realaccount holds the tests that can run against a real account: those that are right whatever is in it.
//
// They run against mock accounts of several kinds, like all other tests, unless COMMPEAK_TEST_ACCOUNT=1 asks for the account
// of COMMPEAK_API_KEY. There they only read, unless COMMPEAK_TEST_WRITES=1 allows more: then they make streams of their own,
// which all have a name that begins with [prefix], send nothing and are removed again. `make test-account` runs them,
// `make sweep-account` removes what an interrupted run left behind.
package realaccount_test

import (
	"cmp"
	"errors"
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
	"github.com/commpeak/terraform-provider-commpeak/internal/provider"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("sweep").Value.String() != "" {
		resource.TestMain(m)
		return
	}
	acctest.Main(m)
}

// account is one to run against.
type account struct {
	name   string
	getenv func(string) string
	// writes: the tests may make streams of their own.
	writes bool
	// refuses: the account is known to offer no writes.
	refuses bool
	mock    *acctest.Account // nil for a real one
}

// isReal reports whether the tests are to run against a real account. The key alone is no wish.
func isReal() bool { return os.Getenv("COMMPEAK_TEST_ACCOUNT") == "1" }

// mayWrite reports whether they may change it.
func mayWrite() bool { return isReal() && os.Getenv("COMMPEAK_TEST_WRITES") == "1" }

// accounts are those to run against: the real one that is asked for, else mock ones that play it.
func accounts(t *testing.T) []account {
	t.Helper()
	if isReal() {
		return []account{{name: "real", getenv: os.Getenv, writes: mayWrite()}}
	}
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skip("acceptance tests are skipped unless TF_ACC is set")
	}
	return []account{
		playing(t, "whole", mockserver.Options{}, grow),
		playing(t, "documented", mockserver.Options{DocumentedOnly: true, Spelling: mockserver.Spelling{Case: mockserver.Upper, StringIDs: true}}, grow),
		playing(t, "read-only", mockserver.Options{Writes: mockserver.WritesNotAllowed}, grow),
		playing(t, "empty", mockserver.Options{}, func(*acctest.Account) {}),
	}
}

// playing starts a mock account in the place of a real one.
func playing(t *testing.T, name string, options mockserver.Options, fill func(*acctest.Account)) account {
	t.Helper()
	mock := acctest.NewAccount(t, func(o *mockserver.Options) { *o = options })
	fill(mock)
	return account{
		name: name, getenv: mock.Env, writes: true, mock: mock,
		refuses: options.DocumentedOnly || options.Writes != mockserver.WritesOffered,
	}
}

// grow puts something of everything into an account, and something that the provider does not know.
func grow(mock *acctest.Account) {
	codes := mock.AddStream(mockserver.Stream{Name: "Login codes", Type: mockserver.OTP, Tags: []string{"shop"}, IPACL: "192.0.2.1"})
	mock.AddEvent(codes.ID, mockserver.Event{Name: "Code", Key: "code", Template: "Your code is {code}"})
	replies := mock.AddStream(mockserver.Stream{Name: "Replies", Type: mockserver.TwoWay, State: mockserver.Disabled})
	mock.AddWebhook(replies.ID, mockserver.Webhook{URL: "https://desk.example.com/sms"})
	mock.AddStream(mockserver.Stream{Name: "Support", Type: mockserver.WhatsApp, WhatsApp: &mockserver.WhatsAppSettings{BusinessID: "1"}})
	mock.AddStream(mockserver.Stream{Name: "Calls", Type: "voice"})
}

// isEmpty reports whether this is a mock account without streams, which leaves some tests nothing to do.
func (a account) isEmpty() bool { return a.mock != nil && len(a.mock.Streams()) == 0 }

// providers serve the provider under test, which finds the account in its environment.
func (a account) providers() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"commpeak": func() (tfprotov6.ProviderServer, error) {
			return provider.NewServer(provider.New(acctest.Version, a.getenv)()), nil
		},
	}
}

// client is a second client of the account, independent of the provider.
func (a account) client(adjust func(*commpeak.Config)) (*commpeak.Client, error) {
	config := commpeak.Config{APIKey: a.getenv("COMMPEAK_API_KEY"), MaxRetries: commpeak.DefaultMaxRetries, ReadOnly: true, UserAgent: "commpeak-test"}
	if config.APIKey == "" {
		return nil, errors.New("COMMPEAK_API_KEY is not set")
	}
	var errs [2]error
	config.Endpoint, errs[0] = commpeak.ParseEndpoint(cmp.Or(a.getenv("COMMPEAK_ENDPOINT"), commpeak.DefaultEndpoint))
	config.MessagingEndpoint, errs[1] = commpeak.ParseEndpoint(cmp.Or(a.getenv("COMMPEAK_MESSAGING_ENDPOINT"), commpeak.DefaultMessagingEndpoint))
	if adjust != nil {
		adjust(&config)
	}
	return commpeak.New(config), errors.Join(errs[:]...)
}

// reader is a client that changes nothing.
func (a account) reader(t *testing.T) *commpeak.Client {
	t.Helper()
	client, err := a.client(nil)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// streams are those of the account, of these types; without any, of all.
func (a account) streams(t *testing.T, types ...commpeak.StreamType) []commpeak.Stream {
	t.Helper()
	var some []commpeak.Stream
	for stream, err := range a.reader(t).Streams(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if len(types) == 0 || slices.Contains(types, stream.Type) {
			some = append(some, stream)
		}
	}
	return some
}

// check demands of a mock account that it was only read.
func (a account) check(t *testing.T) {
	t.Helper()
	if a.mock == nil {
		return
	}
	for _, request := range a.mock.Requests() {
		if request.Method != "GET" {
			t.Errorf("a test that only reads has called %s %s", request.Method, request.Path)
		}
	}
}
