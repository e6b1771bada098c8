package generate

import (
	"math"
	"slices"
)

// A workflow as a plan. What a newcomer trips over:
//
//   - Weight of a row against weight of a block: a Share weighs rows, unless its Lesson is PerBlock.
//   - Blocks made in generation g were drawn by fits of generation g − 1 (or from the truth, or from the past).
//   - Generation 0 learns from real data alone: block 0 of generation 0 is real, block 0 of later ones synthetic.
//   - Task.Train's memory is reused: a model must not keep it.
//
//	workflow             draws of generation g ≥ 1                      lesson of generation g
//	replace              0: N from fit g−1                               {g}
//	accumulate           0: N from fit g−1                               {0 … g}
//	accumulate_subsample 0: N from fit g−1; 1: B from blocks 0 … g       block 1 of g
//	window               0: N from fit g−1                               {g−K+1 … g}
//	weighted             0: N from fit g−1                               {0 … g}, weight of h; per block or row
//	replay               0: N from fit g−1                               {g} 1−ρ, {0} ρ; per block
//	augment              0: n from fit g−1                               {g}, {0}; or 1−w and w, per block
//	fresh                0: n from fit g−1; 1: r real                    blocks 0 and 1 of g; or 1−w and w, per block
//	mix, exact counts    0: (1−r)N from fit g−1; 1: rN real              blocks 0 and 1 of g
//	mix, per draw        0: N, each real with chance r                   {g}
//	refresh              0: N, each kept from g−1 with chance 1−η        {g}
//	                        (without replacement), else from fit g−1
//	incremental          0: λN from fit g−1; 1: (1−λ)N from blocks       blocks 0 and 1 of g
//	                        0 and 1 of g−1
//	expanding            0: λN from fit g−1                              {0 … g}
//	balanced             0: N from fit g−1; 1+h: N/(g+1) from block      blocks 1 … g+1 of g
//	                        0 of h, h = 0 … g
//	network              i: N from fit i of g−1, for every node i        node i: block j of g, weight T[i][j]; per block or row
//
// Generation 0 draws N real rows as block 0 and learns from them; in a network every node has a block of its own. Where
// fewer real rows are fixed for good than there are (augment, mix), they are drawn from block 0 of generation 0 as its
// block 1. All but network have one node. {a … b} is block 0 of generations a to b.

// An At names one block of rows (Index: its draw), or one fit (Index: its node), of a generation.
type At struct{ Generation, Index int }

// Blocks is the Index-th block of every generation in [Lo, Hi).
type Blocks struct{ Lo, Hi, Index int }

// First is the earliest of b.
func (b Blocks) First() At { return At{b.Lo, b.Index} }

// Each yields the blocks of b in order.
func (b Blocks) Each(yield func(At) bool) {
	for g := b.Lo; g < b.Hi; g++ {
		if !yield(At{g, b.Index}) {
			return
		}
	}
}

// An Origin is where a row of a draw comes from. Exactly one of Truth, Fit and Past is set.
type Origin struct {
	Prob        float64  // chance of this origin for each draw; 0 means 1
	Truth       bool     // real: from source number Source
	Source      int      //
	Fit         *At      // synthetic: from this fit of an earlier generation
	Past        []Blocks // rows that exist already, drawn again
	Replacement bool     // for Past
}

// Chance is Prob with its default.
func (o Origin) Chance() float64 {
	if o.Prob == 0 {
		return 1
	}
	return o.Prob
}

// A Draw makes one block. It is the only place where chance enters a plan.
type Draw struct {
	Rows  int      // draws, before interventions
	From  []Origin // several: a mixture decided draw by draw, so counts are random. For exact counts: several Draws
	Given *Origin  // each row is drawn given a row of Past (in order) or of the truth
}

// Real reports whether d takes rows from source number i.
func (d Draw) Real(i int) bool {
	real := func(o Origin) bool { return o.Truth && o.Source == i }
	return d.Given != nil && real(*d.Given) || slices.ContainsFunc(d.From, real)
}

// A Share is blocks that a lesson learns from.
type Share struct {
	Blocks
	Weight float64 // relative weight of a row (PerBlock: of a block); 0 means 1
}

// Relative is Weight with its default.
func (s Share) Relative() float64 {
	if s.Weight == 0 {
		return 1
	}
	return s.Weight
}

// A Lesson is what one node learns from in one generation, and how.
type Lesson struct {
	Shares   []Share
	PerBlock bool // weights count whole blocks, whatever their size
	Model    int  // which of the chain's models is fitted
	Start    *At  // warm start or anchor: the fit handed to the model
}

// Grows reports whether l is old plus later generations, and what was added.
func (l Lesson) Grows(old Lesson) (added Lesson, ok bool) {
	if l.PerBlock || old.PerBlock || l.Model != old.Model || len(l.Shares) < len(old.Shares) {
		return Lesson{}, false
	}
	added = Lesson{Model: l.Model}
	end := 0 // of what old learned from
	for _, o := range old.Shares {
		end = max(end, o.Hi)
	}
	for i, s := range l.Shares {
		if i >= len(old.Shares) {
			if s.Lo < end {
				return Lesson{}, false
			}
			added.Shares = append(added.Shares, s)
			continue
		}
		o := old.Shares[i]
		if s.Lo != o.Lo || s.Index != o.Index || s.Relative() != o.Relative() || s.Hi < o.Hi {
			return Lesson{}, false
		}
		if s.Lo = o.Hi; s.Lo < s.Hi {
			added.Shares = append(added.Shares, s)
		}
	}
	return added, true
}

// Each yields the blocks of l with their relative weights, generation by generation, so that a running sum has
// the order of a sum made from scratch.
func (l Lesson) Each(yield func(At, float64) bool) {
	lo, hi := math.MaxInt, 0
	for _, s := range l.Shares {
		lo, hi = min(lo, s.Lo), max(hi, s.Hi)
	}
	for g := lo; g < hi; g++ {
		for _, s := range l.Shares {
			if s.Lo <= g && g < s.Hi && !yield(At{g, s.Index}, s.Relative()) {
				return
			}
		}
	}
}

// A Step is one generation of a plan: first all draws, in order, then one lesson a node.
type Step struct {
	Draws   []Draw
	Lessons []Lesson
}

// A Workflow says what every generation draws and learns from. It sees indices, never rows:
// Step is a pure function of g.
type Workflow interface{ Step(g int) Step }
