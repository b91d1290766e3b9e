package statistics_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// Messages that arrive between two plans do not make a plan non-empty.
func TestAccMovingFigures(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	config := `
		resource "commpeak_stream" "news" {
			name = "News"
			type = "transactional"
		}
		data "commpeak_stream_statistics" "news" {
			stream_id = commpeak_stream.news.id
			window    = "1h"
		}
		data "commpeak_stream_statistics" "day" {
			stream_id = commpeak_stream.news.id
			from      = "2026-03-01T00:00:00+01:00"
			to        = "2026-03-01T23:59:59+01:00"
		}
		data "commpeak_realtime_performance" "all" {
			name_contains = "News"
			depends_on    = [commpeak_stream.news]
		}`
	arrive := func() {
		fill(account, account.Streams()[0].ID, time.Now(), map[string]int{mockserver.Delivered: 3})
	}
	expect := func(address string, path tfjsonpath.Path, total int64) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, path, knownvalue.Int64Exact(total))
	}
	day := expect("data.commpeak_stream_statistics.day", tfjsonpath.New("total"), 0)
	moved := []statecheck.StateCheck{
		day,
		expect("data.commpeak_stream_statistics.news", tfjsonpath.New("delivered"), 6),
		expect("data.commpeak_realtime_performance.all", tfjsonpath.New("streams").AtSliceIndex(0).AtMapKey("delivered"), 6),
	}
	acctest.Test(t, account,
		acctest.Step{TestStep: resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{day}}, Writes: []string{"POST /streams"}},
		acctest.Step{TestStep: resource.TestStep{PreConfig: arrive, Config: config, PlanOnly: true}},
		acctest.Step{TestStep: resource.TestStep{PreConfig: arrive, Config: config, ConfigStateChecks: moved}},
	)
}
