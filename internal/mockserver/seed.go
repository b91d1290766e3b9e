package mockserver

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Seed replaces the account with one that a person described in JSON, with Terraform's names or the API's:
//
//	{"streams": [{"id": 107, "name": "Codes", "type": "otp", "allowed_ips": ["203.0.113.7"], "events": [{…}]}],
//	 "senders": [{"value": "ACME", "status": "approved"}], "domains": [{"name": "go.example.com"}], "api_key": "…"}
//
// What is left out takes its default. Unknown fields, invalid values and IDs that are used twice are refused, and then
// nothing changes. [Server.Reset] returns to the seed, and [Server.Leftovers] counts against it.
func (s *Server) Seed(text []byte) error {
	doc := map[string]any{}
	if err := json.Unmarshal(text, &doc); err != nil {
		return fmt.Errorf("read the seed: %w", err)
	}
	planted := New(Options{APIKey: s.APIKey(), Senders: s.opts.Senders, Domains: s.opts.Domains, Now: s.now})
	planted.opts = s.opts
	planted.opts.OnChange, planted.opts.OnRequest = nil, nil
	if err := planted.plant(doc); err != nil {
		return fmt.Errorf("read the seed: %w", err)
	}
	s.update(func() {
		s.account, s.secrets = planted.account, append(s.secrets, planted.secrets...)
		s.initial, _ = json.Marshal(s.account) //nolint:gosec // The key is part of what a snapshot keeps.
	})
	return nil
}

// plant fills a new account.
func (s *Server) plant(doc map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		if !slices.Contains([]string{"api_key", "apiKey", "streams", "senders", "domains"}, key) {
			return fmt.Errorf("%s: this field was not expected", key)
		}
	}
	for _, key := range []string{"api_key", "apiKey"} {
		if text, isText := doc[key].(string); isText && s.opts.APIKey == "" {
			s.account.APIKey = text
			s.keepSecret(text)
		}
	}
	if doc["senders"] != nil {
		s.account.Senders, s.account.LastID["sender"] = nil, 0
	}
	if doc["domains"] != nil {
		s.account.Domains, s.account.LastID["domain"] = nil, 0
	}
	return errors.Join(
		each(doc, "streams", s.plantStream),
		each(doc, "senders", func(item map[string]any) error {
			sender := Sender{Status: Approved, Type: "alphanumeric"}
			if err := fill(&sender, "sender", item); err != nil {
				return err
			}
			sender.Name = cmp.Or(sender.Name, sender.Value)
			s.account.Senders = append(s.account.Senders, sender)
			return nil
		}),
		each(doc, "domains", func(item map[string]any) error {
			domain := Domain{Status: DomainConfigured}
			if err := fill(&domain, "domain", item); err != nil {
				return err
			}
			s.account.Domains = append(s.account.Domains, domain)
			return nil
		}),
		s.account.numberAll(),
	)
}

// each plants the objects of one list.
func each(doc map[string]any, key string, plant func(map[string]any) error) error {
	list, isList := doc[key].([]any)
	if !isList && doc[key] != nil {
		return fmt.Errorf("%s: must be a list", key)
	}
	for i, item := range list {
		object, isObject := item.(map[string]any)
		if !isObject {
			return fmt.Errorf("%s[%d]: must be an object", key, i)
		}
		if err := plant(maps.Clone(object)); err != nil {
			return fmt.Errorf("%s[%d]: %w", key, i, err)
		}
	}
	return nil
}

// fill lays an object that a person wrote over v, and refuses fields that v does not have.
func fill(v any, kind string, doc map[string]any) error {
	text, err := json.Marshal(apiNames(kind, doc))
	if err == nil {
		err = strictly(text, v)
	}
	return err
}

// plantStream adds a stream with its children.
func (s *Server) plantStream(doc map[string]any) error {
	id, _ := doc["id"].(float64)
	token, _ := doc["token"].(string)
	uid, _ := doc["uid"].(string)
	children := maps.Clone(doc)
	for _, key := range []string{"id", "token", "uid", "events", "event_templates", "webhooks", "templates", "whatsapp_templates"} {
		delete(doc, key)
	}
	attributes, violations := parseStream(apiStream(doc), nil)
	if violations != nil {
		return asError(violations)
	}
	if s.account.stream(int(id)) != nil {
		return fmt.Errorf("the ID %d is used twice", int(id))
	}
	attributes.ID, attributes.UID = int(id), uid
	st := s.addStream(attributes)
	if token != "" {
		st.Token = token
		s.keepSecret(token)
	}
	return errors.Join(
		each(children, "events", s.plantEvent(st)), each(children, "event_templates", s.plantEvent(st)),
		each(children, "webhooks", func(item map[string]any) error {
			id := takeID(item)
			webhook, violations := parseWebhook(withDefault(apiWebhook(item), "method", http.MethodPost), nil)
			if violations != nil {
				return asError(violations)
			}
			webhook.ID = id
			st.Webhooks = append(st.Webhooks, webhook)
			return nil
		}),
		each(children, "templates", s.plantTemplate(st)), each(children, "whatsapp_templates", s.plantTemplate(st)),
	)
}

func (s *Server) plantEvent(st *stream) func(map[string]any) error {
	return func(item map[string]any) error {
		id := takeID(item)
		key, _ := item["key"].(string)
		event, violations := parseEvent(withDefault(item, "name", key), st.Events, nil)
		if violations != nil {
			return asError(violations)
		}
		event.ID = id
		st.Events = append(st.Events, event)
		return nil
	}
}

func (s *Server) plantTemplate(st *stream) func(map[string]any) error {
	return func(item map[string]any) error {
		template := WhatsAppTemplate{Language: "en_US", Category: "UTILITY", Status: "APPROVED"}
		if err := fill(&template, "template", item); err != nil {
			return err
		}
		st.Templates = append(st.Templates, template)
		return nil
	}
}

// takeID takes the ID out of an object; 0 if there is none.
func takeID(doc map[string]any) int {
	id, _ := doc["id"].(float64)
	delete(doc, "id")
	return int(id)
}

func withDefault(doc map[string]any, key string, value any) map[string]any {
	if doc[key] == nil {
		doc[key] = value
	}
	return doc
}

// asError returns violations as an error of one line.
func asError(violations []violation) error {
	var texts []string
	for _, v := range violations {
		texts = append(texts, strings.TrimPrefix(v.PropertyPath+": "+v.Message, ": "))
	}
	return errors.New(strings.Join(texts, "; "))
}
