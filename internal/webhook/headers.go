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

// hide puts a mask on each value that is not the one that is known.
func hide(headers, known map[string]string) {
	for name, value := range headers {
		if before, isKnown := known[name]; !isKnown || before != value {
			headers[name] = commpeak.HeaderMask
		}
	}
}

// duplicate finds a name that two headers share, whatever its case; "" if none
// does. Names are looked at in a fixed order.
func duplicate(headers ...map[string]string) string {
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

// written is what is remembered of the write-only headers that were last sent.
// The zero value: there are none, or nothing is known of them.
type written struct {
	// Names are in lower case, sorted.
	Names []string `json:"names"`
	// Fingerprint recognises all values together.
	Fingerprint tfkit.Fingerprint `json:"fingerprint"`
}

// remember returns what is kept of write-only headers.
func remember(writeOnly map[string]string) (written, error) {
	folded := fold(writeOnly)
	w := written{Names: slices.Sorted(maps.Keys(folded))}
	if len(w.Names) == 0 {
		return written{}, nil
	}
	var err error
	w.Fingerprint, err = tfkit.NewFingerprint(text(folded))
	return w, err
}

// of reports whether these are the headers that were written.
func (w written) of(writeOnly map[string]string) bool {
	folded := fold(writeOnly)
	if len(w.Names) == 0 || len(folded) == 0 {
		return len(w.Names) == len(folded)
	}
	return slices.Equal(w.Names, slices.Sorted(maps.Keys(folded))) && w.Fingerprint.Matches(text(folded))
}

// drift says in what the API's headers differ from those that were
// written; "" for nothing. Values that it masks are not compared.
func (w written) drift(reported []commpeak.Header) string {
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
		return "The API no longer has these: " + strings.Join(missing, ", ") + "."
	case !masked && !w.of(found):
		return "The API has other values for them than were last sent."
	}
	return ""
}

// fold brings names to lower case.
func fold(headers map[string]string) map[string]string {
	folded := map[string]string{}
	for name, value := range headers {
		folded[strings.ToLower(name)] = value
	}
	return folded
}

// text is one text of all headers, in a fixed order.
func text(headers map[string]string) string {
	encoded, _ := json.Marshal(headers) // texts can be encoded, and keys are sorted.
	return string(encoded)
}
