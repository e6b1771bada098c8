package audit

import (
	"math/rand/v2"
	"slices"

	"modelcollapse/internal/rng"
)

// A Side is where a row stands in a comparison.
type Side uint8

// Out: in neither. Reference: what is taken for the truth. Candidate: what is compared with it.
const (
	Out Side = iota
	Reference
	Candidate
)

// A Split puts rows on sides. Rows are numbered: real ones from 0, synthetic ones behind them.
type Split struct {
	Side  []Side  // equal rows a side; the others are Out
	Whole []Side  // all rows, for copying: a leak is looked for in everything. Of found and exchanges every real row has a side, and as many synthetic ones; of the null the real ones
	Alone bool    // of the null: in Whole references are all rows but the candidate itself, so that there are as many as in found
	Found bool    // the split of found
	Key   rng.Key // of streams of its own
}

// Units are what is split: rows or documents of two sets.
type Units struct {
	Real, Synthetic int   // how many
	Group           []int // by row: rows of one number stay together; nil: every row is alone
	Weight          []int // by row: what counts as its size, such as tokens, ≥ 1; nil: 1. Sides are of equal weight, to a group
}

// A Measure computes some statistics of any split. What it can know before (codes, sorted orders, sketches of every document) it
// has prepared over all rows of both sets, so that a split costs sums. It is called from several goroutines at once.
type Measure interface {
	Statistics() []Statistic
	Measure(s Split, to []float64) // one number a statistic, in their order
}

// A plan deals the splits of an audit.
type plan struct {
	units  Units
	groups [][]int // rows of each group; a group that has real and synthetic rows is two
	real   int     // groups of real rows, which come first
	weight []int   // of groups
	size   int     // of a side
	found  Split
}

// newPlan finds the groups and the split of found: n = min(synthetic, half of real) of each; of a pair of sets, the smaller.
func newPlan(u Units, paired bool, k rng.Key) *plan {
	r := k.Stream()
	p := &plan{units: u}
	at := map[[2]int]int{}
	total := [2]int{}
	for i := range u.Real + u.Synthetic {
		set, key := 0, -1-i
		if i >= u.Real {
			set = 1
		}
		if u.Group != nil {
			key = u.Group[i]
		}
		g, ok := at[[2]int{set, key}]
		if !ok {
			g = len(p.groups)
			at[[2]int{set, key}] = g
			p.groups, p.weight = append(p.groups, nil), append(p.weight, 0)
			if set == 0 {
				p.real++
			}
		}
		p.groups[g] = append(p.groups[g], i)
		p.weight[g] += u.weight(i)
		total[set] += u.weight(i)
	}
	if p.size = min(total[1], total[0]/2); paired {
		p.size = min(total[1], total[0])
	}
	side := make([]Side, len(p.groups))
	p.deal(side, upTo(0, p.real), r, Reference)
	p.deal(side, upTo(p.real, len(p.groups)), r, Candidate)
	order := upTo(0, len(p.groups))
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	p.found = p.split(side, p.whole(side, order))
	p.found.Key, p.found.Found = k.Child("own", 0), true
	return p
}

func (u Units) weight(i int) int {
	if u.Weight == nil {
		return 1
	}
	return u.Weight[i]
}

// upTo is from, …, to − 1.
func upTo(from, to int) []int {
	all := make([]int, to-from)
	for i := range all {
		all[i] = from + i
	}
	return all
}

// deal shuffles groups and puts them on sides, each until it has its size; a group that would make it more than a group
// too large goes to the next.
func (p *plan) deal(side []Side, groups []int, r *rand.Rand, to ...Side) {
	r.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
	for _, s := range to {
		for have := 0; have < p.size && len(groups) > 0; groups = groups[1:] {
			side[groups[0]] = s
			have += p.weight[groups[0]]
		}
	}
}

// whole gives the groups that are out the side of their set, synthetic ones up to as many rows as there are real ones: with more,
// an exchange would hardly leave a reference. Which ones is by the order.
func (p *plan) whole(side []Side, order []int) []Side {
	all, left := slices.Clone(side), p.units.Real
	for g, s := range side {
		if s == Candidate {
			left -= len(p.groups[g])
		}
	}
	for _, g := range order {
		switch {
		case side[g] != Out:
		case g < p.real:
			all[g] = Reference
		default:
			if left -= len(p.groups[g]); left >= 0 {
				all[g] = Candidate
			}
		}
	}
	return all
}

// split is sides of groups as sides of rows.
func (p *plan) split(side, whole []Side) Split {
	n := p.units.Real + p.units.Synthetic
	s := Split{Side: make([]Side, n), Whole: make([]Side, n)}
	for g, rows := range p.groups {
		for _, i := range rows {
			s.Side[i], s.Whole[i] = side[g], whole[g]
		}
	}
	return s
}

// null is the i-th split of the real rows alone.
func (p *plan) null(k rng.Key, i int) Split {
	side := make([]Side, len(p.groups))
	p.deal(side, upTo(0, p.real), k.Child("null", i).Stream(), Reference, Candidate)
	whole := p.whole(side, upTo(0, p.real))
	clear(whole[p.real:])
	s := p.split(side, whole)
	s.Alone, s.Key = true, k.Child("null", i).Child("own", 0)
	return s
}

// exchange is the i-th exchange: rows of found change sides among themselves, and rows that found leaves out among themselves.
func (p *plan) exchange(k rng.Key, name string, i int) Split {
	side, whole := make([]Side, len(p.groups)), make([]Side, len(p.groups))
	var in, out []int
	had := []Side{}
	for g, rows := range p.groups {
		if p.found.Side[rows[0]] != Out {
			in = append(in, g)
		} else {
			out = append(out, g)
			had = append(had, p.found.Whole[rows[0]])
		}
	}
	r := k.Child(name, i).Stream()
	p.deal(side, in, r, Reference, Candidate)
	for _, g := range in { // what rounding to groups left over
		if side[g] == Out {
			side[g] = Candidate
		}
	}
	copy(whole, side)
	for j, g := range r.Perm(len(out)) {
		whole[out[g]] = had[j]
	}
	s := p.split(side, whole)
	s.Key = k.Child(name, i).Child("own", 0)
	return s
}
