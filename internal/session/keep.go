package session

// Keep returns what is kept under the key; the first caller creates it.
func (s *Session) Keep(key any, first func() any) any {
	if kept, found := s.kept.Load(key); found {
		return kept
	}
	kept, _ := s.kept.LoadOrStore(key, first())
	return kept
}
