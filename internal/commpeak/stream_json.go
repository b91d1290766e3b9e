package commpeak

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// wireStream is the API's form of a stream that is read. A field that only some
// streams have is optional: see [Fields.AreAll].
type wireStream struct {
	ID             flexID         `json:"id"`
	UID            flexString     `json:"streamUid"`
	Name           flexString     `json:"name"`
	Description    flexString     `json:"description"`
	Type           flexString     `json:"type"`
	State          flexString     `json:"state"`
	CallerID       flexID         `json:"callerId" fields:"optional"`
	Tags           flexList[tag]  `json:"streamTags"`
	IPACL          ipList         `json:"ipAcl"`
	DefaultSender  nullableString `json:"defaultSender"`
	Demo           *flexBool      `json:"demo"`
	Restricted     *flexBool      `json:"restricted"`
	OTP            *OTPSettings   `json:"otpSettings"`
	WhatsApp       *wireWhatsApp  `json:"whatsApp"`
	CreatedAt      *flexTime      `json:"createdAt"`
	LastActivityAt *flexTime      `json:"lastActivityAt"`
}

// UnmarshalJSON reads the API's form.
func (s *Stream) UnmarshalJSON(data []byte) error {
	var wire wireStream
	fields, err := decodeFields(data, &wire)
	if err != nil {
		return err
	}
	if wire.ID == "" {
		return errors.New("a stream without an ID")
	}
	*s = Stream{
		ID: string(wire.ID), UID: string(wire.UID), Name: string(wire.Name), Description: string(wire.Description),
		Type: parseStreamType(string(wire.Type)), State: parseEnum(string(wire.State), StreamStates),
		CallerID: string(wire.CallerID), AllowedIPs: wire.IPACL, DefaultSender: wire.DefaultSender.value,
		Demo: (*bool)(wire.Demo), Restricted: (*bool)(wire.Restricted),
		OTP: wire.OTP, WhatsApp: wire.WhatsApp.settings(),
		CreatedAt: wire.CreatedAt.time(), LastActivityAt: wire.LastActivityAt.time(),
		fields: fields,
	}
	for _, t := range wire.Tags {
		if t != "" {
			s.Tags = append(s.Tags, string(t))
		}
	}
	slices.Sort(s.Tags)
	s.Tags = slices.Compact(s.Tags)
	return nil
}

// parseStreamType returns the type that the text names: as the contract does, or by
// a label of the console or the documentation, such as "SMS/Two way SMS".
func parseStreamType(text string) StreamType {
	switch typ := parseEnum(strings.ReplaceAll(normalize(text), "sms", ""), StreamTypes); typ {
	case "promotional", "marketingpromotional":
		return Marketing
	case "whatsappbusiness":
		return WhatsApp
	default:
		if slices.Contains(StreamTypes, typ) {
			return typ
		}
		return StreamType(text)
	}
}

// tag reads {"id", "value"}, or the bare value.
type tag string

func (t *tag) UnmarshalJSON(data []byte) error {
	var object struct {
		Value flexString `json:"value"`
	}
	if json.Unmarshal(data, &object) == nil {
		*t = tag(object.Value)
		return nil
	}
	return (*flexString)(t).UnmarshalJSON(data)
}

// ipList reads one string of entries, or a list of them.
type ipList []string

func (l *ipList) UnmarshalJSON(data []byte) error {
	var entries flexList[string]
	if json.Unmarshal(data, &entries) != nil {
		var joined flexString
		if err := joined.UnmarshalJSON(data); err != nil {
			return err
		}
		entries = []string{string(joined)}
	}
	*l = parseIPList(strings.Join(entries, ","))
	return nil
}

