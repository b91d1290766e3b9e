package mockserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Snapshot returns the account as JSON, all secrets in it: streams, tokens, senders. The request log and the faults are
// not part of the account.
func (s *Server) Snapshot() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := json.MarshalIndent(s.account, "", "  ") //nolint:gosec // The key is part of what a snapshot keeps.
	if err != nil {
		return nil, fmt.Errorf("write the snapshot: %w", err)
	}
	return append(text, '\n'), nil
}

// Restore replaces the account with the one in a Snapshot, which may have been written or changed by hand: what every
// object has is filled in. An API key in Options stays. An error changes nothing.
func (s *Server) Restore(snapshot []byte) error {
	restored := account{Tags: map[string]int{}, LastID: map[string]int{}}
	if err := json.Unmarshal(snapshot, &restored); err != nil {
		return fmt.Errorf("read the snapshot: %w", err)
	}
	var err error
	s.update(func() { err = s.install(restored) })
	if err != nil {
		return fmt.Errorf("read the snapshot: %w", err)
	}
	return nil
}

// Reset returns the account to how it was before its first request: empty, or as the seed has it. Requests, faults and
// the way that the clock was moved are forgotten. The API key stays.
func (s *Server) Reset() {
	s.update(func() {
		initial := account{}
		if err := json.Unmarshal(s.initial, &initial); err != nil {
			panic(err) // The server wrote it.
		}
		initial.APIKey = s.account.APIKey
		s.account, s.entries, s.faults = initial, nil, nil
	})
	s.advanced.Store(0)
}

// Leftovers returns the streams that neither a new account nor the seed has, ascending by ID.
func (s *Server) Leftovers() []Stream {
	s.mu.Lock()
	initial := account{}
	err := json.Unmarshal(s.initial, &initial)
	s.mu.Unlock()
	if err != nil {
		panic(err) // The server wrote it.
	}
	return slices.DeleteFunc(s.Streams(), func(st Stream) bool { return initial.stream(st.ID) != nil })
}

// install makes an account from outside the server's own. It fills in what is missing, sorts, and refuses IDs that are
// used twice.
func (s *Server) install(restored account) error {
	if s.opts.APIKey != "" || restored.APIKey == "" {
		restored.APIKey = s.account.APIKey
	}
	if restored.Tags == nil {
		restored.Tags = map[string]int{}
	}
	if restored.LastID == nil {
		restored.LastID = map[string]int{}
	}
	if restored.Senders == nil {
		restored.Senders = s.account.Senders
	}
	if restored.Domains == nil {
		restored.Domains = s.account.Domains
	}
	restored.raise("stream", 100)
	if err := restored.numberAll(); err != nil {
		return err
	}
	s.account = restored
	s.keepSecret(restored.APIKey)
	for _, st := range restored.Streams {
		s.completeStream(&st.Stream)
		if st.Token == "" {
			st.Token = s.newToken()
		}
		s.keepSecret(st.Token)
		s.replaceStream(st, st.Stream)
	}
	return nil
}

// numberAll gives IDs to the objects without one, and refuses those that are used twice.
func (a *account) numberAll() error {
	if slices.Contains(a.Streams, nil) {
		return errors.New("streams: null is no stream")
	}
	var streams, events, webhooks, templates, senders, domains []*int
	for _, st := range a.Streams {
		streams = append(streams, &st.ID)
		for i := range st.Events {
			events = append(events, &st.Events[i].ID)
		}
		for i := range st.Webhooks {
			webhooks = append(webhooks, &st.Webhooks[i].ID)
		}
		for i := range st.Templates {
			templates = append(templates, &st.Templates[i].ID)
		}
	}
	for i := range a.Senders {
		senders = append(senders, &a.Senders[i].ID)
	}
	for i := range a.Domains {
		domains = append(domains, &a.Domains[i].ID)
	}
	for kind, list := range map[string][]*int{
		"stream": streams, "event": events, "webhook": webhooks, "template": templates, "sender": senders, "domain": domains,
	} {
		if err := a.number(kind, list); err != nil {
			return err
		}
	}
	for _, id := range a.Tags {
		a.raise("tag", id)
	}
	slices.SortFunc(a.Streams, func(x, y *stream) int { return x.ID - y.ID })
	slices.SortFunc(a.Senders, func(x, y Sender) int { return x.ID - y.ID })
	slices.SortFunc(a.Domains, func(x, y Domain) int { return x.ID - y.ID })
	return nil
}

// number gives an ID to each object of a kind that has none.
func (a *account) number(kind string, ids []*int) error {
	seen := map[int]bool{}
	for _, id := range ids {
		if *id < 0 || *id != 0 && seen[*id] {
			return fmt.Errorf("the ID %d of a %s is used twice or negative", *id, kind)
		}
		seen[*id] = true
		a.raise(kind, *id)
	}
	for _, id := range ids {
		if *id == 0 {
			*id = a.nextID(kind)
		}
	}
	return nil
}
