package audit

import (
	"fmt"
	"math"

	"modelcollapse/evaluate"
	"modelcollapse/internal/num"
)

// exposeCanaries adds what canaries say; one that is exposed beyond chance over all canaries rejects, with the chance of a false alarm of the audit once
// more.
func (t Texts) exposeCanaries(r *Report, o Options) {
	if len(t.Canaries) == 0 {
		return
	}
	r.Read = append(r.Read, Read{Set: "canaries", Rows: len(t.Canaries)})
	r.Canaries = exposures(t.Canaries, t.Real.Texts, t.Synthetic.Texts, streamOf(o, "canaries"))
	p := make([]float64, len(r.Canaries))
	for k, c := range r.Canaries {
		p[k] = float64(c.P)
	}
	worst, exposed := 0, 0
	for k, x := range evaluate.Holm(p) {
		if r.Canaries[k].Adjusted = num.Float(x); x <= o.Alpha {
			exposed++
		}
		if p[k] < p[worst] {
			worst = k
		}
	}
	c := r.Canaries[worst]
	if exposed == 0 {
		r.Words = append(r.Words, fmt.Sprintf("no canary of %d is exposed: the likeliest is %d of %d, %.1f bits", len(p), c.Rank, c.Of, float64(c.Bits)))
		return
	}
	why := fmt.Sprintf("%d of %d canaries are exposed: the likeliest is %d of %d, %.1f bits", exposed, len(p), c.Rank, c.Of, float64(c.Bits))
	r.Words = append(r.Words, why)
	if r.Outcome == evaluate.Rejected {
		why = r.Why + "; " + why
	}
	r.Outcome, r.Why = evaluate.Rejected, why
}

// textWords adds plain sentences.
func (r *Report) textWords(t Texts) {
	if x, ok := r.Result("tail_loss.token"); ok {
		r.Words = append(r.Words, fmt.Sprintf("of the rarest tenth of real tokens %.0f %% is lost, %.0f %% between real halves", 100*float64(x.Found), 100*float64(x.Null.Mean)))
	}
	if x, ok := r.Result("training_near_copies"); ok {
		r.Words = append(r.Words, copyingWords(x))
	}
	if x, ok := r.Result("membership_tpr@1%fpr"); ok {
		n := min(len(t.Real.Texts), len(t.HoldOut.Texts))
		low, high := wilson(float64(x.Found), float64(n))
		r.Words = append(r.Words, fmt.Sprintf("membership: the attack finds %.1f %% [%.1f, %.1f] of the training documents while it takes 1 %% of the hold-out for such",
			100*float64(x.Found), 100*low, 100*high))
	}
}

// copyingWords says what copying there is, or which would have been seen.
func copyingWords(x Result) string {
	if x.Answer == Differs || x.Answer == Slight {
		return fmt.Sprintf("copying: the synthetic set has near copies of %.2g %% of the training documents beyond those of the hold-out", 100*float64(x.Effect))
	}
	return fmt.Sprintf("no evidence of copying: a leak of %.2g %% of the training documents would have been found", 100*float64(x.Detectable))
}

// wilson is the 95 % interval of a share of n (Wilson 1927).
func wilson(share, n float64) (low, high float64) {
	z := num.NormalQuantile(.975)
	mid := (share + float64(z*z)/(2*n)) / (1 + float64(z*z)/n)
	half := z / (1 + float64(z*z)/n) * math.Sqrt(share*(1-share)/n+float64(z*z)/(4*n*n))
	return mid - half, mid + half
}
