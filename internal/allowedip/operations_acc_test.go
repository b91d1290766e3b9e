package allowedip_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// operated has one object of each kind on a stream of its own: plain, with its own
// create_before_destroy, and with an inherited one. %[1]s names the plain ones, %[2]s is the last
// number of the addresses, and %[3]s replaces what the stream IDs of the last two depend on.
const operated = `
terraform {
  required_providers {
    commpeak = { source = "commpeak/commpeak" }
  }
}
resource "commpeak_allowed_ip" "%[1]s" {
  stream_id = "101"
  ip        = "203.0.113.%[2]s"
}
resource "commpeak_allowed_ips" "%[1]s" {
  stream_id = "102"
  ips       = ["203.0.113.%[2]s"]
}
resource "commpeak_allowed_ip" "first" {
  stream_id = "103"
  ip        = "203.0.113.%[2]s"
  lifecycle { create_before_destroy = true }
}
resource "commpeak_allowed_ips" "first" {
  stream_id = "104"
  ips       = ["203.0.113.%[2]s"]
  lifecycle { create_before_destroy = true }
}
resource "commpeak_allowed_ip" "inherited" {
  stream_id = "105"
  ip        = "203.0.113.%[2]s"
}
resource "terraform_data" "user" {
  input = commpeak_allowed_ip.inherited.ip
  lifecycle { create_before_destroy = true }
}
resource "terraform_data" "id" {
  count            = 2
  input            = 106 + count.index
  triggers_replace = "%[3]s"
}
resource "commpeak_allowed_ip" "unknown" {
  stream_id = terraform_data.id[0].output
  ip        = "203.0.113.%[2]s"
}
resource "commpeak_allowed_ips" "unknown" {
  stream_id = terraform_data.id[1].output
  ips       = ["203.0.113.%[2]s"]
}
`

// No operation of Terraform empties a list, and each needs one apply.
func TestAccAllowedIPOperations(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	for i := range 7 {
		account.AddStream(mockserver.Stream{Name: fmt.Sprint("Stream ", i)})
	}
	w := acctest.NewWorkspace(t, account)
	config := func(name, last, id string) { w.Write("main.tf", fmt.Sprintf(operated, name, last, id)) }
	replace := []string{
		"-replace=commpeak_allowed_ip.one", "-replace=commpeak_allowed_ips.one", "-replace=commpeak_allowed_ip.first",
		"-replace=commpeak_allowed_ips.first", "-replace=commpeak_allowed_ip.inherited",
	}
	mark := 0
	for _, step := range []struct {
		name    string
		prepare func()
		args    []string
		last    string
	}{
		{"create", func() { config("one", "7", "a") }, nil, "7"},
		{"replace", func() {}, replace, "7"},
		{"change", func() { config("one", "8", "a") }, nil, "8"},
		{"taint", func() {
			for _, address := range []string{"commpeak_allowed_ip.one", "commpeak_allowed_ips.one", "commpeak_allowed_ip.first"} {
				w.Run("taint", address)
			}
		}, nil, "8"},
		{"taint and change", func() { w.Run("taint", "commpeak_allowed_ip.one"); config("one", "9", "a") }, nil, "9"},
		{"rename", func() { config("two", "9", "a") }, []string{"-parallelism=1"}, "9"},
		{"rename and change", func() { config("one", "10", "a") }, []string{"-parallelism=1"}, "10"},
		{"unknown stream", func() { config("one", "10", "b") }, nil, "10"},
		{"unknown stream and change", func() { config("one", "11", "c") }, nil, "11"},
	} {
		step.prepare()
		w.Run(append([]string{"apply", "-auto-approve"}, step.args...)...)
		w.Run("plan", "-detailed-exitcode")
		for id := 101; id <= 107; id++ {
			if got, want := account.AllowedIPs(id), []string{"203.0.113." + step.last + "/32"}; !slices.Equal(got, want) {
				t.Errorf("%s: stream %d has %q, not %q", step.name, id, got, want)
			}
		}
		requests := account.Requests()
		for _, request := range requests[mark:] {
			if request.Method == http.MethodPatch && strings.Contains(string(request.Body), "null") {
				t.Errorf("%s: a list was emptied: %s", step.name, request.Path)
			}
		}
		mark = len(requests)
	}
}

// Two configurations of the provider for one account are two processes. Neither loses a change
// of the other.
func TestAccAllowedIPOfTwoProviders(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, func(o *mockserver.Options) { o.Latency = 60 * time.Millisecond })
	account.AddStream(mockserver.Stream{Name: "Shop", IPACL: foreign})
	w := acctest.NewWorkspace(t, account)
	w.Write("main.tf", `
terraform {
  required_providers {
    commpeak = { source = "commpeak/commpeak" }
  }
}
provider "commpeak" {
  alias               = "two"
  requests_per_second = 50
}
resource "commpeak_allowed_ip" "one" {
  count     = 3
  stream_id = "101"
  ip        = "203.0.113.${count.index}"
}
resource "commpeak_allowed_ip" "two" {
  provider  = commpeak.two
  count     = 3
  stream_id = "101"
  ip        = "192.0.2.${count.index}"
}`)
	w.Run("apply", "-auto-approve")
	if got := account.AllowedIPs(101); len(got) != 7 {
		t.Errorf("after apply: %q", got)
	}
	w.Run("destroy", "-auto-approve")
	if got, want := account.AllowedIPs(101), []string{foreign + "/32"}; !slices.Equal(got, want) {
		t.Errorf("after destroy: %q, not %q", got, want)
	}
}
