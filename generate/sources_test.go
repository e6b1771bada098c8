package generate

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

func opened(t testing.TB, o Opener[Vector], seed uint64) Source[Vector] {
	t.Helper()
	s, err := o.Open(context.Background(), rng.Root(seed).Stream())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestScalarMixtureAgreesWithScipy(t *testing.T) {
	var ref struct {
		Mixtures []struct {
			Weights, Means, SDs, X, CDF []float64
			LogDensity                  []float64 `json:"log_density"`
		} `json:"scalar_mixture"`
	}
	densityReference(t, &ref)
	for _, c := range ref.Mixtures {
		s, err := ScalarMixture{Weights: c.Weights, Means: c.Means, SDs: c.SDs}.Open(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		m := s.(ScalarMixture)
		nats := make([]float64, len(c.X))
		m.Score(t.Context(), c.X, nats)
		if e := relative(nats, c.LogDensity); e > 1e-13 {
			t.Errorf("density: relative error %.1e", e)
		}
		for i, x := range c.X {
			if e := math.Abs(m.CDF(x)/c.CDF[i] - 1); e > 1e-12 {
				t.Errorf("CDF(%g) is %g, want %g", x, m.CDF(x), c.CDF[i])
			}
			if p := m.CDF(x); p > 1e-300 && p < .999 && math.Abs(m.CDF(m.Quantile(p))/p-1) > 1e-12 {
				t.Errorf("quantile of %g is %g", p, m.Quantile(p))
			}
		}
		for _, p := range []float64{1e-10, .01, .3, .5, .7, .99, 1 - 1e-10} {
			if x := m.Quantile(p); math.Abs(m.CDF(x)-p) > 1e-14 || m.CDF(math.Nextafter(x, math.Inf(-1))) > p+1e-14 {
				t.Errorf("quantile of %g is %g, below which lies %g", p, x, m.CDF(x))
			}
		}
		rows, _ := m.Draw(t.Context(), nil, 50000, rng.Root(1).Stream())
		for i, x := range rows {
			rows[i] = m.CDF(x)
		}
		if d := uniformDistance(rows); d > 2.5 {
			t.Errorf("distance to the law: %.2f", d)
		}
	}
	if len(ref.Mixtures) == 0 {
		t.Error("no reference values")
	}
}

func TestScalarMixtureConfig(t *testing.T) {
	for _, m := range []ScalarMixture{{}, {Means: []float64{1}}, {Means: []float64{1}, SDs: []float64{-1}}, {Means: []float64{math.NaN()}, SDs: []float64{1}},
		{Means: []float64{1, 2}, SDs: []float64{1, 1}, Weights: []float64{1}}} {
		if _, err := m.Open(t.Context(), nil); err == nil {
			t.Errorf("%+v was taken", m)
		}
	}
	s, err := ScalarMixture{Means: []float64{0, 3}, SDs: []float64{0, 0}}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	points := s.(ScalarMixture)
	if got := []float64{points.CDF(-1), points.CDF(0), points.CDF(2), points.CDF(3), points.Quantile(.2), points.Quantile(.8)}; !slices.Equal(got, []float64{0, .5, .5, 1, 0, 3}) {
		t.Errorf("points: %v", got)
	}
}

// Centres come from the data's stream: the same one the same centres, in the box; given points are taken as they are.
func TestBlobs(t *testing.T) {
	b := Blobs{Centres: 4, Dim: 3, Spread: 2, Box: 5}
	m := opened(t, b, 1).(Mixture)
	if fmt.Sprint(m) != fmt.Sprint(opened(t, b, 1)) || fmt.Sprint(m) == fmt.Sprint(opened(t, b, 2)) {
		t.Error("centres do not follow their stream")
	}
	for _, p := range m.parts {
		for j, x := range p.Mean() {
			if math.Abs(x) > 5 || p.Variances()[j] != 4 {
				t.Errorf("mean %g, variance %g", x, p.Variances()[j])
			}
		}
	}
	m = opened(t, Blobs{Points: [][]float64{{1, 2}, {3, 4}}, Spread: 1, Centres: 9, Dim: 7}, 1).(Mixture)
	if len(m.parts) != 2 || m.Dim() != 2 || len(m.Modes()) != 2 {
		t.Errorf("%v", m)
	}
	for _, b := range []Blobs{{Points: [][]float64{{1}, {1, 2}}}, {Points: [][]float64{{}}}, {Centres: 1, Dim: 1, Spread: -1}, {Centres: 1, Dim: 1, Box: math.Inf(1)}, {Dim: 2}, {Centres: 2}} {
		if _, err := b.Open(t.Context(), rng.Root(1).Stream()); err == nil {
			t.Errorf("%+v was taken", b)
		}
	}
}

// Moments by hand, and of rows; a density that integrates to 1 and gives the mass of a region; rows within the noise of the arcs.
func TestCurves(t *testing.T) {
	pi := math.Pi
	for _, c := range []struct {
		name             string
		source           Opener[Vector]
		mean, covariance []float64
		lo, hi, step     float64
	}{
		{"moons", Moons{Noise: .1}, []float64{.5, .25}, []float64{.5 + .25 + .01, -1/pi + .125, -1/pi + .125, .5 - 4/pi/pi + (2/pi-.25)*(2/pi-.25) + .01}, -2, 3, .04},
		{"circles", Circles{Noise: .2, Factor: .4}, []float64{0, 0}, []float64{.29 + .04, 0, 0, .29 + .04}, -2.5, 2.5, .04},
		{"swiss_roll", SwissRoll{Noise: 1, Dim: 2}, nil, nil, -22, 22, .4},
	} {
		s := opened(t, c.source, 1).(*Curves)
		if c.mean != nil {
			near(t, c.name+" mean", s.Normal().Mean(), c.mean, 1e-12)
			near(t, c.name+" covariance", s.Normal().Covariance(), c.covariance, 1e-12)
		}
		rows, err := s.Draw(t.Context(), nil, 40000, rng.Root(2).Stream())
		if err != nil {
			t.Fatal(err)
		}
		for j := range 2 {
			mean, variance := num.Variance(columnOfRows(rows, j))
			if z := (mean - s.Normal().Mean()[j]) / math.Sqrt(variance/40000); math.Abs(z) > 4.5 || math.Abs(variance/s.Normal().Variances()[j]-1) > .04 {
				t.Errorf("%s: column %d: mean %g (z = %.1f), variance %g, want %g", c.name, j, mean, z, variance, s.Normal().Variances()[j])
			}
		}
		var grid []Vector
		for x := c.lo; x < c.hi; x += c.step {
			for y := c.lo; y < c.hi; y += c.step {
				grid = append(grid, Vector{x, y})
			}
		}
		total, region, in := 0.0, 0.0, func(v Vector) bool { return v[0] > -c.step/2 && v[1]-v[0] < .5 }
		for i, x := range scoresOf[Vector](t, s, grid) {
			p := math.Exp(x) * c.step * c.step
			if total += p; in(grid[i]) {
				region += p
			}
		}
		count := 0.0
		for _, row := range rows {
			if in(row) {
				count++
			}
		}
		if math.Abs(total-1) > 1e-5 {
			t.Errorf("%s: the density integrates to %g", c.name, total)
		}
		if z := (count/40000 - region) / math.Sqrt(region*(1-region)/40000); math.Abs(z) > 5 {
			t.Errorf("%s: %g of the rows in a region of mass %g: z = %.1f", c.name, count/40000, region, z)
		}
	}
}

func columnOfRows(rows []Vector, j int) (x []float64) {
	for _, row := range rows {
		x = append(x, row[j])
	}
	return x
}

// The panels are fine enough: four times as many give the same density.
func TestCurveDensityHasConverged(t *testing.T) {
	for _, noise := range []float64{.03, .3} {
		s := opened(t, SwissRoll{Noise: noise, Dim: 2}, 1).(*Curves)
		rows, _ := s.Draw(t.Context(), nil, 300, rng.Root(3).Stream())
		fine := kernelsOf(noise, s.arcs[0].nodes(4*s.density.clouds[0].n/5))
		a, b := scoresOf[Vector](t, s, rows), scoresOf[Vector](t, fine, rows)
		worst := 0.0
		for i := range a {
			worst = math.Max(worst, math.Abs(a[i]-b[i]))
		}
		if t.Logf("noise %g: %.1e nats", noise, worst); worst > 1e-6 {
			t.Errorf("noise %g: %.1e nats apart", noise, worst)
		}
	}
}

// With its height a roll is the roll without it, times the law of the height.
func TestSwissRollHeight(t *testing.T) {
	flat, tall := opened(t, SwissRoll{Noise: .5, Dim: 2}, 1).(*Curves), opened(t, SwissRoll{Noise: .5, Dim: 3}, 1).(*Curves)
	rows, _ := tall.Draw(t.Context(), nil, 4000, rng.Root(4).Stream())
	var plane []Vector
	for _, row := range rows {
		plane = append(plane, Vector{row[0], row[2]})
	}
	a, b := scoresOf[Vector](t, tall, rows), scoresOf[Vector](t, flat, plane)
	for i, row := range rows {
		y := row[1]
		if h := math.Log((num.NormalCDF(y/.5) - num.NormalCDF((y-21)/.5)) / 21); math.Abs(a[i]-b[i]-h) > 1e-9 {
			t.Fatalf("%v: %g beside %g", row, a[i], b[i])
		}
	}
	mean, variance := num.Variance(columnOfRows(rows, 1))
	if want := 21*21/12. + .25; math.Abs(mean-10.5) > 5*math.Sqrt(want/4000) || math.Abs(variance/want-1) > .1 || math.Abs(tall.Normal().Variances()[1]-want) > 1e-12 {
		t.Errorf("heights of mean %g and variance %g", mean, variance)
	}
	if s := scoresOf[Vector](t, tall, []Vector{{5, -20, 0}, {5, 41, 0}}); math.Abs(s[0]-s[1]) > 1e-9 || math.IsInf(s[0], 0) {
		t.Errorf("far heights score %v", s)
	}
}

func TestCurvesWithoutNoise(t *testing.T) {
	s := opened(t, Circles{Factor: .5}, 1).(*Curves)
	rows, _ := s.Draw(t.Context(), nil, 50, rng.Root(5).Stream())
	for _, row := range rows {
		if r := math.Hypot(row[0], row[1]); math.Abs(r-1) > 1e-15 && math.Abs(r-.5) > 1e-15 {
			t.Errorf("radius %g", r)
		}
	}
	if s.Score(t.Context(), rows, make([]float64, 50)) == nil || s.Modes() != nil {
		t.Error("there is a density without noise")
	}
	for _, o := range []Opener[Vector]{Moons{Noise: -1}, Circles{Factor: 2}, Circles{Noise: math.NaN()}, SwissRoll{Dim: 4}} {
		if _, err := o.Open(t.Context(), nil); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}

func written(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCSV(t *testing.T) {
	for _, c := range []struct {
		name, content string
		columns       []string
		header        string
		want          string // the rows; "!…": part of the error
	}{
		{"a.csv", "x,y\n1,2\n3,4\n", nil, "", "[1 2] [3 4]"},
		{"a.csv", "\ufeffx,y\r\n1, 2e1\r\n\"3\",-4\r\n", []string{"y", "x"}, "", "[20 1] [-4 3]"},
		{"a.csv", "1,2\n3,4\n", []string{"2"}, "", "[2] [4]"},
		{"a.csv", "1,2\n3,4\n", nil, "yes", "[3 4]"},
		{"a.tsv", "x\ty\n1\t2\n", []string{"x"}, "", "[1]"},
		{"a.csv", "x,name\n1,\"a, b\n c\"\n2,\n", []string{"x"}, "", "[1] [2]"},
		{"a.csv", "", nil, "", "!a.csv: the file is empty"},
		{"a.csv", "\ufeff", nil, "", "!a.csv: the file is empty"},
		{"a.csv", "x,y\n", nil, "", "!a.csv: there are no rows below the header"},
		{"a.csv", "x,y\n1,2\n3,\n", nil, "", "!a.csv:3:3: column y: the field is empty"},
		{"a.csv", "x,y\n1,two\n", nil, "", `!a.csv:2:3: column y: "two" is not a finite number`},
		{"a.csv", "x,y\n1,NaN\n", nil, "", `!a.csv:2:3: column y: "NaN" is not`},
		{"a.csv", "x,y\n1,1e999\n", nil, "", `!a.csv:2:3: column y: "1e999" is not`},
		{"a.csv", "one,two\n", nil, "no", `!a.csv:1:1: column 1: "one" is not`},
		{"a.csv", "x,y\n1,2\n3\n", nil, "", "!a.csv:3:1: this line has another number of fields than the first"},
		{"a.csv", "x,y\n1,2\n3,4,5\n", nil, "", "!a.csv:3:1: this line has another number of fields"},
		{"a.csv", "x,y\n1,\"2\n", nil, "", "!a.csv:"},
		{"a.csv", "x,y\n1,2\n", []string{"z"}, "", `!no column "z": there are x, y`},
		{"a.csv", "x,x\n1,2\n", []string{"x"}, "", `!two columns are called "x"`},
		{"a.csv", "x,y\n1,2\n", []string{"x", "x"}, "", `!"x" stands there twice`},
	} {
		s, err := (&CSV{Path: written(t, c.name, c.content), Columns: c.columns, Header: c.header}).Open(t.Context(), rng.Root(1).Stream())
		if want, bad := strings.CutPrefix(c.want, "!"); bad {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v, want %s", c.content, err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", c.content, err)
			continue
		}
		rows := slices.Clone(s.(*Sheet).read.rows)
		if got := strings.Trim(fmt.Sprint(rows), "[]"); "["+got+"]" != c.want {
			t.Errorf("%q: %s, want %s", c.content, got, c.want)
		}
	}
	if _, err := (&CSV{Path: "no/such.csv"}).Open(t.Context(), nil); err == nil {
		t.Error("a file that is not there was read")
	}
}

// The rows are the same whatever the table is written as.
func TestCSVFormats(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write([]byte("x,name,y\n1,a,2\n3,b,4\n"))
	w.Close()
	for name, content := range map[string]string{
		"a.csv":    "x,name,y\n1,a,2\n3,b,4\n",
		"a.csv.gz": packed.String(),
		"a.jsonl":  "{\"x\":1,\"name\":\"a\",\"y\":2}\n{\"y\":4,\"name\":null,\"x\":3}\n",
		"a.json":   "[{\"x\":1,\"y\":2},{\"y\":4,\"name\":[],\"x\":3}]",
	} {
		c := &CSV{Path: written(t, name, content), Columns: []string{"y", "x"}}
		if got := fmt.Sprint(opened(t, c, 1).(*Sheet).read.rows); got != "[[2 1] [4 3]]" {
			t.Errorf("%s: %s", name, got)
		}
	}
	c := &CSV{Path: "read/testdata/reference.parquet", Columns: []string{"single", "cents"}}
	if rows := opened(t, c, 1).(*Sheet).read.rows; len(rows) != 300 || fmt.Sprint(rows[:2]) != "[[114.875 0.37] [104.75 0.74]]" {
		t.Error(rows[:2])
	}
	c = &CSV{Path: "read/testdata/reference.parquet", Columns: []string{"single", "real"}}
	if _, err := c.Open(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "reference.parquet: row 3: column real: there is no value") {
		t.Error(err)
	}
}

// The split deals every row once, by its stream; the file is read once; the digest is that of the file.
func TestCSVSplit(t *testing.T) {
	content := "x\n"
	for i := range 50 {
		content += fmt.Sprintln(i)
	}
	path := written(t, "a.csv", content)
	c := &CSV{Path: path, Cut: Cut{HeldOut: .2, Tune: .1}}
	a, b := opened(t, c, 1).(*Sheet), opened(t, c, 2).(*Sheet)
	if len(a.Rows()) != 35 || len(a.HeldOut()) != 10 || len(a.Tune()) != 5 || a.Dim() != 1 || fmt.Sprint(a.Columns()) != "[x]" {
		t.Errorf("%d, %d, %d", len(a.Rows()), len(a.HeldOut()), len(a.Tune()))
	}
	all := firstColumn(slices.Concat(a.Rows(), a.HeldOut(), a.Tune()))
	slices.Sort(all)
	for i, x := range all {
		if x != float64(i) {
			t.Fatalf("row %d is %g", i, x)
		}
	}
	if fmt.Sprint(a.Rows()) == fmt.Sprint(b.Rows()) {
		t.Error("two streams gave one split")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(opened(t, c, 1).(*Sheet).Rows()) != fmt.Sprint(a.Rows()) {
		t.Error("the same stream gave another split")
	}
	if sum, what := a.Digest(); len(sum) != 64 || what != path+": 50 rows of 1 columns (x)" {
		t.Errorf("%s, %s", sum, what)
	}
	if _, err := a.Draw(t.Context(), nil, 1, nil); err == nil {
		t.Error("a table was drawn from")
	}
	if _, err := (&CSV{Path: path, Cut: Cut{HeldOut: 1}}).Open(t.Context(), nil); err == nil {
		t.Error("nothing was left to train on")
	}
}
