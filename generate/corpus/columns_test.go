package corpus_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"modelcollapse/generate/corpus"
)

// Columns are fields: a text may stand in a table, each row a record of its own.
func TestTables(t *testing.T) {
	csv := file(t, "a.csv", "id,text\n1,\"a first, line\nb second\"\n2,a third <unk>\n")
	if got := lines(t, &corpus.Text{Path: corpus.Paths{csv}}); !slices.Equal(got, []string{"a first, line", "b second", "a third <unk>"}) {
		t.Errorf("%q", got)
	}
	chat := "../read/testdata/chat.parquet"
	got := lines(t, &corpus.Text{Path: corpus.Paths{chat}})
	if len(got) != 30 || got[6] != "answer 7" {
		t.Errorf("%q", got)
	}
	c := open(t, &corpus.Text{Path: corpus.Paths{"../read/testdata/reference.jsonl"}, Field: "day", MaxRows: 10}, 1)
	if len(c.Rows()) != 10 {
		t.Errorf("%d rows", len(c.Rows()))
	}
}

// Of a folder of the hub one split is read, and another may be held out.
func TestHub(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "README.md"), "---\nconfigs:\n- config_name: x\n  data_files:\n  - {split: train, path: 'x/*'}\n  - {split: test, path: t.csv}\n---\n# no text\n")
	write(t, filepath.Join(dir, "x/1.jsonl"), "{\"text\":\"one two\"}\n")
	write(t, filepath.Join(dir, "x/2.txt"), "three four\n")
	write(t, filepath.Join(dir, "t.csv"), "text\nfive six\n")
	c := open(t, &corpus.Text{Path: corpus.Paths{dir}, HubConfig: "x", HubHeldOut: "test", Group: "file"}, 1)
	if len(c.Rows()) != 2 || len(c.HeldOut()) != 1 || c.Text(c.Rows()[1]) != "three four" {
		t.Errorf("%d rows, %d held out", len(c.Rows()), len(c.HeldOut()))
	}
	if _, what := c.Digest(); !strings.HasSuffix(what, "; held out: 1 rows of "+dir+", test") {
		t.Error(what)
	}
	for want, text := range map[string]*corpus.Text{
		`no split "tset": there are test, train`:  {Path: corpus.Paths{dir}, HubSplit: "tset"},
		`hub_heldout: folder `:                    {Path: corpus.Paths{dir}, HubHeldOut: "dev"},
		`hub_heldout and heldout_path both`:       {Path: corpus.Paths{dir}, HubHeldOut: "test", HeldOutPath: corpus.Paths{dir}},
		`only a folder has a split`:               {Path: corpus.Paths{filepath.Join(dir, "t.csv")}, HubSplit: "train"},
		`no field holds text as far as we know (`: {Path: corpus.Paths{"../read/testdata/reference.csv"}},
	} {
		if got := refusal(t, text); !strings.Contains(got, want) {
			t.Errorf("%s: does not say %q", got, want)
		}
	}
}
