package schema_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"modelcollapse/generate/llm/server/schema"
	"modelcollapse/internal/rng"
)

// writer says "x y z", as long as it may.
type writer struct {
	bytes.Buffer
	nats float64
	puts int
}

func (w *writer) Put(piece string, nats float64) error {
	w.WriteString(piece)
	w.nats += nats
	if w.puts++; w.puts > 100_000 {
		return errors.New("it does not end")
	}
	return nil
}

func (w *writer) Say(least, most int) error {
	w.WriteString(strings.Repeat("x", max(least, min(most, 3))))
	return nil
}

var satisfiable = []string{
	`{}`, `true`, `{"type":"integer"}`, `{"type":"number","minimum":-2.5,"exclusiveMaximum":-2.4}`, `{"type":"number","minimum":0.123,"maximum":0.123}`,
	`{"type":"integer","minimum":-3,"maximum":3,"multipleOf":1.5}`, `{"type":"number","multipleOf":0.1,"maximum":1}`,
	`{"type":"integer","exclusiveMinimum":0,"exclusiveMaximum":2}`, `{"type":["null","boolean","string"]}`,
	`{"enum":["a",1,null,{"b":[1]}]}`, `{"type":"string","enum":["a",1]}`, `{"const":null}`,
	`{"type":"string","minLength":5,"maxLength":5}`, `{"type":"string","format":"date"}`, `{"type":"string","format":"date-time"}`,
	`{"type":"string","format":"uuid"}`, `{"type":"string","format":"email"}`,
	`{"type":"array","items":{"type":"integer","minimum":5},"minItems":2,"maxItems":4}`, `{"type":"array"}`,
	`{"type":"array","prefixItems":[{"const":1},{"const":"b"}],"items":false}`, `{"prefixItems":[{"const":1}],"minItems":3}`,
	`{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"integer"}},"required":["z","q"]}`,
	`{"type":"object","properties":{"a\"b":{"type":"string"}},"required":["a\"b"],"additionalProperties":false}`,
	`{"type":"object","properties":{"no":false,"yes":{"type":"boolean"}}}`,
	`{"$ref":"#/$defs/tree","$defs":{"tree":{"type":"object","properties":{"left":{"$ref":"#/$defs/tree"},"right":{"$ref":"#/$defs/tree"},"of~/%":{"type":"integer"}},"required":["of~/%"]}}}`,
	`{"$defs":{"list":{"anyOf":[{"type":"null"},{"type":"array","prefixItems":[{"type":"integer"},{"$ref":"#/$defs/list"}],"minItems":2,"items":false}]}},"$ref":"#/$defs/list"}`,
	`{"type":"array","minItems":1,"items":{"$ref":"#/$defs/n"},"$defs":{"n":{"oneOf":[{"type":"integer"},{"$ref":"#"}]}}}`,
	`{"oneOf":[{"type":"object","properties":{"kind":{"const":"a"},"x":{"type":"integer"}},"required":["kind","x"]},{"type":"object","properties":{"kind":{"const":"b"}},"required":["kind"]}],"discriminator":{"propertyName":"kind"}}`,
	`{"allOf":[{"type":"string"}],"title":"only one"}`,
}

// What is written satisfies the schema, as an independent validator sees it; the same stream writes it again.
func TestWalksSatisfy(t *testing.T) {
	for i, raw := range satisfiable {
		s, err := schema.Parse(json.RawMessage(raw))
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		judge := validator(t, raw)
		for k := range 100 {
			var w, again writer
			if err := s.Walk(&w, rng.Root(uint64(i)).Child("walk", k).Stream()); err != nil {
				t.Fatalf("%s: %v", raw, err)
			}
			_ = s.Walk(&again, rng.Root(uint64(i)).Child("walk", k).Stream())
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(w.String()))
			if err == nil {
				err = judge.Validate(value)
			}
			if err != nil || again.String() != w.String() || w.nats > 0 || math.IsInf(w.nats, 0) {
				t.Fatalf("%s: %s (%g nats): %v", raw, w.String(), w.nats, err)
			}
		}
	}
}

