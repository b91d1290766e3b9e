package commpeak

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
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
		ID       id   `json:"id"`
		Name     text `json:"name"`
		Language text `json:"language"`
		Category text `json:"category"`
		Status   text `json:"status"`
		Body     text `json:"body"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	if wire.ID == "" {
		return errors.New("a template without an id")
	}
	*t = WhatsAppTemplate{
		ID: string(wire.ID), Name: string(wire.Name), Language: string(wire.Language),
		Category: string(wire.Category), Status: string(wire.Status), Body: string(wire.Body),
	}
	return nil
}

// WhatsAppTemplates returns the templates of a WhatsApp stream, all at once;
// [ErrNotFound] when there is no such stream. The call rests on an assumption:
// CommPeak documents none.
func (c *Client) WhatsAppTemplates(ctx context.Context, streamID string) ([]WhatsAppTemplate, error) {
	templates, err := send[[]WhatsAppTemplate](ctx, c, call{
		does: "list the WhatsApp templates of stream " + streamID, method: http.MethodGet,
		path: "/streams/{id}/whatsapp/templates", args: []string{streamID},
	})
	return templates, c.explainUnlisted(ctx, streamID, err)
}
