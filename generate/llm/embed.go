package llm

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// embedAtOnce is how many texts one call embeds.
const embedAtOnce = 64

// Embed places texts in the space of a model, a vector a text, all of one length; model "" is that of the endpoint. Calls are
// journalled and bounded as any others. The error is that of the first call that failed.
func (c *Client) Embed(ctx context.Context, model string, texts []string) ([][]float64, error) {
	if model == "" {
		model = c.endpoint.Model
	}
	var all [][]float64
	for len(texts) > 0 {
		some := texts[:min(len(texts), embedAtOnce)]
		texts = texts[len(some):]
		r, err := c.composeEmbedding(model, some)
		if err != nil {
			return nil, err
		}
		reply, err := c.answer(ctx, r)
		if err != nil {
			return nil, err
		}
		if reply.Failed() {
			return nil, fmt.Errorf("embeddings: %s", reply.Finish)
		}
		var vectors [][]float64
		if err := json.Unmarshal([]byte(reply.Text), &vectors); err != nil {
			return nil, fmt.Errorf("embeddings: %w", err)
		}
		if len(vectors) != len(some) {
			return nil, fmt.Errorf("embeddings: the server gave %d vectors for %d texts", len(vectors), len(some))
		}
		all = append(all, vectors...)
	}
	return all, sameLength(all)
}

func sameLength(vectors [][]float64) error {
	for i, v := range vectors {
		if len(v) != len(vectors[0]) || len(v) == 0 {
			return fmt.Errorf("embeddings: vector %d has %d dimensions, the first %d", i+1, len(v), len(vectors[0]))
		}
	}
	return nil
}

// composeEmbedding is the request for the embeddings of some texts.
func (c *Client) composeEmbedding(model string, texts []string) (request, error) {
	body, err := encode(map[string]any{"model": model, "input": texts, "encoding_format": "float"})
	if err != nil {
		return request{}, fmt.Errorf("embeddings: %w", err)
	}
	r := request{body: body, prompt: hexDigest(body), sum: c.sum(body, 0), api: "embeddings"}
	r.key = hex.EncodeToString(r.sum[:])
	r.likely = tokens{int64(len(body)+bytesPerToken-1) / bytesPerToken, 0}
	r.most = tokens{int64(len(body)), 0}
	return r, nil
}

// parseVectors reads an answer with embeddings. Its text is their JSON, a list a text, in the order of the texts.
func parseVectors(raw []byte, r request) (answer, error) {
	var w struct {
		Error json.RawMessage `json:"error"`
		Model string          `json:"model"`
		Data  []struct {
			Index     int       `json:"index"`
			Embedding []float64 `json:"embedding"`
		} `json:"data"`
		Usage optional[wireUsage] `json:"usage"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return answer{}, errBroken
	}
	if told := readTold(w.Error); told != nil {
		return answer{}, told
	}
	vectors := make([][]float64, len(w.Data))
	for _, d := range w.Data {
		if d.Index < 0 || d.Index >= len(vectors) || vectors[d.Index] != nil {
			return answer{}, fmt.Errorf("the answer has embedding %d of %d, or has it twice", d.Index, len(vectors))
		}
		vectors[d.Index] = d.Embedding
	}
	text, err := encode(vectors)
	if err != nil {
		return answer{}, err
	}
	return answer{text: string(text), finish: "stop", model: w.Model, usage: wireAnswer{Usage: w.Usage}.usage(r, "")}, nil
}