// UnmarshalJSON reads the API's form. Settings with a gap are an error, so that the
// gap does not pass for a zero.
func (o *OTPSettings) UnmarshalJSON(data []byte) error {
	var wire struct {
		CodeGeneration flexString `json:"codeGeneration"`
		CodeLength     *flexInt   `json:"codeLength"`
		CodeTTL        *flexInt   `json:"codeTtl"`
		MaxFailures    *flexInt   `json:"maxFailures"`
		SendingLimit   *struct {
			Messages      flexInt `json:"messages"`
			PeriodSeconds flexInt `json:"periodSeconds"`
		} `json:"sendingLimit"`
	}
	switch err := json.Unmarshal(data, &wire); {
	case err != nil:
		return err
	case wire.CodeGeneration == "", wire.CodeLength == nil, wire.CodeTTL == nil, wire.MaxFailures == nil:
		return errors.New("incomplete OTP settings")
	}
	*o = OTPSettings{
		CodeGeneration: parseEnum(string(wire.CodeGeneration), []string{CodesByCommPeak, CodesByCustomer}),
		CodeLength:     int64(*wire.CodeLength), CodeTTL: int64(*wire.CodeTTL), MaxFailures: int64(*wire.MaxFailures),
	}
	if limit := wire.SendingLimit; limit != nil {
		o.SendingLimit = &SendingLimit{int64(limit.Messages), int64(limit.PeriodSeconds)}
	}
	return nil
}

type wireWhatsApp struct{ BusinessID string }

func (w *wireWhatsApp) UnmarshalJSON(data []byte) error {
	var wire struct {
		BusinessID *flexString `json:"businessId"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	if wire.BusinessID == nil {
		return errors.New("WhatsApp settings without a business ID")
	}
	w.BusinessID = string(*wire.BusinessID)
	return nil
}

func (w *wireWhatsApp) settings() *WhatsAppSettings {
	if w == nil {
		return nil
	}
	return &WhatsAppSettings{BusinessID: w.BusinessID}
}

// streamBody is the API's form of a stream that is written.
type streamBody struct {
	Name          string            `json:"name"`
	Type          StreamType        `json:"type"`
	Description   *string           `json:"description"`
	Tags          []tagBody         `json:"streamTags"`
	DefaultSender *string           `json:"defaultSender"`
	Demo          bool              `json:"demo"`
	Restricted    bool              `json:"restricted"`
	State         StreamState       `json:"state"`
	OTP           *OTPSettings      `json:"otpSettings,omitempty"`
	WhatsApp      *WhatsAppSettings `json:"whatsApp,omitempty"`
}

type tagBody struct {
	Value string `json:"value"`
}

func (s StreamSpec) body() streamBody {
	body := streamBody{
		Name: s.Name, Type: s.Type, Description: nullable(s.Description), Tags: []tagBody{}, DefaultSender: nullable(s.DefaultSender),
		Demo: s.Demo, Restricted: s.Restricted, State: Ready, OTP: s.OTP, WhatsApp: s.WhatsApp,
	}
	for _, value := range slices.Sorted(slices.Values(s.Tags)) {
		body.Tags = append(body.Tags, tagBody{value})
	}
	if !s.Enabled {
		body.State = Disabled
	}
	return body
}

// nullable is a text that the API has as null if it is empty.
func nullable(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// Differences names the fields in which the API returns a different value than the
// spec has, in the API's own names. Fields that were not returned do not differ.
func (s Stream) Differences(spec StreamSpec) []string {
	got := StreamSpec{
		Name: s.Name, Type: s.Type, Description: s.Description, Tags: s.Tags, Enabled: s.Enabled(),
		Demo: orElse(s.Demo, spec.Demo), Restricted: orElse(s.Restricted, spec.Restricted),
		DefaultSender: orElse(s.DefaultSender, spec.DefaultSender), OTP: cmp.Or(s.OTP, spec.OTP), WhatsApp: cmp.Or(s.WhatsApp, spec.WhatsApp),
	}
	if spec.WhatsApp != nil {
		// The token is never returned.
		got.WhatsApp = &WhatsAppSettings{BusinessID: got.WhatsApp.BusinessID}
		spec.WhatsApp = &WhatsAppSettings{BusinessID: spec.WhatsApp.BusinessID}
	}
	return differences[streamBody, wireStream](got.body(), spec.body(), s.fields)
}

// orElse is the returned value or, if there is none, the other one.
func orElse[T any](returned *T, other T) T {
	if returned == nil {
		return other
	}
	return *returned
}
