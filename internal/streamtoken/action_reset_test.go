package streamtoken_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const actionType = "commpeak_reset_stream_token"

// The action resets when what triggers it happens, and at no other time.
func TestAccResetAction(t *testing.T) {
	t.Parallel()
	acctest.SkipWithout(t, acctest.Actions)
	b := newByHand(t)
	config := func(team string) string {
		return fmt.Sprintf(`action "commpeak_reset_stream_token" "test" {
			config { stream_id = "%d" }
		}
		resource "terraform_data" "team" {
			input = %q
			lifecycle {
				action_trigger {
					events  = [after_update]
					actions = [action.commpeak_reset_stream_token.test]
				}
			}
		}
		`, b.id, team)
	}
	left := apply(config("Ann"), post)
	left.Check = func(*terraform.State) error {
		if b.Token(b.id) == b.seen {
			return errors.New("the token is still the old one")
		}
		return nil
	}
	b.test(t, apply(config("Ann, Bob")), left, apply(config("Ann")))
}

// A token that the resource owns is taken over after the action has reset it.
func TestResetActionOfOwnedToken(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.AddStream(mockserver.Stream{ID: 101})
	p := acctest.NewProtocol(t, account, nil)
	token := p.Resource(resourceType)
	token.Must(of("101", "1"))
	version := versionOf(t, token)
	_, diagnostics := p.Action(actionType).Invoke(of("101"))
	acctest.ExpectNone(t, diagnostics)
	current := account.Token(101)
	acctest.ExpectNone(t, token.Read())
	if got := versionOf(t, token); got <= version {
		t.Errorf("the version went from %d to %d", version, got)
	}
	token.Must(of("101", "1"))
	if account.Token(101) != current {
		t.Error("it was reset again")
	}
}

func TestResetAction(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.AddStream(mockserver.Stream{ID: 101})
	action := acctest.NewProtocol(t, account, nil).Action(actionType)
	config := acctest.Values{"stream_id": "101"}
	before := account.Token(101)
	acctest.ExpectNone(t, action.Plan(config))
	progress, diagnostics := action.Invoke(config)
	acctest.ExpectNone(t, diagnostics)
	if account.Token(101) == before || account.Count(post) != 1 {
		t.Error("the token was not reset once")
	}
	told := strings.Join(progress, "\n")
	if !strings.Contains(told, "stream 101 was reset") {
		t.Errorf("the progress is %q", told)
	}
	for _, secret := range account.Secrets() {
		if strings.Contains(told, secret) {
			t.Error("the progress shows a secret")
		}
	}
}

// A reset is sent once, even if its answer is lost.
func TestResetActionFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stream string
		faults []mockserver.Fault
		resets int
		words  []string
	}{
		"no such stream":       {"4711", nil, 0, []string{"at stream_id:", "No such stream", "4711"}},
		"refused":              {"101", []mockserver.Fault{{Pattern: post, Status: 409}}, 1, []string{"stream 101", "HTTP 409"}},
		"lost, and not done":   {"101", []mockserver.Fault{{Pattern: post, Drop: true}}, 1, []string{"Could not reset the token of stream 101", "Nothing was changed."}},
		"lost, not to be told": {"101", []mockserver.Fault{{Pattern: post, Drop: true}, {Pattern: "GET /streams/{id}/token", Skip: 1, Status: 403}}, 1, []string{"The token of stream 101 may have been reset", "may have been made"}},
		"lost, but done":       {"101", []mockserver.Fault{{Pattern: post, Stage: mockserver.After, Drop: true}}, 1, nil},
		"no writes":            {"101", []mockserver.Fault{{Pattern: post, Status: 405}}, 1, []string{"account does not offer it"}},
		"not to be looked at":  {"101", []mockserver.Fault{{Pattern: "GET /streams/{id}/token", Status: 403}}, 0, []string{"HTTP 403", "IP ACL"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := acctest.NewAccount(t)
			account.AddStream(mockserver.Stream{ID: 101})
			account.Inject(test.faults...)
			_, diagnostics := acctest.NewProtocol(t, account, nil).Action(actionType).Invoke(acctest.Values{"stream_id": test.stream})
			if test.words == nil {
				acctest.ExpectNone(t, diagnostics)
			} else {
				acctest.Expect(t, diagnostics, test.words...)
			}
			if got := account.Count(post); got != test.resets {
				t.Errorf("%d resets were sent", got)
			}
		})
	}
}

func TestResetActionChecks(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	account.AddStream(mockserver.Stream{ID: 101})
	action := acctest.NewProtocol(t, account, acctest.Values{"read_only": true}).Action(actionType)
	acctest.Expect(t, action.Validate(acctest.Values{"stream_id": " "}), "at stream_id: ", "blank")
	acctest.ExpectNone(t, action.Validate(acctest.Values{"stream_id": acctest.Unknown}))
	config := acctest.Values{"stream_id": "101"}
	acctest.Expect(t, action.Plan(config), "cannot be carried out", "read_only")
	_, diagnostics := action.Invoke(config)
	acctest.Expect(t, diagnostics, "stream 101", "read_only = true", "Nothing was sent")
	if got := account.Count(post); got != 0 {
		t.Errorf("%d resets were sent", got)
	}
}
