package acctest

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRemoveExcept keeps what failed tests left, and nothing else.
func TestRemoveExcept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "root")
	for _, name := range []string{"TestAccFailed/trace.log", "TestAccPassed/trace.log", "scratch/file"} {
		write(t, filepath.Join(dir, name), "text")
	}
	kept, err := removeExcept(dir, func(name string) bool { return name == "TestAccFailed" })
	if err != nil || !kept {
		t.Errorf("kept: %t, %v", kept, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != "TestAccFailed" {
		t.Errorf("%q is left: %v", left, err)
	}
	kept, err = removeExcept(dir, func(string) bool { return false })
	if _, missing := os.Stat(dir); err != nil || kept || !os.IsNotExist(missing) {
		t.Errorf("kept: %t, %v; the folder: %v", kept, err, missing)
	}
}
