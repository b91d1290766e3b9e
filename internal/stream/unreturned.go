package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// The documented response contains no settings such as demo. An import cannot read
// them, so the first apply records what is configured without a request. The
// attributes that are concerned are in the private state until then.

// unreturnedKey is the private-state key of the attributes that the API did not return at the import.
const unreturnedKey = "unreturned"

// setting is an attribute that the documented response does not contain.
type setting struct {
	name       string
	isReturned func(commpeak.Stream) bool
	value      func(resourceModel) attr.Value
	// assume makes the setting in the account equal to the configured one.
	assume func(account *commpeak.StreamSpec, configured commpeak.StreamSpec)
}

var settings = []setting{
	{
		"default_sender", func(s commpeak.Stream) bool { return s.DefaultSender != nil },
		func(m resourceModel) attr.Value { return m.DefaultSender },
		func(account *commpeak.StreamSpec, configured commpeak.StreamSpec) {
			account.DefaultSender = configured.DefaultSender
		},
	},
	{
		"demo", func(s commpeak.Stream) bool { return s.Demo != nil },
		func(m resourceModel) attr.Value { return m.Demo },
		func(account *commpeak.StreamSpec, configured commpeak.StreamSpec) { account.Demo = configured.Demo },
	},
	{
		"restricted", func(s commpeak.Stream) bool { return s.Restricted != nil },
		func(m resourceModel) attr.Value { return m.Restricted },
		func(account *commpeak.StreamSpec, configured commpeak.StreamSpec) {
			account.Restricted = configured.Restricted
		},
	},
	{
		"otp", func(s commpeak.Stream) bool { return s.OTP != nil },
		func(m resourceModel) attr.Value { return m.OTP },
		func(account *commpeak.StreamSpec, configured commpeak.StreamSpec) { account.OTP = configured.OTP },
	},
	{
		"whatsapp", func(s commpeak.Stream) bool { return s.WhatsApp != nil },
		func(m resourceModel) attr.Value { return m.WhatsApp },
		func(account *commpeak.StreamSpec, configured commpeak.StreamSpec) {
			account.WhatsApp = configured.WhatsApp
		},
	},
}

// storeUnreturned stores the attributes that an import could not read.
func storeUnreturned(ctx context.Context, stream commpeak.Stream, private tfkit.PrivateState, diags *diag.Diagnostics) {
	var names []string
	for _, s := range settings {
		if !s.isReturned(stream) {
			names = append(names, s.name)
		}
	}
	encoded, err := json.Marshal(names)
	if err != nil || len(names) == 0 {
		return
	}
	diags.Append(private.SetKey(ctx, unreturnedKey, encoded)...)
}

// recordedSettings are the settings that an update only records: the plan changes
// them, and the API has not returned them since the import.
func recordedSettings(ctx context.Context, state, plan resourceModel, private tfkit.PrivateState, diags *diag.Diagnostics) []setting {
	encoded, keyDiags := private.GetKey(ctx, unreturnedKey)
	diags.Append(keyDiags...)
	var names []string
	if encoded == nil || json.Unmarshal(encoded, &names) != nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(settings), func(s setting) bool {
		return !slices.Contains(names, s.name) || s.value(state).Equal(s.value(plan))
	})
}

func isRecorded(name string, recorded []setting) bool {
	return slices.ContainsFunc(recorded, func(s setting) bool { return s.name == name })
}

func warnOfRecorded(id string, recorded []setting, diags *diag.Diagnostics) {
	for _, s := range recorded {
		advice := "Compare the value with the console."
		if s.name == "whatsapp" {
			advice += " An access token is not sent either: raise access_token_wo_version in a later apply to send it."
		}
		diags.AddAttributeWarning(path.Root(s.name), fmt.Sprintf("%s of stream %s cannot be verified", s.name, id),
			fmt.Sprintf("The API did not return %s when the stream was imported. The apply records the configured value in the state "+
				"and does not send it. %s", s.name, advice))
	}
}

// warnUnconfirmed warns if a response does not contain a setting that the request changed.
func warnUnconfirmed(stream commpeak.Stream, before, written commpeak.StreamSpec, diags *diag.Diagnostics) {
	for _, s := range []struct {
		name     string
		changed  bool
		returned *bool
		console  string
	}{
		{"demo", before.Demo != written.Demo, stream.Demo, "Demo Sending"},
		{"restricted", before.Restricted != written.Restricted, stream.Restricted, "Restrict"},
	} {
		if s.changed && s.returned == nil {
			diags.AddAttributeWarning(path.Root(s.name), fmt.Sprintf("CommPeak did not confirm %s of stream %s", s.name, stream.ID),
				fmt.Sprintf("The request contained %s, but the response does not. Terraform cannot find out whether it is in force. Check %s in the console.", s.name, s.console))
		}
	}
}
