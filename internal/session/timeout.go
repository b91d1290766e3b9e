package session

import (
	"cmp"
	"context"
	"time"
)

// DefaultOperationTimeout applies if the configuration does not set
// operation_timeout.
const DefaultOperationTimeout = 5 * time.Minute

// WithTimeout bounds one create, read, update or delete, including its retries.
func (s *Session) WithTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, cmp.Or(s.OperationTimeout, DefaultOperationTimeout))
}
