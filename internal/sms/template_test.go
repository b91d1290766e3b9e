package sms_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/commpeak/terraform-provider-commpeak/internal/sms"
)

func TestVariables(t *testing.T) {
	t.Parallel()
	for template, want := range map[string][]string{
		"":                                   {},
		"no variable":                        {},
		"Your code is {code}":                {"code"},
		"{b}{a}{b}{c}":                       {"b", "a", "c"},
		"{Code} {code} {_c} {c_1}":           {"Code", "code", "_c", "c_1"},
		"{} { code } {1} {1a} {a-b}":         {},
		"{a b} {a\n} {é} {a.b} {$a}":         {},
		"{{a}} {b}} {{c}":                    {"a", "b", "c"},
		"{a {b} c}":                          {"b"},
		"unbalanced { and } and {open":       {},
		"closed} {a}":                        {"a"},
		"{" + strings.Repeat("x", 1e3) + "}": {strings.Repeat("x", 1e3)},
	} {
		if got := sms.Variables(template); !slices.Equal(got, want) || got == nil {
			t.Errorf("%q has the variables %q, not %q", template, got, want)
		}
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		template string
		values   map[string]string
		want     string
		missing  []string
	}{
		{"", nil, "", nil},
		{"Hello", nil, "Hello", nil},
		{"Your code is {code}.", map[string]string{"code": "12345"}, "Your code is 12345.", nil},
		{"{a}{b}{a}", map[string]string{"a": "1", "b": "2"}, "121", nil},
		{"{a}", map[string]string{"a": ""}, "", nil},
		{"{a}", map[string]string{"a": "1", "b": "2"}, "1", nil},
		{"{a} {}", map[string]string{"a": "{b}"}, "{b} {}", nil},
		{"{a}", map[string]string{"a": "$0 ${1} \\1"}, "$0 ${1} \\1", nil},
		{"{{a}}", map[string]string{"a": "x"}, "{x}", nil},
		{"{b} {a} {b} {c}", map[string]string{"a": "1"}, "", []string{"b", "c"}},
		{"{Code}", map[string]string{"code": "1"}, "", []string{"Code"}},
	} {
		got, missing := sms.Render(test.template, test.values)
		if got != test.want || !slices.Equal(missing, test.missing) {
			t.Errorf("%q with %v is %q, missing %q", test.template, test.values, got, missing)
		}
	}
}

// FuzzRender: with a value for each variable no placeholder is left, unless a
// value brings its own or makes one with the braces around it; without one of
// them nothing is rendered.
func FuzzRender(f *testing.F) {
	for _, template := range []string{"", "Your code is {code}", "{{a}}", "{a{b}c}", "{}{1}{ a }{a_1}", "{a}{a}{b", "\xff{a}"} {
		f.Add(template, "42")
		f.Add(template, "{b}")
	}
	f.Fuzz(func(t *testing.T, template, value string) {
		names := sms.Variables(template)
		values := map[string]string{}
		length := len(template)
		for i, name := range names {
			if slices.Index(names, name) != i || !strings.Contains(template, "{"+name+"}") {
				t.Errorf("%q is no variable of its own", name)
			}
			values[name] = value
			length += strings.Count(template, "{"+name+"}") * (len(value) - len(name) - len("{}"))
		}
		text, missing := sms.Render(template, values)
		if missing != nil {
			t.Fatalf("missing: %q", missing)
		}
		if len(text) != length {
			t.Errorf("the text has %d bytes, not %d: %q", len(text), length, text)
		}
		// A bang is neither a brace nor a letter: it cannot make a placeholder.
		for name := range values {
			values[name] = "!"
		}
		if text, _ := sms.Render(template, values); len(sms.Variables(text)) > 0 {
			t.Errorf("placeholders are left: %q", text)
		}
		for _, name := range names {
			without := maps.Clone(values)
			delete(without, name)
			if text, missing := sms.Render(template, without); text != "" || !slices.Equal(missing, []string{name}) {
				t.Errorf("without %q: %q, missing %q", name, text, missing)
			}
		}
	})
}
