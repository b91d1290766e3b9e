package mockserver

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Types of streams, in canonical spelling.
const (
	Marketing     = "marketing"
	Transactional = "transactional"
	OTP           = "otp"
	TwoWay        = "two_way"
	WhatsApp      = "whatsapp"
)

// States of streams, in canonical spelling.
const (
	Ready    = "ready"
	Sending  = "sending"
	Draft    = "draft"
	Disabled = "disabled"
)

// Stream is a stream of the account. Types and states are in canonical spelling, whatever [Options.Spelling] says.
type Stream struct {
	ID             int               `json:"id"`
	UID            string            `json:"uid"`
	Name           string            `json:"name"`
	Description    *string           `json:"description,omitempty"`
	Type           string            `json:"type"`
	CallerID       string            `json:"callerId,omitempty"`
	IPACL          string            `json:"ipAcl,omitempty"` // as the API tells it; empty: null
	State          string            `json:"state"`
	Tags           []string          `json:"tags,omitempty"`
	DefaultSender  string            `json:"defaultSender,omitempty"` // empty: Customized
	Demo           bool              `json:"demo,omitempty"`
	Restricted     bool              `json:"restricted,omitempty"`
	OTP            *OTPSettings      `json:"otp,omitempty"`
	WhatsApp       *WhatsAppSettings `json:"whatsApp,omitempty"`
	CreatedAt      time.Time         `json:"createdAt"`
	LastActivityAt time.Time         `json:"lastActivityAt"` // zero: never
}

// OTPSettings are the settings of an OTP stream. Their JSON is the wire's.
type OTPSettings struct {
	CodeGeneration string        `json:"codeGeneration"` // "commpeak" or "customer"
	CodeLength     int           `json:"codeLength"`     // digits
	CodeTTL        int           `json:"codeTtl"`        // seconds
	MaxFailures    int           `json:"maxFailures"`
	SendingLimit   *SendingLimit `json:"sendingLimit"`
}

// SendingLimit is how many messages may go to one recipient in a period.
type SendingLimit struct {
	Messages      int `json:"messages"`
	PeriodSeconds int `json:"periodSeconds"`
}

// WhatsAppSettings are the settings of a WhatsApp stream.
type WhatsAppSettings struct {
	BusinessID  string `json:"businessId"`
	AccessToken string `json:"accessToken,omitempty"` // never told over HTTP; empty: the stream is a draft
}

// defaultOTP returns the default settings of an OTP stream.
func defaultOTP() OTPSettings {
	return OTPSettings{CodeGeneration: "commpeak", CodeLength: 5, CodeTTL: 300, MaxFailures: 3}
}

// stream is a Stream and what hangs on it. Its State is the one that was set; state tells the one that shows.
type stream struct {
	Stream
	Token     string             `json:"token"`
	SendingTo time.Time          `json:"sendingTo"` // until when messages are under way
	Events    []Event            `json:"events,omitempty"`
	Webhooks  []Webhook          `json:"webhooks,omitempty"`
	Templates []WhatsAppTemplate `json:"templates,omitempty"`
	Codes     map[string]otpCode `json:"codes,omitempty"` // by recipient
}

// state returns the state that shows.
func (st *stream) state(now time.Time) string {
	switch {
	case st.State != Ready:
		return st.State
	case st.Type == WhatsApp && (st.WhatsApp == nil || st.WhatsApp.AccessToken == ""):
		return Draft
	case now.Before(st.SendingTo):
		return Sending
	}
	return Ready
}

// export returns a deep copy of what shows of the stream.
func (st *stream) export(now time.Time) Stream {
	c := st.Stream.clone()
	c.State = st.state(now)
	return c
}

func (s Stream) clone() Stream {
	s.Tags = slices.Clone(s.Tags)
	s.Description = clonePointer(s.Description)
	s.WhatsApp = clonePointer(s.WhatsApp)
	if s.OTP = clonePointer(s.OTP); s.OTP != nil {
		s.OTP.SendingLimit = clonePointer(s.OTP.SendingLimit)
	}
	return s
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}

// Streams returns the streams, ascending by id.
func (s *Server) Streams() []Stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	var streams []Stream
	for _, st := range s.account.Streams {
		streams = append(streams, st.export(s.now()))
	}
	return streams
}

// Stream returns the stream with the ID, and whether there is one.
func (s *Server) Stream(id int) (Stream, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.account.stream(id)
	if st == nil {
		return Stream{}, false
	}
	return st.export(s.now()), true
}

// AddStream adds a stream, as a console user would, and returns it. Nothing is validated. A zero ID, UID, name,
// type (marketing), state (ready), creation time or OTP settings of an OTP stream are filled in. The id must be
// free.
func (s *Server) AddStream(stream Stream) Stream {
	var added Stream
	s.update(func() { added = s.addStream(stream.clone()).export(s.now()) })
	return added
}

// EditStream changes the stream with the ID, as a console user would, and reports whether there is one. Nothing
// is validated. The change must not call the server, and cannot alter the ID.
func (s *Server) EditStream(id int, change func(*Stream)) bool {
	found := false
	s.update(func() {
		if st := s.account.stream(id); st != nil {
			found = true
			edited := st.export(s.now())
			shown := edited.State
			change(&edited)
			if edited.State == shown {
				edited.State = st.State
			}
			edited.ID = st.ID
			s.replaceStream(st, edited.clone())
		}
	})
	return found
}

// RemoveStream deletes the stream with the ID, as a console user would, and reports whether there was one.
func (s *Server) RemoveStream(id int) bool {
	found := false
	s.update(func() { found = s.account.removeStream(id) })
	return found
}

