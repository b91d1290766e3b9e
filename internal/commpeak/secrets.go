package commpeak

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
)

// secrets are the credentials that passed through a client, so that none of
// them is ever repeated in an error or a log, not even when the service does.
type secrets struct {
	mu    sync.RWMutex
	known []secret
}

type secret struct {
	text string
	// pattern finds it, however it is written.
	pattern func() *regexp.Regexp
}

func (s *secrets) add(text string) {
	if text == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.known, func(known secret) bool { return known.text == text }) {
		return
	}
	s.known = append(s.known, secret{text, sync.OnceValue(func() *regexp.Regexp { return patternOf(text) })})
	// The longest first, so that none leaves the rest of another behind.
	slices.SortStableFunc(s.known, func(a, b secret) int { return len(b.text) - len(a.text) })
}

func (s *secrets) all() []secret {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.known)
}

// scrub returns the words with every known credential struck out.
func (s *secrets) scrub(words string) string {
	for _, secret := range s.all() {
		words = secret.pattern().ReplaceAllLiteralString(words, "***")
	}
	return words
}

// patternOf matches a secret as whoever repeats it may write it: each character
// as it is or escaped for a URL, JSON or HTML, lines broken in the middle, and
// the end cut off.
func patternOf(text string) *regexp.Regexp {
	const (
		// least is how many characters count as the secret where the rest is
		// cut off.
		least = 8
		// most bounds how deep a pattern nests; longer secrets are found whole,
		// or cut off within as many characters.
		most    = 400
		newLine = `(?:[\r\n]+[ \t]*)?`
	)
	var pattern strings.Builder
	runes := []rune(text)
	optional := 0
	for i, r := range runes {
		if i > 0 {
			if i >= least && i < most {
				pattern.WriteString(`(?:`)
				optional++
			}
			pattern.WriteString(newLine)
		}
		pattern.WriteString(spellings(r))
	}
	pattern.WriteString(strings.Repeat(`)?`, optional))
	whole := regexp.MustCompile(pattern.String())
	whole.Longest()
	return whole
}

// spellings matches a character as it is and escaped.
func spellings(r rune) string {
	percent, unicodes := "", ""
	for _, b := range []byte(string(r)) {
		percent += fmt.Sprintf("%%%02X", b)
	}
	for _, unit := range utf16.Encode([]rune{r}) {
		unicodes += fmt.Sprintf(`\\u%04X`, unit)
	}
	all := []string{regexp.QuoteMeta(string(r)), "(?i:" + percent + ")", "(?i:" + unicodes + ")"}
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		all = append(all, `\\`+regexp.QuoteMeta(string(r)), regexp.QuoteMeta(html.EscapeString(string(r))),
			fmt.Sprintf(`&#0*%d;`, r), fmt.Sprintf(`(?i:&#x0*%X;)`, r))
	}
	if r == ' ' {
		all = append(all, `\+`)
	}
	return "(?:" + strings.Join(all, "|") + ")"
}

// Secrets returns every credential that has passed through the client, for the
// masks of a log.
func (c *Client) Secrets() []string {
	var texts []string
	for _, secret := range c.secrets.all() {
		texts = append(texts, secret.text)
	}
	return texts
}
