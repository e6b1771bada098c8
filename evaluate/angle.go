package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// A bend is the angle between two vectors, in [0, π], with its cosine and sine.
type bend struct{ angle, cosine, sine float64 }

// between is 2·atan(|a − b|/|a + b|) of the unit vectors, exact for small angles too (Kahan 2006, "How futile are mindless
// assessments of roundoff in floating-point computation?"). A vector of 0 is at a right angle to all.
func between(v, w []float64) bend {
	a, b := unit(v), unit(w)
	if a == nil || b == nil {
		return bend{math.Pi / 2, 0, 1}
	}
	apart, along := 0.0, 0.0
	for k, x := range a {
		d, s := x-b[k], x+b[k]
		apart += float64(d * d)
		along += float64(s * s)
	}
	sine := float64(0.5 * float64(math.Sqrt(apart)*math.Sqrt(along)))
	return bend{float64(2 * num.Atan(math.Sqrt(apart)/math.Sqrt(along))), (along - apart) / 4, sine}
}

// unit is v by its length; nil for 0.
func unit(v []float64) []float64 {
	most := 0.0
	for _, x := range v {
		if x != x {
			most = x
			break
		}
		most = max(most, math.Abs(x))
	}
	if most == 0 {
		return nil
	}
	u, squares := make([]float64, len(v)), 0.0
	for k, x := range v {
		u[k] = x / most
		squares += float64(u[k] * u[k])
	}
	length := math.Sqrt(squares)
	for k := range u {
		u[k] /= length
	}
	return u
}

// logisticAccuracy is the chance that labels of logistic regression, with true weights of a length, are those of a plane
// at an angle to the true one. With t = length·|u|, u standard normal, the true plane is right with chance σ(t), and the two
// planes differ, given u, with chance Φ(−|u|·cot), which costs σ(t) − σ(−t) = tanh(t/2): 1/2 + E tanh(t/2)·(1/2 − differ).
func logisticAccuracy(length float64, b bend) float64 {
	if math.IsNaN(b.angle) {
		return b.angle
	}
	f := func(u float64) float64 {
		e := num.Exp(-float64(length * u))
		differ := num.NormalSurvival(float64(b.cosine/b.sine) * u)
		switch {
		case u == 0:
			differ = 0.5
		case b.sine == 0 && b.cosine > 0:
			differ = 0
		case b.sine == 0:
			differ = 1
		}
		density := num.Exp(-float64(0.5*float64(u*u))) / math.Sqrt(2*math.Pi)
		return float64(2 * density * ((1 - e) / (1 + e)) * (0.5 - differ))
	}
	// where the integrand bends: the width of differ, and that of tanh
	const end = 10
	narrow, wide := min(end, float64(10*b.sine)/max(math.Abs(b.cosine), 1e-300)), min(end, 40/max(length, 1e-300))
	edges := [4]float64{0, min(narrow, wide), max(narrow, wide), end}
	total := 0.5
	for i := range 3 {
		if edges[i] < edges[i+1] {
			total += integral(f, edges[i], edges[i+1], 40)
		}
	}
	return total
}
