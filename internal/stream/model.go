// Package stream offers streams: the resource commpeak_stream and the data
// sources that read and list streams.
package stream

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// What the service takes for an OTP stream that says nothing.
const (
	defaultCodeLength  = 5
	defaultCodeTTL     = 300
	defaultMaxFailures = 3
)

// fields are what the resource and the data sources have in common.
type fields struct {
	ID            types.String `tfsdk:"id"`
	UID           types.String `tfsdk:"uid"`
	Name          types.String `tfsdk:"name"`
	Type          types.String `tfsdk:"type"`
	Description   types.String `tfsdk:"description"`
	Tags          types.Set    `tfsdk:"tags"`
	DefaultSender types.String `tfsdk:"default_sender"`
	Demo          types.Bool   `tfsdk:"demo"`
	Enabled       types.Bool   `tfsdk:"enabled"`
	Restricted    types.Bool   `tfsdk:"restricted"`
	OTP           types.Object `tfsdk:"otp"`
	CreatedAt     types.String `tfsdk:"created_at"`
}

// resourceModel is a stream in a configuration, plan or state.
type resourceModel struct {
	fields
	DeletionProtection types.Bool   `tfsdk:"deletion_protection"`
	WhatsApp           types.Object `tfsdk:"whatsapp"`
}

// identityModel names a stream once and for all.
type identityModel struct {
	ID types.String `tfsdk:"id"`
}

type otpModel struct {
	CodeGeneration types.String `tfsdk:"code_generation"`
	CodeLength     types.Int64  `tfsdk:"code_length"`
	CodeTTLSeconds types.Int64  `tfsdk:"code_ttl_seconds"`
	MaxFailures    types.Int64  `tfsdk:"max_failures"`
	SendingLimit   types.Object `tfsdk:"sending_limit"`
}

type sendingLimitModel struct {
	MaxMessages   types.Int64 `tfsdk:"max_messages"`
	PeriodSeconds types.Int64 `tfsdk:"period_seconds"`
}

type whatsAppModel struct {
	BusinessID         types.String `tfsdk:"business_id"`
	AccessToken        types.String `tfsdk:"access_token_wo"`
	AccessTokenVersion types.Int64  `tfsdk:"access_token_wo_version"`
}

var sendingLimitTypes = map[string]attr.Type{"max_messages": types.Int64Type, "period_seconds": types.Int64Type}

var otpTypes = map[string]attr.Type{
	"code_generation":  types.StringType,
	"code_length":      types.Int64Type,
	"code_ttl_seconds": types.Int64Type,
	"max_failures":     types.Int64Type,
	"sending_limit":    types.ObjectType{AttrTypes: sendingLimitTypes},
}

var whatsAppTypes = map[string]attr.Type{
	"business_id":             types.StringType,
	"access_token_wo":         types.StringType,
	"access_token_wo_version": types.Int64Type,
}

// spec is the model as the API client takes it, with every value known. The
// access token is not part of it: it is in the configuration alone.
func (m resourceModel) spec(ctx context.Context, diags *diag.Diagnostics) commpeak.StreamSpec {
	spec := commpeak.StreamSpec{
		Name:          m.Name.ValueString(),
		Type:          commpeak.StreamType(m.Type.ValueString()),
		Description:   m.Description.ValueString(),
		DefaultSender: m.DefaultSender.ValueString(),
		Demo:          m.Demo.ValueBool(),
		Enabled:       m.Enabled.ValueBool(),
		Restricted:    m.Restricted.ValueBool(),
	}
	diags.Append(m.Tags.ElementsAs(ctx, &spec.Tags, false)...)
	if !m.OTP.IsNull() {
		spec.OTP = otpSpec(ctx, m.OTP, diags)
	}
	if !m.WhatsApp.IsNull() {
		spec.WhatsApp = &commpeak.WhatsAppSettings{BusinessID: m.whatsApp(ctx, diags).BusinessID.ValueString()}
	}
	return spec
}

func otpSpec(ctx context.Context, object types.Object, diags *diag.Diagnostics) *commpeak.OTPSettings {
	var model otpModel
	diags.Append(object.As(ctx, &model, basetypes.ObjectAsOptions{})...)
	settings := &commpeak.OTPSettings{
		CodeGeneration: model.CodeGeneration.ValueString(),
		CodeLength:     model.CodeLength.ValueInt64(),
		CodeTTL:        model.CodeTTLSeconds.ValueInt64(),
		MaxFailures:    model.MaxFailures.ValueInt64(),
	}
	if !model.SendingLimit.IsNull() {
		var limit sendingLimitModel
		diags.Append(model.SendingLimit.As(ctx, &limit, basetypes.ObjectAsOptions{})...)
		settings.SendingLimit = &commpeak.SendingLimit{Messages: limit.MaxMessages.ValueInt64(), Period: limit.PeriodSeconds.ValueInt64()}
	}
	return settings
}

// whatsApp is the whatsapp attribute; all null where there is none.
func (m resourceModel) whatsApp(ctx context.Context, diags *diag.Diagnostics) whatsAppModel {
	var model whatsAppModel
	if m.WhatsApp.IsNull() || m.WhatsApp.IsUnknown() {
		return model
	}
	diags.Append(m.WhatsApp.As(ctx, &model, basetypes.ObjectAsOptions{})...)
	return model
}

