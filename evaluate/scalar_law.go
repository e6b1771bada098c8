package evaluate

import (
	"modelcollapse/generate"
	"modelcollapse/results"
)

// A normalPlan is what the laws of a refitted normal must know of a plan that has one.
type normalPlan struct {
	replace    bool // else accumulate
	rows       int  // equal in every generation
	unbiased   bool
	dim        int // columns; 1 for scalars
	generation int // the last
}

// divisor is a fit whose variance was divided by the rows less DDOF.
type divisor interface{ DDOF() float64 }

// normalPlanOf reads a plan; false: it has no law here.
func normalPlanOf(p *generate.Plan, fit any) (l normalPlan, ok bool) {
	d, ok := fit.(divisor)
	if !ok || p == nil {
		return l, false
	}
	l = normalPlan{unbiased: d.DDOF() == 1, dim: 1, generation: p.Generations()}
	if l.rows, ok = replaced(p); ok {
		l.replace = true
		return l, l.rows > 1
	}
	all, ok := accumulated(p)
	if !ok {
		return l, false
	}
	for _, n := range all {
		if n != all[0] {
			return l, false
		}
	}
	l.rows = all[0]
	return l, l.rows > 1
}

// scalarPlan is normalPlanOf where truth and fit are normals.
func scalarPlan(r Real[float64]) (l normalPlan, truth generate.Normal, ok bool) {
	truth, ok = r.Truth.(generate.Normal)
	if !ok || len(r.Fits) != 1 {
		return l, truth, false
	}
	fit, ok := r.Fits[0].(generate.Normal)
	if !ok {
		return l, truth, false
	}
	l, ok = normalPlanOf(r.Plan, fit)
	return l, truth, ok
}

func (l normalPlan) replaceLaw() GaussianReplace { return GaussianReplace{l.rows, l.unbiased} }

// variance is E variance of a fit, for a truth N(0, 1).
func (l normalPlan) variance(g int) float64 {
	if l.replace {
		return l.replaceLaw().Variance(g)
	}
	return GaussianAccumulate{l.rows, l.unbiased}.Variance(g)
}

// squaredMeanError is E (mean − true mean)², for a truth N(0, 1).
func (l normalPlan) squaredMeanError(g int) float64 {
	if l.replace {
		return l.replaceLaw().SquaredMeanError(g)
	}
	return GaussianAccumulate{l.rows, l.unbiased}.SquaredMeanError(g)
}

// law is the name of a line in the legend, and its source.
func (l normalPlan) law() (name, source string) {
	if l.replace {
		return "normal, replace", "product of chi-squares (Shumailov et al. 2024, theorem 3.1; Bertrand et al. 2024, arXiv 2310.00429)"
	}
	return "normal, accumulate", "Π (1 − 1/(M i²)) (Kazdan et al. 2024, arXiv 2410.16713)"
}

// line is of(g) for every generation of the plan.
func (l normalPlan) line(series, functional string, of func(g int) float64) (line []results.Prediction) {
	name, source := l.law()
	for g := range l.generation + 1 {
		x := of(g)
		line = append(line, results.Prediction{Generation: g, Series: series, Functional: functional, Law: name, Source: source, X: x, Lo: x, Hi: x})
	}
	return line
}
