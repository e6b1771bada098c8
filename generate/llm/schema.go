package llm

import (
	"encoding/json"
	"fmt"
	"slices"
)

// bind binds the answer to the schema of the call by the way that the server knows: a field of the body, or else words.
func (p Profile) bind(m map[string]any, call Call) (Call, error) {
	if call.Schema == nil {
		return call, nil
	}
	if !json.Valid(call.Schema) {
		return call, fmt.Errorf("schema: is no JSON")
	}
	switch p.Schema {
	case "json_object": // llama-server
		m["response_format"] = map[string]any{"type": "json_object", "schema": call.Schema}
	case "none":
		call = call.withWords("Answer with one JSON value and nothing else. It must satisfy this JSON schema:\n" + string(call.Schema))
	default: // auto, until a probe says otherwise
		m["response_format"] = map[string]any{"type": "json_schema",
			"json_schema": map[string]any{"name": "answer", "strict": true, "schema": call.Schema}}
	}
	return call, nil
}

// withWords adds a paragraph to the last turn or to the prompt.
func (call Call) withWords(words string) Call {
	if call.Prompt != "" || len(call.Messages) == 0 {
		call.Prompt += "\n\n" + words
	}
	if n := len(call.Messages); n > 0 {
		call.Messages = slices.Clone(call.Messages)
		call.Messages[n-1].Content += "\n\n" + words
	}
	return call
}
