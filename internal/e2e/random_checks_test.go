//go:build fuzzterraform

package e2e_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// result is what a command of the CLI printed.
type result struct {
	text, stdout string
	err          error
}

// defects are words by which Terraform blames the provider.
var defects = []string{
	"Provider produced", "produced an invalid", "produced inconsistent", "always an error in the provider", "bug in the provider",
	"panic:", "Value Conversion Error", "plugin crashed",
}

// ownDefect is a defect of Terraform 1.16.0, which blames the provider for it, also that of
// terraform_data: it is an outcome of what [destroysOnlyDeposed] describes, in a different order.
const ownDefect = "changed the planned action from DeleteThenCreate to NoOp"

// blame is how Terraform introduces this defect.
var blame = regexp.MustCompile(`Provider produced inconsistent final plan When expanding the plan for \S+ to include new values learned so far during apply, ` +
	`provider "\S+" ` + ownDefect + `\. This is a bug in the provider`)

func onOneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// run runs a command of the CLI, and checks what must hold of all output.
func (p *player) run(args ...string) result {
	p.tell("terraform %s", strings.Join(args, " "))
	out, diagnostics, err := p.work.TryApart(args...)
	r := result{text: out + diagnostics, stdout: out, err: err}
	if strings.Contains(r.text, "Error: Cycle:") {
		p.rt.Skip("Terraform finds a cycle among the blocks, for example if a stream, its child and what its ID passes through go at once.")
	}
	text := blame.ReplaceAllString(onOneLine(r.text), "")
	for _, words := range defects {
		if strings.Contains(text, words) {
			p.fail("Terraform blames the provider: %s\n%s", words, r.text)
		}
	}
	if err := p.account.FindSecret("the output of "+args[0], r.text); err != nil {
		p.fail("%s", err)
	}
	return r
}

func (p *player) demand(what string, r result) {
	if r.err != nil {
		p.fail("%s failed:\n%s", what, r.text)
	}
}

// tell adds to the story that a failure prints.
func (p *player) tell(format string, args ...any) {
	p.story = append(p.story, fmt.Sprintf(format, args...))
}

func (p *player) fail(format string, args ...any) {
	p.rt.Fatalf("%s\n\n--- story ---\n%s", fmt.Sprintf(format, args...), strings.Join(p.story, "\n"))
}

// noteForeign takes every stream in the account for foreign.
func (p *player) noteForeign() {
	for _, s := range p.account.Streams() {
		p.foreign[s.ID] = p.picture(s)
	}
}

// picture is a stream with everything that belongs to it, as text.
func (p *player) picture(s mockserver.Stream) string {
	text, err := json.Marshal(struct {
		Stream   mockserver.Stream
		Token    string
		Events   []mockserver.Event
		Webhooks []mockserver.Webhook
	}{s, p.account.Token(s.ID), p.account.Events(s.ID), p.account.Webhooks(s.ID)})
	if err != nil {
		p.rt.Fatal(err)
	}
	return string(text)
}

// checkForeign compares other people's streams byte for byte.
func (p *player) checkForeign() {
	for id, before := range p.foreign {
		s, found := p.account.Stream(id)
		if !found {
			p.fail("foreign stream %d is gone", id)
		}
		if now := p.picture(s); now != before {
			p.fail("foreign stream %d changed:\n%s\n%s", id, before, now)
		}
	}
}

// forgetForeign takes streams that a removed block took out of the state for
// foreign from now on.
func (p *player) forgetForeign(config configuration) {
	if len(config.Forget) == 0 {
		return
	}
	known := map[string]bool{}
	for _, r := range p.state() {
		if r.Type == streamType {
			known[fmt.Sprint(r.AttributeValues["id"])] = true
		}
	}
	for _, s := range p.account.Streams() {
		if !known[fmt.Sprint(s.ID)] && p.foreign[s.ID] == "" {
			p.foreign[s.ID] = p.picture(s)
		}
	}
}

// checkState compares the state with the account, in both directions.
func (p *player) checkState() {
	known := map[string]bool{}
	for _, r := range p.state() {
		if err := p.account.Compare(r.Type, r.AttributeValues); err != nil {
			p.fail("%s: %s", r.Address, err)
		}
		if r.Type == streamType {
			known[fmt.Sprint(r.AttributeValues["id"])] = true
		}
	}
	for _, s := range managed(p.account.Server, p.foreign) {
		if !known[fmt.Sprint(s.ID)] {
			p.fail("the account has stream %d (%s), which the state does not have: a duplicate or an orphan", s.ID, s.Name)
		}
	}
	for key, o := range p.writing.Objects {
		if !p.inState(o.address()) {
			p.fail("%s (%s) is not in the state after the apply", o.address(), key)
		}
	}
}

// closedLists are the streams that have allowed IPs in the account, and in the
// configuration both before and after a round.
func (p *player) closedLists(before, after configuration) map[int]bool {
	closed := map[int]bool{}
	for _, r := range p.state() {
		if r.Type != ipType && r.Type != ipsType {
			continue
		}
		key, found := keyOf(before, r.Address)
		if !found {
			continue
		}
		stream := before.Objects[key].Stream
		if listed(before, stream) && listed(after, stream) {
			for _, s := range p.account.Streams() {
				if fmt.Sprint(s.ID) == fmt.Sprint(r.AttributeValues["stream_id"]) && s.IPACL != "" {
					closed[s.ID] = true
				}
			}
		}
	}
	return closed
}

func keyOf(c configuration, address string) (string, bool) {
	for key, o := range c.Objects {
		if o.address() == address {
			return key, true
		}
	}
	return "", false
}

// listed reports whether the configuration asks for allowed IPs of the stream.
func listed(c configuration, stream string) bool {
	return slices.ContainsFunc(c.children(stream), func(key string) bool {
		o := c.Objects[key]
		return o.Type == ipType || o.Type == ipsType && o.Attributes["ips"].HCL != "[]"
	})
}

// checkListsStayClosed looks for a write that emptied a list which had entries
// before and has entries after. A stream that is deleted, replaced or restricted may lose its
// list before.
func (p *player) checkListsStayClosed(closed map[int]bool, from int) {
	for _, request := range p.account.Requests()[from:] {
		var body struct {
			IPACL *json.RawMessage `json:"ipAcl"`
		}
		if request.Method != "PATCH" || json.Unmarshal(request.Body, &body) != nil || !strings.Contains(string(request.Body), `"ipAcl"`) {
			continue
		}
		for id := range closed {
			stream, stays := p.account.Stream(id)
			emptied := body.IPACL == nil || string(*body.IPACL) == `""` || string(*body.IPACL) == "null"
			if stays && emptied && !stream.Restricted && strings.HasSuffix(request.Path, fmt.Sprintf("/streams/%d", id)) {
				p.fail("the list of allowed IPs of stream %d was empty in between", id)
			}
		}
	}
}
