package generate

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
