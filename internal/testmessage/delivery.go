package testmessage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// The waits between two looks at a message: the first, and the longest.
const (
	firstLook   = 500 * time.Millisecond
	longestLook = 5 * time.Second
)

// awaitDelivery waits until the message is delivered, and reports one that is
// not, or not in time.
func (a *sendAction) awaitDelivery(ctx context.Context, config sendModel, uuid string, begin time.Time, tell progress, diags *diag.Diagnostics) {
	patience := config.deliveryTimeout()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	// The margin is for a clock of the service's that is behind this machine's.
	filter := commpeak.MessageFilter{
		StreamID: config.StreamID.ValueString(), Recipient: config.Recipient.ValueString(), From: begin.Add(-time.Hour),
	}
	var last commpeak.MessageStatus
	for wait := firstLook; ; wait = min(2*wait, longestLook) {
		status, err := a.statusOf(ctx, filter, uuid)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			tfkit.AddError(diags, "Could not follow message "+uuid, err)
			return
		}
		if status != last {
			tell("Message %s is %s", uuid, status)
		}
		last = status
		if status == commpeak.MessageDelivered {
			return
		}
		if why, failed := failures[status]; failed {
			diags.AddError("The test message was not delivered", fmt.Sprintf("Message %s is %s: %s.", uuid, status, why))
			return
		}
		pause(ctx, wait)
	}
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		diags.AddError("The test message was not delivered in time", fmt.Sprintf("After %s, message %s is %s. "+
			"It may still arrive: look for it in the console. Raise delivery_timeout to wait longer.", patience, uuid, orUnseen(last)))
		return
	}
	diags.AddError("Interrupted", fmt.Sprintf("Message %s was sent, and is %s.", uuid, orUnseen(last)))
}

// unseen is the status of a message that the search does not show yet.
const unseen commpeak.MessageStatus = "not listed yet"

func orUnseen(status commpeak.MessageStatus) commpeak.MessageStatus {
	if status == "" {
		return unseen
	}
	return status
}

// statusOf looks for the message among those to its recipient. This search is
// documented field by field, unlike the run-time API's answer on statuses.
func (a *sendAction) statusOf(ctx context.Context, filter commpeak.MessageFilter, uuid string) (commpeak.MessageStatus, error) {
	for message, err := range a.Session.Messages(ctx, filter) {
		if err != nil {
			return "", err
		}
		if message.UUID == uuid {
			return orUnseen(message.Status), nil
		}
	}
	return unseen, nil
}

// pause waits, unless the context ends first.
func pause(ctx context.Context, wait time.Duration) {
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
}

// failures are the statuses that no delivery follows, and what they mean.
var failures = map[commpeak.MessageStatus]string{
	commpeak.MessageSentFailed:  "it could not be sent",
	commpeak.MessageUndelivered: "it was sent, and did not arrive. The number may be wrong, or its phone switched off",
	commpeak.MessageNoRoutes:    "there is no route to the recipient. Ask CommPeak's support to open the country or network",
	commpeak.MessageRejected:    "it was rejected, often for its sender or its text",
}

func (m sendModel) deliveryTimeout() time.Duration {
	if timeout, err := time.ParseDuration(m.DeliveryTimeout.ValueString()); err == nil {
		return timeout
	}
	return defaultDeliveryTimeout
}

func deliveryTimeoutFault(text string) string {
	const longest = time.Hour
	timeout, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return fmt.Sprintf("%q is no length of time. Write minutes and seconds, such as \"90s\" or \"5m\".", text)
	case timeout <= 0 || timeout > longest:
		return fmt.Sprintf("%q is not above zero and at most %s.", text, "1h")
	}
	return ""
}
