package configs_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"modelcollapse/configs"
)

// refused are configs after base (three lines), and what is said of each, as line:column message.
var refused = map[string][]string{
	// keys
	"genrations: 3":                 {`4:1 unknown key "genrations"; did you mean "generations"?`},
	"Generations: 3":                {`4:1 unknown key "Generations"; did you mean "generations"?`},
	"GENERATIONS: 3":                {`4:1 unknown key "GENERATIONS"; did you mean "generations"?`},
	"order: 3":                      {`4:1 unknown key "order"; it belongs under model`},
	"bandwidth: 3":                  {`4:1 unknown key "bandwidth"; it belongs under model (kind kde)`},
	"keep.samples: 3":               {`4:1 unknown key "keep.samples"; known keys here: checkpoint, cite, claim, data, every, execution, extends, figures, generations, growth, heldout, inputs, interventions, keep, metrics, model, models, probe, profile, refill, replicates, rows, seed, start, sweep, title, turns, vary, verdict, workflow`},
	"title: a\ntitle: b":            {`5:1 "title" stands here twice; the first is in line 4`},
	"keep: {models: all, modls: 1}": {`4:21 unknown key "keep.modls"; did you mean "models"?`},
	"&a title: x":                   {`4:1 a key must be a plain word`},
	"!!str title: x":                {`4:1 a key must be a plain word`},
	"[a]: 1":                        {`4:1 a key must be a plain word`},
	// whole numbers
	"generations: 2.9":           {`4:14 generations must be a whole number, got 2.9`},
	"generations: 2.0":           {`4:14 generations must be a whole number, got 2.0`},
	`generations: "12"`:          {`4:14 generations must be a whole number, got "12"; remove the quotes`},
	"generations: true":          {`4:14 generations must be a whole number, got true`},
	"generations: twelve":        {`4:14 generations must be a whole number, got "twelve"`},
	"generations: [12]":          {`4:14 generations must be a whole number, got a list`},
	"generations: {n: 12}":       {`4:14 generations must be a whole number, got a map`},
	"generations: 010":           {`4:14 generations: 010 has a leading zero, which some readers take for octal; write 10`},
	"generations: 0x10":          {`4:14 generations: 0x10 must be written in decimal`},
	"generations: 0o10":          {`4:14 generations: 0o10 must be written in decimal`},
	"generations: 0b10":          {`4:14 generations: 0b10 must be written in decimal`},
	"generations: 1_000":         {`4:14 generations: 1_000 must be written without underscores: 1000`},
	"generations: 1:30":          {`4:14 generations must be a whole number, got "1:30"`},
	"generations: 1e-3":          {`4:14 generations must be a whole number, got 1e-3`},
	"generations: 1e99":          {`4:14 generations must be at most 1000000, got 1e99`},
	"generations: 0":             {`4:14 generations must be at least 1, got 0`},
	"generations:":               {`4:13 generations is empty; delete it to use the default`},
	"generations: ~":             {`4:14 generations is empty; delete it to use the default`},
	"generations: null":          {`4:14 generations is empty; delete it to use the default`},
	"seed: -1":                   {`4:7 seed must be at least 0, got -1`},
	"seed: 18446744073709551616": {`4:7 seed must be at most 18446744073709551615, got 18446744073709551616`},
	// text
	"title: yes":   {`4:8 title: some readers take yes for true or false; quote it`},
	"title: True":  {`4:8 title: some readers take True for true or false; quote it`},
	"title: true":  {`4:8 title must be text, got true; if it is meant, quote it`},
	"title: 12":    {`4:8 title must be text, got 12; if it is meant, quote it`},
	"title: 0x1f":  {`4:8 title must be text, got 0x1f; if it is meant, quote it`},
	"title: [a]":   {`4:8 title must be text, got a list`},
	"vary: splt":   {`4:7 vary must be one of chain, split, got "splt"; did you mean "split"?`},
	"vary: seldom": {`4:7 vary must be one of chain, split, got "seldom"`},
	"vary: Chain":  {`4:7 vary must be one of chain, split, got "Chain"; did you mean "chain"?`},
	// lists and choices
	"cite: a":                {`4:7 cite must be a list, got "a"; write [a]`},
	"every: logg":            {`4:8 every must be a whole number, "log" or a list, got "logg"`},
	"every: 0":               {`4:8 every: must be at least 1, got 0`},
	"every: 2.5":             {`4:8 every must be a whole number, "log" or a list, got 2.5`},
	"every: 010":             {`4:8 every: 010 has a leading zero, which some readers take for octal; write 10`},
	"every: [1, 2, 2]":       {`4:8 every: names 2 twice`},
	"every: [1, x]":          {`4:12 every[1] must be a whole number, got "x"`},
	"every: [1, 200]":        {`1:1 every lists generation 200, but generations is 10`},
	"replicates: 4,5":        {`4:13 replicates must be a whole number or a list, got "4,5"; a list is written [4,5]`},
	"replicates: [1, 1]":     {`4:13 replicates: names 1 twice`},
	"replicates: []":         {`4:13 replicates: is empty`},
	"replicates: 0":          {`4:13 replicates: must be 1 to 1000000, got 0`},
	"replicates: [-1]":       {`4:14 replicates[0] must be at least 0, got -1`},
	"figures: [variance]":    {`4:11 figures[0]: variance is not measured; add it to metrics`},
	"figures: [{name: one}]": {`4:11 figures[0]: names no series; add metric: NAME`},
	"metrics: [tail_loss]\nfigures: [{metric: tail_loss, by: [rows]}]":                               {`5:11 figures[0]: by: "rows" is not swept; nothing is`},
	"metrics: [tail_loss]\nsweep: {rows: [9, 10]}\nfigures: [{metric: tail_loss, by: [row]}]":        {`6:11 figures[0]: by: "row" is not swept; did you mean "rows"?`},
	"metrics: [tail_loss]\nsweep: {rows: [9, 10]}\nfigures: [{metric: tail_loss, by: [rows, rows]}]": {`6:11 figures[0]: by: names rows twice`},
	"figures: [{scatter: []}]":   {`4:11 figures[0]: scatter: it draws what the metric scatter attaches; add that to metrics`},
	"figures: [{scatter: 5}]":    {`4:21 figures[0].scatter must be a list, got 5; write [5]`},
	"figures: [{scatter: [-1]}]": {`4:22 figures[0].scatter[0] must be at least 0, got -1`},
	// sections
	"metrics: data_perplexity": {`4:10 metrics must be a list, got "data_perplexity"; write [data_perplexity]`},
	"metrics: [variance]":      {`4:11 metric variance is for scalars; data kind go_docs gives tokens; for tokens there is data_perplexity or tail_loss`},
	"metrics: [tailloss]":      {`4:11 unknown metric "tailloss"; did you mean "tail_loss"?`},
	"metrics: [3]":             {`4:11 metrics[0] must be the name of a kind or a map with a kind, got 3`},
	"metrics: [{decile: 1}]":   {`4:11 metrics[0] needs a kind: data_perplexity, tail_loss`},
	"metrics: [{kimd: 1}]":     {`4:12 unknown key "metrics[0].kimd"; did you mean "kind"?`},
	"metrics: [{kind: [a]}]":   {`4:18 metrics[0].kind must be the name of a kind, got a list`},
	"interventions: [filter]":  {`4:17 interventions[0].keep is missing; it has no default`},
	"metrics: [data_perplexity, {kind: data_perplexity, n: 1}]": {`4:52 unknown key "metrics[1].n" of metric data_perplexity; there are no settings here`},
	// what YAML offers and a config does not
	"title: &a b":              {`4:8 anchors (&a) are not part of a config; use extends or sweep, or write the value out`},
	"title: &a b\nclaim: *a":   {`4:8 anchors (&a) are not part of a config; use extends or sweep, or write the value out`, `5:8 aliases (*a) are not part of a config; use extends or sweep, or write the value out`},
	"keep: {<<: {samples: 1}}": {`4:8 merge keys (<<) are not part of a config; use extends, or write the keys out`},
	"title: !!str 12":          {`4:8 tags (!!str) are not part of a config; delete it`},
	"title: !x a":              {`4:8 tags (!x) are not part of a config; delete it`},
	"---\na: 1":                {`4:1 a second document begins here; a config is one document`},
	"title: [a":                {`4:1 did not find expected ',' or ']'`},
	"\ttitle: a":               {`3:1 found a tab character that violates indentation`},
	// sweep
	"sweep: {title: [a, b]}":                         {`4:9 sweep: "title" does not change what a cell computes; what can be swept: data, model, workflow, models, turns, inputs, start, interventions, refill, rows, growth, generations, seed, probe, heldout, vary, execution`},
	"sweep: {modl.order: [2]}":                       {`4:9 sweep: unknown path "modl.order"; did you mean "model.order"?`},
	"sweep: {model.ordr: [2]}":                       {`4:22 unknown key "model.ordr" of model ngram; did you mean "order"?`},
	"sweep: {model.order: [2, x]}":                   {`4:26 model.order must be a whole number, got "x" (arm order=x)`},
	"sweep: {model.order: 2}":                        {`4:22 sweep.model.order must be a list or a map of named points, got 2; write [2]`},
	"sweep: {rows: []}":                              {`4:15 sweep.rows has no points`},
	"sweep: {model: [{order: 2}]}":                   {`4:17 sweep.model: a map in a list has no name; write named points: {NAME: {…}}`},
	"sweep: {model: {A b: {order: 2}}}":              {`4:17 sweep.model: the name "A b" may hold a-z, 0-9 and _ only`},
	"sweep: {workflow: {kind: replace}}":             {`4:20 sweep.workflow: named points are NAME: {…}; to try several kinds write sweep: {workflow: [a, b]}`},
	"sweep: {model.order: [2], model: [ngram]}":      {`4:35 model is swept twice: model.order and model`},
	"sweep: {zip: {model.order: [2, 3], rows: [1]}}": {`4:36 sweep.zip: rows has 1 points, model.order has 2; they are walked in step, so they need the same number and form`},
	"sweep: {zip: [1]}":                              {`4:14 sweep.zip must be a map of two or more paths to lists of equal length`},
	"sweep: 3":                                       {`4:8 sweep must be a map from a dotted path to a list or to named points, got 3`},
	"sweep: {model.order: [2, 2]}":                   {`4:23 the arms order=2 and order=2 are the same experiment`},
	// extends
	"extends: nowhere":          {`4:10 extends: config "nowhere" is unknown; known: c; a file is named with a / or its .yaml`},
	"extends: ../x.yaml":        {`4:10 extends: "../x.yaml" leaves the folder of the config`},
	"extends: /etc/passwd.yaml": {`4:10 extends: "/etc/passwd.yaml" leaves the folder of the config`},
	"extends: c":                {`4:10 extends: c comes back to itself or has more than 8 parents`},
	"extends: [c]":              {`4:10 extends must name one config, got a list`},
}

