package server_test

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/generate/llm/server"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// The log probabilities of an echoed row add to its score, its text is what was sent, and offsets find every token.
func TestEchoScores(t *testing.T) {
	h, f, v := toy(t, server.Options{})
	rows, err := f.Draw(t.Context(), nil, 200, rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	nats := make([]float64, len(rows))
	if err := f.Score(context.Background(), rows, nats); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		prompt := "\n" + textOf(v, row[:len(row)-1]) + "\n"
		got := complete(t, h, fields{"prompt": prompt, "echo": true, "logprobs": i % 4, "max_tokens": i % 2})
		l, sum := got.Choices[0].Logprobs, 0.0
		if l.Nats[0] != nil || l.Tokens[0] != "\n" || len(l.Nats) != len(row)+1+i%2 {
			t.Fatalf("%q: %v %v", prompt, l.Tokens, l.Nats)
		}
		for k, x := range l.Nats[1 : len(row)+1] {
			sum += *x
			if at, token := l.Offsets[k+1], l.Tokens[k+1]; prompt[at:at+len(token)] != token {
				t.Errorf("%q: token %q is not at %d", prompt, token, at)
			}
			if i%4 > 0 && l.Top[k+1][l.Tokens[k+1]] != *x {
				t.Errorf("%q: %q is not among %v", prompt, l.Tokens[k+1], l.Top[k+1])
			}
		}
		if math.Abs(sum-nats[i]) > 1e-9 {
			t.Errorf("%q: %.17g, want %.17g", prompt, sum, nats[i])
		}
		if !strings.HasPrefix(got.Choices[0].Text, prompt) || i%2 == 0 && got.Choices[0].Text != prompt || got.Usage.Prompt != len(row)+1 {
			t.Errorf("%q came back as %q (%+v)", prompt, got.Choices[0].Text, got.Usage)
		}
	}
}

// Any text comes back byte for byte in the texts of its tokens, and words that nobody knows are one token each.
func TestEchoKeepsText(t *testing.T) {
	h, _, _ := toy(t, server.Options{})
	rapid.Check(t, func(r *rapid.T) {
		prompt := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "don't", " ", "\n", "\t", "é", "世界", "zzz", ",", "\u00a0", "<unk>", "\r\n", "\v"})).Draw(r, "parts"), "")
		got := complete(t, h, fields{"prompt": prompt, "echo": true, "logprobs": 1, "max_tokens": 0}).Choices[0]
		joined := strings.Join(got.Logprobs.Tokens, "")
		if got.Text != prompt || joined != prompt && strings.TrimSpace(prompt) != "" {
			r.Fatalf("%q came back as %q, tokens %q", prompt, got.Text, joined)
		}
		runes := []rune(prompt)
		for i, token := range got.Logprobs.Tokens {
			at := got.Logprobs.Offsets[i]
			if string(runes[at:at+len([]rune(token))]) != token {
				r.Fatalf("%q: %q is not at %d", prompt, token, at)
			}
		}
	})
}

// A prompt of token ids is the text of these tokens.
func TestIDs(t *testing.T) {
	h, _, v := toy(t, server.Options{})
	want := complete(t, h, fields{"prompt": "a don't\n,", "seed": 1, "echo": true, "logprobs": 1})
	for _, ids := range []any{[]uint32{v.ID("a"), v.ID("don't"), generate.End, v.ID(",")}, [][]uint32{{v.ID("a"), v.ID("don't"), generate.End, v.ID(",")}}} {
		got := complete(t, h, fields{"prompt": ids, "seed": 1, "echo": true, "logprobs": 1})
		if got.Choices[0].Text != want.Choices[0].Text || !slices.Equal(got.Choices[0].Logprobs.Tokens, want.Choices[0].Logprobs.Tokens) {
			t.Errorf("%+v, want %+v", got.Choices[0], want.Choices[0])
		}
	}
}

