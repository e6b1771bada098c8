package ngram

import "modelcollapse/generate"

// Counting is m with statistics counted up to at least order n, so that a scorer of that order can share them.
// Fits do not change.
func (m Model) Counting(n int) generate.Model[generate.Tokens] {
	m.CountOrder = max(m.CountOrder, n)
	return m
}

// Unsmoothed says that words never seen in a context are impossible there, so that types die for good.
func (f *Fitted) Unsmoothed() bool { return f.model.Smoothing == None || f.model.Smoothing == "" }