// said is an error in the notation of these tables.
func said(err error) []string {
	failed, ok := errors.AsType[*configs.Error](err)
	if !ok {
		return []string{fmt.Sprint(err)}
	}
	var all []string
	for _, p := range failed.Problems {
		all = append(all, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Message))
	}
	return all
}

func loadAll(text string, overrides ...string) error {
	l, err := load(text, overrides...)
	if err == nil {
		_, err = l.Arms()
	}
	return err
}

func compare(t *testing.T, name string, err error, want []string) {
	t.Helper()
	if got := strings.Join(said(err), "\n"); got != strings.Join(want, "\n") {
		t.Errorf("%s:\n got %s\nwant %s", name, got, strings.Join(want, "\nwant "))
	}
}

func TestRefusedTopLevel(t *testing.T) {
	for text, want := range refused {
		compare(t, text, loadAll(base+text+"\n"), want)
	}
}

func TestRefusedSettings(t *testing.T) {
	const head = "data: go_docs\nworkflow: {kind: mix, "
	for text, want := range map[string][]string{
		"real: {fom: 1}}\nmodel: ngram":                       {`2:30 unknown key "workflow.real.fom"; did you mean "from"?`},
		"real: abc}\nmodel: ngram":                            {`2:29 workflow.real must be a number, a list or a map, got "abc"`},
		"real: 1.5}\nmodel: ngram":                            {`2:29 workflow.real must be at most 1, got 1.5`},
		"real: .inf}\nmodel: ngram":                           {`2:29 workflow.real: .inf must be finite`},
		"real: 0.95, rows: fresh}\nmodel: ngram":              {`2:11 workflow: real 0.9 is the most that fresh rows allow`},
		"}\nmodel: {kind: ngram, timeout: 30}":                {`3:31 model.timeout needs a unit, got 30; write 30s for seconds`},
		"}\nmodel: {kind: ngram, timeout: soon}":              {`3:31 model.timeout must be a duration such as 30s, 5m or 1h30m, got "soon"`},
		"}\nmodel: {kind: ngram, k: 1e999}":                   {`3:25 model.k is too large for a 64-bit number: 1e999`},
		"}\nmodel: {kind: ngram, k: .nan}":                    {`3:25 model.k: .nan must be finite`},
		"}\nmodel: {kind: ngram, k: 1_0.5}":                   {`3:25 model.k: 1_0.5 must be written without underscores: 10.5`},
		"}\nmodel: {kind: ngram, k: 00.5}":                    {`3:25 model.k: 00.5 has a leading zero, which some readers take for octal; write 0.5`},
		"}\nmodel: {kind: ngram, k: true}":                    {`3:25 model.k must be a number, got true`},
		"}\nmodel: {kind: ngram, k: \"1\"}":                   {`3:25 model.k must be a number, got "1"; remove the quotes`},
		"}\nmodel: {kind: ngram, tied: yes}":                  {`3:28 model.tied must be true or false, got "yes"`},
		"}\nmodel: {kind: ngram, tied: 1}":                    {`3:28 model.tied must be true or false, got 1`},
		"}\nmodel: {kind: ngram, start: 1.5}":                 {`3:29 model.start must be a whole number, got 1.5`},
		"}\nmodel: {kind: ngram, decoding: 1}":                {`3:32 model.decoding must be a map, got 1`},
		"}\nmodel: {kind: ngram, decoding: {bias: {The: x}}}": {`3:45 model.decoding.bias.The must be a number, got "x"`},
		"}\nmodel: {kind: ngram, ordr: 3, foo: 1, order: 9}": {
			`3:22 unknown key "model.ordr" of model ngram; did you mean "order"?`,
			`3:31 unknown key "model.foo" of model ngram; known keys here: decoding, k, kind, lambdas, order, slots, smoothing, start, tied, timeout`,
			`3:46 model.order must be at most 6, got 9`,
		},
	} {
		compare(t, text, loadAll(head+text+"\n"), want)
	}
}

