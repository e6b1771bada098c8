package generate

import (
	"context"
	"math"
)

// A climb is Newton's method on the likelihood of logistic regression.
type climb struct {
	train Sample[Labelled]
	ridge float64
	w     []float64
	flaw  flaw
}

// A view is the likelihood from where one stands.
type view struct {
	value   float64   // penalised log likelihood, nats
	slope   []float64 // its gradient
	hessian []float64 // of its negative, upper triangle of dim × dim
	weight  float64   // of the rows
	margin  float64   // the smallest (2y − 1)·w·x
	decided bool      // every label is 0 or 1
}

const (
	climbSteps = 100
	climbGain  = 1e-14 // nats a row that one more step would bring, below which the last is taken
	sureMargin = 40    // nats: σ(40) is 1 to the last bit
)

// up climbs to the top. Labels that a plane through 0 separates have none: the weights are then scaled until every
// label is certain.
func (c *climb) up(ctx context.Context) error {
	here := c.look(c.w)
	if here.weight == 0 {
		c.flaw = noRows
		clear(c.w)
		return nil
	}
	for range climbSteps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if here.separated() && c.ridge == 0 {
			c.flaw = separable
			c.stretch(sureMargin / here.margin)
			return nil
		}
		f := cholesky(here.hessian, len(c.w), 1, math.Inf(1))
		step := f.normalEquations(here.slope)
		gain := dot(step, here.slope)
		if !(gain >= 0) { // not finite
			c.stretch(math.NaN())
			return nil
		}
		small := gain <= float64(climbGain*here.weight) && c.short(step)
		there, moved := c.move(here, step, small)
		if small && f.rank() < len(c.w) {
			c.flaw = singular
		}
		if small {
			return nil
		}
		if !moved {
			break
		}
		here = there
	}
	c.flaw = restless
	return nil
}

// stretch multiplies the weights.
func (c *climb) stretch(by float64) {
	for k, w := range c.w {
		c.w[k] = float64(w * by)
	}
}

// separated reports that every label lies on its side of the plane.
func (v view) separated() bool { return v.decided && v.margin > 0 }

// short reports a step that hardly changes the weights.
func (c *climb) short(step []float64) bool {
	most, size := 0.0, 1.0
	for k, s := range step {
		most, size = max(most, math.Abs(s)), max(size, math.Abs(c.w[k]))
	}
	return most <= float64(1e-5*size)
}

// move takes the step, or as much of it as does not lead down; the last one is not looked at.
func (c *climb) move(here view, step []float64, last bool) (there view, moved bool) {
	to := make([]float64, len(c.w))
	for part := 1.0; part > 1e-9; part /= 2 {
		for k := range to {
			to[k] = c.w[k] + float64(part*step[k])
		}
		if last {
			c.w = to
			return here, true
		}
		if there = c.look(to); there.value >= here.value-float64(1e-13*math.Abs(here.value)) {
			c.w = to
			return there, true
		}
	}
	return here, false
}

// look finds value, gradient and Hessian at w.
func (c *climb) look(w []float64) view {
	d := len(w)
	v := view{slope: make([]float64, d), hessian: make([]float64, d*d), margin: math.Inf(1), decided: true}
	for _, sp := range c.train {
		for i, row := range sp.Rows {
			by := sp.At(i)
			if by == 0 {
				continue
			}
			t := dot(w, row.X)
			p, q := sigma(t), sigma(-t)
			v.weight += by
			v.value += float64(by * (float64(row.Y*t) - lnOnePlusExp(t)))
			v.margin = min(v.margin, float64((float64(2*row.Y)-1)*t))
			v.decided = v.decided && (row.Y == 0 || row.Y == 1)
			// y − p to its own digits, so that labels which are separated in part never look settled
			addScaled(v.slope, row.X, float64(by*(float64(row.Y*q)-float64((1-row.Y)*p))))
			curve := float64(by * float64(p*q))
			for k, x := range row.X {
				addScaled(v.hessian[k*d+k:], row.X[k:], float64(curve*x))
			}
		}
	}
	penalty := float64(c.ridge * v.weight)
	for k, x := range w {
		v.value -= float64(0.5 * float64(penalty*float64(x*x)))
		v.slope[k] -= float64(penalty * x)
		v.hessian[k*d+k] += penalty
	}
	return v
}
