package mockserver

import "slices"

// updateStream changes one stream for a console user, and reports whether there is one.
func (s *Server) updateStream(id int, change func(*stream)) bool {
	found := false
	s.update(func() {
		if st := s.account.stream(id); st != nil {
			found = true
			change(st)
		}
	})
	return found
}

// childrenOf returns a copy of what hangs on a stream.
func childrenOf[T any](s *Server, streamID int, children func(*stream) []T) []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.account.stream(streamID); st != nil {
		return slices.Clone(children(st))
	}
	return nil
}

// without returns children without the one that has the ID, and whether there was one.
func without[T any](children []T, id int, idOf func(T) int) ([]T, bool) {
	i := slices.IndexFunc(children, func(child T) bool { return idOf(child) == id })
	if i < 0 {
		return children, false
	}
	return slices.Delete(children, i, i+1), true
}

// child returns the index of the child that the path names; kind is what it is.
func child[T any](c *call, kind string, children []T, idOf func(T) int) (int, *answer) {
	id := c.request.PathValue(kind + "Id")
	i := slices.IndexFunc(children, func(child T) bool { return decimal(idOf(child)) == id })
	if i < 0 {
		return 0, notFound("No such " + kind + ".")
	}
	return i, nil
}

// typed refuses a call that streams of other types do not have.
func typed(what string, types []string, serve func(*call) *answer) func(*call) *answer {
	return func(c *call) *answer {
		if !slices.Contains(types, c.stream.Type) {
			return invalid([]violation{{Message: "A stream of this type has no " + what + ".", Code: "NOT_ALLOWED"}})
		}
		return serve(c)
	}
}
