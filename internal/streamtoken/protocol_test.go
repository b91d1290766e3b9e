package streamtoken_test

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const resourceType = "commpeak_stream_token"

// newToken is the token of stream 101, not managed yet.
func newToken(t *testing.T, provider acctest.Values) (*acctest.Account, *acctest.Resource) {
	t.Helper()
	account := acctest.NewAccount(t)
	account.AddStream(mockserver.Stream{ID: 101, Name: "By hand"})
	return account, acctest.NewProtocol(t, account, provider).Resource(resourceType)
}

func of(stream string, changes ...string) acctest.Values {
	config := acctest.Values{"stream_id": stream}
	for _, quarter := range changes {
		config["reset_triggers"] = acctest.Values{"quarter": quarter}
	}
	return config
}

func TestTokenValidation(t *testing.T) {
	t.Parallel()
	_, token := newToken(t, nil)
	for _, id := range []string{"", " "} {
		acctest.Expect(t, token.Validate(of(id)), "at stream_id: ", "blank")
	}
	// mock_provider makes up IDs of letters, and validates them.
	for _, id := range []string{"0", "-1", "7a", "/streams/7", "Newsletter"} {
		acctest.ExpectNone(t, token.Validate(of(id)))
		acctest.Expect(t, token.Plan(of(id)).Diagnostics, "at stream_id: ", "whole number")
	}
	for _, config := range []acctest.Values{
		of("101"), of("101", "2026Q1"),
		{"stream_id": acctest.Unknown, "reset_triggers": acctest.Unknown, "store_token": acctest.Unknown},
		{"stream_id": "101", "reset_triggers": acctest.Values{"a": acctest.Unknown, "b": nil}, "store_token": true},
	} {
		acctest.ExpectNone(t, token.Validate(config))
	}
}

// The plan warns if senders stop working.
func TestTokenWarnings(t *testing.T) {
	t.Parallel()
	account, token := newToken(t, nil)
	token.Must(of("101", "1"))
	acctest.ExpectNone(t, token.Plan(of("101", "1")).Diagnostics)

	plan := token.Plan(of("101", "2"))
	acctest.Expect(t, plan.Diagnostics, "at reset_triggers: ", "The token of stream 101 is reset", "stop working")
	if len(plan.Replaces) != 1 {
		t.Errorf("the plan replaces for %v", plan.Replaces)
	}
	acctest.Expect(t, token.Plan(of("102", "1")).Diagnostics, "at stream_id: ", "new stream is reset as well", "stream 101")
	acctest.Expect(t, token.Plan(nil).Diagnostics, "at stream_id: ", "The token of stream 101 stops working")

	account.ResetToken(101)
	acctest.ExpectNone(t, token.Read())
	acctest.Expect(t, token.Plan(of("101", "1")).Diagnostics, "at fingerprint: ", "The token of stream 101 was reset elsewhere", "does not reset it")
	acctest.Expect(t, token.Plan(nil).Diagnostics, "at stream_id: ", "The token of stream 101 stays valid", "run apply before destroy")
}

// The first triggers of an imported token are recorded, and the plan says so.
func TestTokenFirstTriggersWarning(t *testing.T) {
	t.Parallel()
	_, token := newToken(t, nil)
	acctest.ExpectNone(t, token.Import("101"))
	acctest.ExpectNone(t, token.Plan(of("101")).Diagnostics)
	plan := token.Plan(of("101", "1"))
	acctest.Expect(t, plan.Diagnostics, "at reset_triggers: ", "The token of stream 101 is not reset", "-replace")
	if len(plan.Replaces) != 0 {
		t.Errorf("the plan replaces for %v", plan.Replaces)
	}
	acctest.ExpectNone(t, token.Apply(plan))
	acctest.Expect(t, token.Plan(of("101", "2")).Diagnostics, "at reset_triggers: ", "The token of stream 101 is reset")
}

// What a change has no influence on is known while planning.
func TestTokenPlansWhatItKnows(t *testing.T) {
	t.Parallel()
	_, token := newToken(t, nil)
	plan := token.Plan(of("101"))
	for name, want := range map[string]string{"token": "", "fingerprint": "(unknown)", "version": "(unknown)", "reset_at": "(unknown)"} {
		if got := plan.Attribute(t, name); got != want {
			t.Errorf("create: %s is planned as %q", name, got)
		}
	}
	acctest.ExpectNone(t, token.Apply(plan))
	plan = token.Plan(acctest.Values{"stream_id": "101", "store_token": true})
	for _, name := range []string{"fingerprint", "version", "reset_at"} {
		if got, want := plan.Attribute(t, name), token.Attribute(name); got != want {
			t.Errorf("update: %s is planned as %q, not %q", name, got, want)
		}
	}
	if got := plan.Attribute(t, "token"); got != "(unknown)" {
		t.Errorf("update: token is planned as %q", got)
	}
}

