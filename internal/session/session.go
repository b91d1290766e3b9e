// Package session holds what one Terraform run shares on top of the API client.
package session

import (
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// Session is the API client of one Terraform run, with what the objects of the
// run share. It is safe for concurrent use.
type Session struct {
	*commpeak.Client

	// OperationTimeout bounds an operation; zero is [DefaultOperationTimeout].
	OperationTimeout time.Duration
}

// New returns a session on top of the client.
func New(client *commpeak.Client) *Session { return &Session{Client: client} }
