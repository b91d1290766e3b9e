package mockserver

import "fmt"

// refusal is why a send, or one message of it, is refused. The codes are this server's own; only their form is known.
type refusal struct{ code, details string }

func refusing(code, format string, args ...any) *refusal {
	return &refusal{code, fmt.Sprintf(format, args...)}
}

// Refusals of one message.

func notAllowedSender(sender string) *refusal {
	return refusing("0x1", "sender %q is not allowed sender", sender)
}

func noSender() *refusal { return refusing("0x2", "sender is required") }

func badPhone(phone string) *refusal {
	return refusing("0x3", "recipient_phone %q is not valid", phone)
}

func nothingToSay() *refusal { return refusing("0x4", "message_content is empty") }

func missingVariable(name string) *refusal { return refusing("0x5", "variable %q is missing", name) }

func limitReached() *refusal { return refusing("0x6", "sending limit is reached") }

func noTemplate(name string) *refusal { return refusing("0x7", "template %q is not approved", name) }

func noConversation(uuid string) *refusal {
	return refusing("0x8", "conversation %q does not exist", uuid)
}

// Refusals of a whole send.

func notSendable(state string) *refusal { return refusing("0x10", "stream is %s", state) }

func wrongType(streamType string) *refusal {
	return refusing("0x11", "a stream of type %s cannot do this", streamType)
}

func tooMany(n int) *refusal { return refusing("0x12", "%d messages are more than %d", n, maxSend) }

func noEvent(key string) *refusal { return refusing("0x13", "event %q does not exist", key) }

// failed is the answer to a send of which nothing was accepted. Its status is 200, as on the real service.
func failed(r *refusal) *answer {
	return ok(map[string]any{"status": false, "task_id": nil, "messages": []any{}, "error": r.code, "details": r.details})
}
