package configs_test

import (
	"strings"
	"testing"

	"modelcollapse/configs"
)

// armsOf are the arms as NAME or NAME path=value..., one a line.
func armsOf(t *testing.T, l *configs.Loaded) string {
	t.Helper()
	var lines []string
	for _, a := range mustArms(t, l) {
		lines = append(lines, a.Name)
	}
	return strings.Join(lines, " ")
}

func TestOverridesAreTypedByTheSchema(t *testing.T) {
	l := mustLoad(t, base, "title=Hello, world: yes", "cite=[a, 'b, c']", "replicates=[4,5]", "every=log",
		"metrics=[tail_loss,{kind: data_perplexity}]", "model.timeout=5s", "model.tied=true", "model.k=2",
		"model.decoding.temperature=0.5", "model.decoding.bias.The=3", "rows=1e6", "model.smoothing=add_k")
	c, m := l.Config, l.Config.Model.Value.(*ngram)
	if c.Title != "Hello, world: yes" || c.Cite[1] != "b, c" || c.Replicates[1] != 5 || !c.Every.Log || len(c.Metrics) != 2 || c.Rows != 1_000_000 {
		t.Errorf("%+v", c)
	}
	if m.Timeout.Seconds() != 5 || !m.Tied || m.K != 2 || m.Decoding.Temperature != 0.5 || m.Decoding.Bias["The"] != 3 || m.Smoothing != "add_k" {
		t.Errorf("%+v", m)
	}
}

func TestOverrideQuotes(t *testing.T) {
	l := mustLoad(t, base, `data.path="a,b"`)
	if got := l.Config.Data.Value.(*goDocs).Path; got != "a,b" {
		t.Error(got)
	}
	if got := armsOf(t, mustLoad(t, base, `data.path=a,"b,c"`)); got != "path=a path=b_c" {
		t.Error(got)
	}
}

func TestCommaMakesAnAxis(t *testing.T) {
	for want, overrides := range map[string][]string{
		"order=2 order=3":                      {"model.order=2,3"},
		"workflow=replace workflow=accumulate": {"workflow=replace,accumulate"},
		"workflow=window workflow=accumulate":  {"workflow.kind=window,accumulate"},
		"order=2,rows=5 order=2,rows=6":        {"model.order=2,3", "rows=5,6"},
		"real=0.2 real=0.3":                    {"workflow.real=0.2,0.3", "workflow.kind=mix"},
		"real=0.2+0.3 real=0.4":                {"workflow.real=[0.2,0.3],0.4", "workflow=mix"},
		"lambdas=[0.1]":                        nil,
		"smoothing=none smoothing=add_k":       {"model.smoothing=none,add_k"},
		"order=1000000 order=2 ":               nil,
		"rows=1000000 rows=10":                 {"rows=1e6,10"},
	} {
		if overrides == nil {
			continue
		}
		got := armsOf(t, mustLoad(t, base, overrides...))
		if strings.HasPrefix(want, "order=2,rows") {
			want += " order=3,rows=5 order=3,rows=6"
		}
		if got != want {
			t.Errorf("%v: got %s, want %s", overrides, got, want)
		}
	}
}

func TestAChangedKindReplacesItsBlock(t *testing.T) {
	text := "data: gaussian\nmodel: {kind: kde, bandwidth: 3}\nworkflow: {kind: window, width: 7}\n"
	if l := mustLoad(t, text, "workflow.kind=mix"); string(l.Config.Workflow.Canonical()) != `{"kind":"mix","real":0.5,"rows":"fixed"}` {
		t.Errorf("%s", l.Config.Workflow.Canonical())
	}
	if l := mustLoad(t, text, "workflow=window"); l.Config.Workflow.Value.(*window).Width != 7 {
		t.Error("the same kind must not reset its block")
	}
	if l := mustLoad(t, text, "workflow.width=2", "workflow.kind=window"); l.Config.Workflow.Value.(*window).Width != 2 {
		t.Error("the order of overrides must not matter")
	}
	err := loadAll(text, "workflow=mix", "workflow.width=2")
	compare(t, "width of mix", err, []string{`1:1 unknown key "workflow.width" of workflow mix; it belongs under workflow (kind window)`})
}

