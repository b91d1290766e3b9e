package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/google/go-cmp/cmp"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// compareEventTemplate holds an event template against the account. What follows
// from its text is not the account's to know, but must be there.
func compareEventTemplate(a *Account, state map[string]any) error {
	streamID, err := strconv.Atoi(fmt.Sprint(state["stream_id"]))
	if err != nil {
		return fmt.Errorf("the stream id %v is no number", state["stream_id"])
	}
	events := a.Events(streamID)
	i := slices.IndexFunc(events, func(e mockserver.Event) bool { return strconv.Itoa(e.ID) == state["id"] })
	if i < 0 {
		return fmt.Errorf("stream %d has no event %v", streamID, state["id"])
	}
	mine := maps.Clone(state)
	for _, derived := range []string{"variables", "encoding", "segments"} {
		if mine[derived] == nil {
			return fmt.Errorf("%s is null", derived)
		}
		delete(mine, derived)
	}
	theirs := map[string]any{
		"stream_id": strconv.Itoa(streamID), "id": strconv.Itoa(events[i].ID),
		"name": events[i].Name, "key": events[i].Key, "template": events[i].Template,
	}
	if difference := cmp.Diff(plain(theirs), plain(mine)); difference != "" {
		return fmt.Errorf("the account (-) and the state (+) differ:\n%s", difference)
	}
	return nil
}
