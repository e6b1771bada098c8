//go:build long

package audit

const trials, fewestSeen = 24, 17 // of what is seen with 90 %, fewer have a probability of 3e-4
