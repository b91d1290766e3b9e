package commpeak

import (
	"slices"
	"strings"
	"sync"
)

// secrets are the credentials that passed through a client, so that none of
// them is ever repeated in an error or a log, not even when the service does.
type secrets struct {
	mu    sync.RWMutex
	known []string
}

func (s *secrets) add(secret string) {
	if secret == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(s.known, secret) {
		return
	}
	s.known = append(s.known, secret)
	// The longest first, so that none leaves the rest of another behind.
	slices.SortStableFunc(s.known, func(a, b string) int { return len(b) - len(a) })
}

func (s *secrets) all() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.known)
}

// scrub returns the words with every known credential struck out.
func (s *secrets) scrub(words string) string {
	for _, secret := range s.all() {
		words = strings.ReplaceAll(words, secret, "***")
	}
	return words
}

// Secrets returns every credential that has passed through the client, for the
// masks of a log.
func (c *Client) Secrets() []string { return c.secrets.all() }
