package mockserver

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// People write objects with the API's names or with Terraform's. The functions below turn the latter into the former.

// otherNames are names of fields that differ from the API's by more than the case.
var otherNames = map[string]map[string]string{
	"stream":  {"tags": "streamTags", "allowed_ips": "ipAcl", "ips": "ipAcl", "otp": "otpSettings", "whatsapp": "whatsApp", "status": "state"},
	"sender":  {"type": "senderType", "sender_type": "senderType", "stream": "streamId"},
	"message": {"to": "recipient", "from": "sender", "stream": "streamId"},
	"otp": {
		"code_ttl_seconds": "codeTtl", "max_messages": "messages",
	},
	"whatsApp": {"access_token_wo": "accessToken"},
}

// apiNames returns an object of a kind with the API's names for its fields.
func apiNames(kind string, doc map[string]any) map[string]any {
	renamed := map[string]any{}
	for name, value := range doc {
		key, known := otherNames[kind][name]
		if !known {
			key = camelCase(name)
		}
		renamed[key] = value
	}
	return renamed
}

// camelCase writes code_length as codeLength.
func camelCase(name string) string {
	words := strings.Split(name, "_")
	for i, word := range words[1:] {
		if word != "" {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}

// apiStream returns a stream as the API's body for it, from either set of names.
func apiStream(doc map[string]any) map[string]any {
	doc = apiNames("stream", doc)
	if entries, isList := doc["ipAcl"].([]any); isList {
		doc["ipAcl"] = strings.Join(asTexts(entries), ", ")
	}
	if tags, isList := doc["streamTags"].([]any); isList {
		doc["streamTags"] = asTags(tags)
	}
	if enabled, isFlag := doc["enabled"].(bool); isFlag {
		delete(doc, "enabled")
		doc["state"] = map[bool]string{true: Ready, false: Disabled}[enabled]
	}
	if otp, isObject := doc["otpSettings"].(map[string]any); isObject {
		otp = apiNames("otp", otp)
		if limit, isObject := otp["sendingLimit"].(map[string]any); isObject {
			otp["sendingLimit"] = apiNames("otp", limit)
		}
		doc["otpSettings"] = otp
	}
	if whatsApp, isObject := doc["whatsApp"].(map[string]any); isObject {
		doc["whatsApp"] = apiNames("whatsApp", whatsApp)
	}
	return doc
}

// apiWebhook returns a webhook as the API's body for it. Headers may be a map.
func apiWebhook(doc map[string]any) map[string]any {
	doc = apiNames("webhook", doc)
	if headers, isMap := doc["headers"].(map[string]any); isMap {
		list := []any{}
		for _, name := range slices.Sorted(maps.Keys(headers)) {
			list = append(list, map[string]any{"name": name, "value": headers[name]})
		}
		doc["headers"] = list
	}
	return doc
}

func asTexts(list []any) []string {
	texts := make([]string, 0, len(list))
	for _, item := range list {
		texts = append(texts, fmt.Sprint(item))
	}
	return texts
}

// asTags turns values of tags into the API's objects.
func asTags(values []any) []any {
	tags := []any{}
	for _, value := range values {
		if text, isText := value.(string); isText {
			value = map[string]any{"value": text}
		}
		tags = append(tags, value)
	}
	return tags
}
