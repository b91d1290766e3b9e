// Package streamtoken offers the tokens of streams: the resource that owns one,
// the ephemeral resource that shows one, and the action that resets one.
package streamtoken

import (
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// resourceModel is a stream's token in a configuration, plan or state.
type resourceModel struct {
	StreamID      types.String `tfsdk:"stream_id"`
	ResetTriggers types.Map    `tfsdk:"reset_triggers"`
	StoreToken    types.Bool   `tfsdk:"store_token"`
	Token         types.String `tfsdk:"token"`
	Fingerprint   types.String `tfsdk:"fingerprint"`
	Version       types.Int64  `tfsdk:"version"`
	ResetAt       types.String `tfsdk:"reset_at"`
}

// identityModel names a stream's token once and for all.
type identityModel struct {
	StreamID types.String `tfsdk:"stream_id"`
}

// owns reports whether this is the token that the resource owns.
func (m resourceModel) owns(token string) bool {
	fingerprint := tfkit.ParseFingerprintText(m.Fingerprint.ValueString())
	return fingerprint != nil && fingerprint.Of(token)
}

// keep puts the token into the state if it is to be there.
func (m *resourceModel) keep(token string) {
	m.Token = types.StringNull()
	if m.StoreToken.ValueBool() {
		m.Token = types.StringValue(token)
	}
}

// date notes a reset of that moment.
func (m *resourceModel) date(moment time.Time) {
	m.ResetAt = types.StringValue(moment.UTC().Format(time.RFC3339))
	m.Version = types.Int64Value(nextVersion(moment, m.Version.ValueInt64()))
}

// lastVersion is the highest version that this process has used.
var lastVersion atomic.Int64

// nextVersion returns a version for a reset of that moment, in milliseconds. It
// is higher than the previous one, and than all that this process has used: an
// object that replaces another one does not have its previous version.
func nextVersion(moment time.Time, previous int64) int64 {
	for {
		last := lastVersion.Load()
		next := max(moment.UnixMilli(), previous+1, last+1)
		if lastVersion.CompareAndSwap(last, next) {
			return next
		}
	}
}
