package mockserver

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pageOf returns the page as a browser gets it.
func (r *rig) pageOf(query string) string {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.url+"/_mock"+query, http.NoBody)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	p := r.exchange(req).want(200)
	equal(r.t, "content type", p.header.Get("Content-Type"), "text/html; charset=utf-8")
	return string(p.body)
}

// submit sends a form of the page, follows the redirect as a browser does, and returns the page after it.
func (r *rig) submit(form url.Values) string {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+"/_mock/actions", strings.NewReader(form.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "text/html")
	req.Header.Set("Origin", r.url)
	return string(r.exchange(req).want(200).body)
}

func wantOnPage(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
}

// fullAccount fills an account with streams of all types, messages and requests.
func fullAccount(r *rig) {
	r.AddStream(Stream{Name: "Codes <b>", Type: OTP, Tags: []string{"login"}, IPACL: "127.0.0.1", DefaultSender: "ACME"})
	r.AddEvent(101, Event{Key: "login", Template: "Your code is {code}"})
	r.AddStream(Stream{Name: "Desk", Type: TwoWay, DefaultSender: "ACME", Tags: []string{"support"}})
	r.AddWebhook(102, Webhook{URL: "https://example.com/in", Headers: []Header{{"X-Key", "webhook-secret"}}})
	r.AddStream(Stream{Name: "Chat", Type: WhatsApp, State: Draft, WhatsApp: &WhatsAppSettings{BusinessID: "business", AccessToken: ""}})
	r.AddTemplate(103, WhatsAppTemplate{Name: "hello", Language: "en", Status: "APPROVED", Body: "Hi"})
	r.AddStream(Stream{Name: "News", State: Disabled})
	r.token("/otp/auth", 101, object{"recipient_phone": phoneA}).want(200)
	r.Inject(Fault{Pattern: "GET /senders", Status: 503})
	r.do("GET /senders", nil).want(503)
	if _, _, err := r.Receive(r.t.Context(), 102, phoneB, "ACME", "Is my order on its way?"); err != nil {
		r.t.Fatal(err)
	}
}

func TestPageShowsTheAccount(t *testing.T) {
	r := newRig(t, Options{})
	fullAccount(r)
	page := r.pageOf("")
	wantOnPage(t, page, "4 in total", "Codes &lt;b&gt;", "127.0.0.1", "2026-03-01 12:00:00", "Is my order on its way?", "Your code is ", "(fault)", "go.example.com", "AcmeShop")
	wantOnPage(t, r.pageOf("?stream=101"), "Code length", "Your code is {code}", "/event_send/", "/otp/auth", "delivered")
	wantOnPage(t, r.pageOf("?stream=102"), "https://example.com/in", "X-Key: ********", "Incoming message")
	wantOnPage(t, r.pageOf("?stream=103"), "Access token</dt><dd>missing", "hello", "draft")
	for _, query := range []string{"", "?stream=101", "?stream=102", "?stream=103"} {
		page := r.pageOf(query)
		for _, secret := range append(r.Secrets(), "webhook-secret") {
			if strings.Contains(page, secret) {
				t.Errorf("%q shows a secret", query)
			}
		}
	}
}

func TestPageFiltersAndPages(t *testing.T) {
	r := newRig(t, Options{})
	for i := range 45 {
		st := Stream{Name: "Plain"}
		if i == 7 {
			st = Stream{Name: "Special", Tags: []string{"t"}, State: Disabled}
		}
		r.AddStream(st)
	}
	wantOnPage(t, r.pageOf(""), "45 in total", "Page 1 of 3", "page=2")
	wantOnPage(t, r.pageOf("?page=3&name=plain"), "44 in total", "Page 3 of 3", "name=plain&amp;page=2")
	for _, query := range []string{"?name=SPECIAL", "?status=disabled", "?tag=t"} {
		wantOnPage(t, r.pageOf(query), "1 in total", "Special")
	}
	wantOnPage(t, r.pageOf("?name=nothing"), "No streams.")
	wantOnPage(t, r.pageOf("?page=nonsense&stream=7"), "Page 1 of 3")
}