// One-token answers are drawn with the probabilities of Next: chi-square over all tokens, honest and truncated, from a
// server that says what it does and from one whose defaults do it in secret.
func TestAnswersFollowTheLaw(t *testing.T) {
	const n = 4000
	for _, c := range []struct {
		name   string
		hidden string
		body   fields
		law    func(p []float64) []float64
	}{
		{"honest", "", fields{}, func(p []float64) []float64 { return p }},
		{"top_k", "", fields{"top_k": 3}, func(p []float64) []float64 { return p[:3] }},
		{"hidden top_k", "top_k=3", fields{}, func(p []float64) []float64 { return p[:3] }},
		{"hidden and overruled", "top_k=3&min_p=0.5", fields{"top_k": 0, "min_p": 0}, func(p []float64) []float64 { return p }},
		{"min_p", "", fields{"min_p": 0.3}, func(p []float64) []float64 { return above(p, 0.3*p[0]) }},
		{"temperature", "", fields{"temperature": 0.5}, func(p []float64) []float64 { return power(p, 2) }},
		{"all", "", fields{"temperature": 2, "top_k": 6, "top_p": 0.9, "min_p": 0.2}, func(p []float64) []float64 {
			q := nucleus(power(p, 0.5)[:6], 0.9)
			return above(q, 0.2*q[0])
		}},
	} {
		query, _ := url.ParseQuery(c.hidden)
		defaults, err := server.Defaults(query)
		if err != nil {
			t.Fatal(err)
		}
		h, f, v := toy(t, server.Options{Defaults: &defaults})
		choices := f.Next(nil, generate.Tokens{generate.Words})
		want := make([]float64, len(choices))
		for i, x := range choices {
			want[i] = x.P
		}
		want = c.law(want)
		c.body["prompt"], c.body["max_tokens"], c.body["n"], c.body["seed"], c.body["logprobs"] = "a", 1, n, 11, 0
		seen := map[string]float64{}
		for _, a := range complete(t, h, c.body).Choices {
			seen[a.Logprobs.Tokens[0]]++
		}
		x, df, rest, total := 0.0, -1.0, float64(n), num.Sum(want)
		for i, p := range want {
			text := " " + v.Word[choices[i].Token]
			if choices[i].Token == generate.End {
				text = "\n"
			}
			rest -= seen[text]
			if e := n * p / total; e > 3 {
				x, df = x+(seen[text]-e)*(seen[text]-e)/e, df+1
			}
		}
		if p := num.ChiSquaredSurvival(x, df); p < 1e-4 || rest != 0 {
			t.Errorf("%s: p = %.2g, %g answers are outside", c.name, p, rest)
		}
	}
}

func power(p []float64, by float64) []float64 {
	q := slices.Clone(p)
	for i := range q {
		q[i] = math.Pow(q[i], by)
	}
	return q
}

func nucleus(p []float64, share float64) []float64 {
	held, total := 0.0, num.Sum(p)
	for i, x := range p {
		if held += x; held >= share*total {
			return p[:i+1]
		}
	}
	return p
}

func above(p []float64, least float64) []float64 {
	for i, x := range p {
		if x < least {
			return p[:i]
		}
	}
	return p
}

// Greedy answers take the likeliest token at every place.
func TestGreedy(t *testing.T) {
	h, f, v := toy(t, server.Options{})
	row := generate.Tokens{generate.Words}
	got := complete(t, h, fields{"prompt": "a", "temperature": 0, "max_tokens": 12, "logprobs": 1}).Choices[0]
	for _, text := range got.Logprobs.Tokens {
		best := f.Next(nil, row)[0]
		if best.Token == generate.End {
			if text != "\n" || got.Finish != "stop" {
				t.Errorf("%q where the row ends", text)
			}
			break
		}
		if text != " "+v.Word[best.Token] {
			t.Errorf("%q after %v, want %q", text, row, v.Word[best.Token])
		}
		row = append(row, best.Token)
	}
}

// Equal requests with equal seeds are equal bytes whatever else is asked; without a seed they are not, but a new server
// gives the same ones again.
func TestDeterminism(t *testing.T) {
	bodies := []string{
		`{"model":"toy","prompt":["a","b"],"n":3,"seed":7,"max_tokens":20,"logprobs":2}`,
		`{"model":"toy","prompt":"a","max_tokens":20}`,
		`{"model":"toy","prompt":"a","max_tokens":20}`,
	}
	var first [3]string
	for turn := range 2 {
		h, _, _ := toy(t, server.Options{})
		for i, body := range bodies {
			_, answer := ask(h, "POST", "/v1/completions", body)
			if turn == 0 {
				first[i] = answer
			} else if first[i] != answer {
				t.Errorf("%s: %s, then %s", body, first[i], answer)
			}
		}
		if _, again := ask(h, "POST", "/v1/completions", bodies[0]); again != first[0] {
			t.Error("a seed does not decide the answer")
		}
	}
	if first[1] == first[2] {
		t.Error("two requests without a seed had one answer")
	}
}

