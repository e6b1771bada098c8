package corpus

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"modelcollapse/generate"
)

// GoDocs is the prose of the Go distribution on this machine: the comments of its sources, a row a sentence, split by
// whole packages. Held-out sentences that also stand in the training packages are dropped. It is its own config.
//
// What was extracted is kept in the user's cache folder by Go version and verified when it is read back; without a
// cache that can be written it is extracted again. As with Text, one *GoDocs is read once and may be shared.
type GoDocs struct {
	Comments string `json:"comments" default:"doc" enum:"doc,all" doc:"doc: what documents a declaration; all: every comment"`
	Lower    bool   `json:"lower" default:"false" doc:"put everything in lower case"`
	generate.Cut

	memo memo
	tree func(context.Context) (tree, error) // for tests; nil: goTree
}

// Validate reports settings that leave nothing to train on.
func (g *GoDocs) Validate() error {
	if g.Comments != "" && g.Comments != "doc" && g.Comments != "all" {
		return fmt.Errorf("comments: unknown %q", g.Comments)
	}
	return g.Cut.Check()
}

// Open extracts the text, unless that was done before, and splits it by packages.
func (g *GoDocs) Open(ctx context.Context, r *rand.Rand) (generate.Source[generate.Tokens], error) {
	if err := g.Validate(); err != nil {
		return nil, fmt.Errorf("go_docs: %w", err)
	}
	p, err := g.memo.get(func() (*parsed, error) { return g.read(ctx) })
	if err != nil {
		return nil, fmt.Errorf("go_docs: %w", err)
	}
	c, err := p.deal(split{cut: g.Cut, level: byFile, overlap: true}, r)
	if err != nil {
		return nil, fmt.Errorf("go_docs: %s: %w", p.what, err)
	}
	return c, nil
}

// read extracts the text, or finds it in the cache, and makes rows of it.
func (g *GoDocs) read(ctx context.Context) (*parsed, error) {
	find := g.tree
	if find == nil {
		find = goTree
	}
	t, err := find(ctx)
	if err != nil {
		return nil, err
	}
	text, err := t.text(ctx, g.Comments == "all")
	if err != nil {
		return nil, err
	}
	b := &builder{ctx: ctx, lexicon: newLexicon(), tokenize: splitWords, lower: g.Lower}
	packages, err := text.rows(b)
	if err != nil {
		return nil, err
	}
	p, err := b.seal(b.rows())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.root, err)
	}
	p.sum, p.cutter = text.sum(), cutter{splitWords, " ", g.Lower}
	p.what = fmt.Sprintf("prose of %s (%s comments): %d packages, %d bytes, %d sentences, %d tokens (word), %d types, sha256 %s",
		t.version, t.kind(g.Comments == "all"), packages, len(text), b.rows(), len(b.ids), len(b.lexicon.words), p.sum)
	return p, nil
}

// A tree is the sources of a Go distribution.
type tree struct {
	root, version string
	cache         string // a folder for what was extracted; "": none
}

// text is the prose of a tree, from the cache or extracted now. The cache never makes it fail.
func (t tree) text(ctx context.Context, all bool) (extract, error) {
	name := fmt.Sprintf("go-prose-%s-%s-v%d.txt", t.version, t.kind(all), extractor)
	if t.cache != "" {
		if e, err := loadExtract(filepath.Join(t.cache, name)); err == nil {
			return e, nil
		}
	}
	e, err := extractTree(ctx, filepath.Join(t.root, "src"), all)
	if err == nil && t.cache != "" {
		_ = e.save(t.cache, name) // a cache is a convenience: read-only homes have none
	}
	return e, err
}

func (tree) kind(all bool) string {
	if all {
		return "all"
	}
	return "doc"
}

// cacheFolder is where extracts are kept; "" where there is no home.
func cacheFolder() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "collapse")
}
