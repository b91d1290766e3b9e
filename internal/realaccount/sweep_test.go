package realaccount_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// What hangs on a stream goes with it, so that one sweeper removes all.
func init() {
	resource.AddTestSweepers("commpeak_stream", &resource.Sweeper{Name: "commpeak_stream", F: func(string) error {
		if !mayWrite() {
			return errors.New("sweeping removes streams: COMMPEAK_TEST_ACCOUNT=1 and COMMPEAK_TEST_WRITES=1 allow it")
		}
		return account{name: "real", getenv: os.Getenv}.sweep(context.Background())
	}})
}

// sweep removes the streams that tests made, and no others.
func (a account) sweep(ctx context.Context) error {
	client, err := a.client(func(config *commpeak.Config) { config.ReadOnly = false })
	if err != nil {
		return err
	}
	var left []commpeak.Stream
	for stream, err := range client.Streams(ctx) {
		if err != nil {
			return err
		}
		if ours(stream.Name) {
			left = append(left, stream)
		}
	}
	var errs []error
	for _, stream := range left {
		fmt.Printf("removing the stream %q (%s)\n", stream.Name, stream.ID)
		errs = append(errs, client.DeleteStream(ctx, stream.ID))
	}
	return errors.Join(errs...)
}

func TestSweep(t *testing.T) {
	t.Parallel()
	if isReal() {
		return // These streams may belong to a test that is still running.
	}
	mock := acctest.NewAccount(t)
	keep := []string{"Orders", "My tf-acc-test-orders", "TF-ACC-TEST-1", "tf-acc-tes", "tf-acc-test"}
	for _, name := range append([]string{"tf-acc-test-1-orders", "tf-acc-test-"}, keep...) {
		mock.AddStream(mockserver.Stream{Name: name, Type: mockserver.Marketing})
	}

	if err := (account{getenv: mock.Env}).sweep(t.Context()); err != nil {
		t.Fatal(err)
	}

	var left []string
	for _, stream := range mock.Streams() {
		left = append(left, stream.Name)
	}
	if !slices.Equal(left, keep) {
		t.Errorf("the streams %q are left, not %q", left, keep)
	}
}

// Neither the key nor one of the two permissions alone allows anything.
func TestPermissions(t *testing.T) {
	for _, test := range []struct {
		account, writes string
		real, write     bool
	}{
		{"", "", false, false},
		{"", "1", false, false},
		{"1", "", true, false},
		{"1", "0", true, false},
		{"true", "1", false, false},
		{"1", "1", true, true},
	} {
		t.Setenv("COMMPEAK_API_KEY", "key")
		t.Setenv("COMMPEAK_TEST_ACCOUNT", test.account)
		t.Setenv("COMMPEAK_TEST_WRITES", test.writes)
		if isReal() != test.real || mayWrite() != test.write {
			t.Errorf("with %q and %q: real %t, writes %t", test.account, test.writes, isReal(), mayWrite())
		}
	}
}
