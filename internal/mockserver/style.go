package mockserver

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// errorKeys are the fields that can hold the text of an error.
var errorKeys = []string{"message", "error", "detail", "title"}

// restyle writes an answer as the options ask for it. Types of the server itself do not depend on these options.
func (s *Server) restyle(ans *answer) {
	if s.opts.ErrorKey == "" && !s.opts.PHPArrays || len(ans.body) == 0 {
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(ans.body))
	decoder.UseNumber()
	var body any
	if decoder.Decode(&body) != nil {
		return // The body of an injected fault can be anything.
	}
	if object, isObject := body.(map[string]any); isObject && ans.status >= http.StatusBadRequest && s.opts.ErrorKey != "" {
		body = withErrorUnder(s.opts.ErrorKey, object)
	}
	if s.opts.PHPArrays {
		body = phpArrays(body)
	}
	ans.body, _ = json.Marshal(body) // It was JSON before.
}

// withErrorUnder moves the text of an error to one key.
func withErrorUnder(key string, body map[string]any) map[string]any {
	body = maps.Clone(body)
	var text any
	for _, name := range errorKeys {
		if value, found := body[name]; found && text == nil {
			text = value
		}
		delete(body, name)
	}
	body[key] = text
	return body
}

// phpObjects are the fields whose objects PHP writes as an empty list if they are missing.
var phpObjects = map[string]bool{"otpSettings": true, "whatsApp": true, "sendingLimit": true, "conversation": true, "campaign": true}

// phpArrays returns a document as PHP encodes its arrays: an empty object is a list, and a list inside an object that lost
// an item in the middle is an object. The lists that an answer consists of stay lists.
func phpArrays(value any) any {
	switch value := value.(type) {
	case []any:
		for i, item := range value {
			value[i] = phpArrays(item)
		}
	case map[string]any:
		for key, field := range value {
			value[key] = phpArrays(field)
			list, isList := value[key].([]any)
			switch {
			case field == nil && phpObjects[key]:
				value[key] = []any{}
			case isList && len(list) > 0 && key != "items" && key != "messages":
				value[key] = listWithHoles(list)
			}
		}
		if len(value) == 0 {
			return []any{}
		}
	}
	return value
}

// listWithHoles numbers the items from 0 and leaves out every second number.
func listWithHoles(list []any) map[string]any {
	object := map[string]any{}
	for i, item := range list {
		object[strconv.Itoa(2*i)] = item
	}
	return object
}
