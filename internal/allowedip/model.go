// Package allowedip offers the addresses that may call a stream's API: the
// resource commpeak_allowed_ip for one of them, and the resource and the data
// source commpeak_allowed_ips for the whole list.
package allowedip

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// allowedIPModel is one entry of the list of a stream.
type allowedIPModel struct {
	StreamID types.String `tfsdk:"stream_id"`
	IP       types.String `tfsdk:"ip"`
}

// allowedIPIdentity identifies one entry.
type allowedIPIdentity struct {
	StreamID types.String `tfsdk:"stream_id"`
	IP       types.String `tfsdk:"ip"`
}

// allowedIPsModel is a whole list.
type allowedIPsModel struct {
	StreamID types.String `tfsdk:"stream_id"`
	IPs      ipSet        `tfsdk:"ips"`
}

// allowedIPsIdentity identifies the list of a stream.
type allowedIPsIdentity struct {
	StreamID types.String `tfsdk:"stream_id"`
}

// equalIP reports whether two texts are the same address or prefix. Null and unknown values are equal
// to nothing.
func equalIP(one, other types.String) bool {
	return tfkit.IsKnown(one) && tfkit.IsKnown(other) && canonical(one) == canonical(other)
}

func canonical(ip types.String) string { return commpeak.CanonicalIP(ip.ValueString()) }

// knownEntries returns the known elements of a set, and whether all are known.
func knownEntries(set ipSet) (list []string, complete bool) {
	complete = tfkit.IsKnown(set)
	for _, element := range set.Elements() {
		if entry, isText := element.(types.String); isText && tfkit.IsKnown(entry) {
			list = append(list, entry.ValueString())
		} else {
			complete = false
		}
	}
	return list, complete
}

// canonicalList returns a list in canonical form, sorted and without duplicates.
func canonicalList(spelled []string) []string {
	list := make([]string, len(spelled))
	for i, entry := range spelled {
		list[i] = commpeak.CanonicalIP(entry)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// preserveSpellings returns a list in which known entries keep their spelling.
func preserveSpellings(known, list []string) ipSet {
	spelling := map[string]string{}
	for _, entry := range known {
		spelling[commpeak.CanonicalIP(entry)] = entry
	}
	values := make([]attr.Value, len(list))
	for i, entry := range list {
		if spelled, found := spelling[entry]; found {
			entry = spelled
		}
		values[i] = types.StringValue(entry)
	}
	return newIPSet(values)
}

// validateIP returns why text is not a valid address or prefix; "" if it is.
func validateIP(text string) string {
	if address, err := netip.ParseAddr(text); err == nil {
		if address.Zone() != "" {
			return fmt.Sprintf("%q has a zone, which has a meaning only on one machine.", text)
		}
		return ""
	}
	prefix, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return fmt.Sprintf("%q is neither an IPv4 or IPv6 address, for example 203.0.113.7 or 2001:db8::1, nor a prefix, for example 203.0.113.0/24 or 2001:db8::/32.", text)
	case prefix != prefix.Masked():
		return fmt.Sprintf("%q has bits set beyond its /%d. For the whole prefix, write %s. For the one address, write %s.",
			text, prefix.Bits(), prefix.Masked(), prefix.Addr())
	}
	return ""
}

// isAnyAddress reports whether an entry allows every address of its kind.
func isAnyAddress(entry string) bool {
	prefix, err := netip.ParsePrefix(commpeak.CanonicalIP(entry))
	return err == nil && prefix.Bits() == 0
}

// equalIPs reports whether two sets are the same list. A set with unknown elements is equal to
// nothing.
func equalIPs(one, other ipSet) bool {
	a, completeA := knownEntries(one)
	b, completeB := knownEntries(other)
	return completeA && completeB && slices.Equal(canonicalList(a), canonicalList(b))
}
