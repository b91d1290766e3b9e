package acctest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Import imports the object by its id, and reads it, as Terraform does.
func (r *Resource) Import(id string) []*tfprotov6.Diagnostic {
	r.t.Helper()
	return r.importBy(&tfprotov6.ImportResourceStateRequest{TypeName: r.name, ID: id}, r.Read)
}

// ImportAndRefresh is [Resource.Import] with the provider as it is: see
// [Resource.Refresh].
func (r *Resource) ImportAndRefresh(id string) []*tfprotov6.Diagnostic {
	r.t.Helper()
	return r.importBy(&tfprotov6.ImportResourceStateRequest{TypeName: r.name, ID: id}, r.Refresh)
}

// ImportIdentity imports the object by its identity, and reads it.
func (r *Resource) ImportIdentity(identity *tfprotov6.ResourceIdentityData) []*tfprotov6.Diagnostic {
	r.t.Helper()
	return r.importBy(&tfprotov6.ImportResourceStateRequest{TypeName: r.name, Identity: identity}, r.Read)
}

func (r *Resource) importBy(request *tfprotov6.ImportResourceStateRequest, read func() []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	r.t.Helper()
	resp, err := r.server.ImportResourceState(r.ctx, request)
	if err != nil {
		r.t.Fatal(err)
	}
	if len(resp.ImportedResources) == 0 || len(Errors(resp.Diagnostics)) > 0 {
		return resp.Diagnostics
	}
	imported := resp.ImportedResources[0]
	r.State, r.Private, r.Identity = r.decode(imported.State), imported.Private, imported.Identity
	return append(resp.Diagnostics, read()...)
}

// ExpectImportError demands that the import fails with one error that holds all
// of these words.
func ExpectImportError(tb testing.TB, object *Resource, id string, words ...string) {
	tb.Helper()
	Expect(tb, object.Import(id), words...)
}

// ExpectNoImport demands that there is nothing to import, which Terraform reports
// as a non-existent object.
func ExpectNoImport(tb testing.TB, object *Resource, id string) {
	tb.Helper()
	ExpectNone(tb, Errors(object.Import(id)))
	if !object.State.IsNull() {
		tb.Errorf("%s: something was imported: %s", id, object.State)
	}
}
