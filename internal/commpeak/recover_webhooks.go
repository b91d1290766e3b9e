package commpeak

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
)

// CreateWebhook makes a webhook and returns it. The call rests on an
// assumption: CommPeak documents none.
//
// A webhook has nothing of its own that could not be another's, so a create
// whose answer is lost is looked for as [Client.CreateStream] does it: one of
// the same URL that appeared since. Its age shows in its id alone, since ids
// ascend: one that is not above every id that this client knew is older.
func (c *Client) CreateWebhook(ctx context.Context, streamID string, spec WebhookSpec) (Webhook, error) {
	request, err := c.createWebhookCall(streamID, spec)
	if err != nil {
		return Webhook{}, err
	}
	// Side by side, two creates of one URL could take each other's webhook for
	// their own.
	done, err := c.turns.take(ctx, "create webhook "+streamID+" "+spec.URL)
	if err != nil {
		return Webhook{}, &Error{Operation: request.does, err: err}
	}
	defer done()
	known := c.webhookIDs.get()
	webhook, err := createOnce(ctx, c, request, func(ctx context.Context) (*Webhook, error) {
		return c.lookForWebhook(ctx, streamID, spec, known)
	})
	if err != nil {
		return Webhook{}, c.explainMissingStream(ctx, streamID, err)
	}
	c.webhookIDs.see(webhook.ID)
	c.KnowWebhook(streamID, webhook.ID)
	c.created(webhookCall("read", http.MethodGet, streamID, webhook.ID))
	return webhook, nil
}

// lookForWebhook finds the webhook that a lost create made; nil when there is
// none. Before the create, the client knew of ids up to that one.
func (c *Client) lookForWebhook(ctx context.Context, streamID string, spec WebhookSpec, known int64) (*Webhook, error) {
	var candidates []Webhook
	certain := true
	for webhook, err := range c.Webhooks(ctx, streamID) {
		if err != nil {
			return nil, err
		}
		number, numberErr := strconv.ParseInt(webhook.ID, 10, 64)
		if webhook.URL != spec.URL || numberErr == nil && number <= known {
			continue
		}
		candidates = append(candidates, webhook)
		certain = certain && numberErr == nil && len(webhook.Differences(spec)) == 0
	}
	switch {
	case len(candidates) == 0:
		return nil, nil
	case len(candidates) == 1 && certain:
		return &candidates[0], nil
	}
	ids := make([]string, len(candidates))
	for i, webhook := range candidates {
		ids[i] = webhook.ID
	}
	return nil, fmt.Errorf("it may be webhook %s of stream %s, of the same URL", strings.Join(ids, " or "), streamID)
}

// highest is the highest id seen so far; what is no number does not count.
type highest struct{ id atomic.Int64 }

func (h *highest) get() int64 { return h.id.Load() }

func (h *highest) see(id string) {
	number, err := strconv.ParseInt(id, 10, 64)
	for err == nil {
		if known := h.id.Load(); number <= known || h.id.CompareAndSwap(known, number) {
			return
		}
	}
}
