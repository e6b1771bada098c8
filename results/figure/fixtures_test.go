package figure

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// generations 0..g.
func generations(g int) []float64 {
	xs := make([]float64, g+1)
	for i := range xs {
		xs[i] = float64(i)
	}
	return xs
}

// arm is a curve y(g)·exp(noise) with a band that grows and, when thin > 0, replicates.
func arm(name string, g, thin int, noise float64, y func(float64) float64) Curve {
	r := rand.New(rand.NewPCG(uint64(len(name)), uint64(name[0])))
	c := Curve{Name: name, X: generations(g)}
	for range thin {
		w, t := 0.0, make([]float64, g+1)
		for i := range t {
			w += noise * r.NormFloat64()
			t[i] = y(float64(i)) * math.Exp(w)
		}
		c.Thin = append(c.Thin, t)
	}
	w := 0.0
	for i := range g + 1 {
		m := y(float64(i)) * math.Exp(w)
		w += noise / 3 * r.NormFloat64()
		s := noise * math.Sqrt(float64(i)+.2)
		if thin > 0 {
			m = 0
			for _, t := range c.Thin {
				m += t[i] / float64(thin)
			}
		}
		c.Mid = append(c.Mid, m)
		c.Lo, c.Hi = append(c.Lo, m*math.Exp(-s)), append(c.Hi, m*math.Exp(s))
	}
	return c
}

func law(armName, name, functional string, g int, y func(float64) float64) Curve {
	c := Curve{Name: armName, Theory: true, Law: name, Functional: functional, X: generations(g)}
	for i := range g + 1 {
		c.Mid = append(c.Mid, y(float64(i)))
	}
	return c
}

func saturate(a, b, k float64) func(float64) float64 {
	return func(g float64) float64 { return a + (b-a)*(1-math.Exp(-k*g)) }
}

// fourArms is the default collapse curve.
func fourArms() *Figure {
	re, ac := saturate(.18, .93, .13), saturate(.18, .29, .3)
	return &Figure{
		Title: "Replace loses the tail, accumulate keeps most of it",
		Caption: "Tail loss of the rarest decile on N = 20 000 fresh rows of the model, equal in every arm and generation. " +
			"Lines: mean over n = 5 replicates; bands: 95 % t-interval over chains (given this corpus and this split). " +
			"Zipf 1.1, 1 000 categories, 20 000 rows a generation. Dashed: exact expectation from the count chain.",
		Panels: []Panel{{
			X: Axis{Label: "generation"}, Y: Axis{Label: "tail loss"}, Functional: "mean",
			Curves: []Curve{
				arm("replace", 20, 5, .02, re), arm("accumulate", 20, 5, .03, ac),
				arm("subsample", 20, 5, .03, saturate(.18, .48, .2)), arm("ten_percent", 20, 5, .03, saturate(.18, .66, .16)),
				law("replace", "count chain", "mean", 20, re), law("accumulate", "count chain", "mean", 20, ac),
			},
		}},
	}
}

// sixPanels are small multiples over metrics, linear and log.
func sixPanels() *Figure {
	f := &Figure{
		Title: "Six measures of the same runs",
		Caption: "Lines: mean over n = 5 replicates (log axes: exp of the mean of logs); bands: 95 % t-interval over chains on the plotted scale. " +
			"All arms are measured on N = 20 000 fresh rows.",
		Arms: []string{"replace", "accumulate", "accumulate_subsample", "mix"},
	}
	type m struct {
		name, unit string
		log        bool
		y          [4]func(float64) float64
	}
	decay := func(k float64) func(float64) float64 { return func(g float64) float64 { return math.Exp(-k * g) } }
	for _, v := range []m{
		{"tail loss", "", false, [4]func(float64) float64{saturate(.18, .93, .13), saturate(.18, .29, .3), saturate(.18, .48, .2), saturate(.18, .66, .16)}},
		{"perplexity drift", "nats/token", false, [4]func(float64) float64{saturate(0.001, 1.8, .1), saturate(0.001, .2, .3), saturate(0.001, .5, .2), saturate(0.001, .9, .1)}},
		{"distinct bigrams", "", false, [4]func(float64) float64{saturate(31000, 4200, .2), saturate(31000, 27000, .2), saturate(31000, 21000, .2), saturate(31000, 18000, .2)}},
		{"variance σ^{2}_{g}", "", true, [4]func(float64) float64{decay(.35), decay(.01), decay(.05), decay(.1)}},
		{"model perplexity", "", true, [4]func(float64) float64{saturate(90, 700, .2), saturate(90, 110, .2), saturate(90, 150, .2), saturate(90, 220, .2)}},
		{"survival of rare types", "", false, [4]func(float64) float64{saturate(.82, .2, .2), saturate(.82, .74, .2), saturate(.81, .6, .2), saturate(.81, .5, .2)}},
	} {
		p := Panel{Title: v.name, X: Axis{Label: "generation"}, Y: Axis{Label: v.name, Unit: v.unit, Log: v.log}}
		for i, name := range f.Arms {
			p.Curves = append(p.Curves, arm(name, 10, 0, .04, v.y[i]))
		}
		p.Curves = append(p.Curves, law("replace", "oracle", "mean", 10, v.y[0]))
		f.Panels = append(f.Panels, p)
	}
	return f
}

