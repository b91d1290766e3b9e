package acctest

import (
	"encoding/json"
	"fmt"
)

// withoutStoredTokens returns the JSON of a plan or state without the one
// secret that may be there: the attribute token of a commpeak_stream_token with
// store_token = true, which must be marked as sensitive.
func withoutStoredTokens(encoded []byte) ([]byte, error) {
	var document any
	if err := json.Unmarshal(encoded, &document); err != nil {
		return nil, err
	}
	if err := removeStoredTokens(document); err != nil {
		return nil, err
	}
	return json.Marshal(document)
}

// removeStoredTokens looks for resources at any depth, as a state has them
// ("values") and as a plan has them ("change").
func removeStoredTokens(node any) error {
	switch node := node.(type) {
	case []any:
		for _, element := range node {
			if err := removeStoredTokens(element); err != nil {
				return err
			}
		}
	case map[string]any:
		if node["type"] == "commpeak_stream_token" && node["mode"] == "managed" {
			change, _ := node["change"].(map[string]any)
			for _, place := range []struct{ values, sensitive any }{
				{node["values"], node["sensitive_values"]},
				{change["before"], change["before_sensitive"]},
				{change["after"], change["after_sensitive"]},
			} {
				if err := removeStoredToken(place.values, place.sensitive); err != nil {
					return err
				}
			}
		}
		for _, value := range node {
			if err := removeStoredTokens(value); err != nil {
				return err
			}
		}
	}
	return nil
}

func removeStoredToken(values, sensitive any) error {
	attributes, _ := values.(map[string]any)
	if attributes["store_token"] != true || attributes["token"] == nil {
		return nil
	}
	if marks, _ := sensitive.(map[string]any); marks["token"] != true {
		return fmt.Errorf("the token is not marked as sensitive, only %v", sensitive)
	}
	delete(attributes, "token")
	return nil
}
