package session_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// TestCrowd: many workers share a service that admits 50 requests a second. It
// answers no create with an error in the end, creates each stream once, and loses next to no time.
func TestCrowd(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{1, 10, 100} {
		synctest.Test(t, func(t *testing.T) {
			const creates, perSecond = 1000, 50
			account := mockserver.New(mockserver.Options{RateLimit: perSecond, Latency: 10 * time.Millisecond})
			client, _ := virtual(t, account.ServeHTTP, maxRetries(commpeak.DefaultMaxRetries), func(c *commpeak.Config) {
				c.APIKey, c.Endpoint = account.APIKey(), "http://localhost"+mockserver.ManagementPath
			})
			begin := time.Now()
			names := make(chan string)
			var crowd sync.WaitGroup
			for range workers {
				crowd.Go(func() {
					for name := range names {
						if _, err := client.CreateStream(t.Context(), commpeak.StreamSpec{Name: name, Type: commpeak.OTP}); err != nil {
							t.Error(err)
						}
					}
				})
			}
			for i := range creates {
				names <- fmt.Sprint(i)
			}
			close(names)
			crowd.Wait()
			equal(t, "streams", len(account.Streams()), creates)
			// An API that was idle admits the requests of one second at once.
			const least = (creates - perSecond) * time.Second / perSecond
			if took := time.Since(begin); took < least || took > least*6/5 {
				t.Errorf("%d workers took %s, want %s to 1.2 times that", workers, took, least)
			}
		})
	}
}
