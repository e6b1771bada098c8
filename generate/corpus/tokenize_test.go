package corpus

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// cut is a line cut by a tokenizer.
func cut(t tokenizer, line string) []string {
	x, out := newLexicon(), []string{}
	for _, id := range t(x, nil, []byte(line)) {
		out = append(out, x.words[id])
	}
	return out
}

func TestWords(t *testing.T) {
	for line, want := range map[string]string{
		"Hello, world!":               "Hello|,|world|!",
		"don't can’t 'quoted' dogs'":  "don't|can’t|'|quoted|'|dogs|'",
		"3.14 1,000 v1.26. 5, 6":      "3.14|1,000|v1.26|.|5|,|6",
		"a,b 1,b a,1 1'000":           "a|,|b|1|,|b|a|,|1|1|'|000",
		"os.File e.g. a..b .x":        "os.File|e.g|.|a|.|.|b|.|x",
		"snake_case x-ray (a)":        "snake_case|x|-|ray|(|a|)",
		"naïve cafe\u0301 戦場の ½":      "naïve|cafe\u0301|戦場の|½",
		"no\u00a0break\u2003space\t.": "no|break|space|.",
		"@-@ <unk> == ''":             "@|-|@|<|unk|>|=|=|'|'",
		"":                            "",
		"x'":                          "x|'",
	} {
		if got := strings.Join(cut(splitWords, line), "|"); got != want {
			t.Errorf("%q: %s, want %s", line, got, want)
		}
	}
}

// KenLM cuts at these bytes and at no others.
func TestWhitespace(t *testing.T) {
	got := cut(splitSpace, " a\tb\vc\fd\re  no\u00a0break <unk> don't, ")
	if want := []string{"a", "b", "c", "d", "e", "no\u00a0break", "<unk>", "don't,"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestTokenizerLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.String().Draw(t, "line")
		if got := strings.Join(cut(splitCharacters, line), ""); got != line {
			t.Fatalf("characters lose text: %q", got)
		}
		if got := strings.Join(cut(splitBytes, line), ""); got != line {
			t.Fatalf("bytes lose text: %q", got)
		}
		ascii := strings.Map(func(r rune) rune { // both know these spaces
			if r > 126 || r < 32 {
				return ' '
			}
			return r
		}, line)
		if got := cut(splitSpace, ascii); !slices.Equal(got, strings.Fields(ascii)) {
			t.Fatalf("%q: %q", ascii, got)
		}
		if got, want := strings.Join(cut(splitWords, ascii), ""), strings.ReplaceAll(ascii, " ", ""); got != want {
			t.Fatalf("words lose text: %q, want %q", got, want)
		}
	})
}

// The lexicon is a map: the same words, the same numbers, in the order of first use.
func TestLexicon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-f]{1,5}`), 0, 5000).Draw(t, "words")
		x, known := newLexicon(), map[string]uint32{}
		for _, w := range words {
			want, ok := known[w]
			if !ok {
				want = uint32(len(known))
				known[w] = want
			}
			if got := x.id([]byte(w)); got != want || x.words[got] != w {
				t.Fatalf("%q: %d, want %d", w, got, want)
			}
		}
	})
}

func TestSentences(t *testing.T) {
	for paragraph, want := range map[string]string{
		"One is here. Two\n  is too.":                      "One is here.|Two is too.",
		"Use e.g. this (i.e. that). ok is false. err too!": "Use e.g. this (i.e. that).|ok is false.|err too!",
		"Swap a and b. See D. Knuth (vol. 2.) Why? So.":    "Swap a and b.|See D. Knuth (vol.|2.)|Why?|So.",
		"It says \"done.\" Then ‘.’ or \".\" stays.":       "It says \"done.\"|Then ‘.’ or \".\" stays.",
		"wait ... then go... Done":                         "wait ... then go...|Done",
		"Version 1.26 of os.File.":                         "Version 1.26 of os.File.",
		"  ":                                               "",
	} {
		got := strings.TrimSuffix(string(appendSentences(nil, paragraph)), "\n")
		if got = strings.ReplaceAll(got, "\n", "|"); got != want {
			t.Errorf("%q:\n got %s\nwant %s", paragraph, got, want)
		}
	}
}
