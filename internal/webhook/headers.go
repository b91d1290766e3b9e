package webhook

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// The API has one list of headers for a webhook. Private state contains the names of the headers
// that were last written through headers_wo; all others belong to `headers`. So a header that was
// added in the console is drift of `headers`, and an import reads all headers into `headers`.
//
// A value that Terraform does not know is not taken over, but on import: who
// knows whose secret it is? Even the provider's own may be among them, sent by a
// run that was killed before it could remember that.

// headerList is all headers in one list, sorted by name. It is never nil.
func headerList(plain, writeOnly map[string]string) []commpeak.Header {
	list := make([]commpeak.Header, 0, len(plain)+len(writeOnly))
	for name, value := range plain {
		list = append(list, commpeak.Header{Name: name, Value: value})
	}
	for name, value := range writeOnly {
		list = append(list, commpeak.Header{Name: name, Value: value, Secret: true})
	}
	slices.SortFunc(list, func(a, b commpeak.Header) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// reportedHeaders are the headers of a webhook apart from those of the
// write-only names. One that is known keeps the spelling of its name, whose
// case does not matter, and, where the API masks it, its value.
func reportedHeaders(reported []commpeak.Header, known map[string]string, writeOnly []string) map[string]string {
	spelling := map[string]string{}
	for name := range known {
		spelling[strings.ToLower(name)] = name
	}
	now := map[string]string{}
	for _, header := range reported {
		lower := strings.ToLower(header.Name)
		if slices.Contains(writeOnly, lower) {
			continue
		}
		name, isKnown := spelling[lower]
		if !isKnown {
			name = header.Name
			spelling[lower] = name
		}
		earlier, repeated := now[name]
		switch {
		case repeated:
			// As HTTP has it; no configuration says it, so it is drift.
			now[name] = earlier + ", " + header.Value
		case isKnown && commpeak.IsHeaderMask(header.Value):
			now[name] = known[name]
		default:
			now[name] = header.Value
		}
	}
	return now
}

// maskUnknownValues masks each value that differs from the value in the state.
func maskUnknownValues(headers, known map[string]string) {
	for name, value := range headers {
		if before, isKnown := known[name]; !isKnown || before != value {
			headers[name] = commpeak.HeaderMask
		}
	}
}

// firstDuplicate returns a name that two headers have, regardless of case, or "". It is the same
// one for the same headers.
func firstDuplicate(headers ...map[string]string) string {
	seen := map[string]bool{}
	for _, some := range headers {
		for _, name := range slices.Sorted(maps.Keys(some)) {
			if seen[strings.ToLower(name)] {
				return name
			}
			seen[strings.ToLower(name)] = true
		}
	}
	return ""
}

// sentHeaders is what private state contains of the write-only headers that were last sent. The
// zero value means that there are none, or that they are unknown.
type sentHeaders struct {
	// Names are in lower case, sorted.
	Names []string `json:"names"`
	// Fingerprint is the fingerprint of all values together.
	Fingerprint tfkit.Fingerprint `json:"fingerprint"`
}

// newSentHeaders returns what private state contains of write-only headers.
func newSentHeaders(writeOnly map[string]string) (sentHeaders, error) {
	folded := lowerKeys(writeOnly)
	w := sentHeaders{Names: slices.Sorted(maps.Keys(folded))}
	if len(w.Names) == 0 {
		return sentHeaders{}, nil
	}
	var err error
	w.Fingerprint, err = tfkit.NewFingerprint(canonicalJSON(folded))
	return w, err
}

// matches reports whether these are the headers that were sent.
func (w sentHeaders) matches(writeOnly map[string]string) bool {
	folded := lowerKeys(writeOnly)
	if len(w.Names) == 0 || len(folded) == 0 {
		return len(w.Names) == len(folded)
	}
	return slices.Equal(w.Names, slices.Sorted(maps.Keys(folded))) && w.Fingerprint.Matches(canonicalJSON(folded))
}

// drift returns how the headers of the API differ from those that were sent, or "". Masked values
// are not compared.
func (w sentHeaders) drift(reported []commpeak.Header) string {
	if len(w.Names) == 0 || reported == nil {
		return ""
	}
	found, masked := map[string]string{}, false
	for name, value := range reportedHeaders(reported, nil, nil) {
		if slices.Contains(w.Names, strings.ToLower(name)) {
			found[strings.ToLower(name)] = value
			masked = masked || commpeak.IsHeaderMask(value)
		}
	}
	var missing []string
	for _, name := range w.Names {
		if _, there := found[name]; !there {
			missing = append(missing, name)
		}
	}
	switch {
	case len(missing) > 0:
		return "The API no longer returns these: " + strings.Join(missing, ", ") + "."
	case !masked && !w.matches(found):
		return "The API returns different values than were last sent."
	}
	return ""
}

// lowerKeys returns the headers with names in lower case.
func lowerKeys(headers map[string]string) map[string]string {
	folded := map[string]string{}
	for name, value := range headers {
		folded[strings.ToLower(name)] = value
	}
	return folded
}

// canonicalJSON returns all headers as JSON in a fixed order.
func canonicalJSON(headers map[string]string) string {
	encoded, _ := json.Marshal(headers) // Texts can be encoded, and keys are sorted.
	return string(encoded)
}
