// Package sms computes what a text is as SMS, and what the placeholders of a
// template say. It is pure text arithmetic, and offers it as provider functions.
package sms

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding is how an SMS carries its text (3GPP TS 23.038).
type Encoding string

// The encodings. A text of characters that GSM 7-bit has goes in it; any other
// text goes in UCS-2 as a whole. National language tables are not used.
const (
	GSM7 Encoding = "gsm7"
	UCS2 Encoding = "ucs2"
)

// The GSM 7-bit default alphabet in the order of its codes, without the escape
// (0x1B), and its extension table, whose characters are written as the escape
// and a second septet.
const (
	defaultAlphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	extensionTable = "\f^{}\\[~]|€"
)

// limits are what a message holds, in the units of its encoding: alone, and as
// a segment of several, where the concatenation header takes six octets
// (3GPP TS 23.040). Units are septets in GSM 7-bit and 16-bit words in UCS-2.
var limits = map[Encoding]struct{ single, segment int }{
	GSM7: {160, 153},
	UCS2: {70, 67},
}

// Size is what a text is as SMS.
type Size struct {
	Encoding Encoding
	// Characters are Unicode code points.
	Characters int
	// Segments is the number of messages that carry the text, at least one.
	Segments int
	// Remaining are the units that the last segment still holds before another
	// one is needed.
	Remaining int
}

// Measure returns what a text is as SMS.
func Measure(text string) Size {
	encoding, segments := Split(text)
	limit := limits[encoding].segment
	if len(segments) == 1 {
		limit = limits[encoding].single
	}
	return Size{
		Encoding:   encoding,
		Characters: utf8.RuneCountInString(text),
		Segments:   len(segments),
		Remaining:  limit - encoding.units(segments[len(segments)-1]),
	}
}

// Split returns the parts in which a text travels, one of them for an empty
// text. No character is parted: neither the two septets of one from the
// extension table nor the surrogate pair of one in UCS-2.
func Split(text string) (Encoding, []string) {
	encoding := encodingOf(text)
	limit := limits[encoding]
	if encoding.units(text) <= limit.single {
		return encoding, []string{text}
	}
	var segments []string
	start, used := 0, 0
	for at, character := range text {
		width := encoding.width(character)
		if used+width > limit.segment {
			segments = append(segments, text[start:at])
			start, used = at, 0
		}
		used += width
	}
	return encoding, append(segments, text[start:])
}

func encodingOf(text string) Encoding {
	for _, character := range text {
		if !strings.ContainsRune(defaultAlphabet, character) && !strings.ContainsRune(extensionTable, character) {
			return UCS2
		}
	}
	return GSM7
}

// units is the length of a text that the encoding can carry.
func (e Encoding) units(text string) int {
	total := 0
	for _, character := range text {
		total += e.width(character)
	}
	return total
}

// width is how many units one character takes.
func (e Encoding) width(character rune) int {
	switch {
	case e == UCS2:
		return utf16.RuneLen(character)
	case strings.ContainsRune(extensionTable, character):
		return 2
	}
	return 1
}
