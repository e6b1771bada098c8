package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"modelcollapse/internal/num"
)

// Arithmetic is a truth for text whose rows are right or wrong beyond doubt: equations such as 12+34=46, a token a
// character, all of them true. Operands are uniform from 0 to 10^digits − 1 without leading zeros, and so is the
// operator among those given; what would fall below 0 has its operands exchanged.
type Arithmetic struct {
	Digits    int    `json:"digits" default:"1" min:"1" max:"9" doc:"digits of an operand, at most"`
	Operators string `json:"operators" default:"+" doc:"some of + - *"`
	HeldOut   int    `json:"heldout" default:"2000" min:"1" doc:"rows held out"`
}

// Validate refuses operators that are unknown or given twice.
func (a Arithmetic) Validate() error {
	if a.Operators == "" {
		return fmt.Errorf("operators: give some of + - *")
	}
	for i, op := range a.Operators {
		if !strings.ContainsRune("+-*", op) || strings.IndexRune(a.Operators, op) != i {
			return fmt.Errorf("operators: %q: give some of + - *, each once", a.Operators)
		}
	}
	return nil
}

// Open makes the vocabulary: the digits, the operators and =.
func (a Arithmetic) Open(context.Context, *rand.Rand) (Source[Tokens], error) {
	if a.Digits < 1 || a.Digits > 9 {
		return nil, fmt.Errorf("arithmetic: %d digits: want 1 to 9", a.Digits)
	}
	if err := a.Validate(); err != nil {
		return nil, fmt.Errorf("arithmetic: %w", err)
	}
	e := &Equations{limit: 1, operators: a.Operators, heldOut: a.HeldOut, symbols: "0123456789=" + a.Operators}
	for range a.Digits {
		e.limit *= 10
	}
	e.vocabulary = NewVocabulary(strings.Split(e.symbols, ""))
	return e, nil
}

// Equations is Arithmetic, opened.
type Equations struct {
	limit      uint64 // operands are below
	operators  string
	symbols    string // token Words + i is symbol i
	heldOut    int
	vocabulary *Vocabulary
}

// Vocabulary is the symbols.
func (e *Equations) Vocabulary() *Vocabulary { return e.vocabulary }

// Reserve is the number of rows held out.
func (e *Equations) Reserve() int { return e.heldOut }

// Draw appends n true equations.
func (e *Equations) Draw(_ context.Context, dst []Tokens, n int, r *rand.Rand) ([]Tokens, error) {
	for range n {
		a, b := r.Uint64N(e.limit), r.Uint64N(e.limit)
		op := e.operators[r.IntN(len(e.operators))]
		if op == '-' && a < b {
			a, b = b, a
		}
		result, _ := apply(op, a, b)
		dst = append(dst, e.row(fmt.Sprintf("%d%c%d=%d", a, op, b, result)))
	}
	return dst, nil
}

// row is the tokens of a text of symbols.
func (e *Equations) row(text string) Tokens {
	row := make(Tokens, 0, len(text)+1)
	for i := range len(text) {
		row = append(row, Words+uint32(strings.IndexByte(e.symbols, text[i])))
	}
	return append(row, End)
}

// apply is a op b; false: it is below 0, or no operator.
func apply(op byte, a, b uint64) (uint64, bool) {
	switch {
	case op == '+':
		return a + b, true
	case op == '*':
		return a * b, true
	case op == '-' && a >= b:
		return a - b, true
	}
	return 0, false
}

// True reports whether a row is an equation that holds: two operands of at most nine digits, of any size up to that,
// and a result, all without leading zeros, closed by End. Anything else is false.
func (e *Equations) True(row Tokens) bool {
	_, _, ok := e.parse(row)
	return ok
}

// parse reads a true row.
func (e *Equations) parse(row Tokens) (a, b uint64, ok bool) {
	p := parser{symbols: e.symbols, rest: row}
	a = p.number(9)
	op := p.symbol()
	b = p.number(9)
	equals := p.symbol()
	result := p.number(18)
	want, ok := apply(op, a, b)
	form := !p.bad && equals == '=' && strings.IndexByte(e.operators, op) >= 0 && len(p.rest) == 1 && p.rest[0] == End
	return a, b, form && ok && result == want
}

// A parser reads symbols off a row; bad: it met what it did not want.
type parser struct {
	symbols string
	rest    Tokens
	bad     bool
}

// peek is the next symbol; 0: there is none.
func (p *parser) peek() byte {
	if len(p.rest) == 0 || p.rest[0] < Words || int64(p.rest[0]-Words) >= int64(len(p.symbols)) {
		return 0
	}
	return p.symbols[p.rest[0]-Words]
}

func (p *parser) symbol() byte {
	s := p.peek()
	if s == 0 {
		p.bad = true
		return 0
	}
	p.rest = p.rest[1:]
	return s
}

// number is a numeral of 1 to most digits.
func (p *parser) number(most int) (x uint64) {
	digits := 0
	for ; p.peek() >= '0' && p.peek() <= '9'; digits++ {
		if digits == most || digits == 1 && x == 0 { // too long, or a leading zero
			p.bad = true
			return 0
		}
		x = 10*x + uint64(p.symbol()-'0')
	}
	p.bad = p.bad || digits == 0
	return x
}

// Score is the log probability of rows: the same for every equation that can be drawn but that a difference a − b of
// unlike operands comes about in two ways; −Inf for all others.
func (e *Equations) Score(_ context.Context, rows []Tokens, nats []float64) error {
	each := -float64(2*num.Log(float64(e.limit))) - num.Log(float64(len(e.operators)))
	for i, row := range rows {
		a, b, ok := e.parse(row)
		switch {
		case !ok || a >= e.limit || b >= e.limit:
			nats[i] = math.Inf(-1)
		case a != b && e.minus(row):
			nats[i] = each + math.Ln2
		default:
			nats[i] = each
		}
	}
	return nil
}

// minus reports a difference.
func (e *Equations) minus(row Tokens) bool {
	at := strings.IndexByte(e.symbols, '-')
	for _, t := range row {
		if at >= 0 && t == Words+uint32(at) {
			return true
		}
	}
	return false
}
