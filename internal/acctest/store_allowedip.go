package acctest

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// AllowedIPs are the entries of a stream's list in the account, sorted, each as
// a prefix: 203.0.113.7/32.
func (a *Account) AllowedIPs(streamID int) []string {
	stream, _ := a.Stream(streamID)
	entries := strings.FieldsFunc(stream.IPACL, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
	return canonicalIPs(entries)
}

// canonicalIPs writes each entry as a prefix, unlike the client, whose ways are
// under test.
func canonicalIPs(entries []string) []string {
	list := []string{}
	for _, entry := range entries {
		if address, err := netip.ParseAddr(entry); err == nil {
			entry = netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()).String()
		}
		if prefix, err := netip.ParsePrefix(entry); err == nil {
			entry = prefix.Masked().String()
		}
		list = append(list, entry)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func allowedIPsOf(a *Account, state map[string]any) ([]string, error) {
	id, err := strconv.Atoi(fmt.Sprint(state["stream_id"]))
	if err != nil {
		return nil, fmt.Errorf("the stream_id %v is no number", state["stream_id"])
	}
	if _, found := a.Stream(id); !found {
		return nil, fmt.Errorf("the account has no stream %d", id)
	}
	return a.AllowedIPs(id), nil
}

func compareAllowedIP(a *Account, state map[string]any) error {
	list, err := allowedIPsOf(a, state)
	if err != nil {
		return err
	}
	entry := canonicalIPs([]string{fmt.Sprint(state["ip"])})[0]
	if !slices.Contains(list, entry) {
		return fmt.Errorf("%s is not on the list of the account: %q", entry, list)
	}
	return nil
}

func compareAllowedIPs(a *Account, state map[string]any) error {
	list, err := allowedIPsOf(a, state)
	if err != nil {
		return err
	}
	var entries []string
	values, _ := state["ips"].([]any)
	for _, value := range values {
		entries = append(entries, fmt.Sprint(value))
	}
	if difference := cmp.Diff(list, canonicalIPs(entries)); difference != "" {
		return fmt.Errorf("the account (-) and the state (+) differ:\n%s", difference)
	}
	return nil
}
