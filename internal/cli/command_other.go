//go:build !unix

package cli

import "os/exec"

// There are no process groups here: the program alone is killed.
func group(*exec.Cmd) {}

func kill(*exec.Cmd) {}
