package commpeak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	jsonpatch "github.com/evanphx/json-patch/v5"
)

// StreamType is what a stream is made for. It never changes.
type StreamType string

// The stream types. Others exist in newer consoles (Voice, beta) and come as
// the service spells them.
const (
	Marketing     StreamType = "marketing"
	Transactional StreamType = "transactional"
	OTP           StreamType = "otp"
	TwoWay        StreamType = "two_way"
	WhatsApp      StreamType = "whatsapp"
)

// StreamTypes are the types that a client can create.
var StreamTypes = []StreamType{Marketing, Transactional, OTP, TwoWay, WhatsApp}

// StreamState is what a stream is doing.
type StreamState string

// The stream states. Others come as the service spells them.
const (
	Ready    StreamState = "ready"
	Sending  StreamState = "sending"
	Draft    StreamState = "draft"
	Disabled StreamState = "disabled"
)

// StreamStates are the states that CommPeak names.
var StreamStates = []StreamState{Ready, Sending, Draft, Disabled}

// Who makes the codes of an OTP stream.
const (
	CodesByCommPeak = "commpeak"
	CodesByCustomer = "customer"
)

// StreamSpec is what a client can say of a stream.
type StreamSpec struct {
	Name        string
	Type        StreamType
	Description string
	Tags        []string
	// DefaultSender is empty for Customized: each request names its sender.
	DefaultSender string
	Demo          bool
	Enabled       bool
	Restricted    bool
	OTP           *OTPSettings
	WhatsApp      *WhatsAppSettings
}

// OTPSettings are the code settings of an OTP stream.
type OTPSettings struct {
	// CodeGeneration is [CodesByCommPeak] or [CodesByCustomer].
	CodeGeneration string
	// CodeLength is in digits, CodeTTL in seconds.
	CodeLength, CodeTTL, MaxFailures int64
	// SendingLimit is nil for no limit.
	SendingLimit *SendingLimit
}

// SendingLimit bounds how many messages are sent within a period of seconds.
type SendingLimit struct {
	Messages, Period int64
}

// WhatsAppSettings tie a stream to a WhatsApp Business account.
type WhatsAppSettings struct {
	BusinessID string
	// AccessToken is written, never read; empty leaves the stream's as it is.
	AccessToken string
}

// Stream is a stream as the service reports it. A nil field was not reported:
// the documented answer has fewer fields than the contract assumes.
type Stream struct {
	ID             string
	UID            string
	Name           string
	Description    string
	Type           StreamType
	State          StreamState
	Tags           []string
	AllowedIPs     []string
	DefaultSender  *string
	Demo           *bool
	Restricted     *bool
	OTP            *OTPSettings
	WhatsApp       *WhatsAppSettings
	CreatedAt      *time.Time
	LastActivityAt *time.Time

	fields Fields
}

// ReturnedFields are the fields that the answer contained.
func (s Stream) ReturnedFields() Fields { return s.fields }

// Enabled reports whether the stream is not paused by hand.
func (s Stream) Enabled() bool { return s.State != Disabled }

// wireStream is the API's form of a stream, read tolerantly.
type wireStream struct {
	ID          id      `json:"id"`
	StreamUID   text    `json:"streamUid"`
	Name        text    `json:"name"`
	Description text    `json:"description"`
	Type        text    `json:"type"`
	State       text    `json:"state"`
	StreamTags  []tag   `json:"streamTags"`
	IPACL       *ipList `json:"ipAcl"`

	DefaultSender  sender        `json:"defaultSender"`
	Demo           *flag         `json:"demo"`
	Restricted     *flag         `json:"restricted"`
	OTPSettings    *wireOTP      `json:"otpSettings"`
	WhatsApp       *wireWhatsApp `json:"whatsApp"`
	CreatedAt      *moment       `json:"createdAt"`
	LastActivityAt *moment       `json:"lastActivityAt"`
}

// streamFields are those of a wireStream.
var streamFields = []string{
	"id", "streamUid", "name", "description", "type", "state", "streamTags", "ipAcl", "defaultSender", "demo", "restricted",
	"otpSettings", "whatsApp", "createdAt", "lastActivityAt",
}

