package evaluate

import (
	"math"
	"testing"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// Correct runs of replace with 10 rows and the unbiased divisor, looked at after 100 fits: E v = 1, and E ln v is 100 (ψ(9/2) −
// ln(9/2)). On logarithms Student's t alarms as often as it says; the mean, carried by few replicates, refutes
// most of them by 3 standard errors.
func TestAgainstMeanNeedsLogs(t *testing.T) {
	const fits, replicates, runs = 100, 100, 1000
	line := math.Exp(fits * (num.Digamma(4.5) - math.Log(4.5)))
	onLogs, onMeans := 0, 0
	for i := range runs {
		stream := rng.Root(uint64(i)).Child("mean", 0).Stream()
		x := make([]float64, replicates)
		for j := range x {
			// ln of a product of 100 chi-squares over their degrees of freedom
			for range fits {
				x[j] += math.Log(rng.ChiSquared(stream, 9) / 9)
			}
			x[j] = math.Exp(x[j])
		}
		if l := AgainstMean(x, line, true, fits-1); l.P <= 0.01 {
			onLogs++
		}
		if l := AgainstMean(x, 1, false, fits-1); math.Abs(float64(l.Effect/l.SE)) > 3 {
			onMeans++
		}
	}
	t.Logf("%d of %d correct runs rejected on logs at 1 %%, %d on the mean beyond 3 standard errors", onLogs, runs, onMeans)
	if onLogs < 1 || onLogs > 23 || onMeans < runs/2 {
		t.Errorf("%d of %d correct runs rejected on logs, want 1 to 23; %d on the mean, want most", onLogs, runs, onMeans)
	}
}
