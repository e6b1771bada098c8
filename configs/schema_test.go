package configs_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"modelcollapse/configs"
	"modelcollapse/configs/mutate"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(configs.Schema(table())))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid asks the schema about a text as an editor would.
func valid(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		return err
	}
	asJSON, err := json.Marshal(v)
	if err != nil {
		return err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestSchemaTakesWhatLoadTakes(t *testing.T) {
	s := compiled(t)
	child, err := os.ReadFile("testdata/child.yaml")
	if err != nil {
		t.Fatal(err)
	}
	texts := corpus(t)
	texts["child"] = string(child)
	texts["points"] = base + "sweep: {model: {a: {order: 2}}, workflow: [replace, mix], zip: {rows: [1, 2], seed: [1, 2]}, data.heldout: [0.1, 0.2]}\n"
	for name, text := range texts {
		if err := valid(t, s, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "child" {
			continue
		}
		if err := valid(t, s, string(mustLoad(t, text).YAML())); err != nil {
			t.Errorf("%s, resolved: %v", name, err)
		}
	}
}

// The schema refuses all misspelt keys, and all mistyped scalars but those that only Load can see through: spellings of
// one number, and the word yes, which is a text to a reader of YAML 1.2.
func TestSchemaRefusesWhatItCanSee(t *testing.T) {
	s := compiled(t)
	for name, text := range corpus(t) {
		keys, err := mutate.Misspelt([]byte(text), usersOwn)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range keys {
			if valid(t, s, string(m.YAML)) == nil {
				t.Errorf("%s: %s written %s is valid", name, m.Path, m.Is)
			}
		}
		scalars, err := mutate.Retyped([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range scalars {
			spelling := strings.Contains("0x1f 1_0 07 1_0.5 .nan .inf", m.Is) || m.Path == "every" && m.Is == "12"
			if !spelling && valid(t, s, string(m.YAML)) == nil {
				t.Errorf("%s: %s (%s) written %s is valid", name, m.Path, m.Was, m.Is)
			}
		}
	}
}

func TestSchemaBytes(t *testing.T) {
	text := configs.Schema(table())
	if !bytes.Equal(text, configs.Schema(table())) {
		t.Error("the same table must give the same bytes")
	}
	for _, want := range []string{`"description": "Words an n-gram has."`, `"default": 3`, `"maximum": 6`, `"kneser_ney"`, `"const": "ngram"`, `"description": "ngram of the tests."`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is missing", want)
		}
	}
}
