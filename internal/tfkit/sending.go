package tfkit

import (
	"errors"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// adviseOnSending says what to do about a failed call of the run-time API, where
// that differs from the management API.
func adviseOnSending(failed *commpeak.Error, err error) string {
	switch {
	case errors.Is(err, commpeak.ErrReadOnly):
		return "Nothing was sent. A message is a write: remove read_only from the provider's configuration (or set it to false) to let Terraform send it."
	case errors.Is(err, commpeak.ErrNotTheAPI):
		return "Something other than the CommPeak run-time API seems to answer there: check the provider's messaging_endpoint (COMMPEAK_MESSAGING_ENDPOINT), and any proxy on the way."
	case errors.Is(err, commpeak.ErrNotAuthenticated):
		return "The run-time API does not accept the stream's token. It may have been reset in this moment: run this again, which asks for the living one. " +
			"If it stays so, check that endpoint and messaging_endpoint in the provider's configuration belong together."
	case errors.Is(err, commpeak.ErrForbidden):
		return "The stream takes no calls from the address that this runs at. Add the address to the stream's allowed IPs; " +
			"a stream that is restricted takes none at all while its list is empty."
	case failed.Sent && (failed.Status == 0 || failed.Status >= 500):
		return "The request was sent and its outcome is not known, so the message may have gone out. Look for it in the console before sending again."
	}
	return ""
}

// endpointOf names the setting that says where the call went.
func endpointOf(failed *commpeak.Error) string {
	if failed.RunTime {
		return "messaging_endpoint (COMMPEAK_MESSAGING_ENDPOINT)"
	}
	return "endpoint (COMMPEAK_ENDPOINT)"
}
