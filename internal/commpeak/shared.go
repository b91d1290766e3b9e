package commpeak

// Shared returns what is kept with the client under the key; the first to ask
// has it made. It is for those who have nothing in common but the client.
func (c *Client) Shared(key any, first func() any) any {
	if kept, found := c.shared.Load(key); found {
		return kept
	}
	kept, _ := c.shared.LoadOrStore(key, first())
	return kept
}
