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
	requests := a.Requests()
	made := func(begin, end int) []string { return a.writes(requests[begin:end]) }
	for _, problem := range marks.compare(steps, len(requests), made) {
		t.Error(problem)
	}
}

// compare returns what is wrong with the writes made between two positions.
func (m *marks) compare(steps []Step, end int, made func(begin, end int) []string) []string {
	ends := append(slices.Clone(m.begins[1:]), m.removal)
	var problems []string
	for i, step := range steps {
		name, begin, end := fmt.Sprintf("step %d", i+1), m.begins[i], ends[i]
		switch {
		case begin < 0 || end < begin:
			problems = append(problems, name+" did not run, or not in its turn: its writes cannot be compared")
		case !step.AnyWrites:
			problems = append(problems, compareWrites(name, step.Writes, made(begin, end))...)
		}
	}
	last := steps[len(steps)-1]
	if last.AnyWrites {
		return problems
	}
	removed := slices.DeleteFunc(made(m.removal, end), func(line string) bool { return strings.HasPrefix(line, "DELETE ") })
	return append(problems, compareWrites("the removal after the last step", last.Removal, removed)...)
}

func compareWrites(where string, expected, made []string) []string {
	missing, extra := matchWrites(expected, made)
	if len(missing)+len(extra) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s: writes expected and not made: %q; made and not expected: %q", where, missing, extra)}
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
