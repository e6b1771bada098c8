package audit

import (
	"fmt"
	"math"

	"modelcollapse/internal/num"
)

// clopperPearson is the 95 % interval of a share.
func clopperPearson(k, n int) (low, high float64) {
	low, high = 0, 1
	if k > 0 {
		low = betaQuantile(0.025, float64(k), float64(n-k+1))
	}
	if k < n {
		high = betaQuantile(0.975, float64(k+1), float64(n-k))
	}
	return low, high
}

// betaQuantile bisects the distribution function of a beta law.
func betaQuantile(p, a, b float64) float64 {
	low, high := 0.0, 1.0
	for range 60 {
		if mid := (low + high) / 2; num.BetaCDF(mid, a, b) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// interval is words for a share among n.
func interval(share float64, n int) string {
	low, high := clopperPearson(int(math.Round(float64(share*float64(n)))), n)
	return fmt.Sprintf("%.3g [%.3g, %.3g]", share, low, high)
}

// hanley is the 95 % interval of an area under a ROC curve of n rows a side (Hanley and McNeil 1982).
func hanley(a float64, n int) (low, high float64) {
	q1, q2 := a/(2-a), float64(2*a*a)/(1+a)
	m := float64(n - 1)
	sd := math.Sqrt(max(0, float64(a*(1-a))+float64(m*(q1-float64(a*a)))+float64(m*(q2-float64(a*a)))) / float64(n*n))
	return max(0, a-1.96*sd), min(1, a+1.96*sd)
}
