package provider_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commpeak/terraform-provider-commpeak/internal/acctest"
	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

var update = flag.Bool("update", false, "write what the provider says now to testdata/messages")

// scene is an account in which something goes wrong, and what the terminal shows
// of it.
type scene struct {
	*acctest.Account
	*acctest.Protocol
	t      *testing.T
	screen strings.Builder
}

// situation is something that goes wrong.
type situation struct {
	// story tells it in a sentence or two, at the head of the file.
	story string
	// account and provider are how they are configured.
	account  func(*mockserver.Options)
	provider acctest.Values
	// elsewhere answers instead of the account.
	elsewhere http.HandlerFunc
	play      func(*scene)
}

// shows adds to the screen what the command says.
func (s *scene) shows(command, address string, diagnostics []*tfprotov6.Diagnostic) {
	s.t.Helper()
	if len(diagnostics) == 0 {
		s.t.Fatalf("%s says nothing", command)
	}
	fmt.Fprintf(&s.screen, "\n$ %s\n%s", command, acctest.Render(address, diagnostics))
}

// applies plans and applies a configuration, and shows what is said of it.
func (s *scene) applies(object *acctest.Resource, address string, config acctest.Values) {
	s.t.Helper()
	s.appliesIn(s.t.Context(), object, address, config)
}

func (s *scene) appliesIn(ctx context.Context, object *acctest.Resource, address string, config acctest.Values) {
	s.t.Helper()
	plan := object.Plan(config)
	said := plan.Diagnostics
	if len(acctest.Errors(said)) == 0 {
		said = append(said, object.ApplyIn(ctx, plan)...)
	}
	command := "terraform apply"
	if config == nil {
		command = "terraform destroy"
	}
	s.shows(command, address, said)
}

// lists reads the data source of all streams.
func (s *scene) lists() {
	s.t.Helper()
	_, said := s.ReadData("commpeak_streams", acctest.Values{})
	s.shows("terraform plan", "data.commpeak_streams.all", said)
}

// having is an object that exists.
func (s *scene) having(kind string, config acctest.Values) *acctest.Resource {
	s.t.Helper()
	object := s.Resource(kind)
	object.Must(config)
	return object
}

const (
	login = "commpeak_stream.login"
	code  = "commpeak_event_template.code"
	hook  = "commpeak_webhook.replies"
	ip    = "commpeak_allowed_ip.office"
	ips   = "commpeak_allowed_ips.all"
	token = "commpeak_stream_token.shop"
)

// loginCodes is the stream that most situations are about; changes are laid over.
func loginCodes(changes ...acctest.Values) acctest.Values {
	config := acctest.Values{"name": "Login codes", "type": "otp", "otp": acctest.Values{"code_ttl_seconds": 180}}
	for _, change := range changes {
		maps.Copy(config, change)
	}
	return config
}

var (
	renamed      = acctest.Values{"name": "Sign-in codes"}
	codeTemplate = acctest.Values{"stream_id": "101", "name": "Code", "key": "code", "template": "Your code is {code}."}
	replies      = acctest.Values{"stream_id": "101", "url": "https://shop.example/replies"}
	office       = acctest.Values{"stream_id": "101", "ip": "203.0.113.7"}
	impatient    = acctest.Values{"max_retries": 0}
)

// always is a fault that never ends.
func always(fault mockserver.Fault) mockserver.Fault {
	fault.Times = -1
	return fault
}

// creating is a situation in which a stream is created while a fault lasts.
func creating(story string, fault mockserver.Fault) situation {
	return situation{story: story, provider: impatient, play: func(s *scene) {
		s.Inject(always(fault))
		s.applies(s.Resource("commpeak_stream"), login, loginCodes())
	}}
}

// changing is a situation in which a stream is renamed while a fault lasts.
func changing(story string, fault mockserver.Fault) situation {
	return situation{story: story, provider: impatient, play: func(s *scene) {
		object := s.having("commpeak_stream", loginCodes())
		s.Inject(always(fault))
		s.applies(object, login, loginCodes(renamed))
	}}
}

