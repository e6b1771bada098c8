package pipeline

import "math"

// An Estimate is what a pipeline would ask of a server.
type Estimate struct {
	Stages []StageEstimate
	Tries  int // records of the source
}

// A StageEstimate is what one stage would ask.
type StageEstimate struct {
	Stage          string
	Endpoint       string // name of the one that is asked
	Expected, Most Asked
}

// Asked is calls and tokens.
type Asked struct{ Calls, Prompt, Answer int }

// Money is the price of what was asked, at prices per million tokens.
func (a Asked) Money(input, output float64) float64 {
	return (float64(a.Prompt)*input + float64(a.Answer)*output) / 1e6
}

func (a Asked) plus(b Asked) Asked {
	return Asked{a.Calls + b.Calls, a.Prompt + b.Prompt, a.Answer + b.Answer}
}

// bytesPerToken is what a token is taken to be long.
const bytesPerToken = 4

// expectedShare is how much of max_tokens an answer is expected to take.
const expectedShare = 0.5

// Estimate says what Run would ask of the server, without asking it.
func (p *Pipeline) Estimate() Estimate {
	source := p.source()
	e := Estimate{Tries: p.tries()}
	expected, most := float64(e.Tries), e.Tries
	if p.plan.Records > 0 {
		expected = float64(min(e.Tries, p.enough(p.plan.Records)))
	}
	field := p.fieldBytes(source)
	for _, o := range p.stages {
		s := StageEstimate{Stage: o.env.Name}
		for _, c := range o.env.calls {
			s.Endpoint = c.server
			calls := expected * c.each
			prompt := float64(c.prompt+field*(1+c.shown)) / bytesPerToken
			s.Expected = s.Expected.plus(Asked{int(calls + .5), int(calls * prompt), int(calls * float64(c.sampling.MaxTokens) * expectedShare)})
			worst := most * c.most
			s.Most = s.Most.plus(Asked{worst, int(float64(worst) * (prompt + float64(c.sampling.MaxTokens))), worst * c.sampling.MaxTokens})
		}
		expected, most = expected*o.env.grows(), int(float64(most)*o.env.grows())
		if len(o.env.calls) > 0 {
			e.Stages = append(e.Stages, s)
		}
	}
	return e
}

// growth is how many records one of the source becomes, if none is dropped: a pairwise stage leaves one of those that a
// record was made into.
func (p *Pipeline) growth() float64 {
	all, siblings := 1.0, 1.0
	for _, o := range p.stages {
		if _, ok := o.work.(*pairwise); ok {
			all, siblings = all/siblings, 1
		} else if n := o.env.grows(); n > 1 {
			all, siblings = all*n, n
		}
	}
	return all
}

// enough is how many records of the source become n, if none is dropped.
func (p *Pipeline) enough(n int) int { return int(math.Ceil(float64(n) / p.growth())) }

// grows is how many records a stage makes of one, if it drops none.
func (e *Env) grows() float64 {
	if e.factor == 0 {
		return 1
	}
	return float64(e.factor)
}

// fieldBytes is how long the fields of a record are, by the seeds.
func (p *Pipeline) fieldBytes(opened) int {
	total := 0
	for _, r := range p.pool.seeds {
		total += len(asJSON(r.Fields))
	}
	if len(p.pool.seeds) == 0 {
		return 0
	}
	return total / len(p.pool.seeds)
}

// Total is the sum over the stages.
func (e Estimate) Total() StageEstimate {
	t := StageEstimate{Stage: "total"}
	for _, s := range e.Stages {
		t.Expected, t.Most = t.Expected.plus(s.Expected), t.Most.plus(s.Most)
	}
	return t
}

// Assumes says in words what the numbers rest on.
func (e Estimate) Assumes() string {
	return "Expected: nothing is dropped or asked again, an answer takes half of max_tokens, a token is 4 bytes. At most: every try is used, " +
		"every answer takes all of max_tokens and is asked for again as often as it may be, with itself in the prompt."
}

// Done is how much of a run is done, in [0, 1].
func (p Progress) Done() float64 {
	done := 0.0
	if p.Tries > 0 {
		done = float64(p.Tried) / float64(p.Tries)
	}
	if p.Wanted > 0 {
		done = max(done, float64(p.Kept)/float64(p.Wanted))
	}
	return done
}