// computed is what only the service decides.
func computed(stream commpeak.Stream) fields {
	return fields{
		ID:        types.StringValue(stream.ID),
		UID:       tfkit.OptionalString(stream.UID),
		CreatedAt: tfkit.Time(stream.CreatedAt),
	}
}

// settle takes over, of what only the service decides, what the plan left open.
// What was planned must stay as planned, even if the service has moved on since:
// the next refresh tells.
func (f *fields) settle(now fields) {
	for _, attribute := range []struct{ planned, now *types.String }{
		{&f.ID, &now.ID},
		{&f.UID, &now.UID},
		{&f.CreatedAt, &now.CreatedAt},
	} {
		if attribute.planned.IsUnknown() {
			*attribute.planned = *attribute.now
		}
	}
}

// report takes over all that the service reports of the stream. What it does
// not report, since the documented answer has fewer fields than the contract
// assumes, stays as it is.
func (f *fields) report(stream commpeak.Stream) {
	now := computed(stream)
	f.ID, f.UID, f.CreatedAt = now.ID, now.UID, now.CreatedAt
	f.Name = types.StringValue(stream.Name)
	f.Type = types.StringValue(string(stream.Type))
	f.Enabled = types.BoolValue(stream.Enabled())
	f.Description = keepEmpty(f.Description, stream.Description)
	if !(len(stream.Tags) == 0 && isEmptySet(f.Tags)) {
		f.Tags = tagSet(stream.Tags)
	}
	if stream.DefaultSender != nil {
		f.DefaultSender = tfkit.OptionalString(*stream.DefaultSender)
	}
	if stream.Demo != nil {
		f.Demo = types.BoolValue(*stream.Demo)
	}
	if stream.Restricted != nil {
		f.Restricted = types.BoolValue(*stream.Restricted)
	}
	switch {
	case stream.Type != commpeak.OTP:
		f.OTP = types.ObjectNull(otpTypes)
	case stream.OTP != nil:
		f.OTP = otpObject(*stream.OTP)
	}
}

// report takes over all that the service reports of the stream.
func (m *resourceModel) report(ctx context.Context, stream commpeak.Stream, diags *diag.Diagnostics) {
	m.fields.report(stream)
	switch {
	case stream.Type != commpeak.WhatsApp:
		m.WhatsApp = types.ObjectNull(whatsAppTypes)
	case stream.WhatsApp != nil:
		known := m.whatsApp(ctx, diags)
		m.WhatsApp = whatsAppObject(stream.WhatsApp.BusinessID, known.AccessTokenVersion)
	}
}

// assumeDefaults fills in, for a stream just imported, what the service did not
// report, and what it cannot know of.
func (m *resourceModel) assumeDefaults() {
	assume := func(value *types.Bool) {
		if value.IsNull() {
			*value = types.BoolValue(false)
		}
	}
	assume(&m.Demo)
	assume(&m.Restricted)
	assume(&m.DeletionProtection)
	if m.Type.ValueString() == string(commpeak.OTP) && m.OTP.IsNull() {
		m.OTP = otpObject(defaultOTPSettings())
	}
}

func defaultOTPSettings() commpeak.OTPSettings {
	return commpeak.OTPSettings{
		CodeGeneration: commpeak.CodesByCommPeak,
		CodeLength:     defaultCodeLength,
		CodeTTL:        defaultCodeTTL,
		MaxFailures:    defaultMaxFailures,
	}
}

func otpObject(settings commpeak.OTPSettings) types.Object {
	limit := types.ObjectNull(sendingLimitTypes)
	if settings.SendingLimit != nil {
		limit = types.ObjectValueMust(sendingLimitTypes, map[string]attr.Value{
			"max_messages":   types.Int64Value(settings.SendingLimit.Messages),
			"period_seconds": types.Int64Value(settings.SendingLimit.Period),
		})
	}
	return types.ObjectValueMust(otpTypes, map[string]attr.Value{
		"code_generation":  types.StringValue(settings.CodeGeneration),
		"code_length":      types.Int64Value(settings.CodeLength),
		"code_ttl_seconds": types.Int64Value(settings.CodeTTL),
		"max_failures":     types.Int64Value(settings.MaxFailures),
		"sending_limit":    limit,
	})
}

// whatsAppObject never holds an access token: what is written only must not
// reach the state, not even when a later step fails.
func whatsAppObject(businessID string, version types.Int64) types.Object {
	return types.ObjectValueMust(whatsAppTypes, map[string]attr.Value{
		"business_id":             types.StringValue(businessID),
		"access_token_wo":         types.StringNull(),
		"access_token_wo_version": version,
	})
}

// tagSet is null for no tags.
func tagSet(tags []string) types.Set {
	if len(tags) == 0 {
		return types.SetNull(types.StringType)
	}
	values := make([]attr.Value, len(tags))
	for i, tag := range tags {
		values[i] = types.StringValue(tag)
	}
	return types.SetValueMust(types.StringType, values)
}

// isEmptySet reports whether the set is null or holds nothing: `tags = []` and
// no tags at all are one to the service, and each stays as it was written.
func isEmptySet(set types.Set) bool {
	return !set.IsUnknown() && len(set.Elements()) == 0
}

// keepEmpty takes over the reported text, except that an empty text and none
// are one to the service, and each stays as it was written.
func keepEmpty(known types.String, reported string) types.String {
	if reported == "" && known.ValueString() == "" && !known.IsUnknown() {
		return known
	}
	return tfkit.OptionalString(reported)
}
