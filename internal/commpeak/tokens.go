package commpeak

import (
	"context"
	"errors"
	"net/http"
)

// tokenAnswer is the API's form of a stream token.
type tokenAnswer struct {
	Token string `json:"token"`
}

// StreamToken returns the living token of a stream; [ErrNotFound] when there is
// no such stream.
func (c *Client) StreamToken(ctx context.Context, streamID string) (string, error) {
	token, err := c.token(ctx, http.MethodGet, "show the token of stream "+streamID, streamID)
	return token, c.explainUnlisted(ctx, streamID, err)
}

// ResetStreamToken gives a stream a new token and returns it. The call rests on
// an assumption: CommPeak documents none. It is repeated only if it certainly had no
// effect.
func (c *Client) ResetStreamToken(ctx context.Context, streamID string) (string, error) {
	token, err := c.token(ctx, http.MethodPost, "reset the token of stream "+streamID, streamID)
	return token, c.explainMissingStream(ctx, streamID, err)
}

func (c *Client) token(ctx context.Context, method, does, streamID string) (string, error) {
	got, err := send[tokenAnswer](ctx, c, call{
		does: does, method: method, path: "/streams/{id}/token", args: []string{streamID},
	})
	if err != nil {
		return "", err
	}
	if got.Token == "" {
		return "", &Error{Operation: does, Sent: true, err: errors.Join(ErrNotTheAPI, errors.New("it holds no token"))}
	}
	c.secrets.add(got.Token)
	return got.Token, nil
}
