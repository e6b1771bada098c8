package main

import (
	"fmt"
	"strings"
)

// A row is a config beside a peer that does the same work. A peer's generations are fits, of which a config has one more than
// generations after the first.
type row struct {
	name      string
	config    string // of configs, less its .yaml
	overrides string // key=value …
	peer      string // a program of peers, less its .py, and its arguments
	check     string // the series that both must agree on, at the end of the last arm
	goal      float64
}

// rows is everything that is timed; the goal is the peer's processor seconds over ours, 0 where there is none.
var rows = []row{
	{"gaussian, 10 columns, 100 rows, 100 chains × 100 fits, replace", "gaussian", "", "gaussian 100 100 100 10 replace", "trace", 10},
	{"gaussian, 10 columns, 100 rows, 100 chains × 100 fits, accumulate", "gaussian", "workflow=accumulate", "gaussian 100 100 100 10 accumulate", "trace", 10},
	{"gaussian, 100 columns, 1,000 rows, 20 chains × 100 fits, replace", "gaussian", "data.dim=100 rows=1000 replicates=20", "gaussian 20 100 1000 100 replace", "trace", 10},
	{"gaussian, 100 columns, 1,000 rows, 20 chains × 100 fits, accumulate", "gaussian", "data.dim=100 rows=1000 replicates=20 workflow=accumulate", "gaussian 20 100 1000 100 accumulate", "trace", 10},
	{"normal, 100, 500, 1,000 and 10,000 rows × 1,000 fits, accumulate", "normal", "", "normal 1 1000 100,500,1000,10000 accumulate", "variance", 10},
	{"least squares, 10 columns, 100 rows, 100 chains × 100 fits, same design, accumulate", "regression", "", "regression 100 100 100 10 accumulate", "risk", 10},
	{"least squares, 100 columns, 1,000 rows, 20 chains × 100 fits, same design, accumulate", "regression", "data.dim=100 rows=1000 replicates=20", "regression 20 100 1000 100 accumulate", "risk", 5},
	{"kernel density, 2 columns, 1,000 rows × 100 fits, 500 held out, accumulate", "kernels2d", "", "kernels2d 1 100 1000 500 0.5", "model_perplexity", 5},
	{"kernel density, 1 column, 100 rows, 10 chains × 100 fits, 500 held out, accumulate", "kernels", "", "kernels 10 100 100 500 0.3", "model_perplexity", 20},
	{"Zipf, 10,000 categories, 100,000 draws, 100 chains × 100 fits, replace", "zipf", "", "categories 100 100 10000 100000 replace", "support", 5},
	{"Zipf, 10,000 categories, 100,000 draws, 100 chains × 100 fits, accumulate", "zipf", "workflow=accumulate", "categories 100 100 10000 100000 accumulate", "support", 5},
	{"10 categories, 10,000 draws, 2 chains × 10,000 fits, replace; the peer draws one by one", "fixation", "", "fixation 2 10000 10 10000 rows", "support", 100},
	{"10 categories, 10,000 draws, 2 chains × 10,000 fits, replace; the peer draws a multinomial", "fixation", "", "fixation 2 10000 10 10000 multinomial", "support", 0},
	{"mixture of 2 normals of 2 columns by EM, 1,000 rows, 5 chains × 205 fits, replace", "mixtures", "", "mixtures 5 205 1000 2", "trace", 10},
}

// chosen are the rows that a word is in; without words all.
func chosen(words []string) (some []row, err error) {
	for _, r := range rows {
		wanted := len(words) == 0
		for _, w := range words {
			wanted = wanted || strings.Contains(strings.ToLower(r.name), strings.ToLower(w))
		}
		if wanted {
			some = append(some, r)
		}
	}
	if len(some) == 0 {
		return nil, fmt.Errorf("no row has %s in its name", strings.Join(words, " or "))
	}
	return some, nil
}
