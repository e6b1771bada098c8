package evaluate

import "modelcollapse/generate"

// maxLiving bounds the memory of the oracle: it holds a covariance of each two blocks that are still learned from.
const maxLiving = 8000

// forget drops the covariances of blocks and fits that no later generation speaks of.
func (o *oracle) forget(g int) {
	for at := range o.fits {
		if o.plan.Fit(at) <= g {
			delete(o.fits, at)
		}
	}
	spoken := make([]bool, len(o.cov))
	speak := func(c *combination) {
		for _, j := range c.id {
			spoken[j] = true
		}
	}
	for _, c := range o.fits {
		speak(c)
	}
	for at, j := range o.id {
		spoken[j] = spoken[j] || o.plan.Block(at) > g
	}
	for node, c := range o.learned { // what only grows is spoken of as a whole, anything else is combined anew
		if g < o.plan.Generations() && node < len(o.plan.Steps[g+1].Lessons) {
			if _, grows := o.plan.Steps[g+1].Lessons[node].Grows(c.lesson); grows {
				speak(c)
				continue
			}
		}
		delete(o.learned, node)
	}
	for pool, c := range o.pools {
		if o.growing(g+1, pool, c) {
			speak(c)
		} else {
			delete(o.pools, pool)
		}
	}
	o.keep(spoken)
}

// keep drops the covariances of what is not spoken of.
func (o *oracle) keep(spoken []bool) {
	o.living = 0
	for j, yes := range spoken {
		if yes {
			o.living++
		} else {
			o.cov[j] = nil
		}
	}
}

// growing reports whether the pool of a draw in generation g is an older one and more.
func (o *oracle) growing(g int, pool poolOf, c *combination) bool {
	if g > o.plan.Generations() || pool.draw >= len(o.plan.Steps[g].Draws) || pool.origin >= len(o.plan.Steps[g].Draws[pool.draw].From) {
		return false
	}
	_, grows := lessonOf(o.plan.Steps[g].Draws[pool.draw].From[pool.origin].Past).Grows(c.lesson)
	return grows
}

// lessonOf is the rows of blocks that weigh alike.
func lessonOf(past []generate.Blocks) (l generate.Lesson) {
	for _, b := range past {
		l.Shares = append(l.Shares, generate.Share{Blocks: b})
	}
	return l
}
