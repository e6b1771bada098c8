package cli

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/evaluate/audit"
)

func gateOf(t *testing.T, text string) (*gate, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "gate.yaml")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return readGate(file)
}

// Bounds hold and break as they say; one on a statistic without a value is broken, not passed.
func TestGate(t *testing.T) {
	result := func(name string, found, effect float64, a audit.Answer) audit.Result {
		return audit.Result{Statistic: audit.Statistic{Name: name}, Found: audit.Number(found), Effect: audit.Number(effect), Answer: a}
	}
	r := &audit.Report{Results: []audit.Result{result("tail_loss", 0.3, 0.1, audit.Differs), result("tail_loss.x.y", 0.5, 0.4, audit.Alike),
		result("gone", math.NaN(), math.NaN(), audit.Unmeasured)}, Unknown: map[string]string{"asked": "give it"}}
	g, err := gateOf(t, "tail_loss: {max: 0.3, min: 0.31, excess: 0.09, x.y: {max: 0.5}}\ngone.max: 1\nasked.max: 1\ndiffering.max: 0\ntail_loss.x.y.excess: 0.4")
	if err != nil {
		t.Fatal(err)
	}
	checks, err := g.check(r)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"tail_loss.max 0.3": "", "tail_loss.min 0.31": "it is 0.3", "tail_loss.excess 0.09": "it is 0.1", "tail_loss.x.y.max 0.5": "",
		"gone.max 1": "it could not be measured", "asked.max 1": "not measured: give it", "differing.max 0": "it is 1", "tail_loss.x.y.excess 0.4": ""}
	for _, c := range checks {
		if why, ok := want[c.name]; !ok || why != c.broken {
			t.Errorf("%s: %q, want %q", c.name, c.broken, why)
		}
	}
	if len(checks) != len(want) {
		t.Errorf("%d checks, want %d", len(checks), len(want))
	}
	s := suiteOf(r, checks, true)
	if len(s.Cases) != len(want) || len(suiteOf(r, nil, false).Cases) != 3 {
		t.Errorf("%d cases", len(s.Cases))
	}
	for text, why := range map[string]string{"a.mix: 1": "gate.yaml:1:1: a.mix: a bound ends in", "max: 1": "a bound ends in", "a.max: x": "gate.yaml:1:8: want a number", "a: [1]": "a bound ends in", "{}": "there is no bound"} {
		if _, err := gateOf(t, text); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %q", text, err, why)
		}
	}
}

// A schema of columns reads as it is written, and every mistake has its place.
func TestAuditSchema(t *testing.T) {
	file := filepath.Join(t.TempDir(), "schema.yaml")
	read := func(text string) (map[string]string, audit.Rules, error) {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return readSchema(file)
	}
	types, rules, err := read("age: {type: numeric, min: 0, max: 120, required: true}\nsex: {values: [f, m]}\nid: drop")
	if err != nil || types["age"] != "numeric" || types["id"] != "drop" || *rules["age"].Max != 120 || !rules["age"].Required || len(rules["sex"].Values) != 2 {
		t.Errorf("%v %v %v", types, rules, err)
	}
	if _, ok := rules["id"]; ok {
		t.Error("a type is a rule")
	}
	if _, rules, err = read("joined: {type: date, min: 2020-01-01}"); err != nil || !rules["joined"].Dates || *rules["joined"].Min != 18262 {
		t.Errorf("%v, %v", rules["joined"], err)
	}
	for text, why := range map[string]string{"a: nmeric": `did you mean "numeric"?`, "a: {mn: 1}": `schema.yaml:1:5: unknown key "mn"`, "a: {required: 3}": "true or false", "a: {values: x}": "want a list",
		"a: {min: 3, max: 1}": "schema.yaml:1:1: a: min lies above max", "a: {type: category, min: 1}": "min and max are of numbers", "a: {type: date, min: 1}": "it holds dates", "a: {type: drop, min: 1}": "it is dropped",
		"a: {values: [[x]]}": "want a category", "a: {min: x}": "want a number", "a: [1]": "want a map", "a: {type: {}}": "want numeric"} {
		if _, _, err := read(text); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %q", text, err, why)
		}
	}
}
