package mockserver

import (
	"encoding/json"
	"fmt"
)

// Snapshot returns the account as JSON, all secrets in it: streams, tokens, senders. The request log and the faults are
// not the account's.
func (s *Server) Snapshot() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := json.MarshalIndent(s.account, "", "  ") //nolint:gosec // The key is part of what a snapshot keeps.
	if err != nil {
		return nil, fmt.Errorf("write the snapshot: %w", err)
	}
	return append(text, '\n'), nil
}

// Restore replaces the account with the one in a Snapshot. An API key that Options named stays.
func (s *Server) Restore(snapshot []byte) error {
	restored := account{Tags: map[string]int{}, LastID: map[string]int{}}
	if err := json.Unmarshal(snapshot, &restored); err != nil {
		return fmt.Errorf("read the snapshot: %w", err)
	}
	if s.opts.APIKey != "" || restored.APIKey == "" {
		restored.APIKey = s.APIKey()
	}
	s.update(func() {
		s.account = restored
		s.keepSecret(restored.APIKey)
		for _, st := range restored.Streams {
			s.keepSecret(st.Token)
			if st.WhatsApp != nil {
				s.keepSecret(st.WhatsApp.AccessToken)
			}
		}
	})
	return nil
}