// tag reads {"id", "value"}, or the bare value.
type tag string

func (t *tag) UnmarshalJSON(data []byte) error {
	var object struct {
		Value text `json:"value"`
	}
	if json.Unmarshal(data, &object) == nil {
		*t = tag(object.Value)
		return nil
	}
	return (*text)(t).UnmarshalJSON(data)
}

// sender reads a sender ID, or null for none, which is not the same as no answer.
type sender struct{ value *string }

func (s *sender) UnmarshalJSON(data []byte) error {
	var value text
	if err := value.UnmarshalJSON(data); err != nil {
		return err
	}
	s.value = (*string)(&value)
	return nil
}

// ipList reads one string of entries, or a list of them.
type ipList []string

func (l *ipList) UnmarshalJSON(data []byte) error {
	var entries []string
	if json.Unmarshal(data, &entries) != nil {
		var joined text
		if err := joined.UnmarshalJSON(data); err != nil {
			return err
		}
		entries = []string{string(joined)}
	}
	*l = parseIPList(strings.Join(entries, ","))
	return nil
}

type wireOTP struct {
	CodeGeneration *text   `json:"codeGeneration"`
	CodeLength     *number `json:"codeLength"`
	CodeTTL        *number `json:"codeTtl"`
	MaxFailures    *number `json:"maxFailures"`
	SendingLimit   *struct {
		Messages      number `json:"messages"`
		PeriodSeconds number `json:"periodSeconds"`
	} `json:"sendingLimit"`
}

type wireWhatsApp struct {
	BusinessID *text `json:"businessId"`
}

// UnmarshalJSON reads the API's form.
func (s *Stream) UnmarshalJSON(data []byte) error {
	var wire wireStream
	fields, err := decodeFields(data, &wire)
	if err != nil {
		return err
	}
	if wire.ID == "" {
		return errors.New("a stream without an id")
	}
	*s = Stream{
		ID: string(wire.ID), UID: string(wire.StreamUID),
		Name: string(wire.Name), Description: string(wire.Description),
		Type:           canonical(string(wire.Type), StreamTypes),
		State:          canonical(string(wire.State), StreamStates),
		Demo:           (*bool)(wire.Demo),
		Restricted:     (*bool)(wire.Restricted),
		CreatedAt:      wire.CreatedAt.time(),
		LastActivityAt: wire.LastActivityAt.time(),
		fields:         fields,
	}
	for _, t := range wire.StreamTags {
		if t != "" {
			s.Tags = append(s.Tags, string(t))
		}
	}
	slices.Sort(s.Tags)
	s.Tags = slices.Compact(s.Tags)
	if wire.IPACL != nil {
		s.AllowedIPs = *wire.IPACL
	}
	s.DefaultSender = wire.DefaultSender.value
	s.OTP = wire.OTPSettings.settings()
	if wire.WhatsApp != nil && wire.WhatsApp.BusinessID != nil {
		s.WhatsApp = &WhatsAppSettings{BusinessID: string(*wire.WhatsApp.BusinessID)}
	}
	return nil
}

// settings returns the settings; nil where they are not reported in full, for
// a gap must not pass for a zero.
func (w *wireOTP) settings() *OTPSettings {
	if w == nil || w.CodeGeneration == nil || w.CodeLength == nil || w.CodeTTL == nil || w.MaxFailures == nil {
		return nil
	}
	settings := &OTPSettings{
		CodeGeneration: canonical(string(*w.CodeGeneration), []string{CodesByCommPeak, CodesByCustomer}),
		CodeLength:     int64(*w.CodeLength), CodeTTL: int64(*w.CodeTTL), MaxFailures: int64(*w.MaxFailures),
	}
	if w.SendingLimit != nil {
		settings.SendingLimit = &SendingLimit{
			Messages: int64(w.SendingLimit.Messages), Period: int64(w.SendingLimit.PeriodSeconds),
		}
	}
	return settings
}

