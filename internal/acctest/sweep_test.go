package acctest

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	apiKey = "the-key-of-the-account"
	stored = "a-token-that-is-stored"
)

// TestSweep finds a secret wherever a CLI may leave one, and nowhere else.
func TestSweep(t *testing.T) {
	t.Parallel()
	const keeps = `{"resources": [{"type": "commpeak_stream_token", "instances": [{"attributes": {"store_token": true, "token": "` + stored + `"}}]}]}`
	for name, test := range map[string]struct {
		file, text string
		found      bool
	}{
		"a log":                        {"Test.log", "line\nAuthorization: " + apiKey, true},
		"a state":                      {"terraform.tfstate", `{"resources": [{"api": "` + apiKey + `"}]}`, true},
		"a plan as JSON":               {"plan.json", `{"key": "` + apiKey + `"}`, true},
		"a saved plan":                 {"tfplan", archive(t, "tfplan", "\x01"+apiKey), true},
		"a file without a name":        {"crash", apiKey, true},
		"a stored token in a log":      {"Test.log", stored, true},
		"a stored token in its state":  {"terraform.tfstate", keeps, false},
		"a stored token in a plan":     {"tfplan", archive(t, "tfplan", stored), false},
		"a configuration":              {"main.tf", apiKey, false},
		"the configuration of a plan":  {"tfplan", archive(t, "tfconfig/m-/main.tf", apiKey), false},
		"the provider's own program":   {"terraform-provider-commpeak_v0.1.0", apiKey, false},
		"what a test came with":        {"work/testdata/account.json", apiKey, false},
		"a short secret":               {"Test.log", "a key", true},
		"something that only looks so": {"Test.log", "a-key-of-the-account", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, filepath.Join(dir, "before", "terraform.tfstate"), keeps)
			write(t, filepath.Join(dir, test.file), test.text)
			err := sweep(dir, []string{apiKey, stored, "a key"})
			if found := err != nil; found != test.found {
				t.Errorf("found: %v", err)
			}
			if err != nil && (strings.Contains(err.Error(), apiKey) || strings.Contains(err.Error(), stored)) {
				t.Errorf("the error holds the whole secret: %s", err)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func archive(t *testing.T, name, text string) string {
	t.Helper()
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	file, err := writer.Create(name)
	if err == nil {
		_, err = file.Write([]byte(text))
	}
	if err == nil {
		err = writer.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return packed.String()
}
