package mockserver

import (
	"maps"
	"math"
	"net/netip"
	"slices"
	"strings"
)

const (
	maxName = 255
	anySize = math.MaxInt32
)

// streamShape is what may be written of a stream.
var streamShape = shape{
	"name": nil, "description": nil, "type": nil, "state": nil, "ipAcl": nil, "streamTags": nil, "defaultSender": nil,
	"demo": nil, "restricted": nil,
	"otpSettings": {
		"codeGeneration": nil, "codeLength": nil, "codeTtl": nil, "maxFailures": nil,
		"sendingLimit": {"messages": nil, "periodSeconds": nil},
	},
	"whatsApp": {"businessId": nil, "accessToken": nil},
}

// writable returns a stream as a body that would create it.
func writable(st *Stream) map[string]any {
	tags := []any{}
	for _, value := range st.Tags {
		tags = append(tags, map[string]any{"value": value})
	}
	doc := map[string]any{
		"name": st.Name, "type": st.Type, "demo": st.Demo, "restricted": st.Restricted, "streamTags": tags,
	}
	if st.Description != nil {
		doc["description"] = *st.Description
	}
	if st.IPACL != "" {
		doc["ipAcl"] = st.IPACL
	}
	if st.DefaultSender != "" {
		doc["defaultSender"] = st.DefaultSender
	}
	if st.OTP != nil {
		doc["otpSettings"] = document(st.OTP)
	}
	if st.WhatsApp != nil {
		doc["whatsApp"] = document(st.WhatsApp)
	}
	return doc
}

// parsePatch returns the stream that a merge patch makes of base.
func (s *Server) parsePatch(patch map[string]any, base *Stream) (Stream, []violation) {
	if s.opts.ReplaceNested {
		patch = replacing(patch, writable(base))
	}
	return parseStream(patch, base)
}

// replacing returns the patch that replaces nested objects of doc whole: fields of a nested object that the patch does not
// name become null. An access token stays, because no client can know it.
func replacing(patch, doc map[string]any) map[string]any {
	patch = maps.Clone(patch)
	for key, value := range patch {
		after, isObject := value.(map[string]any)
		before, wasObject := doc[key].(map[string]any)
		if !isObject || !wasObject {
			continue
		}
		after = replacing(after, before)
		for name := range before {
			if _, named := after[name]; !named && name != "accessToken" {
				after[name] = nil
			}
		}
		patch[key] = after
	}
	return patch
}

// parseStream returns the stream that body makes: a new one, or base with a merge patch laid over it.
func parseStream(body map[string]any, base *Stream) (Stream, []violation) {
	violations := streamShape.unknown(body, "")
	result, doc := Stream{}, body
	if base != nil {
		result, doc = base.clone(), merged(writable(base), body)
	}
	f := fields{doc, "", &violations}

	result.Name = f.filled("name", maxName)
	result.Description = nil
	if text, isText := f.text("description"); isText {
		result.Description = &text
	}
	f.readType(&result, base)
	result.State = f.choice("state", result.State, Ready, Disabled)
	result.Demo, result.Restricted = f.flag("demo"), f.flag("restricted")
	result.IPACL = f.readACL(body, result.IPACL)
	result.Tags = f.readTags()
	result.DefaultSender = f.readDefaultSender(result.Type)
	result.OTP = f.readOTP(result.Type)
	result.WhatsApp = f.readWhatsApp(result.Type)
	return result, violations
}

// readType reads the type, which is fixed from birth.
func (f fields) readType(result, base *Stream) {
	if base == nil {
		result.Type = f.choice("type", "", Marketing, Transactional, OTP, TwoWay, WhatsApp)
		if !f.has("type") {
			f.refuse("type", "NOT_BLANK", "This value should not be blank.")
		}
		return
	}
	if value, _ := f.text("type"); value != base.Type {
		f.refuse("type", "IMMUTABLE", "The type of a stream cannot be changed.")
	}
}

// readACL reads the IP list if the body has one. Without one, the list stays as the console user wrote it.
func (f fields) readACL(body map[string]any, before string) string {
	if _, written := body["ipAcl"]; !written {
		return before
	}
	text, _ := f.text("ipAcl")
	entries := splitACL(text)
	for _, entry := range entries {
		if !canonicalEntry(entry) {
			f.refuse("ipAcl", "INVALID_IP", "%q is neither an address nor a prefix in canonical form.", entry)
		}
	}
	return strings.Join(entries, ", ")
}

// splitACL returns the entries of an IP list, which commas, semicolons or white space part.
func splitACL(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",; \t\r\n", r) })
}

func canonicalEntry(entry string) bool {
	if prefix, err := netip.ParsePrefix(entry); err == nil {
		return !prefix.Addr().Is4In6() && prefix.Masked().String() == entry
	}
	addr, err := netip.ParseAddr(entry)
	return err == nil && addr.Zone() == "" && !addr.Is4In6() && addr.String() == entry
}

// readTags reads the list of tags. A value that comes twice is one tag.
func (f fields) readTags() []string {
	var tags []string
	for _, item := range f.objects("streamTags", shape{"value": nil}) {
		if value := item.filled("value", maxName); !slices.Contains(tags, value) {
			tags = append(tags, value)
		}
	}
	return tags
}

// readDefaultSender reads the default sender, any text but an empty one.
func (f fields) readDefaultSender(streamType string) string {
	if !f.has("defaultSender") {
		return ""
	}
	if streamType == WhatsApp {
		f.refuse("defaultSender", "NOT_ALLOWED", "A WhatsApp stream has no default sender.")
	}
	return f.filled("defaultSender", maxName)
}

// readOTP reads the settings of an OTP stream. Those left out take their defaults.
func (f fields) readOTP(streamType string) *OTPSettings {
	if streamType != OTP {
		if f.has("otpSettings") {
			f.refuse("otpSettings", "NOT_ALLOWED", "Only an OTP stream has OTP settings.")
		}
		return nil
	}
	settings := defaultOTP()
	o, _ := f.object("otpSettings")
	settings.CodeGeneration = o.choice("codeGeneration", settings.CodeGeneration, "commpeak", "customer")
	settings.CodeLength = o.number("codeLength", settings.CodeLength, 4, 10)
	settings.CodeTTL = o.number("codeTtl", settings.CodeTTL, 30, 86400)
	settings.MaxFailures = o.number("maxFailures", settings.MaxFailures, 1, 10)
	if limit, isSet := o.object("sendingLimit"); isSet {
		settings.SendingLimit = &SendingLimit{
			Messages:      limit.number("messages", 0, 1, anySize),
			PeriodSeconds: limit.number("periodSeconds", 0, 1, anySize),
		}
		limit.require("messages", "periodSeconds")
	}
	return &settings
}

// readWhatsApp reads the settings of a WhatsApp stream.
func (f fields) readWhatsApp(streamType string) *WhatsAppSettings {
	if streamType != WhatsApp {
		if f.has("whatsApp") {
			f.refuse("whatsApp", "NOT_ALLOWED", "Only a WhatsApp stream has WhatsApp settings.")
		}
		return nil
	}
	f.require("whatsApp")
	w, isObject := f.object("whatsApp")
	if !isObject {
		return nil
	}
	settings := WhatsAppSettings{BusinessID: w.filled("businessId", maxName)}
	if w.has("accessToken") {
		settings.AccessToken = w.filled("accessToken", anySize)
	}
	return &settings
}
