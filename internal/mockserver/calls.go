package mockserver

const (
	documented = false
	assumed    = true
)

// calls is the one table of the API's calls: operation, method and path as the contract writes them, credential, evidence,
// media type of the body, handler. If CommPeak documents a call differently, change its line here and in the contract.
func (s *Server) calls() []route {
	return []route{
		{"listStreams", "GET /streams", apiKey, documented, emptyBody, s.listStreams},
		{"createStream", "POST /streams", apiKey, assumed, plainJSON, s.createStream},
		{"getStream", "GET /streams/{id}", apiKey, documented, emptyBody, s.showStream},
		{"updateStream", "PATCH /streams/{id}", apiKey, assumed, mergePatch, s.patchStream},
		{"deleteStream", "DELETE /streams/{id}", apiKey, assumed, emptyBody, s.deleteStream},
		{"getStreamToken", "GET /streams/{id}/token", apiKey, documented, emptyBody, s.showToken},
		{"resetStreamToken", "POST /streams/{id}/token", apiKey, assumed, emptyBody, s.resetToken},

		{"listEvents", "GET /streams/{id}/events", apiKey, assumed, emptyBody, withEvents(s.listEvents)},
		{"createEvent", "POST /streams/{id}/events", apiKey, assumed, plainJSON, withEvents(s.createEvent)},
		{"getEvent", "GET /streams/{id}/events/{eventId}", apiKey, assumed, emptyBody, withEvents(s.showEvent)},
		{"updateEvent", "PATCH /streams/{id}/events/{eventId}", apiKey, assumed, mergePatch, withEvents(s.patchEvent)},
		{"deleteEvent", "DELETE /streams/{id}/events/{eventId}", apiKey, assumed, emptyBody, withEvents(s.deleteEvent)},

		{"listWebhooks", "GET /streams/{id}/webhooks", apiKey, assumed, emptyBody, withWebhooks(s.listWebhooks)},
		{"createWebhook", "POST /streams/{id}/webhooks", apiKey, assumed, plainJSON, withWebhooks(s.createWebhook)},
		{"getWebhook", "GET /streams/{id}/webhooks/{webhookId}", apiKey, assumed, emptyBody, withWebhooks(s.showWebhook)},
		{"updateWebhook", "PATCH /streams/{id}/webhooks/{webhookId}", apiKey, assumed, mergePatch, withWebhooks(s.patchWebhook)},
		{"deleteWebhook", "DELETE /streams/{id}/webhooks/{webhookId}", apiKey, assumed, emptyBody, withWebhooks(s.deleteWebhook)},

		{"listWhatsAppTemplates", "GET /streams/{id}/whatsapp/templates", apiKey, assumed, emptyBody, withTemplates(s.listTemplates)},
		{"listSenders", "GET /senders", apiKey, documented, emptyBody, s.listSenders},
		{"listDomains", "GET /domains", apiKey, documented, emptyBody, s.listDomains},
		{"listMessages", "GET /streams/messages", apiKey, documented, emptyBody, s.listMessages},
		{"listIncomingMessages", "GET /streams/incoming_messages", apiKey, documented, emptyBody, s.listIncoming},

		{"sendMessagesByManagement", "POST /streams/simple_send", streamToken, documented, plainJSON, s.simpleSend},
		{"sendMessages", "POST /simple_send/", streamToken, documented, plainJSON, s.simpleSend},
		{"sendEvent", "POST /event_send/", streamToken, documented, plainJSON, s.eventSend},
		{"getMessageStatuses", "POST /messages_status/", streamToken, documented, plainJSON, s.messagesStatus},
		{"sendOtp", "POST /otp/auth", streamToken, assumed, plainJSON, s.otpAuth},
		{"verifyOtp", "POST /otp/verify", streamToken, assumed, plainJSON, s.otpVerify},
		{"startWhatsAppConversation", "POST /whatsapp/initial/", streamToken, assumed, plainJSON, s.whatsAppInitial},
		{"sendWhatsAppMedia", "POST /whatsapp/media/", streamToken, assumed, plainJSON, s.whatsAppMedia},
		{"replyInWhatsAppConversation", "POST /whatsapp/reply/", streamToken, assumed, plainJSON, s.whatsAppReply},
	}
}

// otherSpellings are paths that stand for a call of the table.
func (s *Server) otherSpellings() []route {
	return []route{
		{"sendOtp", "POST /otp/auth/", streamToken, assumed, plainJSON, s.otpAuth},
		slashMissing("POST /simple_send"),
		slashMissing("POST /event_send"),
		slashMissing("POST /messages_status"),
		slashMissing("POST /whatsapp/initial"),
		slashMissing("POST /whatsapp/media"),
		slashMissing("POST /whatsapp/reply"),
	}
}

type handler = func(*call) *answer

func withEvents(serve handler) handler { return typed("events", []string{OTP, Transactional}, serve) }

func withWebhooks(serve handler) handler { return typed("webhooks", []string{TwoWay, WhatsApp}, serve) }

func withTemplates(serve handler) handler {
	return typed("WhatsApp templates", []string{WhatsApp}, serve)
}