// Stops end an answer before them, wherever tokens begin; a stream gives the same text.
func TestStops(t *testing.T) {
	h, _, _ := toy(t, server.Options{})
	for seed := range 60 {
		whole := complete(t, h, fields{"prompt": "a", "seed": seed, "max_tokens": 40}).Choices[0].Text
		got := complete(t, h, fields{"prompt": "a", "seed": seed, "max_tokens": 40, "stop": []string{"n't ", " d"}}).Choices[0]
		want, _, first := strings.Cut(whole, "n't ")
		shorter, _, second := strings.Cut(want, " d")
		if got.Text != shorter && !first || got.Text != shorter && second || (first || second) && got.Finish != "stop" {
			t.Errorf("%q stopped as %q", whole, got.Text)
		}
	}
}

// Faults are those that clients of OpenAI know.
func TestFaults(t *testing.T) {
	open, _, _ := toy(t, server.Options{})
	locked, _, _ := toy(t, server.Options{Key: "secret"})
	for _, c := range []struct {
		h                  http.Handler
		method, path, body string
		status             int
		says               string
	}{
		{open, "GET", "/v1/models", "", 200, `"id":"toy"`},
		{open, "GET", "/v1/models/toy", "", 200, `"id":"toy"`},
		{open, "GET", "/v1/models/none", "", 404, `model_not_found`},
		{open, "GET", "/v1/completions", "", 405, `method_not_supported`},
		{open, "POST", "/v1/nothing", "", 404, `unknown_url`},
		{open, "POST", "/v1/completions", `{"model":"none"}`, 404, `model_not_found`},
		{open, "POST", "/v1/completions", `{}`, 400, `model`},
		{open, "POST", "/v1/completions", `{"model":"toy","temperature":"hot"}`, 400, `"param":"temperature"`},
		{open, "POST", "/v1/completions", `{"model":"toy","temperature":-1}`, 400, `"param":"temperature"`},
		{open, "POST", "/v1/completions", `{"model":"toy","logit_bias":{"3":-100}}`, 400, `"param":"logit_bias"`},
		{open, "POST", "/v1/completions", `{"model":"toy","n":0}`, 400, `"param":"n"`},
		{open, "POST", "/v1/completions", `{"model":"toy","prompt":[1,77]}`, 400, `"param":"prompt"`},
		{open, "POST", "/v1/completions", `{"model":"toy","stop":""}`, 400, `"param":"stop"`},
		{open, "POST", "/v1/completions", "{", 400, `no JSON`},
		{open, "POST", "/v1/completions", strings.Repeat(" ", 9<<20), 413, `request_too_large`},
		{locked, "GET", "/v1/models", "", 401, `API key`},
	} {
		status, answer := ask(c.h, c.method, c.path, c.body)
		if status != c.status || !strings.Contains(answer, c.says) {
			t.Errorf("%s %s %.60s: %d %s", c.method, c.path, c.body, status, answer)
		}
	}
	if status, answer := ask(locked, "GET", "/v1/models", "", "Authorization", "Bearer canary"); status != 401 || strings.Contains(answer, "canary") {
		t.Errorf("%d %s", status, answer)
	}
	if status, _ := ask(locked, "GET", "/v1/models", "", "Authorization", "Bearer secret"); status != 200 {
		t.Errorf("%d with the key", status)
	}
}

// A model without smoothing, of nothing, or that never ends, still answers.
func TestOddModels(t *testing.T) {
	v := generate.NewVocabulary(toyWords)
	for _, rows := range [][]generate.Tokens{nil, {{generate.End}}, {{3, 4}, {4, 3}}} {
		c := ngram.NewCounts(2, v.Len())
		c.Add(generate.Span[generate.Tokens]{Rows: rows, Weight: 1})
		f, err := ngram.Model{Order: 2, Vocabulary: v.Len()}.FitStats(t.Context(), generate.Task[generate.Tokens]{}, c)
		if err != nil {
			t.Fatal(err)
		}
		h, err := server.New([]server.Model{{ID: "toy", Fit: f.(*ngram.Fitted), Text: server.Text{Vocabulary: v, Separator: " "}}}, server.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := complete(t, h, fields{"prompt": "\na zzz b\n", "echo": true, "logprobs": 3, "max_tokens": 9})
		if len(got.Choices) != 1 {
			t.Errorf("%v: %+v", rows, got)
		}
	}
}
