// Package contract holds the one description of the API that the provider calls: an OpenAPI 3.1 document in which every
// operation, parameter and field says whether it is publicly documented or this project's assumption.
//
// The API client and the mock server are written apart from each other; in tests a [Validator] stands between them and
// holds both to the document.
package contract

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pb33f/libopenapi"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

//go:embed openapi.yaml
var document []byte

// Document returns the OpenAPI document, in YAML. The caller owns the copy.
func Document() []byte { return slices.Clone(document) }

// Host names the server that offers an operation.
type Host string

const (
	// Management is authorized by the account's API key.
	Management Host = "management"
	// Messaging is authorized by a stream's token.
	Messaging Host = "messaging"
)

// URL returns the host's public base URL, without a trailing slash.
func (h Host) URL() string {
	if h == Messaging {
		return "https://" + h.name()
	}
	return "https://" + h.name() + strings.TrimSuffix(managementPrefix, "/")
}

func (h Host) name() string {
	if h == Messaging {
		return "textpeak-streams.commpeak.com"
	}
	return "gw.commpeak.com"
}

// Evidence says how much is known of an operation.
type Evidence string

const (
	// Documented means that the vendor's documentation, or programs known to work, show it.
	Documented Evidence = "documented"
	// Assumed means that it is this project's decision, and that a real account may differ.
	Assumed Evidence = "assumed"
)

const (
	// evidenceKey is the extension that carries Evidence in the document.
	evidenceKey = "x-evidence"
	// managementPrefix is what every path of the management host begins with. Tests, which serve both hosts by one
	// listener, tell them apart by it.
	managementPrefix = "/textpeak/"
)

// Operation is one call of the API.
type Operation struct {
	ID       string // like "getStream"
	Method   string // like "GET"
	Path     string // template below the host's URL, like "/streams/{id}"
	Host     Host
	Evidence Evidence
	Summary  string // one line for a reader
}

// Operations lists every call, in the order of the document. The caller owns the slice. It panics when the embedded
// document cannot be read, which the package's tests rule out.
func Operations() []Operation {
	operations, err := loadOperations()
	if err != nil {
		panic(fmt.Errorf("contract: %w", err))
	}
	return slices.Clone(operations)
}

var loadOperations = sync.OnceValues(func() ([]Operation, error) {
	_, model, err := load()
	if err != nil {
		return nil, err
	}
	return operationsOf(model)
})

// load parses the embedded document and resolves its references.
func load() (libopenapi.Document, *v3.Document, error) {
	doc, err := libopenapi.NewDocument(document)
	if err != nil {
		return nil, nil, fmt.Errorf("parse the OpenAPI document: %w", err)
	}
	model, err := doc.BuildV3Model()
	if err != nil {
		return nil, nil, fmt.Errorf("resolve the OpenAPI document: %w", err)
	}
	return doc, &model.Model, nil
}

func operationsOf(model *v3.Document) ([]Operation, error) {
	var operations []Operation
	for path, item := range model.Paths.PathItems.FromOldest() {
		host, err := hostOf(item)
		if err != nil {
			return nil, fmt.Errorf("path %s: %w", path, err)
		}
		for method, operation := range item.GetOperations().FromOldest() {
			operations = append(operations, Operation{
				ID:       operation.OperationId,
				Method:   strings.ToUpper(method),
				Path:     path,
				Host:     host,
				Evidence: evidenceOf(operation),
				Summary:  operation.Summary,
			})
		}
	}
	return operations, nil
}

func hostOf(item *v3.PathItem) (Host, error) {
	if len(item.Servers) == 1 {
		for _, host := range []Host{Management, Messaging} {
			if item.Servers[0].URL == host.URL() {
				return host, nil
			}
		}
	}
	return "", fmt.Errorf("needs exactly one server, %s or %s", Management.URL(), Messaging.URL())
}

func evidenceOf(operation *v3.Operation) Evidence {
	if node, ok := operation.Extensions.Get(evidenceKey); ok {
		return Evidence(node.Value)
	}
	return ""
}
