package llm

// A Forecast is what calls would cost that are not in the journal yet. Nothing is sent to find out.
type Forecast struct {
	Calls  int64 // in all
	Known  int64 // that the journal has: they cost nothing
	Likely Usage // prompts at 4 bytes a token; answers as long as those in the journal on average, else as long as they may be
	Most   Usage // prompts at one byte a token; answers as long as they may be
	Money  *float64
	Worst  *float64 // of one attempt each; both are nil where no prices are given
}

// Forecast says what Each would cost with the same calls.
func (c *Client) Forecast(n int, call func(i int) Call) (f Forecast, err error) {
	f.Calls = int64(n)
	mean := int64(0)
	if s := c.Spent(); s.Calls > 0 {
		mean = (s.Answer + s.Calls - 1) / s.Calls
	}
	for i := range n {
		r, err := c.compose(call(i), c.endpoint.API)
		if err != nil {
			return f, err
		}
		if c.ledger != nil {
			if _, ok := c.ledger.has(r.sum); ok {
				f.Known++
				continue
			}
		}
		answer := r.likely.answer
		if mean > 0 {
			answer = min(answer, mean)
		}
		f.Likely.Prompt, f.Likely.Answer = f.Likely.Prompt+r.likely.prompt, f.Likely.Answer+answer
		f.Most.Prompt, f.Most.Answer = f.Most.Prompt+r.most.prompt, f.Most.Answer+r.most.answer
	}
	if p := c.endpoint.Prices; p.known() {
		share := 1.0
		if c.endpoint.Batch {
			share = p.Batch
		}
		f.Money, f.Worst = new(share*p.money(f.Likely)), new(share*p.money(f.Most))
	}
	return f, nil
}
