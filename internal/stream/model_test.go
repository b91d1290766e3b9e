package stream

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// completeSpecs have, together, a value for every field that can be written.
func completeSpecs() []commpeak.StreamSpec {
	return []commpeak.StreamSpec{
		{
			Name: "Codes", Type: commpeak.OTP, Description: "Login codes", Tags: []string{"eu"}, DefaultSender: "GLOBAL",
			Demo: true, Enabled: true, Restricted: true,
			OTP: &commpeak.OTPSettings{
				CodeGeneration: commpeak.CodesByCommPeak, CodeLength: 5, CodeTTL: 300, MaxFailures: 3,
				SendingLimit: &commpeak.SendingLimit{Messages: 5, Period: 60},
			},
		},
		{Name: "Chat", Type: commpeak.WhatsApp, WhatsApp: &commpeak.WhatsAppSettings{BusinessID: "1"}},
	}
}

// streamFrom is the stream that the API returns for a spec.
func streamFrom(spec commpeak.StreamSpec) commpeak.Stream {
	created := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	stream := commpeak.Stream{
		ID: "7", UID: "uid", Name: spec.Name, Description: spec.Description, Type: spec.Type, State: commpeak.Disabled, Tags: spec.Tags,
		DefaultSender: &spec.DefaultSender, Demo: &spec.Demo, Restricted: &spec.Restricted, OTP: spec.OTP, WhatsApp: spec.WhatsApp, CreatedAt: &created,
	}
	if spec.Enabled {
		stream.State = commpeak.Ready
	}
	return stream
}

// A field that can be written is in the model, in both directions.
func TestModelHasEveryField(t *testing.T) {
	t.Parallel()
	missing := map[string]bool{}
	for field := range reflect.TypeFor[commpeak.StreamSpec]().Fields() {
		missing[field.Name] = true
	}
	for _, spec := range completeSpecs() {
		var diags diag.Diagnostics
		model := resourceModel{fields: fields{Tags: types.SetNull(types.StringType)}}
		model.fromAPI(t.Context(), streamFrom(spec), &diags)
		got := model.toAPI(t.Context(), &diags)
		if difference := cmp.Diff(spec, got); difference != "" || diags.HasError() {
			t.Errorf("%s: sent (-) and returned (+) differ:\n%s%v", spec.Type, difference, diags)
		}
		for name := range missing {
			if !reflect.ValueOf(got).FieldByName(name).IsZero() {
				delete(missing, name)
			}
		}
	}
	for name := range missing {
		t.Errorf("no stream of this test has the field %s: add it to completeSpecs, to spec and to report", name)
	}
}

// What the API refuses, it refuses on an attribute.
func TestEveryFieldHasAnAttribute(t *testing.T) {
	t.Parallel()
	other := streamFrom(commpeak.StreamSpec{OTP: &commpeak.OTPSettings{}, WhatsApp: &commpeak.WhatsAppSettings{}})
	for _, spec := range completeSpecs() {
		for _, name := range other.Differences(spec) {
			if _, found := fieldPaths[name]; !found {
				t.Errorf("fieldPaths does not have the field %s", name)
			}
		}
	}
	for name, at := range fieldPaths {
		if _, diags := resourceSchema().AttributeAtPath(t.Context(), at); diags.HasError() {
			t.Errorf("%s is the attribute %s, which the schema does not have", name, at)
		}
	}
}
