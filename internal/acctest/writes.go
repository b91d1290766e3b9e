package acctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// marks are positions in an account's request log.
type marks struct {
	// begins is where each step begins; -1: it did not run.
	begins []int
	// removal is where the removal begins that follows the last step.
	removal int
}

func newMarks(steps int) *marks {
	return &marks{begins: slices.Repeat([]int{-1}, steps)}
}

// watch notes where the removal begins: the testing library starts a provider
// for each command, and the last command removes everything. If there is nothing
// to remove, the last command only shows the state, which requests nothing.
func (m *marks) watch(account *Account) map[string]func() (tfprotov6.ProviderServer, error) {
	factories := account.Providers()
	for name, start := range factories {
		factories[name] = func() (tfprotov6.ProviderServer, error) {
			m.removal = len(account.Requests())
			return start()
		}
	}
	return factories
}

// checkWrites compares the writes of each step, and of the removal, with those
// that the step names.
func (a *Account) checkWrites(t *testing.T, steps []Step, marks *marks) {
	t.Helper()
	ends := append(slices.Clone(marks.begins[1:]), marks.removal)
	requests := a.Requests()
	for i, step := range steps {
		if begin, end := marks.begins[i], ends[i]; begin < 0 || end < begin {
			t.Errorf("step %d: it did not run, or not in its turn, so its writes cannot be compared", i+1)
		} else if !step.AnyWrites {
			compareWrites(t, fmt.Sprintf("step %d", i+1), step.Writes, a.writes(requests[begin:end]))
		}
	}
	last := len(steps) - 1
	if steps[last].AnyWrites {
		return
	}
	removed := slices.DeleteFunc(a.writes(requests[marks.removal:]), func(line string) bool { return strings.HasPrefix(line, "DELETE ") })
	compareWrites(t, "the removal after the last step", steps[last].Removal, removed)
}

func compareWrites(t testing.TB, where string, expected, made []string) {
	t.Helper()
	if missing, extra := matchWrites(expected, made); len(missing)+len(extra) > 0 {
		t.Errorf("%s: writes expected and not made: %q; made and not expected: %q", where, missing, extra)
	}
}

// matchWrites pairs each expected write with one that was made.
func matchWrites(expected, made []string) (missing, extra []string) {
	extra = slices.Clone(made)
	for _, want := range expected {
		at := slices.IndexFunc(extra, func(line string) bool { return sameWrite(want, line) })
		if at < 0 {
			missing = append(missing, want)
			continue
		}
		extra = slices.Delete(extra, at, at+1)
	}
	return missing, extra
}

// sameWrite compares a wanted write with one made; bodies are JSON, and count
// only where one is wanted.
func sameWrite(want, made string) bool {
	wantCall, wantBody := splitWrite(want)
	madeCall, madeBody := splitWrite(made)
	return wantCall == madeCall && (wantBody == "" || sameJSON(wantBody, madeBody))
}

// splitWrite parts "PATCH /streams/{id} {body}" at its second space.
func splitWrite(line string) (call, body string) {
	parts := strings.SplitN(line, " ", 3)
	if len(parts) < 3 {
		return line, ""
	}
	return parts[0] + " " + parts[1], parts[2]
}

func sameJSON(one, other string) bool {
	var a, b any
	if json.Unmarshal([]byte(one), &a) != nil || json.Unmarshal([]byte(other), &b) != nil {
		return false
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
