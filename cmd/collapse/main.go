// Collapse runs configured experiments on synthetic data and model collapse.
package main

import (
	"modelcollapse/cmd/cli"
	"modelcollapse/experiments"
)

func main() { cli.Main(experiments.Names()) }
