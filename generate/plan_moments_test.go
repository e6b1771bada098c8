package generate

import (
	"math"
	"testing"
)

// planMoments follows a plan of means exactly, by covariances: Var θ of every fit of node 0, where a row of a fit has variance
// 1 + v2·Var θ (v2 = 0: a normal of known variance; −1: one fitted by maximum likelihood, on average) and a real row 1.
// It knows no workflow: what agrees with the law of a paper says that blocks, shares and weights are what they claim.
func planMoments(p *Plan, v2 float64) (variance []float64) {
	m := moments{p: p, id: map[At]int{}, fits: map[At][]float64{}}
	for g, s := range p.Steps {
		for i, d := range s.Draws {
			m.draw(d, v2)
			m.id[At{g, i}] = len(m.second) - 1
		}
		for n, l := range s.Lessons {
			m.fits[At{g, n}] = m.lesson(l)
		}
		v := m.cov(m.fits[At{g, 0}], m.fits[At{g, 0}])
		variance = append(variance, v)
	}
	return variance
}

type moments struct {
	p      *Plan
	id     map[At]int
	c      [][]float64      // covariances of block means, lower triangle
	second []float64        // of a row of a block, about the truth
	fits   map[At][]float64 // weights of blocks
}

func (m *moments) cov(a, b []float64) (v float64) {
	for i, x := range a {
		for j, y := range b {
			if x != 0 && y != 0 {
				v += x * y * m.c[max(i, j)][min(i, j)]
			}
		}
	}
	return v
}

func (m *moments) lesson(l Lesson) []float64 {
	w, total := make([]float64, len(m.second)), 0.0
	for at, weight := range l.Each {
		if !l.PerBlock {
			weight *= float64(m.p.Draw(at).Rows)
		}
		w[m.id[at]] += weight
		total += weight
	}
	for i := range w {
		w[i] /= total
	}
	return w
}

// draw adds a block: Var x̄ = Var m + (E Var m_c − Var m)/n + Σ f_c (q_c − Var m_c), m the mean of the origins' means m_c, q_c
// the second moment of their rows, f_c = π_c/n for independent rows.
func (m *moments) draw(d Draw, v2 float64) {
	n, k := float64(d.Rows), len(m.second)
	mean, q, between, within := make([]float64, k), 0.0, 0.0, 0.0
	for _, o := range d.From {
		pi, of, second, f := o.Chance(), make([]float64, k), 1.0, o.Chance()/n
		switch {
		case o.Fit != nil:
			copy(of, m.fits[*o.Fit])
			second = 1 + (1+v2)*m.cov(of, of)
		case o.Past != nil:
			var l Lesson
			for _, b := range o.Past {
				l.Shares = append(l.Shares, Share{Blocks: b})
			}
			of, second = m.lesson(l), 0
			N := 0.0
			for at := range l.Each {
				N += float64(m.p.Draw(at).Rows)
			}
			for i, w := range of {
				second += w * m.second[i]
			}
			if !o.Replacement {
				f = N / (N - 1) * (pi/n - (pi*(1-pi)/n+pi*pi)/N)
			}
		}
		v := m.cov(of, of)
		q, between, within = q+pi*second, between+pi*v, within+f*(second-v)
		for i, w := range of {
			mean[i] += pi * w
		}
	}
	row := make([]float64, k+1)
	for j := range k {
		e := make([]float64, k)
		e[j] = 1
		row[j] = m.cov(mean, e)
	}
	v := m.cov(mean, mean)
	row[k] = v + (between-v)/n + within
	m.c, m.second = append(m.c, row), append(m.second, q)
}

func follow(t *testing.T, name string, rule Rule, rows Sizes, v2 float64, want []float64) {
	t.Helper()
	near(t, name, planMoments(planOf(t, rule, rows, len(want)-1), v2), want, 1e-12)
}

// iterate is start, next(1, start), …
func iterate(generations int, start float64, next func(g int, v float64) float64) []float64 {
	out := []float64{start}
	for g := 1; g <= generations; g++ {
		out = append(out, next(g, out[g-1]))
	}
	return out
}

// He et al. 2025 (arXiv 2502.18049): V′ = w²/n + (1−w)²(V + 1/m), from a plain fit on n real rows, and w/n in the limit.
func TestFreshFollowsHe(t *testing.T) {
	w := math.Phi - 1
	golden := planMoments(planOf(t, Fresh{RealWeight: Golden()}, Constant(50), 60), 0)
	near(t, "golden, first generations", golden[:5], []float64{.02, .0134752, .0125233, .0123844, .0123641}, 6e-8)
	near(t, "golden, limit", golden[60:], []float64{w / 50}, 1e-15)
	follow(t, "golden", Fresh{RealWeight: Golden()}, Constant(50), 0, iterate(12, .02, func(_ int, v float64) float64 { return w*w/50 + (1-w)*(1-w)*(v+.02) }))
	half := planMoments(planOf(t, Fresh{Real: 50, Synthetic: 50, RealWeight: Weighing(.5)}, Constant(100), 19), 0)
	near(t, "halves", []float64{half[0], half[1], half[4], half[9], half[19]}, []float64{.01, .0125, .013320313, .013333321, .013333333}, 5e-10)
}

