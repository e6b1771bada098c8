package figure

import "math"

// maxLabels is the most labels that an axis carries.
const maxLabels = 7

// tick is a mark on an axis. A tick without label is a minor one.
type tick struct {
	at    float64 // in axis units: the value, or its log10 on a log axis
	label string
}

// linearTicks labels [lo, hi] at multiples of 1, 2, 2.5 or 5 times a power of
// ten, the finest that gives at most limit labels (and at most seven). Integer
// axes take whole steps only.
func linearTicks(lo, hi float64, integer bool, limit int) []tick {
	limit = min(max(limit, 2), maxLabels)
	if !(hi > lo) || math.IsInf(hi-lo, 0) {
		return nil
	}
	slack := (hi - lo) * 1e-9
	for e := int(math.Floor(math.Log10(hi-lo))) - 2; ; e++ {
		for _, m := range []float64{1, 2, 2.5, 5} {
			g := grid{m, e}
			if integer && (e < 0 || m == 2.5 && e == 0) {
				continue
			}
			first := math.Ceil((lo - slack) / g.step())
			last := math.Floor((hi + slack) / g.step())
			if last-first+1 <= float64(limit) {
				return g.ticks(first, last)
			}
		}
	}
}

// namedTicks stand at 1, 2, ….
func namedTicks(names []string) (out []tick) {
	for k, name := range names {
		out = append(out, tick{float64(k + 1), name})
	}
	return out
}

func (g grid) ticks(first, last float64) []tick {
	var out []tick
	top := max(math.Abs(first), math.Abs(last))
	for i := first; i <= last; i++ {
		out = append(out, tick{i * g.step(), g.label(i, top)})
	}
	return out
}

// logTicks labels [10^lo, 10^hi]: whole decades when the range spans about two
// or more of them, else 1, 2, 5 within the decade, else evenly spaced values.
func logTicks(lo, hi float64, limit int) []tick {
	limit = min(max(limit, 2), maxLabels)
	if hi-lo >= 1.5 {
		if t := decades(lo, hi, limit); labelled(t) >= 2 {
			return t
		}
	}
	for _, ms := range [][]float64{{1, 2, 5}, {1, 2, 3, 5}, {1, 3}} {
		t := within(lo, hi, ms)
		if n := labelled(t); hi-lo >= 0.5 && n >= 3 && n <= limit {
			return t
		}
	}
	var out []tick
	for _, t := range linearTicks(math.Pow(10, lo), math.Pow(10, hi), false, limit) {
		if t.at > 0 {
			out = append(out, tick{math.Log10(t.at), t.label})
		}
	}
	return out
}

// decades labels every stride-th power of ten; what lies between is minor.
func decades(lo, hi float64, limit int) []tick {
	first, last := int(math.Ceil(lo-1e-9)), int(math.Floor(hi+1e-9))
	stride := 1
	for _, stride = range []int{1, 2, 3, 5, 10, 20, 25, 50, 100, 200} {
		if floorDiv(last, stride)-floorDiv(first-1, stride) <= limit {
			break
		}
	}
	plain := first >= -2 && last <= 3
	var out []tick
	for d := first - 1; d <= last; d++ {
		if d >= first {
			t := tick{at: float64(d)}
			if floorDiv(d, stride)*stride == d {
				t.label = power(d)
				if plain {
					t.label = fixedPoint(math.Pow(10, float64(d)), max(-d, 0))
				}
			}
			if t.label != "" || last-first <= 40 {
				out = append(out, t)
			}
		}
		if stride == 1 {
			out = append(out, minors(d, lo, hi)...)
		}
	}
	return out
}

// minors are the marks 2..9 of decade d that lie in [lo, hi].
func minors(d int, lo, hi float64) []tick {
	var out []tick
	for m := 2.0; m <= 9; m++ {
		if at := float64(d) + math.Log10(m); at >= lo && at <= hi {
			out = append(out, tick{at: at})
		}
	}
	return out
}

// within labels the mantissas ms of every decade and marks the others.
func within(lo, hi float64, ms []float64) []tick {
	var out []tick
	first, last := int(math.Floor(lo)), int(math.Floor(hi))
	plain := first >= -3 && last < 5
	for d := first; d <= last; d++ {
		for m := 1.0; m <= 9; m++ {
			at := float64(d) + math.Log10(m)
			if at < lo-1e-9 || at > hi+1e-9 {
				continue
			}
			t := tick{at: at}
			for _, w := range ms {
				if w == m {
					t.label = mantissaLabel(m, d, plain)
				}
			}
			out = append(out, t)
		}
	}
	return out
}

func mantissaLabel(m float64, d int, plain bool) string {
	switch {
	case plain:
		return fixedPoint(m*math.Pow(10, float64(d)), max(-d, 0))
	case m == 1:
		return power(d)
	}
	return fixedPoint(m, 0) + "×" + power(d)
}

func labelled(ts []tick) int {
	n := 0
	for _, t := range ts {
		if t.label != "" {
			n++
		}
	}
	return n
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && a < 0 {
		q--
	}
	return q
}
