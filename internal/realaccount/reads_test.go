package realaccount_test

import (
	"context"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// documented reads everything that documented calls can tell. What it says of one stream is said of the first that there is.
const documented = `
data "commpeak_streams" "all" {}

data "commpeak_streams" "paused" {
  statuses = ["disabled"]
}

data "commpeak_senders" "all" {}

data "commpeak_realtime_performance" "now" {
  statuses = ["disabled"]
  window   = "1m"
}

locals {
  one = slice(data.commpeak_streams.all.streams, 0, min(1, data.commpeak_streams.all.total))
}

data "commpeak_stream" "one" {
  count = length(local.one)
  id    = local.one[count.index].id
}

data "commpeak_allowed_ips" "one" {
  count     = length(local.one)
  stream_id = local.one[count.index].id
}

data "commpeak_stream_statistics" "one" {
  count     = length(local.one)
  stream_id = local.one[count.index].id
  from      = "2026-01-01T00:00:00Z"
  to        = "2026-01-01T00:00:01Z"
}

# What is there changes while the test runs, others being at work: outputs are what must hold all the while.
output "whole" {
  value = data.commpeak_streams.all.total == length(data.commpeak_streams.all.ids)
}

output "paused" {
  value = length(data.commpeak_realtime_performance.now.streams) == data.commpeak_streams.paused.total
}

output "same_name" {
  value = join("", local.one[*].name) == join("", data.commpeak_stream.one[*].name)
}
`

// Data sources that rest on documented calls read any account, and agree with one another.
func TestAccDocumentedData(t *testing.T) {
	t.Parallel()
	for _, a := range accounts(t) {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, resource.TestCase{ProtoV6ProviderFactories: a.providers(), Steps: []resource.TestStep{{
				Config: documented,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("whole", knownvalue.Bool(true)),
					statecheck.ExpectKnownOutputValue("paused", knownvalue.Bool(true)),
					statecheck.ExpectKnownOutputValue("same_name", knownvalue.Bool(true)),
				},
			}}})
			a.check(t)
		})
	}
}

// Data sources that rest on assumed calls read what there is to read. Where the account has no such call, they say so.
func TestAccAssumedData(t *testing.T) {
	t.Parallel()
	for _, a := range accounts(t) {
		if a.isEmpty() {
			continue
		}
		for _, test := range []struct {
			data, list string
			of         []commpeak.StreamType
			ask        func(context.Context, *commpeak.Client, string) (int, error)
		}{
			{
				"commpeak_event_templates", "event_templates",
				[]commpeak.StreamType{commpeak.OTP, commpeak.Transactional},
				func(ctx context.Context, client *commpeak.Client, id string) (int, error) {
					return count(client.Events(ctx, id))
				},
			},
			{
				"commpeak_webhooks", "webhooks",
				[]commpeak.StreamType{commpeak.TwoWay, commpeak.WhatsApp},
				func(ctx context.Context, client *commpeak.Client, id string) (int, error) {
					return count(client.Webhooks(ctx, id))
				},
			},
			{
				"commpeak_whatsapp_templates", "whatsapp_templates",
				[]commpeak.StreamType{commpeak.WhatsApp},
				func(ctx context.Context, client *commpeak.Client, id string) (int, error) {
					templates, err := client.WhatsAppTemplates(ctx, id)
					return len(templates), err
				},
			},
		} {
			t.Run(a.name+"/"+test.data, func(t *testing.T) {
				t.Parallel()
				streams := a.streams(t, test.of...)
				if len(streams) == 0 {
					acctest.Skip(t, "the account has no stream to read them of")
				}
				number, err := test.ask(t.Context(), a.reader(t), streams[0].ID)
				step := resource.TestStep{
					Config: fmt.Sprintf("data %q \"all\" {\n  stream_id = %q\n}\n\noutput \"number\" {\n  value = length(data.%s.all.%s)\n}\n",
						test.data, streams[0].ID, test.data, test.list),
				}
				if err != nil {
					step.ExpectError = regexp.MustCompile(`offers\s+no\s+such\s+call`)
				} else {
					step.ConfigStateChecks = []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("number", knownvalue.Int64Exact(int64(number)))}
				}
				acctest.Run(t, resource.TestCase{ProtoV6ProviderFactories: a.providers(), Steps: []resource.TestStep{step}})
				a.check(t)
			})
		}
	}
}

func count[T any](all iter.Seq2[T, error]) (number int, err error) {
	for _, err := range all {
		if err != nil {
			return number, err
		}
		number++
	}
	return number, nil
}

// A query finds every stream that can be managed, and each of them can be imported.
func TestAccQuery(t *testing.T) {
	t.Parallel()
	for _, a := range accounts(t) {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			p := acctest.Serve(t, a.getenv)
			acctest.ExpectNone(t, acctest.Errors(p.Configure(nil)))
			streams := slices.DeleteFunc(a.streams(t, commpeak.StreamTypes...), func(s commpeak.Stream) bool { return ours(s.Name) })

			found, diagnostics := p.List(acctest.Query{Type: "commpeak_stream"})

			acctest.ExpectNone(t, acctest.Errors(diagnostics))
			found = slices.DeleteFunc(found, func(l acctest.Listed) bool { return ours(l.Name) })
			if len(found) != len(streams) {
				t.Fatalf("%d streams are found, of %d", len(found), len(streams))
			}
			for _, stream := range streams[:min(len(streams), 20)] {
				acctest.ExpectNone(t, acctest.Errors(p.Resource("commpeak_stream").Import(stream.ID)))
			}
			a.check(t)
		})
	}
}

// ours reports whether a test made the stream of this name, and may remove it at any moment.
func ours(name string) bool { return strings.HasPrefix(name, prefix) }

// A token can be shown, and leaves no trace in the state.
func TestAccToken(t *testing.T) {
	t.Parallel()
	for _, a := range accounts(t) {
		if a.isEmpty() {
			continue
		}
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			streams := a.streams(t)
			if len(streams) == 0 {
				acctest.Skip(t, "the account has no stream to show the token of")
			}
			token, err := a.reader(t).StreamToken(t.Context(), streams[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			providers := a.providers()
			providers["echo"] = echoprovider.NewProviderServer()
			acctest.Run(t, resource.TestCase{ProtoV6ProviderFactories: providers, Steps: []resource.TestStep{{
				Config: fmt.Sprintf(`
ephemeral "commpeak_stream_token" "one" { stream_id = %q }
provider "echo" { data = length(ephemeral.commpeak_stream_token.one.token) }
resource "echo" "length" {}
`, streams[0].ID),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("echo.length", tfjsonpath.New("data"), knownvalue.Int64Exact(int64(len(token)))),
				},
			}}})
			acctest.CheckLog(t, token, a.getenv("COMMPEAK_API_KEY"))
			a.check(t)
		})
	}
}
