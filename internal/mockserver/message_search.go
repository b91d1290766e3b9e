package mockserver

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// directionOut is the type of a message that was sent. The type of its stream is something else.
const directionOut = "outgoing"

// Names of the total of a page of messages.
const (
	Total             = "total"
	TotalItems        = "totalItems"
	TotalItemsInSnake = "total_items"
)

func (s *Server) listMessages(c *call) *answer {
	query := c.request.URL.Query()
	status := query.Get("status")
	if s.opts.IgnoreStatusFilter {
		status = ""
	}
	return s.search(c, s.messagesNow(), s.sentMessage, func(m Message) bool {
		return matches(query.Get("type"), directionOut) && matches(status, m.Status) && matches(query.Get("phone"), m.Recipient)
	})
}

func (s *Server) listIncoming(c *call) *answer {
	query := c.request.URL.Query()
	sender := cmp.Or(query.Get("sender"), query.Get("phone"))
	return s.search(c, s.account.Incoming, s.receivedMessage, func(m Message) bool {
		return matches(sender, m.Sender) && matches(query.Get("destination"), m.Recipient)
	})
}

// matches reports whether a value passes a filter. An empty filter passes every value.
func matches(filter, value string) bool { return filter == "" || filter == value }

// search answers a page of the messages that pass the common filters and those of one list, the newest first.
func (s *Server) search(c *call, messages []Message, wire func(Message) fieldsOf, passes func(Message) bool) *answer {
	common, refusal := c.messageFilters()
	if refusal != nil {
		return refusal
	}
	var found []Message
	for _, m := range messages {
		if common(m) && passes(m) {
			found = append(found, m)
		}
	}
	slices.SortStableFunc(found, func(a, b Message) int { return b.SentAt.Compare(a.SentAt) })
	shown, refusal := page(c, "page", found)
	if refusal != nil {
		return refusal
	}
	items := []fieldsOf{}
	for _, m := range shown {
		items = append(items, wire(m))
	}
	return ok(fieldsOf{"items": items, cmp.Or(s.opts.TotalName, Total): len(found)})
}

// messageFilters reads streamId, startDate and endDate. Both dates include what they bound, to the second.
func (c *call) messageFilters() (func(Message) bool, *answer) {
	query := c.request.URL.Query()
	if _, err := strconv.Atoi(query.Get("streamId")); err != nil && query.Has("streamId") {
		return nil, problem(http.StatusBadRequest, "streamId must be a number.")
	}
	start, refusal := dateIn(query, "startDate", 0)
	if refusal != nil {
		return nil, refusal
	}
	end, refusal := dateIn(query, "endDate", 24*time.Hour-time.Second)
	if refusal != nil {
		return nil, refusal
	}
	return func(m Message) bool {
		sent := m.SentAt.Truncate(time.Second)
		return matches(query.Get("streamId"), decimal(m.StreamID)) && !sent.Before(start) && (end.IsZero() || !sent.After(end))
	}, nil
}

// dateIn reads a date or a time. ofDay is the time of day of a date alone.
func dateIn(query url.Values, name string, ofDay time.Duration) (time.Time, *answer) {
	text := query.Get(name)
	if !query.Has(name) {
		return time.Time{}, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.Add(ofDay), nil
	}
	moment, err := time.Parse(time.DateTime, text)
	if err != nil {
		return time.Time{}, problem(http.StatusBadRequest, name+" must be a date like 2006-01-02 or a time like 2006-01-02 15:04:05.")
	}
	return moment, nil
}

func decimal(n int) string { return strconv.Itoa(n) }
