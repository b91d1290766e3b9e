package session

import (
	"maps"
	"slices"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// listChange is a change of a list of allowed IPs that one caller asked for.
type listChange struct {
	add, remove []string
	// replace ignores what is on the list.
	replace bool
	// exists is set if the entry to add was on the list before.
	exists, reportsExisting bool
	// done receives the outcome.
	done chan error
}

// outcome is what the caller of a change that was made must know.
func (c *listChange) outcome(marks listMarks) error {
	switch {
	case c.reportsExisting && c.exists:
		return ErrAlreadyAllowed
	case slices.ContainsFunc(c.remove, func(entry string) bool { return marks.left[entry] }):
		return ErrLastAllowedIP
	}
	return nil
}

// listMarks are what a run notes of a list that it changes.
type listMarks struct {
	// added are the entries that this run put on the list, or that one of its resources adopted.
	added map[string]bool
	// left are the entries that a deletion left on the list. The next addition removes those
	// that are true; the others are new for the resource that is created next.
	left map[string]bool
}

func newListMarks() listMarks { return listMarks{map[string]bool{}, map[string]bool{}} }

func (m listMarks) clone() listMarks { return listMarks{maps.Clone(m.added), maps.Clone(m.left)} }

func (m listMarks) isLeft(entry string) bool {
	_, isLeft := m.left[entry]
	return isLeft
}

// apply returns the list with the change, and notes the change. It does not modify list.
func (m listMarks) apply(c *listChange, list []string, isRestricted bool) []string {
	if c.replace {
		clear(m.added)
		clear(m.left)
		list = nil
	}
	list = slices.Concat(list, c.add)
	slices.Sort(list)
	list = slices.Compact(list)
	for _, entry := range c.add {
		m.added[entry] = true
		delete(m.left, entry)
	}
	if len(c.add) > 0 {
		list = slices.DeleteFunc(list, func(entry string) bool { return m.left[entry] })
		maps.DeleteFunc(m.left, func(_ string, isRemoved bool) bool { return isRemoved })
	}
	for _, entry := range c.remove {
		at, found := slices.BinarySearch(list, entry)
		switch {
		case !found || m.added[entry]:
		case len(list) == 1 && !isRestricted:
			m.left[entry] = true
		default:
			list = slices.Delete(list, at, at+1)
		}
	}
	if len(c.remove) > 0 {
		for _, entry := range c.add {
			if !c.exists || slices.Contains(c.remove, entry) {
				m.left[entry] = false
			}
		}
	}
	return list
}

func canonicalIPs(entries ...string) []string {
	list := make([]string, len(entries))
	for i, entry := range entries {
		list[i] = commpeak.CanonicalIP(entry)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
