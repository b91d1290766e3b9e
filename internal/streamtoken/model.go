// Package streamtoken defines the resource and the ephemeral resource commpeak_stream_token, and
// the action commpeak_reset_stream_token.
package streamtoken

import (
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// resourceModel is the token of a stream in a configuration, plan or state.
type resourceModel struct {
	StreamID      types.String `tfsdk:"stream_id"`
	ResetTriggers types.Map    `tfsdk:"reset_triggers"`
	StoreToken    types.Bool   `tfsdk:"store_token"`
	Token         types.String `tfsdk:"token"`
	Fingerprint   types.String `tfsdk:"fingerprint"`
	Version       types.Int64  `tfsdk:"version"`
	ResetAt       types.String `tfsdk:"reset_at"`
}

// identityModel identifies the token of a stream.
type identityModel struct {
	StreamID types.String `tfsdk:"stream_id"`
}

// ownsToken reports whether the fingerprint in the state is the fingerprint of the token.
func (m resourceModel) ownsToken(token string) bool {
	fingerprint := tfkit.ParseFingerprint(m.Fingerprint.ValueString())
	return fingerprint != nil && fingerprint.Matches(token)
}

// setToken writes the token to the state if store_token is true.
func (m *resourceModel) setToken(token string) {
	m.Token = types.StringNull()
	if m.StoreToken.ValueBool() {
		m.Token = types.StringValue(token)
	}
}

// setResetTime records when the token was reset.
func (m *resourceModel) setResetTime(moment time.Time) {
	m.ResetAt = types.StringValue(moment.UTC().Format(time.RFC3339))
	m.Version = types.Int64Value(nextVersion(moment, m.Version.ValueInt64()))
}

// lastVersion is the highest version that this process has used.
var lastVersion atomic.Int64

// nextVersion returns the version of a reset, in milliseconds. It is higher than the previous
// version, and than all versions that this process has used: the new object of a replacement does
// not have the version of the old object.
func nextVersion(moment time.Time, previous int64) int64 {
	for {
		last := lastVersion.Load()
		next := max(moment.UnixMilli(), previous+1, last+1)
		if lastVersion.CompareAndSwap(last, next) {
			return next
		}
	}
}
