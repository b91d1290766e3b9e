package message

import (
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// countsModel is how many messages were sent, by what became of them.
type countsModel struct {
	Total        types.Int64   `tfsdk:"total"`
	Sent         types.Int64   `tfsdk:"sent"`
	Delivered    types.Int64   `tfsdk:"delivered"`
	SentFailed   types.Int64   `tfsdk:"sent_failed"`
	Undelivered  types.Int64   `tfsdk:"undelivered"`
	NoRoutes     types.Int64   `tfsdk:"no_routes"`
	Rejected     types.Int64   `tfsdk:"rejected"`
	DeliveryRate types.Float64 `tfsdk:"delivery_rate"`
}

// countsOf shows counts; the total is their sum, so that the figures agree even
// while messages move from one status to the next.
func countsOf(counts map[commpeak.MessageStatus]int64) countsModel {
	var total int64
	for count := range maps.Values(counts) {
		total += count
	}
	of := func(status commpeak.MessageStatus) types.Int64 { return types.Int64Value(counts[status]) }
	model := countsModel{
		Total:       types.Int64Value(total),
		Sent:        of(commpeak.MessageSent),
		Delivered:   of(commpeak.MessageDelivered),
		SentFailed:  of(commpeak.MessageSentFailed),
		Undelivered: of(commpeak.MessageUndelivered),
		NoRoutes:    of(commpeak.MessageNoRoutes),
		Rejected:    of(commpeak.MessageRejected),
	}
	if total > 0 {
		model.DeliveryRate = types.Float64Value(float64(counts[commpeak.MessageDelivered]) / float64(total))
	}
	return model
}

func countAttributes() map[string]schema.Attribute {
	count := func(about string) schema.Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: about}
	}
	return map[string]schema.Attribute{
		"total":       count("Messages of all the statuses below."),
		"sent":        count("Messages that are on their way: sent, and nothing is known of their delivery."),
		"delivered":   count("Messages that arrived."),
		"sent_failed": count("Messages that could not be sent."),
		"undelivered": count("Messages that were sent and did not arrive."),
		"no_routes":   count("Messages for which there is no route to the recipient."),
		"rejected":    count("Messages that were rejected."),
		"delivery_rate": schema.Float64Attribute{
			Computed: true, MarkdownDescription: "Share of `delivered` in `total`, from 0 to 1; null while `total` is 0.",
		},
	}
}

// The shortest and longest windows: the service counts in seconds.
const (
	shortestWindow = time.Second
	longestWindow  = 10 * 366 * 24 * time.Hour
)

// windowFault finds fault with a length of time that reaches back from now.
func windowFault(text string) string {
	window, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return fmt.Sprintf("%q is no length of time. Write hours, minutes and seconds, such as \"90m\" or \"24h\"; a week is \"168h\".", text)
	case window < shortestWindow:
		return fmt.Sprintf("%q is less than a second.", text)
	case window > longestWindow:
		return fmt.Sprintf("%q is more than ten years.", text)
	}
	return ""
}
