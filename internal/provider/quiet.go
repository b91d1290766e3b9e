package provider

import "os"

// hush turns off logs that nobody reads. Where no level is set, the libraries
// that the provider is made of log at TRACE, and the CLI reads every line and
// throws it away: for both that is work beyond the plan's own.
func hush() error {
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PROVIDER_COMMPEAK", "TF_LOG_SDK"} {
		if os.Getenv(name) != "" {
			return nil
		}
	}
	for _, name := range []string{"TF_LOG_PROVIDER", "TF_LOG_SDK"} {
		if err := os.Setenv(name, "OFF"); err != nil {
			return err
		}
	}
	return nil
}
