package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
)

// start is what a provider takes before it is asked anything.
type start struct {
	// handshake is the time from its start to its saying where it listens.
	handshake time.Duration
	// size is that of the program, memory what it holds then, in bytes.
	size, memory int64
}

// startUp starts a provider as the CLI does, some times; the fastest counts.
func startUp(ctx context.Context, program string) (start, error) {
	info, err := os.Stat(program)
	if err != nil {
		return start{}, err
	}
	best := start{size: info.Size()}
	for range 5 {
		handshake, memory, err := shakeHands(ctx, program)
		if err != nil {
			return start{}, err
		}
		if best.handshake == 0 || handshake < best.handshake {
			best.handshake, best.memory = handshake, memory
		}
	}
	return best, nil
}

func shakeHands(ctx context.Context, program string) (time.Duration, int64, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	cmd := cli.Command(ctx, program)
	// What every plugin of protocol 6 is started with.
	cmd.Env = append(os.Environ(), "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=6")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	_, err = bufio.NewReader(out).ReadString('\n')
	took := time.Since(begin)
	memory := statusBytes(fmt.Sprintf("/proc/%d", cmd.Process.Pid), "VmRSS:")
	cancel()
	_ = cli.Wait(cmd) // it was interrupted.
	if err != nil {
		return 0, 0, fmt.Errorf("%s does not say where it listens: %w", program, err)
	}
	return took, memory, nil
}
