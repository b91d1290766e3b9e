package session

// SetLockDir sets where sessions take turns; empty: they do not.
func SetLockDir(s *Session, dir string) { s.lockDir = dir }

// CreateAsOwn notes a stream that the run created.
func NoteCreated(s *Session, path string) { s.created.Store(path, true) }
