package mockserver

import (
	"strconv"
	"strings"
)

// Case is a way to spell enumerated values.
type Case string

// The cases.
const (
	Canonical Case = ""      // two_way
	Title     Case = "title" // Two-way
	Upper     Case = "upper" // TWO_WAY
)

// Spelling is how answers spell types, states, statuses and ids. Requests are always read in the canonical spelling.
type Spelling struct {
	Case      Case
	StringIDs bool // "101" instead of 101
}

// titles are the title spellings that are not a capital letter with hyphens.
var titles = map[string]string{OTP: "OTP", WhatsApp: "WhatsApp"}

// word spells one value.
func (sp Spelling) word(canonical string) string {
	switch {
	case sp.Case == Upper:
		return strings.ToUpper(canonical)
	case sp.Case != Title || canonical == "":
		return canonical
	case titles[canonical] != "":
		return titles[canonical]
	}
	hyphenated := strings.ReplaceAll(canonical, "_", "-")
	return strings.ToUpper(hyphenated[:1]) + hyphenated[1:]
}

func (sp Spelling) id(id int) any {
	if sp.StringIDs {
		return strconv.Itoa(id)
	}
	return id
}
