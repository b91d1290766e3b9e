package provider

import "os"

// disableUnreadLogs turns provider logs off if no TF_LOG variable is set. Without a level, the
// libraries log at TRACE, and the CLI reads each line only to discard it.
func disableUnreadLogs() error {
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