// Alemohammad et al. 2023 (arXiv 2307.01850), normals by maximum likelihood. Fresh: V′ = (1−q)²/r + q²(V + (1−V)/s), q the
// synthetic share, with the limit 1/(n(1−q²)+q); augmented: the limit is ((1−q²)/r + q²/s)/((1−q²) + q²/s).
func TestFreshAndAugmentFollowMAD(t *testing.T) {
	const r, s, n = 40.0, 60.0, 100.0
	const q = s / n
	follow(t, "fresh", Fresh{Synthetic: 60}, Constant(40), -1, iterate(12, 1/r, func(_ int, v float64) float64 { return (1-q)*(1-q)/r + q*q*(v+(1-v)/s) }))
	fresh := planMoments(planOf(t, Fresh{Synthetic: 60}, Constant(40), 60), -1)
	augment := planMoments(planOf(t, Augment{Synthetic: 60}, Constant(40), 80), -1)
	near(t, "limits", []float64{fresh[60], augment[80]}, []float64{1 / (n*(1-q*q) + q), ((1-q*q)/r + q*q/s) / (1 - q*q + q*q/s)}, 1e-12)
}

// Replay with weight ρ: (1/n)(1 + (1−ρ)²/(1−(1−ρ)²)) in the limit, where the variance is known.
func TestReplayFollowsItsLimit(t *testing.T) {
	const rho, n = .3, 100.0
	a := (1 - rho) * (1 - rho)
	v := planMoments(planOf(t, Replay{rho}, Constant(100), 80), 0)
	near(t, "limit", v[80:], []float64{(1 + a/(1-a)) / n}, 1e-12)
}

// Rows that are drawn anew one by one with chance η: V′ = V + x/T, S′ = η + (1−η)S − x/T, x = η + η(1−η)S, S the spread of the
// data set about its mean, 1 − 1/T at first. Renewed in exact numbers: x = η + η(1−η)S·T/(T−1).
func TestRefreshAndIncrementalFollowTheirLaws(t *testing.T) {
	const eta, T = .2, 50.0
	for exact, rule := range []Rule{Refresh{ConstantSchedule(eta)}, IncrementalCycle{ConstantSchedule(eta)}} {
		finite := []float64{1, T / (T - 1)}[exact]
		spread := 1 - 1/T
		follow(t, "renewed", rule, Constant(T), 0, iterate(15, 1/T, func(_ int, v float64) float64 {
			x := eta + eta*(1-eta)*spread*finite
			spread = eta + (1-eta)*spread - x/T
			return v + x/T
		}))
	}
}

// Where the newest block has weight w of the whole and the rest is the data set before, θ moves by w·x̄'s error: V′ = V + w²/n.
func TestWeightsOfTheNewestBlock(t *testing.T) {
	const n = 50.0
	newest := func(w func(g int) float64) []float64 {
		return iterate(10, 1/n, func(g int, v float64) float64 { return v + w(g)*w(g)/n })
	}
	harmonic := func(g int) (sum float64) {
		for h := range g + 1 {
			sum += 1 / float64(h+1)
		}
		return sum
	}
	follow(t, "golden", Weighted{By: "golden_ratio", Per: "block"}, Constant(n), 0, newest(func(int) float64 { return math.Phi - 1 }))
	follow(t, "inverse", Weighted{By: "inverse_generation"}, Constant(n), 0, newest(func(g int) float64 { return 1 / float64(g+1) / harmonic(g) }))
	follow(t, "decay", Weighted{By: "decay", Factor: .5}, Constant(n), 0, newest(func(g int) float64 { return .5 / (1 - math.Pow(.5, float64(g+1))) }))
	follow(t, "expanding", ExpandingCycle{ConstantSchedule(.5)}, Constant(n), 0,
		iterate(10, 1/n, func(g int, v float64) float64 { return v + .5*n/math.Pow(n*(1+.5*float64(g)), 2) }))
	follow(t, "growing", Replace{}, sizesOf(10, 40, 90, 160), -1, []float64{1. / 10, 1 - .9*(1-1./40), 1 - .9*(1-1./40)*(1-1./90), 1 - .9*(1-1./40)*(1-1./90)*(1-1./160)})
}

// Two nodes that learn from both alike are one from generation 1 on, with twice the rows: (g+1)/(2n); two that learn from each
// other alone are two chains of replace that change places: (g+1)/n.
func TestNetworksOfTwo(t *testing.T) {
	const n = 50.0
	both := iterate(8, 1/n, func(g int, _ float64) float64 { return float64(g+1) / (2 * n) })
	apart := iterate(8, 1/n, func(g int, _ float64) float64 { return float64(g+1) / n })
	follow(t, "both", Network{Topology: "complete", Nodes: 2, Self: 1}, Constant(n), 0, both)
	follow(t, "both, per row", Network{Topology: "star", Nodes: 2, Self: 1, Per: "row"}, Constant(n), 0, both)
	follow(t, "each other", Network{Topology: "ring", Nodes: 2}, Constant(n), 0, apart)
	follow(t, "given", Network{Topology: "given", Trust: [][]float64{{1, 1}, {1, 1}}, Self: 1}, Constant(n), 0, both)
}

// Balanced parts of generations 0 and 1 of two rows each are one row of either; generation 1's row is drawn from a mean of both:
// Var θ_1 = ¼(1 + (1 + ½) + 2·½) = 7/8.
func TestBalancedByHand(t *testing.T) {
	follow(t, "balanced", BalancedCycle{}, Constant(2), 0, []float64{.5, .875})
}
