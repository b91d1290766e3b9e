package acctest

import (
	"fmt"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Change is a change of an object's attributes, and drift of them afterwards.
type Change struct {
	// From and To are attributes as a configuration has them.
	From, To string
	// Change is the one write that the change makes, Undo the one that undoes
	// the drift.
	Change, Undo string
	Drift        func()
}

// TestChange creates an object, changes it in place and undoes drift. After each
// apply, it demands what [Test] demands: an empty second plan, an account that
// equals the state, just the expected writes, and no secret in the state.
func TestChange(t *testing.T, account *Account, object *Resource, change Change) {
	t.Helper()
	from, to := parseAttributes(t, change.From), parseAttributes(t, change.To)
	object.Must(from)
	object.settled(account, from)
	object.update(account, to, change.Change)
	change.Drift()
	object.update(account, to, change.Undo)
	for _, line := range account.unexpected() {
		t.Errorf("a request that was not expected: %s", line)
	}
}

// update refreshes, plans and applies an update, which makes one write.
func (r *Resource) update(account *Account, config Values, write string) {
	r.t.Helper()
	begin := len(account.Requests())
	r.demandNone("refreshing", r.Read())
	plan := r.Plan(config)
	r.demandNone("planning", Errors(plan.Diagnostics))
	if plan.Planned.Equal(r.State) || len(plan.Replaces) > 0 {
		r.t.Fatalf("no update is planned; replaced for %v", plan.Replaces)
	}
	r.demandNone("applying", Errors(r.Apply(plan)))
	r.demandPlanned(plan)
	r.settled(account, config)
	for _, problem := range compareWrites("the update", []string{write}, account.writes(account.Requests()[begin:])) {
		r.t.Error(problem)
	}
}

// demandPlanned demands that each value that was known in the plan is in the
// state: Terraform refuses any other.
func (r *Resource) demandPlanned(plan Plan) {
	r.t.Helper()
	differences, err := plan.Planned.Diff(r.State)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, difference := range differences {
		if difference.Value1 != nil && difference.Value1.IsFullyKnown() {
			r.t.Errorf("not as planned: %s", difference)
		}
	}
}

// settled demands that the state equals the account and holds no secret, and
// that a refresh and another plan find nothing to do.
func (r *Resource) settled(account *Account, config Values) {
	r.t.Helper()
	if err := account.Compare(r.name, r.Attributes()); err != nil {
		r.t.Error(err)
	}
	if err := account.findSecret("the state", []byte(r.State.String())); err != nil {
		r.t.Error(err)
	}
	r.demandNone("refreshing", r.Read())
	plan := r.Plan(config)
	r.demandNone("planning", Errors(plan.Diagnostics))
	if differences, err := plan.Planned.Diff(r.State); err != nil || len(differences) > 0 {
		r.t.Errorf("the second plan is not empty: %v %v", differences, err)
	}
}

// parseAttributes reads attributes as a configuration has them, all constants.
func parseAttributes(tb testing.TB, text string) Values {
	tb.Helper()
	file, diagnostics := hclsyntax.ParseConfig([]byte(text), "test.tf", hcl.InitialPos)
	if diagnostics.HasErrors() {
		tb.Fatal(diagnostics)
	}
	attributes, diagnostics := file.Body.JustAttributes()
	values := Values{}
	for name, attribute := range attributes {
		value, problems := attribute.Expr.Value(nil)
		diagnostics = append(diagnostics, problems...)
		values[name] = plainValue(value)
	}
	if diagnostics.HasErrors() {
		tb.Fatal(diagnostics)
	}
	return values
}

// plainValue is a constant as [Values] have it.
func plainValue(v cty.Value) any {
	switch typ := v.Type(); {
	case v.IsNull():
		return nil
	case typ == cty.String:
		return v.AsString()
	case typ == cty.Bool:
		return v.True()
	case typ == cty.Number:
		return v.AsBigFloat()
	case typ.IsTupleType():
		elements := []string{}
		for _, element := range v.AsValueSlice() {
			elements = append(elements, element.AsString())
		}
		return elements
	case typ.IsObjectType():
		fields := Values{}
		for name, field := range v.AsValueMap() {
			fields[name] = plainValue(field)
		}
		return fields
	default:
		panic(fmt.Sprintf("there is no plain value of type %s", typ.FriendlyName()))
	}
}
