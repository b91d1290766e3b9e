package allowedip

import (
	"slices"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// FuzzIP: an entry is refused, or has one way of writing, which is accepted, and
// stays what it is on a list.
func FuzzIP(f *testing.F) {
	for _, text := range []string{"203.0.113.7", "203.0.113.7/32", "203.0.113.0/24", "203.0.113.7/24", "2001:DB8::1", "::ffff:203.0.113.0/120", "::/0", "fe80::1%eth0", "1.2.3.04", "1.2.3.4,5.6.7.8"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if validateIP(text) != "" {
			return
		}
		once := commpeak.CanonicalIP(text)
		if fault := validateIP(once); fault != "" {
			t.Errorf("%q is accepted, and %q is not: %s", text, once, fault)
		}
		if twice := commpeak.CanonicalIP(once); twice != once {
			t.Errorf("%q is %q, and then %q", text, once, twice)
		}
		if list := canonicalList([]string{once, text, once}); !slices.Equal(list, []string{once}) {
			t.Errorf("%q and %q are a list of %q", text, once, list)
		}
		if isAnyAddress(text) != isAnyAddress(once) {
			t.Errorf("one of %q and %q lets in everything", text, once)
		}
	})
}
