package text

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	const s = "Don't  stop, Ädam's 2nd\u00a0CAFE\u0301!\n"
	for _, c := range []struct {
		rule Rule
		want []string
	}{
		{Blanks, []string{"Don't", "stop,", "Ädam's", "2nd", "CAFE\u0301!"}},
		{Marks, []string{"don", "'", "t", "stop", ",", "ädam", "'", "s", "2nd", "cafe\u0301", "!"}},
		{Plain, []string{"don", "t", "stop", "ädam", "s", "2nd", "cafe\u0301"}},
	} {
		if got := c.rule.Words(s); !slices.Equal(got, c.want) {
			t.Errorf("rule %d: %q, want %q", c.rule, got, c.want)
		}
	}
}

// Blanks are the fields of the standard library, and words are hashed as they are written.
func TestWordsLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-cA-C ,.\n\xff]*`)).Draw(t, "s")
		if got := Blanks.Words(s); !slices.Equal(got, strings.Fields(s)) {
			t.Fatalf("%q, want %q", got, strings.Fields(s))
		}
		for _, r := range []Rule{Blanks, Marks, Plain} {
			words := r.Words(s)
			var want []uint64
			for _, w := range words {
				want = append(want, hashWord(w, false))
			}
			if got := r.Hash(nil, s); !slices.Equal(got, want) {
				t.Fatalf("rule %d of %q: hashes are not those of %q", r, s, words)
			}
			if again := r.Words(strings.Join(words, " ")); !slices.Equal(again, words) {
				t.Fatalf("rule %d: words of %q are %q", r, words, again)
			}
		}
	})
}

// Two n-grams have one hash exactly if they have the same words in the same order.
func TestGramsAreTheirWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := Plain.Words(rapid.StringMatching(`([ab] ){0,40}`).Draw(t, "words"))
		n := rapid.IntRange(1, 6).Draw(t, "n")
		grams := Grams(nil, Plain.Hash(nil, strings.Join(words, " ")), n)
		if len(grams) != max(len(words)-n+1, 0) {
			t.Fatalf("%d of %d words", len(grams), len(words))
		}
		for i := range grams {
			for j := range i {
				if same := slices.Equal(words[i:i+n], words[j:j+n]); same != (grams[i] == grams[j]) {
					t.Fatalf("%v and %v", words[i:i+n], words[j:j+n])
				}
			}
		}
	})
	if a, b := Grams(nil, []uint64{7, 7}, 1), Grams(nil, []uint64{7, 7}, 2); a[0] == b[0] || a[0] != a[1] {
		t.Error("n is no part of the hash")
	}
}

func FuzzWords(f *testing.F) {
	f.Add("a b\xffc")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range []Rule{Blanks, Marks, Plain} {
			if a, b := len(r.Words(s)), len(r.Hash(nil, s)); a != b {
				t.Fatalf("rule %d: %d words, %d hashes", r, a, b)
			}
		}
		new(Repeater).Of(s)
	})
}
