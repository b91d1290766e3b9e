package mockserver

import "crypto/subtle"

// newToken returns a new stream token: recognisable, and longer than what a naive hash takes.
func (s *Server) newToken() string {
	token := "mock_stream_token_" + randomHex(48)
	s.keepSecret(token)
	return token
}

// Token returns the current token of the stream, or "" if there is no such stream.
func (s *Server) Token(streamID int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.account.stream(streamID); st != nil {
		return st.Token
	}
	return ""
}

// streamByToken returns the stream whose current token is given, or nil.
func (a *account) streamByToken(given []byte) *stream {
	if len(given) == 0 {
		return nil // An empty token never authorizes.
	}
	for _, st := range a.Streams {
		if subtle.ConstantTimeCompare(given, []byte(st.Token)) == 1 {
			return st
		}
	}
	return nil
}

// ResetToken resets the stream's token, as a console user would, and returns the new one, or "" if there is no
// such stream.
func (s *Server) ResetToken(streamID int) string {
	token := ""
	s.update(func() {
		if st := s.account.stream(streamID); st != nil {
			st.Token = s.newToken()
			token = st.Token
		}
	})
	return token
}

func (s *Server) showToken(c *call) *answer { return ok(map[string]string{"token": c.stream.Token}) }

func (s *Server) resetToken(c *call) *answer {
	c.stream.Token = s.newToken()
	return s.showToken(c)
}
