package sender

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// NewDataSource returns the data source commpeak_sender.
func NewDataSource() datasource.DataSource {
	return &dataSource{tfkit.DataSourceBase{Type: "sender"}}
}

type dataSource struct{ tfkit.DataSourceBase }

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := senderAttributes()
	attributes["value"] = schema.StringAttribute{
		MarkdownDescription: "Exact text or number that recipients see, for example `ACME`.",
		Required:            true,
		Validators:          []validator.String{tfkit.NotBlank()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one sender ID of the account, and fails if it does not exist.",
		Attributes:          attributes,
	}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	model, ok := tfkit.Decode[senderModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := d.Session.WithTimeout(ctx)
	defer cancel()

	value := model.Value.ValueString()
	// Several senders may have one value, each for a stream of its own: an approved one comes first.
	var found *commpeak.Sender
	var values []string
	for sender, err := range d.Session.Senders(ctx) {
		if err != nil {
			tfkit.AddError(&resp.Diagnostics, fmt.Sprintf("Could not read the sender %q", value), err)
			return
		}
		values = append(values, sender.Value)
		if sender.Value == value && (found == nil || !isApproved(*found) && isApproved(sender)) {
			found = &sender
		}
	}
	if found == nil {
		resp.Diagnostics.AddAttributeError(path.Root("value"), fmt.Sprintf("The account does not have the sender %q", value),
			exist(values)+" Check the spelling and the case, or request the sender in the console.")
		return
	}
	model = modelFromAPI(*found)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// exist lists the senders that exist, as far as that helps.
func exist(values []string) string {
	const most = 20
	switch {
	case len(values) == 0:
		return "It does not have any sender."
	case len(values) > most:
		return fmt.Sprintf("It has %d senders, for example %s.", len(values), strings.Join(values[:most], ", "))
	}
	return "It has: " + strings.Join(values, ", ") + "."
}
