package ngram

import (
	"math"

	"modelcollapse/generate"
)

const (
	tuneTokens = 200_000 // of the tuning rows at most so many are used, from the first on
	tuneRounds = 200     // of expectation and maximisation, at most
	tuneChange = 1e-5    // ends them
	tuneFloor  = 0.001   // no weight comes closer to 0 or 1, so that nothing is impossible
)

// frequencies are the relative frequencies of one token, by order; NaN where the context does not occur.
type frequencies [MaxOrder]float64

// tune finds the weights by expectation maximisation: which order a token was drawn at is what is not known
// (Jelinek and Mercer 1980). They are rounded to three digits, so that a config can repeat them.
func tune(plain *Fitted, rows []generate.Tokens) (lambda []float64, epsilon float64) {
	data := observe(plain, rows)
	order := plain.model.Order
	var keep [MaxOrder]float64 // weight of relative frequencies, by order
	keep[0] = 0.9
	for k := 1; k < order; k++ {
		keep[k] = 0.5
	}
	for range tuneRounds {
		better := maximise(data, keep, order, 1/float64(plain.vocabulary()-1))
		change := 0.0
		for k := range order {
			change = max(change, math.Abs(better[k]-keep[k]))
		}
		if keep = better; change < tuneChange {
			break
		}
	}
	for k := order - 1; k > 0; k-- {
		lambda = append(lambda, math.Round(keep[k]*1000)/1000)
	}
	return lambda, math.Round((1-keep[0])*1000) / 1000
}

// observe looks up each token in each order; plain is a fit without smoothing.
func observe(plain *Fitted, rows []generate.Tokens) (data []frequencies) {
	w := plain.walker()
	for _, row := range rows {
		s := w.start
		for _, id := range row {
			data = append(data, w.frequencies(s, id))
			_, s = w.next(s, id)
		}
		if len(data) >= tuneTokens {
			return data
		}
	}
	return data
}

func (v *walker) frequencies(s state, id uint32) (f frequencies) {
	for k := range f {
		f[k] = math.NaN()
	}
	for ; s.k > 0; s = v.shorter(s) {
		if i, ok := v.trie.find(s.k, s.node, id); ok {
			f[s.k] = float64(v.prob[s.k][i])
		} else if v.backoff[s.k-1][s.node] == 0 {
			f[s.k] = 0
		}
	}
	f[0] = 0
	if int64(id) < int64(len(v.prob[0])) {
		f[0] = float64(v.prob[0][id])
	}
	return f
}

// maximise is one round: the expected share of the tokens that come as far down as an order and are drawn there.
func maximise(data []frequencies, keep [MaxOrder]float64, order int, uniform float64) [MaxOrder]float64 {
	var drawn, came [MaxOrder]float64
	for i := range data {
		f := &data[i]
		var p [MaxOrder + 1]float64 // p[k+1]: probability in the context of order k
		p[0] = uniform
		for k := range order {
			p[k+1] = p[k]
			if !math.IsNaN(f[k]) {
				p[k+1] = float64(keep[k]*f[k]) + float64((1-keep[k])*p[k])
			}
		}
		reach := 1.0
		for k := order - 1; k >= 0 && p[k+1] > 0; k-- {
			if math.IsNaN(f[k]) {
				continue
			}
			here := float64(reach*float64(keep[k]*f[k])) / p[k+1]
			came[k] += reach
			drawn[k] += here
			reach -= here
		}
	}
	for k := range order {
		if came[k] > 0 {
			keep[k] = min(1-tuneFloor, max(tuneFloor, drawn[k]/came[k]))
		}
	}
	return keep
}
