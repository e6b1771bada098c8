//go:build !long

package loop_test

const audits, mostRejected = 20, 5 // P(binomial(20, 0.05) > 5) = 3e-4
