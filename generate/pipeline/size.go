package pipeline

import (
	"maps"

	"modelcollapse/generate/llm"
)

// A size is how many tokens a text takes, as expected and at most: of what is read one for 4 bytes, and one a byte; of what a
// model writes half of max_tokens, and all of them.
type size struct{ mean, most float64 }

// bytesPerToken is what a token is expected to be long.
const bytesPerToken = 4

// expectedShare is how much of max_tokens an answer is expected to take.
const expectedShare = 0.5

// Around the texts of a call a server may put so many tokens, and a re-ask puts so many around the answer that it tells of.
const (
	aroundTokens = 64
	faultTokens  = maxFault + 128
)

func readSize(bytes int) size { return size{float64(bytes) / bytesPerToken, float64(bytes)} }

// writtenSize is that of each of n fields that share an answer: any of them may take all of it.
func writtenSize(s llm.Sampling, n int) size {
	return size{float64(s.MaxTokens) * expectedShare / float64(max(n, 1)), float64(s.MaxTokens)}
}

func (a size) plus(b size) size { return size{a.mean + b.mean, a.most + b.most} }

func (a size) times(n int) size { return size{a.mean * float64(n), a.most * float64(n)} }

// or is the size of what may be either.
func (a size) or(b size) size { return size{max(a.mean, b.mean), max(a.most, b.most)} }

// sizes are those of fields.
type sizes map[string]size

// with is s and the size of one more.
func (s sizes) with(name string, one size) sizes {
	out := make(sizes, len(s)+1)
	maps.Copy(out, s)
	out[name] = one
	return out
}

// of is the sum over fields.
func (s sizes) of(names []string) (sum size) {
	for _, name := range names {
		sum = sum.plus(s[name])
	}
	return sum
}

// measured is the size of texts of which one is chosen.
func measured(texts []string) (s size) {
	for _, text := range texts {
		one := readSize(len(text))
		s.mean, s.most = s.mean+one.mean/float64(len(texts)), max(s.most, one.most)
	}
	return s
}

// size is what a template takes once it is filled.
func (t *Template) size(fields sizes) (sum size) {
	for _, p := range t.parts {
		one := readSize(len(p.text))
		if p.name != "" {
			one = one.or(fields[p.name])
		}
		sum = sum.plus(one)
	}
	return sum
}

// prompted is the size of a prompt that is known when its stage opens.
func prompted(fields sizes, all ...*Template) func(*Names) size {
	var sum size
	for _, t := range all {
		sum = sum.plus(t.size(fields))
	}
	return func(*Names) size { return sum }
}

// sized notes how long fields are that a stage writes. Where keeps is set some records leave it with the field as it was.
func (n *Names) sized(s size, keeps bool, names ...string) {
	if n.sizes == nil {
		n.sizes = sizes{}
	}
	for _, name := range names {
		if was, there := n.sizes[name]; there && keeps {
			n.sizes[name] = was.or(s)
		} else {
			n.sizes[name] = s
		}
	}
}
