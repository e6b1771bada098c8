package corpus

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"modelcollapse/generate"
)

// A parsed corpus is what does not depend on the split: rows of word numbers, and where each row stands.
// It is not changed any more, so any number of splits may be dealt from it at once.
type parsed struct {
	words []string
	ids   []uint32
	ends  []int // of each row in ids
	level [levels][]uint32
	own   int // rows from this one on are the corpus' own held-out text; len(ends): it has none
	cutter
	sum, what string
}

// row is the word numbers of row i.
func (p *parsed) row(i uint32) []uint32 {
	if i == 0 {
		return p.ids[:p.ends[0]]
	}
	return p.ids[p.ends[i-1]:p.ends[i]]
}

// groups is how many files, records, paragraphs or lines the rows to be split stand in.
func (p *parsed) groups(level int) (n int) {
	at := p.level[level][:p.own]
	for i := range at {
		if i == 0 || at[i] != at[i-1] {
			n++
		}
	}
	return n
}

// enoughGroups is how many groups a split by chance wants: with fewer, one group more or less is most of a part.
const enoughGroups = 20

// coarsest is the largest unit of which there are enough to deal them at random; a line if there is none.
func (p *parsed) coarsest() int {
	for level := range byLine {
		if p.groups(level) >= enoughGroups {
			return level
		}
	}
	return byLine
}

// A split says how a parsed corpus is dealt.
type split struct {
	cut     generate.Cut
	level   int  // what is dealt whole
	overlap bool // drop rows of the other parts that also stand in train
}

// deal splits the rows, gives ids to the words of the training rows, and writes the rows in these ids.
func (p *parsed) deal(s split, r *rand.Rand) (*Corpus, error) {
	index := make([]uint32, len(p.ends))
	for i := range index {
		index[i] = uint32(i)
	}
	if p.own < len(index) {
		s.cut.HeldOut, s.cut.Tail = 0, false
	}
	parts, err := generate.Split(index[:p.own], p.level[s.level][:p.own], s.cut, r)
	if err != nil {
		return nil, fmt.Errorf("%w (a group is a %s)", err, groupNames[s.level])
	}
	if p.own < len(index) {
		parts.HeldOut = index[p.own:]
	}
	c := &Corpus{sum: p.sum, what: p.what, cutter: p.cutter}
	if s.overlap {
		c.overlap = p.dropOverlap(&parts)
	}
	vocabulary, id, err := p.vocabulary(parts.Train)
	if err != nil {
		return nil, err
	}
	c.vocabulary = vocabulary
	c.parts = generate.Parts[generate.Tokens]{
		Train: p.write(parts.Train, id), HeldOut: p.write(parts.HeldOut, id), Tune: p.write(parts.Tune, id),
	}
	return c, nil
}

var groupNames = [levels]string{"file", "record", "paragraph", "line"}

// vocabulary orders the words of some rows by falling count, ties bytewise; id is by word number, generate.Unknown for
// the others.
func (p *parsed) vocabulary(rows []uint32) (v *generate.Vocabulary, id []uint32, err error) {
	count := make([]uint32, len(p.words))
	for _, i := range rows {
		for _, w := range p.row(i) {
			count[w]++
		}
	}
	var living []uint32
	for w, n := range count {
		if n > 0 {
			living = append(living, uint32(w))
		}
	}
	if len(living) < 2 {
		return nil, nil, fmt.Errorf("%d training rows with a vocabulary of %d: there is nothing to learn", len(rows), len(living))
	}
	slices.SortFunc(living, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(p.words[a], p.words[b]))
	})
	words, id := make([]string, len(living)), make([]uint32, len(p.words))
	for rank, w := range living {
		words[rank], id[w] = p.words[w], generate.Words+uint32(rank)
	}
	return generate.NewVocabulary(words), id, nil
}

// write makes rows of ids in an arena of their own, each closed by generate.End.
func (p *parsed) write(rows []uint32, id []uint32) []generate.Tokens {
	total := len(rows)
	for _, i := range rows {
		total += len(p.row(i))
	}
	arena, out := make([]uint32, 0, total), make([]generate.Tokens, 0, len(rows))
	for _, i := range rows {
		from := len(arena)
		for _, w := range p.row(i) {
			arena = append(arena, id[w])
		}
		arena = append(arena, generate.End)
		out = append(out, arena[from:len(arena):len(arena)])
	}
	return out
}

// dropOverlap drops held-out and tuning rows that also stand in train, word for word; how many it dropped.
func (p *parsed) dropOverlap(parts *generate.Parts[uint32]) (dropped int) {
	var key []byte
	keyOf := func(i uint32) []byte {
		key = key[:0]
		for _, w := range p.row(i) {
			key = append(key, byte(w), byte(w>>8), byte(w>>16), byte(w>>24))
		}
		return key
	}
	train := make(map[string]struct{}, len(parts.Train))
	for _, i := range parts.Train {
		train[string(keyOf(i))] = struct{}{}
	}
	for _, part := range []*[]uint32{&parts.HeldOut, &parts.Tune} {
		before := len(*part)
		*part = slices.DeleteFunc(slices.Clone(*part), func(i uint32) bool {
			_, stands := train[string(keyOf(i))]
			return stands
		})
		dropped += before - len(*part)
	}
	return dropped
}

// seal ends a reading. own is the number of rows before the corpus' own held-out text.
func (b *builder) seal(own int) (*parsed, error) {
	if own == 0 {
		return nil, errors.New("no text: there is not a single line with a token")
	}
	return &parsed{words: b.lexicon.words, ids: b.ids, ends: b.ends, level: b.level, own: own}, nil
}

// A memo keeps a parsed corpus from its first successful reading on; whoever asks meanwhile waits.
type memo struct {
	mu     sync.Mutex
	parsed *parsed
}

func (m *memo) get(read func() (*parsed, error)) (*parsed, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.parsed == nil {
		p, err := read()
		if err != nil {
			return nil, err
		}
		m.parsed = p
	}
	return m.parsed, nil
}
