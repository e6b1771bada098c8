package evaluate

import (
	"fmt"
	"math"

	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// An Answer to one definition of model collapse is one of five.
type Answer string

// Yes and No are shown by intervals; Unsettled: neither is; NotMeasured: the run lacks what would tell, and Why names it;
// NotApplicable: the question has no meaning for these data.
const (
	Yes           Answer = "yes"
	No            Answer = "no"
	Unsettled     Answer = "undecided"
	NotMeasured   Answer = "not measured"
	NotApplicable Answer = "not applicable"
)

// A Definition is the answer of one arm to one of the eight definitions of model collapse that Schaeffer et al. 2025
// (arXiv 2503.03150) tell apart.
type Definition struct {
	Name      string    `json:"definition"`
	Answer    Answer    `json:"answer"`
	Value     num.Float `json:"value"` // what was measured: NaN where nothing was
	Lo        num.Float `json:"lo"`    // interval, simultaneous over the eight
	Hi        num.Float `json:"hi"`
	Threshold num.Float `json:"threshold"` // what Value is held against
	Why       string    `json:"why"`
}

// A Profile is the eight answers of one arm.
type Profile struct {
	Arm         string       `json:"arm"`
	Level       float64      `json:"level"`
	Definitions []Definition `json:"definitions"`
}

// The eight definitions, in the order of the paper.
const (
	Catastrophic  = "catastrophic increase of population risk"
	AnyIncrease   = "any increase of population risk"
	Diverging     = "asymptotically diverging risk"
	ScalingLaw    = "change in scaling law"
	Variances     = "collapsing variance"
	Entanglement  = "entanglement of real data modes"
	TailLost      = "disappearance of real tail data"
	Hallucination = "appearance of hallucinated data"
)

// Thresholds are how much matters, in the units of the definitions.
type Thresholds struct {
	Level                                                          float64 // simultaneous over the eight: 0.95
	Increase, Variance, Tail, Entanglement, Hallucination, Scaling float64
}

// definitions is how many intervals share the level (Bonferroni).
const definitions = 8

// A Witness is what is known of an arm: its series by role, what theory says of the risk, and what cannot be asked.
type Witness struct {
	Arm           string
	Series        map[string]results.Curves
	Trivial       float64 // risk of a trivial predictor; NaN: not known
	Limit         float64 // of the mean risk; NaN: not known
	Scaling       *Exponents
	NotApplicable map[string]string // by definition: why
	Missing       map[string]string // by role: what to add
}

// Ask answers the eight definitions for one arm, in the last generation against generation 0 of the same replicate.
func (t Thresholds) Ask(w Witness) Profile {
	p := Profile{Arm: w.Arm, Level: t.Level}
	for _, ask := range []func(Witness) Definition{t.catastrophic, t.increase, t.diverging, t.scaling, t.variance, t.entanglement, t.tail, t.hallucination} {
		d := ask(w)
		if why, none := w.NotApplicable[d.Name]; none && d.Answer == NotMeasured {
			d.Answer, d.Why = NotApplicable, why
		}
		if n, of := w.short(); n > 0 && d.Answer == No && d.Name != Diverging { // what they would have come to is not known
			d.Answer, d.Why = Unsettled, fmt.Sprintf("%d of %s ended before the last generation; until then, %s", n, counted(of, "chain", "chains"), d.Why)
		}
		p.Definitions = append(p.Definitions, d)
	}
	return p
}

// short is how many chains ended before the last generation.
func (w Witness) short() (n, of int) {
	for _, c := range w.Series {
		ended := 0
		for _, l := range c.Lines {
			if results.IsMissing(l[len(l)-1]) {
				ended++
			}
		}
		if ended > n {
			n, of = ended, len(c.Lines)
		}
	}
	return n, of
}

// interval is the t-interval of a mean at the simultaneous level.
func (t Thresholds) interval(x []float64) TTest {
	return OneSampleT(x, 0, 1-(1-t.Level)/definitions)
}

// beyond answers whether the mean of x exceeds a threshold: yes when the whole interval does, no when none of it does.
func (t Thresholds) beyond(name string, x []float64, threshold float64, what string) Definition {
	i := t.interval(x)
	d := Definition{Name: name, Value: num.Float(i.Effect), Lo: num.Float(i.Lo), Hi: num.Float(i.Hi), Threshold: num.Float(threshold), Answer: Unsettled}
	switch {
	case i.Lo > threshold:
		d.Answer = Yes
	case i.Hi < threshold:
		d.Answer = No
	}
	d.Why = fmt.Sprintf("%s %.3g [%.3g, %.3g] against %.3g, n = %d", what, i.Effect, i.Lo, i.Hi, threshold, len(x))
	if len(x) < 2 {
		d.Why = fmt.Sprintf("%s: n = %d has no interval", what, len(x))
	}
	return d
}

func absent(name, why string) Definition {
	none := num.Float(math.NaN())
	return Definition{Name: name, Answer: NotMeasured, Value: none, Lo: none, Hi: none, Threshold: none, Why: why}
}

// series is that of a role, or a definition that was not measured.
func (w Witness) series(role, name string) (results.Curves, Definition, bool) {
	c, ok := w.Series[role]
	if ok && c.Generations() > 0 {
		return c, Definition{}, true
	}
	return c, absent(name, w.Missing[role]), false
}

func (t Thresholds) catastrophic(w Witness) Definition {
	c, none, ok := w.series(results.RoleRisk, Catastrophic)
	switch {
	case !ok:
		return none
	case math.IsNaN(w.Trivial):
		return absent(Catastrophic, "the risk of a trivial predictor is not known: give profile.trivial")
	}
	x, threshold := scaled(valuesAt(c, last(c)), c.Log), w.Trivial
	if c.Log {
		threshold = num.Log(threshold)
	}
	return infinite(t.beyond(Catastrophic, x, threshold, label(c, "at the last generation")), endless(c), c)
}

func (t Thresholds) increase(w Witness) Definition {
	c, none, ok := w.series(results.RoleRisk, AnyIncrease)
	if !ok {
		return none
	}
	threshold := num.Log1p(t.Increase)
	if !c.Log {
		threshold = float64(t.Increase * num.Mean(valuesAt(c, 0)))
	}
	n := ended(c, func(first, last float64) bool { return math.IsInf(last, 1) && !math.IsInf(first, 1) })
	return infinite(t.beyond(AnyIncrease, changes(c, c.Log), threshold, label(c, "since generation 0")), n, c)
}

// infinite is a definition of a risk that became infinite in n replicates, of which no interval speaks.
func infinite(d Definition, n int, c results.Curves) Definition {
	if n > 0 {
		d.Answer, d.Why = Yes, fmt.Sprintf("%s is infinite in %d of %d replicates; of the others, %s", c.Series, n, len(c.Lines), d.Why)
	}
	return d
}

func (t Thresholds) diverging(w Witness) Definition {
	c, none, ok := w.series(results.RoleRisk, Diverging)
	switch {
	case !ok:
		return none
	case math.IsInf(w.Limit, 1):
		return Definition{Name: Diverging, Answer: Yes, Value: num.Float(w.Limit), Lo: num.Float(w.Limit), Hi: num.Float(w.Limit),
			Threshold: num.Float(math.Inf(1)), Why: "the law of " + c.Series + " has no finite limit"}
	case !math.IsNaN(w.Limit):
		return Definition{Name: Diverging, Answer: No, Value: num.Float(w.Limit), Lo: num.Float(w.Limit), Hi: num.Float(w.Limit),
			Threshold: num.Float(math.Inf(1)), Why: fmt.Sprintf("the law of %s has the limit %.4g", c.Series, w.Limit)}
	}
	d := absent(Diverging, "no law says where "+c.Series+" goes; its last third is "+shapeOf(c))
	d.Answer = Unsettled
	return d
}

func (t Thresholds) variance(w Witness) Definition {
	if c, ok := w.Series[results.RoleLogVariance]; ok && c.Generations() > 0 {
		return t.beyond(Variances, negated(changes(c, false)), t.Variance, "loss of "+c.Series)
	}
	c, none, ok := w.series(results.RoleVariance, Variances)
	if !ok {
		return none
	}
	d := t.beyond(Variances, negated(changes(c, true)), t.Variance, "loss of ln "+c.Series)
	if n := dead(c); n > 0 { // an infinite loss; the interval speaks of the others
		d.Answer, d.Why = Yes, fmt.Sprintf("%d of %d replicates have none left; of the others, %s", n, len(c.Lines), d.Why)
	}
	return d
}

func (t Thresholds) entanglement(w Witness) Definition {
	c, none, ok := w.series(results.RoleModes, Entanglement)
	if !ok {
		return none
	}
	return t.beyond(Entanglement, changes(c, false), t.Entanglement, label(c, "since generation 0"))
}

func (t Thresholds) tail(w Witness) Definition {
	c, none, ok := w.series(results.RoleTail, TailLost)
	if !ok {
		return none
	}
	return t.beyond(TailLost, changes(c, false), t.Tail, label(c, "since generation 0"))
}

func (t Thresholds) hallucination(w Witness) Definition {
	c, none, ok := w.series(results.RoleHallucination, Hallucination)
	if !ok {
		return none
	}
	return t.beyond(Hallucination, changes(c, false), t.Hallucination, label(c, "since generation 0"))
}

func label(c results.Curves, when string) string {
	if c.Log {
		return "ln " + c.Series + " " + when
	}
	return c.Series + " " + when
}
