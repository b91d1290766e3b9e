package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
	"github.com/commpeak/terraform-provider-commpeak/internal/contract"
)

// verdict is what was found of a call.
type verdict string

const (
	works   verdict = "works"   // answered, as the contract has it
	offered verdict = "offered" // not made, but the path's Allow header names it
	differs verdict = "differs" // answered, and understood, but not as the contract has it
	missing verdict = "missing" // the API has no such call
	refused verdict = "refused" // by the credential, or by a list of addresses
	failed  verdict = "failed"  // no answer, or one that cannot be understood
	unknown verdict = "unknown" // not looked at, or nothing can be told without trying
)

// good tells that the provider can make the call.
func (v verdict) good() bool { return v == works || v == offered || v == differs }

// finding is what was found of one call of the contract.
type finding struct {
	contract.Operation
	verdict verdict
	words   string
}

// call is the operation as people write it.
func (f finding) call() string { return f.Method + " " + f.Path }

// doctor examines one account.
type doctor struct {
	config commpeak.Config
	client *commpeak.Client
	watch  *watch

	findings []finding
	// places are the paths that stand for those of the contract: with ids of this account.
	places map[string]string
	// hopeless tells that no further call is worth while.
	hopeless bool

	streams   []commpeak.Stream // the first page
	stream    *commpeak.Stream  // one of them, read alone
	eventID   string
	webhookID string
}

func newDoctor(config commpeak.Config) (*doctor, error) {
	validator, err := contract.NewValidator()
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	d := &doctor{watch: &watch{validator: validator, bases: map[contract.Host]*url.URL{}}, places: map[string]string{}}
	for host, endpoint := range map[contract.Host]string{contract.Management: config.Endpoint, contract.RunTime: config.MessagingEndpoint} {
		if d.watch.bases[host], err = url.Parse(endpoint); err != nil {
			return nil, fmt.Errorf("the %s endpoint: %w", host, err)
		}
	}
	config.Transport = func(network http.RoundTripper) http.RoundTripper {
		d.watch.network = network
		return d.watch
	}
	d.config, d.client = config, commpeak.New(config)
	return d, nil
}

// examine looks at every call that the provider makes, in the order of the contract, where each path's read comes first.
func (d *doctor) examine(ctx context.Context) {
	for _, operation := range contract.Operations() {
		if !provided(operation.ID) {
			continue
		}
		found := finding{Operation: operation}
		if read, is := reads[operation.ID]; is {
			found.verdict, found.words = d.read(ctx, operation, read)
		} else {
			found.verdict, found.words = d.ask(ctx, operation)
		}
		if d.findings = append(d.findings, found); d.hopeless {
			return
		}
	}
}

// read makes a call, as the provider makes it.
func (d *doctor) read(ctx context.Context, operation contract.Operation, read func(*doctor, context.Context) error) (verdict, string) {
	err := read(d, ctx)
	seen := d.watch.take()
	if seen.path != "" {
		d.places[operation.Path] = seen.path
	}
	found, words := judge(err, seen)
	// What ails the first call ails them all.
	if operation.ID == "listStreams" {
		d.hopeless = found == failed || seen.status == http.StatusUnauthorized
	}
	return found, words
}

// judge tells what came of a call.
func judge(err error, seen *exchange) (verdict, string) {
	if absent, is := errors.AsType[nothingThere](err); is {
		return unknown, "not looked at: " + string(absent)
	}
	status := fmt.Sprintf("HTTP %d", seen.status)
	switch {
	case err == nil && len(seen.breaches) == 0:
		return works, ""
	case err == nil:
		return differs, strings.Join(seen.breaches, "; ")
	case seen.status == http.StatusUnauthorized, seen.status == http.StatusForbidden:
		return refused, status + said(err)
	case errors.Is(err, commpeak.ErrNotTheAPI):
		return failed, reason(err)
	case seen.status == http.StatusNotFound, seen.status == http.StatusMethodNotAllowed:
		return missing, status
	case seen.status >= http.StatusMultipleChoices:
		return failed, status + said(err)
	}
	return failed, reason(err)
}

// said are the service's own words, without any credential.
func said(err error) string {
	if refusal, is := errors.AsType[*commpeak.Error](err); is && refusal.Words() != "" {
		return ": " + refusal.Words()
	}
	return ""
}

// reason is why there was no answer, or none to be understood.
func reason(err error) string {
	if refusal, is := errors.AsType[*commpeak.Error](err); is && refusal.Cause() != "" {
		return refusal.Cause()
	}
	return err.Error()
}

// ask asks the path of a call that writes for its methods, and makes no such call.
func (d *doctor) ask(ctx context.Context, operation contract.Operation) (verdict, string) {
	base, credential := d.config.Endpoint, d.config.APIKey
	path, known := d.places[operation.Path]
	if operation.Host == contract.RunTime {
		// A stream's token would only show in the stream's last activity.
		base, credential, path, known = d.config.MessagingEndpoint, "", operation.Path, true
	}
	if !known {
		return unknown, "not asked for: the account has nothing to ask about"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodOptions, base+(&url.URL{Path: path}).EscapedPath(), http.NoBody)
	if err != nil {
		return failed, "the path cannot be asked for"
	}
	request.Header.Set("User-Agent", d.config.UserAgent)
	if credential != "" {
		request.Header.Set("Authorization", credential)
	}
	client := &http.Client{Transport: d.watch, Timeout: commpeak.DefaultRequestTimeout, CheckRedirect: stay}
	response, err := client.Do(request)
	seen := d.watch.take()
	if err != nil {
		if wrapped, is := errors.AsType[*url.Error](err); is {
			err = wrapped.Err
		}
		return failed, err.Error()
	}
	response.Body.Close()
	return d.judgeMethods(operation, seen)
}

