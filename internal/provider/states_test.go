package provider_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// The recorded states are below this folder: one for each release that changed
// what a state holds. CONTRIBUTING.md describes how to record them.
const recordedStates = "testdata/states"

// stateFolders are the folders of the recorded states, the oldest first.
func stateFolders(t *testing.T) []string {
	t.Helper()
	configs, err := filepath.Glob(filepath.Join(recordedStates, "*", "main.tf"))
	if err != nil || len(configs) == 0 {
		t.Fatalf("there are no recorded states: %v", err)
	}
	var releases []*version.Version
	for _, config := range configs {
		release, err := version.NewVersion(filepath.Base(filepath.Dir(config)))
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, release)
	}
	slices.SortFunc(releases, (*version.Version).Compare)
	var folders []string
	for _, release := range releases {
		folders = append(folders, filepath.Join(recordedStates, release.Original()))
	}
	return folders
}

// recordedInstances are the objects of a recorded state, by their type.
func recordedInstances(t *testing.T, folder string) map[string][]acctest.Instance {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "terraform.tfstate"))
	if err != nil {
		t.Fatalf("run `make record-states`: %s", err)
	}
	var state struct {
		Resources []struct {
			Type      string             `json:"type"`
			Instances []acctest.Instance `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	instances := map[string][]acctest.Instance{}
	for _, resource := range state.Resources {
		instances[resource.Type] = append(instances[resource.Type], resource.Instances...)
	}
	return instances
}

// What earlier versions wrote is understood: nothing of it is lost, and nothing
// is read as something else, without an upgrader.
func TestRecordedStatesUpgrade(t *testing.T) {
	t.Parallel()
	for _, folder := range stateFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			p := acctest.Serve(t, withKey)
			for name, instances := range recordedInstances(t, folder) {
				for _, instance := range instances {
					if err := p.Resource(name).Upgrade(instance); err != nil {
						t.Errorf("%s %s: %s", name, instance.Identity, err)
					}
				}
			}
		})
	}
}

// The newest recorded state has all that a state can hold: of every resource
// every attribute, and versions that are those of today.
func TestNewestRecordedStateIsComplete(t *testing.T) {
	t.Parallel()
	folders := stateFolders(t)
	newest := recordedInstances(t, folders[len(folders)-1])
	p := acctest.Serve(t, withKey)
	identities := p.Identities()
	for name, schema := range p.Schemas().ResourceSchemas {
		var objects []map[string]any
		for _, instance := range newest[name] {
			var object map[string]any
			if err := json.Unmarshal(instance.Attributes, &object); err != nil {
				t.Fatal(err)
			}
			objects = append(objects, object)
			if instance.SchemaVersion != schema.Version || instance.IdentityVersion != identities[name].Version || instance.Identity == nil {
				t.Errorf("%s is recorded in version %d, its identity %s in version %d; now they are %d and %d",
					name, instance.SchemaVersion, instance.Identity, instance.IdentityVersion, schema.Version, identities[name].Version)
			}
		}
		for _, missing := range unrecorded(name, schema.Block.Attributes, schema.Block.BlockTypes, objects) {
			t.Errorf("%s is null in every recorded instance, or there is none: record a state that has it", missing)
		}
	}
}

// unrecorded are the attributes below owner that none of the objects has. Those
// that are written only must be in no state.
func unrecorded(owner string, attributes []*tfprotov6.SchemaAttribute, blocks []*tfprotov6.SchemaNestedBlock, objects []map[string]any) []string {
	nested := map[string][]*tfprotov6.SchemaAttribute{}
	for _, attribute := range attributes {
		nested[attribute.Name] = nil
		if attribute.NestedType != nil {
			nested[attribute.Name] = attribute.NestedType.Attributes
		}
		if attribute.WriteOnly {
			delete(nested, attribute.Name)
		}
	}
	for _, block := range blocks {
		nested[block.TypeName] = block.Block.Attributes
	}
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(nested)) {
		found, inner := false, []map[string]any{}
		for _, object := range objects {
			found = found || object[name] != nil
			if value, isObject := object[name].(map[string]any); isObject {
				inner = append(inner, value)
			}
		}
		if !found {
			missing = append(missing, owner+"."+name)
			continue
		}
		missing = append(missing, unrecorded(owner+"."+name, nested[name], nil, inner)...)
	}
	return missing
}
