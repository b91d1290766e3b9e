package commpeak

import (
	"context"
	"errors"
)

// WhatsAppTemplate is a message template of a WhatsApp stream, managed at
// WhatsApp. A field that was not reported is empty.
type WhatsAppTemplate struct {
	ID   string
	Name string
	// Language is a code such as en_US; Category and Status come as WhatsApp
	// spells them, such as MARKETING and APPROVED.
	Language, Category, Status string
	// Body is the text.
	Body string
}

// UnmarshalJSON reads the API's form.
func (t *WhatsAppTemplate) UnmarshalJSON(data []byte) error {
	var wire struct {
		ID       flexID     `json:"id"`
		Name     flexString `json:"name"`
		Language flexString `json:"language"`
		Category flexString `json:"category"`
		Status   flexString `json:"status"`
		Body     flexString `json:"body"`
	}
	if _, err := decodeFields(data, &wire); err != nil {
		return err
	}
	if wire.ID == "" {
		return errors.New("a template without an ID")
	}
	*t = WhatsAppTemplate{
		ID: string(wire.ID), Name: string(wire.Name), Language: string(wire.Language),
		Category: string(wire.Category), Status: string(wire.Status), Body: string(wire.Body),
	}
	return nil
}

// WhatsAppTemplates returns the templates of a WhatsApp stream, all at once;
// [ErrNotFound] if there is no such stream.
func (c *Client) WhatsAppTemplates(ctx context.Context, streamID string) ([]WhatsAppTemplate, error) {
	return send[flexList[WhatsAppTemplate]](ctx, c, listTemplates.call(streamID))
}
