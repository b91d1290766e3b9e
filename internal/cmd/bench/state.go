package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// stateOf is the state in which the CLI would be left, had it created all streams
// of the account. It is written here, since the CLI itself writes all of it down
// after each object: the better part of an hour for 10,000.
func stateOf(account *mockserver.Server, host string) ([]byte, error) {
	type object = map[string]any
	var instances []object
	for i, stream := range account.Streams() {
		id := fmt.Sprint(stream.ID)
		instances = append(instances, object{
			"index_key": i, "schema_version": 0, "identity_schema_version": 0, "identity": object{"id": id},
			"attributes": object{
				"id": id, "uid": stream.UID, "name": stream.Name, "type": stream.Type, "tags": stream.Tags,
				"description": stream.Description, "created_at": stream.CreatedAt.UTC().Format(time.RFC3339),
				"enabled": true, "demo": false, "restricted": false, "deletion_protection": false,
			},
		})
	}
	return json.Marshal(object{
		"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "bench",
		"resources": []object{{
			"mode": "managed", "type": "commpeak_stream", "name": "all", "instances": instances,
			"provider": fmt.Sprintf(`provider["%s/commpeak/commpeak"]`, host),
		}},
	})
}
