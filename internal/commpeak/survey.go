package commpeak

import (
	"context"
	"iter"
)

// survey is what was found by somebody who looked around before a create, on
// behalf of all who plan one: it may be out of date.
type survey[T any] struct {
	found T
	err   error
}

// surveyOnce asks once, whatever the outcome, and keeps what is found under the
// name.
func surveyOnce[T any](ctx context.Context, c *Client, name string, ask func() (T, error)) (T, error) {
	done, err := c.turns.take(ctx, name)
	if err != nil {
		var none T
		return none, err
	}
	defer done()
	if known, found := c.surveys.Load(name); found {
		kept, _ := known.(survey[T]) // Each name has its own type.
		return kept.found, kept.err
	}
	found, err := ask()
	c.surveys.Store(name, survey[T]{found, err})
	return found, err
}

// collect returns all of a list, or the error that ends it.
func collect[T any](list iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for one, err := range list {
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// UnknownStreams are the streams of that name and type that are nobody's as far
// as the client knows: see [Client.KnowStream]. One of them may be what a create
// left behind that was interrupted. The list is asked for once, for all creates
// that are planned.
func (c *Client) UnknownStreams(ctx context.Context, name string, typ StreamType) ([]Stream, error) {
	all, err := surveyOnce(ctx, c, "survey streams", func() ([]Stream, error) { return collect(c.Streams(ctx)) })
	var unknown []Stream
	for _, stream := range all {
		if _, known := c.knownStreams.Load(stream.ID); !known && stream.Name == name && stream.Type == typ {
			unknown = append(unknown, stream)
		}
	}
	return unknown, err
}

// KnowStream tells the client of a stream that is somebody's already: no create
// takes it for its own.
func (c *Client) KnowStream(streamID string) { c.knownStreams.Store(streamID, true) }

// UnknownWebhooks are the webhooks of a stream with that URL that are nobody's
// as far as the client knows: see [Client.UnknownStreams].
func (c *Client) UnknownWebhooks(ctx context.Context, streamID, url string) ([]Webhook, error) {
	all, err := surveyOnce(ctx, c, "survey webhooks of stream "+streamID, func() ([]Webhook, error) { return collect(c.Webhooks(ctx, streamID)) })
	var unknown []Webhook
	for _, webhook := range all {
		if _, known := c.knownWebhooks.Load(streamID + "/" + webhook.ID); !known && webhook.URL == url {
			unknown = append(unknown, webhook)
		}
	}
	return unknown, err
}

// KnowWebhook tells the client of a webhook that is somebody's already.
func (c *Client) KnowWebhook(streamID, webhookID string) {
	c.knownWebhooks.Store(streamID+"/"+webhookID, true)
}
