package tfkit

import (
	"errors"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// causeOfSend returns why a call of the messaging API failed, if that differs from the management API.
func causeOfSend(failed *commpeak.Error, err error) (cause, bool) {
	switch {
	case errors.Is(err, commpeak.ErrReadOnly):
		return cause{
			advice:  "A message is a write. To let the provider send it, remove read_only from its configuration and unset COMMPEAK_READ_ONLY.",
			section: "read-only-provider",
		}, true
	case errors.Is(err, commpeak.ErrNotAuthenticated):
		return cause{advice: "CommPeak rejected the stream's token, which may just have been reset. Run this again: it reads the current token. " +
			"If it fails again, check that endpoint and messaging_endpoint in the provider's configuration belong to the same environment."}, true
	case errors.Is(err, commpeak.ErrForbidden):
		return cause{
			advice: "The stream does not accept requests from the address that this runs at. Add the address to the stream's allowed IPs. " +
				"A restricted stream without allowed IPs accepts none.",
			section: "address-not-allowed",
		}, true
	case failed.Sent && (failed.Status == 0 || failed.Status >= 500):
		return cause{advice: "The request was sent and its outcome is not known, so the message may have been sent. Look for it in the console before you send it again."}, true
	}
	return cause{}, false
}
