//go:build fuzzterraform

// Package e2e tests what takes several objects, the real CLI and the built
// provider.
package e2e_test

import (
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
