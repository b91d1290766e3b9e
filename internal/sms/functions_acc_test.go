package sms_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
)

// evaluates is a step that demands what an expression is.
func evaluates(expression string, want knownvalue.Check) acctest.Step {
	return acctest.Step{TestStep: resource.TestStep{
		Config:            fmt.Sprintf("output \"test\" {\n  value = %s\n}\n", expression),
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("test", want)},
	}}
}

func size(encoding string, characters, segments, remaining int64) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"encoding":   knownvalue.StringExact(encoding),
		"characters": knownvalue.Int64Exact(characters),
		"segments":   knownvalue.Int64Exact(segments),
		"remaining":  knownvalue.Int64Exact(remaining),
	})
}

func names(names ...string) knownvalue.Check {
	checks := []knownvalue.Check{}
	for _, name := range names {
		checks = append(checks, knownvalue.StringExact(name))
	}
	return knownvalue.ListExact(checks)
}

func TestAccFunctions(t *testing.T) {
	t.Parallel()
	repeated := func(text string, times int) string {
		return fmt.Sprintf(`provider::commpeak::sms_segments(join("", [for i in range(%d) : %q]))`, times, text)
	}
	var expressions []string
	var checks []knownvalue.Check
	for _, test := range []struct {
		expression string
		want       knownvalue.Check
	}{
		{repeated("a", 0), size("gsm7", 0, 1, 160)},
		{repeated("a", 160), size("gsm7", 160, 1, 0)},
		{repeated("a", 161), size("gsm7", 161, 2, 145)},
		{repeated("a", 306), size("gsm7", 306, 2, 0)},
		{repeated("a", 307), size("gsm7", 307, 3, 152)},
		{repeated("я", 70), size("ucs2", 70, 1, 0)},
		{repeated("я", 71), size("ucs2", 71, 2, 63)},
		{repeated("я", 134), size("ucs2", 134, 2, 0)},
		{repeated("я", 135), size("ucs2", 135, 3, 66)},
		{`provider::commpeak::sms_segments("€^{}[]~|\\")`, size("gsm7", 9, 1, 142)},
		{`provider::commpeak::sms_segments("😀")`, size("ucs2", 1, 1, 68)},
		{`provider::commpeak::template_variables("{b}, {a}, {b}")`, names("b", "a")},
		{`provider::commpeak::template_variables("{} {")`, names()},
		{`provider::commpeak::render_template("Your code is {code}", { code = "007", other = "x" })`, knownvalue.StringExact("Your code is 007")},
		{`provider::commpeak::render_template("{n} of {m}", { n = 1, m = 2 })`, knownvalue.StringExact("1 of 2")},
		{`provider::commpeak::render_template("Hello", {})`, knownvalue.StringExact("Hello")},
	} {
		expressions, checks = append(expressions, test.expression), append(checks, test.want)
	}
	// All in one step: each step starts the CLI eight times.
	step := evaluates("["+strings.Join(expressions, ",\n")+"]", knownvalue.TupleExact(checks))
	acctest.Test(t, acctest.NewAccount(t), step)
}

func TestAccFunctionErrors(t *testing.T) {
	t.Parallel()
	fails := func(expression string, words ...string) acctest.Step {
		step := evaluates(expression, nil)
		step.ConfigStateChecks = nil
		step.ExpectError = regexp.MustCompile("(?s)" + strings.Join(words, ".*"))
		return step
	}
	acctest.Test(t, acctest.NewAccount(t),
		fails(`provider::commpeak::render_template("{a} {code} {b}", { a = "1" })`, `for\s+"variables"\s+parameter`, `needs\s+a\s+value\s+for\s+\{code\},\s+\{b\}\.`),
		fails(`provider::commpeak::render_template("{code}", { code = null })`, `needs\s+a\s+value\s+for\s+\{code\}\.`),
		fails(`provider::commpeak::sms_segments(null)`, `must not be null`),
	)
}

// What is not known yet makes the result unknown, and nothing fails.
func TestAccFunctionsOfUnknownValues(t *testing.T) {
	t.Parallel()
	step := evaluates(`{
		text  = provider::commpeak::render_template("Your code is {code}", { code = terraform_data.source.output })
		size  = provider::commpeak::sms_segments(terraform_data.source.output)
		names = provider::commpeak::template_variables("{${terraform_data.source.output}}")
	}`, knownvalue.ObjectExact(map[string]knownvalue.Check{
		"text": knownvalue.StringExact("Your code is abc"), "size": size("gsm7", 3, 1, 157), "names": names("abc"),
	}))
	step.Config = "resource \"terraform_data\" \"source\" {\n  input = \"abc\"\n}\n" + step.Config
	acctest.Test(t, acctest.NewAccount(t), step)
}
