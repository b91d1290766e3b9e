package acctest

import (
	"strings"
	"testing"
)

// TestMarksCompare compares the writes of two steps and of the removal.
func TestMarksCompare(t *testing.T) {
	t.Parallel()
	log := []string{"POST /streams", "PATCH /streams/{id} {}", "DELETE /streams/{id}/events/{eventId}", "DELETE /streams/{id}"}
	made := func(begin, end int) []string { return append([]string{}, log[begin:end]...) }
	for name, test := range map[string]struct {
		marks   marks
		second  Step
		problem string
	}{
		"as named":                 {marks{[]int{0, 1}, 3}, Step{Writes: log[1:3]}, ""},
		"a DELETE of the removal":  {marks{[]int{0, 1}, 2}, Step{Writes: log[1:2]}, ""},
		"a DELETE of the step":     {marks{[]int{0, 1}, 3}, Step{Writes: log[1:2]}, "step 2: "},
		"a PATCH of the removal":   {marks{[]int{0, 1}, 1}, Step{}, "the removal"},
		"any writes":               {marks{[]int{0, 1}, 1}, Step{AnyWrites: true}, ""},
		"a step that did not run":  {marks{[]int{0, -1}, 3}, Step{AnyWrites: true}, "step 2 did not run"},
		"a step out of its turn":   {marks{[]int{0, 4}, 3}, Step{AnyWrites: true}, "step 2 did not run"},
		"the write of another one": {marks{[]int{0, 0}, 3}, Step{Writes: log[:3]}, "step 1: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			problems := test.marks.compare([]Step{{Writes: log[:1]}, test.second}, len(log), made)
			if got := strings.Join(problems, "\n"); (got == "") != (test.problem == "") || !strings.Contains(got, test.problem) {
				t.Errorf("the problems are %q, not %q", got, test.problem)
			}
		})
	}
}