// AccessToken returns the WhatsApp access token of the stream, or "".
func (s *Server) AccessToken(streamID int) string {
	if st, _ := s.Stream(streamID); st.WhatsApp != nil {
		return st.WhatsApp.AccessToken
	}
	return ""
}

func (a *account) stream(id int) *stream {
	i, found := a.findStream(id)
	if !found {
		return nil
	}
	return a.Streams[i]
}

func (a *account) findStream(id int) (int, bool) {
	return slices.BinarySearchFunc(a.Streams, id, func(st *stream, id int) int { return cmp.Compare(st.ID, id) })
}

func (a *account) removeStream(id int) bool {
	i, found := a.findStream(id)
	if found {
		a.Streams = slices.Delete(a.Streams, i, i+1)
	}
	return found
}

// addStream fills in what is missing and gives the stream a token.
func (s *Server) addStream(attributes Stream) *stream {
	if attributes.ID == 0 {
		attributes.ID = s.account.nextID("stream")
	}
	s.account.raise("stream", attributes.ID)
	s.completeStream(&attributes)
	st := &stream{Token: s.newToken()}
	s.replaceStream(st, attributes)
	i, _ := s.account.findStream(st.ID)
	s.account.Streams = slices.Insert(s.account.Streams, i, st)
	return st
}

// completeStream fills in what every stream has.
func (s *Server) completeStream(attributes *Stream) {
	attributes.UID = cmp.Or(attributes.UID, newUUID())
	attributes.Name = cmp.Or(attributes.Name, fmt.Sprintf("Stream %d", attributes.ID))
	attributes.Type = cmp.Or(attributes.Type, Marketing)
	attributes.State = cmp.Or(attributes.State, Ready)
	if attributes.CreatedAt.IsZero() {
		attributes.CreatedAt = s.now()
	}
	if settings := defaultOTP(); attributes.Type == OTP && attributes.OTP == nil {
		attributes.OTP = &settings
	}
}

// replaceStream gives a stream new attributes; its tags get their IDs, its access token is kept in mind.
func (s *Server) replaceStream(st *stream, attributes Stream) {
	hadToken := st.WhatsApp != nil && st.WhatsApp.AccessToken != ""
	st.Stream = attributes
	for _, value := range st.Tags {
		if s.account.Tags[value] == 0 {
			s.account.Tags[value] = s.account.nextID("tag")
		}
	}
	if st.WhatsApp != nil && st.WhatsApp.AccessToken != "" {
		s.keepSecret(st.WhatsApp.AccessToken)
		if !hadToken && st.State == Draft {
			st.State = Ready // The step that was missing is done.
		}
	}
}

// wireStream is a stream in an answer.
type wireStream struct {
	ID          any       `json:"id"`
	StreamUID   string    `json:"streamUid"`
	Name        string    `json:"name"`
	Description *string   `json:"description"`
	Type        string    `json:"type"`
	CallerID    *string   `json:"callerId"`
	IPACL       *string   `json:"ipAcl"`
	State       string    `json:"state"`
	StreamTags  []wireTag `json:"streamTags"`
	*wireAssumed
}

// wireAssumed are the fields that are not publicly documented.
type wireAssumed struct {
	DefaultSender  *string       `json:"defaultSender"`
	Demo           bool          `json:"demo"`
	Restricted     bool          `json:"restricted"`
	OTPSettings    *OTPSettings  `json:"otpSettings"`
	WhatsApp       *wireWhatsApp `json:"whatsApp"`
	CreatedAt      *string       `json:"createdAt"`
	LastActivityAt *string       `json:"lastActivityAt"`
}

type wireTag struct {
	ID    any    `json:"id"`
	Value string `json:"value"`
}

type wireWhatsApp struct {
	BusinessID string `json:"businessId"`
}

// wire returns the stream as the API tells it.
func (s *Server) wire(st *stream) wireStream {
	spell := s.opts.Spelling
	w := wireStream{
		ID: spell.id(st.ID), StreamUID: st.UID, Name: st.Name, Description: st.Description, Type: spell.word(st.Type),
		CallerID: orNull(st.CallerID), IPACL: orNull(st.IPACL), State: spell.word(st.state(s.now())), StreamTags: []wireTag{},
	}
	for _, value := range st.Tags {
		w.StreamTags = append(w.StreamTags, wireTag{ID: spell.id(s.account.Tags[value]), Value: value})
	}
	if s.opts.DocumentedOnly {
		return w
	}
	w.wireAssumed = &wireAssumed{
		DefaultSender: orNull(st.DefaultSender), Demo: st.Demo, Restricted: st.Restricted, OTPSettings: st.OTP,
		CreatedAt: wireTime(st.CreatedAt), LastActivityAt: wireTime(st.LastActivityAt),
	}
	if st.WhatsApp != nil {
		w.WhatsApp = &wireWhatsApp{BusinessID: st.WhatsApp.BusinessID}
	}
	return w
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (s *Server) listStreams(c *call) *answer { return listed(c, s.account.Streams, s.wire) }

func (s *Server) showStream(c *call) *answer { return ok(s.wire(c.stream)) }

func (s *Server) createStream(c *call) *answer {
	attributes, violations := parseStream(c.doc, nil)
	if violations != nil {
		return invalid(violations)
	}
	return created(s.wire(s.addStream(attributes)))
}

func (s *Server) patchStream(c *call) *answer {
	edited, violations := s.parsePatch(c.doc, &c.stream.Stream)
	if violations != nil {
		return invalid(violations)
	}
	s.replaceStream(c.stream, edited)
	return ok(s.wire(c.stream))
}

func (s *Server) deleteStream(c *call) *answer {
	s.account.removeStream(c.stream.ID)
	return noContent()
}
