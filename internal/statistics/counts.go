package statistics

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// countsModel is how many messages were sent, in all and by status.
type countsModel struct {
	Total        types.Int64   `tfsdk:"total"`
	Sent         types.Int64   `tfsdk:"sent"`
	Delivered    types.Int64   `tfsdk:"delivered"`
	SentFailed   types.Int64   `tfsdk:"sent_failed"`
	Undelivered  types.Int64   `tfsdk:"undelivered"`
	NoRoutes     types.Int64   `tfsdk:"no_routes"`
	Rejected     types.Int64   `tfsdk:"rejected"`
	Other        types.Int64   `tfsdk:"other"`
	DeliveryRate types.Float64 `tfsdk:"delivery_rate"`
}

// countsFromAPI leaves the counts by status null if the API ignores the filter by status.
func countsFromAPI(counts commpeak.MessageCounts) countsModel {
	model := countsModel{Total: types.Int64Value(counts.Total)}
	if counts.ByStatus == nil {
		return model
	}
	count := func(status commpeak.MessageStatus) types.Int64 { return types.Int64Value(counts.ByStatus[status]) }
	model.Sent = count(commpeak.MessageSent)
	model.Delivered = count(commpeak.MessageDelivered)
	model.SentFailed = count(commpeak.MessageSentFailed)
	model.Undelivered = count(commpeak.MessageUndelivered)
	model.NoRoutes = count(commpeak.MessageNoRoutes)
	model.Rejected = count(commpeak.MessageRejected)
	model.Other = types.Int64Value(counts.Other())
	if counts.Total > 0 {
		model.DeliveryRate = types.Float64Value(min(1, float64(counts.ByStatus[commpeak.MessageDelivered])/float64(counts.Total)))
	}
	return model
}

// warnOfIgnoredFilter warns that only the total is known.
func warnOfIgnoredFilter(diags *diag.Diagnostics) {
	diags.AddWarning("Messages cannot be counted by status",
		"The API returned the same number of messages for every status, so it probably ignores the filter by status. Only total is set. "+
			"Every count of a status is null, and so are other and delivery_rate.")
}

func countAttributes() map[string]schema.Attribute {
	count := func(description string) schema.Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"total":       count("Number of messages, of any status."),
		"sent":        count("Messages that were sent, without a delivery report so far."),
		"delivered":   count("Messages that were delivered."),
		"sent_failed": count("Messages that could not be sent."),
		"undelivered": count("Messages that were sent and not delivered."),
		"no_routes":   count("Messages without a route to the recipient."),
		"rejected":    count("Messages that were rejected."),
		"other":       count("Messages with a status that CommPeak does not document: `total` without the counts by status."),
		"delivery_rate": schema.Float64Attribute{
			Computed: true, MarkdownDescription: "Share of `delivered` in `total`, from 0 to 1; null if `total` is 0.",
		},
	}
}

// The shortest and longest windows. The API counts in seconds.
const (
	shortestWindow = time.Second
	longestWindow  = 10 * 366 * 24 * time.Hour
)

// validateWindow returns what is wrong with a duration back from now.
func validateWindow(text string) string {
	window, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return fmt.Sprintf("%q is not a duration. Write it with units, for example \"90m\" or \"24h\". A week is \"168h\".", text)
	case window < shortestWindow:
		return fmt.Sprintf("%q is less than a second.", text)
	case window > longestWindow:
		return fmt.Sprintf("%q is more than ten years.", text)
	}
	return ""
}
