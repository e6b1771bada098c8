package evaluate

import "modelcollapse/results"

// A Recaller (Gauge) compares later generations with generation 0. It remembers what it put then; after a restart
// it is handed the values of generation 0's record instead, before its first Measure.
type Recaller interface {
	Recall(generation0 []results.Value)
}

// A beginning is what a gauge found at generation 0: the sampling null of every later difference.
type beginning map[beginningOf]float64

type beginningOf struct {
	node   int
	series string
}

// Recall takes the values of generation 0's record.
func (b beginning) Recall(generation0 []results.Value) {
	for _, v := range generation0 {
		b[beginningOf{v.Node, v.Series}] = v.X
	}
}

// first is what series of a node was at generation 0, where x is what it is now; false: nobody saw generation 0.
func (b beginning) first(generation, node int, series string, x float64) (float64, bool) {
	at := beginningOf{node, series}
	if generation == 0 {
		b[at] = x
	}
	start, ok := b[at]
	return start, ok
}

// since puts x under series and, where generation 0 was seen, its difference from then under change.
func (b beginning) since(generation, node int, to Sink, series string, x float64, change string) {
	to.Put(series, x)
	if start, ok := b.first(generation, node, series, x); ok {
		to.Put(change, x-start)
	}
}
