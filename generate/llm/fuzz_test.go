package llm

import (
	"bytes"
	"testing"

	"modelcollapse/internal/journal"
)

// FuzzParse: whatever a server sends, the answer is read or refused; what is read is read the same once it is journalled.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"choices":[{"text":"x","finish_reason":"stop","logprobs":{"tokens":["a"],"token_logprobs":[null,1],"top_logprobs":[{"a":null}]}}]}`,
		`{"choices":[{"message":{"content":[{"type":"text","text":"a"}]},"finish_reason":"length","logprobs":{"content":[{"token":"a","bytes":[300]}]}}],"usage":{}}`,
		`[{"choices":[null]}]`, `{"error":{"message":["a"],"code":429}}`, `{"error":"x"}`, "[", `{"choices":[{"text":"\ud800","finish_reason":"stop"}],"prompt":[{"logprobs":null}]}`} {
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, raw []byte, echo bool) {
		r := request{echo: echo}
		raw = compact(raw)
		a, err := parse(raw, r)
		line, lineErr := head{Done: string(bytes.Repeat([]byte("ab"), 32))}.line([]byte("{}"), raw)
		if lineErr != nil || bytes.Count(line, []byte("\n")) != 1 {
			t.Fatalf("%q: %v", line, lineErr)
		}
		if err != nil {
			return
		}
		again, err := parse(compact(raw), r)
		if err != nil || again.text != a.text || again.finish == "" || len(again.tokens) != len(a.tokens) {
			t.Errorf("%q: %+v, then %+v, %v", raw, a, again, err)
		}
	})
}

// FuzzRecord: a line of whatever bytes under a right checksum is a record or is refused.
func FuzzRecord(f *testing.F) {
	h := head{Done: string(bytes.Repeat([]byte("ab"), 32)), Attempts: 2, Finish: "stop"}
	line, err := h.line([]byte(`{"model":"m"}`), []byte(`{"a":1}`))
	must(f, err)
	f.Add(line[:len(line)-journal.Tail])
	f.Add([]byte(`{"done":"ab","tried":"cd","request":{}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		l := ledger{at: map[short]place{}}
		_ = l.take(journal.AppendCRC(bytes.Clone(body), 0), 0, func(head) {})
		_, _ = response(body)
	})
}
