package cli_test

import (
	"bytes"
	"debug/buildinfo"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
)

// The pinned Terraform is built without the libraries of nine backends and of one module source. If it accepted such a backend, the state
// would be lost.
func TestAccPinnedTerraformRefusesWhatItLacks(t *testing.T) {
	t.Parallel()
	path := pinnedTerraform(t)
	const noBackend = "Error: This Terraform is built for tests and has no s3 backend."
	for name, test := range map[string]struct{ config, want string }{
		"backend without arguments": {"terraform {\n  backend \"s3\" {}\n}\n", noBackend},
		"backend with arguments": {`terraform {
  backend "s3" {
    bucket = "states"
    assume_role = { role_arn = "arn:aws:iam::123456789012:role/states" }
  }
}`, noBackend},
		"module in a bucket": {
			"module \"m\" {\n  source = \"gcs::https://www.googleapis.com/storage/v1/modules/m.zip\"\n}\n",
			"this Terraform is built for tests and cannot read from Google Cloud Storage",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(test.config), 0o600); err != nil {
				t.Fatal(err)
			}
			var stderr bytes.Buffer
			cmd := cli.Command(t.Context(), path, "init", "-input=false", "-no-color")
			cmd.Dir, cmd.Stderr = dir, &stderr
			cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
			if err := cli.Run(cmd); err == nil {
				t.Error("init succeeded")
			}
			if printed := strings.Join(strings.Fields(strings.NewReplacer("│", "", "╷", "", "╵", "").Replace(stderr.String())), " "); !strings.Contains(printed, test.want) {
				t.Errorf("init printed %q, want %q", stderr.String(), test.want)
			}
		})
	}
}

// pinnedTerraform returns the path of the CLI under test if it is the Terraform that tools/terraform builds.
func pinnedTerraform(t *testing.T) string {
	t.Helper()
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if os.Getenv("TF_ACC") == "" || path == "" {
		t.Skip("TF_ACC and TF_ACC_TERRAFORM_PATH are not set")
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		t.Skipf("%s is not the pinned Terraform: %v", path, err)
	}
	for _, module := range info.Deps {
		if module.Replace != nil && module.Replace.Path == "./backends/s3" {
			return path
		}
	}
	t.Skipf("%s is not the pinned Terraform: its s3 backend is not replaced", path)
	return ""
}
