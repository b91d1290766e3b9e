package mockserver_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// curl and jq share no code with this repository, and read the account as a user of the reference does.
func TestCurlAndJqReadEveryDocumentedField(t *testing.T) {
	for _, program := range []string{"curl", "jq"} {
		if _, err := exec.LookPath(program); err != nil && os.Getenv("GITHUB_ACTIONS") == "" {
			t.Skipf("there is no %s", program)
		}
	}
	for version, lists := range callsOfVersion {
		t.Run("version "+string(version), func(t *testing.T) {
			server, url := documentedAccount(t, version)
			for _, call := range append(callsOfBothVersions, lists...) {
				credential := server.APIKey()
				if call.auth == "token" {
					credential = server.Token(101)
				}
				for _, missing := range missingFields(t, url, call, credential) {
					t.Errorf("%s: there is no %s", call.call, missing)
				}
			}
		})
	}
}

// missingFields makes a call with curl, and returns the fields that jq does not find in the response.
func missingFields(t *testing.T, url string, call documentedCall, credential string) []string {
	t.Helper()
	method, path, _ := strings.Cut(call.call, " ")
	arguments := []string{
		"--silent", "--show-error", "--fail-with-body", "--request", method, "--header", "Authorization: " + credential, url + path,
	}
	if call.body != "" {
		arguments = append(arguments, "--header", "Content-Type: application/json", "--data", call.body)
	}
	response, err := exec.CommandContext(t.Context(), "curl", arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", call.call, err, response)
	}
	jq := exec.CommandContext(t.Context(), "jq", "--raw-output", missingFilter(call.fields))
	jq.Stdin = strings.NewReader(string(response))
	missing, err := jq.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", call.call, err, missing)
	}
	return strings.Fields(string(missing))
}

// missingFilter returns a jq filter for the names of the fields that a response does not have. "a[].b" is .a[0] | has("b").
func missingFilter(fields []string) string {
	tests := make([]string, len(fields))
	for i, field := range fields {
		parent, name := ".", field
		if last := strings.LastIndex(field, "."); last >= 0 {
			parent, name = "."+strings.ReplaceAll(field[:last], "[]", "[0]"), field[last+1:]
		}
		tests[i] = fmt.Sprintf("(if (%s | type) == \"object\" and (%s | has(%q)) then empty else %q end)", parent, parent, name, field)
	}
	return strings.Join(tests, ", ")
}
