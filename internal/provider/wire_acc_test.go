package provider_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// company is an account in which another program has a stream with a list of
// allowed IPs, and a configuration that adds to both.
type company struct {
	*acctest.Account
	theirs mockserver.Stream
	work   *acctest.Workspace
}

const (
	theirStream  = "By hand"
	theirAddress = "198.51.100.1/32"

	shipped = "Your order {order} is on its way"
)

func newCompany(t *testing.T, account *acctest.Account) *company {
	t.Helper()
	c := &company{Account: account}
	c.theirs = account.AddStream(mockserver.Stream{Name: theirStream, Type: mockserver.Transactional, IPACL: "198.51.100.1"})
	c.work = acctest.NewWorkspace(t, account)
	c.write("5m", shipped)
	return c
}

// write writes the configuration. Its timeouts are for tests in which no answer
// comes.
func (c *company) write(requestTimeout, template string) {
	c.work.Write("main.tf", requirements+fmt.Sprintf(`
		provider "commpeak" {
			request_timeout = %q
		}

		resource "commpeak_stream" "orders" {
			name = "Orders"
			type = "transactional"
		}

		resource "commpeak_event_template" "orders" {
			for_each  = toset(["shipped", "returned"])
			stream_id = commpeak_stream.orders.id
			name      = each.key
			key       = each.key
			template  = %q
		}

		resource "commpeak_stream_token" "orders" {
			stream_id = commpeak_stream.orders.id
		}

		resource "commpeak_stream" "desk" {
			name = "Help desk"
			type = "two_way"
		}

		resource "commpeak_webhook" "desk" {
			stream_id = commpeak_stream.desk.id
			url       = "https://desk.example.com/hooks/sms"
		}

		resource "commpeak_allowed_ip" "office" {
			for_each  = toset(["203.0.113.7", "203.0.113.8"])
			stream_id = "%d"
			ip        = each.key
		}
	`, requestTimeout, template, c.theirs.ID))
}

// settle applies until an apply succeeds, and demands that this comes soon, and
// that what it ends with is the account as configured.
func (c *company) settle(t *testing.T) {
	t.Helper()
	for tries := 0; ; tries++ {
		text, err := c.work.Try("apply", "-auto-approve")
		if err == nil {
			break
		}
		if tries == 2 {
			t.Fatalf("it does not settle: %v\n%s", err, text)
		}
	}
	c.expectSettled(t)
}

// expectSettled demands the account as configured: nothing twice, nothing lost,
// and no object of other programs touched.
func (c *company) expectSettled(t *testing.T) {
	t.Helper()
	c.work.Run("plan", "-detailed-exitcode")
	c.work.Check()
	var names []string
	for _, stream := range c.Streams() {
		names = append(names, stream.Name)
		switch stream.Name {
		case "Orders":
			expectNumber(t, "events", len(c.Events(stream.ID)), 2)
		case "Help desk":
			expectNumber(t, "webhooks", len(c.Webhooks(stream.ID)), 1)
		}
	}
	slices.Sort(names)
	if want := []string{theirStream, "Help desk", "Orders"}; !slices.Equal(names, want) {
		t.Errorf("the account has the streams %q, not %q", names, want)
	}
	if list, want := c.AllowedIPs(c.theirs.ID), []string{theirAddress, "203.0.113.7/32", "203.0.113.8/32"}; !slices.Equal(list, want) {
		t.Errorf("the list of allowed IPs is %q, not %q", list, want)
	}
	expectNumber(t, "token resets", c.Count("POST /streams/{id}/token"), 1)
}

func expectNumber(t *testing.T, what string, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%d %s, not %d", got, what, want)
	}
}

// Connections break before the API acts, and after it.
func TestAccConnectionsBreak(t *testing.T) {
	t.Parallel()
	const early, late = 20, 500 // bytes: in the first request of a connection, and in a later one.
	for _, how := range []acctest.Break{acctest.Reset, acctest.HalfClose, acctest.Stall, acctest.Drip} {
		for _, what := range []acctest.Direction{acctest.Requests, acctest.Answers} {
			t.Run(fmt.Sprintf("%s in %s", how, what), func(t *testing.T) {
				t.Parallel()
				account := acctest.NewAccount(t)
				wire := acctest.NewWire(t, account)
				c := newCompany(t, account)
				if how == acctest.Stall {
					c.write("2s", shipped)
				}
				c.work.Run("plan", "-out=plan")
				for _, after := range []int{early, late, early, late} {
					wire.Break(how, what, after)
				}
				text, err := c.work.Try("apply", "plan")
				most := 2
				if how == acctest.Drip {
					most = 3 // A slow connection is used again, so the run may open one only.
				}
				if left := wire.Left(); left > most {
					t.Errorf("%d of 4 connections are still to break", left)
				}
				if how == acctest.Drip && err != nil {
					t.Errorf("slow is not broken: %v\n%s", err, text)
				}
				c.settle(t)
			})
		}
	}
}
