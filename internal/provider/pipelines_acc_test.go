package provider_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// A pipeline that stores its plan, as examples/pipelines show, stores no secret with it: neither the API key nor what an
// ephemeral variable holds. The plan can be applied elsewhere, where both are given again.
func TestAccStoredPlanHoldsNoSecret(t *testing.T) {
	t.Parallel()
	const secret = "EAAG-secret-of-the-pipeline"
	account := acctest.NewAccount(t)
	account.Guard(secret)
	w := acctest.NewWorkspace(t, account)
	w.Write("main.tf", requirements+`
variable "whatsapp_token" {
  type      = string
  ephemeral = true
}

resource "commpeak_stream" "support" {
  name = "Support"
  type = "whatsapp"

  whatsapp = {
    business_id             = "1029384756"
    access_token_wo         = var.whatsapp_token
    access_token_wo_version = 1
  }
}
`)
	w.Setenv("TF_VAR_whatsapp_token", secret)

	w.Run("plan", "-out=plan.tfplan")

	stored := unzipped(t, filepath.Join(w.Dir, "plan.tfplan"))
	if !strings.Contains(stored, "1029384756") {
		t.Error("the plan does not hold what it must, so that searching it proves nothing")
	}
	for _, hidden := range []string{secret, account.APIKey()} {
		if strings.Contains(stored, hidden) {
			t.Errorf("the plan holds a secret: %.12s…", hidden)
		}
	}

	w.Run("apply", "plan.tfplan")

	w.Check()
}

// unzipped is all that an archive holds, one file after the other.
func unzipped(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range archive.File {
		opened, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, opened); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
