package contract

import (
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/go-yaml"
	validator "github.com/pb33f/libopenapi-validator"
)

func TestDocumentIsValidOpenAPI(t *testing.T) {
	t.Parallel()
	doc, model, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(model.Version, "3.1") {
		t.Errorf("the document claims OpenAPI %s, want 3.1", model.Version)
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	_, findings := v.ValidateDocument()
	for _, finding := range findings {
		t.Error(finding)
	}
}

func TestDocumentIsACopy(t *testing.T) {
	t.Parallel()
	Document()[0] = '!'
	if Document()[0] == '!' {
		t.Error("a caller can change the embedded document")
	}
}

func TestEverythingCarriesEvidence(t *testing.T) {
	t.Parallel()
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		t.Fatal(err)
	}
	marked, bare := evidenceIn(root.Content[0], "")
	for _, place := range bare {
		t.Errorf("%s: %s is neither %s nor %s", place, evidenceKey, Documented, Assumed)
	}
	if marked < 200 {
		t.Errorf("found %d marks, fewer than the document has: the walk misses places", marked)
	}
}

func TestEvidenceWalkFindsWhatIsBare(t *testing.T) {
	t.Parallel()
	const bareDocument = `
paths:
  /things:
    get: {operationId: bareOperation}
    post: {operationId: misspelt, x-evidence: guessed}
    put:
      operationId: nested
      x-evidence: assumed
      parameters: [{name: bareParameter, in: query}]
      requestBody: {content: {application/json: {schema: {items: {properties: {bareField: {type: string}}}}}}}
`
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(bareDocument), &root); err != nil {
		t.Fatal(err)
	}
	marked, bare := evidenceIn(root.Content[0], "")
	if marked != 1 || len(bare) != 4 {
		t.Errorf("found %d marks and the bare places %q, want 1 and 4", marked, bare)
	}
}

// evidenceIn walks the document for operations, parameters, response headers and schema properties. It counts those that
// carry evidence and lists the others.
func evidenceIn(node *yaml.Node, place string) (marked int, bare []string) {
	needsEvidence := func(node *yaml.Node, place string) {
		switch Evidence(scalar(node, evidenceKey)) {
		case Documented, Assumed:
			marked++
		default:
			bare = append(bare, place)
		}
	}
	if scalar(node, "operationId") != "" || (scalar(node, "in") != "" && scalar(node, "type") != "apiKey") {
		needsEvidence(node, place)
	}
	for key, value := range pairs(node) {
		if key == "properties" || key == "headers" && !strings.Contains(place, "/properties") {
			for name, field := range pairs(value) {
				needsEvidence(field, place+"/"+key+"/"+name)
			}
		}
		m, b := evidenceIn(value, place+"/"+key)
		marked, bare = marked+m, append(bare, b...)
	}
	if node.Kind == yaml.SequenceNode {
		for _, item := range node.Content {
			m, b := evidenceIn(item, place+"/"+scalar(item, "name"))
			marked, bare = marked+m, append(bare, b...)
		}
	}
	return marked, bare
}

func TestOperationsAreThoseAgreed(t *testing.T) {
	t.Parallel()
	agreed := map[string]Evidence{
		"management GET /streams":                              Documented,
		"management GET /streams/{id}":                         Documented,
		"management GET /streams/{id}/token":                   Documented,
		"management GET /senders":                              Documented,
		"management GET /domains":                              Documented,
		"management GET /streams/messages":                     Documented,
		"management GET /streams/incoming_messages":            Documented,
		"management POST /streams/simple_send":                 Documented,
		"management POST /streams":                             Assumed,
		"management PATCH /streams/{id}":                       Assumed,
		"management DELETE /streams/{id}":                      Assumed,
		"management POST /streams/{id}/token":                  Assumed,
		"management GET /streams/{id}/events":                  Assumed,
		"management POST /streams/{id}/events":                 Assumed,
		"management GET /streams/{id}/events/{eventId}":        Assumed,
		"management PATCH /streams/{id}/events/{eventId}":      Assumed,
		"management DELETE /streams/{id}/events/{eventId}":     Assumed,
		"management GET /streams/{id}/webhooks":                Assumed,
		"management POST /streams/{id}/webhooks":               Assumed,
		"management GET /streams/{id}/webhooks/{webhookId}":    Assumed,
		"management PATCH /streams/{id}/webhooks/{webhookId}":  Assumed,
		"management DELETE /streams/{id}/webhooks/{webhookId}": Assumed,
		"management GET /streams/{id}/whatsapp/templates":      Assumed,
		"messaging POST /simple_send/":                         Documented,
		"messaging POST /event_send/":                          Documented,
		"messaging POST /messages_status/":                     Documented,
		"messaging POST /otp/auth":                             Assumed,
		"messaging POST /otp/verify":                           Assumed,
		"messaging POST /whatsapp/initial/":                    Assumed,
		"messaging POST /whatsapp/media/":                      Assumed,
		"messaging POST /whatsapp/reply/":                      Assumed,
	}
	ids := make(map[string]bool)
	for _, operation := range Operations() {
		call := strings.Join([]string{string(operation.Host), operation.Method, operation.Path}, " ")
		if want, ok := agreed[call]; !ok || operation.Evidence != want {
			t.Errorf("%s is %q, want %q", call, operation.Evidence, want)
		}
		delete(agreed, call)
		if operation.ID == "" || ids[operation.ID] || operation.Summary == "" {
			t.Errorf("%s needs an ID of its own and a summary, has %q and %q", call, operation.ID, operation.Summary)
		}
		ids[operation.ID] = true
	}
	for call := range agreed {
		t.Errorf("%s is missing", call)
	}
}

func TestOperationsAreACopy(t *testing.T) {
	t.Parallel()
	before := slices.Clone(Operations())
	Operations()[0].ID = "changed"
	if !slices.Equal(before, Operations()) {
		t.Error("a caller can change the list")
	}
}

func TestServersAreThoseOfTheHosts(t *testing.T) {
	t.Parallel()
	_, model, err := load()
	if err != nil {
		t.Fatal(err)
	}
	var urls []string
	for _, server := range model.Servers {
		urls = append(urls, server.URL)
	}
	if want := []string{Management.URL(), Messaging.URL()}; !slices.Equal(urls, want) {
		t.Errorf("servers are %q, want %q", urls, want)
	}
}
