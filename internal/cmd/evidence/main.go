// Command evidence adds to the descriptions of a provider schema which calls
// each object makes, and which of them CommPeak documents. The documentation is
// generated from that, so that nobody needs to type it.
//
// What an object calls is recorded by a test in calls.json; what is documented
// says the contract.
package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/contract"
)

//go:embed calls.json
var recorded []byte

// phase is something that an object does, and the calls that it takes.
type phase struct {
	Does  string
	Calls []string
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: evidence SCHEMA.json")
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

// describeAll adds to the description of every object that makes calls.
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
					return fmt.Errorf("the schema has no %s of %s", name, kind)
				}
				about, err := describe(phases)
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				description, _ := block["description"].(string)
				block["description"], block["description_kind"] = description+"\n\n"+about, "markdown"
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

// describe tells what the calls of an object rest on.
func describe(phases []phase) (string, error) {
	known := map[string]contract.Evidence{}
	for _, operation := range contract.Operations() {
		known[operation.Method+" "+operation.Path] = operation.Evidence
	}
	var lines []string
	documented, assumed := 0, 0
	for _, phase := range phases {
		var calls []string
		for _, call := range phase.Calls {
			switch known[call] {
			case contract.Documented:
				documented++
			case contract.Assumed:
				assumed++
			default:
				return "", fmt.Errorf("the contract has no call %s", call)
			}
			calls = append(calls, fmt.Sprintf("%#q (%s)", call, known[call]))
		}
		lines = append(lines, fmt.Sprintf("- %s: %s", phase.Does, strings.Join(calls, ", ")))
	}
	return headline(documented, assumed) + " Its calls are:\n\n" + strings.Join(lines, "\n"), nil
}

func headline(documented, assumed int) string {
	switch {
	case assumed == 0:
		return "-> **Rests on documented calls alone.** CommPeak publishes every call that this makes."
	case documented == 0:
		return "~> **Rests on assumed calls.** CommPeak publishes none of the calls that this makes: they are this provider's assumption, and an account's API may not have them."
	}
	return "~> **Rests on assumed calls in part.** CommPeak does not publish those marked as assumed: they are this provider's assumption, and an account's API may not have them."
}
