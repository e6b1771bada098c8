package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var inputs = map[string]string{
	"good.yaml": `data: {kind: gaussian}
model: {kind: gaussian}
workflow: {kind: replace}
rows: 20
generations: 3
metrics: [variance]
`,
	"text.yaml": `data: {kind: text, path: two.txt, heldout: 0.1}
model: {kind: ngram, order: 2}
workflow: {kind: replace}
generations: 3
metrics: [tail_loss]
`,
	"mistakes.yaml": `data: {kind: gaussian, variance: "1"}
modle: {kind: gaussian}
workflow: {kind: replase}
rows: 2.9
generations: 010
replicates: -1
seed: true
metrics: [distinct, variants]
`,
	"rows0.yaml":   "data: {kind: gaussian}\nmodel: {kind: gaussian}\nworkflow: {kind: replace}\nrows: 0\ngenerations: 3\nmetrics: [variance]\n",
	"twice.yaml":   "data: {kind: gaussian}\nrows: 3\nrows: 4\n",
	"tabs.yaml":    "data:\n\tkind: gaussian\n",
	"list.yaml":    "- a\n- b\n",
	"empty.yaml":   "",
	"binary.yaml":  "\x00\x01\x02\xff",
	"two.txt":      "a b c\nd e f\n",
	"one.txt":      strings.Repeat("same same\n", 30),
	"empty.txt":    "",
	"blank.txt":    "\n \n\t\n",
	"binary.txt":   "text\x00\x01\x02",
	"latin1.txt":   "caf\xe9 cr\xe8me\n",
	"figure.yaml":  "data: {kind: gaussian}\nmodel: {kind: gaussian}\nworkflow: {kind: replace}\nrows: 20\ngenerations: 3\nmetrics: [variance]\n",
	".hidden.yaml": "data: {kind: gaussian}\n",
	"..yaml":       "data: {kind: gaussian}\n",
}

