package stream_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

const requiredProviders = `terraform {
	required_providers {
		commpeak = { source = "commpeak/commpeak" }
	}
}
`

// A protected stream is not replaced, and what depends on it is not touched first.
func TestAccStreamProtectionRefusesReplace(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t)
	work := acctest.NewWorkspace(t, account)
	protected := func(trigger string) string {
		return requiredProviders + `resource "terraform_data" "release" { input = ` + trigger + ` }
		` + config(`name = "Orders"
			type = "transactional"
			deletion_protection = true
			lifecycle { replace_triggered_by = [terraform_data.release] }`) + `
		resource "commpeak_event_template" "shipped" {
			stream_id = commpeak_stream.test.id
			name      = "Shipped"
			key       = "shipped"
			template  = "Your order is on its way."
		}
		resource "commpeak_allowed_ip" "office" {
			stream_id = commpeak_stream.test.id
			ip        = "203.0.113.9"
		}`
	}
	work.Write("main.tf", protected("1"))
	work.Run("init")
	work.Run("apply", "-auto-approve")
	before := len(account.Requests())
	refused := func(args ...string) {
		t.Helper()
		out, err := work.Try(args...)
		if err == nil || !strings.Contains(out, "protected from deletion") {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
	refused("plan", "-replace=commpeak_stream.test")
	refused("apply", "-auto-approve", "-refresh=false", "-replace=commpeak_stream.test")
	work.Write("main.tf", protected("2"))
	refused("apply", "-auto-approve")
	for _, request := range account.Requests()[before:] {
		if request.Method != http.MethodGet {
			t.Errorf("sent %s %s", request.Method, request.Path)
		}
	}
}

// An account that returns documented fields only, with the vendor's labels, is imported
// completely without a change, and stays as it is.
func TestAccStreamDocumentedFieldsOnly(t *testing.T) {
	t.Parallel()
	account := acctest.NewAccount(t, acctest.Spelled(mockserver.Spelling{Case: mockserver.OtherLabels}),
		func(o *mockserver.Options) { o.DocumentedOnly = true })
	work := acctest.NewWorkspace(t, account)
	text := requiredProviders
	for _, streamType := range []string{mockserver.Marketing, mockserver.Transactional, mockserver.OTP, mockserver.TwoWay, mockserver.WhatsApp} {
		made := account.AddStream(mockserver.Stream{Name: streamType, Type: streamType, Tags: []string{"shop"}, Restricted: true, DefaultSender: "ACME"})
		text += fmt.Sprintf(`resource "commpeak_stream" %[1]q {
			name = %[1]q
			type = %[1]q
			tags = ["shop"]
		}
		import {
			to = commpeak_stream.%[1]s
			id = "%[2]d"
		}
		`, streamType, made.ID)
	}
	work.Write("main.tf", text)
	work.Run("init")
	if out := work.Run("apply", "-auto-approve"); !strings.Contains(out, "5 imported, 0 added, 0 changed, 0 destroyed") {
		t.Error(out)
	}
	work.Run("plan", "-detailed-exitcode")
	work.Run("plan", "-refresh-only", "-detailed-exitcode")
	work.CheckUnchanged()
}
