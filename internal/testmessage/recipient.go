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

// recipientFault finds fault with a phone number, and says how to write it.
func recipientFault(text string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	international := strings.TrimPrefix(digits, "00")
	switch {
	case strings.Trim(text, "0123456789+-()./ \t\u00a0") != "":
		return fmt.Sprintf("%q is no phone number: write international digits alone, such as \"491701234567\".", text)
	case len(international) < fewestDigits || len(international) > mostDigits:
		return fmt.Sprintf("%q has %d digits: an international phone number, its country code included, has %d to %d.", text, len(international), fewestDigits, mostDigits)
	case strings.HasPrefix(international, "0"):
		return fmt.Sprintf("%q begins with 0: write the country code first, such as 49 for Germany, and leave the 0 out.", text)
	case international != text:
		return fmt.Sprintf("Write %q: digits alone, country code first, without + or 00, spaces or other marks.", international)
	}
	return ""
}
