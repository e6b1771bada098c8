package audit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"modelcollapse/generate/text"
)

// A library is the documents of two sets, as statistics look at them.
type library struct {
	texts   []string
	real    int        // documents of the first set, which come first
	marks   [][]uint64 // tokens: words and marks, lower-cased
	plain   [][]uint64 // words alone, lower-cased, of copies
	weight  []int      // tokens; of a document without words, the mean of the first set
	tokens  [2]int     // of each set
	telling int        // words from which on a document is a copy if it is equal to another: shorter ones are equal by chance
	bundle  []int      // by document: what is dealt together
	bundles [][]int    // documents of each
	order   []int      // documents that have words, in random order: samples are its first of a side
	jobs    int
}

// bundled is the largest number of bundles of a set: what a split costs goes with it. Documents are joined at random to that
// many, so that sides are dealt in parts of 1/1024 of a set.
const bundled = 1024

// libraryOf prepares two sets.
func libraryOf(ctx context.Context, first, second *Documents, o Options, r *rand.Rand) (*library, error) {
	l := &library{texts: slices.Concat(first.Texts, second.Texts), real: len(first.Texts), jobs: o.Jobs}
	l.marks, l.plain, l.weight = make([][]uint64, len(l.texts)), make([][]uint64, len(l.texts)), make([]int, len(l.texts))
	if err := l.eachChunk(ctx, func(from, to int) {
		for i := from; i < to; i++ {
			l.marks[i] = text.Marks.Hash(nil, l.texts[i])
			l.plain[i] = text.Plain.Hash(nil, l.texts[i])
			l.weight[i] = len(l.marks[i])
		}
	}); err != nil {
		return nil, err
	}
	l.weighEmpty()
	for i, w := range l.weight {
		l.tokens[l.set(i)] += w
	}
	l.bundle = make([]int, len(l.texts))
	l.deal(first.Group, 0, l.real, r)
	l.deal(second.Group, l.real, len(l.texts), r)
	for _, i := range r.Perm(len(l.texts)) {
		if len(l.marks[i]) > 0 {
			l.order = append(l.order, i)
		}
	}
	if l.telling = shortGram; 2*l.longer(l.telling) < len(l.order) {
		l.telling = 1 // a set of short records
	}
	return l, nil
}

// weighEmpty has a document without words weigh what one of the first set does on average: weighing nothing, a thousand of them would be compared with a
// single document.
func (l *library) weighEmpty() {
	sum, n := 0, 0
	for _, w := range l.weight[:l.real] {
		if sum += w; w > 0 {
			n++
		}
	}
	for i, w := range l.weight {
		if w == 0 {
			l.weight[i] = max(1, sum/max(1, n))
		}
	}
}

// longer is how many documents have so many words.
func (l *library) longer(words int) (n int) {
	for _, w := range l.plain {
		if len(w) >= words {
			n++
		}
	}
	return n
}

// set is 0 for a document of the first set and 1 for one of the second.
func (l *library) set(i int) int {
	if i < l.real {
		return 0
	}
	return 1
}

// eachChunk does a part of the documents at once.
func (l *library) eachChunk(ctx context.Context, do func(from, to int)) error {
	const chunk = 2048
	var tasks []func()
	for from := 0; from < len(l.texts); from += chunk {
		tasks = append(tasks, func() { do(from, min(from+chunk, len(l.texts))) })
	}
	return each(ctx, l.jobs, tasks)
}

// deal bundles the documents from … to − 1, whole groups at random, into parts of nearly as many tokens.
func (l *library) deal(group []int, from, to int, r *rand.Rand) {
	groups, at := [][]int{}, map[int]int{}
	for i := from; i < to; i++ {
		if group == nil {
			groups = append(groups, []int{i})
			continue
		}
		g, ok := at[group[i-from]]
		if !ok {
			g = len(groups)
			at[group[i-from]], groups = g, append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	r.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
	all, done, open := l.tokens[l.set(from)], 0, false
	for k, g := range groups {
		if !open || len(groups) <= bundled {
			l.bundles = append(l.bundles, nil)
		}
		last := len(l.bundles) - 1
		before := done
		for _, i := range g {
			l.bundle[i] = last
			l.bundles[last] = append(l.bundles[last], i)
			done += l.weight[i]
		}
		open = k+1 < len(groups) && done*bundled/all == before*bundled/all
	}
}

// size is the tokens of a side: of found and of the null.
func (l *library) size() int { return min(l.tokens[1], l.tokens[0]/2) }

// sampled is how many documents a statistic can look at that looks at limit or fewer on every side; some sides have fewer documents
// than others, so it stays a tenth below what they should have.
func (l *library) sampled(limit int) int {
	var written [2]int
	for _, i := range l.order {
		written[l.set(i)]++
	}
	n := float64(limit)
	for set, docs := range written {
		n = min(n, .9*float64(docs)*float64(l.size())/float64(l.tokens[set]))
	}
	if n < 100 {
		return int(n)
	}
	return roundDown(int(n))
}

// roundDown is to one digit, so that names stay short.
func roundDown(n int) int {
	unit := 1
	for n/unit >= 10 {
		unit *= 10
	}
	return n / unit * unit
}

// sample is the first n documents of a side in the order of l; nil where there are fewer.
func (l *library) sample(s Split, side Side, n int) []int {
	out := make([]int, 0, n)
	for _, i := range l.order {
		if s.Side[i] == side {
			if out = append(out, i); len(out) == n {
				return out
			}
		}
	}
	return nil
}

// units are the documents as a family splits them.
func (l *library) units() Units {
	return Units{Real: l.real, Synthetic: len(l.texts) - l.real, Group: l.bundle, Weight: l.weight}
}

// written says how much there is of the documents from … to − 1.
func (l *library) written(from, to int) string {
	empty, tokens := 0, 0
	var types text.Numbers
	for _, words := range l.marks[from:to] {
		if tokens += len(words); len(words) == 0 {
			empty++
		}
		for _, w := range words {
			types.Of(w)
		}
	}
	return fmt.Sprintf("%d tokens (words and marks, lower-cased) of %d types; %d documents are empty", tokens, types.Len(), empty)
}
