//go:build !long

package experiments

const spoiltStep = 13