// wire is the API's form of a whole spec; nil stands for null.
func (s StreamSpec) wire() map[string]any {
	tags := make([]map[string]any, 0, len(s.Tags))
	for _, value := range slices.Sorted(slices.Values(s.Tags)) {
		tags = append(tags, map[string]any{"value": value})
	}
	state := Ready
	if !s.Enabled {
		state = Disabled
	}
	body := map[string]any{
		"name": s.Name, "type": s.Type, "description": nullable(s.Description), "streamTags": tags,
		"defaultSender": nullable(s.DefaultSender), "demo": s.Demo, "restricted": s.Restricted, "state": state,
	}
	if s.OTP != nil {
		body["otpSettings"] = s.OTP.wire()
	}
	if s.WhatsApp != nil {
		settings := map[string]any{"businessId": s.WhatsApp.BusinessID}
		if s.WhatsApp.AccessToken != "" {
			settings["accessToken"] = s.WhatsApp.AccessToken
		}
		body["whatsApp"] = settings
	}
	return body
}

func (o OTPSettings) wire() map[string]any {
	body := map[string]any{
		"codeGeneration": o.CodeGeneration, "codeLength": o.CodeLength, "codeTtl": o.CodeTTL,
		"maxFailures": o.MaxFailures, "sendingLimit": nil,
	}
	if o.SendingLimit != nil {
		body["sendingLimit"] = map[string]any{"messages": o.SendingLimit.Messages, "periodSeconds": o.SendingLimit.Period}
	}
	return body
}

// Differences names the fields in which the service reports something else
// than the spec says. Fields that are not reported are not compared.
func (s Stream) Differences(spec StreamSpec) []string {
	var names []string
	differ := func(name string, different bool) {
		if different {
			names = append(names, name)
		}
	}
	differ("name", s.Name != spec.Name)
	differ("type", s.Type != spec.Type)
	differ("description", s.Description != spec.Description)
	differ("tags", !slices.Equal(s.Tags, slices.Sorted(slices.Values(spec.Tags))))
	differ("default_sender", s.DefaultSender != nil && *s.DefaultSender != spec.DefaultSender)
	differ("demo", s.Demo != nil && *s.Demo != spec.Demo)
	differ("enabled", s.Enabled() != spec.Enabled)
	differ("restricted", s.Restricted != nil && *s.Restricted != spec.Restricted)
	differ("otp", s.OTP != nil && spec.OTP != nil && !s.OTP.equal(*spec.OTP))
	differ("whatsapp.business_id", s.WhatsApp != nil && spec.WhatsApp != nil && s.WhatsApp.BusinessID != spec.WhatsApp.BusinessID)
	return names
}

func (o OTPSettings) equal(other OTPSettings) bool {
	mine, theirs := o.SendingLimit, other.SendingLimit
	o.SendingLimit, other.SendingLimit = nil, nil
	if (mine == nil) != (theirs == nil) {
		return false
	}
	return o == other && (mine == nil || *mine == *theirs)
}

var streamsCall = call{does: "list streams", method: http.MethodGet, path: "/streams"}

// Streams lists every stream of the account, in ascending order of id.
func (c *Client) Streams(ctx context.Context) iter.Seq2[Stream, error] {
	return pages[Stream](ctx, c, streamsCall)
}

// StreamsPage returns one page of [Client.Streams], counted from 1.
func (c *Client) StreamsPage(ctx context.Context, number int) ([]Stream, error) {
	return page[Stream](ctx, c, streamsCall, number)
}

// Stream reads one stream; [ErrNotFound] when there is none.
func (c *Client) Stream(ctx context.Context, streamID string) (Stream, error) {
	return send[Stream](ctx, c, streamCall(streamID))
}

func streamCall(streamID string) call {
	return call{does: "read stream " + streamID, method: http.MethodGet, path: "/streams/{id}", args: []string{streamID}}
}

// KeepSecrets keeps the secrets of a spec out of errors and logs, before it is sent.
func (s StreamSpec) KeepSecrets(c *Client) {
	if s.WhatsApp != nil {
		c.secrets.add(s.WhatsApp.AccessToken)
	}
}

