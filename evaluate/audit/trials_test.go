//go:build !long

package audit

const trials, fewestSeen = 8, 4 // of what is seen with 90 %, fewer have a probability of 4e-4
