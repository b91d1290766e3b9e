package commpeak

import "context"

// SenderStatuses returns the status of every sender value of the account. Where
// several senders share a value, an approved one counts. The list is asked for
// once and kept: plans of many streams need it many times, and no call of this
// client changes it. The map is everybody's: it must not be changed.
func (c *Client) SenderStatuses(ctx context.Context) (map[string]string, error) {
	done, err := c.turns.take(ctx, "list senders")
	if err != nil {
		return nil, err
	}
	defer done()
	if known := c.senderStatuses.Load(); known != nil {
		return *known, nil
	}
	known := map[string]string{}
	for sender, err := range c.Senders(ctx) {
		if err != nil {
			return nil, err
		}
		if known[sender.Value] != SenderApproved {
			known[sender.Value] = sender.Status
		}
	}
	c.senderStatuses.Store(&known)
	return known, nil
}
