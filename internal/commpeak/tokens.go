package commpeak

import (
	"context"
	"encoding/json"
	"errors"
)

// streamToken reads the API's form of a stream's token.
type streamToken string

func (t *streamToken) UnmarshalJSON(data []byte) error {
	var wire struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	if wire.Token == "" {
		return errors.New("no token")
	}
	*t = streamToken(wire.Token)
	return nil
}

// StreamToken returns the current token of a stream; [ErrNotFound] if there is no
// such stream.
func (c *Client) StreamToken(ctx context.Context, streamID string) (string, error) {
	token, err := send[streamToken](ctx, c, showToken.call(streamID))
	c.secrets.add(string(token))
	return string(token), err
}

// ResetStreamToken gives a stream a new token and returns it. It is repeated
// only if it certainly had no effect.
func (c *Client) ResetStreamToken(ctx context.Context, streamID string) (string, error) {
	token, err := sendOrRead(ctx, c, resetToken.call(streamID), func(ctx context.Context) (streamToken, error) {
		token, err := c.StreamToken(ctx, streamID)
		return streamToken(token), err
	})
	c.secrets.add(string(token))
	return string(token), err
}
