package generate

import (
	"context"
	"fmt"
	"math/rand/v2"
)

// MultivariateNormal is the truth N(mean, covariance): independent columns of one variance, or equally correlated
// ones, or any covariance by its rows.
type MultivariateNormal struct {
	Dim         int         `json:"dim" default:"0" min:"0" max:"10000" doc:"columns; 0: as many as mean or covariance has"`
	Mean        []float64   `json:"mean" doc:"a number a column; empty: zeros"`
	Variance    float64     `json:"variance" default:"1" min:"0" doc:"of every column; covariance replaces it"`
	Correlation float64     `json:"correlation" default:"0" min:"-1" max:"1" doc:"of every pair of columns; covariance replaces it"`
	Covariance  [][]float64 `json:"covariance" doc:"the rows of a symmetric positive semidefinite matrix; empty: variance and correlation"`
}

// Open checks the sizes and decomposes the covariance.
func (m MultivariateNormal) Open(context.Context, *rand.Rand) (Source[Vector], error) {
	dim := max(m.Dim, len(m.Mean), len(m.Covariance))
	switch {
	case dim == 0:
		return nil, fmt.Errorf("multivariate normal: no columns: give dim, mean or covariance")
	case m.Dim != 0 && m.Dim != dim || len(m.Mean) != 0 && len(m.Mean) != dim || len(m.Covariance) != 0 && len(m.Covariance) != dim:
		return nil, fmt.Errorf("multivariate normal: dim is %d, mean has %d numbers, covariance %d rows: they must agree", m.Dim, len(m.Mean), len(m.Covariance))
	}
	mean := make([]float64, dim)
	copy(mean, m.Mean)
	if len(m.Covariance) > 0 {
		return NewJointNormal(mean, m.Covariance)
	}
	if !(m.Variance >= 0) {
		return nil, fmt.Errorf("multivariate normal: variance %g", m.Variance)
	}
	if m.Correlation == 0 {
		return independent(mean, m.Variance), nil
	}
	return NewJointNormal(mean, m.correlated(dim))
}

func (m MultivariateNormal) correlated(dim int) [][]float64 {
	rows := make([][]float64, dim)
	for i := range rows {
		rows[i] = make([]float64, dim)
		for j := range rows[i] {
			if rows[i][j] = float64(m.Variance * m.Correlation); i == j {
				rows[i][j] = m.Variance
			}
		}
	}
	return rows
}

// MultivariateGaussian fits a mean and a covariance.
type MultivariateGaussian struct {
	Estimator  string `json:"estimator" default:"mle" enum:"mle,unbiased" doc:"divisor of the covariance: mle n, unbiased n − 1"`
	Covariance string `json:"covariance" default:"full" enum:"full,diagonal,spherical" doc:"full; diagonal: columns are independent; spherical: and have one variance, their mean"`
	dim        int
}

func (m MultivariateGaussian) ddof() float64 {
	if m.Estimator == "unbiased" {
		return 1
	}
	return 0
}

func (m MultivariateGaussian) shape() string {
	if m.Covariance == "" {
		return "full"
	}
	return m.Covariance
}

// Bind takes the number of columns from the truth: what it says, or that of its first row.
func (m MultivariateGaussian) Bind(truth Source[Vector]) (Model[Vector], error) {
	if m.dim = columnsOf(truth); m.dim < 1 {
		return nil, fmt.Errorf("multivariate gaussian: %T does not say how many columns there are", truth)
	}
	return m, nil
}

// Fit learns from rows, as FitStats learns from their scatter. A model that was not bound takes the columns of the
// first row.
func (m MultivariateGaussian) Fit(ctx context.Context, t Task[Vector]) (Fitted[Vector], error) {
	for row := range t.Train.All() {
		if m.dim == 0 {
			m.dim = len(row)
		}
		break
	}
	s := m.Empty()
	for _, span := range t.Train {
		s.Add(span)
	}
	return m.FitStats(ctx, t, s)
}

// Fits is a JointNormal.
func (m MultivariateGaussian) Fits() Fitted[Vector] {
	return JointNormal{ddof: m.ddof(), shape: m.shape()}
}

// Weighs is true: weights are sampling weights, and the divisor scales as rows do.
func (MultivariateGaussian) Weighs() bool { return true }

// Empty is the scatter of no rows; its diagonal alone where the model needs no more.
func (m MultivariateGaussian) Empty() Stats[Vector] { return newScatter(m.dim, m.shape() != "full") }

// FitStats divides the scatter by n (mle) or n − 1 (unbiased), n the number of rows. A covariance that is not of full
// rank is a result: JointNormal draws in its subspace.
func (m MultivariateGaussian) FitStats(_ context.Context, _ Task[Vector], st Stats[Vector]) (Fitted[Vector], error) {
	s := st.(*Scatter)
	if s.bad != nil {
		return nil, fmt.Errorf("multivariate gaussian: %w", s.bad)
	}
	divisor := s.weight
	if d := m.ddof(); d > 0 {
		divisor = float64(divisor*(s.rows-d)) / s.rows
	}
	f := JointNormal{mean: append([]float64(nil), s.mean...), factor: s.factor(divisor), ddof: m.ddof(), shape: m.shape()}
	if m.Covariance == "spherical" {
		v := 0.0
		for _, x := range f.factor.a {
			v += float64(x * x)
		}
		f.factor = independent(s.mean, v/float64(s.dim)).factor
	}
	return f, nil
}
