package ngram

// SearchOnly makes f draw by running counts, as fits to large pools do.
func (f *Fitted) SearchOnly() *Fitted {
	f.samplerOnce.Do(func() { f.sampler = f.drawer(0) })
	return f
}
