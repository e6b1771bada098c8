// Package llm calls OpenAI-compatible servers: every call is paid once, journalled, and bounded by limits and a budget.
//
// It is the only package that imports a client library. A Client belongs to one Endpoint and one journal. What a call
// cost, how it was sampled and what came back is in its Reply, so that nobody else needs to know about HTTP.
package llm

import (
	"encoding/json"
	"math"
	"time"
)

// Embedded is the base URL of the server in this program (package server): an n-gram model that costs nothing.
// Its default sampler is honest; "embedded?top_k=40&min_p=0.05" is one that truncates where nobody asked it to.
const Embedded = "embedded"

// An Endpoint is how a server is reached and what it costs. It is part of the config of whatever calls one.
type Endpoint struct {
	BaseURL  string         `json:"base_url" default:"embedded" doc:"of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1; embedded is the server in this program, embedded?top_k=40 one with another default sampler"`
	Model    string         `json:"model" default:"go-docs" doc:"as the server calls it; of the embedded one go-docs, or the folder of a run"`
	KeyEnv   string         `json:"key_env" identity:"-" doc:"environment variable that holds the key; empty: none is sent"`
	API      string         `json:"api" default:"chat" enum:"chat,completions" doc:"which of the two is called"`
	Body     map[string]any `json:"body" doc:"further fields of every request body, such as {top_k: 0, min_p: 0}; null takes a field away, as in {max_tokens: null, max_completion_tokens: 256}"`
	Timeout  time.Duration  `json:"timeout" identity:"-" default:"2m" doc:"of one attempt"`
	Attempts int            `json:"attempts" identity:"-" default:"6" min:"1" max:"100" doc:"of a call that fails for reasons that pass: 408, 409, 429, 5xx, timeouts, answers that break off"`
	Batch    bool           `json:"batch" identity:"-" default:"false" doc:"asked for through the server's batch API: half the price at OpenAI, answers within a day. Single calls, such as those of a probe, are made at once all the same"`
	Poll     time.Duration  `json:"batch_poll" identity:"-" default:"30s" doc:"between two looks at a batch"`
	Limits   Limits         `json:"limits" identity:"-"`
	Prices   Prices         `json:"prices" identity:"-"`
	Energy   Energy         `json:"energy" identity:"-"`
	Profile  Profile        `json:"profile"`
}

// Limits bound how fast a server is called.
type Limits struct {
	Concurrency int `json:"concurrency" default:"8" min:"1" max:"4096" doc:"calls at once, at most; fewer while the server refuses (AIMD)"`
	Requests    int `json:"requests_per_minute" default:"0" min:"0" doc:"0: no limit"`
	Tokens      int `json:"tokens_per_minute" default:"0" min:"0" doc:"of prompts and answers; 0: no limit"`
}

// Prices are those of the server; nothing is assumed about them.
type Prices struct {
	Input    *float64 `json:"input" min:"0" doc:"per million tokens of prompts"`
	Cached   *float64 `json:"cached_input" min:"0" doc:"per million tokens of prompts that the server had cached; as input where it is not given"`
	Output   *float64 `json:"output" min:"0" doc:"per million tokens of answers"`
	Training *float64 `json:"training" min:"0" doc:"per million tokens that a fine-tuning job learns from"`
	Batch    float64  `json:"batch_factor" default:"0.5" min:"0" max:"1" doc:"what an answer by a batch costs of the price of an ordinary one; 0 is taken for 0.5"`
	Currency string   `json:"currency" default:"USD"`
}

// Energy says what a token costs in energy, and energy in carbon; what is not given stays unknown.
type Energy struct {
	WattHours *float64 `json:"wh_per_1000_tokens" min:"0" doc:"watt hours per thousand tokens of answers"`
	Carbon    *float64 `json:"kg_co2_per_kwh" min:"0" doc:"of the grid that the server runs on"`
}

// A Profile is what a server can do. auto is found out by a probe (Client.Probe) and can be overruled.
type Profile struct {
	Scoring string `json:"scoring" default:"auto" enum:"auto,echo,grammar,none" doc:"how given text is scored: echo of a prompt with logprobs, a grammar that forces the text, or not at all"`
	Seed    string `json:"seed" default:"auto" enum:"auto,yes,no" doc:"whether the server takes a seed"`
	Schema  string `json:"schema" default:"auto" enum:"auto,json_schema,json_object,none" doc:"how an answer is bound to a JSON schema"`
	Several string `json:"several_stops" default:"auto" enum:"auto,yes,no" doc:"whether stop takes a list"`
	Before  string `json:"score_before" doc:"one token that goes before a text that is scored, where the server adds none: the first token of an echo has no probability. The embedded server: a newline"`
	After   string `json:"score_after" doc:"what goes after a text that is scored, and is scored with it. The embedded server: a newline, the end of a row"`
}

