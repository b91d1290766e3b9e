package commpeak

import (
	"context"
	"iter"
)

// DomainConfigured is the status of a domain that can be used. Its spelling was seen,
// and is not documented.
const DomainConfigured = "configured"

var domainStatuses = []string{DomainConfigured, "pending", "blocked", "reached_limit"}

// Domain is a domain for short links in messages.
type Domain struct {
	ID, Name string
	// IP is the address that the domain points to.
	IP     string
	Status string
}

// UnmarshalJSON reads the API's form.
func (d *Domain) UnmarshalJSON(data []byte) error {
	var wire struct {
		ID     flexID     `json:"id"`
		Name   flexString `json:"name"`
		IP     flexString `json:"ip"`
		Status flexString `json:"status"`
	}
	if _, err := decodeFields(data, &wire); err != nil {
		return err
	}
	*d = Domain{ID: string(wire.ID), Name: string(wire.Name), IP: string(wire.IP), Status: parseEnum(string(wire.Status), domainStatuses)}
	return nil
}

// Domains lists the domains of the account.
func (c *Client) Domains(ctx context.Context) iter.Seq2[Domain, error] {
	return pages[Domain](ctx, c, listDomains.call())
}