// refreshing is a situation in which a stream is refreshed while a fault lasts.
func refreshing(story string, fault mockserver.Fault) situation {
	return situation{story: story, provider: impatient, play: func(s *scene) {
		object := s.having("commpeak_stream", loginCodes())
		s.Inject(always(fault))
		s.shows("terraform plan", login, object.Read())
	}}
}

// listingAll is a situation in which all streams are listed while a fault lasts.
func listingAll(story string, fault mockserver.Fault) situation {
	return situation{story: story, provider: impatient, play: func(s *scene) {
		s.Inject(always(fault))
		s.lists()
	}}
}

// sending is a situation in which a test message is sent while a fault lasts.
func sending(story string, stream mockserver.Stream, message acctest.Values, faults ...mockserver.Fault) situation {
	return situation{story: story, provider: impatient, play: func(s *scene) {
		s.AddStream(stream)
		for _, fault := range faults {
			s.Inject(always(fault))
		}
		_, said := s.Action("commpeak_send_test_message").Invoke(message)
		s.shows("terraform apply -invoke=action.commpeak_send_test_message.try", "action.commpeak_send_test_message.try", said)
	}}
}

// invalid is a situation in which the provider's own configuration is at fault.
func invalid(story string, config acctest.Values) situation {
	return situation{story: story, play: func(s *scene) {
		said := s.ValidateProvider(config)
		if len(said) == 0 {
			said = acctest.Serve(s.t, nothing).Configure(config)
		}
		s.shows("terraform plan", `provider["registry.terraform.io/commpeak/commpeak"]`, said)
	}}
}

// trouble is the body of an internal server error.
const trouble = `{"title": "An error occurred", "detail": "Internal server error"}`

func html(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, "<html><body>Welcome to the hotel's network</body></html>")
}

