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

// explain reports why the message was not sent. The service's words are not
// documented, so a refusal is explained by what the stream is.
func (a *sendAction) explain(ctx context.Context, config sendModel, err error, diags *diag.Diagnostics) {
	streamID := config.StreamID.ValueString()
	summary := "Could not send a test message through stream " + streamID
	var failed *commpeak.Error
	if !errors.Is(err, commpeak.ErrRefused) || !errors.As(err, &failed) {
		tfkit.AddError(diags, summary, err)
		return
	}
	words := failed.Words()
	if words == "" {
		words = "no reason is given"
	}
	detail := "The service refuses: " + words + "."
	if failed.RequestID != "" {
		detail += "\nRequest id: " + failed.RequestID
	}
	// Not being able to look is no failure of its own: the refusal stands.
	stream, _ := a.Session.Stream(ctx, streamID)
	diags.AddError(summary, detail+"\n\n"+adviseOnRefusal(stream, !config.EventKey.IsNull(), words))
}

// adviseOnRefusal says what to do about a refusal, with these words, of an event
// template or a text.
func adviseOnRefusal(stream commpeak.Stream, isEvent bool, words string) string {
	switch {
	case stream.Type == commpeak.WhatsApp:
		return "The stream is of type whatsapp, which sends templates and replies, and neither texts nor event templates. Choose a stream of another type."
	case isEvent && stream.Type != "" && stream.Type != commpeak.OTP && stream.Type != commpeak.Transactional:
		return fmt.Sprintf("The stream is of type %s: only streams of type otp and transactional have event templates. Send a text, or choose another stream.", stream.Type)
	case stream.State == commpeak.Disabled:
		return "The stream is disabled. Set enabled = true on it, or resume it in the console."
	case stream.State == commpeak.Draft:
		return "The stream is a draft: creation steps are missing, such as the access token of a WhatsApp stream. Complete it first."
	case strings.Contains(strings.ToLower(words), "sender"):
		return senderAdvice(stream)
	}
	return "Check that the recipient can be reached, that the sender is approved for the stream (the data source commpeak_senders lists them) and, " +
		"with event_key, that the stream has the event template and that variables holds a value for each of its variables."
}

func senderAdvice(stream commpeak.Stream) string {
	advice := "Set sender to one that is approved for this stream: the data source commpeak_senders lists them, and GLOBAL is shared and approved for all."
	if stream.DefaultSender != nil && *stream.DefaultSender != "" {
		return advice + fmt.Sprintf(" The default sender of the stream, used where none is set, is %q.", *stream.DefaultSender)
	}
	return advice + " The stream has no default sender to fall back on."
}
