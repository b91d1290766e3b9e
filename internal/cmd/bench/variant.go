package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/commpeak/terraform-provider-commpeak/internal/cli"
)

// variant is one of the providers that are compared.
type variant struct {
	name string
	// program is the provider's, settings the CLI's, which make it use that.
	program, settings string
}

// The providers that are compared, in this order: the first sets the measure.
const (
	idle   = "no requests"
	shared = "this provider"
	single = "one GET each"
)

// named is the variant of that name.
func named(variants []variant, name string) variant {
	return variants[slices.IndexFunc(variants, func(v variant) bool { return v.name == name })]
}

// buildVariants builds the providers below dir.
func buildVariants(ctx context.Context, root, dir string) ([]variant, error) {
	var variants []variant
	for _, build := range []struct{ name, source, flags string }{
		{idle, "./internal/cmd/bench/baseline", "-X main.kind=idle"},
		{shared, ".", ""},
		{single, "./internal/cmd/bench/baseline", "-X main.kind=single"},
	} {
		folder := filepath.Join(dir, fmt.Sprintf("provider-%d", len(variants)))
		v := variant{build.name, filepath.Join(folder, "terraform-provider-commpeak"), filepath.Join(folder, "cli.tfrc")}
		cmd := cli.Command(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w "+build.flags, "-o", v.program, build.source)
		cmd.Dir, cmd.Stderr = root, os.Stderr
		if err := cli.Run(cmd); err != nil {
			return nil, fmt.Errorf("build %s: %w", build.source, err)
		}
		overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"commpeak/commpeak\" = %q\n  }\n}\n", folder)
		if err := os.WriteFile(v.settings, []byte(overrides), 0o600); err != nil {
			return nil, err
		}
		variants = append(variants, v)
	}
	return variants, nil
}