// Everything that resets is refused; what only reads is not.
func TestTokenReadOnly(t *testing.T) {
	t.Parallel()
	account, token := newToken(t, acctest.Values{"read_only": true})
	before := account.Token(101)
	create := token.Plan(of("101"))
	acctest.Expect(t, create.Diagnostics, "cannot be applied", "read_only")
	acctest.Expect(t, token.Apply(create), "Could not reset the token of stream 101", "read_only = true")

	acctest.ExpectNone(t, token.Import("101"))
	stored := acctest.Values{"stream_id": "101", "store_token": true}
	update := token.Plan(stored)
	acctest.ExpectNone(t, update.Diagnostics)
	acctest.ExpectNone(t, token.Apply(update))
	if token.Attribute("token") != before {
		t.Error("the token is not stored")
	}
	if got := acctest.Texts(token.Plan(of("102")).Diagnostics); !strings.Contains(strings.Join(got, "\n"), "cannot be applied") {
		t.Errorf("a replacement is not warned of: %q", got)
	}
	destroy := token.Plan(nil)
	if got := acctest.Texts(destroy.Diagnostics); !strings.Contains(strings.Join(got, "\n"), "cannot be applied") {
		t.Errorf("a destruction is not warned of: %q", got)
	}
	acctest.Expect(t, token.Apply(destroy), "Could not invalidate the token", "read_only = true")
	if account.Token(101) != before || account.Count(post) != 0 {
		t.Error("the token was reset")
	}
}

// The identity is set by create, read, update and import, and before a token
// whose stream is gone is removed.
func TestTokenTrap3IdentityAlwaysSet(t *testing.T) {
	t.Parallel()
	account, token := newToken(t, nil)
	identified := func(when string) {
		t.Helper()
		if token.Identity == nil || token.Identity.IdentityData == nil {
			t.Fatalf("no identity after %s", when)
		}
		token.Identity = nil
	}
	acctest.ExpectNone(t, token.Import("101"))
	identified("import")
	token.Must(of("101", "1"))
	identified("update")
	acctest.ExpectNone(t, token.Read())
	identified("read")
	account.Tolerate(404)
	account.RemoveStream(101)
	acctest.Expect(t, token.Read(), "no longer exists", "101")
	identified("a read that finds nothing")
	if !token.State.IsNull() {
		t.Error("the token of a stream that is gone is still in the state")
	}
	account.AddStream(mockserver.Stream{ID: 102})
	token.Must(of("102"))
	identified("create")
}

// Private state is JSON and holds no token, and a fingerprint tells
// apart tokens that differ after 72 bytes only.
func TestTokenTrap7TokensAreLong(t *testing.T) {
	t.Parallel()
	account, token := newToken(t, nil)
	long := strings.Repeat("0123456789", 10)
	answer := func(pattern, token string) {
		account.Inject(mockserver.Fault{
			Pattern: pattern, Stage: mockserver.After, Status: 200,
			Header: map[string]string{"Content-Type": "application/json"}, Body: `{"token":"` + token + `"}`,
		})
	}
	answer(post, long+"-one")
	token.Must(of("101"))
	fingerprint := token.Attribute("fingerprint")
	answer("GET /streams/{id}/token", long+"-one")
	acctest.ExpectNone(t, token.Read())
	acctest.ExpectNone(t, token.Plan(of("101")).Diagnostics)
	answer("GET /streams/{id}/token", long+"-two")
	acctest.ExpectNone(t, token.Read())
	if !json.Valid(token.Private) {
		t.Errorf("the private state is no JSON: %q", token.Private)
	}
	if strings.Contains(string(token.Private), long) || strings.Contains(token.State.String(), long) {
		t.Error("the token is stored")
	}
	acctest.Expect(t, token.Plan(of("101")).Diagnostics, "reset elsewhere")
	token.Must(of("101"))
	if token.Attribute("fingerprint") == fingerprint {
		t.Error("the fingerprint is still that of the other token")
	}
}