// A Budget ends a run before it costs more. 0: no bound.
type Budget struct {
	Money  float64 `json:"money" default:"0" min:"0" doc:"in the currency of the prices; a call that could go beyond it is not made. 0: no bound"`
	Tokens int64   `json:"tokens" default:"0" min:"0" doc:"of prompts and answers; 0: no bound"`
}

// Sampling is how answers are drawn. What is nil is not sent, and the server's default applies: which is part of the record.
type Sampling struct {
	Temperature *float64 `json:"temperature" default:"1" min:"0" doc:"1 is honest"`
	TopP        *float64 `json:"top_p" default:"1" min:"0" max:"1"`
	TopK        *int     `json:"top_k" min:"0" doc:"0 is off where the server knows it; not sent unless it is given"`
	MinP        *float64 `json:"min_p" min:"0" max:"1" doc:"0 is off where the server knows it; not sent unless it is given"`
	MaxTokens   int      `json:"max_tokens" default:"256" min:"1" doc:"of one answer"`
	Stop        []string `json:"stop" doc:"texts that end an answer"`
}

// A Message is one turn of a chat.
type Message struct {
	Role    string `json:"role"` // system, user or assistant
	Content string `json:"content"`
}

// A Call asks for one answer. Chat endpoints take Messages; completion endpoints take Prompt; a Call that has the other one
// is translated (messages joined by blank lines; a prompt as one user message).
type Call struct {
	Messages []Message
	Prompt   string
	Sample   int    // which of several answers to equal requests: part of the key, so that none is served for another
	Seed     *int64 // drawn before any call is made; nil: none is sent
	Sampling Sampling
	Logprobs int             // alternatives a token; −1: none, 0: of the tokens alone
	Echo     bool            // score the prompt (completions alone)
	Schema   json.RawMessage // JSON schema of the answer; nil: any text
	Extra    map[string]any  // further fields of this body; they overrule Endpoint.Body
}

// A Token is a piece of an answer (or of an echoed prompt) with its log probability in nats: NaN where the server gave none, −Inf where it gave
// −9999, which stands for it (vLLM, OpenAI).
type Token struct {
	Text    string
	Logprob float64
	Top     []Alternative // the likeliest tokens at this place, by falling probability
}

// An Alternative is a token that could have stood there.
type Alternative struct {
	Text    string  `json:"text"`
	Logprob float64 `json:"logprob"` // nats
}

// Usage counts tokens as the server does; Cached is a part of Prompt. Counted is false where the server said nothing and
// the numbers are estimates from the length of the texts (4 bytes a token).
type Usage struct {
	Prompt, Cached, Answer int64
	Counted                bool
}

// A Reply is what a call came to. A call that failed for good is a Reply too: Finish says why, and Text is empty.
type Reply struct {
	Text     string
	Finish   string  // stop, length, content_filter, tool_calls; or "failed: …"
	Tokens   []Token // nil where Logprobs was −1 or the server gave none
	Usage    Usage
	Money    float64 // 0 where no prices are given
	Model    string  // that answered, as the server says
	Key      string  // of the call in the journal: hex of SHA-256 of base URL, model, whole body and sample index
	Prompt   string  // hex of SHA-256 of the messages or the prompt
	Response string  // hex of SHA-256 of the raw answer
	Attempts int     // that it took
	Replayed bool    // it was in the journal: nothing was paid now
	Passing  bool    // it failed for reasons that pass: the journal does not have it as done, and the next run tries it again
}

// Failed reports whether the call gave no answer.
func (r Reply) Failed() bool { return len(r.Finish) >= 6 && r.Finish[:6] == "failed" }

// Logprob is the sum over the tokens of an answer, in nats; NaN where it is not known.
func (r Reply) Logprob() float64 {
	sum := 0.0
	for _, t := range r.Tokens {
		sum += t.Logprob
	}
	if len(r.Tokens) == 0 {
		return math.NaN()
	}
	return sum
}

// Spent is what a client has paid, and for what. Unknown prices leave Money nil, unknown factors WattHours and Carbon.
type Spent struct {
	Calls     int64    // answers, replayed ones among them
	Replayed  int64    // that the journal knew
	Attempts  int64    // requests that were sent
	Failed    int64    // calls that gave no answer
	Prompt    int64    // tokens
	Cached    int64    // tokens
	Answer    int64    // tokens
	Trained   int64    // tokens that fine-tuning jobs learned from
	Money     *float64 // in Prices.Currency
	Doubt     float64  // money at most that attempts without an answer may have cost: it counts against the budget and not as spent
	WattHours *float64
	Carbon    *float64 // kg CO2
}
