package configs_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/agnivade/levenshtein"
	"pgregory.net/rapid"

	"modelcollapse/configs"
	"modelcollapse/configs/mutate"
)

// corpus are configs that together use every form a setting can take.
func corpus(t testing.TB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range []string{"words", "scalars", "full"} {
		text, err := os.ReadFile("testdata/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(text)
	}
	return out
}

// usersOwn are keys that a user makes up.
func usersOwn(path string) bool {
	return strings.HasPrefix(path, "model.decoding.bias.") || strings.HasPrefix(path, "sweep.") && strings.Count(path, ".") == 2
}

func TestEveryMisspeltKeyIsRefusedAndTheRightOneNamed(t *testing.T) {
	total := 0
	for name, text := range corpus(t) {
		mustLoad(t, text)
		mutants, err := mutate.Misspelt([]byte(text), usersOwn)
		if err != nil {
			t.Fatal(err)
		}
		total += len(mutants)
		for _, m := range mutants {
			_, err := load(string(m.YAML))
			if !names(err, m.Was, m.Is) {
				t.Errorf("%s: %s written %q: %v", name, m.Path, m.Is, err)
			}
		}
	}
	t.Logf("%d misspelt keys, all refused", total)
}

// names reports whether err suggests the right key, or one just as near to what was written.
func names(err error, was, is string) bool {
	failed, ok := errors.AsType[*configs.Error](err)
	return ok && slices.ContainsFunc(failed.Problems, func(p configs.Problem) bool {
		_, after, found := strings.Cut(p.Message, `did you mean "`)
		suggested, _, _ := strings.Cut(after, `"`)
		if i := strings.LastIndexByte(suggested, '.'); i >= 0 {
			suggested = suggested[i+1:]
		}
		folded := strings.ToLower(is)
		return found && levenshtein.ComputeDistance(folded, suggested) <= levenshtein.ComputeDistance(folded, was)
	})
}

func TestEveryRetypedScalarIsRefused(t *testing.T) {
	total := 0
	for name, text := range corpus(t) {
		mutants, err := mutate.Retyped([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		total += len(mutants)
		for _, m := range mutants {
			l, err := load(string(m.YAML))
			if err == nil {
				_, err = l.Arms()
			}
			if err == nil && (m.Path != "every" || m.Is != "12") { // a step is as good as log
				t.Errorf("%s: %s: %s written as %s was accepted", name, m.Path, m.Was, m.Is)
			}
		}
	}
	t.Logf("%d retyped scalars, all refused", total)
}

func TestRandomSlipsAreRefused(t *testing.T) {
	keys := []string{"generations", "replicates", "interventions", "execution", "checkpoint", "workflow", "metrics", "every", "probe", "seed", "vary", "rows"}
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SampledFrom(keys).Draw(t, "key")
		letter := rapid.StringMatching("[a-z_]").Draw(t, "letter")
		at := rapid.IntRange(0, len(key)-1).Draw(t, "at")
		is := rapid.SampledFrom([]string{key[:at] + key[at+1:], key[:at] + letter + key[at+1:], key[:at] + letter + key[at:]}).Draw(t, "is")
		if is == key {
			return
		}
		if _, err := load(base + is + ": 3\n"); !names(err, key, is) {
			t.Fatalf("%q: %v", is, err)
		}
	})
}