func validator(t *testing.T, raw string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(raw))
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err == nil {
		err = c.AddResource("s.json", doc)
	}
	s, err2 := c.Compile("s.json")
	if err != nil || err2 != nil {
		t.Fatalf("%s: %v %v", raw, err, err2)
	}
	return s
}

// What has no value, or none that ends, is known before the walk; what is not supported is refused by name.
func TestRefused(t *testing.T) {
	for _, raw := range []string{
		`false`, `{"enum":[]}`, `{"type":"string","enum":[1]}`, `{"type":"integer","minimum":3,"maximum":2}`, `{"type":"integer","exclusiveMinimum":1,"exclusiveMaximum":2}`,
		`{"type":"number","exclusiveMinimum":1,"maximum":1}`, `{"type":"integer","minimum":1,"maximum":5,"multipleOf":7}`,
		`{"type":"array","minItems":3,"maxItems":2}`, `{"type":"array","minItems":1,"items":false}`, `{"type":"string","minLength":3,"maxLength":2}`,
		`{"type":"object","required":["a"],"additionalProperties":false}`, `{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}`,
		`{"$ref":"#"}`, `{"anyOf":[false,{"enum":[]}]}`, `{"anyOf":[]}`,
	} {
		if _, err := schema.Parse(json.RawMessage(raw)); !errors.Is(err, schema.ErrUnsatisfiable) {
			t.Errorf("%s: %v", raw, err)
		}
	}
	for raw, names := range map[string]string{
		`{"type":"string","pattern":"a+"}`: "pattern", `{"not":{}}`: "not", `{"type":"text"}`: "text", `[]`: "object", `{"$ref":"other.json"}`: "other.json",
		`{"$ref":"#/$defs/x"}`: "$defs", `{"type":"string","format":"ipv4"}`: "ipv4", `{"oneOf":[{"type":"integer"},{"type":"number"}]}`: "oneOf",
		`{"type":"object","anyOf":[{"type":"object"}]}`: "anyOf", `{"properties":{"a":{"if":{}}}}`: "#/properties/a", `{`: "JSON", `{"minItems":-1}`: "below 0",
		`{"type":"number","minimum":1e99999}`: "#",
	} {
		if _, err := schema.Parse(json.RawMessage(raw)); err == nil || !strings.Contains(err.Error(), names) {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

// Categories, numbers, optional parts and lengths are drawn uniformly, and come with the log probability of what was drawn.
func TestUniform(t *testing.T) {
	s, err := schema.Parse(json.RawMessage(`{"type":"object","properties":{"a":{"enum":["x","y","z"]},"b":{"type":"integer","minimum":1,"maximum":2}},"required":["a"]}`))
	if err != nil {
		t.Fatal(err)
	}
	const n = 9000
	seen, nats := map[string]float64{}, map[string]float64{}
	r := rng.Root(1).Stream()
	for range n {
		var w writer
		_ = s.Walk(&w, r)
		seen[w.String()]++
		nats[w.String()] = w.nats
	}
	x, total := 0.0, 0.0
	for text, k := range seen {
		p := math.Exp(nats[text])
		x, total = x+(k-n*p)*(k-n*p)/(n*p), total+p
	}
	if len(seen) != 9 || math.Abs(total-1) > 1e-12 || x > 30 { // chi-square of 8 degrees: above 30 once in 5000
		t.Errorf("%d values of mass %g, chi-square %.1f: %v", len(seen), total, x, seen)
	}
}

// Whatever the schema, parsing and walking end without a panic, and what is written is JSON.
func FuzzParse(f *testing.F) {
	for _, raw := range satisfiable {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s, err := schema.Parse(json.RawMessage(raw))
		if err != nil || len(raw) > 2000 {
			return
		}
		var w writer
		if err := s.Walk(&w, rng.Root(1).Stream()); err == nil && !json.Valid(w.Bytes()) {
			t.Fatalf("%s: %s", raw, w.String())
		}
	})
}

func Example() {
	s, err := schema.Parse(json.RawMessage(`{"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 18, "maximum": 99}}, "required": ["name", "age"]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	var w writer
	_ = s.Walk(&w, rng.Root(1).Stream())
	fmt.Printf("%s has probability 1/%.0f, given the name\n", w.String(), math.Exp(-w.nats))
	// Output: {"name": "xxx", "age": 80} has probability 1/82, given the name
}
