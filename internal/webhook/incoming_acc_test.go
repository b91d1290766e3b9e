package webhook_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"slices"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// desk is the receiving end of a webhook.
type desk struct {
	*httptest.Server
	mu    sync.Mutex
	calls []received
}

// received is a call of the webhook.
type received struct {
	method string
	query  neturl.Values
	header http.Header
	body   string
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{}
	d.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.calls = append(d.calls, received{r.Method, r.URL.Query(), r.Header, string(body)})
	}))
	t.Cleanup(d.Close)
	return d
}

// take returns the calls since it was last asked.
func (d *desk) take() []received {
	d.mu.Lock()
	defer d.mu.Unlock()
	calls := d.calls
	d.calls = nil
	return calls
}

// A message that comes in calls the webhook that was configured, in its way and
// with its headers.
func TestAccWebhookIncomingMessage(t *testing.T) {
	t.Parallel()
	account, desk := newAccount(t), openDesk(t)
	where := fmt.Sprintf("url = %q", desk.URL+"/in?desk=1")
	// incoming lets a message come in and hands what the desk received to check.
	incoming := func(step acctest.Step, check func(calls []received) error) acctest.Step {
		step = withSecret(account, step, first)
		step.Check = func(*terraform.State) error {
			_, deliveries, err := account.Receive(t.Context(), 101, "447700900123", "ACME", "Where is my order?")
			calls := desk.take()
			if err == nil && len(deliveries) != len(calls) {
				err = fmt.Errorf("%d deliveries, and %d calls", len(deliveries), len(calls))
			}
			if err == nil {
				err = check(calls)
			}
			return err
		}
		return step
	}
	const headers = `headers = { "X-Source" = "commpeak" }`
	test(t, account,
		incoming(apply(config(where, headers, writeOnly(1)), create), posted),
		incoming(apply(config(where, headers, writeOnly(1), "enabled = false"), update), func(calls []received) error {
			if len(calls) != 0 {
				return fmt.Errorf("a disabled webhook was called: %v", calls)
			}
			return nil
		}),
		incoming(apply(config(where, headers, writeOnly(1), `method = "GET"`), update), gotten),
		incoming(apply(config(where), update), func(calls []received) error {
			if len(calls) != 1 || calls[0].header.Get("X-Source") != "" || calls[0].header.Get("Authorization") != "" {
				return fmt.Errorf("removed headers are still sent: %v", calls)
			}
			return nil
		}),
	)
}

// messageFields are the documented fields of a received message, which a webhook is expected to receive.
var messageFields = []string{
	"contact_name", "conversation_uuid", "country_code", "country_iso", "country_name", "destination_number", "length", "message_uuid",
	"received_at", "source_number", "stream_id", "text",
}

// posted checks that there was one POST with the headers and the fields of a message in its body.
func posted(calls []received) error {
	if err := once(calls, http.MethodPost); err != nil {
		return err
	}
	var fields map[string]any
	if err := json.Unmarshal([]byte(calls[0].body), &fields); err != nil {
		return err
	}
	if got := slices.Sorted(maps.Keys(fields)); !slices.Equal(got, messageFields) || fields["text"] != "Where is my order?" {
		return fmt.Errorf("the webhook was sent %s, which does not have the fields %q", calls[0].body, messageFields)
	}
	return nil
}

// gotten checks that there was one GET with the headers and the fields of a message in its query.
func gotten(calls []received) error {
	if err := once(calls, http.MethodGet); err != nil {
		return err
	}
	query := calls[0].query
	delete(query, "desk")
	if got := slices.Sorted(maps.Keys(query)); !slices.Equal(got, messageFields) || query.Get("text") != "Where is my order?" {
		return fmt.Errorf("the webhook was sent the query %v", query)
	}
	return nil
}

func once(calls []received, method string) error {
	if len(calls) != 1 || calls[0].method != method || calls[0].query.Get("desk") != "1" {
		return fmt.Errorf("the webhook was called like this: %v", calls)
	}
	if calls[0].header.Get("X-Source") != "commpeak" || calls[0].header.Get("Authorization") != "Bearer "+first {
		return fmt.Errorf("the headers are %v", calls[0].header)
	}
	return nil
}
