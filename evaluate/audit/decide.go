package audit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"modelcollapse/internal/num"
)

// power is the chance with which an effect of Detectable is seen.
const power = 0.9

// decide turns values into results, families being how many share the error rate.
func decide(v values, families int, o Options) (all []Result, critical float64) {
	s := scoresOf(v)
	adjusted := s.adjusted(families)
	critical = s.critical(o.Alpha / float64(families))
	for j, stat := range v.statistics {
		r := Result{Statistic: stat, Found: Number(v.found[j]), Null: intervalOf(v.null, j), Rows: v.size}
		if stat.limit > 0 {
			r.Rows = min(r.Rows, stat.limit)
		}
		r.P, r.Adjusted = Number(s.alone(j)), Number(adjusted[j])
		r.Effect = r.Found - r.Null.Mean
		of := tested{Statistic: stat, critical: critical, sd: max(s.sd[j], float64(r.Null.SD))}
		switch stat.own {
		case ofAll:
			of.stays = v.stays
			fallthrough
		case ofSide:
			of.sd = max(s.sd[j], math.Sqrt2*float64(r.Null.SD))
		}
		r.Detectable = Number(of.seen(1))
		if r.AtMost = Number(of.atMost(stat.Worse.sign(float64(r.Effect)), o.Alpha)); stat.leak > 0 {
			r.AtMost = min(r.AtMost, 1)
		}
		r.answer(o.Alpha, of)
		all = append(all, r)
	}
	return all, critical
}

// intervalOf is what splits gave of statistic j.
func intervalOf(rows [][]float64, j int) Interval {
	var x []float64
	for _, row := range rows {
		if row[j] == row[j] {
			x = append(x, row[j])
		}
	}
	nan := Number(math.NaN())
	if len(x) < 2 {
		return Interval{nan, nan, nan, nan}
	}
	mean, variance := num.Variance(x)
	slices.Sort(x)
	at := func(p float64) Number { return Number(x[int(math.Round(float64(p*float64(len(x)-1))))]) }
	return Interval{Number(mean), Number(math.Sqrt(variance)), at(0.025), at(0.975)}
}

// tested is a statistic with what its test knows.
type tested struct {
	Statistic
	critical float64 // the score that is rejected
	sd       float64 // of exchanges
	stays    float64 // the part of an effect that exchanges leave in their mean
}

// seen is the effect that is rejected with the power, on more times the rows, the deviation going with 1/√rows.
func (t tested) seen(more float64) float64 {
	critical, s, sd := t.critical, t.Statistic, t.sd/math.Sqrt(more)
	if s.leak == 0 {
		return reaches(critical, sd, s.Threshold) / (1 - t.stays)
	}
	// What is counted makes the exchanges vary. Every exchange leaves about half of the pairs of a copy and its row on two sides, so that a share x
	// lies x/2 above the exchanges' mean; they vary by √(x/4m) beside. Of one side alone each that is counted adds or takes 1/m from
	// the difference of the sides, so that they vary by √(x/m).
	above, part := 0.5, 0.25
	if s.own != compares {
		above, part = 1-t.stays, 1
	}
	low, high := 0.0, 1.0
	for range 50 {
		x := (low + high) / 2
		if varied := math.Sqrt(float64(sd*sd) + float64(part*x)/float64(float64(s.leak)*more)); float64(above*x) < reaches(critical, varied, s.Threshold) {
			low = x
		} else {
			high = x
		}
	}
	return high
}

// reaches is the distance from the exchanges' mean that is rejected with the power: the critical score in deviations with their
// floor, and the quantile of the power in plain ones.
func reaches(critical, sd, threshold float64) float64 {
	floor := float64(floorShare * threshold)
	return float64(critical*math.Sqrt(float64(sd*sd)+float64(floor*floor))) + float64(num.NormalQuantile(power)*sd)
}

