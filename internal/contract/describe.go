package contract

import (
	"fmt"
	"strings"

	"github.com/pb33f/jsonschema/v6"
	"github.com/pb33f/jsonschema/v6/kind"
	liberrors "github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/helpers"
)

// describe puts the library's findings into words of our own, because its words quote headers and bodies.
func describe(errs []*liberrors.ValidationError) []string {
	problems := make([]string, 0, len(errs))
	for _, err := range errs {
		problems = append(problems, describeOne(err))
	}
	return problems
}

func describeOne(err *liberrors.ValidationError) string {
	switch {
	case err.ValidationType == helpers.SecurityValidation:
		return "the Authorization header is missing"
	case err.ValidationSubType == helpers.RequestBodyContentType:
		return "the Content-Type is not in the document"
	case err.ValidationSubType == helpers.ResponseBodyResponseCode:
		return "the document does not list this status for the operation"
	case len(err.SchemaValidationErrors) == 0:
		return err.Message
	}
	failure := err.SchemaValidationErrors[0] // the others hold the same tree of schema errors
	switch {
	case failure.OriginalJsonSchemaError == nil && err.ParameterName != "":
		return err.Message
	case failure.OriginalJsonSchemaError == nil:
		return fmt.Sprintf("%s: %s", err.Message, failure.FieldName)
	}
	subject := "body"
	if err.ParameterName != "" {
		subject = fmt.Sprintf("%s %q", err.ValidationSubType, err.ParameterName)
	}
	return subject + ": " + strings.Join(leaves(failure.OriginalJsonSchemaError), "; ")
}

// leaves describes the ends of a tree of schema errors, where the reasons are.
func leaves(err *jsonschema.ValidationError) []string {
	if len(err.Causes) == 0 {
		field := strings.Join(append([]string{"$"}, err.InstanceLocation...), ".")
		return []string{field + " " + describeRule(err.ErrorKind)}
	}
	var all []string
	for _, cause := range err.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// describeRule says which rule is broken. It takes nothing from the value but its type.
func describeRule(rule jsonschema.ErrorKind) string {
	switch broken := rule.(type) {
	case *kind.Required:
		return "lacks " + strings.Join(broken.Missing, ", ")
	case *kind.AdditionalProperties:
		return "has unknown " + strings.Join(broken.Properties, ", ")
	case *kind.Type:
		return fmt.Sprintf("is of type %s, not %s", broken.Got, strings.Join(broken.Want, " or "))
	case *kind.Enum:
		return fmt.Sprintf("is not one of %v", broken.Want)
	case *kind.Not, *kind.FalseSchema:
		return "must not be there"
	default:
		return "breaks " + strings.Join(rule.KeywordPath(), "/")
	}
}
