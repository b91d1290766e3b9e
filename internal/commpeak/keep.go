package commpeak

// Keep returns what is kept with the client under the key; the first to ask has
// it made. It is for those who have nothing in common but the client.
func (c *Client) Keep(key any, first func() any) any {
	if kept, found := c.kept.Load(key); found {
		return kept
	}
	kept, _ := c.kept.LoadOrStore(key, first())
	return kept
}
