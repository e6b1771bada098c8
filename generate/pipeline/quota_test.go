package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// columns is a schema of texts that an answer may have.
func columns(names ...string) map[string]any {
	all := map[string]any{}
	for _, name := range names {
		all[name] = map[string]any{"type": "string"}
	}
	return map[string]any{"type": "object", "properties": all}
}

// gaps is a file of them.
func gaps(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gaps.csv")
	must(t, os.WriteFile(path, []byte("kind,name,value,missing\n"+strings.Join(lines, "\n")+"\n"), 0o644))
	return path
}

// However few records are wanted, no gap has two more than another that is still open.
func TestGapsTakeTurns(t *testing.T) {
	missing := map[string]int{"PL": 5, "IT": 1, "FR": 3}
	path := gaps(t, "category,country,PL,5", "category,country,IT,1", "category,country,FR,3")
	for records := 1; records <= 9; records++ {
		p := plan(Quota{Path: path, Passes: 1}, Generate{Prompt: `{"{{name}}":"{{value}}"}`, Schema: columns("country"), Answers: 1}, Fills{})
		p.Records = records
		m := runs(t, p, last)
		got := map[string]int{}
		for _, r := range m.kept() {
			value, _ := r.Fields.Text("country")
			got[value]++
		}
		for a := range missing {
			for b := range missing {
				if got[a] < missing[a] && got[b] > got[a]+1 {
					t.Errorf("%d records: %v", records, got)
				}
			}
		}
		if m.report.Kept != records {
			t.Errorf("%d records: %d kept", records, m.report.Kept)
		}
		obeys(t, m, 3)
	}
}

// A gap that no record can be seen to fill is refused before a call, with the kinds that are left; seeds before a quota write nothing.
func TestGapsOfNoFieldAreRefused(t *testing.T) {
	country, age := "category,country,PL,5", "decile,age,from 3 to below 4,2"
	table := Generate{Prompt: "{{value}}", Schema: columns("country", "name"), Answers: 1}
	free := Generate{Prompt: "{{value}}", Into: "text", Answers: 1}
	seeds := Seeds{Rows: []any{map[string]any{"country": "PL", "age": 3}}}
	for i, x := range []struct {
		lines []string
		kinds []string
		write Generate
		want  string // "": it is opened
	}{
		{[]string{country, age}, nil, table, `2 gaps can never be filled or checked: the first is decile age "from 3 to below 4"; no later stage writes its column as a field (beside kind, name and value of the quota there are country)`},
		{[]string{country, age}, nil, table, `with kinds: [category]`},
		{[]string{country, age}, []string{"category"}, table, ""},
		{[]string{country}, nil, free, `category country "PL"`},
		{[]string{"type,token,zebra,3"}, nil, free, ""},
		{[]string{"type,token,zebra,3", "category,text,(missing),3"}, nil, free, ""},
		{[]string{"category,city,(missing),3"}, nil, free, `category city "(missing)"`},
		{[]string{"category,name,Ann,3"}, nil, table, `category name "Ann"`},
	} {
		pipe, err := Open(plan(seeds, Quota{Path: gaps(t, x.lines...), Kinds: x.kinds, Passes: 1}, x.write, Fills{}), Parts{Servers: map[string]Server{"": {}}})
		if x.want == "" && err == nil {
			must(t, pipe.Close())
		} else if x.want == "" || err == nil || !strings.Contains(fmt.Sprint(err), x.want) {
			t.Errorf("%d: %v, want %q", i, err, x.want)
		}
	}
}
