package main

import (
	"math"
	"runtime/debug"
	"testing"
)

func TestTuneGarbageCollector(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(math.MaxInt64)
	t.Cleanup(func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	})
	for name, test := range map[string]struct {
		env     map[string]string
		percent int
		limit   int64
	}{
		"nothing set": {nil, collectAtPercent, collectAtBytes},
		"GOGC set":    {map[string]string{"GOGC": "50"}, 100, math.MaxInt64},
		"a limit set": {map[string]string{"GOMEMLIMIT": "1GiB"}, 100, math.MaxInt64},
	} {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
		tuneGarbageCollector(func(variable string) string { return test.env[variable] })
		if got := debug.SetMemoryLimit(-1); got != test.limit {
			t.Errorf("%s: the limit is %d, not %d", name, got, test.limit)
		}
		if got := debug.SetGCPercent(100); got != test.percent {
			t.Errorf("%s: %d percent, not %d", name, got, test.percent)
		}
	}
}
