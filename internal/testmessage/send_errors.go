package testmessage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// addSendError adds why the message was not sent. The texts of refusals are not documented, so the
// advice depends on the stream.
func (a *sendAction) addSendError(ctx context.Context, config sendModel, err error, diags *diag.Diagnostics) {
	streamID := config.StreamID.ValueString()
	summary := "Could not send a test message through stream " + streamID
	var failed *commpeak.Error
	if !errors.Is(err, commpeak.ErrRefused) || !errors.As(err, &failed) {
		tfkit.AddError(diags, summary, err)
		return
	}
	words := failed.Message()
	if words == "" {
		words = "it returned no reason"
	}
	detail := "CommPeak rejected the message: " + words + "."
	if failed.RequestID != "" {
		detail += "\nRequest ID: " + failed.RequestID
	}
	// The advice works without the stream, so a failed read is ignored.
	stream, _ := a.Session.Stream(ctx, streamID)
	diags.AddError(summary, detail+"\n\n"+refusalHint(stream, !config.EventKey.IsNull(), words))
}

// refusalHint returns what to do about a rejected event template or text.
func refusalHint(stream commpeak.Stream, isEvent bool, words string) string {
	switch {
	case stream.Type == commpeak.WhatsApp:
		return "The stream is of type whatsapp, which sends only WhatsApp templates and replies. Choose a stream of a different type."
	case isEvent && stream.Type != "" && stream.Type != commpeak.OTP && stream.Type != commpeak.Transactional:
		return fmt.Sprintf("The stream is of type %s. Only streams of type otp and transactional have event templates. Set text instead of event_key, or choose a different stream.", stream.Type)
	case stream.State == commpeak.Disabled:
		return "The stream is disabled. Set enabled = true on it, or resume it in the console."
	case stream.State == commpeak.Draft:
		return "The stream is a draft: its setup is not complete, for example because a WhatsApp stream has no access token. Complete it first."
	case strings.Contains(strings.ToLower(words), "sender"):
		return senderAdvice(stream)
	}
	return "Check the recipient, and that the sender is approved for the stream (the data source commpeak_senders lists the senders). " +
		"With event_key, also check that the stream has this event template, and that variables contains all of its variables."
}

func senderAdvice(stream commpeak.Stream) string {
	advice := "Set sender to a sender that is approved for this stream. The data source commpeak_senders lists the senders; GLOBAL is approved for all streams."
	if stream.DefaultSender != nil && *stream.DefaultSender != "" {
		return advice + fmt.Sprintf(" Without sender, the default sender of the stream is used: %q.", *stream.DefaultSender)
	}
	return advice + " The stream has no default sender."
}
