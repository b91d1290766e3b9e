package mockserver

import "slices"

// Statuses of domains, as they were seen. Their spelling does not follow [Options.Spelling].
const (
	DomainPending      = "Pending"
	DomainConfigured   = "Configured"
	DomainBlocked      = "Blocked"
	DomainReachedLimit = "Reached Limit"
)

// Domain is a short-link domain of the account.
type Domain struct {
	ID     int    `json:"id"`
	Name   string `json:"name"`
	IP     string `json:"ip,omitempty"` // empty: null
	Status string `json:"status"`
}

// DefaultDomains returns the domains of an account for which no others are given.
func DefaultDomains() []Domain {
	return []Domain{
		{Name: "go.example.com", IP: "203.0.113.10", Status: DomainConfigured},
		{Name: "go.example.net", IP: "203.0.113.11", Status: DomainPending},
	}
}

// Domains returns the domains, ascending by ID.
func (s *Server) Domains() []Domain {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.account.Domains)
}

// AddDomain adds a domain and returns it with its ID.
func (s *Server) AddDomain(domain Domain) Domain {
	s.update(func() { domain = s.account.addDomain(domain) })
	return domain
}

func (a *account) addDomain(domain Domain) Domain {
	domain.ID = a.nextID("domain")
	a.Domains = append(a.Domains, domain)
	return domain
}

// wireDomain is a domain in an answer.
type wireDomain struct {
	ID     any     `json:"id"`
	Name   string  `json:"name"`
	IP     *string `json:"ip"`
	Status string  `json:"status"`
}

func (s *Server) wireDomain(d Domain) wireDomain {
	return wireDomain{s.opts.Spelling.id(d.ID), d.Name, orNull(d.IP), d.Status}
}

func (s *Server) listDomains(c *call) *answer { return listed(c, s.account.Domains, s.wireDomain) }
