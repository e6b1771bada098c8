package pipeline

import "math"

// An Estimate is what a pipeline would ask of a server.
type Estimate struct {
	Stages []StageEstimate
	Source string // what it is
	Tries  int    // records of the source that are used at most
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

// Estimate says what Run would ask of the server, without asking it.
func (p *Pipeline) Estimate() Estimate {
	e := Estimate{Source: p.source().env.about, Tries: p.tries()}
	expected, most := float64(e.Tries), float64(e.Tries)
	if p.plan.Records > 0 {
		expected = float64(min(e.Tries, p.enough(p.plan.Records)))
	}
	siblings := 1.0
	for _, o := range p.stages {
		s := StageEstimate{Stage: o.env.Name}
		_, pairs := o.work.(*pairwise)
		for _, c := range o.env.calls {
			if s.Endpoint = c.server; pairs {
				c.each *= (siblings - 1) / siblings
			}
			s.Expected, s.Most = s.Expected.plus(c.expected(expected, p.last)), s.Most.plus(c.bound(most, p.last))
		}
		if len(o.env.calls) > 0 {
			e.Stages = append(e.Stages, s)
		}
		n := o.env.grows()
		if most *= n; pairs {
			expected, siblings = expected/siblings, 1
		} else if expected *= n; n > 1 {
			siblings = n
		}
	}
	return e
}

// expected is what is asked about so many records, if no answer has to be asked for again.
func (c cost) expected(records float64, last *Names) Asked {
	calls := records * c.each
	return Asked{int(calls + .5), int(calls * c.prompt(last).mean), int(calls * writtenSize(c.sampling, 1).mean)}
}

// bound is what is asked about so many records at most: every answer is as long as it may be, and asked for again as often as
// it may be, each time with all answers before it and what was wrong with them.
func (c cost) bound(records float64, last *Names) Asked {
	questions, rounds, answer := records*float64(c.most), float64(c.reasks+1), float64(c.sampling.MaxTokens)
	prompt := rounds*(c.prompt(last).most+float64(c.schema)+aroundTokens) + rounds*(rounds-1)/2*(answer+faultTokens)
	return Asked{whole(questions * rounds), whole(questions * prompt), whole(questions * rounds * answer)}
}

// whole is a number that can be added to others like it.
func whole(x float64) int { return int(min(x, 1e17)) }

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
	return "Expected: nothing is dropped or asked again, an answer takes half of max_tokens, a token is 4 bytes. At most: every record " +
		"of the source that may be used is, every answer takes all of max_tokens and as many where it stands in a later prompt, and is " +
		"asked for again as often as it may be, with all before it in the prompt; a token of any other text is a byte; each call is " +
		"answered at its first attempt."
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
