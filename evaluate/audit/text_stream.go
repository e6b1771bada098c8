package audit

import (
	"math/rand/v2"

	"modelcollapse/internal/rng"
)

func streamOf(o Options, name string) *rand.Rand {
	return rng.Root(o.Seed).Child("audit", 0).Child(name, 0).Stream()
}
