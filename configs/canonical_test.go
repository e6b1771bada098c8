package configs_test

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/configs"
)

// The canonical JSON of a config, committed: a change of it is a change of every cell's identity.
func TestCanonical(t *testing.T) {
	l := mustLoad(t, corpus(t)["full"])
	const want = `{"data":{"heldout":0.2,"kind":"go_docs","path":"/usr/lib/go"},"execution":"rows","generations":12,"growth":{"rule":"constant","rate":1},"heldout":0,"inputs":"fresh",` +
		`"interventions":[{"keep":0.5,"kind":"filter"}],` +
		`"model":{"decoding":{"bias":{"The":-0.5,"the":1},"temperature":0.9},"k":0.5,"kind":"ngram","lambdas":[0.2,0.8],"order":4,"smoothing":"add_k","start":0,"tied":true,"timeout":90000000000},` +
		`"models":[],"probe":5000,"refill":0,"rows":1000,"start":"none","turns":{"by":"generation","order":[0]},"vary":"split","workflow":{"kind":"mix","real":{"from":0.9,"to":0.1},"rows":"fresh"}}`
	if got := string(l.Config.Canonical()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := string(l.Config.Metrics[1].Canonical()); got != `{"decile":3,"kind":"tail_loss"}` {
		t.Error(got)
	}
}

// Two spellings of one config are one identity.
func TestCanonicalIgnoresSpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		model := []string{"kind: ngram"}
		for _, spellings := range [][]string{
			{"", "order: 3", "order: +3"}, {"", "smoothing: none", `smoothing: "none"`}, {"", "k: 0", "k: 0.0", "k: -0.0", "k: 0e5"},
			{"", "tied: false"}, {"", "timeout: 30s", "timeout: 0.5m"}, {"", "lambdas: [0.1, 0.3, 0.6]", "lambdas: [1e-1, .3, 0.60]"},
			{"", "decoding: {}", "decoding: {temperature: 1}", "decoding: {temperature: 1.0, bias: {}}"},
		} {
			if s := rapid.SampledFrom(spellings).Draw(t, "setting"); s != "" {
				model = append(model, s)
			}
		}
		model = rapid.Permutation(model).Draw(t, "order of keys")
		block := "model:\n"
		for _, line := range model {
			block += "  " + line + rapid.SampledFrom([]string{"\n", "  # why\n", "\n\n"}).Draw(t, "comment")
		}
		lines := rapid.Permutation([]string{
			rapid.SampledFrom([]string{"data: go_docs\n", "data: {kind: go_docs}\n", "data:\n  kind: go_docs\n  heldout: 0.10\n"}).Draw(t, "data"),
			rapid.SampledFrom([]string{"workflow: replace\n", "workflow: {kind: replace}\n"}).Draw(t, "workflow"),
			rapid.SampledFrom([]string{"", "rows: 0\n"}).Draw(t, "rows"),
			rapid.SampledFrom([]string{"", "generations: 10\n", "generations: 1e1\n"}).Draw(t, "generations"),
			rapid.SampledFrom([]string{"", "title: x\nmetrics: [tail_loss]\nevery: log\nkeep: {samples: 3}\ncite: [y]\nfigures: [tail_loss]\ncheckpoint: replay\n"}).Draw(t, "rest"),
			block,
		}).Draw(t, "order")
		text := ""
		for _, line := range lines {
			text += line
		}
		l, err := load(text)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := load(base)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := l.Config.Canonical(), plain.Config.Canonical(); !bytes.Equal(a, b) {
			t.Fatalf("%s\n%s\n%s", text, a, b)
		}
	})
}

// What decides a cell changes its identity.
func TestCanonicalTellsApart(t *testing.T) {
	seen := map[string]string{}
	for _, o := range []string{"rows=0", "rows=5", "generations=11", "probe=7", "vary=split", "execution=rows", "model.order=2", "model.k=0.1",
		"model.start=0", "model.start=1", "workflow=mix", "workflow={kind: mix, real: 0.1}", "workflow={kind: mix, real: [0.1]}", "data.heldout=0.2",
		"interventions=[{kind: filter, keep: 0}]", "interventions=[{kind: filter, keep: 0},{kind: filter, keep: 0}]", "model.decoding.bias={a: 1}", "model.decoding.bias={A: 1}"} {
		identity := string(mustLoad(t, base, o).Config.Canonical())
		if other, ok := seen[identity]; ok {
			t.Errorf("%s and %s have one identity", o, other)
		}
		seen[identity] = o
	}
}

// How a result is reached has no part in it.
func TestCanonicalLeavesOut(t *testing.T) {
	plain, limited := mustLoad(t, base).Config, mustLoad(t, base, "model.slots=3").Config
	if string(plain.Canonical()) != string(limited.Canonical()) || limited.Model.Value.(*ngram).Slots != 3 {
		t.Errorf("%s and %s", plain.Canonical(), limited.Canonical())
	}
}

// The resolved config, loaded again, is the same experiment: the same arms, the same YAML.
func TestYAMLReadsBack(t *testing.T) {
	texts := corpus(t)
	texts["odd"] = base + "title: \"a: b # c\\x7f\\t\\u2028é\\U0001F600 \\\"'\"\ncite: [\"yes\", \"12\", '', ' a ', \"0x1\", '~', 'null', '- b', \"l1\\nl2\", '&a', '*b', '!c', '%d', '@e', '{', 'a,b', 'é']\n"
	texts["zip"] = base + "sweep: {zip: {model.order: [2, 3], rows: [1, 2]}, workflow: {a: mix, b: {kind: mix, real: {to: 0.5}}}}\n"
	texts["axis"] = base
	texts["rows"] = "data: go_docs\nworkflow: replace\nmetrics: [tail_loss]\nsweep: {zip: {data: [go_docs, gaussian], model: [ngram, kde]}}\n"
	for name, text := range texts {
		var overrides []string
		if name == "axis" {
			overrides = []string{"model.order=2,3", "workflow=mix,replace", "data.path='a,b',c"}
		}
		one := mustLoad(t, text, overrides...)
		two := mustLoad(t, string(one.YAML()))
		if a, b := string(one.YAML()), string(two.YAML()); a != b {
			t.Errorf("%s:\n%s\n%s", name, a, b)
		}
		a, b := mustArms(t, one), mustArms(t, two)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s:\n%+v\n%+v", name, a, b)
		}
	}
}

func ExampleLoad() {
	l, err := configs.Load(table(), nil, "testdata/words.yaml", []string{"model.order=2,3", "generations=4"})
	if err != nil {
		fmt.Println(err)
		return
	}
	arms, err := l.Arms()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range arms {
		fmt.Println(a.Name, string(a.Config.Workflow.Canonical()))
	}
	fmt.Println("generations:", l.Origin("generations"))
	fmt.Println("heldout:", l.Origin("data.heldout"))
	// Output:
	// replace,order=2 {"kind":"replace"}
	// replace,order=3 {"kind":"replace"}
	// accumulate,order=2 {"kind":"accumulate"}
	// accumulate,order=3 {"kind":"accumulate"}
	// ten_percent,order=2 {"kind":"mix","real":0.1,"rows":"resampled"}
	// ten_percent,order=3 {"kind":"mix","real":0.1,"rows":"resampled"}
	// generations: command line
	// heldout: testdata/words.yaml:5:32
}
