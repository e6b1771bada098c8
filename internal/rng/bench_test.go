package rng

import "testing"

func BenchmarkDraws(b *testing.B) {
	r := stream("bench")
	p, urn, dst := make([]float64, 1000), make([]int64, 1000), make([]int64, 1000)
	for i := range p {
		p[i], urn[i] = Gamma(r, 0.5), Poisson(r, 1e10)
	}
	for _, c := range []struct {
		name string
		draw func()
	}{
		{"Uint64", func() { r.Uint64() }},
		{"NormFloat64", func() { r.NormFloat64() }}, {"Normal", func() { Normal(r) }},
		{"ExpFloat64", func() { r.ExpFloat64() }}, {"Exponential", func() { Exponential(r) }},
		{"Gamma/0.5", func() { Gamma(r, 0.5) }}, {"Gamma/3", func() { Gamma(r, 3) }}, {"Gamma/1e13", func() { Gamma(r, 1e13) }},
		{"ChiSquared/9", func() { ChiSquared(r, 9) }}, {"Beta/2,3", func() { Beta(r, 2, 3) }}, {"Beta/0.5,0.5", func() { Beta(r, 0.5, 0.5) }},
		{"Binomial/30,0.2", func() { Binomial(r, 30, 0.2) }}, {"Binomial/1000,0.5", func() { Binomial(r, 1000, 0.5) }},
		{"Binomial/1e13,0.5", func() { Binomial(r, 1e13, 0.5) }}, {"Binomial/1e13,1e-13", func() { Binomial(r, 1e13, 1e-13) }},
		{"Poisson/5", func() { Poisson(r, 5) }}, {"Poisson/1e3", func() { Poisson(r, 1e3) }}, {"Poisson/1e13", func() { Poisson(r, 1e13) }},
		{"Hypergeometric/1e14,half", func() { Hypergeometric(r, 5e13, 5e13, 5e13) }}, {"Hypergeometric/1e14,mean1", func() { Hypergeometric(r, 1e7, 1e14, 1e7) }},
		{"Hypergeometric/40,30,6", func() { Hypergeometric(r, 40, 30, 6) }},
		{"Multinomial/K=1000,n=1e13", func() { Multinomial(r, 1e13, p, dst) }}, {"Multinomial/K=1000,n=1000", func() { Multinomial(r, 1000, p, dst) }},
		{"MultivariateHypergeometric/K=1000", func() { MultivariateHypergeometric(r, urn, 1e12, dst) }},
		{"Stream", func() { Root(1).Child("generation", 3).Stream() }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				c.draw()
			}
		})
	}
}
