package testmessage

import (
	"fmt"
	"strings"
)

// The fewest and most digits of an international phone number.
const (
	fewestDigits = 7
	mostDigits   = 15
)

// validateRecipient returns what is wrong with a phone number, and how to write it.
func validateRecipient(text string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	international := strings.TrimPrefix(digits, "00")
	switch {
	case strings.Trim(text, "0123456789+-()./ \t\u00a0") != "":
		return fmt.Sprintf("%q is not a phone number. Write only digits, starting with the country code, for example \"491701234567\".", text)
	case len(international) < fewestDigits || len(international) > mostDigits:
		return fmt.Sprintf("%q has %d digits. A phone number with its country code has %d to %d digits.", text, len(international), fewestDigits, mostDigits)
	case strings.HasPrefix(international, "0"):
		return fmt.Sprintf("%q starts with 0. Write the country code instead of the 0, for example 49 for Germany.", text)
	case international != text:
		return fmt.Sprintf("Write %q: only digits, starting with the country code, without + or 00, spaces or other characters.", international)
	}
	return ""
}
