package generate

import (
	"math"
	"testing"
)

// What is drawn of a corrected normal is the law of corrected rows: (x + γT(x))/(1 + γ) is linear in x, so two points
// decide it.
func TestSelfCorrectionIsTheLawOfCorrectedRows(t *testing.T) {
	truth, fit := Normal{Mean: 3, Variance: 4}, Normal{Mean: -1, Variance: 0.25, ddof: 1}
	for _, gamma := range []float64{0, 0.1, 1, 1e6} {
		iv := toTruth(t, Intervention[float64](SelfCorrection{Gamma: gamma}), Source[float64](truth))
		src, err := iv.(Sampler[float64]).Sampled(fit)
		if err != nil {
			t.Fatal(err)
		}
		moved := src.(Normal)
		row := func(x float64) float64 { return (x + gamma*(3+2/0.5*(x+1))) / (1 + gamma) } // T has the ratio of the sds
		mean, sd := row(-1), row(-1+0.5)-row(-1)
		if math.Abs(moved.Mean-mean) > 1e-9 || math.Abs(math.Sqrt(moved.Variance)-sd) > 1e-9 || moved.DDOF() != 1 {
			t.Errorf("γ = %g: %+v, want mean %g and sd %g", gamma, moved, mean, sd)
		}
	}
	point, err := SelfCorrection{Gamma: 1, truth: truth}.Sampled(Normal{Mean: 1})
	if err != nil || point.(Normal) != (Normal{Mean: 2}) {
		t.Errorf("a point is moved to %+v (%v)", point, err)
	}
	if _, err := (SelfCorrection{}).Bind(nothing{}); err == nil {
		t.Error("a truth without a transport map was taken")
	}
	if _, err := (SelfCorrection{}).Sampled(nothing{}); err == nil {
		t.Error("a fit without a transport map was taken")
	}
}

// Where fit and truth share their axes, every axis is corrected as a scalar is; rotated axes give the same, rotated.
func TestVectorSelfCorrectionByAxes(t *testing.T) {
	fitSD, trueSD := [2]float64{0.5, 3}, [2]float64{2, 1}
	const gamma = 0.7
	for _, angle := range []float64{0, 0.4, 1.3} {
		c, s := math.Cos(angle), math.Sin(angle)
		rotated := func(sd [2]float64) [][]float64 {
			a, b := sd[0]*sd[0], sd[1]*sd[1]
			return [][]float64{{c*c*a + s*s*b, c * s * (a - b)}, {c * s * (a - b), s*s*a + c*c*b}}
		}
		truth, fit := jointNormal(t, []float64{1, 2}, rotated(trueSD)), jointNormal(t, []float64{0, 0}, rotated(fitSD))
		iv := toTruth(t, Intervention[Vector](VectorSelfCorrection{Gamma: gamma}), Source[Vector](truth))
		src, err := iv.(Sampler[Vector]).Sampled(fit)
		if err != nil {
			t.Fatal(err)
		}
		moved, want := src.(JointNormal), [2]float64{}
		for i := range want {
			want[i] = (fitSD[i] + gamma*trueSD[i]) / (1 + gamma)
		}
		cov := moved.Covariance()
		for i, row := range rotated(want) {
			for j, x := range row {
				if math.Abs(cov[i*2+j]-x) > 1e-12 {
					t.Errorf("angle %g: covariance %v, want %v", angle, cov, rotated(want))
				}
			}
			if x := moved.Mean()[i]; math.Abs(x-gamma*float64(i+1)/(1+gamma)) > 1e-15 {
				t.Errorf("mean %v", moved.Mean())
			}
		}
	}
}

// A singular fit is corrected in its subspace; one that is not finite, or not yet fitted, is handed on.
func TestVectorSelfCorrectionOfDegenerateFits(t *testing.T) {
	truth := jointNormal(t, []float64{0, 0}, [][]float64{{1, 0.5}, {0.5, 1}})
	c := VectorSelfCorrection{Gamma: 1, truth: truth}
	for name, f := range map[string]JointNormal{"none yet": {}, "not finite": {mean: []float64{0, 0}, factor: undefined(2, false)}} {
		if src, err := c.Sampled(f); err != nil || src.(JointNormal).Dim() != f.Dim() {
			t.Errorf("%s: %v", name, err)
		}
	}
	line := jointNormal(t, []float64{0, 0}, [][]float64{{1, 1}, {1, 1}})
	src, err := c.Sampled(line)
	if err != nil {
		t.Fatal(err)
	}
	moved := src.(JointNormal)
	if cov := moved.Covariance(); moved.Rank() != 1 || math.Abs(cov[0]-cov[1]) > 1e-12 || !(cov[0] > 0) {
		t.Errorf("rank %d, covariance %v", moved.Rank(), moved.Covariance())
	}
	if _, err := c.Sampled(jointNormal(t, []float64{0}, [][]float64{{1}})); err == nil {
		t.Error("one column for two")
	}
}
