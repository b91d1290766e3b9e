package simulation_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"pgregory.net/rapid"
)

// TestBrokenBuilds shows that the simulation sees what it is there to see: each
// of these builds has one defect, and breaks the invariant that is named.
func TestBrokenBuilds(t *testing.T) {
	t.Parallel()
	for name, defect := range map[string]struct {
		build build
		words string
		// hint makes what brings the defect to light more likely.
		hint run
	}{
		"creates are repeated blindly":     {build{transport: through(repeatsCreates)}, "orphan or duplicate", during("lost after", "create")},
		"a delete is forgotten":            {build{transport: through(forgetsDeletes)}, "orphan or duplicate", run{}},
		"a token is reset twice":           {build{transport: through(resetsTwice)}, "token resets", run{}},
		"foreign IPs are dropped":          {build{transport: through(dropsForeignIPs)}, "foreign IP", before("add foreign ip")},
		"changes are not made":             {build{transport: through(forgetsChanges)}, "no convergence", run{}},
		"nothing is refreshed":             {build{server: behind(func(s *server) { s.blind = true })}, "the store is not the state", before("describe stream")},
		"what was planned is not kept":     {build{server: behind(func(s *server) { s.forgetful = true })}, "not as planned", run{}},
		"the plan holds a secret":          {build{server: behind(func(s *server) { s.tellsPlan = true })}, "secret: the plan", run{}},
		"the state holds a secret":         {build{server: behind(func(s *server) { s.tells = true })}, "secret: the state", run{}},
		"the log holds a secret":           {build{transport: through(logsKey)}, "secret: the log", run{}},
		"it panics where there is trouble": {build{server: behind(func(s *server) { s.panics = true })}, "panic", during("422", "create")},
		"a goroutine is left":              {build{transport: through(leavesGoroutine)}, "a goroutine is left", during("lost before", "")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			demandCaught(t, defect.build, defect.words, defect.hint)
		})
	}
}

func during(fault, verb string) run {
	return run{Strikes: []strike{{Fault: fault, Verb: verb, Times: 1}}}
}

func before(what string) run { return run{Edits: []edit{{What: what}}} }

// demandCaught demands that one of the first schedules finds the defect, and
// finds nothing without it.
func demandCaught(t *testing.T, b build, words string, hint run) {
	t.Helper()
	const most = 400
	schedules := rapid.Custom(drawSchedule)
	for seed := range most {
		s := schedules.Example(seed)
		s.hint(hint)
		err := play(t, s, b)
		if err == nil || !strings.Contains(err.Error(), words) {
			continue
		}
		t.Logf("schedule %d: %.200s", seed, err)
		if err := play(t, s, build{}); err != nil {
			t.Errorf("the defect is not in the build: %s", err)
		}
		return
	}
	t.Errorf("%d schedules do not find it", most)
}

// hint adds to every run that tells no lie.
func (s schedule) hint(more run) {
	for _, round := range s.Rounds {
		for i := range round.Runs {
			r := &round.Runs[i]
			r.Edits = slices.Concat(r.Edits, more.Edits)
			if !slices.ContainsFunc(r.Strikes, func(s strike) bool { return s.Fault == notThere }) {
				r.Strikes = slices.Concat(more.Strikes, r.Strikes)
			}
		}
	}
}

// roundTripper is a transport that is a function.
type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// through is a transport with a defect.
func through(defect func(next http.RoundTripper, r *http.Request) (*http.Response, error)) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) { return defect(next, r) })
	}
}

// again is the request once more, with another body, perhaps.
func again(r *http.Request, change func(string) string) *http.Request {
	other := r.Clone(r.Context())
	if r.Body == nil {
		return other
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	other.Body = io.NopCloser(strings.NewReader(change(string(body))))
	return other
}

func same(body string) string { return body }

func repeatsCreates(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	repetition := again(r, same)
	response, err := next.RoundTrip(r)
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/streams") && (err != nil || response.StatusCode >= 500) {
		return next.RoundTrip(repetition)
	}
	return response, err
}

func forgetsDeletes(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodDelete {
		return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	}
	return next.RoundTrip(r)
}

func resetsTwice(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/token") {
		if _, err := next.RoundTrip(again(r, same)); err != nil {
			return nil, err
		}
	}
	return next.RoundTrip(r)
}

func dropsForeignIPs(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPatch {
		return next.RoundTrip(r)
	}
	return next.RoundTrip(again(r, func(body string) string {
		before, list, found := strings.Cut(body, `{"ipAcl":"`)
		if !found {
			return body
		}
		list, rest, _ := strings.Cut(list, `"`)
		mine := slices.DeleteFunc(slices.Collect(entriesOf(list)), isForeignIP)
		return before + `{"ipAcl":"` + joined(mine) + `"` + rest
	}))
}

// forgetsChanges sends a change to nowhere, and answers with what is.
func forgetsChanges(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPatch {
		r = again(r, same)
		r.Method, r.Body = http.MethodGet, nil
	}
	return next.RoundTrip(r)
}

func logsKey(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	tflog.Info(context.WithoutCancel(r.Context()), "sending", map[string]any{"authorization": r.Header.Get("Authorization")})
	return next.RoundTrip(r)
}

// leavesGoroutine waits for an answer that nobody sends where there is trouble.
func leavesGoroutine(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	response, err := next.RoundTrip(r)
	if err != nil {
		go func() { <-make(chan struct{}) }()
	}
	return response, err
}

// server is a provider with a defect.
type server struct {
	tfprotov6.ProviderServer
	blind, forgetful, tells, tellsPlan, panics bool
}

func behind(defect func(*server)) func(tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	return func(next tfprotov6.ProviderServer) tfprotov6.ProviderServer {
		s := &server{ProviderServer: next}
		defect(s)
		return s
	}
}

// ReadResource is blind to what changes.
func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if s.blind {
		return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity}, nil
	}
	return s.ProviderServer.ReadResource(ctx, req)
}

// PlanResourceChange tells too much.
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := s.ProviderServer.PlanResourceChange(ctx, req)
	if s.tellsPlan && err == nil && req.TypeName == streamType {
		resp.PlannedState = s.with(ctx, resp.PlannedState, "uid", accessToken)
	}
	return resp, err
}

// ApplyResourceChange changes what comes of it.
func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.ProviderServer.ApplyResourceChange(ctx, req)
	if s.panics && len(resp.Diagnostics) > 0 {
		panic("there is trouble")
	}
	if req.TypeName != streamType || err != nil {
		return resp, err
	}
	switch {
	case s.forgetful:
		resp.NewState = s.with(ctx, resp.NewState, "name", "forgotten")
	case s.tells:
		resp.NewState = s.with(ctx, resp.NewState, "uid", accessToken)
	}
	return resp, err
}

// with is the state of a stream with another text in it.
func (s *server) with(ctx context.Context, state *tfprotov6.DynamicValue, name, text string) *tfprotov6.DynamicValue {
	told, err := s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	typ := told.ResourceSchemas[streamType].ValueType()
	value, err := state.Unmarshal(typ)
	if err != nil || value.IsNull() {
		return state
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		panic(err)
	}
	attributes[name] = tftypes.NewValue(tftypes.String, text)
	changed, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, attributes))
	if err != nil {
		panic(err)
	}
	return &changed
}