// situations, by the name of the file that holds what they look like.
var situations = map[string]situation{
	// The provider's configuration.
	"config-api-key-missing":   invalid("No API key is set anywhere.", nil),
	"config-api-key-bearer":    invalid("The API key is written as for other services.", acctest.Values{"api_key": "Bearer abc"}),
	"config-endpoint-http":     invalid("The endpoint would carry the API key in clear text.", acctest.Values{"endpoint": "http://gw.commpeak.com/textpeak"}),
	"config-api-key-not-known": {story: "The API key comes from a resource that is not applied yet.", provider: acctest.Values{"api_key": acctest.Unknown}, play: (*scene).lists},

	// The account cannot be reached, or something else answers.
	"unreachable-refused": {story: "Nothing listens where the endpoint points to.", play: func(s *scene) {
		s.Configure(acctest.Values{"endpoint": "http://" + closedPort(s.t), "max_retries": 0})
		s.lists()
	}},
	"unreachable-refused-refresh": {story: "Nothing listens where the endpoint points to, and the state has two streams: Terraform shows equal errors once.", play: func(s *scene) {
		one, other := s.having("commpeak_stream", loginCodes()), s.having("commpeak_stream", loginCodes(renamed))
		s.moves("http://"+closedPort(s.t), one, other)
		said := one.Read()
		if got, want := strings.Join(acctest.Texts(other.Read()), "\n"), strings.Join(acctest.Texts(said), "\n"); got != want {
			s.t.Errorf("one error would be shown twice:\n%s\n%s", want, got)
		}
		s.shows("terraform plan", login, said)
	}},
	"unreachable-create": {story: "Nothing listens where the endpoint points to while a stream is to be created.", play: func(s *scene) {
		s.Configure(acctest.Values{"endpoint": "http://" + closedPort(s.t), "max_retries": 0})
		s.applies(s.Resource("commpeak_stream"), login, loginCodes())
	}},
	"not-the-api-html": {story: "A login page of the network answers.", elsewhere: html, play: (*scene).lists},
	"not-the-api-redirect": {story: "The endpoint redirects to another host.", elsewhere: func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://www.example.com/login", http.StatusFound)
	}, play: (*scene).lists},
	"not-the-api-404": {story: "The endpoint has a wrong path, which a web server answers 404.", elsewhere: http.NotFound, play: (*scene).lists},
	"not-the-api-path": {story: "The endpoint has a wrong path, which the API answers 404 in its own form, and the state has a stream.", play: func(s *scene) {
		one := s.having("commpeak_stream", loginCodes())
		s.moves(noRoute(s.t), one)
		s.shows("terraform plan", login, one.Read())
	}},
	"not-the-api-oversized": {story: "The answer never ends.", elsewhere: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		line := bytes.Repeat([]byte(" "), 1<<20)
		for range 20 {
			_, _ = w.Write(line)
		}
	}, play: (*scene).lists},
	"not-the-api-empty":     {story: "The answer is empty.", elsewhere: func(http.ResponseWriter, *http.Request) {}, play: (*scene).lists},
	"not-the-api-malformed": listingAll("The answer is broken JSON.", mockserver.Fault{Pattern: "GET /streams", Body: `[{"id": 101, "name": `}),
	"not-the-api-shape":     listingAll("The answer is JSON, but no list of streams.", mockserver.Fault{Pattern: "GET /streams", Body: `{"streams": 3}`}),
	"not-the-api-refresh":   refreshing("A login page of the network answers to a refresh.", mockserver.Fault{Body: "<html></html>", Header: map[string]string{"Content-Type": "text/html"}}),
	"not-the-api-create":    creating("A stream is created, and the answer is replaced by a login page.", mockserver.Fault{Pattern: "POST /streams", Body: "<html></html>", Header: map[string]string{"Content-Type": "text/html"}}),

	// The API rejects requests.
	"401-refresh":    refreshing("The API key is wrong.", mockserver.Fault{Status: 401}),
	"401-create":     creating("The API key is wrong.", mockserver.Fault{Status: 401}),
	"403-address":    listingAll("The API key may not be used from this address.", mockserver.Fault{Status: 403}),
	"403-change":     changing("The API key may not change streams.", mockserver.Fault{Pattern: "PATCH /streams/{id}", Status: 403, Body: `{"message": "Access denied"}`}),
	"409-change":     changing("Another program changes the stream at the same time.", mockserver.Fault{Pattern: "PATCH /streams/{id}", Status: 409, Body: `{"title": "Conflict", "detail": "The stream is being changed."}`}),
	"422-attribute":  creating("The API rejects a value.", mockserver.Fault{Pattern: "POST /streams", Status: 422, Body: `{"title": "Validation failed", "detail": "otpSettings.codeTtl: This value is too odd.", "violations": [{"propertyPath": "otpSettings.codeTtl", "message": "This value is too odd.", "code": "X"}]}`}),
	"422-elsewhere":  creating("The API rejects a field that is not an attribute.", mockserver.Fault{Pattern: "POST /streams", Status: 422, Body: `{"title": "Validation failed", "detail": "quota: The account has too many streams.", "violations": [{"propertyPath": "quota", "message": "The account has too many streams.", "code": "X"}]}`}),
	"422-words":      creating("The API rejects a request and returns only text.", mockserver.Fault{Pattern: "POST /streams", Status: 422, Body: `{"title": "Validation failed", "detail": "The account is closed."}`}),
	"429-asks":       listingAll("The API asks for a longer wait than operation_timeout.", mockserver.Fault{Status: 429, Header: map[string]string{"Retry-After": "900"}}),
	"429-silent":     listingAll("The API limits the rate, and does not return how long to wait.", mockserver.Fault{Status: 429, Header: map[string]string{"Retry-After": ""}}),
	"429-create":     creating("The API limits the rate.", mockserver.Fault{Pattern: "POST /streams", Status: 429, Header: map[string]string{"Retry-After": "60"}}),
	"500-refresh":    refreshing("The API fails with HTTP 500.", mockserver.Fault{Status: 500, Body: trouble}),
	"503-no-words":   listingAll("The API fails without text.", mockserver.Fault{Status: 503, Body: "{}"}),
	"502-html":       listingAll("A gateway in between cannot reach the API.", mockserver.Fault{Status: 502, Body: "<html><h1>502 Bad Gateway</h1></html>", Header: map[string]string{"Content-Type": "text/html"}}),
	"500-create":     creating("The API fails before it creates a stream.", mockserver.Fault{Pattern: "POST /streams", Status: 500, Body: trouble}),
	"500-change":     changing("The API fails in a change.", mockserver.Fault{Pattern: "PATCH /streams/{id}", Status: 500, Body: trouble}),
	"500-not-create": creating("The API fails in every call, also in a create.", mockserver.Fault{Status: 500, Body: trouble}),

	// Gone, or never there.
	"404-changed-stream": {story: "The stream is deleted in the console between plan and apply.", play: func(s *scene) {
		object := s.having("commpeak_stream", loginCodes())
		plan := object.Plan(loginCodes(renamed))
		s.RemoveStream(101)
		s.shows("terraform apply", login, object.Apply(plan))
	}},
	"404-parent": {story: "The stream of a new webhook does not exist.", play: func(s *scene) {
		s.applies(s.Resource("commpeak_webhook"), hook, replies)
	}},
	"404-parent-event": {story: "The stream of a new event template does not exist.", play: func(s *scene) {
		s.applies(s.Resource("commpeak_event_template"), code, codeTemplate)
	}},
	"404-parent-ip": {story: "The stream of a new allowed IP does not exist.", play: func(s *scene) {
		s.applies(s.Resource("commpeak_allowed_ip"), ip, office)
	}},
	"404-parent-token": {story: "The stream of a token does not exist.", play: func(s *scene) {
		s.applies(s.Resource("commpeak_stream_token"), token, acctest.Values{"stream_id": "101"})
	}},
	"404-data": {story: "A data source names a stream that does not exist.", play: func(s *scene) {
		_, said := s.ReadData("commpeak_stream", acctest.Values{"id": "101"})
		s.shows("terraform plan", "data.commpeak_stream.login", said)
	}},
	"404-ephemeral": {story: "An ephemeral resource names a stream that does not exist.", play: func(s *scene) {
		s.shows("terraform plan", "ephemeral.commpeak_stream_token.shop", s.OpenEphemeral("commpeak_stream_token", acctest.Values{"stream_id": "101"}))
	}},
	"404-import": {story: "An event template is imported by a key that the stream does not have.", play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Login codes", Type: mockserver.OTP})
		s.shows("terraform import "+code+" 101/code", code, s.Resource("commpeak_event_template").Import("101/code"))
	}},
	"another-account": {story: "The API key is that of another account, which has another stream under the same id.", play: func(s *scene) {
		object := s.having("commpeak_stream", loginCodes())
		s.EditStream(101, func(st *mockserver.Stream) { st.UID = "another" })
		s.shows("terraform plan", login, object.Read())
	}},

	// Answers that do not arrive.
	"lost-refresh":   refreshing("The connection breaks before the answer.", mockserver.Fault{Drop: true}),
	"lost-truncated": listingAll("The connection breaks in the middle of the answer.", mockserver.Fault{Pattern: "GET /streams", Truncate: true, Body: `[{"id": 101, "name": "Login codes"}]`}),
	"lost-create":    creating("The connection breaks before the API creates a stream.", mockserver.Fault{Pattern: "POST /streams", Drop: true}),
	"lost-change":    changing("The API carries out a change, and the connection breaks before the answer.", mockserver.Fault{Pattern: "PATCH /streams/{id}", Drop: true, Stage: mockserver.After}),
	"lost-create-candidates": {story: "The answer to a create is lost, and two streams are there that it may have made.", provider: impatient, play: func(s *scene) {
		object := s.Resource("commpeak_stream")
		planned := object.Plan(loginCodes())
		s.AddStream(mockserver.Stream{Name: "Login codes", Type: mockserver.OTP})
		s.Inject(mockserver.Fault{Pattern: "POST /streams", Stage: mockserver.After, Drop: true})
		s.shows("terraform apply", login, object.Apply(planned))
	}},
	"lost-create-event": {story: "The answer to a create of an event template is lost, and the API does not answer the check that follows.", provider: impatient, play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Login codes", Type: mockserver.OTP})
		plan := s.Resource("commpeak_event_template")
		planned := plan.Plan(codeTemplate)
		s.Inject(always(mockserver.Fault{Drop: true}))
		s.shows("terraform apply", code, plan.Apply(planned))
	}},
	"lost-reset": {story: "The answer to a reset of a token is lost, and the API does not answer the check that follows.", provider: impatient, play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Shop"})
		s.Inject(always(mockserver.Fault{Pattern: "POST /streams/{id}/token", Drop: true}), always(mockserver.Fault{Pattern: "GET /streams/{id}/token", Skip: 1, Status: 500, Body: trouble}))
		s.applies(s.Resource("commpeak_stream_token"), token, acctest.Values{"stream_id": "101"})
	}},
	"lost-ips": {story: "The connection breaks whenever the list of allowed IPs is written.", provider: impatient, play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Shop"})
		s.Inject(always(mockserver.Fault{Pattern: "PATCH /streams/{id}", Drop: true}))
		s.applies(s.Resource("commpeak_allowed_ips"), ips, acctest.Values{"stream_id": "101", "ips": []string{"203.0.113.7"}})
	}},
	"slow-list": {story: "The API takes longer to answer than request_timeout.", provider: acctest.Values{"max_retries": 0, "request_timeout": "50ms"}, play: func(s *scene) {
		s.Inject(always(mockserver.Fault{Delay: 200 * time.Millisecond}))
		s.lists()
	}},
	"slow-change": {story: "The API takes longer to answer to a change than request_timeout.", play: func(s *scene) {
		object := s.having("commpeak_stream", loginCodes())
		s.Configure(acctest.Values{"max_retries": 0, "request_timeout": "50ms"})
		s.Inject(always(mockserver.Fault{Pattern: "PATCH /streams/{id}", Delay: 200 * time.Millisecond}))
		s.applies(object, login, loginCodes(renamed))
	}},
	"slow-operation": {story: "A create runs out of the provider's operation_timeout.", provider: acctest.Values{"operation_timeout": "1s"}, play: func(s *scene) {
		s.Inject(always(mockserver.Fault{Pattern: "POST /streams", Status: 429, Header: map[string]string{"Retry-After": "3"}}))
		s.applies(s.Resource("commpeak_stream"), login, loginCodes())
	}},
	"cancelled": {story: "Ctrl-C is pressed while the provider waits to send a request.", play: func(s *scene) {
		ctx, cancel := context.WithCancel(s.t.Context())
		s.Inject(always(mockserver.Fault{
			Pattern: "POST /streams", Status: 429, Header: map[string]string{"Retry-After": "60"},
			Match: func(mockserver.Request) bool { cancel(); return true },
		}))
		s.appliesIn(ctx, s.Resource("commpeak_stream"), login, loginCodes())
	}},

	// Accounts and configurations that take no writes.
	"writes-405-create": {
		story: "The API of the account offers no writes, and says so.", account: func(o *mockserver.Options) { o.Writes = mockserver.WritesNotAllowed },
		play: func(s *scene) { s.applies(s.Resource("commpeak_stream"), login, loginCodes()) },
	},
	"writes-404-change": {
		story: "The API of the account offers no writes, and answers as if the stream did not exist.", account: func(o *mockserver.Options) { o.Writes = mockserver.WritesNotFound },
		play: func(s *scene) {
			s.AddStream(mockserver.Stream{Name: "Login codes", Type: mockserver.OTP})
			object := s.Resource("commpeak_stream")
			acctest.ExpectNone(s.t, object.Import("101"))
			s.applies(object, login, acctest.Values{"name": "Sign-in codes", "type": "otp", "otp": acctest.Values{}})
		},
	},
	"writes-404-webhook": {
		story: "The API of the account has no webhooks.", account: func(o *mockserver.Options) { o.DocumentedOnly = true },
		play: func(s *scene) {
			s.AddStream(mockserver.Stream{Name: "Replies", Type: mockserver.TwoWay})
			s.applies(s.Resource("commpeak_webhook"), hook, replies)
		},
	},
	"reads-404-webhooks": {
		story: "The API of the account has no webhooks, and a data source asks for them.", account: func(o *mockserver.Options) { o.DocumentedOnly = true },
		play: func(s *scene) {
			s.AddStream(mockserver.Stream{Name: "Replies", Type: mockserver.TwoWay})
			_, said := s.ReadData("commpeak_webhooks", acctest.Values{"stream_id": "101"})
			s.shows("terraform plan", "data.commpeak_webhooks.all", said)
		},
	},
	"read-only": {story: "The provider is configured with read_only.", provider: acctest.Values{"read_only": true}, play: func(s *scene) {
		s.applies(s.Resource("commpeak_stream"), login, loginCodes())
	}},
	"read-only-message": {story: "The provider is configured with read_only, and a test message is sent.", provider: acctest.Values{"read_only": true}, play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Shop"})
		_, said := s.Action("commpeak_send_test_message").Invoke(tryOut)
		s.shows("terraform apply -invoke=action.commpeak_send_test_message.try", "action.commpeak_send_test_message.try", said)
	}},

	// What the objects refuse on their own.
	"object-deletion-protection": {story: "A protected stream is to be destroyed.", play: func(s *scene) {
		s.applies(s.having("commpeak_stream", loginCodes(acctest.Values{"deletion_protection": true})), login, nil)
	}},
	"object-ip-exists": {story: "The address is on the list already.", play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Shop", IPACL: "203.0.113.7"})
		s.applies(s.Resource("commpeak_allowed_ip"), ip, office)
	}},
	"object-event-exists": {story: "The stream has an event template of this key already.", play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Login codes", Type: mockserver.OTP})
		acctest.NewProtocol(s.t, s.Account, nil).Resource("commpeak_event_template").Must(codeTemplate)
		s.applies(s.Resource("commpeak_event_template"), code, codeTemplate)
	}},
	"object-event-type": {story: "A stream of this type has no event templates.", play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Shop"})
		s.applies(s.Resource("commpeak_event_template"), code, codeTemplate)
	}},
	"object-webhook-type": {story: "A stream of this type has no webhooks.", play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Shop"})
		s.applies(s.Resource("commpeak_webhook"), hook, replies)
	}},
	"object-locked-out": {story: "The last allowed IP is destroyed. It stays on the list.", play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Shop"})
		object := s.having("commpeak_allowed_ip", office)
		object.Protocol = acctest.NewProtocol(s.t, s.Account, nil) // a plan of its own.
		s.shows("terraform plan -destroy", ip, object.Plan(nil).Diagnostics)
	}},
	"object-list-left": {story: "A list of allowed IPs is destroyed. The stream keeps it.", play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Shop"})
		object := s.having("commpeak_allowed_ips", acctest.Values{"stream_id": "101", "ips": []string{"203.0.113.7"}})
		s.shows("terraform plan -destroy", ips, object.Plan(nil).Diagnostics)
	}},
	"object-opened": {story: "An empty list of allowed IPs opens the stream.", play: func(s *scene) {
		s.AddStream(mockserver.Stream{Name: "Shop"})
		object := s.Resource("commpeak_allowed_ips")
		s.shows("terraform plan", ips, object.Plan(acctest.Values{"stream_id": "101", "ips": []string{}}).Diagnostics)
	}},
	"object-import-id": {story: "A webhook is imported by an id that is none.", play: func(s *scene) {
		s.shows("terraform import "+hook+" replies", hook, s.Resource("commpeak_webhook").Import("replies"))
	}},

	// Test messages.
	"send-sender":     sending("The sender is not approved.", mockserver.Stream{Name: "Shop"}, with(tryOut, "sender", "EVIL")),
	"send-disabled":   sending("The stream is disabled.", mockserver.Stream{Name: "Shop", State: mockserver.Disabled}, tryOut),
	"send-restricted": sending("The stream takes no calls from this address.", mockserver.Stream{Name: "Shop", IPACL: "203.0.113.7"}, tryOut),
	"send-401":        sending("The stream's token is not accepted.", mockserver.Stream{Name: "Shop"}, tryOut, mockserver.Fault{Pattern: "POST /simple_send/", Status: 401}),
	"send-lost":       sending("The connection breaks while a message is sent.", mockserver.Stream{Name: "Shop"}, tryOut, mockserver.Fault{Pattern: "POST /simple_send/", Drop: true}),
}

