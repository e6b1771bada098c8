package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math"

	"modelcollapse/generate"
)

// EmbeddingDuplicate drops a text whose embedding is nearly that of one that stayed before it. It keeps 4 bytes a dimension of
// the embedding for each record that stays.
type EmbeddingDuplicate struct {
	Field    string  `json:"field" doc:"whose text; empty: the text of the record"`
	Model    string  `json:"model" doc:"of embeddings, as the server calls it; empty: that of the endpoint"`
	Limit    float64 `json:"limit" default:"0.95" min:"-1" max:"1" doc:"cosine from which on a text is a duplicate"`
	Endpoint string  `json:"endpoint" doc:"one of endpoints, by its name; empty: that of the pipeline"`
}

// Open implements Stage.
func (d EmbeddingDuplicate) Open(e *Env) (any, error) {
	textOf, err := e.textOf(d.Field)
	if err != nil {
		return nil, err
	}
	server, err := e.server(d.Endpoint)
	if err != nil {
		return nil, err
	}
	if server.Embedder == nil {
		return nil, errors.New("there is no server that makes embeddings")
	}
	names, err := e.textNames(d.Field)
	if err != nil {
		return nil, err
	}
	text := e.Fields.sizes.of(names)
	e.calls = append(e.calls, cost{server: d.Endpoint, each: 1, most: 1, prompt: func(*Names) size { return text }})
	return &embedded{d, e, server.Embedder, textOf, nil}, nil
}

type embedded struct {
	EmbeddingDuplicate
	env    *Env
	server Embedder
	textOf func(Fields) string
	kept   [][]float32 // of length 1
}

// Name implements generate.Intervention.
func (d *embedded) Name() string { return d.env.Name }

// Apply embeds all texts of the batch by one call, and compares them in their order.
func (d *embedded) Apply(ctx context.Context, b generate.Batch[Record]) error {
	texts := make([]string, len(b.Rows))
	for i, r := range b.Rows {
		texts[i] = d.textOf(r.Fields)
	}
	vectors, err := d.server.Embed(ctx, d.Model, texts)
	if err != nil {
		return err
	}
	for i := range b.Rows {
		v := normed(vectors[i])
		best, at := d.nearest(v)
		if best >= d.Limit {
			b.Rows[i].Why, b.Weights[i] = fmt.Sprintf("like another: cosine %.3f with the %d. that stayed", best, at+1), 0
			continue
		}
		d.kept = append(d.kept, v)
	}
	return nil
}

// nearest is the greatest cosine with what stayed, −2 where nothing did.
func (d *embedded) nearest(v []float32) (best float64, at int) {
	best = -2
	for k, other := range d.kept {
		dot := float32(0)
		for i := range min(len(v), len(other)) {
			dot += float32(v[i] * other[i])
		}
		if float64(dot) > best {
			best, at = float64(dot), k
		}
	}
	return best, at
}

// normed is a vector of length 1 in the same direction; of no direction: itself.
func normed(v []float64) []float32 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x * x)
	}
	out := make([]float32, len(v))
	if sum == 0 {
		return out
	}
	for i, x := range v {
		out[i] = float32(x / math.Sqrt(sum))
	}
	return out
}
