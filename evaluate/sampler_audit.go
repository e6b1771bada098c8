package evaluate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// A SamplerTest asks whether tokens were drawn from the law that a server says it has: a server that truncates where nobody asked it to
// (top_k, min_p by default) never shows what it leaves out, which is a collapse of its own.
type SamplerTest struct {
	CountTest
	Drawn    int     // tokens
	Listed   int     // tokens that the server gave a probability
	Expected int     // of those, with at least five draws expected
	Never    int     // of those, that never came
	Lost     float64 // stated probability of these
	TV       float64 // total variation between counts and the stated law, over the listed tokens and the rest
}

// leastExpected is the count from which a category of a chi-square test stands by itself (Cochran, Ann. Math. Stat. 23, 1952).
const leastExpected = 5

// TestSampler compares first tokens of answers to one prompt with the stated law. Tokens of small expectation are pooled with what the
// server did not list, and so are the rarest others until that pool is expected to be of some size too. It is an error if nothing was
// drawn or the server gave no law.
func TestSampler(drawn []string, law []generate.Named) (SamplerTest, error) {
	t := SamplerTest{Drawn: len(drawn), Listed: len(law)}
	n := float64(len(drawn))
	if len(drawn) == 0 || len(law) == 0 {
		return t, fmt.Errorf("sampler audit: %d tokens drawn, and the server lists %d: it needs both (a server with logprobs)", len(drawn), len(law))
	}
	count := map[string]int64{}
	for _, text := range drawn {
		count[text]++
	}
	law = slices.Clone(law)
	slices.SortStableFunc(law, func(a, b generate.Named) int { return cmp.Compare(b.Nats, a.Nats) })
	var counts []int64
	var p []float64
	rest, restCount := 1.0, int64(len(drawn))
	for _, l := range law {
		share := num.Exp(l.Nats)
		t.TV += math.Abs(float64(count[l.Name])/n - share)
		if share*n < leastExpected {
			continue
		}
		if t.Expected++; count[l.Name] == 0 {
			t.Never++
			t.Lost += share
		}
		counts, p = append(counts, count[l.Name]), append(p, share)
		rest, restCount = rest-share, restCount-count[l.Name]
	}
	t.TV = (t.TV + math.Abs(unlisted(count, law, n))) / 2
	rest = max(0, rest)
	for last := len(p) - 1; last > 0 && rest*n < leastExpected && (rest*n > 1e-6 || restCount > 0); last-- {
		rest, restCount = rest+p[last], restCount+counts[last]
		counts, p = counts[:last], p[:last]
	}
	if rest*n > 1e-6 || restCount > 0 {
		counts, p = append(counts, restCount), append(p, rest)
	}
	if len(p) < 2 {
		t.P = 1 // one token is certain: nothing to test
		return t, nil
	}
	total := num.SumCompensated(p)
	for i := range p {
		p[i] /= total
	}
	var err error
	t.CountTest, err = ChiSquare(counts, p)
	return t, err
}

// unlisted is how much more of n draws than stated are of tokens that the law does not list.
func unlisted(count map[string]int64, law []generate.Named, n float64) float64 {
	drawn, stated := n, 1.0
	for _, l := range law {
		drawn -= float64(count[l.Name])
		stated -= num.Exp(l.Nats)
	}
	return drawn/n - stated
}

// SamplerAudit draws first tokens from a model behind a server and tests them against the log probabilities that the server states:
//
//	sampler_audit        p of the chi-square test; near 0: what is drawn is not what is stated
//	sampler_audit.lost   stated probability of tokens that were expected at least five times and never came
//	sampler_audit.tv     total variation between both, at least √(tokens / draws) or so by chance alone
type SamplerAudit struct {
	Draws int `json:"draws" default:"1500" min:"50" max:"1000000" doc:"answers of one token, each a call"`
}

// Needs is the fit alone.
func (SamplerAudit) Needs() Needs { return Needs{} }

// Can asks for a model behind a server.
func (SamplerAudit) Can(fits generate.Fitted[generate.Tokens]) error {
	if _, ok := fits.(generate.NextDrawer); !ok {
		return fmt.Errorf("sampler_audit: %T is drawn from as it is: only models behind a server can hide how they are sampled", fits)
	}
	return nil
}

// Axes are the three series.
func (SamplerAudit) Axes() []results.Axis {
	return []results.Axis{
		{Series: "sampler_audit", Label: "p that tokens are drawn as stated"},
		{Series: "sampler_audit.lost", Label: "stated probability of tokens that never came", Better: -1},
		{Series: "sampler_audit.tv", Label: "total variation between drawn and stated tokens", Better: -1},
	}
}

// Start keeps the size.
func (m SamplerAudit) Start(context.Context, Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	return samplerAudit{m.Draws}, nil
}

type samplerAudit struct{ draws int }

// Measure draws and tests.
func (g samplerAudit) Measure(ctx context.Context, v View[generate.Tokens], to Sink) error {
	d, ok := v.Model.(generate.NextDrawer)
	if !ok {
		return fmt.Errorf("sampler_audit: %T is not behind a server", v.Model)
	}
	drawn, law, err := d.DrawNext(ctx, g.draws, v.Key.Child("sampler_audit", 0).Stream())
	if err != nil {
		return fmt.Errorf("sampler_audit: %w", err)
	}
	t, err := TestSampler(drawn, law)
	if err != nil {
		return err
	}
	to.Put("sampler_audit", t.P)
	to.Put("sampler_audit.lost", t.Lost)
	to.Put("sampler_audit.tv", t.TV)
	return nil
}
