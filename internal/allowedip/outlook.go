package allowedip

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/session"
	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// outlook is what is planned for the list of one stream. Terraform shows a plan
// to the provider one object at a time and in any order; what the objects mean
// together is known to none of them, and no sooner than the last has come.
type outlook struct {
	client   *session.Session
	streamID string

	mu             sync.Mutex
	added, removed map[string]bool
	used           map[manager]bool
	kept           bool
	// What was said once need not be said for every entry.
	saidBoth, saidEmpty bool

	stream tfkit.Once[*commpeak.Stream]
}

// manager is a resource that manages a list.
type manager string

const (
	oneEntry  manager = "commpeak_allowed_ip"
	wholeList manager = "commpeak_allowed_ips"
)

type outlookKey struct{ streamID string }

// outlookOf is the outlook that all resources of one client share.
func outlookOf(client *session.Session, streamID types.String) *outlook {
	key := outlookKey{streamID.ValueString()}
	kept := client.Keep(key, func() any {
		return &outlook{
			client: client, streamID: key.streamID,
			added: map[string]bool{}, removed: map[string]bool{}, used: map[manager]bool{},
		}
	})
	return kept.(*outlook) //nolint:forcetypeassert // the key is of this package.
}

// uses notes that a resource manages the list, or stops to, and warns of two
// kinds that meet.
func (o *outlook) uses(by manager, keeps bool, diags *diag.Diagnostics) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.used[by] = true
	o.kept = o.kept || keeps
	if len(o.used) < 2 || !o.kept || o.saidBoth {
		return
	}
	o.saidBoth = true
	diags.AddAttributeWarning(path.Root("stream_id"), "Two kinds of resources manage one list of allowed IPs",
		fmt.Sprintf("%s removes every entry of the stream %s that is not its own, and %s manages single ones: used together, each undoes what the other does. "+
			"Keep one kind. A removed block with destroy = false lets the other go without a change to the list.", wholeList, o.streamID, oneEntry))
}

func (o *outlook) adds(entry string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.added[entry] = true
}

// removes notes that an entry goes, and warns when it is the last.
func (o *outlook) removes(ctx context.Context, entry string, diags *diag.Diagnostics) {
	stream := o.lookUp(ctx)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.removed[entry] = true
	if stream == nil || len(o.added) > 0 || slices.ContainsFunc(stream.AllowedIPs, func(entry string) bool { return !o.removed[entry] }) {
		return
	}
	o.warnOfEmptyList(*stream, diags)
}

// empties warns of a list that holds nothing any more.
func (o *outlook) empties(ctx context.Context, diags *diag.Diagnostics) {
	stream := o.lookUp(ctx)
	o.mu.Lock()
	defer o.mu.Unlock()
	if stream != nil && len(o.added) == 0 {
		o.warnOfEmptyList(*stream, diags)
	}
}

// warnOfEmptyList warns unless the stream is restricted. An entry that is added
// may be planned after those that go.
func (o *outlook) warnOfEmptyList(stream commpeak.Stream, diags *diag.Diagnostics) {
	if o.saidEmpty || stream.Restricted != nil && *stream.Restricted {
		return
	}
	o.saidEmpty = true
	diags.AddAttributeWarning(path.Root("stream_id"), "The stream will be open to everyone",
		fmt.Sprintf("This leaves the list of allowed IPs of the stream %q (%s) empty, and the stream is not restricted: any address may then call its API. "+
			"To close it instead, set restricted = true on the stream. Ignore this if the same plan adds an entry, restricts the stream or deletes it.",
			stream.Name, stream.ID))
}

// removedBy is what is on the list of the stream now and not on this one.
func (o *outlook) removedBy(ctx context.Context, list []string) []string {
	stream := o.lookUp(ctx)
	if stream == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(stream.AllowedIPs), func(entry string) bool { return slices.Contains(list, entry) })
}

// lookUp reads the stream, once for the whole plan; nil where that fails: not
// being able to check is no fault of the plan.
func (o *outlook) lookUp(ctx context.Context) *commpeak.Stream {
	stream, _ := o.stream.Get(ctx, func(ctx context.Context) *commpeak.Stream {
		stream, err := o.client.Stream(ctx, o.streamID)
		if err != nil {
			return nil
		}
		return &stream
	})
	return stream
}