var tryOut = acctest.Values{"stream_id": "101", "recipient": "491701234567", "text": "Hello", "sender": "GLOBAL"}

func with(values acctest.Values, name string, value any) acctest.Values {
	changed := maps.Clone(values)
	changed[name] = value
	return changed
}

// moves configures the objects' provider for another endpoint.
func (s *scene) moves(endpoint string, objects ...*acctest.Resource) {
	s.t.Helper()
	other := acctest.Serve(s.t, s.Env)
	acctest.ExpectNone(s.t, other.Configure(acctest.Values{"endpoint": endpoint, "max_retries": 0}))
	for _, object := range objects {
		object.Protocol = other
	}
}

func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// steady takes out of the words what differs from run to run.
func steady(screen string) string {
	for pattern, steady := range map[string]string{
		`(127\.0\.0\.1|localhost):\d+`: "$1:8080",
		`mock-\d+`:                     "req-7f3a",
		`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)`: "2026-07-01T09:30:00Z",
	} {
		screen = regexp.MustCompile(pattern).ReplaceAllString(screen, steady)
	}
	return screen
}

func allSituations() map[string]situation {
	all := maps.Clone(situations)
	maps.Copy(all, connectionSituations)
	return all
}

// TestMessages compares what the terminal shows when something goes wrong with
// testdata/messages, which is there to be read through.
func TestMessages(t *testing.T) {
	t.Parallel()
	for name, situation := range allSituations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden := filepath.Join("testdata", "messages", name+".txt")
			got := situation.look(t)
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s is out of date. Read what the provider says now, and if it is well said, run this test with -update:\n%s", golden, got)
			}
		})
	}
}

// Every file is that of a situation.
func TestMessagesHaveSituations(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/messages/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, known := allSituations()[strings.TrimSuffix(filepath.Base(file), ".txt")]; !known {
			t.Errorf("%s: there is no such situation", file)
		}
	}
}

func (s situation) look(t *testing.T) string {
	t.Helper()
	options := []func(*mockserver.Options){func(o *mockserver.Options) { o.APIKey = "key-of-the-account" }}
	if s.account != nil {
		options = append(options, s.account)
	}
	played := &scene{Account: acctest.NewAccount(t, options...), t: t}
	if s.elsewhere != nil {
		server := httptest.NewServer(s.elsewhere)
		t.Cleanup(server.Close)
		played.Endpoint = server.URL
	}
	played.Protocol = acctest.NewProtocol(t, played.Account, s.provider)
	s.play(played)
	return s.story + "\n" + steady(played.screen.String())
}
