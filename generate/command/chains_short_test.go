//go:build !long

package command_test

const chains = 3
