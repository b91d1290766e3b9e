package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// writtenKey is the private-state key of what is remembered of the write-only
// headers.
const writtenKey = "headers_wo"

// changedVersion is the headers_wo_version in the state after the headers were changed outside of
// Terraform. It differs from every configuration, also from one without headers_wo.
const changedVersion = 0

var (
	headersPath   = path.Root("headers")
	headersWOPath = path.Root("headers_wo")
	versionPath   = path.Root("headers_wo_version")
)

// ValidateConfig checks what the attributes say of one another. Values that are
// not known yet are checked before apply: Terraform validates and plans again
// as soon as they are.
func (r *webhookResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config, ok := tfkit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}

	errorIfDuplicate(config, &resp.Diagnostics)
}

// errorIfDuplicate refuses two headers of one name. Names are known even where
// values are not.
func errorIfDuplicate(config resourceModel, diags *diag.Diagnostics) {
	plain, writeOnly := map[string]string{}, map[string]string{}
	for name := range config.Headers.Elements() {
		plain[name] = ""
	}
	for name := range config.HeadersWO.Elements() {
		writeOnly[name] = ""
	}
	if name := firstDuplicate(plain); name != "" {
		diags.AddAttributeError(headersPath.AtMapKey(name), "A header is there twice",
			fmt.Sprintf("headers has %q more than once: the case of a header's name does not matter.", name))
	}
	if name := firstDuplicate(writeOnly); name != "" {
		diags.AddAttributeError(headersWOPath.AtMapKey(name), "A header is there twice",
			fmt.Sprintf("headers_wo has %q more than once: the case of a header's name does not matter.", name))
	}
	if name := firstDuplicate(lowerKeys(plain), lowerKeys(writeOnly)); name != "" {
		diags.AddAttributeError(headersWOPath, "A header is there twice",
			fmt.Sprintf("The header %q is both in headers and in headers_wo. Remove it from one of them.", name))
	}
}