// Looking twice at a token that was reset elsewhere finds one reset, not two.
func TestTokenIsNoticedOnce(t *testing.T) {
	t.Parallel()
	account, token := newToken(t, nil)
	token.Must(of("101"))
	versions := map[string]bool{token.Attribute("version"): true}
	account.ResetToken(101)
	for range 3 {
		acctest.ExpectNone(t, token.Read())
		versions[token.Attribute("version")] = true
	}
	if len(versions) != 2 {
		t.Errorf("the version went through %v", versions)
	}
}

// Resets by objects that do not have the previous version, in the same instant:
// the version grows with each, and is the time in milliseconds.
func TestTokenVersionsDiffer(t *testing.T) {
	t.Parallel()
	begin := time.Now().UnixMilli()
	account := acctest.NewAccount(t)
	account.AddStream(mockserver.Stream{ID: 101})
	p := acctest.NewProtocol(t, account, nil)
	last := int64(0)
	for range 3 {
		token := p.Resource(resourceType)
		token.Must(of("101"))
		version := versionOf(t, token)
		account.ResetToken(101)
		acctest.ExpectNone(t, token.Read())
		noticed := versionOf(t, token)
		if version <= last || noticed <= version {
			t.Errorf("version %d is followed by %d and %d", last, version, noticed)
		}
		last = noticed
	}
	if last < begin || last > time.Now().Add(time.Minute).UnixMilli() {
		t.Errorf("version %d is not a time in milliseconds", last)
	}
}

func versionOf(t *testing.T, token *acctest.Resource) int64 {
	t.Helper()
	version, err := strconv.ParseInt(token.Attribute("version"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// A stream that is removed between plan and destruction leaves nothing to reset.
func TestTokenDestroyedAfterItsStream(t *testing.T) {
	t.Parallel()
	account, token := newToken(t, nil)
	token.Must(of("101"))
	destroy := token.Plan(nil)
	account.Tolerate(404)
	account.RemoveStream(101)
	acctest.ExpectNone(t, token.Apply(destroy))
	if !token.State.IsNull() {
		t.Error("the token is still in the state")
	}
}

// An interruption after the reset loses nothing.
func TestTokenInterrupted(t *testing.T) {
	t.Parallel()
	account, token := newToken(t, nil)
	ctx, interrupt := context.WithCancel(t.Context())
	account.Inject(mockserver.Fault{Pattern: post, Match: func(mockserver.Request) bool { interrupt(); return true }})
	acctest.ExpectNone(t, token.ApplyIn(ctx, token.Plan(of("101"))))
	if token.Attribute("fingerprint") == "" || account.Count(post) != 1 {
		t.Error("the reset is forgotten")
	}
}

// Two resources of one token reset it in turn. The plan of each warns of the other, and settles.
func TestTokenOfTwoResources(t *testing.T) {
	t.Parallel()
	account, first := newToken(t, nil)
	second := first.Protocol.Resource(resourceType)
	first.Must(of("101"))
	second.Must(of("101"))
	acctest.ExpectNone(t, first.Read())
	acctest.Expect(t, first.Plan(of("101")).Diagnostics, "The token of stream 101 was reset elsewhere", "a second commpeak_stream_token", "remove one")
	first.Must(of("101"))
	for _, token := range []*acctest.Resource{first, second} {
		acctest.ExpectNone(t, token.Read())
		acctest.ExpectNone(t, token.Plan(of("101")).Diagnostics)
	}
	if got := account.Count(post); got != 2 {
		t.Errorf("%d resets", got)
	}
}

// A resource that is renamed without a moved block is deleted and created at the same time. The
// deletion does not reset the token of the new resource.
func TestTokenRenamedWithoutMoved(t *testing.T) {
	t.Parallel()
	account, before := newToken(t, nil)
	before.Must(of("101"))
	after := before.Protocol.Resource(resourceType)
	plan := after.Plan(of("101"))
	hasRead := make(chan struct{})
	account.Inject(mockserver.Fault{Pattern: "GET /streams/{id}/token", Stage: mockserver.After, Delay: 200 * time.Millisecond, Match: func(mockserver.Request) bool {
		close(hasRead)
		return true
	}})
	deleted := make(chan struct{})
	go func() {
		defer close(deleted)
		acctest.ExpectNone(t, before.Apply(before.Plan(nil)))
	}()
	<-hasRead
	acctest.ExpectNone(t, after.Apply(plan))
	<-deleted
	acctest.ExpectNone(t, after.Read())
	acctest.ExpectNone(t, after.Plan(of("101")).Diagnostics)
}
