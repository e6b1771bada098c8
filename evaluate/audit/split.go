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
	Even  []Side  // as Side, but of found's candidates no larger part of their set than the references are of theirs: of pairs of rows a part keeps fewer, the smaller it is
	Valid []Side  // references as in Side, and every candidate there is: for what is wrong with a row by itself
	Whole []Side  // all rows, for copying: a leak is looked for in everything. Of found and exchanges every real row has a side, and as many synthetic ones; of the null the real ones
	Alone bool    // of the null: in Whole references are all rows but the candidate itself, so that there are as many as in found
	Found bool    // the split of found
	Key   rng.Key // of streams of its own

	own bool // only statistics of the candidate alone are asked for
}

// mirrored is the split with candidates for references and the other way round, to measure statistics of one side on the other.
func (s Split) mirrored() Split {
	for _, side := range []*[]Side{&s.Side, &s.Even, &s.Valid} {
		*side = slices.Clone(*side)
		for i, was := range *side {
			if was != Out {
				(*side)[i] = Reference + Candidate - was
			}
		}
	}
	s.own = true
	return s
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
	thin   []bool  // groups that are out of Even
	stays  float64 // the part of an effect on all candidates that exchanges leave in the difference between Valid's sides
	found  Split
}

// newPlan finds the groups and the split of found: n = min(synthetic, half of real) of each; of a pair of sets, the smaller.
func newPlan(u Units, paired bool, k rng.Key) *plan {
	r := k.Stream()
	p := &plan{units: u}
	total := p.group(u)
	if p.size = min(total[1], total[0]/2); paired {
		p.size = min(total[1], total[0])
	}
	side := make([]Side, len(p.groups))
	p.deal(side, upTo(0, p.real), r, Reference)
	p.deal(side, upTo(p.real, len(p.groups)), r, Candidate)
	order := upTo(0, len(p.groups))
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	if p.thin = make([]bool, len(p.groups)); !paired {
		p.thinned(side, total, order)
	}
	if !paired {
		p.stays = stays(total, p.size)
	}
	valid := slices.Clone(side)
	for g := p.real; g < len(valid); g++ {
		valid[g] = Candidate
	}
	p.found = p.split(side, valid, p.whole(side, order))
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

// thinned takes candidates out of Even, in order, until no larger part of the synthetic set is left than references are of the real one.
func (p *plan) thinned(side []Side, total [2]int, order []int) {
	have := 0
	for g := p.real; g < len(side); g++ {
		if side[g] == Candidate {
			have += p.weight[g]
		}
	}
	most := float64(total[1]) * float64(p.size) / float64(total[0])
	for _, g := range order {
		if g >= p.real && side[g] == Candidate && float64(have) > most {
			p.thin[g] = true
			have -= p.weight[g]
		}
	}
}

// stays is the part of an effect on all candidates that exchanges leave in the difference between Valid's sides: the sides of found hold half of it each, and
// who is out changes places by itself, so that candidates have more of it than references.
func stays(total [2]int, size int) float64 {
	out, more := float64(total[0]-size), float64(max(0, total[1]-size))
	if more == 0 {
		return 0
	}
	return (float64(size)/2+more*more/(out+more))/float64(total[1]) - 0.5
}

// group finds the groups, and the weight of each set.
func (p *plan) group(u Units) (total [2]int) {
	at := map[[2]int]int{}
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
	return total
}

// even is how many rows Even has of a side, at least.
func even(real, synthetic int) int {
	n := min(synthetic, real/2)
	return max(1, min(n, synthetic*n/max(1, real)))
}

// split is sides of groups as sides of rows.
func (p *plan) split(side, valid, whole []Side) Split {
	n := p.units.Real + p.units.Synthetic
	s := Split{Side: make([]Side, n), Even: make([]Side, n), Valid: make([]Side, n), Whole: make([]Side, n)}
	for g, rows := range p.groups {
		for _, i := range rows {
			if s.Side[i], s.Valid[i], s.Whole[i] = side[g], valid[g], whole[g]; !p.thin[g] {
				s.Even[i] = side[g]
			}
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
	s := p.split(side, side, whole)
	s.Alone, s.Key = true, k.Child("null", i).Child("own", 0)
	return s
}

// exchange is the i-th exchange: rows of found change sides among themselves, and rows that found leaves out among themselves.
func (p *plan) exchange(k rng.Key, name string, i int) Split {
	side, whole := make([]Side, len(p.groups)), make([]Side, len(p.groups))
	var in, out []int
	had, valid := []Side{}, []Side{}
	for g, rows := range p.groups {
		if p.found.Side[rows[0]] != Out {
			in = append(in, g)
		} else {
			out = append(out, g)
			had, valid = append(had, p.found.Whole[rows[0]]), append(valid, p.found.Valid[rows[0]])
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
	every := slices.Clone(side)
	for j, g := range r.Perm(len(out)) {
		whole[out[g]], every[out[g]] = had[j], valid[j]
	}
	s := p.split(side, every, whole)
	s.Key = k.Child(name, i).Child("own", 0)
	return s
}
