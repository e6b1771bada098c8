package audit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/generate/text"
	"modelcollapse/internal/rng"
)

// A writer writes documents of its own: words by Zipf's law, each followed by one of a few that it likes, or by any.
type writer struct {
	r   *rand.Rand
	cum []float64
}

func writerOf(r *rand.Rand, types int) *writer {
	w := &writer{r: r}
	sum := 0.0
	for k := range types {
		sum += 1 / float64(k+1)
		w.cum = append(w.cum, sum)
	}
	return w
}

func (w *writer) word() int {
	k, _ := slices.BinarySearch(w.cum, w.r.Float64()*w.cum[len(w.cum)-1])
	return min(k, len(w.cum)-1)
}

func (w *writer) document(least, more int) string {
	var b strings.Builder
	at := w.word()
	for range least + w.r.IntN(more) {
		fmt.Fprintf(&b, "w%d ", at)
		if w.r.IntN(2) == 0 {
			at = (at*7 + w.r.IntN(5)) % len(w.cum)
		} else {
			at = w.word()
		}
	}
	return b.String()
}

func (w *writer) documents(n int) *Documents {
	d := &Documents{}
	for range n {
		d.Texts = append(d.Texts, w.document(15, 15))
	}
	return d
}

// audited are sets of 2000 real, 1000 synthetic and 800 held out documents from one writer, that change has spoilt, audited with
// few documents in what is dear.
func audited(t testing.TB, seed uint64, change func(*Texts, *writer)) *Report {
	t.Helper()
	w := writerOf(rng.Root(seed).Child("texts", 0).Stream(), 3000)
	sets := Texts{Real: w.documents(2000), Synthetic: w.documents(1000), HoldOut: w.documents(800)}
	if change != nil {
		change(&sets, w)
	}
	r, err := auditTexts(context.Background(), sets, Options{Name: "planted", Splits: 40, Exchanges: 40, Alpha: .05, Seed: seed}.filled(), 100)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %s", r.Outcome, r.Why)
	return r
}

// One writer's sets do not alarm, though the hold-out is smaller than the training part.
func TestTextsOfOneWriter(t *testing.T) {
	r := audited(t, 1, nil)
	for _, x := range r.Results {
		if x.Answer == Differs || x.Answer == Slight {
			t.Errorf("%s: %s, found %.4g, null %.4g ± %.2g, adjusted %.3g", x.Name, x.Answer, float64(x.Found), float64(x.Null.Mean), float64(x.Null.SD), float64(x.Adjusted))
		}
	}
	if r.Outcome == evaluate.Rejected {
		t.Error("rejected")
	}
}

// The rarest types are gone: documents are as they were, without words of low rank.
func TestTextsWithoutRareTypes(t *testing.T) {
	r := audited(t, 2, func(sets *Texts, _ *writer) {
		count := map[string]int{}
		for _, s := range sets.Real.Texts {
			for _, w := range text.Blanks.Words(s) {
				count[w]++
			}
		}
		for i, s := range sets.Synthetic.Texts {
			kept := slices.DeleteFunc(text.Blanks.Words(s), func(w string) bool { return count[w] <= 3 })
			sets.Synthetic.Texts[i] = strings.Join(kept, " ")
		}
	})
	differs(t, r, "types_found.1", "tail_loss.token")
	if x, _ := r.Result("copies.exact"); x.Answer == Differs {
		t.Error("nothing was copied")
	}
}

// One document in a hundred is a training document, one more has another last word.
func TestTextsCopied(t *testing.T) {
	r := audited(t, 3, func(sets *Texts, _ *writer) {
		for k := range 20 { // of 1000
			s := sets.Real.Texts[k]
			if k%2 == 0 {
				s = strings.ToUpper(s[:strings.LastIndexByte(strings.TrimSpace(s), ' ')] + ".")
			}
			sets.Synthetic.Texts[50*k] = s
		}
	})
	differs(t, r, "copies.13gram")
	if x, _ := r.Result("copies.exact"); float64(x.Found) != .01 {
		t.Errorf("exact copies: %v, want 10 of 1000", x.Found)
	}
	if x, _ := r.Result("copies.near"); float64(x.Found) < .01 || float64(x.Found) > .02 {
		t.Errorf("near copies: %v, want 10 to 20 of 1000", x.Found)
	}
}

// A tenth of the training documents was learned by heart: the hold-out tells it from common phrases, and membership is found.
func TestTextsLearnedByHeart(t *testing.T) {
	r := audited(t, 4, func(sets *Texts, _ *writer) {
		copy(sets.Synthetic.Texts, sets.Real.Texts[:200])
		sets.Canaries = []string{"the number of the safe is 40 17 83", "my card is 5512 9083"}
		sets.Synthetic.Texts[999] = "you see, " + sets.Canaries[0]
	})
	differs(t, r, "copied_training.exact", "copied_training.near", "copied_training.13gram", "membership_tpr@1%fpr")
	if len(r.Canaries) != 2 || r.Canaries[0].Rank != 1 || r.Canaries[1].Rank < 5 {
		t.Errorf("canaries: %v, want the first alone at rank 1", r.Canaries)
	}
}

// Texts that our own trigram model drew by its three likeliest words.
func TestTextsByTopK(t *testing.T) {
	r := audited(t, 5, func(sets *Texts, w *writer) { sets.Synthetic.Texts = topK(t, sets.Real.Texts, 1000, 3) })
	differs(t, r, "types_found.1", "tail_loss.token", "distinct.2@"+fmt.Sprint(r.Rows), "bigram_js")
	if len(r.Gaps) == 0 || r.Gaps[0].Value == "" || !strings.HasPrefix(r.Gaps[0].Value, "w") {
		t.Errorf("gaps: %v, want types", r.Gaps[:min(3, len(r.Gaps))])
	}
}

// topK draws documents of a bigram model of texts, each word among the k likeliest.
func topK(t *testing.T, texts []string, n, k int) []string {
	ids, words := map[string]uint32{}, []string{}
	var rows []generate.Tokens
	for _, s := range texts {
		var row generate.Tokens
		for _, w := range text.Blanks.Words(s) {
			if _, ok := ids[w]; !ok {
				ids[w], words = generate.Words+uint32(len(words)), append(words, w)
			}
			row = append(row, ids[w])
		}
		rows = append(rows, append(row, generate.End))
	}
	model := ngram.Model{Order: 2, Vocabulary: int(generate.Words) + len(words)}
	fit, err := model.Fit(context.Background(), generate.Task[generate.Tokens]{Train: generate.Sample[generate.Tokens]{{Rows: rows, Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	from, err := fit.(*ngram.Fitted).With(generate.Sampling{TopK: k})
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := from.Draw(context.Background(), nil, n, rng.Root(6).Stream())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range drawn {
		var b strings.Builder
		for _, id := range row[:min(len(row), 60)] {
			if id >= generate.Words {
				b.WriteString(words[id-generate.Words] + " ")
			}
		}
		out = append(out, b.String())
	}
	return out
}
