package acctest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// compareWebhook holds a webhook in a state against the account. Headers that
// the state does not have are allowed where there may be write-only ones.
func compareWebhook(a *Account, state map[string]any) error {
	streamID, err := strconv.Atoi(fmt.Sprint(state["stream_id"]))
	if err != nil {
		return fmt.Errorf("the ID %v of the stream is no number", state["stream_id"])
	}
	webhooks := a.Webhooks(streamID)
	i := slices.IndexFunc(webhooks, func(w mockserver.Webhook) bool { return strconv.Itoa(w.ID) == state["id"] })
	if i < 0 {
		return fmt.Errorf("the stream %d has no webhook %v", streamID, state["id"])
	}
	mine := maps.Clone(state)
	delete(mine, "headers_wo_version") // Only Terraform has it.
	known, _ := state["headers"].(map[string]any)
	spelling := map[string]string{} // the case of a name does not matter
	for name := range known {
		spelling[strings.ToLower(name)] = name
	}
	headers := map[string]any{}
	for _, header := range webhooks[i].Headers {
		if name, there := spelling[strings.ToLower(header.Name)]; there || state["headers_wo_version"] == nil {
			headers[cmp.Or(name, header.Name)] = header.Value
		}
	}
	theirs := map[string]any{
		"id": strconv.Itoa(webhooks[i].ID), "stream_id": strconv.Itoa(streamID), "url": webhooks[i].URL, "method": webhooks[i].Method,
		"enabled": webhooks[i].Enabled, "headers": headers, "headers_wo": nil,
	}
	if len(known) == 0 {
		mine["headers"] = map[string]any{}
	}
	if difference := gocmp.Diff(plain(theirs), plain(mine)); difference != "" {
		return fmt.Errorf("the account (-) and the state (+) differ:\n%s", difference)
	}
	return nil
}
