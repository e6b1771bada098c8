package server_test

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"sync"
	"testing"

	"modelcollapse/generate/llm/server"
)

// An Idempotency-Key is billed once, whoever asks at once; without it every answer is billed, and a fault is not.
func TestLedger(t *testing.T) {
	h, _, _ := toy(t, server.Options{})
	body := fields{"model": "toy", "prompt": "a", "max_tokens": 4}
	answers := make([]string, 8)
	var work sync.WaitGroup
	for i := range answers {
		work.Go(func() { answers[i] = call(t, h, "POST", "/v1/completions", body, 200, nil, "Idempotency-Key", "k1") })
	}
	work.Wait()
	for _, a := range answers {
		if a != answers[0] {
			t.Error("one key, two answers")
		}
	}
	other := call(t, h, "POST", "/v1/completions", body, 200, nil)
	call(t, h, "POST", "/v1/completions", body, 200, nil, "Idempotency-Key", "k2")
	call(t, h, "POST", "/v1/completions", fields{"model": "none"}, 404, nil, "Idempotency-Key", "k3")
	call(t, h, "POST", "/v1/completions", fields{"model": "toy", "prompt": "b"}, 409, nil, "Idempotency-Key", "k1")
	call(t, h, "POST", "/v1/completions", body, 200, nil, "Idempotency-Key", "k3") // a fault may be tried again
	if other == answers[0] {
		t.Error("no key, and yet the stored answer")
	}
	var bill server.Bill
	call(t, h, "GET", "/v1/usage", nil, 200, &bill)
	tokens := 0
	for _, a := range []string{answers[0], other} {
		var c completion
		_ = json.Unmarshal([]byte(a), &c)
		tokens += c.Usage.Answer
	}
	if bill.Calls != 4 || bill.Replayed != 7 || bill.Prompt != 4 || bill.Answer < int64(tokens) || bill.By["/v1/completions"] != 4 {
		t.Errorf("%+v", bill)
	}
}

// Embeddings have length 1, near texts are near, and both encodings say the same.
func TestEmbeddings(t *testing.T) {
	h, _, _ := toy(t, server.Options{})
	var got struct {
		Data []struct{ Embedding []float64 }
	}
	texts := []string{"the generated text", "the generated texts", "quick brown foxes", ""}
	call(t, h, "POST", "/v1/embeddings", fields{"model": server.Embeddings, "input": texts}, 200, &got)
	dot := func(i, k int) (sum float64) {
		for n, x := range got.Data[i].Embedding {
			sum += x * got.Data[k].Embedding[n]
		}
		return sum
	}
	if len(got.Data) != 4 || len(got.Data[0].Embedding) != 256 || math.Abs(dot(0, 0)-1) > 1e-6 || dot(0, 1) < 0.8 || dot(0, 2) > 0.3 || dot(3, 3) != 0 {
		t.Errorf("%g %g %g %g", dot(0, 0), dot(0, 1), dot(0, 2), dot(3, 3))
	}
	var packed struct{ Data []struct{ Embedding string } }
	call(t, h, "POST", "/v1/embeddings", fields{"model": server.Embeddings, "input": texts[0], "encoding_format": "base64"}, 200, &packed)
	raw, err := base64.StdEncoding.DecodeString(packed.Data[0].Embedding)
	if err != nil || len(raw) != 4*256 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	for i, x := range got.Data[0].Embedding {
		b := raw[4*i:]
		if bits := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24; math.Float32frombits(bits) != float32(x) {
			t.Fatalf("number %d differs", i)
		}
	}
	call(t, h, "POST", "/v1/embeddings", fields{"model": "toy", "input": "a"}, 404, nil)
	call(t, h, "POST", "/v1/embeddings", fields{"model": server.Embeddings, "input": "a", "dimensions": 3}, 400, nil)
}
