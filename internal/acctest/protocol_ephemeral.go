package acctest

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// OpenEphemeral opens an ephemeral resource.
func (p *Protocol) OpenEphemeral(name string, config Values) []*tfprotov6.Diagnostic {
	p.t.Helper()
	resp, err := p.server.OpenEphemeralResource(p.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: name, Config: p.encode(value(config, p.schemas.EphemeralResourceSchemas[name].ValueType())),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}
