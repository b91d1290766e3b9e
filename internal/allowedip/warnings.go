package allowedip

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// Each summary names the object, because Terraform folds warnings with equal summaries.

// isRestricted reports whether a stream is closed when its list is empty.
func isRestricted(stream commpeak.Stream) bool { return stream.Restricted != nil && *stream.Restricted }

// warnOfEmptyList warns unless the stream is restricted.
func warnOfEmptyList(stream commpeak.Stream, diags *diag.Diagnostics) {
	if isRestricted(stream) {
		return
	}
	diags.AddAttributeWarning(path.Root("ips"), fmt.Sprintf("Stream %q (%s) will be open to everyone", stream.Name, stream.ID),
		"The list of allowed IPs becomes empty and the stream is not restricted: any address may then call its API. "+
			"To close the stream instead, set restricted = true on it. Ignore this if the same plan restricts or deletes the stream.")
}

// warnOfLastEntry warns that an entry is not removed.
func warnOfLastEntry(streamID, ip string, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("ip"), fmt.Sprintf("%s stays allowed on stream %s", ip, streamID),
		"It is the last allowed IP of the stream, and an empty list would open the stream to everyone. Terraform no longer manages the entry, but it stays on the list. "+
			"To remove it, first allow a different address or set restricted = true on the stream. To open the stream, apply a commpeak_allowed_ips resource with ips = []. "+
			"Ignore this if the same plan deletes the stream or replaces the entry.")
}

// warnOfAdoption warns that an entry was not added by the resource that manages it now.
func warnOfAdoption(streamID, ip string, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("ip"), fmt.Sprintf("%s was already allowed on stream %s", ip, streamID),
		"This resource manages the existing entry from now on: destroying the resource removes the entry. "+
			"If another resource of the configuration manages the same entry, remove one of the two.")
}

// warnOfListLeft warns that a list outlives its resource.
func warnOfListLeft(state allowedIPsModel, diags *diag.Diagnostics) {
	list, _ := knownEntries(state.IPs)
	slices.Sort(list)
	diags.AddAttributeWarning(path.Root("ips"), fmt.Sprintf("The allowed IPs of stream %s stay in force", state.StreamID.ValueString()),
		fmt.Sprintf("Terraform no longer manages the list, but the stream keeps it and accepts these addresses only: %s. "+
			"To open the stream, apply ips = [] before you remove this resource. Ignore this if the same plan deletes the stream.", shortList(list)))
}

// warnAnyAddress warns of an entry that allows every address, or one that allows none although it
// is often written for every address.
func warnAnyAddress(list []string, streamID types.String, at path.Path, diags *diag.Diagnostics) {
	stream := "a new stream"
	if tfkit.IsKnown(streamID) {
		stream = "stream " + streamID.ValueString()
	}
	for _, entry := range list {
		address, err := netip.ParseAddr(commpeak.CanonicalIP(entry))
		switch {
		case isAnyAddress(entry):
			diags.AddAttributeWarning(at, fmt.Sprintf("%s allows every address on %s", entry, stream),
				"Every address of this kind (IPv4 or IPv6) may call the API of the stream, whatever else is on the list.")
		case err == nil && address.IsUnspecified():
			diags.AddAttributeWarning(at, fmt.Sprintf("%s allows no client on %s", entry, stream),
				fmt.Sprintf("%[1]s is one address, which no client has. If it is the only entry, all clients are locked out. To allow every address, write %[1]s/0.", entry))
		}
	}
}

func warnOfRemoved(removed []string, stream types.String, diags *diag.Diagnostics) {
	if len(removed) == 0 {
		return
	}
	diags.AddAttributeWarning(path.Root("ips"), fmt.Sprintf("Allowed IPs of stream %s are removed", stream.ValueString()),
		fmt.Sprintf("The list contains entries that are not configured. They are removed: %s.", shortList(removed)))
}

// shortList is a list for a message.
func shortList(list []string) string {
	const maximum = 20
	if len(list) > maximum {
		list = append(slices.Clone(list[:maximum]), "…")
	}
	return strings.Join(list, ", ")
}
