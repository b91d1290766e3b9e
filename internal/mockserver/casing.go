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
	// Labels and OtherLabels spell types as pages of the vendor do, and everything else like Title.
	Labels      Case = "labels"       // SMS Two-Way
	OtherLabels Case = "other-labels" // SMS/Two way SMS
)

// Spelling is how answers spell types, states, statuses and IDs. Requests are always read in the canonical spelling.
type Spelling struct {
	Case      Case
	StringIDs bool // "101" instead of 101
}

// titles are the title spellings that are not a capital letter with hyphens.
var titles = map[string]string{OTP: "OTP", WhatsApp: "WhatsApp"}

var labels = map[Case]map[string]string{
	Labels: {
		Marketing: "SMS Marketing", Transactional: "Transactional SMS", OTP: "SMS OTP", TwoWay: "SMS Two-Way", WhatsApp: "WhatsApp Business",
	},
	OtherLabels: {
		Marketing: "Marketing/Promotional SMS", Transactional: "SMS/Transactional", OTP: "SMS OTP", TwoWay: "SMS/Two way SMS",
		WhatsApp: "WhatsApp Business",
	},
}

// word spells one value.
func (sp Spelling) word(canonical string) string {
	switch {
	case canonical == "" || sp.Case == Canonical:
		return canonical
	case sp.Case == Upper:
		return strings.ToUpper(canonical)
	case labels[sp.Case][canonical] != "":
		return labels[sp.Case][canonical]
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
