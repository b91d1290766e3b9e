package statistics_test

import (
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
