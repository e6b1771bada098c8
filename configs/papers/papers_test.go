package papers_test

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"go.yaml.in/yaml/v3"

	"modelcollapse/configs/papers"
)

var (
	keys  = regexp.MustCompile(`^([a-z]+)([0-9]{4})[a-z]?$`)
	arXiv = regexp.MustCompile(`arXiv[:\s#]*([0-9]{4}\.[0-9]{5})`)
)

func all(t *testing.T) papers.Literature {
	t.Helper()
	l, err := papers.All()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The file holds nothing that the program would overlook: no unknown field, and (which yaml refuses) no key twice.
func TestFile(t *testing.T) {
	text, err := os.ReadFile("papers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	strict := yaml.NewDecoder(bytes.NewReader(text))
	strict.KnownFields(true)
	var l papers.Literature
	if err := strict.Decode(&l); err != nil {
		t.Error(err)
	}
	if len(l.Papers) == 0 || len(l.Open) == 0 {
		t.Errorf("%d papers, %d open statements", len(l.Papers), len(l.Open))
	}
}

// A key is the first author's surname and the year of the entry.
func TestPapers(t *testing.T) {
	for key, p := range all(t).Papers {
		for what, s := range map[string]string{"authors": p.Authors, "title": p.Title, "where": p.Where} {
			if s == "" || s != strings.Join(strings.Fields(s), " ") {
				t.Errorf("%s: %s: %q", key, what, s)
			}
		}
		names := strings.Split(p.Authors, ", ")
		if slices.ContainsFunc(names, func(s string) bool { return s == "" || strings.Contains(s, "et al") || strings.Contains(s, " and ") }) {
			t.Errorf("%s: authors are surnames with commas between them: %q", key, p.Authors)
		}
		m := keys.FindStringSubmatch(key)
		if m == nil || m[1] != letters(names[0]) || m[2] != fmt.Sprint(p.Year) {
			t.Errorf("%s is not the key of %s %d", key, names[0], p.Year)
		}
	}
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// numbers are the arXiv numbers that a text names.
func numbers(s string) (out []string) {
	for _, m := range arXiv.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1])
	}
	return out
}

// No paper has two keys.
func TestPapersAreDistinct(t *testing.T) {
	seen := map[string]string{}
	for key, p := range all(t).Papers {
		for _, mark := range append(numbers(p.Where), letters(p.Title)) {
			if other, ok := seen[mark]; ok {
				t.Errorf("%s and %s are one paper: %s", key, other, mark)
			}
			seen[mark] = key
		}
	}
}

// Every shipped config cites what is here, and whatever arXiv number it names is that of a paper that it cites: a key that
// stands for another paper of the same author and year would show.
func TestConfigsCite(t *testing.T) {
	l := all(t)
	files, err := filepath.Glob("../*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no shipped configs (%v)", err)
	}
	cites := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var config struct{ Cite []string }
		if err := yaml.Unmarshal(text, &config); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		where := ""
		for _, key := range config.Cite {
			if _, ok := l.Papers[key]; !ok {
				t.Errorf("%s cites %q, which papers.yaml has not", filepath.Base(file), key)
			}
			where += l.Papers[key].Where + "\n"
		}
		cites += len(config.Cite)
		for _, number := range numbers(string(text)) {
			if !strings.Contains(where, number) {
				t.Errorf("%s names arXiv %s and does not cite it", filepath.Base(file), number)
			}
		}
	}
	if cites < len(files)/2 {
		t.Errorf("%d configs cite %d times: is cite read at all?", len(files), cites)
	}
}

func TestOpen(t *testing.T) {
	l := all(t)
	for i, o := range l.Open {
		if _, ok := l.Papers[o.Cite]; !ok {
			t.Errorf("open[%d] cites %q, which papers.yaml has not", i, o.Cite)
		}
		if o.Claim == "" || o.Reason == "" {
			t.Errorf("open[%d] (%s) wants claim and reason", i, o.Cite)
		}
	}
	sorted := slices.SortedFunc(slices.Values(l.Open), func(a, b papers.Open) int { return cmp.Compare(a.Claim, b.Claim) })
	if n := len(slices.CompactFunc(sorted, func(a, b papers.Open) bool { return a.Claim == b.Claim })); n != len(l.Open) {
		t.Errorf("%d different claims in %d open statements", n, len(l.Open))
	}
}

func TestShort(t *testing.T) {
	for authors, want := range map[string]string{
		"Morris":                         "Morris 1982",
		"Olkin, Pukelsheim":              "Olkin and Pukelsheim 1982",
		"Wang, Niu, Li":                  "Wang et al. 1982",
		"Casco-Rodriguez, Luzi, Humayun": "Casco-Rodriguez et al. 1982",
	} {
		if got := (papers.Paper{Authors: authors, Year: 1982}).Short(); got != want {
			t.Errorf("%s: %q, not %q", authors, got, want)
		}
	}
}
