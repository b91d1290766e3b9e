package contract

import (
	"maps"
	"strings"
	"testing"

	"github.com/pb33f/go-yaml"
)

func TestMeaningsThatUsersRelyOnAreMarked(t *testing.T) {
	t.Parallel()
	agreed := map[string]Evidence{
		"listStreams":                  Assumed,
		"createStream":                 Assumed,
		"updateStream":                 Assumed,
		"deleteStream":                 Assumed,
		"getStreamToken":               Documented,
		"resetStreamToken":             Assumed,
		"listEvents":                   Assumed,
		"listWebhooks":                 Assumed,
		"sendMessages":                 Documented,
		"sendEvent":                    Assumed,
		"sendOtp":                      Assumed,
		"StartDate":                    Assumed,
		"EndDate":                      Assumed,
		"Stream.name":                  Assumed,
		"Stream.type":                  Documented,
		"Stream.state":                 Documented,
		"Stream.ipAcl":                 Assumed,
		"Stream.streamTags":            Documented,
		"Stream.defaultSender":         Assumed,
		"Stream.demo":                  Assumed,
		"Stream.restricted":            Assumed,
		"Stream.lastActivityAt":        Documented,
		"StateWrite":                   Assumed,
		"OtpSettings.codeGeneration":   Documented,
		"OtpSettings.codeLength":       Assumed,
		"OtpSettings.codeTtl":          Assumed,
		"OtpSettings.maxFailures":      Assumed,
		"OtpSettings.sendingLimit":     Assumed,
		"WhatsAppSettings.accessToken": Assumed,
		"Event.key":                    Assumed,
		"Event.template":               Assumed,
		"Webhook.url":                  Assumed,
		"Header.value":                 Assumed,
		"Sender.dailyLimit":            Assumed,
		"Sender.stream":                Assumed,
	}
	for _, meaning := range Meanings() {
		if want, ok := agreed[meaning.Subject]; !ok || meaning.Evidence != want {
			t.Errorf("%s is %q, want %q (each subject once)", meaning.Subject, meaning.Evidence, want)
		}
		if !strings.HasSuffix(meaning.Text, ".") || strings.Contains(meaning.Text, "\n") {
			t.Errorf("%s: the text is not one line of sentences: %q", meaning.Subject, meaning.Text)
		}
		delete(agreed, meaning.Subject)
	}
	for subject := range agreed {
		t.Errorf("%s has no meaning", subject)
	}
}

func TestMeaningOf(t *testing.T) {
	t.Parallel()
	meaning, found := MeaningOf("Stream.restricted")
	if !found || meaning.Subject != "Stream.restricted" || meaning.Evidence != Assumed {
		t.Errorf("%+v, %v", meaning, found)
	}
	if meaning, found := MeaningOf("Stream.nothing"); found {
		t.Errorf("found %+v", meaning)
	}
}

// The API decides on assumed limits: a request that exceeds one is a request of the contract.
func TestRequestsMayExceedAssumedLimits(t *testing.T) {
	t.Parallel()
	for name, properties := range requestSchemas(t) {
		for property, field := range properties {
			for _, keyword := range []string{"minimum", "maximum", "maxLength"} {
				if scalar(field, keyword) != "" {
					t.Errorf("%s.%s has a %s", name, property, keyword)
				}
			}
		}
	}
}

// requestSchemas returns the fields of each schema that a client writes, by the schema's name.
func requestSchemas(t *testing.T) map[string]map[string]*yaml.Node {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]*yaml.Node{}
	for name, schema := range pairs(child(child(root.Content[0], "components"), "schemas")) {
		if !strings.HasSuffix(name, "Create") && !strings.HasSuffix(name, "Patch") && !strings.HasSuffix(name, "Write") {
			continue
		}
		found[name] = maps.Collect(pairs(child(schema, "properties")))
	}
	if len(found) < 10 {
		t.Fatalf("found only %d schemas", len(found))
	}
	return found
}

// child returns the value of a mapping's key, or an empty node.
func child(node *yaml.Node, key string) *yaml.Node {
	for name, value := range pairs(node) {
		if name == key {
			return value
		}
	}
	return &yaml.Node{}
}
