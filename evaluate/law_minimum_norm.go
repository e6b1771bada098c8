package evaluate

// MinimumNormLaw is the exact expected risk of least squares of minimum norm with fewer rows than inputs, Rows + 1 < Dim, under
// replace: inputs N(0, I), true weights of squared length Norm2, real labels with noise of standard deviation Noise and
// drawn ones with LabelNoise. Generation g is fit g + 1, the first of real rows (Dohmatob et al. 2024, arXiv 2402.07712, whose
// over-parametrised case this is).
type MinimumNormLaw struct {
	Dim, Rows                int
	Norm2, Noise, LabelNoise float64
}

// share is Rows/Dim, of a squared length what a random subspace of Rows dimensions keeps.
func (l MinimumNormLaw) share() float64 { return float64(l.Rows) / float64(l.Dim) }

// unit is E tr (XX′)⁻¹, the risk of a fit to noise of variance 1.
func (l MinimumNormLaw) unit() float64 {
	return inverse(float64(l.Rows), float64(l.Dim))
}

// Fresh is E risk with fresh inputs: what a fit sees of its teacher's error it keeps, a share of Rows/Dim, and of the truth it
// loses the rest anew in every generation, e′ = share·e + (1 − share)·Norm2 + noise²·Rows/(Dim−Rows−1). Without noise that
// is Norm2·(1 − share^(g+1)): everything is forgotten at a geometric rate.
func (l MinimumNormLaw) Fresh(g int) float64 {
	a, noise := l.share(), square(l.Noise)
	e := 0.0
	for range g + 1 {
		e = float64(a*e) + float64((1-a)*l.Norm2) + float64(noise*l.unit())
		noise = square(l.LabelNoise)
	}
	return e
}

// FreshLimit is where Fresh goes.
func (l MinimumNormLaw) FreshLimit() float64 {
	return l.Norm2 + float64(square(l.LabelNoise)*l.unit())/(1-l.share())
}

// Same is E risk with the same inputs in every generation: what they do not show is lost once, and noise adds up in what
// they do, (1 − share)·Norm2 + (Noise² + g·LabelNoise²)·Rows/(Dim−Rows−1).
func (l MinimumNormLaw) Same(g int) float64 {
	noise := square(l.Noise) + float64(float64(g)*square(l.LabelNoise))
	return float64((1-l.share())*l.Norm2) + float64(noise*l.unit())
}

// A LabelMixture is that law where each label is real·y + (1 − real)·y′, y a fresh real label and y′ one of the last fit of
// the same input (Garg et al. 2025, arXiv 2509.22341). Generation 0 has real labels alone.
type LabelMixture struct {
	MinimumNormLaw
	Real float64 // weight of the real label, in [0, 1]
}

// noise is the variance of a mixed label.
func (l LabelMixture) noise() float64 {
	return square(float64(l.Real*l.Noise)) + square(float64((1-l.Real)*l.LabelNoise))
}

// Fresh is E risk with fresh inputs, e′ = (1 − Real)²·share·e + (1 − share)·Norm2 + (Real²Noise² + (1 − Real)²LabelNoise²)·unit:
// our own.
func (l LabelMixture) Fresh(g int) float64 {
	a, e := l.share(), l.MinimumNormLaw.Fresh(0)
	for range g {
		e = float64(square(1-l.Real)*float64(a*e)) + float64((1-a)*l.Norm2) + float64(l.noise()*l.unit())
	}
	return e
}

// Same is E risk with the same inputs: the noise alone moves, v′ = (1 − Real)²·v + Real²Noise² + (1 − Real)²LabelNoise². In the
// limit it is least at Real = (√5 − 1)/2 where both noises are equal (Garg et al. 2025), which does not hold of fresh inputs.
func (l LabelMixture) Same(g int) float64 {
	v := square(l.Noise)
	for range g {
		v = float64(square(1-l.Real)*v) + l.noise()
	}
	return float64((1-l.share())*l.Norm2) + float64(v*l.unit())
}
