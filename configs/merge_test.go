package configs_test

import (
	"testing"
	"testing/fstest"

	"modelcollapse/configs"
)

func family(texts map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range texts {
		files[name+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestExtends(t *testing.T) {
	files := family(map[string]string{
		"root":   "title: Root\ndata: go_docs\nmodel: {kind: ngram, order: 2, k: 0.5}\nworkflow: {kind: window, width: 9}\ncite: [a, b]\n",
		"parent": "extends: root\nmodel: {order: 4}\nsweep: {rows: [1, 2]}\n",
		"child":  "extends: parent\ncite: [c]\nworkflow: mix\nmodel: {smoothing: add_k}\n",
	})
	l, err := configs.Load(table(), files, "child", []string{"seed=9"})
	if err != nil {
		t.Fatal(err)
	}
	c, m := l.Config, l.Config.Model.Value.(*ngram)
	if c.Name != "child" || c.Title != "Root" || len(c.Cite) != 1 || c.Workflow.Kind != "mix" || m.Order != 4 || m.K != 0.5 || m.Smoothing != "add_k" {
		t.Errorf("%+v %+v", c, m)
	}
	if got := armsOf(t, l); got != "rows=1 rows=2" {
		t.Error(got)
	}
	for path, want := range map[string]string{
		"title": "extends root.yaml:1:8", "model.order": "extends parent.yaml:2:16", "model.smoothing": "child.yaml:4:20",
		"seed": "command line", "generations": "default", "rows": "extends parent.yaml:3:16", "nothing.here": "",
	} {
		if got := l.Origin(path); got != want {
			t.Errorf("origin of %s: got %q, want %q", path, got, want)
		}
	}
}

func TestProblemsOfAParentNameTheParent(t *testing.T) {
	files := family(map[string]string{"parent": base + "genrations: 3\n", "child": "extends: parent\nseed: x\n"})
	_, err := configs.Load(table(), files, "child", nil)
	want := "child.yaml:2:7: seed must be a whole number, got \"x\"\n    2 | seed: x\n      |       ^\n" +
		"parent.yaml:4:1: unknown key \"genrations\"; did you mean \"generations\"?\n    4 | genrations: 3\n      | ^"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestSweep(t *testing.T) {
	for sweep, want := range map[string]string{
		"{model.order: [2, 3], rows: [10, 20]}":                                 "order=2,rows=10 order=2,rows=20 order=3,rows=10 order=3,rows=20",
		"{workflow: [replace, mix]}":                                            "workflow=replace workflow=mix",
		"{workflow: {a: replace, b: {kind: mix, real: 0.1}}, model.order: [2]}": "a,order=2 b,order=2",
		"{zip: {model.order: [2, 3], rows: [10, 20]}}":                          "order=2,rows=10 order=3,rows=20",
		"{zip: {model: {s: {order: 2}, l: {order: 5}}, rows: {s: 1, l: 2}}}":    "s l",
		"{model.lambdas: [[0.1], [0.2, 0.3]]}":                                  "lambdas=0.1 lambdas=0.2+0.3",
		"{model.decoding.temperature: {cold: 0.5, hot: 2}}":                     "cold hot",
		"{model.smoothing: [none, add_k], seed: [1, 2]}":                        "smoothing=none,seed=1 smoothing=none,seed=2 smoothing=add_k,seed=1 smoothing=add_k,seed=2",
	} {
		if got := armsOf(t, mustLoad(t, base+"sweep: "+sweep+"\n")); got != want {
			t.Errorf("%s:\n got %s\nwant %s", sweep, got, want)
		}
	}
}

func TestPointsMergeLikeExtends(t *testing.T) {
	arms := mustArms(t, mustLoad(t, "data: go_docs\nworkflow: replace\nmodel: {kind: ngram, order: 5, k: 0.5}\n"+
		"sweep: {model: {same: {smoothing: add_k}, kind_too: {kind: ngram, order: 2}}}\n"))
	for i, want := range []ngram{{Order: 5, K: 0.5, Smoothing: "add_k"}, {Order: 2, K: 0.5, Smoothing: "none"}} {
		if m := arms[i].Config.Model.Value.(*ngram); m.Order != want.Order || m.K != want.K || m.Smoothing != want.Smoothing {
			t.Errorf("%s: %+v", arms[i].Name, m)
		}
	}
	if p := arms[0].Point; len(p) != 1 || p[0] != (configs.Setting{Path: "model", Value: "same"}) {
		t.Error(p)
	}
}

// A combination can be wrong where each of its points is right: kde has no order.
func TestWrongCombination(t *testing.T) {
	text := "data: gaussian\nworkflow: replace\nsweep:\n  model: {g: gaussian, k: kde}\n  workflow: {r: replace, m: {kind: mix, rows: fresh}}\n  rows: [1, 2]\n"
	if got := len(mustArms(t, mustLoad(t, text))); got != 8 {
		t.Error(got)
	}
	text = base + "sweep:\n  workflow: {m: {kind: mix, real: 0.95}, w: {kind: mix, rows: fresh}}\n  workflow.rows: [fixed]\n"
	if loadAll(text) == nil {
		t.Error("a path under another swept path must be refused")
	}
	compare(t, "too many", loadAll(base, "rows=1,2,3,4,5,6,7,8,9,10", "seed=1,2,3,4,5,6,7,8,9,10", "generations=1,2,3,4,5,6,7,8,9,10", "probe=1,2,3,4,5,6,7,8,9,10,11"),
		[]string{"1:1 the sweep makes more than 10000 arms"})
}

func TestASweptSectionIsCheckedToo(t *testing.T) {
	text := "data: go_docs\nmodel: ngram\nworkflow: replac\nsweep: {workflow: [replace, mix]}\n"
	compare(t, "base", loadAll(text), []string{`3:11 unknown workflow "replac"; did you mean "replace"?`})
	mustArms(t, mustLoad(t, "data: go_docs\nmodel: {order: 2}\nworkflow: replace\nsweep: {model: {a: {kind: ngram}}}\n"))
}
