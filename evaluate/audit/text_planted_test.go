package audit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

// A chance writes documents of its own: words by Zipf's law, each followed by one of a few that it likes or by any.
type chance struct {
	r     *rand.Rand
	words []string
	cum   []float64
}

func chanceOf(r *rand.Rand, types int) *chance {
	c := &chance{r: r}
	sum := 0.0
	for k := range types {
		sum += 1 / float64(k+1)
		c.words, c.cum = append(c.words, fmt.Sprintf("w%d", k)), append(c.cum, sum)
	}
	return c
}

func (c *chance) word() int {
	u := c.r.Float64() * c.cum[len(c.cum)-1]
	low, high := 0, len(c.cum)-1
	for low < high {
		if mid := (low + high) / 2; c.cum[mid] < u {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

func (c *chance) document() string {
	var b strings.Builder
	at := c.word()
	for range 20 + c.r.IntN(30) {
		fmt.Fprint(&b, c.words[at], " ")
		if c.r.IntN(2) == 0 {
			at = (at*7 + c.r.IntN(5)) % len(c.words)
		} else {
			at = c.word()
		}
	}
	return b.String()
}

func (c *chance) documents(n int) *Documents {
	d := &Documents{}
	for range n {
		d.Texts = append(d.Texts, c.document())
	}
	return d
}

func audited(t testing.TB, sets Texts, seed uint64) *Report {
	t.Helper()
	r, err := Text(context.Background(), sets, Options{Name: "planted", Splits: 200, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func show(t testing.TB, r *Report) {
	t.Helper()
	t.Logf("%s: %s", r.Outcome, r.Why)
	for _, x := range r.Results {
		if !x.Detail {
			t.Logf("%-24s %-10s found %8.4f null %8.4f ± %.4f adjusted %.3f detectable %.4f of %.4g", x.Name, x.Answer, float64(x.Found), float64(x.Null.Mean), float64(x.Null.SD), float64(x.Adjusted), float64(x.Detectable), x.Threshold)
		}
	}
	for _, w := range r.Words {
		t.Log(w)
	}
}

func TestX(t *testing.T) {
	r := rng.Root(11).Child("texts", 0).Stream()
	c := chanceOf(r, 5000)
	sets := Texts{Real: c.documents(1600), Synthetic: c.documents(800), HoldOut: c.documents(1600)}
	show(t, audited(t, sets, 1))
}

var _ = generate.Words
var _ = ngram.None

func BenchmarkAudit(b *testing.B) {
	r := rng.Root(12).Child("texts", 0).Stream()
	c := chanceOf(r, 50000)
	sets := Texts{Real: c.documents(100000), Synthetic: c.documents(100000)}
	for b.Loop() {
		audited(b, sets, 1)
	}
}
