package stream_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

func TestAccStreamSmoke(t *testing.T) {
	account := acctest.NewAccount(t)
	acctest.Test(t, account,
		acctest.Step{
			TestStep: resource.TestStep{Config: `resource "commpeak_stream" "test" {
	name = "Newsletter"
	type = "marketing"
	tags = ["b", "a"]
}`},
			Writes: []string{`POST /streams {"name":"Newsletter","type":"marketing","streamTags":[{"value":"a"},{"value":"b"}],"demo":false,"restricted":false}`},
		},
		acctest.Step{
			TestStep: resource.TestStep{Config: `resource "commpeak_stream" "test" {
	name = "Newsletter"
	type = "marketing"
	demo = true
}`},
			Writes: []string{`PATCH /streams/{id} {"demo":true,"streamTags":[]}`},
		},
	)
}
