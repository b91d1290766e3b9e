package mockserver

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// checkRate refuses what exceeds the rate limit.
func (s *Server) checkRate(*call) *answer {
	pause := s.bucket.take(s.now())
	if pause == 0 {
		return nil
	}
	ans := problem(http.StatusTooManyRequests, "Too many requests.")
	ans.set("Retry-After", strconv.Itoa(int(math.Ceil(pause.Seconds()))))
	return ans
}

// bucket is a token bucket that holds one second's worth of requests, and one at least.
type bucket struct {
	rate   float64 // requests a second; 0: no limit
	tokens float64
	filled time.Time // when tokens was right; zero: never used
}

// take takes one token out. It returns 0, or how long to wait until there is one.
func (b *bucket) take(now time.Time) time.Duration {
	if b.rate <= 0 {
		return 0
	}
	size := max(1, b.rate)
	if b.filled.IsZero() {
		b.tokens = size
	} else if now.After(b.filled) {
		b.tokens = min(size, b.tokens+b.rate*now.Sub(b.filled).Seconds())
	}
	b.filled = now
	if b.tokens >= 1 {
		b.tokens--
		return 0
	}
	return time.Duration(math.Ceil((1 - b.tokens) / b.rate * float64(time.Second)))
}
