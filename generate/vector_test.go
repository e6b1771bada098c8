package generate

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/rng"
)

func TestVectorCodec(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(0, 4).Draw(t, "dim")
		rows := rapid.SliceOfN(rapid.SliceOfN(rapid.OneOf(rapid.Float64(), rapid.Just(math.NaN())), dim, dim), 0, 9).Draw(t, "rows")
		var b bytes.Buffer
		if err := Vectors.Encode(&b, rows); err != nil {
			t.Fatal(err)
		}
		whole := b.Bytes()
		got, err := Vectors.Decode(&b)
		if err != nil || !slices.EqualFunc(got, rows, func(x, y Vector) bool { return slices.EqualFunc(x, y, sameBits) }) {
			t.Fatalf("%v, %v, %v", rows, got, err)
		}
		if _, err := Vectors.Decode(bytes.NewReader(whole[:rapid.IntRange(0, len(whole)-1).Draw(t, "cut")])); err == nil {
			t.Fatal("a torn block was read")
		}
	})
	if Vectors.Encode(&bytes.Buffer{}, []Vector{{1}, {1, 2}}) == nil {
		t.Error("a ragged block was written")
	}
}

func FuzzVectorDecode(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Add(bytes.Repeat([]byte{255}, 40))
	f.Fuzz(func(t *testing.T, b []byte) {
		rows, err := Vectors.Decode(bytes.NewReader(b))
		var again bytes.Buffer
		if err == nil && (Vectors.Encode(&again, rows) != nil || !bytes.HasPrefix(b, again.Bytes()) && len(rows) > 0) {
			t.Errorf("%d rows are not what was read", len(rows))
		}
	})
}

// A row that was drawn cannot grow into its neighbour.
func TestRowsAreViews(t *testing.T) {
	rows, err := independent(make([]float64, 3), 1).Draw(t.Context(), nil, 4, rng.Root(1).Stream())
	if err != nil || len(rows) != 4 {
		t.Fatal(err)
	}
	next := rows[1][0]
	_ = append(rows[0], 99)
	if rows[1][0] != next || &rows[0][:cap(rows[0])][cap(rows[0])-1] == &rows[1][0] {
		t.Error("rows share capacity")
	}
}

// Odd data give fits, never panics; what they draw, score and store is defined.
func TestMultivariateOfAnything(t *testing.T) {
	odd := rapid.OneOf(rapid.SampledFrom([]float64{0, 0, 1, 1, math.NaN(), math.Inf(1), -1e308, 1e308, 5e-324, 1e-170}), rapid.Float64Range(-5, 5))
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 5).Draw(t, "dim")
		m := MultivariateGaussian{Estimator: rapid.SampledFrom([]string{"mle", "unbiased"}).Draw(t, "estimator"),
			Covariance: rapid.SampledFrom([]string{"full", "diagonal", "spherical"}).Draw(t, "covariance"), dim: dim}
		rows := rapid.SliceOfN(rapid.SliceOfN(odd, dim, dim), 0, 9).Draw(t, "rows")
		weight := rapid.SampledFrom([]float64{0, 1, 2.5}).Draw(t, "weight")
		f, err := m.Fit(context.Background(), Task[Vector]{Train: Sample[Vector]{{Rows: rows, Weight: weight}}})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			j := f.(JointNormal)
			why, rank := j.Degenerate(), j.Rank()
			if why == "" && (rank != dim || math.IsNaN(j.LogDet()) || math.IsNaN(j.Trace())) {
				t.Fatalf("not degenerate: rank %d of %d, log det %g, trace %g", rank, dim, j.LogDet(), j.Trace())
			}
			drawn, err := j.Draw(context.Background(), nil, 4, rng.Root(1).Stream())
			if err != nil || len(drawn) != 4 {
				t.Fatal(err)
			}
			if err := j.Score(context.Background(), drawn, make([]float64, 4)); err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := j.Save(&b); err != nil {
				t.Fatal(err)
			}
			if back, err := m.Restore(&b); err != nil || fmt.Sprint(back) != fmt.Sprint(f) {
				t.Fatalf("restored %v, %v", back, err)
			}
			s := m.Empty()
			if !j.DrawStats(s, rapid.IntRange(1, 7).Draw(t, "n"), rng.Root(2).Stream()) {
				t.Fatal("DrawStats refused")
			}
			if f, err = m.FitStats(context.Background(), Task[Vector]{}, s); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// The factor of a semidefinite matrix has its rank, and gives the matrix back.
func TestCholeskyFindsTheRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 12).Draw(t, "dim")
		rank := rapid.IntRange(0, dim).Draw(t, "rank")
		r := rng.Root(rapid.Uint64().Draw(t, "seed")).Stream()
		scale := rapid.SampledFrom([]float64{1, 1e-100, 1e100}).Draw(t, "scale")
		want := make([]float64, dim*dim)
		for range rank {
			x := make([]float64, dim)
			for j := range x {
				x[j] = scale * rng.Normal(r) * math.Pow(10, float64(j%5))
			}
			for i := range dim {
				for j := range dim {
					want[i*dim+j] += x[i] * x[j]
				}
			}
		}
		f := cholesky(want, dim, 1, math.Inf(1))
		back := make([]float64, dim*dim)
		f.addGram(back, 1)
		for i := range dim {
			for j := i; j < dim; j++ {
				if size := math.Sqrt(want[i*dim+i]) * math.Sqrt(want[j*dim+j]); !(math.Abs(back[i*dim+j]-want[i*dim+j]) <= 1e-11*size) {
					t.Fatalf("(%d, %d): %g, want %g", i, j, back[i*dim+j], want[i*dim+j])
				}
			}
		}
		if f.rank() != rank {
			t.Fatalf("rank %d, want %d", f.rank(), rank)
		}
	})
}
