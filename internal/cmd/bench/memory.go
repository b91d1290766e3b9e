package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// watch looks at the processes of a program until the function that it returns
// is called, which tells the most memory that one of them had, in bytes. It
// knows only Linux, and tells 0 elsewhere.
func watch(program string) (stop func() int64) {
	done, most := make(chan struct{}), make(chan int64)
	go func() {
		var peak int64
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				most <- peak
				return
			case <-ticker.C:
				peak = max(peak, peakOf(program))
			}
		}
	}()
	return func() int64 { close(done); return <-most }
}

// peakOf is the most memory that a running process of the program has had.
func peakOf(program string) int64 {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	var peak int64
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == program {
			peak = max(peak, statusBytes(filepath.Dir(link), "VmHWM:"))
		}
	}
	return peak
}

// statusBytes is a size in the status file of a process.
func statusBytes(process, name string) int64 {
	status, _ := os.ReadFile(filepath.Join(process, "status"))
	for line := range bytes.Lines(status) {
		if fields := bytes.Fields(line); len(fields) == 3 && string(fields[0]) == name {
			kilobytes, _ := strconv.ParseInt(string(fields[1]), 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}
