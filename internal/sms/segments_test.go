package sms_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/commpeak/terraform-provider-commpeak/internal/sms"
)

const (
	extended = "€^{}[]~|\\\f" // two septets each
	emoji    = "😀"            // a surrogate pair
)

func TestMeasure(t *testing.T) {
	t.Parallel()
	n := strings.Repeat
	for _, test := range []struct {
		name, text string
		want       sms.Size
	}{
		{"empty", "", sms.Size{sms.GSM7, 0, 1, 160}},
		{"one", "a", sms.Size{sms.GSM7, 1, 1, 159}},
		{"full", n("a", 160), sms.Size{sms.GSM7, 160, 1, 0}},
		{"over", n("a", 161), sms.Size{sms.GSM7, 161, 2, 306 - 161}},
		{"two full", n("a", 306), sms.Size{sms.GSM7, 306, 2, 0}},
		{"over two", n("a", 307), sms.Size{sms.GSM7, 307, 3, 459 - 307}},
		{"ten full", n("a", 1530), sms.Size{sms.GSM7, 1530, 10, 0}},
		{"over ten", n("a", 1531), sms.Size{sms.GSM7, 1531, 11, 152}},

		{"all that count two", extended, sms.Size{sms.GSM7, 10, 1, 140}},
		{"full of twos", n("€", 80), sms.Size{sms.GSM7, 80, 1, 0}},
		{"over in twos", n("€", 81), sms.Size{sms.GSM7, 81, 2, 153 - 10}}, // 76 fit in 153, and 5 are left
		{"a two that just fits", n("a", 158) + "{", sms.Size{sms.GSM7, 159, 1, 0}},
		{"a two that just fits not", n("a", 159) + "{", sms.Size{sms.GSM7, 160, 2, 153 - 8}},
		{"the escape is not parted", n("a", 152) + "€" + n("a", 10), sms.Size{sms.GSM7, 163, 2, 153 - 12}},
		{"the escape fits", n("a", 151) + "€" + n("a", 10), sms.Size{sms.GSM7, 162, 2, 153 - 10}},
		{"a gap costs a segment", n("a", 152) + "€" + n("a", 151) + "b", sms.Size{sms.GSM7, 305, 3, 152}},

		{"full of UCS-2", n("я", 70), sms.Size{sms.UCS2, 70, 1, 0}},
		{"over in UCS-2", n("я", 71), sms.Size{sms.UCS2, 71, 2, 134 - 71}},
		{"two full of UCS-2", n("я", 134), sms.Size{sms.UCS2, 134, 2, 0}},
		{"over two in UCS-2", n("я", 135), sms.Size{sms.UCS2, 135, 3, 201 - 135}},
		{"one makes all UCS-2", n("a", 69) + "ё", sms.Size{sms.UCS2, 70, 1, 0}},
		{"no twos in UCS-2", "€{}я", sms.Size{sms.UCS2, 4, 1, 66}},

		{"an emoji", emoji, sms.Size{sms.UCS2, 1, 1, 68}},
		{"full of emojis", n(emoji, 35), sms.Size{sms.UCS2, 35, 1, 0}},
		{"over in emojis", n(emoji, 36), sms.Size{sms.UCS2, 36, 2, 67 - 6}}, // 33 fit in 67, and 3 are left
		{"the pair is not parted", n("a", 66) + emoji + n("a", 5), sms.Size{sms.UCS2, 72, 2, 67 - 7}},
		{"the pair fits", n("a", 65) + emoji + n("a", 5), sms.Size{sms.UCS2, 71, 2, 67 - 5}},
		{"an emoji of many", "👨‍👩‍👧", sms.Size{sms.UCS2, 5, 1, 70 - 8}},

		{"not the small cedilla", "ç", sms.Size{sms.UCS2, 1, 1, 69}},
		{"the capital cedilla", "Ç", sms.Size{sms.GSM7, 1, 1, 159}},
		{"a backtick", "`", sms.Size{sms.UCS2, 1, 1, 69}},
		{"a tab", "\t", sms.Size{sms.UCS2, 1, 1, 69}},
		{"the escape itself", "\x1b", sms.Size{sms.UCS2, 1, 1, 69}},
		{"line breaks", "a\r\nb", sms.Size{sms.GSM7, 4, 1, 156}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := sms.Measure(test.text); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// TestAlphabet counts what there is: 128 codes, one of them the escape, and ten
// characters behind it.
func TestAlphabet(t *testing.T) {
	t.Parallel()
	widths := map[int]int{}
	for character := rune(0); character <= utf8.MaxRune; character++ {
		text := string(character)
		if size := sms.Measure(text); size.Encoding == sms.GSM7 {
			widths[160-size.Remaining]++
		} else if want := 70 - units(sms.UCS2, text); size.Remaining != want {
			t.Fatalf("%U leaves %d units, not %d", character, size.Remaining, want)
		}
	}
	if widths[1] != 127 || widths[2] != 10 || len(widths) != 2 {
		t.Errorf("the alphabet has characters of these widths: %v", widths)
	}
	for _, table := range []string{
		"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ", "¤¡ÄÖÑÜ§¿äöñüà", extended,
	} {
		for _, character := range table {
			if sms.Measure(string(character)).Encoding != sms.GSM7 {
				t.Errorf("%q is missing", character)
			}
		}
	}
}

// units counts a text apart from the code under test.
func units(encoding sms.Encoding, text string) int {
	if encoding == sms.UCS2 {
		return len(utf16.Encode([]rune(text)))
	}
	count := utf8.RuneCountInString(text)
	for _, character := range extended {
		count += strings.Count(text, string(character))
	}
	return count
}

func TestSplit(t *testing.T) {
	t.Parallel()
	n := strings.Repeat
	for text, want := range map[string][]string{
		"":                               {""},
		n("a", 160):                      {n("a", 160)},
		n("a", 161):                      {n("a", 153), n("a", 8)},
		n("a", 152) + "€" + n("b", 10):   {n("a", 152), "€" + n("b", 10)},
		n("a", 66) + emoji + n("b", 10):  {n("a", 66), emoji + n("b", 10)},
		n(emoji, 70):                     {n(emoji, 33), n(emoji, 33), n(emoji, 4)},
		n("[", 76) + "a" + n("]", 76):    {n("[", 76) + "a", n("]", 76)},
		n("a", 153) + n("{", 76) + "{":   {n("a", 153), n("{", 76), "{"},
		n("д", 67) + n("е", 67) + "{x}ё": {n("д", 67), n("е", 67), "{x}ё"},
	} {
		if _, got := sms.Split(text); !slices.Equal(got, want) {
			t.Errorf("%q is split into %q, not %q", text, got, want)
		}
	}
}

// FuzzSplit: whatever the text, its segments make it up, none is too long or
// parts a character, and none leaves out what would have fitted.
func FuzzSplit(f *testing.F) {
	n := strings.Repeat
	for _, text := range []string{"", "a", n("a", 161), n("€", 200), n("a{", 150), n(emoji, 100), n("я"+emoji, 70), n("a", 152) + "€", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\ufffd")
		encoding, segments := sms.Split(text)
		if strings.Join(segments, "") != text {
			t.Fatalf("the segments do not make up the text: %q", segments)
		}
		most := map[sms.Encoding]int{sms.GSM7: 153, sms.UCS2: 67}[encoding]
		if len(segments) == 1 {
			most = map[sms.Encoding]int{sms.GSM7: 160, sms.UCS2: 70}[encoding]
		}
		for i, segment := range segments {
			used := units(encoding, segment)
			if used > most || !utf8.ValidString(segment) || segment == "" && text != "" {
				t.Errorf("segment %d has %d units: %q", i+1, used, segment)
			}
			if i+1 < len(segments) {
				next, _ := utf8.DecodeRuneInString(segments[i+1])
				if used+units(encoding, string(next)) <= most {
					t.Errorf("segment %d has room for %q", i+1, next)
				}
			}
		}
		last := segments[len(segments)-1]
		want := sms.Size{encoding, len([]rune(text)), len(segments), most - units(encoding, last)}
		if got := sms.Measure(text); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func ExampleMeasure() {
	fmt.Printf("%+v", sms.Measure("Your code is {code}"))
	// Output: {Encoding:gsm7 Characters:19 Segments:1 Remaining:139}
}
