package evaluate

// A kernelKey tells steps apart whose binomials differ.
type kernelKey struct {
	drawn, rows int // rows are those that were learned from before
	real        float64
}

func (c CountChain) key(g int, rows []int) kernelKey {
	return kernelKey{c.Steps[g].Drawn, rows[g-1], c.Steps[g].Real}
}

// size is about how many probabilities the laws of all counts have.
func (k kernelKey) size() float64 { return float64(float64(k.rows+1) * bandWidth(k.drawn)) }

// stored reports that so many are kept for the next generation: at most 48 MB.
func (k kernelKey) stored() bool { return k.size() <= 6e6 }

// A kernel is the laws of the drawn count given every count before, computed when first asked for.
type kernel struct {
	key    kernelKey
	chance func(count int) float64
	bins   *binomials
	laws   []band // by the count before; nil: not kept
}

func newKernel(key kernelKey, again bool, chance func(count int) float64) *kernel {
	k := &kernel{key: key, chance: chance, bins: newBinomials(key.drawn)}
	if again && key.stored() {
		k.laws = make([]band, key.rows+1)
	}
	return k
}

// law is that of the drawn count from lo on, given the count before; it may be overwritten by the next.
func (k *kernel) law(count int) (lo int, law []float64) {
	if k.laws == nil {
		return k.bins.law(k.chance(count))
	}
	l := &k.laws[count]
	if l.p == nil {
		lo, law := k.bins.law(k.chance(count))
		*l = band{lo, append([]float64(nil), law...)}
	}
	return l.lo, l.p
}