// answer says which of the answers it is, effect first.
func (r *Result) answer(alpha float64, of tested) {
	effect := r.Worse.sign(float64(r.Effect))
	switch {
	case r.Effect != r.Effect:
		r.Answer = Unmeasured
		nan := Number(math.NaN())
		r.P, r.Adjusted, r.Detectable, r.AtMost = nan, nan, nan, nan
	case float64(r.Adjusted) <= alpha && r.outside() && effect >= r.Threshold:
		r.Answer = Differs
	case float64(r.Adjusted) <= alpha && effect < r.Threshold:
		r.Answer = Slight
	case float64(r.Detectable) <= r.Threshold || float64(r.AtMost) <= r.Threshold:
		r.Answer = Alike
	default:
		r.Answer = Undecided
		r.Decides = of.decides(r.Rows, alpha)
	}
}

// null says in words what the null is of: real halves, or chance where the sides are training rows and a hold-out.
func (x Result) null() string {
	if x.Part == Membership || x.Part == Attribute || strings.HasPrefix(x.Name, "closer_to_training") || strings.HasPrefix(x.Name, "copied_training") {
		return "by chance"
	}
	return "between real halves"
}

// usual is the null's mean, 0 where it is next to nothing of what matters.
func (x Result) usual() string {
	if m := float64(x.Null.Mean); math.Abs(m) > x.Threshold/50 {
		return digits(m)
	}
	return "0"
}

// outside says that found is worse than the middle 95 % of the null: what real halves differ by as well is no difference, whatever the
// exchange says of it.
func (r *Result) outside() bool {
	return r.Worse != Less && r.Found > r.Null.High || r.Worse != More && r.Found < r.Null.Low
}

// atMost is the effect above which one as small as this would have been found with a chance of less than alpha; what is counted varies
// with what there is of it.
func (t tested) atMost(effect, alpha float64) float64 {
	z, each := num.NormalQuantile(1-alpha), 0.0
	if t.leak > 0 {
		each = 1 / float64(t.leak)
	}
	// The larger root of (u − effect)² = z²(sd² + u/m).
	half := float64(z * z * each / 2)
	return effect + half + math.Sqrt(float64(half*half)+float64(z*z)*(float64(t.sd*t.sd)+float64(max(0, effect)*each)))
}

// shown says that with more times the rows an effect of the threshold is seen, or one of 0 shown to be less, with the power.
func (t tested) shown(more, alpha float64) bool {
	larger := t
	if larger.sd /= math.Sqrt(more); t.leak > 0 {
		larger.leak = int(min(1e15, float64(t.leak)*more))
	}
	return larger.atMost(float64(num.NormalQuantile(power)*larger.sd), alpha) <= t.Threshold || t.seen(more) <= t.Threshold
}

// decides is how many rows a side would show an effect of the threshold, or that it is less; 0: not even a million times as many, or more than are looked at.
func (t tested) decides(rows int, alpha float64) int {
	low, high := 1.0, 1.0
	for !t.shown(high, alpha) {
		if high *= 2; high > 1e6 {
			return 0
		}
	}
	for range 40 {
		if mid := (low + high) / 2; !t.shown(mid, alpha) {
			low = mid
		} else {
			high = mid
		}
	}
	if n := roundUp(float64(rows) * high); t.limit == 0 || n <= t.limit {
		return n
	}
	return 0
}

// roundUp is to two digits.
func roundUp(x float64) int {
	unit := 1.0
	for x/unit >= 100 {
		unit *= 10
	}
	return int(math.Ceil(x/unit-1e-9) * unit)
}

// mostSplits is how many splits an audit takes.
const mostSplits = 100_000

// enough refuses exchanges that could reject nothing.
func enough(families, exchanges int, o Options) error {
	if float64(exchanges+1)*o.Alpha >= float64(families) {
		return nil
	}
	advice := fmt.Sprintf("an alpha of at least %.2g", math.Ceil(1000*float64(families)/float64(exchanges+1))/1000)
	if n := int(math.Ceil(float64(families)/o.Alpha)) - 1; n <= mostSplits {
		advice = fmt.Sprintf("%d splits, or %s", n, advice)
	}
	return fmt.Errorf("%d exchanges reject nothing at %g, as the smallest p is %d/%d: take %s", exchanges, o.Alpha, families, exchanges+1, advice)
}
