package eventtemplate

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// A field that can be written is in the model, in both directions, and what the API refuses, it refuses on an attribute.
func TestModelHasEveryField(t *testing.T) {
	t.Parallel()
	spec := commpeak.EventSpec{Name: "Login code", Key: "login", Template: "Your code is {code}"}
	for i := range reflect.TypeOf(spec).NumField() {
		if reflect.ValueOf(spec).Field(i).IsZero() {
			t.Errorf("the event of this test does not have the field %s: add it here, to spec and to fieldsOf", reflect.TypeOf(spec).Field(i).Name)
		}
	}
	if difference := cmp.Diff(spec, fieldsFromAPI(commpeak.Event{ID: "7", EventSpec: spec}).toAPI()); difference != "" {
		t.Errorf("sent (-) and returned (+) differ:\n%s", difference)
	}
	for _, name := range (commpeak.Event{}).Differences(spec) {
		if _, found := fieldPaths[name]; !found {
			t.Errorf("fieldPaths does not have the field %s", name)
		}
	}
	for name, at := range fieldPaths {
		if _, diags := resourceSchema().AttributeAtPath(t.Context(), at); diags.HasError() {
			t.Errorf("%s is the attribute %s, which the schema does not have", name, at)
		}
	}
}
