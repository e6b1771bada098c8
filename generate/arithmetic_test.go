package generate

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/rng"
)

func equations(t testing.TB, a Arithmetic) *Equations {
	t.Helper()
	src, err := a.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return src.(*Equations)
}

func (e *Equations) text(row Tokens) string {
	text := ""
	for _, id := range row[:len(row)-1] {
		text += e.vocabulary.Word[id]
	}
	return text
}

// Drawn equations are true, and cover all there are.
func TestArithmeticDrawsTrueEquations(t *testing.T) {
	e := equations(t, Arithmetic{Digits: 1, Operators: "+-*"})
	rows, err := e.Draw(t.Context(), nil, 20_000, rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int64{}
	for _, row := range rows {
		if !e.True(row) {
			t.Fatalf("%s is drawn and not true", e.text(row))
		}
		seen[e.text(row)]++
	}
	binomial(t, "3+4=7", seen["3+4=7"], 20_000, 1.0/300)
	binomial(t, "7-2=5", seen["7-2=5"], 20_000, 2.0/300)
	binomial(t, "0*0=0", seen["0*0=0"], 20_000, 1.0/300)
	if len(seen) != 255 { // 100 sums, 100 products, 55 differences
		t.Errorf("%d equations, want 255", len(seen))
	}
}

// The probabilities of all equations add to 1.
func TestArithmeticScores(t *testing.T) {
	e := equations(t, Arithmetic{Digits: 1, Operators: "-+"})
	total := 0.0
	for a := range 10 {
		for b := range 10 {
			var rows []Tokens
			rows = append(rows, e.row(fmt.Sprintf("%d+%d=%d", a, b, a+b)))
			if a >= b {
				rows = append(rows, e.row(fmt.Sprintf("%d-%d=%d", a, b, a-b)))
			}
			nats := make([]float64, len(rows))
			if err := e.Score(t.Context(), rows, nats); err != nil {
				t.Fatal(err)
			}
			for _, x := range nats {
				total += math.Exp(x)
			}
		}
	}
	if math.Abs(total-1) > 1e-12 {
		t.Errorf("probabilities add to %g", total)
	}
	nats := make([]float64, 2)
	if err := e.Score(t.Context(), []Tokens{e.row("10+1=11"), e.row("1+1=3")}, nats); err != nil || !math.IsInf(nats[0], -1) || !math.IsInf(nats[1], -1) {
		t.Errorf("%v: an equation that is not drawn, and one that is not true", nats)
	}
}

// A row is true exactly if it reads as numeral, operator, numeral, =, numeral, End and holds: any row of any ids.
func TestArithmeticJudgesAnyRow(t *testing.T) {
	e := equations(t, Arithmetic{Digits: 2, Operators: "+*"})
	canonical := func(s string) (uint64, bool) {
		x, err := strconv.ParseUint(s, 10, 64)
		return x, err == nil && s == strconv.FormatUint(x, 10) && len(s) <= 9
	}
	holds := func(text string) bool {
		left, right, ok := strings.Cut(text, "=")
		if !ok {
			return false
		}
		for _, op := range "+*" {
			if a, b, ok := strings.Cut(left, string(op)); ok {
				x, fine := canonical(a)
				y, fine2 := canonical(b)
				z, err := strconv.ParseUint(right, 10, 64)
				want := x + y
				if op == '*' {
					want = x * y
				}
				return fine && fine2 && err == nil && right == strconv.FormatUint(z, 10) && z == want
			}
		}
		return false
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint64Range(0, 20).Draw(t, "a"), rapid.Uint64Range(0, 20).Draw(t, "b")
		text := fmt.Sprintf("%d+%d=%d", a, b, a+b)
		if rapid.Bool().Draw(t, "times") {
			text = fmt.Sprintf("%d*%d=%d", a, b, a*b)
		}
		row := e.row(text)
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			i := rapid.IntRange(0, len(row)-1).Draw(t, "where")
			row[i] = rapid.Uint32Range(0, 17).Draw(t, "what")
		}
		text, closed := "", false
		for i, id := range row {
			if closed = id == End && i == len(row)-1; closed {
				break
			}
			if id < Words || int(id-Words) >= len(e.symbols) {
				text += "?"
			} else {
				text += e.symbols[id-Words : id-Words+1]
			}
		}
		if want := closed && holds(text); e.True(row) != want {
			t.Fatalf("%q closed %v: %v", text, closed, e.True(row))
		}
	})
	for _, text := range []string{"", "=", "1+1", "1+1=", "+1=1", "01+1=2", "1+1=02", "1+1=2=2", "1234567890+1=1234567891"} {
		if e.True(e.row(text)) {
			t.Errorf("%q passes", text)
		}
	}
	if e.True(nil) || !e.True(e.row("123456789+1=123456790")) {
		t.Error("no row passes, or a long one does not")
	}
	for _, a := range []Arithmetic{{Digits: 1}, {Digits: 0, Operators: "+"}, {Digits: 10, Operators: "+"}, {Digits: 1, Operators: "++"}, {Digits: 1, Operators: "/"}} {
		if _, err := a.Open(t.Context(), nil); err == nil {
			t.Errorf("%+v opens", a)
		}
	}
}

// A checker that errs with a chance keeps true rows with one less it and false ones with it.
func TestCheckerRates(t *testing.T) {
	const n = 5000
	e := equations(t, Arithmetic{Digits: 1, Operators: "+"})
	rows := make([]Tokens, 0, 2*n)
	for range n {
		rows = append(rows, e.row("2+3=5"), e.row("2+3=6"))
	}
	iv := toTruth(t, Intervention[Tokens](Checker{Wrong: 0.2}), Source[Tokens](e))
	kept, _ := left(t, iv, Batch[Tokens]{Rows: rows}, func(x, y Tokens) bool { return &x[0] == &y[0] })
	right := int64(0)
	for _, row := range kept {
		right += int64(b2i(e.True(row)))
	}
	binomial(t, "true rows", right, n, 0.8)
	binomial(t, "false rows", int64(len(kept))-right, n, 0.2)
	if iv.Name() != "checker" {
		t.Errorf("it is called %s", iv.Name())
	}
}
