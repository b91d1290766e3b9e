//go:build fuzzterraform

package e2e_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// Types of the resources in a random configuration.
const (
	streamType = "commpeak_stream"
	eventType  = "commpeak_event_template"
	hookType   = "commpeak_webhook"
	ipType     = "commpeak_allowed_ip"
	ipsType    = "commpeak_allowed_ips"
	tokenType  = "commpeak_stream_token"
)

// Secrets that no output may show.
const (
	accessToken  = "EAAG-access-token-of-random-operations"
	headerSecret = "header-secret-of-random-operations"
)

// expression is an attribute's value in HCL. An unknown value passes through
// a terraform_data, so that a changed value is unknown while Terraform plans.
type expression struct {
	HCL     string
	Unknown bool
}

// object is a resource block.
type object struct {
	Type, Name string
	// Stream is the key of the parent's object; empty for a stream.
	Stream     string
	Attributes map[string]expression
	// Alias selects the second provider configuration of the same account.
	Alias bool
	// CBD is create_before_destroy; Triggered adds replace_triggered_by.
	CBD, Triggered bool
	// Ignored is an attribute in ignore_changes; empty for none.
	Ignored string
	// MovedFrom is the name of the block before a rename with a moved block.
	MovedFrom string
	// LateParent passes the parent's ID through a terraform_data as well.
	LateParent bool
}

func (o object) address() string { return o.Type + "." + o.Name }

func (o object) clone() object {
	o.Attributes = maps.Clone(o.Attributes)
	return o
}

// configuration maps a key, which survives renames, to a block.
type configuration struct {
	Objects map[string]object
	// Trigger is what replace_triggered_by follows, Late what LateParent does.
	Trigger, Late int
	// Forget are addresses in removed blocks.
	Forget []string
}

func (c configuration) clone() configuration {
	c.Objects = maps.Clone(c.Objects)
	for key, o := range c.Objects {
		o = o.clone()
		o.MovedFrom = ""
		c.Objects[key] = o
	}
	c.Forget = nil
	return c
}

// moves reports whether there are moved blocks, which Terraform does not combine with -target.
func (c configuration) moves() bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(c.Objects)), func(o object) bool { return o.MovedFrom != "" })
}

func (c configuration) keys() []string { return slices.Sorted(maps.Keys(c.Objects)) }

// children are the keys of the objects that belong to a stream.
func (c configuration) children(stream string) []string {
	return slices.DeleteFunc(c.keys(), func(key string) bool { return c.Objects[key].Stream != stream })
}

func drawConfiguration(t *rapid.T) configuration {
	c := configuration{Objects: map[string]object{}}
	for i := range rapid.IntRange(1, 3).Draw(t, "streams") {
		c.addStream(t, fmt.Sprintf("s%d", i))
	}
	return c
}

func (c configuration) addStream(t *rapid.T, key string) {
	typ := rapid.SampledFrom([]string{"marketing", "transactional", "otp", "two_way", "whatsapp"}).Draw(t, "type")
	c.Objects[key] = drawObject(t, object{Type: streamType, Name: key, Attributes: drawStream(t, typ)})
	c.addChildren(t, key, typ)
}

// addChildren adds what a stream of this type can have.
func (c configuration) addChildren(t *rapid.T, stream, typ string) {
	add := func(kind, suffix string, attributes map[string]string) {
		key := stream + "_" + suffix
		c.Objects[key] = drawObject(t, object{Type: kind, Name: key, Stream: stream, Attributes: drawUnknowns(t, attributes)})
	}
	addresses := []string{`"203.0.113.1"`, `"198.18.0.0/15"`, `"2001:db8::1"`}[:rapid.IntRange(0, 3).Draw(t, "addresses")]
	if rapid.Bool().Draw(t, "whole list") {
		add(ipsType, "ips", map[string]string{"ips": "[" + strings.Join(addresses, ", ") + "]"})
	} else {
		for i, address := range addresses {
			add(ipType, fmt.Sprintf("ip%d", i), map[string]string{"ip": address})
		}
	}
	if rapid.IntRange(0, 2).Draw(t, "token") == 0 {
		add(tokenType, "token", map[string]string{"reset_triggers": drawFrom(t, "triggers", `null`, `{ turn = "1" }`, `{ turn = "2" }`)})
	}
	switch typ {
	case "otp", "transactional":
		for _, name := range []string{"login", "order"}[:rapid.IntRange(0, 2).Draw(t, "events")] {
			add(eventType, name, map[string]string{
				"name": `"` + name + `"`, "key": `"` + name + `"`, "template": drawFrom(t, "template", `"Your code is {code}"`, `"Hello {name}"`),
			})
		}
	case "two_way", "whatsapp":
		for _, name := range []string{"in", "out"}[:rapid.IntRange(0, 2).Draw(t, "webhooks")] {
			add(hookType, name, drawWebhook(t))
		}
	}
}

func drawStream(t *rapid.T, typ string) map[string]expression {
	flag := func(name string) string { return drawFrom(t, name, "null", "false", "true") }
	attributes := map[string]string{
		"name":        drawFrom(t, "name", `"Shop"`, `"Desk"`),
		"type":        `"` + typ + `"`,
		"description": drawFrom(t, "description", "null", `"one"`, `"two"`),
		"tags":        drawFrom(t, "tags", "null", `[]`, `["x"]`, `["y", "x"]`),
		"demo":        flag("demo"), "enabled": flag("enabled"), "restricted": flag("restricted"),
	}
	switch typ {
	case "otp":
		attributes["otp"] = drawFrom(t, "otp", "{}", "{ code_length = 6 }", "{ code_length = 7, max_failures = 2 }")
	case "whatsapp":
		// Write-only values cannot pass through a terraform_data, which would store them.
		version := rapid.IntRange(1, 2).Draw(t, "access token")
		return merge(drawUnknowns(t, attributes), "whatsapp",
			fmt.Sprintf("{ business_id = \"1\", access_token_wo = %q, access_token_wo_version = %d }", fmt.Sprintf("%s-%d", accessToken, version), version))
	default:
		attributes["default_sender"] = drawFrom(t, "sender", "null", `"ACME"`)
	}
	return drawUnknowns(t, attributes)
}

