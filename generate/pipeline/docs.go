package pipeline

import (
	"context"
	"errors"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/generate/corpus"
	"modelcollapse/generate/read"
	"modelcollapse/internal/rng"
)

// sentences gives those of the Go documentation that the server in this program learned from, and the digest of all.
func sentences(ctx context.Context, give func(f map[string]any, origin string) error) (digest string, err error) {
	source, err := (&corpus.GoDocs{Cut: generate.Cut{HeldOut: 0.1}}).Open(ctx, rng.Root(1).Child("data", 0).Stream())
	if err != nil {
		return "", err
	}
	docs := source.(*corpus.Corpus)
	digest, _ = docs.Digest()
	for i, row := range docs.Rows() {
		err := give(map[string]any{"text": docs.Text(row)}, fmt.Sprintf("go_docs:%d", i+1))
		if errors.Is(err, read.ErrEnough) {
			break
		}
		if err != nil {
			return "", err
		}
	}
	return digest, nil
}
