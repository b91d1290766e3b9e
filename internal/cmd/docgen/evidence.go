package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/contract"
)

// recorded has the calls of each object by kind and name; TestCalls of the package provider records it.
//
//go:embed calls.json
var recorded []byte

// phase is one operation of an object, and the calls it makes.
type phase struct {
	Does  string
	Calls []string
}

// evidence rewrites the description of every object that makes calls, in a file with the output of
// `terraform providers schema -json`, into three paragraphs that the templates pick by number: the first sentence, a line
// of evidence and a table of calls.
func evidence(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: docgen evidence SCHEMA.json")
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var schemas map[string]any
	if err := json.Unmarshal(text, &schemas); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	if err := describeAll(schemas); err != nil {
		return err
	}
	if text, err = json.Marshal(schemas); err != nil {
		return err
	}
	return os.WriteFile(args[0], text, 0o600)
}

func describeAll(schemas map[string]any) error {
	var calls map[string]map[string][]phase
	if err := json.Unmarshal(recorded, &calls); err != nil {
		return fmt.Errorf("calls.json: %w", err)
	}
	providers, _ := schemas["provider_schemas"].(map[string]any)
	for _, provider := range providers {
		for kind, objects := range calls {
			for name, phases := range objects {
				block := child(provider, kind, name, "block")
				if block == nil {
					return fmt.Errorf("the schema has no %s in %s", name, kind)
				}
				added, err := describe(phases)
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				description, _ := block["description"].(string)
				block["description"], block["description_kind"] = firstSentence(description)+"\n\n"+added, "markdown"
			}
		}
	}
	return nil
}

func child(node any, names ...string) map[string]any {
	for _, name := range names {
		object, _ := node.(map[string]any)
		node = object[name]
	}
	object, _ := node.(map[string]any)
	return object
}

// firstSentence returns what search results and editors show of a page. The templates hold everything else.
func firstSentence(description string) string {
	paragraph, _, _ := strings.Cut(description, "\n\n")
	sentence, _, _ := strings.Cut(paragraph, ". ")
	return strings.TrimSuffix(sentence, ".") + "."
}

// describe returns the line of evidence, an empty line, and the table of calls.
func describe(phases []phase) (string, error) {
	known := map[string]contract.Evidence{}
	for _, operation := range contract.Operations() {
		known[operation.Method+" "+operation.Path] = operation.Evidence
	}
	table := []string{"| Operation | API call | Documented by CommPeak |", "|---|---|---|"}
	var assuming []string
	for _, phase := range phases {
		assumed := false
		for _, call := range phase.Calls {
			answer := "yes"
			switch known[call] {
			case contract.Documented:
			case contract.Assumed:
				assumed, answer = true, "**no**"
			default:
				return "", fmt.Errorf("the contract has no call %s", call)
			}
			table = append(table, fmt.Sprintf("| %s | %#q | %s |", phase.Does, call, answer))
		}
		if assumed {
			assuming = append(assuming, phase.Does)
		}
	}
	return headline(phases, assuming) + "\n\n" + strings.Join(table, "\n"), nil
}

// gerunds name operations in the line of evidence.
var gerunds = map[string]string{"create": "creating", "update": "changing", "delete": "deleting"}

// headline states which operations rely on calls that CommPeak does not document.
func headline(phases []phase, assuming []string) string {
	const advice = " They may not work on your account. See [API calls](#api-calls) and [Accounts without write access](../guides/without-write-access.md)."
	if len(assuming) == 0 {
		return "All [API calls](#api-calls) used here are documented by CommPeak."
	}
	var names []string
	for _, does := range []string{"create", "update", "delete"} {
		if slices.Contains(assuming, does) {
			names = append(names, gerunds[does])
		}
	}
	if len(names) < len(assuming) && len(assuming) < len(phases) {
		return "~> **Some of the API calls used here are not documented by CommPeak.**" + advice
	}
	if len(assuming) == len(phases) {
		return "~> **This uses API calls that CommPeak does not document.**" + advice
	}
	list := names[0]
	if last := len(names) - 1; last > 0 {
		list = strings.Join(names[:last], ", ") + " and " + names[last]
	}
	return fmt.Sprintf("~> **CommPeak does not document the API calls for %s this object.**%s", list, advice)
}
