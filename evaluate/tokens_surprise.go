package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// Surprise is what fresh rows of the model cost a judge who knows real data alone, in nats a token (Shumailov et al.
// 2024, Nature 631, figure 1c): the mean over the probe's tokens, and quantiles over its rows of their own mean.
// Generations that drift to what is probable have a falling mean, and errors an upper quantile that rises.
//
// The judge "model" is the generation-0 model of the node itself; its series have no suffix. Under unsmoothed n-grams it
// is finite where all text descends from generation 0's (replace) and +Inf once one row holds an n-gram that generation
// 0's data lack; each quantile is +Inf only if that many rows are. "jm" and "kn" are smoothed scorers fitted once on the real training
// data, finite always: surprise{jm}.
type Surprise struct {
	Judges  []string  `json:"judges" default:"[\"model\"]" enum:"model,jm,kn" doc:"model: the generation-0 model; jm, kn: a scorer fitted on the real training data"`
	Order   int       `json:"order" default:"3" min:"1" max:"6" doc:"order of jm and kn"`
	Lambda  []float64 `json:"lambda" default:"[0.3,0.6]" doc:"weights of jm, the highest order first; order − 1 numbers"`
	Epsilon float64   `json:"epsilon" default:"0.1" min:"0" max:"1" doc:"share of the uniform distribution in the unigrams of jm"`
	Tokens  int       `json:"tokens" default:"200000" min:"0" doc:"judge the first rows of the probe that hold this many tokens; 0: all of it"`
}

// Needs are a probe, and generation 0's model or the real training rows.
func (m Surprise) Needs() Needs {
	return Needs{Probe: true, Baseline: slices.Contains(m.Judges, "model"), Real: len(m.scorers()) > 0}
}

func (m Surprise) scorers() []string {
	return slices.DeleteFunc(slices.Clone(m.Judges), func(s string) bool { return s == "model" })
}

// Can refuses a model without a likelihood as its own judge.
func (m Surprise) Can(fits generate.Fitted[generate.Tokens]) error {
	if _, ok := fits.(generate.Scorer[generate.Tokens]); !ok && slices.Contains(m.Judges, "model") {
		return fmt.Errorf("surprise: %T has no likelihood: use judges: [jm]", fits)
	}
	return nil
}

var surpriseQuantiles = [...]struct {
	name string
	at   float64
}{{"q05", .05}, {"q50", .5}, {"q95", .95}}

// Axes are the mean and three quantiles a judge.
func (m Surprise) Axes() (a []results.Axis) {
	for _, judge := range m.Judges {
		in := judgeSuffix(judge)
		a = append(a, results.Axis{Series: "surprise" + in, Label: "surprise (nats a token)"})
		for _, q := range surpriseQuantiles {
			a = append(a, results.Axis{Series: "surprise." + q.name + in, Label: "surprise, " + q.name + " of rows (nats a token)"})
		}
	}
	return a
}

func judgeSuffix(judge string) string {
	if judge == "model" {
		return ""
	}
	return "{" + judge + "}"
}

// Start fits the scorers.
func (m Surprise) Start(ctx context.Context, r Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	g := surprise{own: slices.Contains(m.Judges, "model"), tokens: m.Tokens}
	names := m.scorers()
	if len(names) == 0 {
		return g, nil
	}
	vocabulary := vocabularyOf(r.Truth)
	models, err := scorers{names, m.Order, m.Lambda, m.Epsilon}.models(vocabulary)
	if err != nil {
		return nil, fmt.Errorf("surprise: judges: %w", err)
	}
	counts, err := gramsOf(r.Train, m.Order, vocabulary)
	if err != nil {
		return nil, fmt.Errorf("surprise: %w", err)
	}
	for _, s := range models {
		f, err := s.fit(ctx, counts)
		if err != nil {
			return nil, fmt.Errorf("surprise: %w", err)
		}
		g.judges = append(g.judges, judge{judgeSuffix(s.name), f})
	}
	return g, nil
}

type judge struct {
	suffix string
	generate.Scorer[generate.Tokens]
}

type surprise struct {
	own    bool
	judges []judge
	tokens int // 0: all
}

// Measure has every judge score the probe.
func (g surprise) Measure(ctx context.Context, v View[generate.Tokens], to Sink) error {
	judges := slices.Clone(g.judges)
	if g.own {
		own, ok := v.Baseline.(generate.Scorer[generate.Tokens])
		if !ok {
			return fmt.Errorf("surprise: %T has no likelihood: use judges: [jm]", v.Baseline)
		}
		judges = append(judges, judge{"", own})
	}
	rows := firstTokens(v.Probe, g.tokens)
	nats := make([]float64, len(rows))
	for _, j := range judges {
		if err := j.Score(ctx, rows, nats); err != nil {
			return fmt.Errorf("surprise: %w", err)
		}
		putSurprise(rows, nats, j.suffix, to)
	}
	return nil
}

// firstTokens is the fewest first rows that hold so many tokens, or all.
func firstTokens(rows []generate.Tokens, tokens int) []generate.Tokens {
	if tokens == 0 {
		return rows
	}
	for i, row := range rows {
		if tokens -= len(row); tokens <= 0 {
			return rows[:i+1]
		}
	}
	return rows
}

// putSurprise puts the mean over tokens and the quantiles over rows. It sorts what it makes of nats in place.
func putSurprise(rows []generate.Tokens, nats []float64, suffix string, to Sink) {
	total, tokens, mean := num.SumCompensated(nats), 0, nats[:0]
	for i, row := range rows {
		if tokens += len(row); len(row) > 0 {
			mean = append(mean, -nats[i]/float64(len(row)))
		}
	}
	slices.Sort(mean)
	to.Put("surprise"+suffix, -total/float64(tokens))
	for _, q := range surpriseQuantiles {
		to.Put("surprise."+q.name+suffix, orderStatistic(mean, q.at))
	}
}

// orderStatistic is the smallest of the sorted values such that a share q of them is no larger; NaN of none.
func orderStatistic(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	return sorted[max(0, int(math.Ceil(float64(q*float64(len(sorted)))))-1)]
}
