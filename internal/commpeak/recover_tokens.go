package commpeak

import (
	"context"
	"errors"
	"net/http"
)

// ResetStreamToken gives a stream a new token and returns it. The old one is
// dead at once. The call rests on an assumption: CommPeak documents none.
//
// It is sent once: a reset whose answer is lost is not repeated, but looked for.
// If the stream's token is another one than before, which is the token that
// [Client.StreamToken] returned last, the reset was carried out. An empty before
// leaves it open whether it was.
func (c *Client) ResetStreamToken(ctx context.Context, streamID, before string) (string, error) {
	token, err := c.token(ctx, http.MethodPost, "reset the token of stream "+streamID, streamID)
	var failed *Error
	if before != "" && errors.As(err, &failed) && failed.MaybeApplied() {
		switch living, lookErr := c.lookForReset(ctx, streamID, failed); {
		case lookErr == nil && living != before:
			return living, nil
		case lookErr == nil:
			failed.Outcome = NothingDone
		}
	}
	return token, c.explainMissingStream(ctx, streamID, err)
}

// lookForReset reads the token after a reset whose answer was lost. A service
// that is slow rather than broken gets time to finish.
func (c *Client) lookForReset(ctx context.Context, streamID string, failed *Error) (string, error) {
	wait := c.schedule().NextBackOff()
	if failed.RetryAfter != nil {
		wait = max(wait, *failed.RetryAfter)
	}
	if err := sleep(ctx, wait); err != nil {
		return "", err
	}
	return c.StreamToken(ctx, streamID)
}
