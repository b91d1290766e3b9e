// Package eventtemplate offers the events of streams: the resource
// commpeak_event_template, and the data source that lists them.
package eventtemplate

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/sms"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// fields are what the resource and the data source have in common.
type fields struct {
	ID        types.String `tfsdk:"id"`
	Name      types.String `tfsdk:"name"`
	Key       types.String `tfsdk:"key"`
	Template  types.String `tfsdk:"template"`
	Variables types.List   `tfsdk:"variables"`
	Encoding  types.String `tfsdk:"encoding"`
	Segments  types.Int64  `tfsdk:"segments"`
}

// resourceModel is an event template in a configuration, plan or state.
type resourceModel struct {
	fields
	StreamID types.String `tfsdk:"stream_id"`
}

// identityModel identifies an event.
type identityModel struct {
	StreamID types.String `tfsdk:"stream_id"`
	ID       types.String `tfsdk:"id"`
}

func (m resourceModel) identity() identityModel { return identityModel{m.StreamID, m.ID} }

// spec is the model as the API client takes it, with every value known.
func (f fields) toAPI() commpeak.EventSpec {
	return commpeak.EventSpec{Name: f.Name.ValueString(), Key: f.Key.ValueString(), Template: f.Template.ValueString()}
}

// fieldsFromAPI returns the attributes of an event, including the computed ones.
func fieldsFromAPI(event commpeak.Event) fields {
	f := fields{
		ID:       types.StringValue(event.ID),
		Name:     types.StringValue(event.Name),
		Key:      types.StringValue(event.Key),
		Template: types.StringValue(event.Template),
	}
	f.setComputed()
	return f
}

// setComputed sets the attributes that are computed from the template.
func (f *fields) setComputed() {
	if f.Template.IsUnknown() {
		f.Variables, f.Encoding, f.Segments = types.ListUnknown(types.StringType), types.StringUnknown(), types.Int64Unknown()
		return
	}
	template := f.Template.ValueString()
	size := sms.Measure(template)
	f.Variables = tfkit.StringList(sms.Variables(template))
	f.Encoding = types.StringValue(string(size.Encoding))
	f.Segments = types.Int64Value(int64(size.Segments))
}
