package commpeak

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
)

// minSecret is the length in bytes from which a secret is redacted. A shorter one
// would make every text unreadable.
const minSecret = 8

// secrets are the credentials that a client has seen. None of them appears in an
// error or a log, even if a server repeats it.
type secrets struct {
	mu sync.RWMutex
	// texts are the secrets; forms are the ways in which a text may contain them,
	// the longest first, so that no secret leaves the rest of a longer one.
	texts, forms []string
}

func (s *secrets) add(text string) {
	if text == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(s.texts, text) {
		return
	}
	s.texts = append(s.texts, text)
	if len(text) < minSecret {
		return
	}
	for _, form := range secretForms(text) {
		at, found := slices.BinarySearchFunc(s.forms, form, byLength)
		if !found {
			s.forms = slices.Insert(s.forms, at, form)
		}
	}
}

func byLength(a, b string) int {
	if len(a) != len(b) {
		return len(b) - len(a)
	}
	return strings.Compare(a, b)
}

// secretForms are the secret as it is and as a URL, JSON and HTML contain it.
func secretForms(text string) []string {
	quoted, _ := json.Marshal(text) // Text can always be encoded.
	slashes := strings.ReplaceAll(strings.Trim(string(quoted), `"`), "/", `\/`)
	return []string{text, url.QueryEscape(text), url.PathEscape(text), strings.Trim(string(quoted), `"`), slashes, html.EscapeString(text)}
}

// redact returns the text with *** instead of each secret.
func (s *secrets) redact(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, form := range s.forms {
		text = strings.ReplaceAll(text, form, "***")
	}
	return text
}

// addProxies adds the credentials of the proxies in the environment.
func (s *secrets) addProxies(getenv func(string) string) {
	for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"} {
		for _, value := range []string{getenv(name), getenv(strings.ToLower(name))} {
			proxy, err := url.Parse(value)
			if err != nil || proxy.User == nil {
				continue
			}
			password, _ := proxy.User.Password()
			pair := proxy.User.Username() + ":" + password
			s.add(password)
			s.add(pair)
			s.add(proxy.User.String())
			s.add(base64.StdEncoding.EncodeToString([]byte(pair)))
		}
	}
}

func newSecrets(key string) *secrets {
	s := &secrets{}
	s.add(key)
	s.addProxies(os.Getenv)
	return s
}

// Redact returns the text with *** instead of each credential that the client has seen.
func (c *Client) Redact(text string) string { return c.secrets.redact(text) }

// Secrets returns every credential that has passed through the client, for the
// masks of a log. Short ones are left out, since they would mask ordinary text.
func (c *Client) Secrets() []string {
	c.secrets.mu.RLock()
	defer c.secrets.mu.RUnlock()
	return slices.DeleteFunc(slices.Clone(c.secrets.texts), func(text string) bool { return len(text) < minSecret })
}