// ModifyPlan finds before apply what would fail or surprise in it.
func (r *webhookResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	tfkit.WarnReadOnly(r.Session, req, resp)
	if req.Plan.Raw.IsNull() {
		return
	}
	var state, plan, config resourceModel
	creates := req.State.Raw.IsNull()
	if !creates {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if creates || !plan.StreamID.Equal(state.StreamID) {
		if hasWebhooks := r.checkStream(ctx, plan, &resp.Diagnostics); creates && hasWebhooks {
			r.warnOfDuplicates(ctx, plan, &resp.Diagnostics)
		}
	} else {
		sent := loadSentHeaders(ctx, req.Private, &resp.Diagnostics)
		rewrites := headersChanged(ctx, state, plan, &resp.Diagnostics)
		errorIfWriteOnlyLost(state, plan, config, sent, rewrites, &resp.Diagnostics)
		if rewrites {
			errorIfMasked(ctx, state, plan, &resp.Diagnostics)
		} else {
			warnUnsent(ctx, state, config, sent, &resp.Diagnostics)
		}
		warnRemovedHeaders(state, config, &resp.Diagnostics)
	}
}

// checkStream rejects a webhook on a stream that cannot have webhooks, and reports whether the
// stream may have some.
func (r *webhookResource) checkStream(ctx context.Context, plan resourceModel, diags *diag.Diagnostics) (hasWebhooks bool) {
	if plan.StreamID.IsUnknown() || !r.IsConfigured() {
		return false
	}
	ctx, cancel := r.Session.WithTimeout(ctx)
	defer cancel()
	stream, err := r.Session.GetStream(ctx, plan.StreamID.ValueString())
	switch {
	case errors.Is(err, commpeak.ErrNotFound):
		tfkit.AddNoSuchStream(diags, "stream_id", plan.StreamID.ValueString())
		return false
	case err != nil:
		return true // Not being able to check is no fault of the plan: apply reports what is.
	}
	// What a type that is not known can have is for the API to say.
	if slices.Contains(commpeak.StreamTypes, stream.Type) && !slices.Contains(commpeak.WebhookStreamTypes, stream.Type) {
		diags.AddAttributeError(path.Root("stream_id"), "A stream of this type has no webhooks",
			fmt.Sprintf("The stream %q (%s) is of type %q. Only streams of type %q and %q have incoming messages, and webhooks for them.",
				stream.Name, stream.ID, stream.Type, commpeak.TwoWay, commpeak.WhatsApp))
	}
	return slices.Contains(commpeak.WebhookStreamTypes, stream.Type)
}

// headersChanged reports whether a change writes the list of headers. Before
// apply, headers that are not known yet count as changed.
func headersChanged(ctx context.Context, state, plan resourceModel, diags *diag.Diagnostics) bool {
	return !isKnown(plan.Headers) || !plan.HeadersWOVersion.Equal(state.HeadersWOVersion) ||
		!maps.Equal(textMap(ctx, state.Headers, diags), textMap(ctx, plan.Headers, diags))
}

// errorIfWriteOnlyLost refuses a change that writes the list of headers without the
// write-only ones, whose values the configuration alone has.
func errorIfWriteOnlyLost(state, plan, config resourceModel, sent sentHeaders, rewrites bool, diags *diag.Diagnostics) {
	if !config.HeadersWO.IsNull() || plan.HeadersWOVersion.IsNull() || plan.HeadersWOVersion.IsUnknown() {
		return
	}
	if !plan.HeadersWOVersion.Equal(state.HeadersWOVersion) {
		diags.AddAttributeError(versionPath, "There are no write-only headers to send",
			fmt.Sprintf("headers_wo_version of %s is another one than in the state, which sends headers_wo, but headers_wo is not set. "+
				"Set it, or remove headers_wo_version too, which removes these headers from the webhook.", state.displayName()))
		return
	}
	if len(sent.Names) > 0 && isKnown(plan.Headers) && rewrites {
		diags.AddAttributeError(headersWOPath, "The write-only headers would be lost",
			fmt.Sprintf("headers of %s changes, and the API takes all headers of a webhook at once, so those of headers_wo (%s) must be sent again: set headers_wo. "+
				"To remove these headers, remove headers_wo_version as well.", state.displayName(), strings.Join(sent.Names, ", ")))
	}
}

// errorIfMasked refuses to write masks for values. No configuration has them, but
// what it ignores comes from the state.
func errorIfMasked(ctx context.Context, state, plan resourceModel, diags *diag.Diagnostics) {
	headers := textMap(ctx, plan.Headers, diags)
	maps.DeleteFunc(headers, func(_, value string) bool { return !commpeak.IsHeaderMask(value) })
	if len(headers) > 0 {
		diags.AddAttributeError(headersPath, "Values of headers are not known",
			fmt.Sprintf("The API takes all headers of %s at once, and some values were not set through Terraform, so that they are not in the state: %s. "+
				"Set them in headers, and let no ignore_changes ignore that.", state.displayName(), strings.Join(slices.Sorted(maps.Keys(headers)), ", ")))
	}
}

// warnUnsent warns of new write-only headers where none are sent.
func warnUnsent(ctx context.Context, state, config resourceModel, sent sentHeaders, diags *diag.Diagnostics) {
	if config.HeadersWO.IsNull() || !isKnown(config.HeadersWO) {
		return
	}
	if !sent.matches(textMap(ctx, config.HeadersWO, diags)) {
		diags.AddAttributeWarning(headersWOPath, "New write-only headers of "+state.displayName()+" are not sent",
			"headers_wo differs from the headers that were last sent, but headers_wo_version is the same. Raise the version to send it.")
	}
}

// warnRemovedHeaders names the headers that go where the configuration has none: the
// plan does not show them, and configuration that Terraform generates leaves
// them out.
func warnRemovedHeaders(state, config resourceModel, diags *diag.Diagnostics) {
	if !config.Headers.IsNull() || config.HeadersWO.IsUnknown() {
		return
	}
	kept := map[string]bool{}
	for name := range config.HeadersWO.Elements() {
		kept[strings.ToLower(name)] = true
	}
	var gone []string
	for _, name := range slices.Sorted(maps.Keys(state.Headers.Elements())) {
		if !kept[strings.ToLower(name)] {
			gone = append(gone, name)
		}
	}
	if len(gone) > 0 {
		diags.AddAttributeWarning(headersPath, "Headers of "+state.displayName()+" are removed",
			fmt.Sprintf("%s has headers that the configuration does not: %s. Applying this plan removes them. "+
				"Where the configuration was generated, headers were left out, since their values may be secret: to keep them, set headers or headers_wo.",
				state.displayName(), strings.Join(gone, ", ")))
	}
}

// recall returns what is remembered of the write-only headers.
func loadSentHeaders(ctx context.Context, private tfkit.PrivateState, diags *diag.Diagnostics) sentHeaders {
	stored, storedDiags := private.GetKey(ctx, writtenKey)
	diags.Append(storedDiags...)
	var sent sentHeaders
	if len(stored) > 0 && json.Unmarshal(stored, &sent) != nil {
		return sentHeaders{}
	}
	return sent
}

// keep remembers the write-only headers that were sent.
func storeSentHeaders(ctx context.Context, writeOnly map[string]string, private tfkit.PrivateState, diags *diag.Diagnostics) {
	sent, err := newSentHeaders(writeOnly)
	var encoded []byte
	if err == nil {
		encoded, err = json.Marshal(sent)
	}
	if err != nil {
		diags.AddWarning("The write-only headers were sent, but not remembered", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, writtenKey, encoded)...)
}
