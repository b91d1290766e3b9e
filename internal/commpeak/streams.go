package commpeak

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// StreamType is what a stream is made for. It never changes.
type StreamType string

// The stream types. Others exist in newer consoles (Voice, beta) and come as
// the API spells them.
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

// The stream states. Others come as the API spells them.
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
	CodeGeneration string `json:"codeGeneration"`
	// CodeLength is in digits.
	CodeLength int64 `json:"codeLength"`
	// CodeTTL is in seconds.
	CodeTTL     int64 `json:"codeTtl"`
	MaxFailures int64 `json:"maxFailures"`
	// SendingLimit is nil for no limit.
	SendingLimit *SendingLimit `json:"sendingLimit"`
}

// SendingLimit bounds how many messages are sent within a period of seconds.
type SendingLimit struct {
	Messages int64 `json:"messages"`
	Period   int64 `json:"periodSeconds"`
}

// WhatsAppSettings tie a stream to a WhatsApp Business account.
type WhatsAppSettings struct {
	BusinessID string `json:"businessId"`
	// AccessToken is written, never read; empty leaves the stream's as it is.
	AccessToken string `json:"accessToken,omitempty"`
}

// Stream is a stream as the API returns it. A nil field was not returned: the
// documented answer has fewer fields than the contract assumes.
type Stream struct {
	ID          string
	UID         string
	Name        string
	Description string
	Type        StreamType
	State       StreamState
	// CallerID is for voice streams.
	CallerID       string
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

// Streams lists every stream of the account, in ascending order of ID.
func (c *Client) Streams(ctx context.Context) iter.Seq2[Stream, error] {
	return pages[Stream](ctx, c, listStreams.call())
}

// StreamsPage returns one page of [Client.Streams], counted from 1.
func (c *Client) StreamsPage(ctx context.Context, number int) ([]Stream, error) {
	return page[Stream](ctx, c, listStreams.call(), number)
}

// Stream reads one stream; [ErrNotFound] if there is none.
func (c *Client) Stream(ctx context.Context, streamID string) (Stream, error) {
	return readObject[Stream](ctx, c, readStream.call(streamID))
}

// CreateStream creates a stream and returns it. It is repeated only if it
// certainly had no effect.
func (c *Client) CreateStream(ctx context.Context, spec StreamSpec) (Stream, error) {
	spec.KeepSecrets(c)
	request := createStream.call()
	request.subject, request.body = strconv.Quote(spec.Name), spec.body()
	stream, err := send[Stream](ctx, c, request)
	if err == nil {
		c.created(readStream.call(stream.ID))
	}
	return stream, err
}

// KeepSecrets keeps the secrets of a spec out of errors and logs, before it is sent.
func (s StreamSpec) KeepSecrets(c *Client) {
	if s.WhatsApp != nil {
		c.secrets.add(s.WhatsApp.AccessToken)
	}
}

// UpdateStream changes what differs between two specs and returns the stream as it
// is now. If nothing differs it sends nothing and returns false.
func (c *Client) UpdateStream(ctx context.Context, streamID string, from, to StreamSpec) (Stream, bool, error) {
	from.Type = to.Type // It never changes.
	to.KeepSecrets(c)
	return update(ctx, c, updateStream.call(streamID), from.body(), to.body(), func(ctx context.Context) (Stream, error) {
		return c.Stream(ctx, streamID)
	})
}

// update sends what differs between two bodies. If the answer does not contain the
// object, read returns it.
func update[T, B any](ctx context.Context, c *Client, r call, from, to B, read func(context.Context) (T, error)) (T, bool, error) {
	changed := changes(from, to)
	if len(changed) == 0 {
		var none T
		return none, false, nil
	}
	r.body = changed
	if r.method == http.MethodPut {
		r.body = to
	}
	object, err := sendOrRead(ctx, c, r, read)
	return object, err == nil, err
}

// SetAllowedIPs makes a stream's list of allowed IPs hold these addresses and
// prefixes and nothing else; an empty list is no list. It is one PATCH. A change that
// another program makes at the same time is lost: the API has no version of a list.
func (c *Client) SetAllowedIPs(ctx context.Context, streamID string, entries []string) error {
	r := writeAllowedIPs.call(streamID)
	r.body = map[string]any{"ipAcl": nullable(strings.Join(parseIPList(strings.Join(entries, ",")), ", "))}
	_, err := send[noContent](ctx, c, r)
	return err
}

// DeleteStream deletes a stream with its events, webhooks and token. A stream that
// does not exist is no error.
func (c *Client) DeleteStream(ctx context.Context, streamID string) error {
	return deleteObject(ctx, c, deleteStream.call(streamID))
}

func deleteObject(ctx context.Context, c *Client, r call) error {
	_, err := send[noContent](ctx, c, r)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
