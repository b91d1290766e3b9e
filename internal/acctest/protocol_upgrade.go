package acctest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Instance is an object as a state file has it.
type Instance struct {
	SchemaVersion   int64           `json:"schema_version"`
	Attributes      json.RawMessage `json:"attributes"`
	IdentityVersion int64           `json:"identity_schema_version"`
	Identity        json.RawMessage `json:"identity"`
}

// Identities are the schemas of what names each resource.
func (p *Protocol) Identities() map[string]*tfprotov6.ResourceIdentitySchema {
	p.t.Helper()
	resp, err := p.server.GetResourceIdentitySchemas(p.ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.IdentitySchemas
}

// Upgrade takes an object over from a state that an earlier version of the
// provider wrote. Whatever that version kept must have its place still, or else
// an upgrader that knows what became of it: the framework drops in silence what
// a schema of the same version no longer has.
func (r *Resource) Upgrade(recorded Instance) error {
	r.t.Helper()
	return errors.Join(r.upgradeState(recorded), r.upgradeIdentity(recorded))
}

func (r *Resource) upgradeState(recorded Instance) error {
	raw := &tfprotov6.RawState{JSON: recorded.Attributes}
	resp, err := r.server.UpgradeResourceState(r.ctx, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: r.name, Version: recorded.SchemaVersion, RawState: raw,
	})
	if err != nil {
		return err
	}
	if len(resp.Diagnostics) > 0 {
		return errors.New(strings.Join(Texts(resp.Diagnostics), "\n"))
	}
	r.State = r.decode(resp.UpgradedState)
	if recorded.SchemaVersion < r.schema.Version {
		return nil
	}
	was, err := raw.Unmarshal(r.State.Type())
	if err == nil && !was.Equal(r.State) {
		err = fmt.Errorf("%s became %s", was, r.State)
	}
	if err != nil {
		return fmt.Errorf("the schema is another one, and its version still %d: %w", r.schema.Version, err)
	}
	return nil
}

// upgradeIdentity has the provider upgrade an identity of an earlier version.
// One of the same version Terraform reads by itself, and so must find in it all
// that the schema has, and nothing else.
func (r *Resource) upgradeIdentity(recorded Instance) error {
	schema := r.Identities()[r.name]
	raw := &tfprotov6.RawState{JSON: recorded.Identity}
	if recorded.IdentityVersion == schema.Version {
		was, err := raw.Unmarshal(schema.ValueType())
		for name, value := range attributesOf(was) {
			if value.IsNull() {
				err = fmt.Errorf("%s is missing", name)
			}
		}
		if err != nil {
			return fmt.Errorf("the identity is another one, and its version still %d: %w", schema.Version, err)
		}
		return nil
	}
	resp, err := r.server.UpgradeResourceIdentity(r.ctx, &tfprotov6.UpgradeResourceIdentityRequest{
		TypeName: r.name, Version: recorded.IdentityVersion, RawIdentity: raw,
	})
	if err == nil && len(resp.Diagnostics) > 0 {
		err = errors.New(strings.Join(Texts(resp.Diagnostics), "\n"))
	}
	return err
}
