// Package tfkit holds the few helpers that the object packages share:
// diagnostics from API errors, validators, and the forms of values.
package tfkit

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/session"
)

// DefaultTimeout bounds an operation whose timeouts block says nothing.
const DefaultTimeout = 5 * time.Minute

// Client returns the client that the provider hands to each of its parts. It
// is nil before the provider is configured, as when a configuration is merely
// validated.
func Client(providerData any, diags *diag.Diagnostics) *session.Session {
	if providerData == nil {
		return nil
	}
	client, ok := providerData.(*session.Session)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("This is a defect of the provider: it was configured with a %T.", providerData))
	}
	return client
}

// Time returns a moment as RFC 3339, null for none.
func Time(moment *time.Time) types.String {
	if moment == nil {
		return types.StringNull()
	}
	return types.StringValue(moment.Format(time.RFC3339))
}

// OptionalString returns text as a string, null for the empty one.
func OptionalString(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
