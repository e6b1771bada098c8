package audit

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/num"
)

// utility trains a model on each side to predict one column, and tries both on real rows that neither saw: of the hold-out, or a
// fifth of the real rows, which this statistic keeps out of both sides. The model is ridge regression on evaluate.Featured of the other
// columns: of the number in standard deviations, at most 5, or of every category, ±1, of which the highest wins (up to 20 categories, the rest as one).
type utility struct {
	few
	d      *table
	target int
	test   []int
	kept   map[int]bool // rows that are kept out
	dim    int
	row    map[int]evaluate.Features
	want   map[int][]float64 // by row: what weights are fitted to, one a class, or the number
}

const (
	utilityClasses = 20
	utilityClip    = 5 // deviations from the mean, beyond which a number is taken for this many: R² of heavy tails is that of few rows
	utilityName    = "utility_loss@1000"
)

func utilityOf(d *table, f few, target int, r *rand.Rand) *utility {
	u := &utility{few: f, d: d, target: target, kept: map[int]bool{}, row: map[int]evaluate.Features{}, want: map[int][]float64{}}
	if d.held > 0 {
		u.test = some(upTo(d.real+d.synth, d.real+d.synth+d.held), fewAtOnce, r)
	} else {
		u.test = some(upTo(0, d.real), min(fewAtOnce, d.real/5), r)
		for _, i := range u.test {
			u.kept[i] = true
		}
	}
	u.test = slices.DeleteFunc(u.test, func(i int) bool { return d.missing(i, target) && d.columns[target].numbers() })
	learn := slices.Compact(slices.Sorted(slices.Values(slices.Concat(f.joined, f.alone))))
	all := slices.Concat(learn, u.test)
	schema := slices.Delete(slices.Clone(d.schema), target, target+1)
	without := func(at []int) (rows []generate.Record) {
		for _, row := range d.chosen(at) {
			rows = append(rows, slices.Delete(slices.Clone(row), target, target+1))
		}
		return rows
	}
	dim, features := evaluate.Featured(schema, without(learn), without(all))
	u.dim = dim
	for k, i := range all {
		u.row[i] = features[k]
	}
	u.wants(learn, all)
	return u
}

// wants are the targets of rows.
func (u *utility) wants(learn, all []int) {
	c := &u.d.columns[u.target]
	if c.numbers() {
		var x []float64
		for _, i := range learn {
			if c.x[i] == c.x[i] {
				x = append(x, c.x[i])
			}
		}
		mean, variance := num.Variance(x)
		sd := math.Sqrt(variance)
		for _, i := range all {
			u.want[i] = []float64{max(-utilityClip, min(utilityClip, (c.x[i]-mean)/sd))}
		}
		return
	}
	count := make([]int, c.kinds)
	for _, i := range learn {
		count[c.code[i]]++
	}
	codes := upTo(0, c.kinds)
	slices.SortStableFunc(codes, func(a, b int) int { return cmp.Compare(count[b], count[a]) })
	class := make([]int, c.kinds)
	for k, code := range codes {
		class[code] = min(k, utilityClasses)
	}
	for _, i := range all {
		want := slices.Repeat([]float64{-1}, min(c.kinds, utilityClasses+1))
		want[class[c.code[i]]] = 1
		u.want[i] = want
	}
}

// Statistics is the loss.
func (u *utility) Statistics() []Statistic {
	what := "accuracy lost by training on synthetic rows instead of as many real ones, predicting "
	if u.d.columns[u.target].numbers() {
		what = "R² lost by training on synthetic rows instead of as many real ones, predicting "
	}
	return []Statistic{{Name: utilityName, Part: Utility, What: what + u.d.columns[u.target].name, Unit: "share", Worse: More, Threshold: 0.1, limit: fewAtOnce}}
}

// Measure trains twice.
func (u *utility) Measure(s Split, to []float64) {
	var train [3][]int
	side := u.sides(s)
	for k, i := range u.rows(s) {
		if !u.kept[i] && u.want[i][0] == u.want[i][0] {
			train[side[k]] = append(train[side[k]], i)
		}
	}
	n := min(len(train[Reference]), len(train[Candidate])) // what was kept out leaves one side larger
	to[0] = u.score(train[Reference][:n]) - u.score(train[Candidate][:n])
}

// score is R² or accuracy on the test rows, of a model trained on rows; NaN without either.
func (u *utility) score(rows []int) float64 {
	if len(rows) == 0 || len(u.test) == 0 {
		return math.NaN()
	}
	features := make([]evaluate.Features, len(rows))
	for k, i := range rows {
		features[k] = u.row[i]
	}
	classes := len(u.want[rows[0]])
	w := make([][]float64, classes)
	for c := range w {
		y := make([]float64, len(rows))
		for k, i := range rows {
			y[k] = u.want[i][c]
		}
		w[c] = ridgeFit(features, y, u.dim)
	}
	if classes == 1 {
		return u.explained(w[0])
	}
	right := 0
	for _, i := range u.test {
		best, most := 0, math.Inf(-1)
		for c := range w {
			if t := times(u.row[i], w[c]); t > most {
				best, most = c, t
			}
		}
		if u.want[i][best] == 1 {
			right++
		}
	}
	return float64(right) / float64(len(u.test))
}

// explained is R² on the test rows, at least −1.
func (u *utility) explained(w []float64) float64 {
	var y []float64
	left := 0.0
	for _, i := range u.test {
		y = append(y, u.want[i][0])
		e := u.want[i][0] - times(u.row[i], w)
		left += float64(e * e)
	}
	_, variance := num.Variance(y)
	return max(-1, 1-left/float64(variance*float64(len(y)-1)))
}

// ridgeFit are the weights of least squares with a ridge, by 30 steps of conjugate gradients from 0: the ridge bounds the condition, and
// rows are sparse.
func ridgeFit(rows []evaluate.Features, y []float64, dim int) []float64 {
	w, residual := make([]float64, dim), make([]float64, dim)
	for k, row := range rows {
		addTimes(residual, row, y[k])
	}
	direction := slices.Clone(residual)
	length := num.Dot(residual, residual)
	start := length
	for range 30 {
		if !(length > 1e-14*start) {
			break
		}
		image := make([]float64, dim)
		for _, row := range rows {
			addTimes(image, row, times(row, direction))
		}
		for k := 1; k < dim; k++ {
			image[k] += float64(ridge * direction[k])
		}
		step := length / num.Dot(direction, image)
		for k := range w {
			w[k] += float64(step * direction[k])
			residual[k] -= float64(step * image[k])
		}
		next := num.Dot(residual, residual)
		for k := range direction {
			direction[k] = residual[k] + float64(next/length*direction[k])
		}
		length = next
	}
	return w
}