func TestRowActionsOfThePage(t *testing.T) {
	r := newRig(t, Options{})
	fullAccount(r)
	do := func(action string, pairs ...string) string {
		form := url.Values{"do": {action}, "stream": {"102"}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return r.submit(form)
	}
	stream := func() Stream { st, _ := r.Stream(102); return st }
	wantOnPage(t, do("pause"), "The stream is paused.", ">Enable<")
	equal(t, "paused", stream().State, Disabled)
	wantOnPage(t, do("send", "to", phoneA, "text", "hi"), "Not sent: stream is disabled.")
	wantOnPage(t, do("resume"), "The stream is resumed.")
	wantOnPage(t, do("restrict"), "Lift restriction")
	equal(t, "restricted", stream().Restricted, true)
	do("unrestrict")
	equal(t, "not restricted", stream().Restricted, false)

	old := r.Token(102)
	page := do("reset-token")
	if token := r.Token(102); token == old || strings.Contains(page, token) {
		t.Error("the token is the old one, or shown without a demand")
	}
	wantOnPage(t, do("show-token"), r.Token(102))
	if strings.Contains(r.pageOf("?stream=102"), r.Token(102)) {
		t.Error("the token stays on the page")
	}

	wantOnPage(t, do("send", "to", phoneA, "text", "hi there", "sender", "GLOBAL"), "The message is sent.", "hi there")
	wantOnPage(t, do("send", "to", "x", "text", "hi", "sender", "GLOBAL"), "Not sent: recipient_phone")
	wantOnPage(t, do("receive", "from", phoneA, "to", "ACME", "text", "answer"), "The message is received.", "answer")
	do("edit", "name", "Help desk", "allowed_ips", "203.0.113.7 198.51.100.0/24", "tags", "a, b", "default_sender", "GLOBAL")
	equal(t, "edited", []any{stream().Name, stream().IPACL, stream().Tags, stream().DefaultSender}, []any{"Help desk", "203.0.113.7, 198.51.100.0/24", []string{"a", "b"}, "GLOBAL"})
	wantOnPage(t, do("edit", "name", " "), "A stream needs a name.")
	do("add-webhook", "url", "https://example.com/2", "method", "GET")
	do("delete-webhook", "item", "1")
	equal(t, "webhooks", r.Webhooks(102), []Webhook{{2, "https://example.com/2", "GET", nil, true}})
	wantOnPage(t, do("create", "name", "Fresh", "type", "whatsapp"), "The stream is created.", "Fresh")
	wantOnPage(t, do("delete"), "Stream 102 is deleted.")
	wantOnPage(t, do("pause"), "There is no such object any more.")
	r.send("POST", "/_mock/actions", "", nil).want(400)
}

// TestPageInABrowser renders the page in Chromium, keeps pictures of it in the folder that COMMPEAK_MOCK_SHOTS names, and
// clicks nothing: the forms are plain and tested above.
func TestPageInABrowser(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && browser == "" {
			browser = path
		}
	}
	if browser == "" {
		t.Skip("no Chromium in the PATH")
	}
	r := newRig(t, Options{})
	fullAccount(r)
	pages := map[string]string{"panel-otp": "?stream=101"} // One start of a browser is slow enough.
	shots := os.Getenv("COMMPEAK_MOCK_SHOTS")
	if shots == "" {
		shots = t.TempDir()
	} else {
		maps.Copy(pages, map[string]string{"streams": "", "panel-two-way": "?stream=102", "panel-whatsapp": "?stream=103"})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	for name, query := range pages {
		shot := filepath.Join(shots, name+".png")
		cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--window-size=1400,1500",
			"--screenshot="+shot, "--dump-dom", r.url+"/_mock"+query)
		dom, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		wantOnPage(t, string(dom), "4 in total", "Latest requests")
		if info, err := os.Stat(shot); err != nil || info.Size() < 10_000 {
			t.Errorf("%s: no picture: %v", name, err)
		}
	}
}
