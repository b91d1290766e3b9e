// Package stream offers streams: the resource commpeak_stream and the data
// sources that read and list streams.
package stream

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// Defaults of an OTP stream.
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

// identityModel identifies a stream.
type identityModel struct {
	ID types.String `tfsdk:"id"`
}

type otpModel struct {
	CodeGeneration types.String `tfsdk:"code_generation"`
	CodeLength     types.Number `tfsdk:"code_length"`
	CodeTTLSeconds types.Number `tfsdk:"code_ttl_seconds"`
	MaxFailures    types.Number `tfsdk:"max_failures"`
	SendingLimit   types.Object `tfsdk:"sending_limit"`
}

type sendingLimitModel struct {
	MaxMessages   types.Number `tfsdk:"max_messages"`
	PeriodSeconds types.Number `tfsdk:"period_seconds"`
}

type whatsAppModel struct {
	BusinessID         types.String `tfsdk:"business_id"`
	AccessToken        types.String `tfsdk:"access_token_wo"`
	AccessTokenVersion types.Number `tfsdk:"access_token_wo_version"`
}

var sendingLimitTypes = map[string]attr.Type{"max_messages": types.NumberType, "period_seconds": types.NumberType}

var otpTypes = map[string]attr.Type{
	"code_generation":  types.StringType,
	"code_length":      types.NumberType,
	"code_ttl_seconds": types.NumberType,
	"max_failures":     types.NumberType,
	"sending_limit":    types.ObjectType{AttrTypes: sendingLimitTypes},
}

var whatsAppTypes = map[string]attr.Type{
	"business_id":             types.StringType,
	"access_token_wo":         types.StringType,
	"access_token_wo_version": types.NumberType,
}

// spec is the model as the API client takes it, with every value known. The
// access token is not part of it: it is in the configuration alone.
func (m resourceModel) toAPI(ctx context.Context, diags *diag.Diagnostics) commpeak.StreamSpec {
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
		spec.OTP = otpToAPI(ctx, m.OTP, diags)
	}
	if !m.WhatsApp.IsNull() {
		spec.WhatsApp = &commpeak.WhatsAppSettings{BusinessID: m.whatsApp(ctx, diags).BusinessID.ValueString()}
	}
	return spec
}

func otpToAPI(ctx context.Context, object types.Object, diags *diag.Diagnostics) *commpeak.OTPSettings {
	var model otpModel
	diags.Append(object.As(ctx, &model, basetypes.ObjectAsOptions{})...)
	settings := &commpeak.OTPSettings{
		CodeGeneration: model.CodeGeneration.ValueString(),
		CodeLength:     tfkit.Int64(model.CodeLength),
		CodeTTL:        tfkit.Int64(model.CodeTTLSeconds),
		MaxFailures:    tfkit.Int64(model.MaxFailures),
	}
	if !model.SendingLimit.IsNull() {
		var limit sendingLimitModel
		diags.Append(model.SendingLimit.As(ctx, &limit, basetypes.ObjectAsOptions{})...)
		settings.SendingLimit = &commpeak.SendingLimit{Messages: tfkit.Int64(limit.MaxMessages), Period: tfkit.Int64(limit.PeriodSeconds)}
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

// computedFromAPI returns the attributes that only the API sets.
func computedFromAPI(stream commpeak.Stream) fields {
	return fields{
		ID:        types.StringValue(stream.ID),
		UID:       tfkit.OptionalString(stream.UID),
		CreatedAt: tfkit.Time(stream.CreatedAt),
	}
}

// fillUnknown sets the attributes that were unknown in the plan. A planned value stays, even if the
// API returns a different one: the next refresh shows it.
func (f *fields) fillUnknown(now fields) {
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

// fromAPI sets all attributes that the API returned. The others stay: the documented response has
// fewer fields than the contract assumes.
func (f *fields) fromAPI(stream commpeak.Stream) {
	now := computedFromAPI(stream)
	f.ID, f.UID, f.CreatedAt = now.ID, now.UID, now.CreatedAt
	f.Name = types.StringValue(stream.Name)
	// What is not recognized may be a new label for the value in the state.
	if f.Type.IsNull() || slices.Contains(commpeak.StreamTypes, stream.Type) {
		f.Type = types.StringValue(string(stream.Type))
	}
	if f.Enabled.IsNull() || slices.Contains(commpeak.StreamStates, stream.State) {
		f.Enabled = types.BoolValue(stream.Enabled())
	}
	f.Description = preserveEmpty(f.Description, stream.Description)
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
	case f.Type.ValueString() != string(commpeak.OTP):
		f.OTP = types.ObjectNull(otpTypes)
	case stream.OTP != nil:
		f.OTP = otpObject(*stream.OTP)
	}
}

// fromAPI sets all attributes that the API returned. An imported stream can be configured without
// otp or whatsapp, which are then not managed.
func (m *resourceModel) fromAPI(ctx context.Context, stream commpeak.Stream, diags *diag.Diagnostics) {
	imported, otp := m.Name.IsNull(), m.OTP
	m.fields.fromAPI(stream)
	if !imported && otp.IsNull() {
		m.OTP = types.ObjectNull(otpTypes)
	}
	switch {
	case !m.isOfType(commpeak.WhatsApp):
		m.WhatsApp = types.ObjectNull(whatsAppTypes)
	case stream.WhatsApp != nil && (imported || !m.WhatsApp.IsNull()):
		version := m.whatsApp(ctx, diags).AccessTokenVersion
		m.WhatsApp = whatsAppObject(stream.WhatsApp.BusinessID, version)
	}
}

// applyImportDefaults sets, for a stream that was just imported, the defaults of what the API did not return.
func (m *resourceModel) applyImportDefaults() {
	for _, value := range []*types.Bool{&m.Demo, &m.Restricted, &m.DeletionProtection} {
		if value.IsNull() {
			*value = types.BoolValue(false)
		}
	}
}

func otpObject(settings commpeak.OTPSettings) types.Object {
	limit := types.ObjectNull(sendingLimitTypes)
	if settings.SendingLimit != nil {
		limit = types.ObjectValueMust(sendingLimitTypes, map[string]attr.Value{
			"max_messages":   tfkit.Integer(settings.SendingLimit.Messages),
			"period_seconds": tfkit.Integer(settings.SendingLimit.Period),
		})
	}
	return types.ObjectValueMust(otpTypes, map[string]attr.Value{
		"code_generation":  types.StringValue(settings.CodeGeneration),
		"code_length":      tfkit.Integer(settings.CodeLength),
		"code_ttl_seconds": tfkit.Integer(settings.CodeTTL),
		"max_failures":     tfkit.Integer(settings.MaxFailures),
		"sending_limit":    limit,
	})
}

// whatsAppObject never contains an access token: a write-only value must not reach the state, even
// if a later step fails.
func whatsAppObject(businessID string, version types.Number) types.Object {
	return types.ObjectValueMust(whatsAppTypes, map[string]attr.Value{
		"business_id":             types.StringValue(businessID),
		"access_token_wo":         types.StringNull(),
		"access_token_wo_version": version,
	})
}

// tagSet returns null if there are no tags.
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

// isEmptySet reports whether the set is null or empty. Both are the same to the API, and each stays
// as it was configured.
func isEmptySet(set types.Set) bool {
	return !set.IsUnknown() && len(set.Elements()) == 0
}

// preserveEmpty returns the text from the API. An empty text and null are the same to the API, and
// each stays as it was configured.
func preserveEmpty(known types.String, reported string) types.String {
	if reported == "" && known.ValueString() == "" && !known.IsUnknown() {
		return known
	}
	return tfkit.OptionalString(reported)
}
