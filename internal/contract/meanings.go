package contract

import (
	"fmt"
	"slices"
	"sync"

	"github.com/pb33f/go-yaml"
)

// meaningKey is the extension that carries a Meaning in the document.
const meaningKey = "x-meaning"

// Meaning is what a call or a field does, where a user decides something on it. A field can be documented while its
// meaning is assumed, and the other way round.
type Meaning struct {
	// Subject is the ID of an operation, like "deleteStream", or a schema and its field, like "Stream.restricted". A
	// parameter is named like a field: "listMessages.type", or "StartDate" if several operations share it.
	Subject  string
	Evidence Evidence
	Text     string // one or more sentences for a reader
}

// Meanings lists every meaning, in the order of the document. The caller owns the slice. It panics when the embedded
// document cannot be read, which the package's tests rule out.
func Meanings() []Meaning {
	meanings, err := loadMeanings()
	if err != nil {
		panic(fmt.Errorf("contract: %w", err))
	}
	return slices.Clone(meanings)
}

// MeaningOf returns the meaning of one subject, and whether the document has one.
func MeaningOf(subject string) (Meaning, bool) {
	meanings := Meanings()
	i := slices.IndexFunc(meanings, func(m Meaning) bool { return m.Subject == subject })
	if i < 0 {
		return Meaning{}, false
	}
	return meanings[i], true
}

var loadMeanings = sync.OnceValues(func() ([]Meaning, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		return nil, fmt.Errorf("parse the OpenAPI document: %w", err)
	}
	return meaningsIn(root.Content[0], "", nil), nil
})

// meaningsIn collects the meanings in a part of the document. subject names the closest thing around it that has a name.
func meaningsIn(node *yaml.Node, subject string, found []Meaning) []Meaning {
	for key, value := range pairs(node) {
		if key == meaningKey {
			found = append(found, Meaning{subject, Evidence(scalar(value, "evidence")), scalar(value, "text")})
			continue
		}
		switch {
		case key == "properties":
			for name, field := range pairs(value) {
				found = meaningsIn(field, subject+"."+name, found)
			}
		case key == "schemas" || key == "parameters" && value.Kind == yaml.MappingNode:
			for name, component := range pairs(value) {
				found = meaningsIn(component, name, found)
			}
		case key == "parameters":
			for _, parameter := range value.Content {
				found = meaningsIn(parameter, subject+"."+scalar(parameter, "name"), found)
			}
		case scalar(value, "operationId") != "":
			found = meaningsIn(value, scalar(value, "operationId"), found)
		default:
			found = meaningsIn(value, subject, found)
		}
	}
	return found
}

// pairs iterates over a mapping. Other nodes have no pairs.
func pairs(node *yaml.Node) func(func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		if node.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i].Value, node.Content[i+1]) {
				return
			}
		}
	}
}

// scalar returns the text of a mapping's key, or "".
func scalar(node *yaml.Node, key string) string {
	for name, value := range pairs(node) {
		if name == key && value.Kind == yaml.ScalarNode {
			return value.Value
		}
	}
	return ""
}
