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

// verdict is the result for one call; legend explains each.
type verdict string

const (
	works      verdict = "works"
	offered    verdict = "offered"
	differs    verdict = "differs"
	missing    verdict = "missing"
	refused    verdict = "refused"
	failed     verdict = "failed"
	notChecked verdict = "not checked"
)

// good reports whether the provider can make the call.
func (v verdict) good() bool { return v == works || v == offered || v == differs }

// finding is the result for one call of the contract.
type finding struct {
	contract.Operation
	verdict verdict
	words   string // the reason, in addition to the verdict
}

func (f finding) call() string { return f.Method + " " + f.Path }

// doctor examines one account.
type doctor struct {
	config commpeak.Config
	client *commpeak.Client
	watch  *watch

	findings []finding
	paths    map[string]string // the paths of the contract with IDs of this account
	hopeless bool              // the first call failed in a way that all calls do

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
	d := &doctor{watch: &watch{validator: validator, bases: map[contract.Host]*url.URL{}}, paths: map[string]string{}}
	for host, endpoint := range map[contract.Host]string{contract.Management: config.Endpoint, contract.Messaging: config.MessagingEndpoint} {
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

// examine checks every call that the provider makes, in the order of the contract, where the read of each path comes first.
func (d *doctor) examine(ctx context.Context) {
	for _, operation := range contract.Operations() {
		if !provided(operation.ID) {
			continue
		}
		found := finding{Operation: operation}
		if read, is := reads[operation.ID]; is {
			found.verdict, found.words = d.read(ctx, operation, read)
		} else {
			found.verdict, found.words = d.askMethods(ctx, operation)
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
		d.paths[operation.Path] = seen.path
	}
	found, words := judge(err, seen)
	if operation.ID == "listStreams" {
		d.hopeless = found == failed || seen.status == http.StatusUnauthorized
	}
	return found, words
}

// judge returns the verdict on a call that was made.
func judge(err error, seen *exchange) (verdict, string) {
	if absent, is := errors.AsType[nothingThere](err); is {
		return notChecked, string(absent)
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

// said returns the API's error text. It does not contain a credential.
func said(err error) string {
	if refusal, is := errors.AsType[*commpeak.Error](err); is && refusal.Message() != "" {
		return ": " + refusal.Message()
	}
	return ""
}

// reason returns why there was no response, or why it could not be read.
func reason(err error) string {
	if refusal, is := errors.AsType[*commpeak.Error](err); is && refusal.Cause() != "" {
		return refusal.Cause()
	}
	return err.Error()
}

// askMethods checks a call that writes without making it: it asks for the methods of its path.
func (d *doctor) askMethods(ctx context.Context, operation contract.Operation) (verdict, string) {
	base, credential := d.config.Endpoint, d.config.APIKey
	path, known := d.paths[operation.Path]
	if operation.Host == contract.Messaging {
		// The token is not needed, and using it would change the last activity of the stream.
		base, credential, path, known = d.config.MessagingEndpoint, "", operation.Path, true
	}
	if !known {
		return notChecked, "no object was found to check it with"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodOptions, base+(&url.URL{Path: path}).EscapedPath(), http.NoBody)
	if err != nil {
		return failed, "the path is not valid"
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

// stay follows no redirect, so that the credential is not sent to a different host.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// judgeMethods reads the Allow header. The headers for browsers (Access-Control-…) do not show which methods exist.
func (d *doctor) judgeMethods(operation contract.Operation, seen *exchange) (verdict, string) {
	allowed := seen.header.Values("Allow")
	switch {
	case len(allowed) > 0 && slices.Contains(methods(allowed), operation.Method):
		return offered, ""
	case len(allowed) > 0:
		return missing, "the API allows only " + strings.Join(methods(allowed), ", ")
	case seen.status == http.StatusNotFound && !d.answers(operation.Path):
		return missing, "HTTP 404"
	}
	return notChecked, "the API does not list the methods of this path"
}

// methods returns the methods in an Allow header, and nothing else that may be in it.
func methods(header []string) []string {
	named := strings.FieldsFunc(strings.Join(header, ","), func(r rune) bool { return r == ',' || r == ' ' })
	return slices.DeleteFunc(named, func(name string) bool {
		return !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, name)
	})
}

// answers reports whether a read of the path worked.
func (d *doctor) answers(path string) bool {
	return slices.ContainsFunc(d.findings, func(f finding) bool { return f.Path == path && f.verdict.good() })
}

// nothingThere is the reason why a call cannot be made: the account does not have the object that it needs.
type nothingThere string

func (n nothingThere) Error() string { return string(n) }

// reads make the calls that do not change anything, by operation ID of the contract.
var reads = map[string]func(*doctor, context.Context) error{
	"listStreams": func(d *doctor, ctx context.Context) (err error) {
		d.streams, err = first(d.client.Streams(ctx), pageOfStreams)
		return err
	},
	"getStream": func(d *doctor, ctx context.Context) error {
		return d.withStream(func(id string) error {
			stream, err := d.client.Stream(ctx, id)
			if err == nil {
				d.stream = &stream
			}
			return err
		})
	},
	"getStreamToken": func(d *doctor, ctx context.Context) error {
		return d.withStream(func(id string) error {
			_, err := d.client.StreamToken(ctx, id)
			return err
		})
	},
	"listEvents": func(d *doctor, ctx context.Context) error {
		return d.withStream(func(id string) error {
			events, err := first(d.client.Events(ctx, id), 1)
			if len(events) > 0 {
				d.eventID = events[0].ID
			}
			return err
		}, commpeak.OTP, commpeak.Transactional)
	},
	"getEvent": func(d *doctor, ctx context.Context) error {
		if d.eventID == "" {
			return nothingThere("no event template was found")
		}
		return d.withStream(func(id string) error {
			_, err := d.client.Event(ctx, id, d.eventID)
			return err
		}, commpeak.OTP, commpeak.Transactional)
	},
	"listWebhooks": func(d *doctor, ctx context.Context) error {
		return d.withStream(func(id string) error {
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
		return d.withStream(func(id string) error {
			_, err := d.client.Webhook(ctx, id, d.webhookID)
			return err
		}, commpeak.TwoWay, commpeak.WhatsApp)
	},
	"listWhatsAppTemplates": func(d *doctor, ctx context.Context) error {
		return d.withStream(func(id string) error {
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
		return d.withStream(func(id string) error {
			_, err := d.client.CountReceivedMessages(ctx, commpeak.ReceivedMessageFilter{StreamID: id})
			return err
		})
	},
	"listMessages": func(d *doctor, ctx context.Context) error {
		return d.withStream(func(id string) error {
			_, err := d.client.CountMessages(ctx, commpeak.MessageFilter{StreamID: id})
			return err
		})
	},
}

// pageOfStreams is the number of streams that one request returns.
const pageOfStreams = 100

// withStream makes a call with the first stream of one of these types, or of any type if there are none.
func (d *doctor) withStream(call func(streamID string) error, types ...commpeak.StreamType) error {
	for _, stream := range d.streams {
		if len(types) == 0 || slices.Contains(types, stream.Type) {
			return call(stream.ID)
		}
	}
	if len(types) == 0 {
		return nothingThere("no stream was found")
	}
	var names []string
	for _, name := range types {
		names = append(names, string(name))
	}
	return nothingThere("no stream of type " + strings.Join(names, " or ") + " was found")
}

// first returns the first items of a sequence, and requests only the pages that they need.
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
