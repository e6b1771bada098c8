package llm_test

import (
	"context"
	"fmt"

	"modelcollapse/generate/llm"
)

// The embedded server costs nothing, and equal seeds get equal answers.
func Example() {
	c, err := llm.Open(llm.Endpoint{BaseURL: llm.Embedded, API: "completions"}, llm.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	seed := int64(1)
	call := func(i int) llm.Call {
		return llm.Call{Prompt: "Package", Sample: i, Seed: &seed, Logprobs: -1, Sampling: llm.Sampling{MaxTokens: 5}}
	}
	var texts []string
	err = c.Each(context.Background(), 2, call, func(_ int, r llm.Reply) error {
		texts = append(texts, r.Text)
		return nil
	})
	fmt.Println(len(texts), texts[0] == texts[1], err)
	// Output: 2 true <nil>
}
