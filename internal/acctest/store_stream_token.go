package acctest

import (
	"fmt"
	"strconv"

	"github.com/commpeak/terraform-provider-commpeak/internal/tfkit"
)

// compareStreamToken demands that the state knows the current token, and holds it
// just when it is to be stored.
func compareStreamToken(a *Account, state map[string]any) error {
	id, err := strconv.Atoi(fmt.Sprint(state["stream_id"]))
	if err != nil {
		return fmt.Errorf("the stream id %v is no number", state["stream_id"])
	}
	current := a.Token(id)
	if current == "" {
		return fmt.Errorf("the account has no stream %d", id)
	}
	fingerprint := tfkit.ParseFingerprint(fmt.Sprint(state["fingerprint"]))
	if fingerprint == nil || !fingerprint.Matches(current) {
		return fmt.Errorf("the fingerprint %v is not that of the current token of stream %d", state["fingerprint"], id)
	}
	if stored := state["store_token"] == true; stored && state["token"] != current || !stored && state["token"] != nil {
		return fmt.Errorf("store_token is %t, and token is not what it should be", stored)
	}
	return nil
}
