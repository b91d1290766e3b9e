package acctest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// comparisons hold each kind of managed object in a state against the account.
var comparisons = map[string]func(*Account, map[string]any) error{
	"commpeak_allowed_ip":     compareAllowedIP,
	"commpeak_allowed_ips":    compareAllowedIPs,
	"commpeak_stream":         compareStream,
	"commpeak_stream_token":   compareStreamToken,
	"commpeak_webhook":        compareWebhook,
	"commpeak_event_template": compareEventTemplate,
}

func compareStream(a *Account, state map[string]any) error {
	id, err := strconv.Atoi(fmt.Sprint(state["id"]))
	if err != nil {
		return fmt.Errorf("the ID %v is no number", state["id"])
	}
	stream, found := a.Stream(id)
	if !found {
		return fmt.Errorf("the account has no stream %d", id)
	}
	if a.documentedOnly {
		stream.CreatedAt = time.Time{}
	}
	// What is Terraform's alone has no counterpart.
	mine := map[string]any{}
	for name, value := range state {
		if name != "deletion_protection" && !isEmpty(value) {
			mine[name] = value
		}
	}
	if settings, ok := mine["whatsapp"].(map[string]any); ok {
		mine["whatsapp"] = map[string]any{"business_id": settings["business_id"]}
	}
	expected := streamAttributes(stream)
	if a.documentedOnly && state["otp"] == nil {
		delete(expected.(map[string]any), "otp") // An import cannot read it.
	}
	if difference := cmp.Diff(expected, plain(mine)); difference != "" {
		return fmt.Errorf("the account (-) and the state (+) differ:\n%s", difference)
	}
	return nil
}

// streamAttributes is what the state should say of a stream; what is empty is
// left out.
func streamAttributes(stream mockserver.Stream) any {
	attributes := map[string]any{
		"id": strconv.Itoa(stream.ID), "uid": stream.UID, "name": stream.Name, "type": stream.Type,
		"enabled": stream.State != mockserver.Disabled,
		"demo":    stream.Demo, "restricted": stream.Restricted,
	}
	optional := map[string]any{
		"default_sender": stream.DefaultSender, "created_at": timeText(stream.CreatedAt),
	}
	if stream.Description != nil {
		optional["description"] = *stream.Description
	}
	if len(stream.Tags) > 0 {
		optional["tags"] = slices.Sorted(slices.Values(stream.Tags))
	}
	if stream.OTP != nil {
		optional["otp"] = otpAttributes(*stream.OTP)
	}
	if stream.WhatsApp != nil {
		optional["whatsapp"] = map[string]any{"business_id": stream.WhatsApp.BusinessID}
	}
	for name, value := range optional {
		if !isEmpty(value) {
			attributes[name] = value
		}
	}
	return plain(attributes)
}

func timeText(moment time.Time) string {
	if moment.IsZero() {
		return ""
	}
	return moment.UTC().Format(time.RFC3339)
}

func otpAttributes(settings mockserver.OTPSettings) map[string]any {
	attributes := map[string]any{
		"code_generation": settings.CodeGeneration, "code_length": settings.CodeLength,
		"code_ttl_seconds": settings.CodeTTL, "max_failures": settings.MaxFailures, "sending_limit": nil,
	}
	if limit := settings.SendingLimit; limit != nil {
		attributes["sending_limit"] = map[string]any{"max_messages": limit.Messages, "period_seconds": limit.PeriodSeconds}
	}
	return attributes
}

func isEmpty(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case string:
		return value == ""
	case []any:
		return len(value) == 0
	}
	return false
}

// plain brings a value to the types of decoded JSON, with numbers as numbers.
func plain(value any) any {
	encoded, err := json.Marshal(value)
	if err != nil {
		return err
	}
	var decoded any
	decoder := json.NewDecoder(strings.NewReader(string(encoded)))
	if err := decoder.Decode(&decoded); err != nil {
		return err
	}
	return decoded
}