// stay keeps a credential where it is.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// judgeMethods reads the Allow header. What browsers are allowed (Access-Control-…) says nothing of what there is.
func (d *doctor) judgeMethods(operation contract.Operation, seen *exchange) (verdict, string) {
	allowed := seen.header.Values("Allow")
	switch {
	case len(allowed) > 0 && slices.Contains(methods(allowed), operation.Method):
		return offered, "by the Allow header; not made"
	case len(allowed) > 0:
		return missing, "Allow: " + strings.Join(methods(allowed), ", ")
	case seen.status == http.StatusNotFound && !d.answers(operation.Path):
		return missing, "HTTP 404 to OPTIONS"
	}
	return unknown, fmt.Sprintf("OPTIONS tells nothing (HTTP %d without Allow); only a write can tell", seen.status)
}

// methods are those that an Allow header names; what else it says is nobody's to see.
func methods(header []string) []string {
	named := strings.FieldsFunc(strings.Join(header, ","), func(r rune) bool { return r == ',' || r == ' ' })
	return slices.DeleteFunc(named, func(name string) bool {
		return !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, name)
	})
}

// answers reports whether the path was found to answer a read.
func (d *doctor) answers(path string) bool {
	return slices.ContainsFunc(d.findings, func(f finding) bool { return f.Path == path && f.verdict.good() })
}

// nothingThere is why a call cannot be made: it would be about something that the account does not have.
type nothingThere string

func (n nothingThere) Error() string { return string(n) }

// reads make the calls that change nothing, by their ids in the contract.
var reads = map[string]func(*doctor, context.Context) error{
	"listStreams": func(d *doctor, ctx context.Context) (err error) {
		d.streams, err = first(d.client.Streams(ctx), pageOfStreams)
		return err
	},
	"getStream": func(d *doctor, ctx context.Context) error {
		return d.of(func(id string) error {
			stream, err := d.client.Stream(ctx, id)
			if err == nil {
				d.stream = &stream
			}
			return err
		})
	},
	"getStreamToken": func(d *doctor, ctx context.Context) error {
		return d.of(func(id string) error {
			_, err := d.client.StreamToken(ctx, id)
			return err
		})
	},
	"listEvents": func(d *doctor, ctx context.Context) error {
		return d.of(func(id string) error {
			events, err := first(d.client.Events(ctx, id), 1)
			if len(events) > 0 {
				d.eventID = events[0].ID
			}
			return err
		}, commpeak.OTP, commpeak.Transactional)
	},
	"getEvent": func(d *doctor, ctx context.Context) error {
		if d.eventID == "" {
			return nothingThere("no event was found")
		}
		return d.of(func(id string) error {
			_, err := d.client.Event(ctx, id, d.eventID)
			return err
		}, commpeak.OTP, commpeak.Transactional)
	},
	"listWebhooks": func(d *doctor, ctx context.Context) error {
		return d.of(func(id string) error {
			webhooks, err := first(d.client.Webhooks(ctx, id), 1)
			if len(webhooks) > 0 {
				d.webhookID = webhooks[0].ID
			}
			return err
		}, commpeak.TwoWay, commpeak.WhatsApp)
	},
	"getWebhook": func(d *doctor, ctx context.Context) error {
		if d.webhookID == "" {
			return nothingThere("no webhook was found")
		}
		return d.of(func(id string) error {
			_, err := d.client.Webhook(ctx, id, d.webhookID)
			return err
		}, commpeak.TwoWay, commpeak.WhatsApp)
	},
	"listWhatsAppTemplates": func(d *doctor, ctx context.Context) error {
		return d.of(func(id string) error {
			_, err := d.client.WhatsAppTemplates(ctx, id)
			return err
		}, commpeak.WhatsApp)
	},
	"listSenders": func(d *doctor, ctx context.Context) error {
		_, err := first(d.client.Senders(ctx), 1)
		return err
	},
	"listDomains": func(d *doctor, ctx context.Context) error {
		_, err := first(d.client.Domains(ctx), 1)
		return err
	},
	"listIncomingMessages": func(d *doctor, ctx context.Context) error {
		return d.of(func(id string) error {
			_, err := d.client.CountReceivedMessages(ctx, commpeak.ReceivedMessageFilter{StreamID: id})
			return err
		})
	},
	"listMessages": func(d *doctor, ctx context.Context) error {
		return d.of(func(id string) error {
			_, err := d.client.CountMessages(ctx, commpeak.MessageFilter{StreamID: id})
			return err
		})
	},
}

// pageOfStreams is how many streams are looked at: what one request brings.
const pageOfStreams = 100

// of makes a call about the first stream that is of one of these types; without any, of any type.
func (d *doctor) of(call func(streamID string) error, types ...commpeak.StreamType) error {
	for _, stream := range d.streams {
		if len(types) == 0 || slices.Contains(types, stream.Type) {
			return call(stream.ID)
		}
	}
	var names []string
	for _, name := range types {
		names = append(names, string(name))
	}
	return nothingThere(strings.Join(strings.Fields("no "+strings.Join(names, " or ")+" stream was found"), " "))
}

// first returns the first items of a sequence, and asks for no more pages than they need.
func first[T any](all iter.Seq2[T, error], most int) ([]T, error) {
	var some []T
	for item, err := range all {
		if err != nil {
			return some, err
		}
		if some = append(some, item); len(some) == most {
			break
		}
	}
	return some, nil
}
