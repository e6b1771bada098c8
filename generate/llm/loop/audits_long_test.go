//go:build long

package loop_test

const audits, mostRejected = 1000, 76 // P(binomial(1000, 0.05) > 76) = 1e-4
