package generate

import (
	"context"
	"math/rand/v2"
)

// A Choice is a token that may come next, with its probability.
type Choice struct {
	Token uint32
	P     float64
}

// A Continuer (Fitted of tokens) knows the law of the next token: what a server of completions needs beside Scorer.
type Continuer interface {
	// Next appends every token that may follow the row so far (no Begin, no End in it), the likeliest first, of equal ones the smaller
	// id; probabilities add to 1 up to rounding. End is one of them. It is safe for concurrent use.
	Next(dst []Choice, row Tokens) []Choice
}

// A Remote (Model) says which model of which server it calls.
type Remote interface{ Calls() string }

// An Unscored (Fitted) has no likelihood, and says what would give it one.
type Unscored interface{ Unscored() string }

// A Named is an outcome with its log probability, in nats.
type Named struct {
	Name string
	Nats float64
}

// A NextDrawer (Fitted of a server) draws the next token n times in one and the same place, and asks for the law that the server
// says it has there: the likeliest tokens. Whether the two agree is for a metric to say (package evaluate, SamplerAudit).
type NextDrawer interface {
	DrawNext(ctx context.Context, n int, rng *rand.Rand) (drawn []string, law []Named, err error)
}
