package ngram

import "modelcollapse/generate"

// Counting is m with statistics counted up to at least order n, so that a scorer of that order can share them. Fits do
// not change.
func (m Model) Counting(n int) generate.Model[generate.Tokens] {
	m.CountOrder = max(m.CountOrder, n)
	return m
}
