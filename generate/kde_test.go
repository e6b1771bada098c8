package generate

import (
	"context"
	"math"
	"testing"

	"modelcollapse/internal/rng"
)

// The variance v of a drawn row follows E v′ = (1 − 1/n) v + h² under replace: exactly linear, so the mean over chains stays on
// the line; and the pooled second moment of generation g under accumulate is s0² + h² (H_{g+1} − 1) whatever n is.
func TestKernelVarianceFollowsItsLaw(t *testing.T) {
	const n, generations, chains, h = 10, 12, 2000, .7
	for _, accumulate := range []bool{false, true} {
		var sum, squares [generations + 1]float64
		for i := range chains {
			var from Source[float64] = Normal{Variance: 2}
			pool := KernelDensity[float64]{}.Empty()
			for g := range generations + 1 {
				rows, _ := from.Draw(t.Context(), nil, n, rng.Root(11).Child("replicate", i).Child("generation", g).Stream())
				if !accumulate {
					pool = KernelDensity[float64]{}.Empty()
				}
				pool.Add(Span[float64]{Rows: rows, Weight: 1})
				f, err := KernelDensity[float64]{Bandwidth: h}.FitStats(context.Background(), Task[float64]{}, pool)
				if err != nil {
					t.Fatal(err)
				}
				mean, x := f.(Kernels[float64]).Moment2()
				if accumulate {
					x += mean*mean - h*h
				}
				sum[g] += x
				squares[g] += x * x
				from = f
			}
		}
		law, err := KernelDensity[float64]{Bandwidth: h}.Fits().(Lawful[float64]).Law(Normal{Variance: 2})
		if err != nil {
			t.Fatal(err)
		}
		want, harmonic := law.Fitted(law.Real()/n, law.Real(), n), 1.0
		if accumulate {
			want = 2
		}
		for g := range generations + 1 {
			mean := sum[g] / chains
			se := math.Sqrt((squares[g]/chains - mean*mean) / chains)
			if z := (mean - want) / se; !(math.Abs(z) < 4.5) {
				t.Errorf("accumulate %v, generation %d: %.4f ± %.4f, the law says %.4f", accumulate, g, mean, se, want)
			}
			if accumulate {
				harmonic += 1 / float64(g+2)
				want = 2 + h*h*(harmonic-1)
			} else {
				want = (1-1./n)*want + h*h
			}
		}
	}
}