// Bad input is exit code 2 with what, where and what to do, and leaves no folder behind.
func TestBadInput(t *testing.T) {
	t.Chdir(write(t, inputs))
	must(t, os.Mkdir("folder.yaml", 0o777))
	for _, c := range []struct {
		args string
		want string // texts in stderr, one a line
	}{
		{"mistakes.yaml", "mistakes.yaml:1:34: data.variance must be a number, got \"1\"; remove the quotes\n" +
			"mistakes.yaml:2:1: unknown key \"modle\"; did you mean \"model\"?\nmistakes.yaml:3:18: unknown workflow \"replase\"; did you mean \"replace\"?\n" +
			"mistakes.yaml:4:7: rows must be a whole number, got 2.9\nmistakes.yaml:5:14: generations: 010 has a leading zero\n" +
			"mistakes.yaml:6:13: replicates\nmistakes.yaml:7:7: seed must be a whole number, got true\nmistakes.yaml:8:11: metric distinct is for tokens\nunknown metric \"variants\""},
		{"rows0.yaml", "rows"},
		{"twice.yaml", "twice.yaml:3:1: \"rows\"\nline 2"},
		{"tabs.yaml", "tabs.yaml:2"},
		{"list.yaml", "list.yaml:1:1: a config is a map of settings"},
		{"empty.yaml", "empty.yaml: "},
		{"binary.yaml", "binary.yaml"},
		{"folder.yaml", "folder.yaml: cannot be read: is a directory"},
		{"missing.yaml", "missing.yaml: cannot be read: no such file"},
		{"gausian-replace", "config \"gausian-replace\" is unknown; did you mean \"gaussian-replace\"?"},
		{"figure.yaml", "figure.yaml: a run cannot be called figure\n--out"},
		{"./.hidden.yaml", "a run cannot be called \".hidden\"; rename the file"},
		{"./..yaml", "a run cannot be called \".\"; rename the file"},
		{"good.yaml generations=0", "command line: generations must be at least 1, got 0"},
		{"good.yaml rows=0", "rows: how many rows generation 0 learns from must be given"},
		{"good.yaml rows=2.9", "rows must be a whole number, got 2.9"},
		{"good.yaml rows=\"12\"", "remove the quotes"},
		{"good.yaml rows=010", "leading zero"},
		{"good.yaml rows=0x10", "rows"},
		{"good.yaml rows=1_000", "rows"},
		{"good.yaml rows=.inf", "rows"},
		{"good.yaml rows=null", "rows is empty; delete it to use the default"},
		{"good.yaml rows=~", "rows is empty"},
		{"good.yaml rows=yes", "rows must be a whole number"},
		{"good.yaml rows=", "rows has no value"},
		{"good.yaml rows=99999999999999999999", "rows"},
		{"good.yaml seed=-1", "seed must be at least 0, got -1"},
		{"good.yaml seed=true", "seed must be a whole number"},
		{"good.yaml replicates=0", "replicates: must be 1 to 1000000, got 0"},
		{"good.yaml replicates=[1,1]", "replicates"},
		{"good.yaml every=0", "every: must be at least 1"},
		{"good.yaml data.variance=-1", "data.variance must be at least 0"},
		{"good.yaml data.variance=.nan", "data.variance"},
		{"good.yaml model.estimator=mel", "model.estimator must be one of mle, unbiased"},
		{"good.yaml data.varience=1", "did you mean \"variance\"?"},
		{"good.yaml metrics=[distinct]", "metric distinct is for tokens; data kind gaussian gives scalar"},
		{"good.yaml model.kind=ngram", "model ngram is for tokens"},
		{"good.yaml nonsense", "\"nonsense\" is not an override; write key=value"},
		{"good.yaml =1", "is not a dotted path"},
		{"good.yaml rows=20,x", "got \"x\""},
		{"good.yaml --jobs 0", "--jobs 0: at least 1"},
		{"good.yaml --jobs two", "--jobs"},
		{"good.yaml --replicates -1", "replicates"},
		{"good.yaml --progress loud", "--progress loud: auto, bar, plain, json or none"},
		{"good.yaml --job 2", "unknown flag: --job"},
		{"text.yaml data.path=missing.txt", "missing.txt"},
		{"text.yaml data.path=", "data.path has no value"},
		{"text.yaml data.path=empty.txt", "empty.txt: no text"},
		{"text.yaml data.path=blank.txt", "blank.txt: no text"},
		{"text.yaml data.path=binary.txt", "binary.txt: line 1, byte 4: a NUL byte: this is not text"},
		{"text.yaml data.path=latin1.txt", "latin1.txt: line 1"},
		{"text.yaml data.path=one.txt", "a vocabulary of 1: there is nothing to learn"},
		{"text.yaml data.heldout=0.9", "leave nothing to train on"},
		{"text.yaml data.heldout=2", "data.heldout must be at most 1"},
		{"text.yaml rows=5", "rows: 5: there are 1 rows to train on after the held-out ones"},
		{"text.yaml data.sha256=" + strings.Repeat("0", 64), "sha256"},
		{"text.yaml metrics=[variance]", "metric variance is for"},
	} {
		got := here(append([]string{"run"}, strings.Fields(c.args)...)...)
		for _, want := range strings.Split(c.want, "\n") {
			if got.code != exitUsage || !strings.Contains(got.err, want) || got.out != "" {
				t.Errorf("run %s: exit code %d, want 2 and %q:\n%s%s", c.args, got.code, want, got.out, got.err)
				break
			}
		}
		if strings.Contains(got.err, "goroutine") || strings.Contains(got.err, "panic") {
			t.Errorf("run %s tells of the program, not of the input:\n%s", c.args, got.err)
		}
	}
	if left, _ := filepath.Glob("results*"); len(left) > 0 {
		t.Errorf("folders were left behind: %v", left)
	}
}
