package tfkit

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Limits that this project assumes only warn: the API decides. Whole numbers are
// number attributes, because the framework reports a fraction in an integer
// attribute as a defect of the provider.

// Integer returns a whole number as a number attribute contains it.
func Integer(value int64) types.Number {
	return types.NumberValue(new(big.Float).SetInt64(value))
}

// Int64 returns the value of a number attribute that was validated; 0 for null.
func Int64(number types.Number) int64 {
	if !IsKnown(number) {
		return 0
	}
	value, _ := number.ValueBigFloat().Int64()
	return value
}

// WholeNumber refuses fractions and numbers that no request can contain.
func WholeNumber() validator.Number { return wholeNumber{least: math.MinInt64, most: math.MaxInt64} }

// AssumedRange is [WholeNumber], with a warning for a number outside of the range.
func AssumedRange(least, most int64) validator.Number { return wholeNumber{least: least, most: most} }

// AssumedMinimum is [WholeNumber], with a warning for a smaller number.
func AssumedMinimum(least int64) validator.Number {
	return wholeNumber{least: least, most: math.MaxInt64}
}

// Between is [WholeNumber], and refuses a number outside of the range.
func Between(least, most int64) validator.Number {
	return wholeNumber{least: least, most: most, isStrict: true}
}

type wholeNumber struct {
	least, most int64
	isStrict    bool
}

func (v wholeNumber) Description(context.Context) string             { return "must be a whole number" }
func (v wholeNumber) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v wholeNumber) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if !IsKnown(req.ConfigValue) {
		return
	}
	number := req.ConfigValue.ValueBigFloat()
	value, accuracy := number.Int64()
	switch {
	case accuracy != big.Exact:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(),
			fmt.Sprintf("%s is not a whole number that a request can contain. Round it, for example with floor(...).", number.Text('g', -1)))
	case (value < v.least || value > v.most) && v.isStrict:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(), fmt.Sprintf("%d is not %s.", value, v.limit()))
	case value < v.least || value > v.most:
		warnOfAssumedLimit(req.Path, number.Text('f', -1), v.limit(), &resp.Diagnostics)
	}
}

func (v wholeNumber) limit() string {
	if v.most == math.MaxInt64 {
		return fmt.Sprintf("at least %d", v.least)
	}
	return fmt.Sprintf("between %d and %d", v.least, v.most)
}

// AssumedLength warns of text with more characters.
func AssumedLength(most int) validator.String { return assumedLength(most) }

type assumedLength int

func (v assumedLength) Description(context.Context) string {
	return fmt.Sprintf("should have at most %d characters", v)
}

func (v assumedLength) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v assumedLength) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	length := utf8.RuneCountInString(req.ConfigValue.ValueString())
	if length > int(v) {
		warnOfAssumedLimit(req.Path, fmt.Sprintf("%d characters", length), fmt.Sprintf("at most %d characters", v), &resp.Diagnostics)
	}
}

func warnOfAssumedLimit(at path.Path, value, limit string, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(at, fmt.Sprintf("CommPeak may refuse %s (%s)", at, value),
		fmt.Sprintf("The expected value is %s. CommPeak does not document this limit, so this provider sends the value, and the API accepts or refuses it.", limit))
}