func drawWebhook(t *rapid.T) map[string]string {
	attributes := map[string]string{
		"url":     drawFrom(t, "url", `"https://example.com/in"`, `"https://example.com/out"`),
		"method":  drawFrom(t, "method", "null", `"GET"`, `"POST"`),
		"enabled": drawFrom(t, "enabled", "null", "true", "false"),
		"headers": drawFrom(t, "headers", "null", `{ X-Source = "a" }`, `{ X-Source = "b", X-Other = "c" }`),
	}
	if version := rapid.IntRange(-1, 2).Draw(t, "secret headers"); version > 0 {
		attributes["headers_wo"] = fmt.Sprintf("{ Authorization = %q }", fmt.Sprintf("%s-%d", headerSecret, version))
		attributes["headers_wo_version"] = fmt.Sprint(version)
	}
	return attributes
}

// writeOnly cannot come from a terraform_data, and a stream's type decides which
// blocks belong to it.
var writeOnly = []string{"headers_wo", "headers_wo_version", "type"}

// drawUnknowns lets some values pass through a terraform_data.
func drawUnknowns(t *rapid.T, attributes map[string]string) map[string]expression {
	drawn := map[string]expression{}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		unknown := !slices.Contains(writeOnly, name) && rapid.IntRange(0, 5).Draw(t, "unknown "+name) == 0
		drawn[name] = expression{attributes[name], unknown}
	}
	return drawn
}

func merge(attributes map[string]expression, name, hcl string) map[string]expression {
	attributes[name] = expression{HCL: hcl}
	return attributes
}

func drawObject(t *rapid.T, o object) object {
	o.Alias = rapid.IntRange(0, 3).Draw(t, "alias") == 0
	o.CBD = rapid.IntRange(0, 3).Draw(t, "create_before_destroy") == 0
	o.Triggered = rapid.IntRange(0, 5).Draw(t, "replace_triggered_by") == 0
	o.LateParent = o.Stream != "" && rapid.IntRange(0, 5).Draw(t, "late parent") == 0
	if o.Type == streamType && rapid.IntRange(0, 5).Draw(t, "ignore_changes") == 0 {
		o.Ignored = "description"
	}
	return o
}

func drawFrom(t *rapid.T, label string, values ...string) string {
	return rapid.SampledFrom(values).Draw(t, label)
}

// hcl is the configuration as Terraform reads it.
func (c configuration) hcl() string {
	var text strings.Builder
	fmt.Fprintf(&text, "terraform {\n  required_providers {\n    commpeak = { source = \"commpeak/commpeak\" }\n  }\n}\n")
	fmt.Fprintf(&text, "provider \"commpeak\" {}\nprovider \"commpeak\" {\n  alias = \"two\"\n}\n")
	fmt.Fprintf(&text, "resource \"terraform_data\" \"trigger\" {\n  input = %d\n}\n", c.Trigger)
	for _, key := range c.keys() {
		c.writeObject(&text, key)
	}
	for _, address := range c.Forget {
		fmt.Fprintf(&text, "removed {\n  from = %s\n  lifecycle {\n    destroy = false\n  }\n}\n", address)
	}
	return text.String()
}

func (c configuration) writeObject(text *strings.Builder, key string) {
	o := c.Objects[key]
	var body strings.Builder
	if o.Alias {
		fmt.Fprintf(&body, "  provider = commpeak.two\n")
	}
	if o.Stream != "" {
		parent := c.Objects[o.Stream].address() + ".id"
		if o.LateParent {
			fmt.Fprintf(text, "resource \"terraform_data\" \"parent_%s\" {\n  input            = %s\n  triggers_replace = %d\n}\n", key, parent, c.Late)
			parent = fmt.Sprintf("terraform_data.parent_%s.output", key)
		}
		fmt.Fprintf(&body, "  stream_id = %s\n", parent)
	}
	for _, name := range slices.Sorted(maps.Keys(o.Attributes)) {
		value := o.Attributes[name]
		if value.Unknown {
			fmt.Fprintf(text, "resource \"terraform_data\" \"%s_%s\" {\n  input = %s\n}\n", key, name, value.HCL)
			value.HCL = fmt.Sprintf("terraform_data.%s_%s.output", key, name)
		}
		fmt.Fprintf(&body, "  %s = %s\n", name, value.HCL)
	}
	body.WriteString(o.lifecycle())
	fmt.Fprintf(text, "resource %q %q {\n%s}\n", o.Type, o.Name, body.String())
	if o.MovedFrom != "" {
		fmt.Fprintf(text, "moved {\n  from = %s.%s\n  to   = %s\n}\n", o.Type, o.MovedFrom, o.address())
	}
}

func (o object) lifecycle() string {
	var lines []string
	if o.CBD {
		lines = append(lines, "create_before_destroy = true")
	}
	if o.Triggered {
		lines = append(lines, "replace_triggered_by = [terraform_data.trigger]")
	}
	if o.Ignored != "" {
		lines = append(lines, "ignore_changes = ["+o.Ignored+"]")
	}
	if len(lines) == 0 {
		return ""
	}
	return "  lifecycle {\n    " + strings.Join(lines, "\n    ") + "\n  }\n"
}
