package llm

import (
	"context"
	"fmt"
	"math"
	"sync"
)

// A purse holds what was paid and what calls under way may still cost, so that no call is made that could go beyond the
// budget.
type purse struct {
	bounds  Budget
	prices  Prices
	energy  Energy
	mu      sync.Mutex
	spent   Spent // but for Money
	paid    int64 // parts of the money spent
	priced  bool  // it is known
	doubt   cost  // what attempts may have cost that brought no answer
	held    cost  // the worst that calls under way can cost
	settled chan struct{}
}

// A cost is in tokens and in money. Money is counted in parts, so that a sum does not depend on its order.
type cost struct{ tokens, parts int64 }

// partsPer is how many parts a unit of the currency has: sums are exact to 1e-9, up to two billion units.
const partsPer = 1e9

func toParts(money float64) int64 { return int64(math.Round(min(money*partsPer, mostParts))) }

// mostParts is a sum that no budget reaches, small enough that two of it are one too.
const mostParts = math.MaxInt64 / 4

func (c *cost) add(o cost)      { c.tokens += o.tokens; c.parts += o.parts }
func (c *cost) subtract(o cost) { c.tokens -= o.tokens; c.parts -= o.parts }

func (c cost) money() float64 { return float64(c.parts) / partsPer }

func newPurse(b Budget, e Endpoint) (*purse, error) {
	if b.Money > 0 && (e.Prices.Input == nil || e.Prices.Output == nil) {
		return nil, fmt.Errorf("budget.money: %g: give prices.input and prices.output, else nobody knows what a call costs", b.Money)
	}
	return &purse{bounds: b, prices: e.Prices, energy: e.Energy, priced: e.Prices.known(), settled: make(chan struct{})}, nil
}

const million = 1e6

func price(p, other *float64) float64 {
	if p != nil {
		return *p
	}
	if other != nil {
		return *other
	}
	return 0
}

// money is what an answer cost.
func (p Prices) money(u Usage) float64 {
	in, out := price(p.Input, nil), price(p.Output, nil)
	return (float64(u.Prompt-u.Cached)*in + float64(u.Cached)*price(p.Cached, p.Input) + float64(u.Answer)*out) / million
}

func (p Prices) known() bool { return p.Input != nil && p.Output != nil }

func (p *purse) worst(t tokens) cost {
	return cost{t.prompt + t.answer, toParts(p.prices.money(Usage{Prompt: t.prompt, Answer: t.answer}))}
}

// training is the cost of a job that learns from so many tokens.
func (p *purse) training(tokens int64) cost {
	return cost{tokens, toParts(float64(tokens) * price(p.prices.Training, nil) / million)}
}

// hold sets the worst case of a call aside. Where that fits only once calls under way turn out cheaper, it waits for them;
// ErrBudget: it does not fit.
func (p *purse) hold(ctx context.Context, worst cost) error {
	for {
		p.mu.Lock()
		if p.fits(p.held, worst) {
			p.held.add(worst)
			p.mu.Unlock()
			return nil
		}
		possible := p.held != (cost{}) && p.fits(cost{}, worst)
		settled := p.settled
		p.mu.Unlock()
		if !possible {
			return p.reached(worst)
		}
		select {
		case <-settled:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// holdNow is hold without waiting.
func (p *purse) holdNow(worst cost) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.fits(p.held, worst) {
		return false
	}
	p.held.add(worst)
	return true
}

// owe sets aside what is under way already, whether it fits or not.
func (p *purse) owe(worst cost) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held.add(worst)
}

func (p *purse) fits(held, worst cost) bool {
	sum := p.gone()
	sum.add(held)
	sum.add(worst)
	return (p.bounds.Tokens == 0 || sum.tokens <= p.bounds.Tokens) &&
		(p.bounds.Money == 0 || sum.parts <= toParts(p.bounds.Money))
}

// gone is what counts against the budget whatever calls under way come to.
func (p *purse) gone() cost {
	c := cost{p.spent.Prompt + p.spent.Answer + p.spent.Trained, p.paid}
	c.add(p.doubt)
	return c
}

func (p *purse) reached(worst cost) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	gone := p.gone()
	if p.bounds.Tokens > 0 && gone.tokens+worst.tokens > p.bounds.Tokens {
		return fmt.Errorf("%w: %d of %d tokens are spent and the next call may take %d: run the same command with a larger budget.tokens to go on",
			ErrBudget, gone.tokens, p.bounds.Tokens, worst.tokens)
	}
	return fmt.Errorf("%w: %.6g of %g %s are spent and the next call may cost %.6g: run the same command with a larger budget.money to go on",
		ErrBudget, gone.money(), p.bounds.Money, p.prices.Currency, worst.money())
}

// settle frees what was held for an attempt; what it may have cost for nothing stays in doubt.
func (p *purse) settle(worst cost, unsure bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held.subtract(worst)
	if unsure {
		p.doubt.add(worst)
	}
	close(p.settled)
	p.settled = make(chan struct{})
}

// enter books what a record says, of this process or of an earlier one.
func (p *purse) enter(h head) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if h.Batch != "" {
		return // its calls have records of their own
	}
	s := &p.spent
	s.Attempts += int64(h.Attempts)
	s.Prompt, s.Cached, s.Answer, s.Trained = s.Prompt+h.Prompt, s.Cached+h.Cached, s.Answer+h.Answered, s.Trained+h.Trained
	if h.Done != "" {
		s.Calls++
		if failed(h.Finish) {
			s.Failed++
		}
	}
	p.paid += toParts(h.Money)
	p.priced = p.priced || h.Money != 0
}

// report is what was spent, as a copy.
func (p *purse) report() Spent {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.spent
	if p.priced {
		s.Money = new(cost{0, p.paid}.money())
		s.Doubt = p.doubt.money()
	}
	if w := p.energy.WattHours; w != nil {
		s.WattHours = new(float64(s.Answer) / 1000 * *w)
		if k := p.energy.Carbon; k != nil {
			s.Carbon = new(*s.WattHours / 1000 * *k)
		}
	}
	return s
}

// reopen books a record of an earlier process.
func (p *purse) reopen(h head) {
	p.enter(h)
	p.mu.Lock()
	p.doubt.add(cost{h.Doubt, toParts(h.Unsure)})
	p.mu.Unlock()
}

func (p *purse) replayed() {
	p.mu.Lock()
	p.spent.Replayed++
	p.mu.Unlock()
}
