package evaluate

import "modelcollapse/internal/num"

// A following is laws of counts that move together, and what is read off them.
type following struct {
	chain CountChain
	p     float64 // of the category, where the chain mutates
	laws  []classLaw
	reads []reading
}

// A classLaw is the weighted sum of the laws of categories.
type classLaw struct {
	classes []categoryClass
	weighs  weighing
}

// A reading is what a law gives to a sum.
type reading struct {
	law, sum int
	p        float64 // of the law's categories, where the sum weighs each by itself
	factor   float64
}

// followings say which laws to follow. Where the steps do not depend on the true probability laws move linearly, so that
// a sum whose categories weigh alike, or by their mass, needs the weighted sum of their laws alone.
func (c countPlan) followings(classes []categoryClass, sums []categorySum) (all []following) {
	if c.mutates() {
		for _, k := range classes {
			f := following{chain: c.of(k.index), p: k.p, laws: []classLaw{{[]categoryClass{k}, equally}}}
			for j, s := range sums {
				if k.has(j) {
					f.reads = append(f.reads, reading{0, j, k.p, s.weighs.of(k.p)})
				}
			}
			all = append(all, f)
		}
		return all
	}
	f := following{chain: c.CountChain}
	together, alone := map[classKey]int{}, map[int]int{}
	for j, s := range sums {
		if s.weighs == byItself {
			f.each(classes, j, alone)
			continue
		}
		key := classKey{s.weighs, -1}
		if s.in != nil {
			key.window = j
		}
		law, ok := together[key]
		if !ok {
			law = len(f.laws)
			together[key] = law
			f.laws = append(f.laws, classLaw{classesIn(classes, j), s.weighs})
		}
		f.reads = append(f.reads, reading{law, j, 0, 1})
	}
	return []following{f}
}

// A classKey tells laws apart that sums may share: window is the sum that has categories of its own, or −1.
type classKey struct {
	weighs weighing
	window int
}

// each follows every class of sum j by itself, unless it is followed already.
func (f *following) each(classes []categoryClass, j int, alone map[int]int) {
	for _, k := range classesIn(classes, j) {
		law, ok := alone[k.index]
		if !ok {
			law = len(f.laws)
			alone[k.index] = law
			f.laws = append(f.laws, classLaw{[]categoryClass{k}, equally})
		}
		f.reads = append(f.reads, reading{law, j, k.p, 1})
	}
}

// classesIn are the classes of sum j.
func classesIn(classes []categoryClass, j int) (in []categoryClass) {
	for _, k := range classes {
		if k.has(j) {
			in = append(in, k)
		}
	}
	return in
}

// begin is the law behind generation 0's fit.
func (l classLaw) begin(b *binomials) countLaw {
	law := make([]float64, b.n+1)
	for _, k := range l.classes {
		lo, p := b.law(k.p)
		addTo(law[lo:], p, float64(l.weighs.of(k.p)*k.categories))
	}
	return trimmed(law)
}

// run adds what f gives to every sum and generation.
func (f following) run(sums []categorySum, t *countTables, out [][]num.Accumulator) {
	b := newBinomials(f.chain.Steps[0].Fresh)
	laws := make([]countLaw, len(f.laws))
	for i, l := range f.laws {
		laws[i] = l.begin(b)
	}
	f.chain.follow(laws, f.p, func(g int, laws []countLaw) {
		for _, r := range f.reads {
			x := 0.0
			if sums[r.sum].weighs == byItself {
				x = laws[r.law].expectation(func(k int) float64 { return sums[r.sum].of(r.p, t.at(g, k)) })
			} else {
				x = laws[r.law].dot(t.of(r.sum, g))
			}
			out[r.sum][g].Add(float64(r.factor * x))
		}
	})
}

// countTables are the values of sums at every count, for those that do not weigh by themselves.
type countTables struct {
	chain CountChain
	rows  []int
	sums  []categorySum
	x     [][][]float64 // by sum and generation
}

func newCountTables(c CountChain, sums []categorySum) *countTables {
	t := &countTables{chain: c, rows: c.Rows(), sums: sums, x: make([][][]float64, len(sums))}
	for i := range t.x {
		t.x[i] = make([][]float64, len(c.Steps))
	}
	return t
}

// at is a count of generation g.
func (t *countTables) at(g, count int) categoryCount {
	return categoryCount{float64(count), float64(t.rows[g]), t.chain.probability(count, t.rows[g])}
}

// of is the table of a sum in generation g: the one before where as many rows are learned from.
func (t *countTables) of(sum, g int) []float64 {
	all := t.x[sum]
	if all[g] == nil && g > 0 && t.rows[g] == t.rows[g-1] && all[g-1] != nil {
		all[g] = all[g-1]
	}
	if all[g] == nil {
		all[g] = make([]float64, t.rows[g]+1)
		for k := range all[g] {
			all[g][k] = t.sums[sum].of(0, t.at(g, k))
		}
	}
	return all[g]
}

// dot is Σ law(k)·x[k].
func (l countLaw) dot(x []float64) float64 {
	var sum num.Accumulator
	for k, p := range l.p {
		if p != 0 {
			sum.Add(float64(p * x[l.lo+k]))
		}
	}
	return sum.Sum()
}