func TestRefusedWhole(t *testing.T) {
	for text, want := range map[string][]string{
		"":         {"0:0 is empty; a config is a map of settings"},
		"# only\n": {"0:0 is empty; a config is a map of settings"},
		"[1]":      {"1:1 a config is a map of settings, got a list"},
		"words":    {`1:1 a config is a map of settings, got "words"`},
		"data: gaussian": {
			"0:0 model is missing; write model: {kind: NAME} with one of gaussian, kde",
			"0:0 workflow is missing; write workflow: {kind: NAME} with one of accumulate, mix, replace, window",
		},
		"data: gausian\nmodel: {order: 3}\nworkflow: {kid: replace}": {
			`1:7 unknown data kind "gausian"; did you mean "gaussian"?`,
			`2:8 model needs a kind: gaussian, kde, ngram`,
			`3:12 unknown key "workflow.kid"; did you mean "kind"?`,
		},
		"data: gaussian\nmodel: ngram\nworkflow: replace": {
			"2:8 model ngram is for tokens; data kind gaussian gives scalars; for scalars there is gaussian or kde",
		},
		strings.Repeat("#", 300<<10): {"0:0 is larger than 256 KiB, too large for a config"},
		"title: " + strings.Repeat("[", 40) + strings.Repeat("]", 40): {
			"0:0 data is missing; write data: {kind: NAME} with one of gaussian, go_docs",
			"0:0 model is missing; write model: {kind: NAME} with one of gaussian, kde, ngram",
			"0:0 workflow is missing; write workflow: {kind: NAME} with one of accumulate, mix, replace, window",
			"1:8 title must be text, got a list",
			"1:40 is nested deeper than 32 levels",
		},
	} {
		compare(t, text[:min(40, len(text))], loadAll(text), want)
	}
}

// The whole text of an error, as a user sees it.
func TestErrorText(t *testing.T) {
	err := loadAll("title: 12\n"+base+"genrations:\t3\n", "model.ordr=3", "seed")
	want, readErr := os.ReadFile("testdata/error.txt")
	if readErr != nil {
		t.Fatal(readErr)
	}
	if got := err.Error() + "\n"; got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