func TestRefusedOverrides(t *testing.T) {
	swept := "data: go_docs\nmodel: ngram\nsweep: {workflow: {a: {kind: mix, real: 0.2}, b: {kind: window}, c: {kind: mix, real: 0.3}}}\n"
	for _, c := range []struct{ text, override, want string }{
		{base, "model.ordr=3", `1:1 unknown key "model.ordr" of model ngram; did you mean "order"?`},
		{base, "modl.order=3", `1:1 unknown key "modl"; did you mean "model"?`},
		{base, "MODEL.order=3", `1:1 unknown key "MODEL"; did you mean "model"?`},
		{base, "order=3", `1:1 unknown key "order"; it belongs under model`},
		{base, "model.order", `1:1 "model.order" is not an override; write key=value`},
		{base, "--model.order=3", `1:1 unknown key "--model"; did you mean "model"?`},
		{base, "model.order=", `1:1 model.order has no value; write model.order=VALUE`},
		{base, "model..order=3", `1:1 "model..order" is not a dotted path`},
		{base, "=3", `1:1 "" is not a dotted path`},
		{base, "model.order=2.9", `1:13 model.order must be a whole number, got 2.9`},
		{base, "model.order='2'", `1:13 model.order must be a whole number, got "2"; remove the quotes`},
		{base, "model.order=[2,3]", `1:13 model.order must be a whole number, got a list`},
		{base, "model.order=010", `1:13 model.order: 010 has a leading zero, which some readers take for octal; write 10`},
		{base, "model.order=2,x", `1:13 model.order must be a whole number, got "x" (arm order=x)`},
		{base, "model.order=2,", `1:13 model.order is empty; delete it to use the default (arm order=)`},
		{base, "seed=-1", `1:6 seed must be at least 0, got -1`},
		{base, "title=[a", `1:7 did not find expected ',' or ']'`},
		{base, "cite=a,b", `1:6 cite must be a list, got "a,b"; write [a,b]`},
		{base, "replicates=4,5", `1:12 replicates must be a whole number or a list, got "4,5"; a list is written [4,5]`},
		{base, "metrics[0].decile=3", `1:1 metrics[0].decile: an item of a list cannot be overridden; write the whole list: KEY=[…]`},
		{base, "metrics.tail_loss=3", `1:19 metrics must be a list, got a map`},
		{base, "sweep.rows=[3]", `1:1 sweep.rows cannot be overridden; write it in the file`},
		{base, "extends=x", `1:1 extends cannot be overridden; write it in the file`},
		{base, "title=a\nb", `1:1 an override is one line of text, key=value`},
		{base, "title=\xff", `1:1 an override is one line of text, key=value`},
		{base, "name=x", `1:1 unknown key "name"; known keys here: checkpoint, cite, claim, data, every, execution, extends, figures, generations, growth, heldout, inputs, interventions, keep, metrics, model, models, probe, profile, refill, replicates, rows, seed, start, sweep, title, turns, vary, verdict, workflow`},
		{swept, "workflow.real=0.3", `1:1 workflow.real is set by the sweep over workflow (points a, c); change it there`},
		{swept, "workflow.width=4", `1:1 workflow.width is set by the sweep over workflow (points a, b, c); change it there`},
		{swept, "workflow=replace", `1:1 workflow is set by the sweep over workflow (points a, b, c); change it there`},
		{swept, "workflow.kind=replace", `1:1 workflow.kind is set by the sweep over workflow (points a, b, c); change it there`},
		{base + "sweep: {model.order: [2, 3]}\n", "model.order=4", `1:1 model.order is set by the sweep over model.order (points order=2, order=3); change it there`},
		{base + "sweep: {model.order: [2, 3]}\n", "model=ngram", `1:1 model is set by the sweep over model.order (points order=2, order=3); change it there`},
	} {
		compare(t, c.override, loadAll(c.text, c.override), []string{c.want})
	}
	err := loadAll(base, "model.order=2", "model.order=3")
	compare(t, "twice", err, []string{"1:1 model.order is given twice"})
	err = loadAll(base, "workflow.kind=mix,window", "workflow.real=0.2")
	compare(t, "beside an axis", err, []string{"1:1 workflow.real is swept on the command line too (workflow.kind); sweep named points in a file instead"})
}

// What viper would let through, reaching the user as an error or as the value that was written.
func TestNothingOfVipersLeniency(t *testing.T) {
	t.Setenv("GENERATIONS", "3")
	t.Setenv("MODEL_ORDER", "5")
	l := mustLoad(t, "data: go_docs\nworkflow: replace\nmodel: {kind: ngram, decoding: {bias: {The: 1, the: 2, a.b: 3}}}\n")
	bias := l.Config.Model.Value.(*ngram).Decoding.Bias
	if bias["The"] != 1 || bias["the"] != 2 || bias["a.b"] != 3 {
		t.Errorf("keys of a map must keep their case and their dots: %v", bias)
	}
	if l.Config.Generations != 10 || l.Config.Model.Value.(*ngram).Order != 3 {
		t.Error("the environment must have no part in a config")
	}
}
