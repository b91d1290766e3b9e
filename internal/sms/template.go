package sms

import (
	"regexp"
	"slices"
)

// placeholder is a variable of a template: a name in single braces. Any other
// brace is text.
var placeholder = regexp.MustCompile(`\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// Variables are the names of a template's placeholders, each once, in the order
// of their first use.
func Variables(template string) []string {
	names := []string{}
	for _, match := range placeholder.FindAllStringSubmatch(template, -1) {
		if !slices.Contains(names, match[1]) {
			names = append(names, match[1])
		}
	}
	return names
}

// Render fills in the placeholders of a template. Values are inserted as they
// are: braces in them are text. Names without a value are returned as missing,
// and values that no placeholder asks for are left out.
func Render(template string, values map[string]string) (text string, missing []string) {
	for _, name := range Variables(template) {
		if _, given := values[name]; !given {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return "", missing
	}
	return placeholder.ReplaceAllStringFunc(template, func(match string) string {
		return values[match[1:len(match)-1]]
	}), nil
}
