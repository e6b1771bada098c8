package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A form is what an answer must be: an object by a JSON schema, or any text but none.
type form struct {
	raw    json.RawMessage    // nil: a text
	schema *jsonschema.Schema // nil: a text
	into   string             // the field of a text
}

// textForm takes any text but an empty one, into a field.
func textForm(into string) form { return form{into: into} }

// schemaForm takes objects by a schema.
func schemaForm(schema map[string]any) (form, error) {
	raw := asJSON(schema)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		return form{}, fmt.Errorf("schema: %w", err)
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(nothing{})
	if err := c.AddResource("answer.json", doc); err != nil {
		return form{}, fmt.Errorf("schema: %w", err)
	}
	s, err := c.Compile("answer.json")
	if err != nil {
		return form{}, fmt.Errorf("schema: %s", oneLine(err))
	}
	if kind, _ := schema["type"].(string); kind != "object" {
		return form{}, errors.New("schema: an answer is an object of fields: write type: object and properties")
	}
	return form{raw: raw, schema: s}, nil
}

// nothing loads no schema from elsewhere: a config names no file and no address.
type nothing struct{}

func (nothing) Load(url string) (any, error) {
	return nil, fmt.Errorf("%s: a schema must stand in the config whole", url)
}

// properties are the fields of an answer: those that must be there, and those that may.
func properties(schema map[string]any) (must, may []string) {
	all, _ := schema["properties"].(map[string]any)
	required := map[string]bool{}
	list, _ := schema["required"].([]any)
	for _, name := range list {
		if text, ok := name.(string); ok {
			required[text] = true
		}
	}
	for _, name := range Fields(all).Names() {
		if required[name] {
			must = append(must, name)
		} else {
			may = append(may, name)
		}
	}
	return must, may
}

// read makes fields of an answer. Repaired says that it was not as it should be, and could be mended; an error says what is
// wrong in words for the model.
func (f form) read(answer string) (fields Fields, mended bool, err error) {
	if f.schema == nil {
		text := strings.TrimSpace(answer)
		if text == "" {
			return nil, false, errors.New("the answer is empty")
		}
		return Fields{f.into: text}, false, nil
	}
	text, mended := repaired(answer)
	var value any
	if err := decodeJSON([]byte(text), &value); err != nil {
		return nil, false, fmt.Errorf("the answer is not JSON: %w", err)
	}
	if err := f.schema.Validate(value); err != nil {
		return nil, false, fmt.Errorf("the answer does not follow the schema: %s", oneLine(err))
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, false, errors.New("the answer is no JSON object")
	}
	return object, mended, nil
}

// oneLine is an error of the schema's library without its addresses.
func oneLine(err error) string {
	lines := strings.Split(err.Error(), "\n")
	if len(lines) > 1 {
		lines = lines[1:]
	}
	for i, line := range lines {
		lines[i] = strings.TrimLeft(line, "- ")
	}
	return strings.Join(lines, "; ")
}