// collapsing has zeros on a log axis, a perplexity that becomes infinite and a gap.
func collapsing() *Figure {
	a := arm("n = 10", 40, 0, .12, func(g float64) float64 { return math.Exp(-.3 * g) })
	for i := 27; i <= 40; i++ {
		a.Mid[i], a.Lo[i], a.Hi[i] = 0, 0, 0
	}
	b := arm("n = 100", 40, 0, .05, func(g float64) float64 { return math.Exp(-.03 * g) })
	b.Mid[20] = math.NaN()
	b.Lo[20] = math.NaN()
	c := arm("unsmoothed", 40, 0, .02, saturate(90, 300, .1))
	for i := 12; i <= 40; i++ {
		c.Mid[i], c.Lo[i], c.Hi[i] = math.Inf(1), math.Inf(1), math.Inf(1)
	}
	d := arm("Kneser–Ney", 40, 0, .01, saturate(95, 180, .1))
	x := Axis{Label: "generation"}
	return &Figure{
		Caption: "The variance reaches 0 exactly; an unsmoothed model gives a held-out token probability 0.",
		Panels: []Panel{
			{Title: "gaussian", X: x, Y: Axis{Label: "variance σ^{2}", Log: true}, Curves: []Curve{a, b}},
			{Title: "n-gram", X: x, Y: Axis{Label: "model perplexity"}, Curves: []Curve{c, d}},
		},
	}
}

// eightArms has names of which one is very long.
func eightArms() *Figure {
	p := Panel{X: Axis{Label: "generation"}, Y: Axis{Label: "tail loss"}}
	for i, n := range []string{"replace", "accumulate", "accumulate_subsample", "window of 3", "mix, fixed real rows 10 %",
		"mix, fresh real rows 10 %", "golden ratio weights", "a network of four models that exchange rows with their neighbours every generation"} {
		p.Curves = append(p.Curves, arm(n, 50, 0, .012, saturate(.18, .25+.09*float64(i), .05)))
	}
	return &Figure{Title: "Eight workflows", Width: TwoColumns, Panels: []Panel{p}, Caption: "n = 5 replicates; bands: 95 % t-interval over chains."}
}

// paired is a panel of differences around a reference line.
func paired() *Figure {
	zero := 0.0
	c := arm("accumulate − replace", 10, 0, .1, saturate(-.01, -.5, .2))
	for i := range c.Lo {
		c.Lo[i], c.Hi[i] = c.Mid[i]-.08, c.Mid[i]+.08
	}
	return &Figure{Panels: []Panel{{X: Axis{Label: "generation"}, Y: Axis{Label: "difference in tail loss"}, Reference: &zero, Curves: []Curve{c}}}}
}

// ninePanels share their ranges.
func ninePanels() *Figure {
	f := &Figure{Share: true, Title: "Variance by rows a generation", Caption: "Geometric mean over n = 20 replicates, 95 % t-interval on logs."}
	for i, n := range []int{5, 10, 20, 50, 100, 200, 400, 1000, 2000} {
		k := 1 / float64(n)
		y := func(g float64) float64 { return math.Exp(-k * g) }
		p := Panel{Title: fmt.Sprintf("n = %d", n), X: Axis{Label: "generation"}, Y: Axis{Label: "σ^{2}", Log: true}, Functional: "exp E ln"}
		p.Curves = []Curve{arm("replace", 100, 0, .3*math.Sqrt(k), y), arm("accumulate", 100, 0, .05/float64(i+1), func(float64) float64 { return 1 }),
			law("replace", "digamma chain", "exp E ln", 100, y)}
		f.Panels = append(f.Panels, p)
	}
	return f
}

// oddities are five panels with little, constant, unbounded or no data.
func oddities() *Figure {
	x := Axis{Label: "rows a generation", Log: true}
	nan, inf := math.NaN(), math.Inf(1)
	xs := []float64{100, 1000, 1e4, 1e5, 1e6}
	lo, hi := 0.2, 0.6
	return &Figure{
		Title: "Little, constant, unbounded and no data",
		Panels: []Panel{
			{Title: "one point, with a band", X: x, Y: Axis{Label: "exponent"}, Curves: []Curve{{Name: "a", X: xs[:1], Mid: []float64{.3}, Lo: []float64{.2}, Hi: []float64{.4}}}},
			{Title: "constant", X: x, Y: Axis{Label: "rows", Log: true}, Curves: []Curve{{Name: "a", X: xs, Mid: []float64{5, 5, 5, 5, 5}}}},
			{Title: "infinite", X: x, Y: Axis{Label: "model perplexity"}, Curves: []Curve{{Name: "b", X: xs, Mid: []float64{inf, inf, inf, inf, inf}}}},
			{Title: "no data: a panel with a title of two lines", X: x, Y: Axis{Label: "loss"}, Curves: []Curve{{Name: "b", X: xs, Mid: []float64{nan, nan, nan, nan, nan}}}},
			{Title: "cut at limits", X: x, Y: Axis{Label: "loss of a quantity with a very long name indeed", Unit: "nats/token", Min: &lo, Max: &hi}, Curves: []Curve{
				{Name: "a", X: xs, Mid: []float64{.1, .5, .9, .3, .4}, Lo: []float64{0, .4, .7, .25, .35}, Hi: []float64{.15, .7, 1.1, .35, .5}},
				{Name: "a", Theory: true, Law: "first order in 1/n", Functional: "median", X: xs, Mid: []float64{.7, .5, .4, .35, .3}},
				{Name: "a", Theory: true, Law: "exact chain", Functional: "median", X: xs, Mid: []float64{.6, .45, .35, .33, .3}}}},
		},
	}
}

func gallery() map[string]*Figure {
	return map[string]*Figure{"four": fourArms(), "six": sixPanels(), "collapsing": collapsing(), "eight": eightArms(), "paired": paired(), "nine": ninePanels(), "odd": oddities(), "table": scattered(400, 60, 0, 1, 5, 10, 50)}
}
