package read_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"modelcollapse/generate/read"
)

// texts are all texts of a source, one by one.
func texts(t testing.TB, s read.Source, field string) ([]string, read.Summary) {
	t.Helper()
	var all []string
	sum, err := read.Texts(t.Context(), s, field, func(text []byte, at read.Place) error {
		all = append(all, string(text))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, sum
}

type turn struct {
	Role    string `parquet:"role"`
	Content string `parquet:"content"`
}

type chat struct {
	ID       int64   `parquet:"id"`
	Messages []turn  `parquet:"messages,list"`
	Scores   []int64 `parquet:"scores"`
}

type pair struct {
	Prompt     string  `parquet:"prompt"`
	Completion *string `parquet:"completion,optional"`
}

// The field rule is one for every format: columns are fields.
func TestTextColumns(t *testing.T) {
	chats := []chat{
		{1, []turn{{"user", "u"}, {"assistant", "a"}}, []int64{1, 2}}, {2, nil, nil},
		{3, []turn{{"assistant", "b"}, {"user", "v"}, {"assistant", "c"}}, nil},
	}
	pairs := []pair{{"p", pointer("c")}, {"q", nil}}
	for _, c := range []struct{ name, content, field, want string }{
		{"a.csv", "id,text\n1,\"a, b\nc\"\n2,d\n", "", "a, b\nc|d"},
		{"a.csv", "id,body\n1,a\n2,\n", "body", "a|"},
		{"a.tsv", "content\tid\na\t1\n", "", "a"},
		{"a.csv", "output,instruction,input\no,i,n\n", "", "i\nn\no"},
		{"a.csv", "output,instruction\no,i\n", "", "i\no"},
		{"a.csv", "text\n", "", ""},
		{"a.csv", "", "", ""},
		{"a.parquet", parquetOf(t, chats), "", "a||b\nc"},
		{"a.parquet", parquetOf(t, chats), "messages", "u\na||b\nv\nc"},
		{"a.parquet", parquetOf(t, pairs), "", "p\nc|q\n"},
		{"a.parquet", parquetOf(t, pairs), "prompt", "p|q"},
		{"a.parquet.gz", gzipped(parquetOf(t, pairs)), "prompt", "p|q"},
	} {
		got, sum := texts(t, read.Source{Path: read.Paths{file(t, c.name, c.content)}}, c.field)
		if strings.Join(got, "|") != c.want || sum.Rows != len(got) {
			t.Errorf("%s %s: %q, want %q", c.name, c.field, got, c.want)
		}
	}
	for _, c := range []struct{ name, content, field, want string }{
		{"a.csv", "id,txt\n1,a\n", "", "a.csv:1:1: no field holds text as far as we know"},
		{"a.csv", "id,txt\n1,a\n", "text", `no column "text"; did you mean "txt"?`},
		{"a.csv", "text\na\xff\n", "", "a.csv:2:1: byte 0xff is not UTF-8"},
		{"a.csv", "text,id\na\n", "", "a.csv:2:1: this line has another number of fields"},
		{"a.csv", "text,text\na,b\n", "", `two columns are called "text"`},
		{"a.parquet", parquetOf(t, chats), "id", `row 1: field "id": 1 is not text`},
		{"a.parquet", parquetOf(t, chats), "text", `no column "text"`},
		{"a.parquet", parquetOf(t, pairs)[:100], "", "a.parquet: parquet: "},
	} {
		_, err := read.Texts(t.Context(), read.Source{Path: read.Paths{file(t, c.name, c.content)}}, c.field, func([]byte, read.Place) error { return nil })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v: does not say %q", c.name, err, c.want)
		}
	}
}

// A column is read without the others: what they hold is neither decoded nor kept.
func TestProjection(t *testing.T) {
	type heavy struct {
		Image []byte `parquet:"image"`
		Text  string `parquet:"text"`
	}
	rows := make([]heavy, 500)
	for i := range rows {
		rows[i] = heavy{make([]byte, 100_000), fmt.Sprint(i)}
		rows[i].Image[i] = 1
	}
	path := file(t, "a.parquet", parquetOf(t, rows))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, _ := texts(t, read.Source{Path: read.Paths{path}}, "")
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; len(got) != 500 || got[499] != "499" || used > 10<<20 {
		t.Errorf("%d texts, %d MiB", len(got), used>>20)
	}
}

// What yield returns ends the reading: ErrEnough without an error, and with the digest of everything.
func TestEnough(t *testing.T) {
	a, b := file(t, "a.txt", "1\n2\n3\n"), file(t, "b.parquet", parquetOf(t, []pair{{"p", nil}}))
	s := read.Source{Path: read.Paths{a, b}}
	_, whole := texts(t, s, "prompt")
	for stop := range 5 {
		n := 0
		sum, err := read.Texts(t.Context(), s, "prompt", func([]byte, read.Place) error {
			if n++; n == stop {
				return read.ErrEnough
			}
			return nil
		})
		if err != nil || stop > 0 && n != stop || sum.SHA256 != whole.SHA256 || sum.Bytes != whole.Bytes {
			t.Errorf("%d: %d texts, %v", stop, n, err)
		}
	}
	_, err := read.Texts(t.Context(), read.Source{Path: read.Paths{b}}, "prompt", func([]byte, read.Place) error { return fmt.Errorf("no: %w", os.ErrClosed) })
	if err == nil || !strings.HasSuffix(err.Error(), "b.parquet: no: file already closed") {
		t.Error(err)
	}
}

// A panic of the caller is not taken for a damaged file.
func TestPanicOfCaller(t *testing.T) {
	defer func() {
		if p := recover(); p != "ours" {
			t.Error(p)
		}
	}()
	path := file(t, "b.parquet", parquetOf(t, []pair{{"p", nil}}))
	read.Texts(t.Context(), read.Source{Path: read.Paths{path}}, "prompt", func([]byte, read.Place) error { panic("ours") })
}

// hub writes a folder of files that hold their own name, and reads which of them a split is.
func hub(t *testing.T, readme string, config, split string, names ...string) string {
	dir := t.TempDir()
	for _, name := range names {
		write(t, filepath.Join(dir, name), fmt.Sprintf("{\"text\":%q}\n", name))
	}
	if readme != "" {
		write(t, filepath.Join(dir, "README.md"), readme)
	}
	var all []string
	_, err := read.Texts(t.Context(), read.Source{Path: read.Paths{dir}, Config: config, Split: split}, "", func(text []byte, _ read.Place) error {
		all = append(all, string(text))
		return nil
	})
	if err != nil {
		return strings.ReplaceAll(err.Error(), dir, "DIR")
	}
	return strings.Join(all, " ")
}

func TestHubFolders(t *testing.T) {
	const card = `---
license: mit
configs:
- config_name: en
  default: true
  data_files:
  - split: train
    path: en/train-*.jsonl
  - split: test
    path: ["en/test.jsonl", "en/more/**"]
- config_name: de
  data_dir: de
- config_name: fr
  data_files: fr/*.jsonl
- config_name: it
  data_files: {validation: it.jsonl, test: gone.jsonl}
---
# prose
`
	files := []string{
		"en/train-0.jsonl", "en/train-1.jsonl", "en/test.jsonl", "en/more/a/b.jsonl", "de/train.jsonl", "de/dev.jsonl", "fr/1.jsonl", "fr/x/2.jsonl",
		"it.jsonl", "else.jsonl",
	}
	shards := []string{"data/train-00000-of-00002.jsonl", "data/train-00001-of-00002.jsonl", "data/test-00000-of-00001.jsonl", "extra.jsonl"}
	words := []string{"my_train.jsonl", "valid/1.jsonl", "contest.jsonl"}
	for _, c := range []struct {
		readme, config, split string
		files                 []string
		want                  string
	}{
		{card, "", "", files, "en/train-0.jsonl en/train-1.jsonl"},
		{card, "en", "test", files, "en/more/a/b.jsonl en/test.jsonl"},
		{card, "de", "", files, "de/train.jsonl"},
		{card, "de", "validation", files, "de/dev.jsonl"},
		{card, "fr", "", files, "fr/1.jsonl"},
		{card, "it", "", files, "folder DIR: no split train: there are test, validation: name one"},
		{card, "it", "test", files, `folder DIR: no file of split "test" is there: was the folder downloaded whole?`},
		{card, "es", "", files, `folder DIR: no config "es": there are en, de, fr, it`},
		{card, "en", "dev", files, `folder DIR: no split "dev": there are test, train`},
		{strings.Replace(card, "default: true", "default: false", 1), "", "", files, "folder DIR: there are several configs: name one of en, de, fr, it"},
		{"---\nconfigs: [a\n---\n", "", "", files, "DIR/README.md: front matter: yaml:"},
		{"", "", "", shards, strings.Join(shards[:2], " ")},
		{"", "", "test", shards, shards[2]},
		{"", "", "dev", shards, `folder DIR: no split "dev": there are test, train`},
		{"", "x", "", shards, `folder DIR: no config "x": README.md names none`},
		{"", "", "", []string{"data/train-1.jsonl", "data/test.jsonl"}, "data/train-1.jsonl"},
		{"", "", "", []string{"dataset_infos.json", "train.jsonl", "test.jsonl"}, "train.jsonl"},
		{"", "", "", words, "contest.jsonl my_train.jsonl valid/1.jsonl"}, // a folder like any other
		{"", "", "train", words, "my_train.jsonl"},
		{"", "", "validation", words, "valid/1.jsonl"},
		{"---\ndataset_info: {features: []}\n---\n", "", "", words, "my_train.jsonl"},
		{"---\ntask_categories: [x]\n---\n", "", "", []string{"a.jsonl", "b.jsonl"}, "a.jsonl b.jsonl"},
		{"# no card", "", "", []string{"a.jsonl"}, "no card a.jsonl"},
	} {
		got := hub(t, c.readme, c.config, c.split, c.files...)
		if c.want != got && (c.want == "" || !strings.HasPrefix(got, c.want) || !strings.HasPrefix(c.want, "DIR")) {
			t.Errorf("%q %q: %s, want %s", c.config, c.split, got, c.want)
		}
	}
	if _, err := read.Table(t.Context(), read.Source{Path: read.Paths{file(t, "a.csv", "x\n1\n")}, Split: "train"}, read.Options{}); err == nil || !strings.Contains(err.Error(), "only a folder has a split") {
		t.Error(err)
	}
}

func TestTableFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "b.csv"), "x\n2\n")
	write(t, filepath.Join(dir, "a.csv"), "x\n1\n")
	write(t, filepath.Join(dir, "notes.txt"), "no table")
	f := table(t, dir, read.Options{})
	if content(f) != "x numeric: 1 2\n" || !slices.Equal(f.Summary.Files, []string{filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv")}) {
		t.Error(content(f), f.Summary)
	}
	if _, err := read.Table(t.Context(), read.Source{Path: read.Paths{t.TempDir()}}, read.Options{}); err == nil || !strings.Contains(err.Error(), "holds no table (.jsonl, .ndjson, .json, .csv, .tsv, .parquet, or") {
		t.Error(err)
	}
}
