package ngram

// SearchOnly makes f draw by running counts, as fits to large pools do.
func (f *Fitted) SearchOnly() *Fitted {
	f.samplerOnce.Do(func() { f.sampler = f.drawer(0) })
	return f
}

// Choices are the words that d may draw after a prefix, and their probabilities.
func (d *Decoded) Choices(prefix []uint32) (words []uint32, p []float64) {
	d.once.Do(d.prepare)
	s := d.start
	for _, w := range prefix {
		_, s = d.next(s, w)
	}
	c := d.choicesOf(s)
	below := 0.0
	for i, sum := range c.sum {
		words, p = append(words, c.ranked[i].word), append(p, sum-below)
		below = sum
	}
	return words, p
}
