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

// The waits between two searches for a message.
const (
	initialPoll = 500 * time.Millisecond
	longestPoll = 5 * time.Second
)

// awaitDelivery waits until the message is delivered. It adds an error if the message is not
// delivered, or not in time.
func (a *sendAction) awaitDelivery(ctx context.Context, config sendModel, uuid string, begin time.Time, report progress, diags *diag.Diagnostics) {
	timeout := tfkit.Duration(config.DeliveryTimeout, defaultDeliveryTimeout)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// The hour is for an API whose clock is behind the clock of this machine.
	filter := commpeak.MessageFilter{
		StreamID: config.StreamID.ValueString(), Recipient: config.Recipient.ValueString(), From: begin.Add(-time.Hour),
	}
	var last commpeak.MessageStatus
	for wait := initialPoll; ; wait = min(2*wait, longestPoll) {
		status, err := a.statusOf(ctx, filter, uuid)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			tfkit.AddError(diags, "Could not follow message "+uuid, err)
			return
		}
		if status != last {
			report("Message %s is %s", uuid, status)
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
			"It may still arrive: look for it in the console. Raise delivery_timeout to wait longer.", timeout, uuid, orNotListed(last)))
		return
	}
	diags.AddError("The wait for the delivery was interrupted", fmt.Sprintf("Message %s was sent, and is %s.", uuid, orNotListed(last)))
}

// notListed is the status of a message that the search does not return yet.
const notListed commpeak.MessageStatus = "not listed yet"

func orNotListed(status commpeak.MessageStatus) commpeak.MessageStatus {
	if status == "" {
		return notListed
	}
	return status
}

// statusOf returns the status of the message from the search for messages, whose fields are
// documented. The fields of the messaging API's own status call are not.
func (a *sendAction) statusOf(ctx context.Context, filter commpeak.MessageFilter, uuid string) (commpeak.MessageStatus, error) {
	for message, err := range a.Session.Messages(ctx, filter) {
		if err != nil {
			return "", err
		}
		if message.UUID == uuid {
			return orNotListed(message.Status), nil
		}
	}
	return notListed, nil
}

// pause waits, unless the context ends first.
func pause(ctx context.Context, wait time.Duration) {
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
}

// failures are the statuses of messages that will not be delivered.
var failures = map[commpeak.MessageStatus]string{
	commpeak.MessageSentFailed:  "it could not be sent",
	commpeak.MessageUndelivered: "it was sent but did not arrive. The number may be wrong, or the phone may be switched off",
	commpeak.MessageNoRoutes:    "there is no route to the recipient. Ask the support of CommPeak to open the country or network",
	commpeak.MessageRejected:    "it was rejected, often because of its sender or its text",
}

func validateDeliveryTimeout(text string) string { return tfkit.ValidateDuration(text, time.Hour) }
