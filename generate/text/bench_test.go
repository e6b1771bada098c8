package text

import (
	"fmt"
	"strings"
	"testing"

	"modelcollapse/internal/rng"
)

// prose is n texts of about 100 words of 2 … 9 letters, a tenth of which repeat from text to text.
func prose(n, words int) []string {
	r := rng.Root(7).Child("prose", 0).Stream()
	vocabulary := make([]string, 20000)
	for i := range vocabulary {
		w := make([]byte, 2+r.IntN(8))
		for k := range w {
			w[k] = byte('a' + r.IntN(26))
		}
		vocabulary[i] = string(w)
	}
	out := make([]string, n)
	for i := range out {
		var b strings.Builder
		for range words {
			k := r.IntN(len(vocabulary)) * r.IntN(len(vocabulary)) / len(vocabulary)
			b.WriteString(vocabulary[k] + " ")
		}
		out[i] = b.String()
	}
	return out
}

func bytesOf(texts []string) (n int64) {
	for _, s := range texts {
		n += int64(len(s))
	}
	return n
}

func BenchmarkSign(b *testing.B) {
	texts := prose(1000, 100)
	h, _ := NewHasher(Usual())
	b.SetBytes(bytesOf(texts))
	for b.Loop() {
		for _, s := range texts {
			h.Sign(s)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	texts := prose(1000, 100)
	b.SetBytes(bytesOf(texts))
	for b.Loop() {
		x, _ := NewIndex(Usual())
		for _, s := range texts {
			t := x.Prepare(s)
			x.First(t)
			x.Keep(t)
		}
	}
}

func BenchmarkRepetition(b *testing.B) {
	texts := prose(1000, 100)
	var p Repeater
	b.SetBytes(bytesOf(texts))
	for b.Loop() {
		for _, s := range texts {
			p.Of(s)
		}
	}
}

// One new text against so many kept ones.
func BenchmarkRougeFirst(b *testing.B) {
	for _, words := range []int{20, 200} {
		b.Run(fmt.Sprintf("5000 of %d words", words), func(b *testing.B) {
			var o Overlaps
			texts := prose(5001, words)
			for _, s := range texts[1:] {
				o.Keep(Plain.Hash(nil, s))
			}
			fresh := Plain.Hash(nil, texts[0])
			for b.Loop() {
				o.First(fresh, SelfInstruct)
			}
		})
	}
}