// CreateStream creates a stream and returns it. The call rests on an assumption:
// CommPeak documents none. It is repeated only if it certainly had no effect.
func (c *Client) CreateStream(ctx context.Context, spec StreamSpec) (Stream, error) {
	request, err := c.createStreamCall(spec)
	if err != nil {
		return Stream{}, err
	}
	stream, err := send[Stream](ctx, c, request)
	if err != nil {
		return Stream{}, withoutWrites(err)
	}
	c.created(streamCall(stream.ID))
	return stream, nil
}

func (c *Client) createStreamCall(spec StreamSpec) (call, error) {
	spec.KeepSecrets(c)
	body, err := spec.createBody()
	return call{does: fmt.Sprintf("create stream %q", spec.Name), method: http.MethodPost, path: "/streams", body: body}, err
}

// createBody is the spec without what a new stream has anyhow.
func (s StreamSpec) createBody() (json.RawMessage, error) {
	return mergePatch(StreamSpec{Enabled: true}.wire(), s.wire())
}

// SetAllowedIPs makes a stream's list of allowed IPs hold these addresses and
// prefixes and nothing else; none at all is no list. It is one PATCH of the list.
// What another program writes at the same time is lost: the API has no version of
// a list.
func (c *Client) SetAllowedIPs(ctx context.Context, streamID string, entries []string) error {
	list := parseIPList(strings.Join(entries, ","))
	_, err := send[nothing](ctx, c, call{
		does: "change the allowed IPs of stream " + streamID, method: http.MethodPatch, path: "/streams/{id}", args: []string{streamID},
		body: map[string]any{"ipAcl": nullable(strings.Join(list, ", "))},
	})
	return c.explainMissingStream(ctx, streamID, err)
}

// UpdateStream changes what differs between two specs and returns the stream
// as it is now. Where nothing differs it sends nothing and returns false. The
// call rests on an assumption: CommPeak documents none.
func (c *Client) UpdateStream(ctx context.Context, streamID string, from, to StreamSpec) (Stream, bool, error) {
	from.Type = to.Type // it never changes
	patch, err := mergePatch(from.wire(), to.wire())
	if err != nil || patch == nil {
		return Stream{}, false, err
	}
	if to.WhatsApp != nil {
		c.secrets.add(to.WhatsApp.AccessToken)
	}
	stream, err := send[Stream](ctx, c, call{
		does: "update stream " + streamID, method: http.MethodPatch,
		path: "/streams/{id}", args: []string{streamID}, body: patch,
	})
	return stream, err == nil, c.explainMissingStream(ctx, streamID, err)
}

// mergePatch is the RFC 7386 patch from one object to another; nil where they
// are equal.
func mergePatch(from, to map[string]any) (json.RawMessage, error) {
	before, err := json.Marshal(from)
	if err != nil {
		return nil, fmt.Errorf("encoding the old settings: %w", err)
	}
	after, err := json.Marshal(to)
	if err != nil {
		return nil, fmt.Errorf("encoding the new settings: %w", err)
	}
	patch, err := jsonpatch.CreateMergePatch(before, after)
	if err != nil {
		return nil, fmt.Errorf("comparing the settings: %w", err)
	}
	if string(patch) == "{}" {
		return nil, nil
	}
	return patch, nil
}

// DeleteStream deletes a stream with its events, webhooks and token. One that
// is gone already is no error. The call rests on an assumption: CommPeak
// documents none.
func (c *Client) DeleteStream(ctx context.Context, streamID string) error {
	_, err := send[nothing](ctx, c, call{
		does: "delete stream " + streamID, method: http.MethodDelete, path: "/streams/{id}", args: []string{streamID},
	})
	err = c.explainMissingStream(ctx, streamID, err)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// explainMissingStream is [explainMissing] for a write to a stream.
func (c *Client) explainMissingStream(ctx context.Context, streamID string, err error) error {
	return explainMissing(err, func() error {
		_, readErr := c.Stream(ctx, streamID)
		return readErr
	})
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
